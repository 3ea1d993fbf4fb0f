"""The recording grid in a browser: counted taps, a server that stops midway, the keyboard, sizes, axe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Dialog, FrameLocator, Page, expect
from pytest_httpserver import HTTPServer

from iepcore.ids import ClientKey, GoalId
from iepcore.plan import TrialOutcome
from iepcore.progress import PercentReading
from lti_app.demo.caseload import demo_id
from tests.e2e.school import KEYS, School, open_school, seed_file

CHILDREN = ("Maya", "Theo", "Tess", "Ivo")
RESULTS = ("Correct", "Prompted", "Incorrect", "No response")
SAVED = re.compile("Saved at school|Guardado en la escuela")


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One database with the fictional caseload, made once."""
    path = tmp_path_factory.mktemp("school") / "seeded.db"
    seed_file(path)
    return path


@pytest.fixture
def school(seeded: Path, tmp_path: Path) -> Iterator[School]:
    """A started server on a fresh copy."""
    path = tmp_path / "school.db"
    path.write_bytes(seeded.read_bytes())
    with open_school(path) as school:
        yield school


@pytest.fixture
def recorder(school: School, page_at: Callable[..., Page]) -> Callable[..., Page]:
    """Return an opener of the recording grid for a member of staff."""

    def open_(
        width: int = 1366, *, who: str = "halloran", lang: str = "en", page: Page | None = None
    ) -> Page:
        page = page or page_at(width)
        page.goto(f"{school.url}/door/{school.token(who)}/{lang}", wait_until="load")
        expect(page.locator("[data-row]")).to_have_count(4)
        expect(page.locator("[data-tap=correct]").first).to_have_attribute("type", "button")
        return page

    return open_


def _tap(page: Page | FrameLocator, child: str, result: str) -> None:
    page.get_by_role("group", name=child, exact=True).get_by_role("button", name=result, exact=True).click()


def _saved(page: Page | FrameLocator) -> None:
    expect(page.locator("#saved")).to_have_text(SAVED)


def test_twenty_taps_and_the_end(school: School, recorder: Callable[..., Page]) -> None:
    """A group of four, five tries each: the grid is one tap from anywhere, then 20, then one ends it."""
    page = recorder()
    page.get_by_role("link", name="Record", exact=True).click()  # what is tapped while it loads counts, too
    taps = 1
    for number in range(5):
        for child in CHILDREN:
            _tap(page, child, "Correct" if number < 3 else RESULTS[number - 2])
            taps += 1
    page.get_by_role("button", name="End session").first.click()
    taps += 1
    expect(page.get_by_role("heading", name="Session ended")).to_be_visible()

    assert 22 == taps
    assert [(3, 5)] * 4 == school.counts()
    assert 4 == page.get_by_text("3 of 5 alone").count()
    assert 4 == page.get_by_role("link", name=re.compile("^Write to family")).count()


def test_a_server_that_stops_midway_loses_nothing(school: School, recorder: Callable[..., Page]) -> None:
    """Eight taps are saved, twelve wait on the page while the server is away, and all are there in order."""
    page = recorder(820)
    tapped: dict[str, list[str]] = {child: [] for child in CHILDREN}
    values = ["correct", "prompted", "incorrect", "no_response", "correct"]
    words = {"correct": "Correct", "prompted": "Prompted", "incorrect": "Incorrect"}
    for number, value in enumerate(values):
        for child in CHILDREN:
            if (number, child) == (2, "Maya"):
                _saved(page)
                school.stop()
            _tap(page, child, words.get(value, "No response"))
            tapped[child].append(value)
    waiting = "Waiting for the school's server: 12 taps kept on this page. Do not close it."
    expect(page.locator("#saved")).to_have_text(waiting)
    expect(page.locator("#say")).to_have_text(f"Ivo: 5 of 5 tries, 2 of 5 alone. {waiting}")
    assert 20 == page.locator(".trial .glyph:not(.to-come)").count()
    school.start()
    _saved(page)
    expect(page.locator("#say")).to_have_text("Saved at school")

    assert list(tapped.values()) == [school.stored(child) for child in KEYS]
    page.get_by_role("button", name="End session").first.click()
    expect(page.get_by_role("heading", name="Session ended")).to_be_visible()
    assert [(2, 5)] * 4 == school.counts()


