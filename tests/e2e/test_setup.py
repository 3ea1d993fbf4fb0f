"""The empty site, from nothing to a parent who sees her child, over the real demo in a cross-site frame.

With ``IEP_TEST_SHOTS`` naming a folder, every page of the way is kept there as a picture in three widths.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, FrameLocator, Page, expect

from lti_app.demo.folder import open_folder
from lti_app.demo.supervisor import Demo, Ports

COURSE = 101
SHOTS = os.environ.get("IEP_TEST_SHOTS")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[Demo]:
    """The demonstration with an empty site: the school, its connection and one records officer."""
    folder = open_folder(tmp_path_factory.mktemp("empty") / "demo", fresh=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with Demo(folder, Ports(tool=port, lms=0), empty=True) as running:
        yield running


class Person:
    """Somebody at their own device, looking at the tool in the frame of the LMS."""

    def __init__(self, page: Page, demo: Demo, key: str, axe: Callable[..., list[str]]) -> None:
        self.page, self.demo, self.key, self.axe = page, demo, key, axe
        self.seen: dict[str, str] = {}
        self.launch()

    def launch(self) -> None:
        """Open the tool from the course."""
        self.page.goto(f"{self.demo.lms_url}/courses/{COURSE}?as={self.key}&frame=bare")
        self.tool: FrameLocator = self.page.frame_locator("#tool_content")
        expect(self.tool.locator("h1").last).to_be_visible()

    def heading(self, words: str | re.Pattern[str]) -> None:
        """Wait until a page has its heading."""
        expect(self.tool.get_by_role("heading", level=1, name=words)).to_be_visible()

    def tap(self, role: str, name: str | re.Pattern[str], *, exact: bool = True) -> None:
        """Press a button or link."""
        self.tool.get_by_role(role, name=name, exact=exact).first.click()  # type: ignore[arg-type]

    @property
    def frame(self) -> Frame:
        """The tool's own document."""
        frame = self.page.frame(name="tool_content")
        assert frame is not None
        return frame

    def visit(self, path: str) -> None:
        """Open a page of the tool as a link to it would."""
        self.frame.evaluate(
            "path => { const link = document.createElement('a'); link.href = path;"
            " document.getElementById('page').append(link); link.click(); }",
            path,
        )
        self.frame.wait_for_function(
            "path => location.pathname + location.search === path"
            " && document.getElementById('page')?.hasAttribute('aria-busy') === false",
            arg=path,
        )

    def looks_right(self, name: str) -> None:
        """Judge the page with axe and for its width; keep pictures where asked for."""
        frame = self.frame
        self.seen[name] = frame.evaluate("location.pathname + location.search")
        assert [] == self.axe(frame), name
        wide = frame.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert 0 == wide, f"{name} is wider than the screen"
        if SHOTS:
            size = self.page.viewport_size
            assert size is not None
            for width in (390, 820, 1366):
                self.page.set_viewport_size({"width": width, "height": 800})
                height = frame.evaluate("document.documentElement.scrollHeight")
                self.page.set_viewport_size({"width": width, "height": height + 20})
                self.page.screenshot(path=f"{SHOTS}/{name}-{width}.png")
            self.page.set_viewport_size(size)


@pytest.fixture
def person(
    demo: Demo, page_at: Callable[..., Page], axe: Callable[..., list[str]]
) -> Callable[[str, int], Person]:
    """Return a maker of people at devices."""
    return lambda key, width: Person(page_at(width), demo, key, axe)


def test_from_an_empty_site_to_a_parent_who_reads(person: Callable[[str, int], Person]) -> None:
    """An officer appoints, a case manager opens a record, adds a goal, confirms a mother; she sees it."""
    halloran = person("halloran", 820)
    halloran.heading(re.compile("Priya Halloran"))
    ames = person("ames", 1366)
    _appoint(ames)
    halloran.launch()
    _add_lucia(halloran)
    _add_goal(halloran)
    _build_team(halloran)
    _confirm_elena(halloran)
    elena = person("elena", 390)
    expect(elena.tool.get_by_role("heading", level=1)).to_contain_text("Lucía")
    for who in (ames, halloran):
        _in_spanish(who)


def _appoint(ames: Person) -> None:
    ames.tap("link", "Staff")
    ames.heading("Staff")
    row = ames.tool.get_by_role("listitem").filter(has_text="Priya Halloran")
    row.get_by_role("button", name="Appoint").click()
    expect(row.get_by_role("button", name="End Case manager")).to_be_visible()
    own = ames.tool.get_by_role("listitem").filter(has_text="Gordon Ames")
    own.get_by_role("button", name="End Records officer").click()
    expect(ames.tool.get_by_role("alert")).to_contain_text("always has a records officer")
    ames.looks_right("staff")


