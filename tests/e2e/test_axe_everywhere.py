"""Every screen in its languages: axe finds nothing, nothing scrolls sideways; the door's pages likewise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from iepcore.ids import AdultId
from lti_app.demo.caseload import demo_id
from lti_app.demo.supervisor import Demo
from tests.e2e.demo_fixtures import SIDEWAYS, AtDevice, Behind, child_path, goal_path

Device = Callable[..., AtDevice]
Axe = Callable[..., list[str]]

MANAGER = {
    "today": "/app/today",
    "today all": "/app/today?show=all",
    "duties": "/app/duties",
    "record": "/app/record",
    "student": child_path("lucia"),
    "student without a goal": child_path("imani"),
    "goal": goal_path("lucia"),
    "goal that goes down": goal_path("callum"),
    "goal on a scale": goal_path("hollis"),
    "goal without data": goal_path("luca", "next"),
    "goal with a change": goal_path("rosenda"),
    "numbers": goal_path("rosenda", then="/numbers"),
    "numbers without data": goal_path("luca", "next", "/numbers"),
    "change": goal_path("rosenda", then="/change"),
    "write with a choice": goal_path("rosenda", "next", "/write"),
    "score": goal_path("lucia", then="/point"),
    "score of tries": goal_path("ivo", "words", "/point"),
    "score on a scale": goal_path("hollis", then="/point"),
    "score of a count": goal_path("callum", then="/point"),
    "write about a goal": goal_path("parwana", then="/write"),
    "write about a child": child_path("jonah", "/write"),
    "conversation": goal_path("lucia", then="/talk"),
    "conversation about a child": child_path("jonah", "/talk"),
    "add": "/app/add",
    "set up": "/app/setup",
    "people around": "/app/setup/around",
    "dates": child_path("tess", "/dates"),
    "a date to correct": child_path("devin", "/dates?write=annual_review"),
    "team": child_path("lucia", "/team"),
    "family": child_path("jonah", "/family"),
    "text messages": child_path("jonah", "/texting"),
    "answers that came": "/app/answers",
    "rights": child_path("jonah", f"/family/rights/{demo_id('relationship', 'jonah', 'elise')}"),
    "kinds of goals": child_path("imani", "/new"),
    "a goal's form": child_path("imani", "/new?kind=cbm"),
    "not there": goal_path("nobody"),
}
OTHERS = [
    ("ames", "today of a records officer", "/app/today"),
    ("ames", "staff", "/app/staff"),
    ("ames", "rosters", "/app/rosters"),
    ("ames", "school calendar", "/app/site/calendar"),
    ("ames", "choices of the school", "/app/site/choices"),
    ("ames", "what leaves", "/app/outbox"),
    ("ames", "answers without a place", "/app/answers"),
    ("ames", "the trail", "/app/trail"),
    ("ames", "requests to see a record", "/app/requests"),
    ("ames", "who outside got what", f"/app/disclosures/{demo_id('student', 'maya')}"),
    ("ames", "opening with a reason", "/app/openings"),
    ("moss", "today of an aide", "/app/today"),
    ("moss", "numbers closed to an aide", goal_path("ivo", "words", "/numbers")),
    ("ruiz", "texts to translate", "/app/tasks"),
    ("moss", "duties", "/app/duties"),
]
FAMILY = {
    "elena": ["/app/my", goal_path("lucia", then="/talk"), child_path("lucia", "/talk")],
    "farid": ["/app/my", goal_path("parwana", then="/talk"), child_path("parwana", "/talk")],
    "ilona": ["/app/my", f"/app/my/{demo_id('student', 'theo')}", "/app/my/doc"],
    "dana": [f"/app/my/{demo_id('student', 'maya')}/seen"],
    "bruna": ["/app/my", "/app/my/doc", f"/app/my/{demo_id('student', 'luca')}/wish"],
}


@pytest.fixture(scope="module", autouse=True)
def told(demo: Demo) -> None:
    """Notes and an open request, so that the screens have something to show."""
    behind = Behind.of(demo)
    note = behind.write("lucia", "elena", text="She read the whole page alone.")
    behind.write("parwana", "farid", "laila", text="She learned three new words.")
    interpreter = AdultId(demo_id("adult", "ruiz"))
    behind.caseload().interpreting.ask(note.id, len(note.parts) - 1, "es", interpreter)
    behind.wired.engines.close()


def judge(
    person: AtDevice, axe: Axe, name: str, widths: tuple[int, ...], *, refused: bool = False
) -> list[str]:
    """Return what is wrong with a screen, each line with the screen's name."""
    wrong = [f"{name}: {line}" for line in axe(person.frame)]
    if refused != bool(person.tool.locator("#page[data-answer]").count()):
        wrong.append(f"{name}: another page than the one meant")
    high = 844
    for width in widths:
        person.page.set_viewport_size({"width": width, "height": high})
        over = person.frame.evaluate(SIDEWAYS)
        wrong += [f"{name}: {over} px sideways at {width}"] if over else []
    return wrong


