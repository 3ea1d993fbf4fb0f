"""The tool on an iPad's engine, in a cross-site frame that refuses cookies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from lti_app.demo.supervisor import Demo
from tests.e2e.demo_fixtures import COURSE, Behind, child_path, goal_path, running_demo
from tests.e2e.webkit_window import Window, a_screen, a_window, programs

# selenium warns of its own way to start this driver.
pytestmark = [
    pytest.mark.webkit,
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The running demonstration, where the browser is there."""
    programs()
    with running_demo(tmp_path_factory.mktemp("webkit") / "demo") as running:
        yield running


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen for every window of this module."""
    with a_screen(programs()[2]) as name:
        yield name


@pytest.fixture
def windows(display: str) -> Iterator[list[Window]]:
    """Two windows that know nothing of each other: two people at two devices."""
    driver, browser, _ = programs()
    with ExitStack() as stack:
        yield [stack.enter_context(a_window(display, driver, browser)) for _ in range(2)]


@pytest.fixture
def window(display: str) -> Iterator[Window]:
    """One window."""
    driver, browser, _ = programs()
    with a_window(display, driver, browser) as opened:
        yield opened


def lms_page(demo: Demo, who: str) -> str:
    """Return the address at which somebody finds the tool in the practice LMS."""
    return f"{demo.lms_url}/courses/{COURSE}?as={who}&frame=bare"


def follow(window: Window, path: str) -> None:
    """Follow a link of the tool's own."""
    window.run(
        "const link = document.createElement('a'); link.href = arguments[0];"
        "document.getElementById('page').append(link); link.click();",
        path,
    )
    window.until(lambda: window.run("return location.pathname + location.search") == path, path)
    window.settle()


def test_this_frame_refuses_cookies_and_keeps_storage(practice: Demo, window: Window) -> None:
    """What the other tests here rest on: no cookie at all comes to the frame, and its storage works."""
    window.open(lms_page(practice, "halloran"))
    assert [False, "kept"] == window.run(
        "document.cookie = 'seen=1; SameSite=None'; sessionStorage.setItem('seen', 'kept');"
        "return [document.cookie.includes('seen'), sessionStorage.getItem('seen')]"
    )


def test_a_teacher_opens_records_and_comes_back(practice: Demo, window: Window) -> None:
    """Today, a try that is saved at school, back and forward, and a reload that stays signed in."""
    window.open(lms_page(practice, "halloran"))
    window.says("h1", "Priya Halloran")
    follow(window, goal_path("maya"))
    recording = f"/app/record?g={Behind.of(practice).goal('maya', 'words')}"
    follow(window, recording)
    window.tap("[data-tap=correct]")
    window.says("#saved", "Saved at school")

    window.run("history.back()")
    window.until(lambda: window.run("return location.pathname") == goal_path("maya"), "the page before")
    window.settle()
    window.run("history.forward()")
    window.until(lambda: window.run("return location.pathname") == "/app/record", "the page after")
    window.settle()

    window.run("location.reload()")
    window.enter()
    assert "/app/record" == window.run("return location.pathname")
    window.says("#saved", "Saved at school")


def test_a_family_reads_and_answers(practice: Demo, window: Window) -> None:
    """A mother opens the tool in the LMS, says what she saw at home, and reads that the team will see it."""
    window.open(lms_page(practice, "dana"))
    window.says("h1", "Maya")
    window.tap(".home-form label.tile")
    window.tap(".home-form button.button")
    window.says("#page .notice", "school team")
    assert 0 == window.run(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def test_two_people_at_once_have_two_sessions(practice: Demo, windows: list[Window]) -> None:
    """A teacher and a mother, launched side by side: each sees only her own pages."""
    teacher, mother = windows
    teacher.open(lms_page(practice, "halloran"))
    mother.open(lms_page(practice, "dana"))
    teacher.says("h1", "Priya Halloran")
    assert mother.run("return location.pathname").startswith("/app/my")

    theirs = child_path("luca")
    status = mother.run(
        "const link = document.createElement('a'); link.href = arguments[0];"
        "document.getElementById('page').append(link); link.click(); return true",
        theirs,
    )
    assert status
    mother.until(lambda: "Luca" not in mother.find("#page").text, "nothing of another child")
    follow(teacher, theirs)
    teacher.says("h1", "Luca")


def test_taps_of_an_ipad_are_in_the_record(practice: Demo, window: Window) -> None:
    """Three tries and the end of the session: the school's database holds what was tapped."""
    behind = Behind.of(practice)
    before = len(behind.points("ivo", "words"))
    window.open(lms_page(practice, "halloran"))
    follow(window, f"/app/record?g={behind.goal('ivo', 'words')}")
    for result in ("correct", "incorrect", "correct"):
        window.tap(f"[data-tap={result}]")
    window.says("#saved", "Saved at school")
    window.tap("form button.button")
    window.says("h1", "Session ended")
    made = behind.points("ivo", "words")[before:]
    assert [(2, 3)] == [(one.reading.correct, one.reading.trials) for one in made]  # type: ignore[union-attr]