def test_lost_answers_double_nothing(school: School, recorder: Callable[..., Page]) -> None:
    """The work was done and the answer lost on its way: the same tap again is the same try."""
    page = recorder()
    school.lose_answers = 2
    for result in ("Correct", "Incorrect", "Prompted"):
        _tap(page, "Ivo", result)
    page.get_by_role("group", name="Ivo").get_by_role("button", name="Undo").click()
    _saved(page)

    assert 0 == school.lose_answers
    assert ["correct", "incorrect"] == school.stored("ivo")
    expect(page.get_by_role("list", name="Ivo: 2 of 5 tries")).to_be_visible()


def test_the_end_waits_for_the_last_tap(school: School, recorder: Callable[..., Page]) -> None:
    """End while taps wait: it happens by itself once they are saved."""
    page = recorder()
    school.refuse_taps = True
    _tap(page, "Maya", "Correct")
    _tap(page, "Maya", "Incorrect")
    page.get_by_role("button", name="End session").first.click()
    expect(page.locator("#saved")).to_contain_text("2 taps kept on this page")
    expect(page.get_by_role("heading", name="Session ended")).to_have_count(0)
    school.refuse_taps = False
    expect(page.get_by_role("heading", name="Session ended")).to_be_visible()

    (point,) = school.points("maya")
    assert PercentReading(correct=1, trials=2) == point.reading


def test_taps_are_sent_while_another_screen_is_open(school: School, recorder: Callable[..., Page]) -> None:
    """Leaving the recorder does not leave the taps: the other screen says how many wait, and then no more."""
    page = recorder()
    school.refuse_taps = True
    _tap(page, "Theo", "Correct")
    _tap(page, "Theo", "Prompted")
    expect(page.locator("#saved")).to_contain_text("2 taps kept")
    page.get_by_role("link", name="Today", exact=True).click()
    banner = page.locator("#record-banner")
    expect(banner).to_contain_text("Waiting for the school's server: 2 taps kept on this page.")
    page.get_by_role("link", name="Record", exact=True).first.click()
    expect(page.get_by_role("list", name="Theo: 2 of 5 tries")).to_be_visible()
    page.get_by_role("link", name="Today", exact=True).click()
    expect(banner).to_contain_text("2 taps kept on this page.")
    school.refuse_taps = False
    expect(banner).to_be_hidden(timeout=15_000)

    assert ["correct", "prompted"] == school.stored("theo")


def test_a_page_with_waiting_taps_asks_before_it_closes(
    school: School, recorder: Callable[..., Page]
) -> None:
    """The browser's own question, and only while something waits."""
    page = recorder()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    school.refuse_taps = True
    _tap(page, "Maya", "Correct")
    page.close(run_before_unload=True)
    expect(page.locator("#saved")).to_contain_text("1 tap kept on this page")
    school.refuse_taps = False
    _saved(page)

    assert ["beforeunload"] == asked
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    assert ["beforeunload"] == asked


