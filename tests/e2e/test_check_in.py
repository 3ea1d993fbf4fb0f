"""Adding the check-in from the LMS in a real browser, and what pupils of every language see of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from lti_app.demo.supervisor import Demo
from tests.e2e.demo_fixtures import SIDEWAYS, AtDevice, Behind, child_path

Device = Callable[..., AtDevice]
Axe = Callable[..., list[str]]


def at(person: AtDevice, path: str) -> AtDevice:
    """Open a page of the practice LMS that shows only the tool."""
    person.page.goto(person.lms_page(path, bare=True))
    return person


def added(demo: Demo) -> str:
    """Return the page of a check-in in the course, added without a browser where none is there yet."""
    links = demo.lms.world.links
    if not links.of_course(101):
        url = f"{demo.tool_url}/app/check-in"
        links.add(101, {"type": "ltiResourceLink", "url": url, "title": "Check-in"}, None)
    return f"/courses/101/links/{links.of_course(101)[-1].id}"


def test_teacher_adds_a_check_in(demo: Demo, device: Device, axe: Axe) -> None:
    """D2: from the picker back to the course by itself, in a cross-site frame under the page's policy."""
    teacher = at(device("halloran", 820), "/courses/101/deep_linking/new").opened()
    expect(teacher.tool.locator("h1")).to_have_text("Add a check-in")
    assert [] == axe(teacher.frame)
    teacher.tool.get_by_label("Title in the course").fill("IEP check")
    teacher.tool.get_by_role("button", name="Add to the course").click()
    expect(teacher.tool.locator("#title-error")).to_contain_text("every word about a plan")
    assert [] == axe(teacher.frame)
    teacher.tool.get_by_label("Title in the course").fill("Morning check-in")
    teacher.tool.get_by_role("button", name="Add to the course").click()
    expect(teacher.tool.locator("h1")).to_have_text("Added: Morning check-in", timeout=30_000)


def test_teacher_changes_her_mind(demo: Demo, device: Device) -> None:
    """D9: Cancel goes back and adds nothing."""
    before = len(demo.lms.world.links.of_course(101))
    teacher = at(device("halloran", 390), "/courses/101/deep_linking/new").opened()
    teacher.tool.get_by_role("button", name="Cancel").click()
    expect(teacher.tool.locator("h1")).to_have_text("Nothing was added", timeout=30_000)
    assert before == len(demo.lms.world.links.of_course(101))


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "Check-in"), ("es", "Antes de empezar"), ("prs", "پیش از شروع")],
    ids=["en", "es", "prs"],
)
def test_pupils_page(demo: Demo, device: Device, axe: Axe, lang: str, words: str) -> None:
    """D11: a pupil ticks and goes on; nothing leaves the page; it fits a small phone in three languages."""
    pupil = at(device("maya", 390), added(demo))
    expect(pupil.tool.locator("h1")).to_have_text("Check-in", timeout=30_000)
    pupil.tool.locator(f".languages a[hreflang={lang}]").click()
    expect(pupil.tool.locator("h1")).to_have_text(words)
    asked: list[str] = []
    pupil.page.on("request", lambda request: asked.append(request.url))
    for box in pupil.tool.get_by_role("checkbox").all():
        box.check()
    assert [] == asked
    assert [] == axe(pupil.frame)
    for width in (390, 320):
        pupil.page.set_viewport_size({"width": width, "height": 844})
        assert 0 == pupil.frame.evaluate(SIDEWAYS)


def test_staff_go_on_to_today(demo: Demo, device: Device) -> None:
    """D11: the same item leads staff to their first page."""
    teacher = at(device("halloran", 1366), added(demo)).opened()
    expect(teacher.tool.locator("h1")).to_contain_text("Good")


def test_word_in_the_gradebook(demo: Demo, device: Device, axe: Axe, behind: Behind) -> None:
    """A7, A17: turned on, read, ticked, sent once; the practice LMS has it, and no mark was made up."""
    doors = behind.wired.doors
    doors.add_site(replace(doors.sites()[0], gradebook_words=True))
    teacher = device("halloran", 820).launch()
    teacher.go(child_path("maya"))
    teacher.tool.get_by_role("link", name="A word in the gradebook").click()
    expect(teacher.tool.locator("h1")).to_have_text("A word in the gradebook")
    assert [] == axe(teacher.frame)
    teacher.tool.get_by_role("button", name="Send to the gradebook").click()
    expect(teacher.tool.locator("#errors")).to_contain_text("Read who sees it")
    assert [] == axe(teacher.frame)
    teacher.tool.get_by_label("Column").select_option(value="new")
    teacher.tool.get_by_label("I know who reads this").check()
    teacher.tool.get_by_role("button", name="Send to the gradebook").click()
    expect(teacher.tool.get_by_text("The word is in the gradebook.")).to_be_visible(timeout=30_000)
    assert [] == axe(teacher.frame)
    book = demo.lms.world.gradebook
    cells = [cell for column in book.columns(101) for cell in book.cells(column).values()]
    assert [(None, ("Thank you for checking in.",))] == [(cell.score, cell.comments) for cell in cells]
