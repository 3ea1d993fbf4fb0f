"""A family and a teacher in the browser: read, answer, tell; write and send; drafts that nobody loses.

The application is the real one with the fictional caseload; the bearer comes in as a launch would give it.
"""

# The fixtures of the screens' tests come in by name, which looks like a second definition.
# ruff: noqa: F811

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from playwright.sync_api import Page, Route, expect
from werkzeug.serving import make_server

from iepcore.family import HomeAnswer
from tests.unit.screens.conftest import House, house, seeded_file  # noqa: F401
from tests.unit.screens.letters_of import write

OUTSIDE = """() => [...document.querySelectorAll('main *')]
  .filter(e => !e.closest('svg, .hidden-words, .table-scroll, details:not([open])'))
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width && (box.right > innerWidth + 1 || box.left < -1))
  .map(([e]) => e.tagName + '.' + e.className)"""
SMALL = """() => [...document.querySelectorAll('main :is(button, a.button, summary, select, .tile, .check)')]
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width && (box.height < 44 || box.width < 44))
  .map(([e, box]) => e.tagName + '.' + e.className + ' ' + box.width + ' x ' + box.height)"""

Open = Callable[[Page, str, str], Page]


@pytest.fixture
def served(house: House) -> Iterator[str]:
    """The address of the application, answering for real."""
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opened(house: House, served: str) -> Open:
    """Open a path as a person, as the last page of a launch does."""

    def start(page: Page, who: str, path: str) -> Page:
        door = json.dumps({"token": house.token(who), "tab": "t" * 43, "path": path, "lang": None})
        html = (
            '<!doctype html><html lang="en"><head><title>opening</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<link rel="stylesheet" href="/static/css/rapport.css">'
            f'<script type="application/json" id="door">{door}</script>'
            '<script type="module" src="/static/js/page.js"></script></head>'
            '<body><main id="page"></main></body></html>'
        )

        def answer(route: Route) -> None:
            route.fulfill(body=html, content_type="text/html")

        page.route("**/opening", answer)
        page.goto(f"{served}/opening")
        page.wait_for_selector("main h1")
        return page

    return start


def _tidy(page: Page, axe: Callable[..., list[str]]) -> None:
    """Nothing sideways, nothing too small to hit, nothing axe finds wrong."""
    assert [] == page.evaluate(OUTSIDE)
    assert [] == page.evaluate(SMALL)
    assert [] == axe(page)


def test_elena_tells_in_two_taps_and_answers_in_one_more(
    house: House, page_at: Callable[..., Page], opened: Open, axe: Callable[..., list[str]]
) -> None:
    """Journey 9 on a phone in Spanish: the finding at once; two taps tell, words and one tap answer."""
    write(house, "lucia", "elena")
    page = opened(page_at(390), "elena", "/app/my")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator(".answer").first).to_contain_text("Buenas noticias sobre la lectura en voz alta")
    _tidy(page, axe)

    taps = 0
    page.locator(".tile", has_text="Sí, con ayuda").click()
    taps += 1
    page.locator(".home-form button[type=submit]").click()
    taps += 1
    expect(page.locator(".seen-home")).to_contain_text("Sí, con ayuda")
    assert 2 == taps

    page.locator("textarea[name=text]").fill("¿Hay más cuentos como ese?")
    page.locator(f"form[action='/app/g/{house.goal('lucia')}/talk'] button[type=submit]").click()
    # The notice of what she told is there already: the emptied box says that the answer is on its way back.
    expect(page.locator("textarea[name=text]")).to_have_value("")
    expect(page.locator(".notice.good")).to_be_visible()
    found = house.caseload("halloran").conversation.page(house.student("lucia"), house.goal("lucia"))
    assert [HomeAnswer.WITH_HELP] == [one.answer for one in found.observations]
    assert "¿Hay más cuentos como ese?" == found.entries[-1].message.parts[0].text  # type: ignore[union-attr]


def test_farid_reads_and_answers_from_right_to_left(
    house: House, page_at: Callable[..., Page], opened: Open, axe: Callable[..., list[str]]
) -> None:
    """Dari on a phone: direction, English words from left to right with their mark, and the answer."""
    write(house, "parwana", "farid", text="She read three new words.")
    page = opened(page_at(390), "farid", "/app/my")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    note = page.locator("[lang=en].written", has_text="She read three new words.")
    expect(note).to_have_css("direction", "ltr")
    _tidy(page, axe)

    page.locator(f"a[href='/app/g/{house.goal('parwana')}/talk']").first.click()
    page.locator("#text").fill("او کلمه‌های نو را دوست دارد.")
    page.locator("form:has(#text) button[type=submit]").click()
    mine = page.locator(".bubble.mine .written", has_text="او کلمه‌های نو را دوست دارد.")
    expect(mine).to_have_css("direction", "rtl")
    _tidy(page, axe)