def test_a_refused_tap_is_shown_with_its_reason(school: School, recorder: Callable[..., Page]) -> None:
    """Somebody filled the set meanwhile: the tap is taken out in sight, and the row shows what stands."""
    page = recorder()
    _tap(page, "Tess", "Correct")
    _saved(page)
    (row,) = school.caseload().progress.rows([school.goal("tess")])
    assert row.trial_set is not None
    for _ in range(4):
        school.caseload().progress.tap(
            school.goal("tess"), row.trial_set.client_key, _key(), TrialOutcome.INCORRECT
        )
    _tap(page, "Tess", "Prompted")
    notice = page.locator("#record-notices [role=alert]")
    expect(notice).to_contain_text("Not saved: Tess, Prompted. All planned tries are in.")
    expect(page.get_by_role("list", name="Tess: 5 of 5 tries")).to_be_visible()
    full = page.get_by_role("group", name="Tess", exact=True).get_by_role(
        "button", name="Correct", exact=True
    )
    full.click(force=True)
    expect(page.locator("#say")).to_have_text("Tess has all 5 tries. Undo one, or end the session.")
    notice.get_by_role("button", name="I have seen this").click()
    expect(notice).to_be_hidden()


def test_a_set_that_was_closed_meanwhile_goes_on_as_a_new_one(
    school: School, recorder: Callable[..., Page]
) -> None:
    """Ended in another tab or forgotten over lunch: nothing is lost, two scores stand."""
    page = recorder()
    _tap(page, "Ivo", "Correct")
    _saved(page)
    (row,) = school.caseload().progress.rows([school.goal("ivo")])
    assert row.trial_set is not None
    school.caseload().progress.end([(school.goal("ivo"), row.trial_set.client_key)])
    _tap(page, "Ivo", "Incorrect")
    expect(page.get_by_role("list", name="Ivo: 1 of 5 tries")).to_be_visible()
    _tap(page, "Ivo", "Correct")
    _saved(page)

    assert ["incorrect", "correct"] == school.stored("ivo")
    page.get_by_role("button", name="End session").first.click()
    expect(page.get_by_role("heading", name="Session ended")).to_be_visible()
    assert [PercentReading(correct=1, trials=1), PercentReading(correct=1, trials=2)] == [
        point.reading for point in school.points("ivo")
    ]


def test_another_tab_takes_over_when_the_session_is_over(
    school: School, httpserver: HTTPServer, context_at: Callable[..., BrowserContext]
) -> None:
    """In frames of an LMS: taps of an ended session wait until the same person opens the recorder anew."""
    context = context_at(1366)
    school.framed_by(f"http://localhost:{httpserver.port}")

    def framed(who: str) -> FrameLocator:
        inner = f"{school.url}/door/{school.token(who)}/en"
        lms = f'<!doctype html><title>t</title><iframe width="1300" height="900" src="{inner}"></iframe>'
        httpserver.expect_request(f"/{who}").respond_with_data(lms, content_type="text/html")
        page = context.new_page()
        page.goto(httpserver.url_for(f"/{who}").replace("127.0.0.1", "localhost"))
        frame = page.frame_locator("iframe")
        expect(frame.locator("[data-tap=correct]").first).to_be_enabled()
        return frame

    page = framed("halloran")
    _tap(page, "Maya", "Correct")
    _saved(page)
    school.refuse_taps = True
    _tap(page, "Maya", "Prompted")
    _tap(page, "Theo", "Incorrect")
    school.revoke()
    school.refuse_taps = False
    expect(page.locator("#saved")).to_contain_text("it takes over 2 taps kept on this page", timeout=10_000)
    aide = framed("moss")
    httpserver.clear()
    other = framed("halloran")
    expect(other.get_by_role("list", name="Maya: 2 of 5 tries")).to_be_visible()
    _saved(other)
    _saved(page)

    assert ["correct", "prompted"] == school.stored("maya")
    assert ["incorrect"] == school.stored("theo")
    expect(aide.get_by_role("list", name="Theo: 0 of 5 tries")).to_be_visible()


