"""From a school's file to a caseload of 24 in one sitting: every tap and keystroke is counted.

The time is estimated with the keystroke-level model (Card, Moran and Newell, "The keystroke-level model for
user performance time with interactive systems", Communications of the ACM 23(7), 1980): pointing 1.1 s, a
button 0.2 s, a keystroke 0.28 s (average typist), hands to the keyboard and back 0.4 s each, and one mental
preparation of 1.35 s before every tap and every piece of text. With ``IEP_TEST_SHOTS`` naming a folder, every
page of the way is kept there as a picture in three widths.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lti_app.demo.folder import open_folder
from lti_app.demo.supervisor import Demo, Ports
from tests.e2e.test_setup import Person
from tests.unit.screens.test_rosters import one_roster

POINT, PRESS, KEY, HOME, MENTAL = 1.1, 0.2, 0.28, 0.4, 1.35
SECONDS_PER_PAGE = 1.0
HALF_AN_HOUR = 30 * 60
LOOK_UP = 30
"""Seconds to find one parent on paper, for each: what the model cannot know."""

GIVEN = (
    *("Ada", "Bo", "Cleo", "Dov", "Eve", "Fay", "Gus", "Hal", "Ida", "Jed", "Kai", "Lou"),
    *("Mia", "Ned", "Oda", "Pia", "Quin", "Rae", "Sol", "Tess", "Una", "Vic", "Wim", "Xia"),
)
GRADES = ("KG", "01", "02", "03", "04", "05")
LANGUAGES = ("Spanish", "English", "Somali")
BASIS = "enrollment card, seen today"


@dataclass(slots=True)
class Counted:
    """What the hands did, and how often a page came."""

    taps: int = 0
    keys: int = 0
    texts: int = 0
    pages: int = 0

    @property
    def seconds(self) -> float:
        """How long it takes by the keystroke-level model."""
        hands = self.taps * (MENTAL + POINT + PRESS) + self.texts * (MENTAL + 2 * HOME) + self.keys * KEY
        return hands + self.pages * SECONDS_PER_PAGE

    def tap(self, what: Locator) -> None:
        """Tap something."""
        what.click()
        self.taps += 1

    def type(self, where: Locator, text: str) -> None:
        """Tap a box and type into it."""
        self.tap(where)
        where.press_sequentially(text)
        self.keys += len(text)
        self.texts += 1


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[Demo]:
    """The demonstration with an empty site."""
    folder = open_folder(tmp_path_factory.mktemp("rosters") / "demo", fresh=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with Demo(folder, Ports(tool=port, lms=0), empty=True) as running:
        yield running


@pytest.fixture
def person(
    demo: Demo, page_at: Callable[..., Page], axe: Callable[..., list[str]]
) -> Callable[[str, int], Person]:
    """Return a maker of people at devices."""
    return lambda key, width: Person(page_at(width), demo, key, axe)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school's OneRoster file: 24 pupils, five teachers, a parent for each pupil."""
    pupils = [
        (str(4100 + place), name, f"Test{place:02}", GRADES[place % 6]) for place, name in enumerate(GIVEN)
    ]
    content = one_roster(
        pupils,
        teachers=[(str(9100 + place), f"Teacher{place}") for place in range(5)],
        parents=[(f"g{place}", f"Mo{place:02}", str(4100 + place)) for place in range(len(GIVEN))],
    )
    path = tmp_path_factory.mktemp("school") / "school.zip"
    path.write_bytes(content)
    return path


def _list() -> str:
    """Return the list as it lies in a spreadsheet: four rows lack the number."""
    rows = ["Name\tNumber\tLanguage"]
    for place, name in enumerate(GIVEN):
        number = "" if place % 6 == 5 else str(4100 + place)
        rows.append(f"Test{place:02}, {name}\t{number}\t{LANGUAGES[place % 3]}")
    return "\n".join(rows)


def test_twenty_four_in_one_sitting(
    person: Callable[[str, int], Person], school: Path, record_property: Callable[[str, object], None]
) -> None:
    """A file becomes an address book after a look at it; 24 records, their teams and parents stand within
    half an hour; and nobody reads a record because of a list."""
    halloran, ames = person("halloran", 1366), person("ames", 1366)
    _appoint(ames)
    _bring(ames, school)
    moss = person("moss", 1366)
    halloran.launch()
    counted = Counted()
    _open_all(halloran, counted)
    _teams(halloran, counted)
    _parents(halloran, counted)
    record_property("taps", counted.taps)
    record_property("keystrokes", counted.keys)
    record_property("seconds", round(counted.seconds))
    print(f"{counted.taps} taps, {counted.keys} keystrokes, {counted.pages} pages: {counted.seconds:.0f} s")
    assert counted.seconds + len(GIVEN) * LOOK_UP < HALF_AN_HOUR
    moss.launch()  # listed nowhere on these teams
    expect(moss.tool.get_by_text("Nobody has put you on a team yet")).to_be_visible()
    for who in (ames, halloran):
        _in_spanish(who)


