"""What we must not read becomes no value: passwords, credentials, demographics, a sender's own cells."""

from __future__ import annotations

import gc
import io
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.oneroster import OneRosterDelta, OneRosterFault, OneRosterSource, apply_delta
from connectors.oneroster.columns import COLUMNS
from connectors.oneroster.schemas import SCHEMAS
from iepcore.people import CourseRoster
from tests.contract.connectors.oneroster_zip import (
    CLASSES,
    ENROLLMENTS,
    PEOPLE,
    SECRET,
    District,
    enrolled,
    user,
)

UNREAD = {
    "password",
    "username",
    "phone",
    "sms",
    "pronouns",
    "credentialType",
    "middleName",
    "userMasterIdentifier",
    *COLUMNS["1.1"]["demographics.csv"][3:],
}


def texts_below(*roots: object) -> Iterator[str]:
    """Yield every text that can be reached from some objects."""
    seen: set[int] = set()
    waiting: list[object] = list(roots)
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type) or type(one).__name__ in {"module", "function"}:
            continue
        seen.add(id(one))
        if isinstance(one, str):
            yield one
        elif isinstance(one, bytes | bytearray):
            yield one.decode("utf-8", "replace")
        else:
            waiting += gc.get_referents(one)


def test_no_schema_reads_what_is_private() -> None:
    """Nor does any exist for the files that are never opened."""
    for schemas in SCHEMAS.values():
        assert not {"demographics.csv", "userProfiles.csv"} & schemas.keys()
        for schema in schemas.values():
            assert not UNREAD & set(schema.columns)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_private_cells_are_in_no_value(
    tmp_path: Path, version: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Everything that hangs on the source, and the log, is looked through, after all was read."""
    caplog.set_level(logging.DEBUG)
    bad = [*PEOPLE, user("s-bad", "nobody", "B", "B"), user("s-maya", "student", "Other", "Child")]
    district = District(version=version, people=bad, roles=None)
    assert SECRET.encode() in district.contents()["users.csv"]
    source = OneRosterSource(district.write(tmp_path / "r.zip"))
    rosters = list(source.rosters(source.courses().courses))

    found = list(texts_below(vars(source), source.report, rosters))
    assert any("Omar" in text for text in found)
    assert not [text for text in found if SECRET in text]
    assert SECRET not in caplog.text


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_private_cells_are_in_no_delta(tmp_path: Path, version: str) -> None:
    """Changes are read the same way."""
    district = District(version=version, mode="delta")
    delta = apply_delta([], district.write(tmp_path / "d.zip"))
    assert isinstance(delta, OneRosterDelta)
    rosters: list[CourseRoster] = list(delta.rosters(delta.courses().courses))

    assert not [text for text in texts_below(vars(delta), rosters) if SECRET in text]


def test_a_fault_in_the_middle_tells_no_cell(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The whole trace, as a careless program would log it, holds neither private cells nor names."""
    caplog.set_level(logging.DEBUG)
    contents = District().contents()
    users = contents["users.csv"] + b"\0"
    path = District(files={"users.csv": users}).write(tmp_path / "r.zip")
    out = io.StringIO()
    with pytest.raises(OneRosterFault) as caught:
        OneRosterSource(path).courses()
    traceback.print_exception(caught.value, file=out)
    told = out.getvalue() + repr(caught.value) + str(caught.value.params) + caplog.text

    assert not [word for word in (SECRET, "Maya", "Thompson", "1001") if word in told]


def test_problems_tell_no_value(tmp_path: Path) -> None:
    """Whatever is wrong with a row: its file, line, columns and a code of ours, and no cell of it."""
    district = District(
        people=[*PEOPLE, user("s-x", "Wrong Role Word", "Casey", "Quill", agentSourcedIds="p-Hidden")],
        classes=[*CLASSES, {**CLASSES[0], "title": "Casey Quill's class"}],
        enrollments=[*ENROLLMENTS, enrolled("c-read", "Casey Quill", "student", endDate="Casey Quill")],
    )
    source = OneRosterSource(district.write(tmp_path / "r.zip"))
    rosters = list(source.rosters(source.courses().courses))
    told = repr(source.report) + repr([one.unread for one in rosters]) + repr(source.courses().unread)

    assert source.report.total >= 4
    assert not [word for word in ("Casey", "Quill", "Hidden", "Wrong") if word in told]


def test_representations_show_no_person(tmp_path: Path) -> None:
    """Rows of people and everything that holds them show ids at most."""
    source = OneRosterSource(District().write(tmp_path / "r.zip"))
    source.courses()

    shown = repr(source) + repr(vars(source))
    assert "Maya" not in shown
    assert "grace@mail" not in shown
