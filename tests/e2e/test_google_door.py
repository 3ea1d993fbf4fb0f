"""A teacher in Google Classroom, in a real browser without third-party cookies: by the window and on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lti_app.demo.classroom import google_id
from lti_app.demo.supervisor import Demo
from tests.e2e.demo_fixtures import SIDEWAYS, AtDevice, Behind, child_path, goal_path, until

Axe = Callable[..., list[str]]
Contexts = Callable[..., BrowserContext]


class InClassroom(AtDevice):
    """Somebody looking at the tool in a frame of the practice Classroom."""

    def place(self, *, frame: str = "a", see: str = "") -> str:
        """Return the address of Classroom's page with the frame; ``addon`` is the one that adds."""
        classroom = self.demo.lms.world.classroom
        post = classroom.posts(classroom.classes()[0].id)[-1]
        tail = f"a/{classroom.attachments(post.id)[0].id}" if frame == "a" else frame
        seen = f"&see={see}" if see else ""
        return f"{self.demo.lms_url}/google/c/{post.course_id}/w/{post.id}/{tail}?as={self.key}{seen}"

    def sign_in(self, account: str = "") -> None:
        """Sign in by the window, which closes by itself."""
        link = self.tool.locator("#sign-link")
        expect(link).to_be_visible(timeout=30_000)
        with self.context.expect_page() as opened:
            link.click()
        with opened.value.expect_event("close", timeout=30_000):
            opened.value.locator(f"button[value={account or self.key}]").click()

    def come(self, *, frame: str = "a", see: str = "") -> InClassroom:
        """Open Classroom's page."""
        self.page.goto(f"{self.place(frame=frame, see=see)}&frame=bare")
        return self


@pytest.fixture
def at(demo: Demo, context_at: Contexts) -> Callable[..., InClassroom]:
    """Return a maker of people at Classroom, each with a browser of their own."""

    def make(key: str, width: int = 1366, **options: object) -> InClassroom:
        return InClassroom(demo, key, context_at(width, **options))

    return make


@pytest.mark.parametrize("width", [390, 820, 1366])
def test_teacher_works_in_classroom(
    demo: Demo, at: Callable[..., InClassroom], axe: Axe, behind: Behind, width: int
) -> None:
    """Sign in by the window, see Today, record a point, write to a family: all in Classroom's frame."""
    teacher = at("vance", width).come()
    expect(teacher.tool.locator("#sign-link")).to_be_visible(timeout=30_000)
    assert [] == axe(teacher.frame)
    assert 0 == teacher.frame.evaluate(SIDEWAYS)
    teacher.sign_in()
    teacher.opened()
    teacher.heading(re.compile("Marisol Vance"))
    for child in ("Paloma", "Tamsin", "Beckett"):
        expect(teacher.tool.get_by_role("link", name=child, exact=True).first).to_be_attached()
    assert [] == axe(teacher.frame)
    teacher.fits()

    # A reload keeps the session: the browser kept our partitioned cookie and nothing else.
    teacher.frame.evaluate("() => location.reload()")
    teacher.opened()
    teacher.heading(re.compile("Marisol Vance"))

    points = len(_points(behind))
    teacher.go(goal_path("paloma", then="/point"))
    teacher.tool.get_by_label(re.compile("^Words read correctly|^Correct")).first.fill("105")
    teacher.tool.get_by_label(re.compile("^Errors")).first.fill("2")
    teacher.tool.locator("form[action$='/point'] button[type=submit]").first.click()
    until(lambda: len(_points(behind)) == points + 1, "the point is kept")
    teacher.settled()

    mails = len(demo.lms.world.mailbox.all())
    teacher.go(goal_path("paloma", then="/write"))
    assert [] == axe(teacher.frame)
    teacher.button("Send").click()
    teacher.heading("Messages about Paloma")
    until(lambda: len(demo.lms.world.mailbox.all()) > mails, "the notice leaves by mail")
    mail = demo.lms.world.mailbox.all()[-1]
    assert ("silver.oat43@example.org",) == mail.recipients
    assert [] == demo.lms.world.search.find(mail.raw)


@pytest.mark.parametrize("width", [390, 820, 1366])
def test_screens_in_spanish(at: Callable[..., InClassroom], axe: Axe, width: int) -> None:
    """Spanish in one tap, and it stays: Today, a child, writing."""
    teacher = at("vance", width).come()
    teacher.sign_in()
    teacher.opened()
    teacher.tool.locator("a[hreflang=es]").first.click()
    expect(teacher.tool.locator("html")).to_have_attribute("lang", "es")
    for path in ("/app/today", child_path("paloma"), goal_path("paloma", then="/write")):
        teacher.go(path)
        expect(teacher.tool.locator("html")).to_have_attribute("lang", "es")
        assert [] == axe(teacher.frame)
        teacher.fits()