def test_the_keyboard_alone(school: School, recorder: Callable[..., Page]) -> None:
    """Arrows choose, digits and letters record, U takes back; a letter outside the rows does nothing."""
    page = recorder()
    press = page.keyboard.press
    press("1")
    press("c")
    expect(page.locator(".glyph.to-come")).to_have_count(20)
    press("ArrowDown")
    for key in ("1", "c", "P", "4", "u"):
        press(key)
    press("ArrowDown")
    press("ArrowRight")
    press("Enter")
    expect(page.locator("#say")).to_have_text("Maya: 1 of 5 tries, 0 of 1 alone")
    press("ArrowUp")
    press("3")
    expect(page.get_by_role("list", name="Ivo: 4 of 5 tries")).to_be_visible()
    press("1")
    press("1")
    expect(page.locator("#say")).to_have_text("Ivo has all 5 tries. Undo one, or end the session.")
    focused = page.evaluate("document.activeElement.closest('[data-row]') !== null")
    _saved(page)

    assert focused
    assert ["correct", "correct", "prompted", "incorrect", "correct"] == school.stored("ivo")
    assert ["prompted"] == school.stored("maya")


@pytest.mark.parametrize("width", [390, 820, 1366])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_size_and_language(
    school: School, recorder: Callable[..., Page], axe: Callable[..., list[str]], width: int, lang: str
) -> None:
    """The grid with its notices, the end and a form: nothing axe objects to, nothing too wide."""
    page = recorder(width, lang=lang)
    group = page.get_by_role("group", name="Tess", exact=True)
    for place in (0, 1, 2, 3, 0):
        group.get_by_role("button").nth(place).click()
    _saved(page)
    small = page.evaluate(
        "[...document.querySelectorAll('#page a.button, #page button')]"
        ".filter(one => one.getBoundingClientRect().height < 44).map(one => one.textContent)"
    )

    assert [] == small
    assert [] == axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    school.refuse_taps = True
    page.get_by_role("group", name="Maya", exact=True).get_by_role("button").first.click()
    expect(page.locator("#saved.away")).to_be_visible()
    assert [] == axe(page)
    school.refuse_taps = False
    _saved(page)
    page.locator("#end button").click()
    expect(page.locator("[data-row]")).to_have_count(0)
    assert [] == axe(page)
    page.get_by_role("link", name="Record" if lang == "en" else re.compile("Record|Registrar")).first.click()
    page.locator("details").last.locator("summary").click()
    page.locator("a[href$='/point']").first.click()
    expect(page.locator("input[name=client_key]")).to_have_count(1)
    assert [] == axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_form_that_does_not_fit_keeps_what_was_typed(school: School, recorder: Callable[..., Page]) -> None:
    """A summary names what is wrong, the field has the focus; the corrected form is saved."""
    page = recorder()
    page.locator("details").last.locator("summary").click()
    page.locator(f"a[href='/app/g/{demo_id('goal', 'maya', 'main')}/point']").click()
    page.get_by_label("Words read correctly").fill("58")
    page.get_by_label("Errors").fill("-3")
    page.get_by_label("Note").fill("She fixed two words.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("The number cannot be below zero.")
    expect(page.get_by_label("Errors")).to_be_focused()
    expect(page.get_by_label("Errors")).to_have_value("-3")
    expect(page.get_by_label("Note")).to_have_value("She fixed two words.")
    page.get_by_label("Errors").fill("3")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main").get_by_text("Saved at school.")).to_be_visible()

    history = school.caseload().goals.goal(GoalId(demo_id("goal", "maya", "main"))).history
    assert 58.0 == history[-1].score


def test_the_buttons_beside_a_count(school: School, recorder: Callable[..., Page]) -> None:
    """Plus and minus count between nothing and the most there can be."""
    page = recorder(390)
    page.locator("details").last.locator("summary").click()
    page.locator(f"a[href='/app/g/{demo_id('goal', 'devin', 'main')}/point']").click()
    count = page.get_by_label("How many times")
    page.get_by_role("button", name="One less").click()
    expect(count).to_have_value("0")
    for _ in range(7):
        page.get_by_role("button", name="One more").click()
    expect(count).to_have_value("5")


def _key() -> ClientKey:
    return ClientKey(uuid4())