def _add_lucia(halloran: Person) -> None:
    halloran.tap("link", "Add a child")
    halloran.heading("Add a child")
    expect(halloran.tool.get_by_role("list", name="Pupils").get_by_role("listitem")).to_have_count(24)
    halloran.looks_right("add")
    halloran.tool.get_by_label("Find a pupil").fill("lucia mar")
    halloran.tap("button", "Find")
    pupils = halloran.tool.get_by_role("list", name="Pupils").get_by_role("listitem")
    expect(pupils).to_have_count(1)
    pupils.get_by_role("link").click()
    halloran.heading("Lucía Marín Duarte")
    expect(halloran.tool.get_by_label("Called")).to_have_value("Lucía")
    halloran.tool.get_by_label("Grade", exact=True).select_option("3")
    halloran.looks_right("add_child")
    halloran.tool.get_by_label("Language spoken at home").select_option("es")
    halloran.tap("button", "Open the record")
    halloran.heading("Lucía")
    for next_step in ("Add a goal", "Family and rights", "Team and places"):
        expect(halloran.tool.get_by_role("link", name=next_step)).to_be_visible()
    halloran.looks_right("student")


def _add_goal(halloran: Person) -> None:
    halloran.tap("link", "Add a goal")
    halloran.heading("How will you measure it?")
    halloran.looks_right("goal_kind")
    halloran.tap("link", "One-minute probe (CBM)")
    halloran.heading("One-minute probe (CBM)")
    halloran.tap("button", "Next: read it once")
    expect(halloran.tool.get_by_role("alert")).to_contain_text("Goal: Write a number")
    halloran.looks_right("goal_errors")
    halloran.tool.get_by_label("Skill", exact=True).select_option("reading_aloud")
    halloran.tool.get_by_label("Now", exact=True).fill("41")
    halloran.tool.get_by_label("Goal", exact=True).fill("84")
    halloran.tap("button", "Next: read it once")
    halloran.heading("Read it once")
    expect(halloran.tool.get_by_label("The whole goal in one sentence")).to_have_value(
        re.compile("Lucía goes from 41 to 84 words in a minute in reading aloud")
    )
    halloran.looks_right("goal_read")
    halloran.tap("button", "Add the goal")
    expect(halloran.tool.get_by_text("The goal is added.")).to_be_visible()
    halloran.tap("link", re.compile("Lucía"), exact=False)
    halloran.heading("Lucía")


def _build_team(halloran: Person) -> None:
    halloran.tap("link", "Team and places")
    halloran.heading("Team of Lucía")
    row = halloran.tool.get_by_role("listitem").filter(has_text="Lia Moss")
    row.get_by_role("button", name="Add").click()
    expect(row.get_by_role("button", name="Take off")).to_be_visible()
    row.get_by_role("button", name="Take off").click()
    halloran.tap("button", "Put back Lia Moss")
    expect(row.get_by_role("button", name="Take off")).to_be_visible()
    halloran.looks_right("team")
    halloran.tap("link", "Lucía")
    halloran.heading("Lucía")


def _confirm_elena(halloran: Person) -> None:
    halloran.tap("link", "Family and rights")
    halloran.heading("Family of Lucía")
    halloran.tool.get_by_text(re.compile("other observers in the child")).click()
    halloran.looks_right("family")
    other = halloran.tool.get_by_role("link", name="Confirm Ned Farrow").get_attribute("href")
    assert other is not None
    halloran.tool.get_by_role("link", name="Confirm Elena Duarte").click()
    halloran.heading("Confirm Elena Duarte")
    assert 0 == halloran.tool.locator("input[type=radio]:checked").count(), "a right was chosen for her"
    halloran.looks_right("confirm")
    halloran.seen["confirm"] = other  # hers is gone once she is confirmed
    halloran.tool.get_by_label("To Lucía, this person is").select_option("mother")
    for question in ("see the school records", "make school decisions"):
        halloran.tool.get_by_role("group", name=re.compile(question)).get_by_label("Yes").check(force=True)
    halloran.tool.get_by_label("What does this rest on?").fill("birth record seen today")
    halloran.tap("button", "Confirm")
    expect(halloran.tool.get_by_text("Confirmed.", exact=True)).to_be_visible()
    halloran.tool.get_by_role("link", name="Change Elena Duarte").click()
    halloran.heading("Rights of Elena Duarte")
    halloran.looks_right("rights")


def _in_spanish(who: Person) -> None:
    who.tool.get_by_role("link", name="Español").click()
    expect(who.tool.locator("html")).to_have_attribute("lang", "es")
    for name, path in list(who.seen.items()):
        who.visit(path)
        expect(who.tool.locator("html")).to_have_attribute("lang", "es")
        who.looks_right(f"{name}-es")