def test_next_frame_needs_no_window(at: Callable[..., InClassroom]) -> None:
    """The same person's next frame opens by itself; another person's shows the button and no name."""
    other = at("albright", 820).come()
    other.sign_in()
    other.opened()
    teacher = at("vance", 820).come()
    teacher.sign_in()
    teacher.opened()
    teacher.come().opened()
    teacher.heading(re.compile("Marisol Vance"))
    teacher.key = "albright"
    teacher.come()
    expect(teacher.tool.locator("#sign-link")).to_be_visible(timeout=30_000)
    expect(teacher.tool.locator("body")).not_to_contain_text("Marisol")


def test_pupil_sees_the_check_in(at: Callable[..., InClassroom], axe: Axe) -> None:
    """A pupil opens the same item: three things to think about, no sign-in, no script, nothing kept."""
    pupil = at("tamsin", 390).come()
    expect(pupil.tool.locator("h1")).to_have_text("Check-in", timeout=30_000)
    assert [] == axe(pupil.frame)
    assert 0 == pupil.frame.evaluate(SIDEWAYS)
    assert [] == pupil.context.cookies()


def test_pupil_at_the_teachers_address(at: Callable[..., InClassroom]) -> None:
    """A pupil who opens the teacher's frame and signs in gets the check-in, and no session."""
    pupil = at("rafi", 820).come(see="teacher")
    pupil.sign_in()
    expect(pupil.tool.locator("h1")).to_have_text("Check-in", timeout=30_000)
    expect(pupil.tool.get_by_role("navigation", name="Main pages")).to_have_count(0)


def test_teacher_adds_a_check_in(demo: Demo, at: Callable[..., InClassroom], axe: Axe) -> None:
    """The add-on picker: a title, and Classroom closes the frame; the item has one more attachment."""
    teacher = at("vance", 820).come(frame="addon")
    teacher.sign_in()
    teacher.opened()
    teacher.heading("Add a check-in")
    assert [] == axe(teacher.frame)
    teacher.fits()
    teacher.tool.get_by_label("Title in the course").fill("IEP check")
    teacher.tool.get_by_role("button", name="Add to the course").click()
    expect(teacher.tool.locator("#title-error")).to_contain_text("every word about a plan")
    teacher.tool.get_by_label("Title in the course").fill("Friday check-in")
    teacher.tool.get_by_role("button", name="Add to the course").click()
    expect(teacher.page.get_by_role("link", name="Friday check-in")).to_be_visible(timeout=30_000)
    assert [] == axe(teacher.page)


def test_without_small_windows_a_page_of_its_own(at: Callable[..., InClassroom]) -> None:
    """Where pop-ups are refused the same link opens a page, and the frame goes on by itself."""
    teacher = at("vance", 820).come()
    expect(teacher.tool.locator("#sign-link")).to_be_visible(timeout=30_000)
    teacher.frame.evaluate("() => { window.open = () => null; }")
    teacher.sign_in()
    teacher.opened()
    teacher.heading(re.compile("Marisol Vance"))


def test_own_page(demo: Demo, page_at: Callable[..., Page], axe: Axe) -> None:
    """Outside Classroom: sign in on our own page, and the tool opens there."""
    page = page_at(1366)
    page.goto(f"{demo.tool_url}/classroom/{google_id()}")
    expect(page.locator("#sign-link")).to_be_visible(timeout=30_000)
    assert [] == axe(page)
    page.locator("#sign-link").click()
    page.locator("button[value=vance]").click()
    expect(page.get_by_role("heading", level=1, name=re.compile("Marisol Vance"))).to_be_visible(
        timeout=30_000
    )
    page.reload()
    expect(page.get_by_role("heading", level=1, name=re.compile("Marisol Vance"))).to_be_visible(
        timeout=30_000
    )


def test_two_teachers_side_by_side(demo: Demo, page_at: Callable[..., Page], axe: Axe) -> None:
    """One page shows both: Canvas on the left, Classroom on the right, each with her own children."""
    page = page_at(1366)
    page.goto(f"{demo.lms_url}/stage/two")
    canvas = page.frame_locator("#canvas").frame_locator("#tool_content")
    classroom = page.frame_locator("#classroom").frame_locator("#tool_content")
    expect(canvas.locator("h1").first).to_contain_text("Priya Halloran", timeout=30_000)
    with page.context.expect_page() as opened:
        classroom.locator("#sign-link").click()
    opened.value.locator("button[value=vance]").click()
    expect(classroom.locator("h1").first).to_contain_text("Marisol Vance", timeout=30_000)
    expect(classroom.get_by_text("Paloma").filter(visible=True).first).to_be_visible()
    expect(canvas.get_by_text("Paloma")).to_have_count(0)
    assert [] == axe(page)
    assert 0 == page.evaluate(SIDEWAYS)


def _points(behind: Behind) -> list[object]:
    """Return the points of Paloma's goal."""
    caseload = behind.caseload("vance")
    return list(caseload.goals.goal(behind.goal("paloma")).history)
