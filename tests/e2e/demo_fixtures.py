"""People at their own devices in the running demonstration, and what a test may look up behind them."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import requests
from playwright.sync_api import BrowserContext, Frame, FrameLocator, Locator, Page, expect

from iepcore.access import Person as Asking
from iepcore.caseload import Caseload, ConversationPage, Letter
from iepcore.family import Message
from iepcore.ids import AdultId, ClientKey, GoalId, StudentId
from iepcore.language import FreeText, Phrase
from iepcore.plan import DataPoint
from lti_app.demo.caseload import demo_id
from lti_app.demo.folder import open_folder
from lti_app.demo.seed import people
from lti_app.demo.supervisor import Demo, Ports
from lti_app.settings import Settings
from lti_app.wiring import Wired, wire

COURSE = 101
Words = str | re.Pattern[str]

# What is wider than the screen although nothing cuts it off, and what is too small for a thumb.
OUTSIDE = """() => [...document.querySelectorAll('body *')]
  .filter(e => !e.closest('svg, .hidden-words, .skip, .say, .table-scroll, .bar-nav, details:not([open])'))
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width && (box.right > innerWidth + 1 || box.left < -1))
  .map(([e]) => e.tagName + '.' + e.className)"""
# A launch has led to a screen of ours (then its first load is over), not to the page for strangers.
# (A function, not an expression: the page's policy forbids to evaluate text.)
OPENED = """() => location.pathname.startsWith('/app/') && location.pathname.length > 5 &&
    !!document.querySelector('#page h1')"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def running_demo(folder: Path) -> AbstractContextManager[Demo]:
    """Return a demonstration of its own, started when it is entered."""
    return Demo(open_folder(folder, fresh=False), Ports(tool=free_port(), lms=0))


def until(holds: Callable[[], bool], what: str, seconds: float = 25.0) -> None:
    """Look again and again until something holds that happens in another process."""
    limit = monotonic() + seconds
    while not holds():
        assert monotonic() < limit, f"not within {seconds:.0f} s: {what}"
        sleep(0.05)


def goal_path(child: str, goal: str = "main", then: str = "") -> str:
    """Return the path of a child's goal."""
    return f"/app/g/{demo_id('goal', child, goal)}{then}"


def child_path(child: str, then: str = "") -> str:
    """Return the path of a child."""
    return f"/app/c/{demo_id('student', child)}{then}"


@dataclass(slots=True, kw_only=True)
class Behind:
    """What stands in the database and in the practice LMS, to compare the screens with."""

    demo: Demo
    wired: Wired

    @classmethod
    def of(cls, demo: Demo) -> Behind:
        """Open the demonstration's database a second time, as another process would."""
        return cls(demo=demo, wired=wire(Settings.from_env(demo.environ)))

    def caseload(self, key: str = "halloran") -> Caseload:
        """Return the use cases as one person may use them."""
        adult = AdultId(demo_id("adult", key))
        return self.wired.caseload_of(self.wired.doors.sites()[0], Asking(adult_id=adult))

    def goal(self, child: str, goal: str = "main") -> GoalId:
        """Return a goal's id."""
        return GoalId(demo_id("goal", child, goal))

    def student(self, child: str) -> StudentId:
        """Return a child's id."""
        return StudentId(demo_id("student", child))

    def points(self, child: str, goal: str) -> list[DataPoint]:
        """Return a goal's points that were made from taps, oldest first."""
        page = self.caseload().goals.goal(self.goal(child, goal))
        return sorted(
            (one for one in page.history if one.from_set is not None), key=lambda one: one.received_at
        )

    def adult(self, key: str) -> AdultId:
        """Return an adult's id."""
        return AdultId(demo_id("adult", key))

    def write(self, child: str, *readers: str, text: str, goal: str = "main") -> Message:
        """Send a note with the data's sentences and the case manager's own words."""
        caseload, student, goal_id = self.caseload(), self.student(child), self.goal(child, goal)
        suggested = caseload.writing.compose(student, goal_id).suggested
        parts = (*suggested, Phrase(key="update.label.went_well"), FreeText(text=text, lang="en"))
        letter = Letter(parts=parts, recipient_ids=frozenset(self.adult(key) for key in readers))
        return caseload.writing.send(student, goal_id, letter, ClientKey(uuid4())).message

    def talk(self, child: str, goal: str = "main") -> ConversationPage:
        """Return the conversation about a goal as the case manager sees it."""
        return self.caseload().conversation.page(self.student(child), self.goal(child, goal))

    def arrived(self, key: str) -> list[dict[str, Any]]:
        """Return the LMS messages that arrived for somebody, oldest first."""
        number = next(str(user["canvas_user_id"]) for user in people()["users"] if user["key"] == key)
        guard = {"X-Sandbox-Key": self.demo.lms.admin_key}
        answer = requests.get(f"{self.demo.lms_url}/sandbox/wire", headers=guard, timeout=10)
        listed = answer.json()
        rows: list[dict[str, Any]] = listed if isinstance(listed, list) else listed["deliveries"]
        return [row for row in rows if row["receiver"].rpartition(" ")[2] == number]