def speak(person: AtDevice, lang: str) -> None:
    """Choose a language with the switch of the page."""
    person.tool.locator(f".languages a[hreflang={lang}]").click()
    expect(person.tool.locator("html")).to_have_attribute("lang", lang)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_staff_screens(device: Device, axe: Axe, lang: str) -> None:
    """Every screen of a case manager, in both languages, from a phone's width."""
    halloran = device("halloran", 390).launch()
    speak(halloran, lang)
    wrong = []
    for name, path in MANAGER.items():
        wrong += judge(halloran.go(path), axe, name, (390,), refused=name == "not there")
    assert [] == wrong


@pytest.mark.parametrize("lang", ["en", "es"])
def test_screens_of_other_staff(device: Device, axe: Axe, lang: str) -> None:
    """Records officer, aide, interpreter; and the page for a record that is not theirs."""
    people: dict[str, AtDevice] = {}
    wrong = []
    for key, name, path in OTHERS:
        if key not in people:
            people[key] = device(key, 390).launch()
            speak(people[key], lang)
        wrong += judge(people[key].go(path), axe, name, (390,))
    wrong += judge(people["moss"].go(goal_path("lucia")), axe, "not on the team", (390,), refused=True)
    assert [] == wrong


@pytest.mark.parametrize("lang", ["en", "es", "prs"])
def test_family_screens(device: Device, axe: Axe, lang: str) -> None:
    """Every screen of a family in its three languages, down to 320 px, from right to left in Dari."""
    wrong = []
    for key, paths in FAMILY.items():
        parent = device(key, 390).launch()
        speak(parent, lang)
        expect(parent.tool.locator("html")).to_have_attribute("dir", "rtl" if lang == "prs" else "ltr")
        for path in paths:
            wrong += judge(parent.go(path), axe, f"{key} {path}", (390, 320))
            parent.page.set_viewport_size({"width": 390, "height": 844})
    assert [] == wrong


@pytest.mark.parametrize(("key", "paths"), [("halloran", ("today", "record", "goal")), ("farid", ())])
def test_by_night(device: Device, axe: Axe, key: str, paths: tuple[str, ...]) -> None:
    """The screens most looked at, in the dark colours."""
    person = device(key, 820, color_scheme="dark").launch()
    wrong = judge(person, axe, "first screen", (820,))
    for name in paths:
        wrong += judge(person.go(MANAGER[name]), axe, name, (820,))
    assert [] == wrong


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_reference_page_of_the_components(
    demo: Demo, page_at: Callable[..., Page], axe: Axe, scheme: str
) -> None:
    """Every component there is, by day and by night."""
    page = page_at(390, color_scheme=scheme)
    page.goto(f"{demo.tool_url}/_components")
    assert [] == axe(page)
    assert 0 == page.evaluate(SIDEWAYS)


def test_pages_of_the_door(demo: Demo, device: Device, page_at: Callable[..., Page], axe: Axe) -> None:
    """Neutral, refused, shell and the page behind a notice's link: no data, and no barrier."""
    ned = device("ned", 390)
    ned.page.goto(ned.lms_page("/courses/101", bare=True))
    expect(ned.tool.locator("h1")).to_have_text("Nothing to open here")
    wrong = judge(ned, axe, "neutral", (390, 320))
    page = page_at(390)
    for name, path, heading in (
        ("shell", "/app/today", "Please open this again"),
        ("refused", "/lti/launch", ""),
        ("link", f"/n/{'x' * 32}", "Your message is waiting"),
        ("popup", "/canvas/back", "Nothing was connected"),
    ):
        page.goto(f"{demo.tool_url}{path}")
        expect(page.locator("h1")).to_contain_text(heading)
        wrong += [f"{name}: {line}" for line in axe(page)]
        assert 0 == page.evaluate(SIDEWAYS), name
    assert [] == wrong
