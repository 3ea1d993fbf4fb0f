"""The page that builds a connector builds one: its code keeps the contract, in less than a hundred lines."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from connectors.registry import GROUP, config_of
from iepcore.errors import ConnectorError, InvalidValue
from iepcore.people import RosterStanding, UnreadRow, standings_of
from iepcore.testing.roster_contract import RosterSourceContract

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "build-a-connector.md"
TEXT = PAGE.read_text(encoding="utf-8")


def code_after(words: str, language: str = "python") -> str:
    """Return the block of code that follows some words of the page."""
    found = re.search(rf"```{language}\n(.*?)^```", TEXT[TEXT.index(words) :], re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


SOURCE = code_after("\n`nightly_roster.py`\n")


def loaded() -> tuple[ModuleType, dict[str, object]]:
    """Return the page's module and what its test defines."""
    module = ModuleType("nightly_roster")
    exec(compile(SOURCE, "nightly_roster.py", "exec"), module.__dict__)
    sys.modules["nightly_roster"] = module
    try:
        names: dict[str, object] = {"__name__": "test_nightly_roster"}
        exec(compile(code_after("\n`test_nightly_roster.py`"), "test_nightly_roster.py", "exec"), names)
        return module, names
    finally:
        del sys.modules["nightly_roster"]


MODULE, NAMES = loaded()
Base: type[RosterSourceContract] = NAMES["TestNightly"]  # type: ignore[assignment]


class TestTheConnectorOfThePage(Base):  # type: ignore[misc,valid-type]
    """As a reader would run it."""


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """Return the file of the page."""
    path = tmp_path / "nightly.csv"
    path.write_text(code_after("one line per place", "text"), encoding="utf-8")
    return path


def test_it_has_less_than_a_hundred_lines_of_code() -> None:
    """Blank lines and notes left out."""
    lines = [line for line in SOURCE.splitlines() if line.strip() and not line.strip().startswith("#")]

    assert 60 < len(lines) < 100


def test_the_file_shown_is_read_as_the_page_says(night: Path) -> None:
    """Three courses, each person as they stand, one link."""
    source = MODULE.make({"path": str(night), "source": "district", "zone": "UTC"})
    listed = source.courses()
    found = {one.course.title: one for one in source.rosters(listed.courses)}

    assert "district" == source.source
    assert {"Reading 4", "Maths 4", "Art"} == set(found)
    assert all(one.complete for one in found.values())
    reading = {person.subject: how for person, how, _ in standings_of(found["Reading 4"])}
    expected = {"t1": RosterStanding.TEACHER, "s1": RosterStanding.PUPIL, "p1": RosterStanding.OBSERVER}
    assert expected == reading
    assert [1] == [len(one.guardians) for one in found.values() if one.guardians]


def test_what_it_cannot_read_it_tells(night: Path) -> None:
    """A row with its line; a file that is none, for all courses, with no word of it."""
    night.write_text(night.read_text(encoding="utf-8") + "A1;Art;;student;Ana;1;\n", encoding="utf-8")
    source = MODULE.make({"path": str(night)})
    [art] = [one for one in source.rosters(source.courses().courses) if one.course.id == "A1"]
    assert (UnreadRow(place="nightly file", line=8, code="row_form", fields=("id",)),) == art.unread

    night.write_bytes(b"\xff\xfe Maya")
    with pytest.raises(ConnectorError, match="nightly_unreadable") as caught:
        source.courses()
    assert caught.value.__context__ is None
    with pytest.raises(InvalidValue, match="option_missing"):
        MODULE.make({})


def test_the_names_of_the_page_are_ours() -> None:
    """The group of entry points, and the form of a configuration."""
    assert f'[project.entry-points."{GROUP}"]' in code_after("pyproject.toml` of", "toml")
    assert {"path": "/data/nightly.csv"} == config_of("path = /data/nightly.csv")