def _appoint(ames: Person) -> None:
    ames.tap("link", "Staff")
    ames.heading("Staff")
    row = ames.tool.get_by_role("listitem").filter(has_text="Priya Halloran")
    row.get_by_role("button", name="Appoint").click()
    expect(row.get_by_role("button", name="End Case manager")).to_be_visible()
    ames.launch()


def _bring(ames: Person, school: Path) -> None:
    ames.tap("link", "Rosters")
    ames.heading("Rosters")
    ames.looks_right("rosters")
    ames.tool.get_by_label("OneRoster file").set_input_files(school)
    ames.tap("button", "Read the file")
    ames.heading("Student information system")
    ames.tool.locator("summary").first.click()
    expect(ames.tool.get_by_text("Ada Test00")).to_be_visible()
    ames.looks_right("preview")
    ames.tap("button", "Yes, take them in")
    expect(ames.tool.get_by_text("Done.")).to_be_visible(timeout=30_000)
    ames.looks_right("feed")
    ames.tap("link", "Rosters")
    ames.heading("Rosters")
    ames.looks_right("sources")


def _open_all(halloran: Person, counted: Counted) -> None:
    tool = halloran.tool
    counted.tap(tool.get_by_role("link", name="Set up my caseload").first)
    halloran.heading("Set up my caseload")
    halloran.looks_right("setup")
    counted.tap(tool.get_by_label("One student in each line"))
    tool.get_by_label("One student in each line").fill(_list())  # pasted: two keys
    counted.keys += 2
    counted.tap(tool.get_by_role("button", name="Look at the list"))
    halloran.heading("Look once, then open")
    halloran.looks_right("review")
    for choice in tool.get_by_label(re.compile("^Yes, this one")).all():
        counted.tap(choice)
    counted.tap(tool.get_by_role("button", name="Open the records"))
    halloran.heading("People around them")
    expect(tool.get_by_text("24 records are open, with nothing written in them.")).to_be_visible()
    halloran.looks_right("around")
    tool.get_by_role("button", name="Undo: close them").click()  # and once more, not counted
    halloran.heading("Set up my caseload")
    expect(tool.get_by_text("The records are closed again.")).to_be_visible()
    tool.get_by_label("One student in each line").fill(_list())
    tool.get_by_role("button", name="Look at the list").click()
    halloran.heading("Look once, then open")
    for choice in tool.get_by_label(re.compile("^Yes, this one")).all():
        choice.click()
    tool.get_by_role("button", name="Open the records").click()
    halloran.heading("People around them")
    counted.pages += 3


def _teams(halloran: Person, counted: Counted) -> None:
    expect(
        halloran.tool.get_by_role("heading", name=re.compile("5 members of staff are listed"))
    ).to_be_visible()
    counted.tap(halloran.tool.get_by_role("button", name="Add all 5"))
    expect(halloran.tool.get_by_text("Nobody of their courses is missing")).to_be_visible()
    counted.pages += 1


def _parents(halloran: Person, counted: Counted) -> None:
    tool = halloran.tool
    for left in range(len(GIVEN), 0, -1):
        words = re.compile(rf"^{left} parents? to confirm")
        expect(tool.get_by_role("heading", name=words)).to_be_visible()
        assert 0 == tool.locator("input[type=radio]:checked").count(), "a right was chosen for her"
        for question in ("see the school records", "make school decisions"):
            counted.tap(tool.get_by_role("group", name=re.compile(question)).locator(".tile").first)
        counted.type(tool.get_by_label("What does this rest on?"), BASIS)
        if left == len(GIVEN):
            halloran.looks_right("parent")
        counted.tap(tool.get_by_role("button", name=re.compile("^Confirm")))
        counted.pages += 1
    expect(tool.get_by_text("No roster names a parent who is not confirmed.")).to_be_visible()
    halloran.looks_right("finished")


def _in_spanish(who: Person) -> None:
    who.tool.get_by_role("link", name="Español").click()
    expect(who.tool.locator("html")).to_have_attribute("lang", "es")
    for name, path in list(who.seen.items()):
        if name == "review":
            continue  # it stands for a form that was sent
        who.visit(path)
        expect(who.tool.locator("html")).to_have_attribute("lang", "es")
        who.looks_right(f"{name}-es")
