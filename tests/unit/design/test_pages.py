"""The reference page in a real browser: accessible, nothing sideways, large targets, right-to-left, print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.unit.design.reference_app import reference_app

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")

HIDDEN_OR_SCROLLING = ".hidden-words, .skip, .say, .tap span, .face + bdi, .table-scroll table"
OVERFLOWING = """(hidden) => [...document.querySelectorAll('body *')]
  .filter(e => !e.closest('svg') && !e.closest(hidden))
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width && (box.right > innerWidth + 1 || box.left < -1))
  .map(([e]) => e.tagName + '.' + e.className)"""

PRESSED = "button, a.button, .nav a, .languages a, summary, select, textarea, .tile, .check, .field > input"
SMALL = """(pressed) => [...document.querySelectorAll(pressed)]
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width && (box.height < 44 || box.width < 44))
  .map(([e, box]) => e.tagName + '.' + e.className + ' ' + box.width + ' x ' + box.height)"""

TAP_HEIGHTS = """() => [...document.querySelectorAll('.taps .tap:not(.back)')]
  .map(e => e.getBoundingClientRect().height)"""
OUTLINE = """() => {
  const style = getComputedStyle(document.activeElement);
  return [style.outlineStyle, style.outlineWidth];
}"""
DATES_FROM_LEFT = """() => [...document.querySelectorAll('[dir=rtl] .plot.wide text')]
  .filter(e => /اکتبر|جنوری/.test(e.textContent)).slice(0, 2)
  .map(e => e.getBoundingClientRect().left)"""
DRAWN = """() => [...document.querySelectorAll('#fe-chart-title, #fe-chart-phone-title')]
  .map(e => e.closest('svg')).filter(e => e.getBoundingClientRect().width)
  .map(e => e.getAttribute('class'))"""
LABEL_SIZES = """() => [...document.querySelectorAll('.plot.phone text')].map(e => {
  const drawing = e.closest('svg');
  const scale = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
  return parseFloat(getComputedStyle(e).fontSize) * scale;
})"""
LEFT_ON_PAPER = """() => [...document.querySelectorAll('.button, .tap, .nav, textarea')]
  .filter(e => e.getBoundingClientRect().height).map(e => e.className)"""
TABLE_HEIGHT = """() => document.querySelector('#fe-chart-title').closest('figure')
  .querySelector('table').getBoundingClientRect().height"""
DIRECTION = "() => getComputedStyle(document.querySelector('#fl-words')).direction"
MORE_CONTRAST = [
    {"contrast": "more"},
    {"contrast": "more", "color_scheme": "dark"},
    {"forced_colors": "active"},
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the reference page on a free port of this machine."""
    server = make_server("127.0.0.1", 0, reference_app(), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium once for the module."""
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a fresh page, closed after the test."""
    # Without motion: half-way through a change of colour, axe measures a contrast nobody ever reads.
    opened = browser.new_page(viewport={"width": 820, "height": 900}, reduced_motion="reduce")
    yield opened
    opened.close()


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page as it is, each with the elements concerned."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['target'] for node in each['nodes']][:4]}" for each in found]


@pytest.mark.parametrize("path", ["/_components", "/sample?lang=en", "/sample?lang=prs"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, address: str, path: str, scheme: Literal["light", "dark"]) -> None:
    """No violation, in either scheme."""
    page.emulate_media(color_scheme=scheme)
    page.goto(address + path)
    assert [] == violations(page)


@pytest.mark.parametrize("width", [320, 390, 820, 1366])
def test_nothing_scrolls_sideways(page: Page, address: str, width: int) -> None:
    """At 320 px (WCAG 1.4.10) and the widths of our devices everything fits."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + "/_components")
    assert width == page.evaluate("document.documentElement.scrollWidth")
    assert [] == page.evaluate(OVERFLOWING, HIDDEN_OR_SCROLLING)


@pytest.mark.parametrize("width", [390, 1366])
def test_text_of_twice_the_size_still_fits(page: Page, address: str, width: int) -> None:
    """A browser set to 200 % text (WCAG 1.4.4) neither cuts nor scrolls sideways."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + "/_components")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert width == page.evaluate("document.documentElement.scrollWidth")
    assert [] == page.evaluate(OVERFLOWING, HIDDEN_OR_SCROLLING)


@pytest.mark.parametrize("width", [390, 820])
def test_targets_are_large_enough(page: Page, address: str, width: int) -> None:
    """Everything to press is at least 44 by 44 px."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + "/_components")
    assert [] == page.evaluate(SMALL, PRESSED)


def test_recording_taps_are_larger(page: Page, address: str) -> None:
    """A tap of the recorder is at least 64 px high even on a phone."""
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(address + "/_components")
    assert min(page.evaluate(TAP_HEIGHTS)) >= 64


def test_the_policy_blocks_nothing_of_ours(page: Page, address: str) -> None:
    """Under the strict policy the console stays silent about policy violations."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address + "/_components")
    assert [] == [text for text in said if "Content Security Policy" in text]


def test_the_first_tab_is_the_skip_link(page: Page, address: str) -> None:
    """The first stop of the keyboard leads to the main part, and is visible there."""
    page.goto(address + "/sample?lang=en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().height") > 40
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#page"


def test_focus_can_be_seen(page: Page, address: str) -> None:
    """A focused link has a solid outline of 3 px."""
    page.goto(address + "/sample?lang=en")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert ["solid", "3px"] == page.evaluate(OUTLINE)


def test_time_runs_left_to_right_in_dari_too(page: Page, address: str) -> None:
    """In the right-to-left chart the first date stands left of the last, and its label is anchored there."""
    page.goto(address + "/_components")
    first, last = page.evaluate(DATES_FROM_LEFT)
    assert first < last


def test_an_empty_box_starts_where_the_page_starts(page: Page, address: str) -> None:
    """An empty text box on a right-to-left page has its cursor at the right."""
    page.goto(address + "/_components")
    assert page.evaluate(DIRECTION) == "rtl"
    page.fill("#fl-words", "Hello")
    assert page.evaluate(DIRECTION) == "ltr"


@pytest.mark.parametrize(("width", "drawn"), [(390, "phone"), (820, "wide")])
def test_one_drawing_of_the_chart_is_shown(page: Page, address: str, width: int, drawn: str) -> None:
    """A narrow box gets the drawing made for it, not the wide one made small."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + "/_components")
    assert [f"plot {drawn}"] == page.evaluate(DRAWN)


def test_chart_labels_on_a_phone_are_14_px(page: Page, address: str) -> None:
    """The letters of the phone's drawing are at least 14 px on the screen of a phone, in both scripts."""
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(address + "/_components")
    assert min(page.evaluate(LABEL_SIZES)) >= 14


def test_paper_has_no_buttons_and_shows_the_table(page: Page, address: str) -> None:
    """The printed page keeps words, chart and table, and leaves out what can only be pressed."""
    page.emulate_media(media="print")
    page.goto(address + "/_components")
    assert [] == page.evaluate(LEFT_ON_PAPER)
    assert page.evaluate(TABLE_HEIGHT) > 100


@pytest.mark.parametrize("media", MORE_CONTRAST)
def test_people_who_asked_for_contrast_get_it(page: Page, address: str, media: dict[str, Any]) -> None:
    """With more contrast or the system's own colours axe still finds nothing."""
    page.emulate_media(**media)
    page.goto(address + "/sample?lang=prs")
    assert [] == violations(page)