def test_a_language_is_chosen_with_one_tap_and_kept(
    house: House, page_at: Callable[..., Page], opened: Open
) -> None:
    """The switch stands on every page; what was chosen holds the next time."""
    page = opened(page_at(390), "farid", "/app/my")

    page.locator(".languages a[hreflang=en]").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    again = opened(page_at(390), "farid", "/app/my")
    expect(again.locator("html")).to_have_attribute("lang", "en")


def test_teacher_writes_in_two_taps(house: House, page_at: Callable[..., Page], opened: Open) -> None:
    """From the goal's page: Write, Send. The next screen says where the notice stands."""
    page = opened(page_at(390), "halloran", f"/app/g/{house.goal('lucia')}")

    page.locator(f"a[href='/app/g/{house.goal('lucia')}/write']").click()
    page.locator(".send-bar button").click()

    expect(page.locator(".notice.good")).to_be_visible()
    expect(page.locator(".delivery")).to_contain_text("Elena Duarte")


def test_draft_is_kept_by_itself_and_comes_back(
    house: House, page_at: Callable[..., Page], opened: Open
) -> None:
    """A moment after a change the line says that it is kept; another device shows the words."""
    page = page_at(1366)
    page.clock.install()
    opened(page, "halloran", f"/app/g/{house.goal('lucia')}/write")

    page.locator("textarea[name=went_well]").fill("She read the whole page alone.")
    with page.expect_response("**/draft") as kept:
        page.clock.run_for(2100)

    assert 200 == kept.value.status
    expect(page.locator("#saved")).to_have_text("Draft kept, 10:30")
    other = opened(page_at(820), "halloran", f"/app/g/{house.goal('lucia')}/write")
    expect(other.locator("textarea[name=went_well]")).to_have_value("She read the whole page alone.")


def test_a_draft_changed_in_two_windows_shows_both(
    house: House, page_at: Callable[..., Page], opened: Open
) -> None:
    """Nothing is overwritten; "keep mine" keeps mine."""
    page = page_at(1366)
    page.clock.install()
    path = f"/app/g/{house.goal('lucia')}/write"
    opened(page, "halloran", path)
    house.post(f"/app/g/{house.goal('lucia')}/draft", {"went_well": "From the other window."}, as_="halloran")

    page.locator("textarea[name=went_well]").fill("From this window.")
    with page.expect_response("**/draft") as stopped:
        page.clock.run_for(2100)
    assert 409 == stopped.value.status
    panel = page.locator("#two-drafts")
    expect(panel).to_contain_text("From the other window.")
    expect(page.locator("textarea[name=went_well]")).to_have_value("From this window.")

    with page.expect_response("**/draft") as kept:
        panel.get_by_role("button").first.click()
    assert 200 == kept.value.status
    expect(panel).to_have_count(0)


def test_a_send_waits_for_the_draft_on_its_way(
    house: House, page_at: Callable[..., Page], opened: Open
) -> None:
    """Typing and sending at once neither loses the last words nor trips over its own draft."""
    page = page_at(1366)
    page.clock.install()
    opened(page, "halloran", f"/app/g/{house.goal('lucia')}/write")
    page.locator("textarea[name=went_well]").fill("First words.")
    page.clock.run_for(2100)
    page.locator("textarea[name=went_well]").fill("First words, and more.")
    page.locator(".send-bar button").click()

    expect(page.locator(".bubble .written", has_text="First words, and more.")).to_be_visible()


@pytest.mark.parametrize("screen", ["write", "talk", "note", "tasks", "my_es", "my_prs", "my_en", "talk_prs"])
def test_every_screen_is_tidy_at_every_size(
    house: House,
    page_at: Callable[..., Page],
    opened: Open,
    axe: Callable[..., list[str]],
    screen: str,
) -> None:
    """Axe finds nothing, nothing runs out of the page, everything can be hit with a thumb."""
    message = write(house, "lucia", "elena").message
    write(house, "parwana", "farid", "laila")
    house.caseload("halloran").interpreting.ask(message.id, len(message.parts) - 1, "es", house.adult("ruiz"))
    who, path = {
        "write": ("halloran", f"/app/g/{house.goal('parwana')}/write"),
        "talk": ("halloran", f"/app/g/{house.goal('lucia')}/talk"),
        "note": ("halloran", f"/app/c/{house.student('jonah')}/write"),
        "tasks": ("ruiz", "/app/tasks"),
        "my_es": ("elena", "/app/my"),
        "my_prs": ("farid", "/app/my"),
        "my_en": ("dana", "/app/my"),
        "talk_prs": ("farid", f"/app/g/{house.goal('parwana')}/talk"),
    }[screen]

    page = opened(page_at(390), who, path)

    for width, height in ((390, 844), (820, 1180), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        _tidy(page, axe)