class AtDevice:
    """Somebody at their own device, looking at the tool in the frame of the practice LMS.

    `taps` counts what a finger does: every `tap` is one.
    """

    def __init__(self, demo: Demo, key: str, context: BrowserContext, *, course: int = COURSE) -> None:
        self.demo, self.key, self.course = demo, key, course
        self.context = context
        self.page: Page = context.new_page()
        self.taps = 0

    @property
    def tool(self) -> FrameLocator:
        """The tool, to look for things in."""
        return self.page.frame_locator("#tool_content")

    @property
    def frame(self) -> Frame:
        """The tool's frame, to ask the page itself."""
        found = self.page.locator("#tool_content").element_handle().content_frame()
        assert found is not None
        return found

    def launch(self, *, bare: bool = True) -> AtDevice:
        """Open the tool: alone on the page, or from the course page through the course's menu."""
        self.page.goto(self.lms_page(f"/courses/{self.course}", bare=bare))
        if not bare:
            self.page.get_by_role("navigation", name="Course navigation").get_by_role(
                "link", name="Rapport"
            ).click()
        return self.opened()

    def opened(self) -> AtDevice:
        """Wait until a launch has led to a screen."""
        self.frame.wait_for_function(OPENED)
        self.settled()
        return self

    def lms_page(self, path: str, *, bare: bool = False) -> str:
        """Return the address of a page of the practice LMS as this person."""
        return f"{self.demo.lms_url}{path}?as={self.key}{'&frame=bare' if bare else ''}"

    def go(self, path: str) -> AtDevice:
        """Open a path of the tool, as a link to it would."""
        self.frame.evaluate(
            """path => { const link = document.createElement('a'); link.href = path;
                document.getElementById('page').append(link); link.click(); }""",
            path,
        )
        self.frame.wait_for_function("path => location.pathname + location.search === path", arg=path)
        self.settled()
        return self

    def settled(self) -> None:
        """Wait until the screen is no longer on its way."""
        expect(self.tool.locator("#page")).not_to_have_attribute("aria-busy", "true")
        expect(self.tool.locator("main h1").first).to_be_visible()

    def tap(self, what: Locator) -> None:
        """Tap something, and count it."""
        what.click()
        self.taps += 1

    def link(self, name: Words, *, exact: bool = True) -> Locator:
        """Return a link by its name."""
        return self.tool.get_by_role("link", name=name, exact=exact).first

    def button(self, name: Words, *, exact: bool = True) -> Locator:
        """Return a button by its name."""
        return self.tool.get_by_role("button", name=name, exact=exact).first

    def heading(self, words: Words) -> None:
        """Wait for a screen by its heading."""
        expect(self.tool.get_by_role("heading", level=1, name=words)).to_be_visible()

    def fits(self) -> None:
        """Check that nothing scrolls sideways and nothing is cut off at the side."""
        assert 0 == self.frame.evaluate(SIDEWAYS), self.frame.url
        assert [] == self.frame.evaluate(OUTSIDE), self.frame.url


Device = Callable[..., AtDevice]
