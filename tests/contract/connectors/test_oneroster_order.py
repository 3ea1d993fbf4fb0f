"""Order, days and progress of OneRoster files: what must not matter, what must, what is told meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.oneroster import OneRosterOptions, OneRosterSource
from connectors.oneroster.columns import COLUMNS
from iepcore.people import CourseRoster, EnrollmentState, PullProgress, ShortfallKind
from tests.contract.connectors.oneroster_zip import (
    CLASSES,
    ENROLLMENTS,
    PEOPLE,
    District,
    csv_of,
    enrolled,
    user,
)
from tests.contract.connectors.test_oneroster_rows import AT, rosters_of, source_of, standing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of the test's own."""
    return tmp_path


# -------------------------------------------------------------------------------------- order of things


@st.composite
def orders(draw: st.DrawFn) -> District:
    """Return the district with its columns and rows in any order, and columns of the sender's own."""
    version = draw(st.sampled_from(["1.1", "1.2"]))
    columns = {
        name: draw(st.permutations([*COLUMNS[version][name], "metadata.b", "metadata.a"]))
        for name in ("users.csv", "classes.csv", "enrollments.csv", "roles.csv")
        if name in COLUMNS[version]
    }
    extra = [enrolled("c-read", "s-none"), enrolled("c-art", "s-lena", "odd")]
    return District(
        version=version,
        people=draw(st.permutations([*PEOPLE, {**PEOPLE[4], "familyName": "Other"}])),
        classes=draw(st.permutations(CLASSES)),
        enrollments=draw(st.permutations([*ENROLLMENTS, *extra])),
        orders=columns,
    )


def told(source: OneRosterSource) -> dict[str, CourseRoster]:
    """Return the rosters without lines, which of course move."""
    return {id_: replace(roster, unread=()) for id_, roster in rosters_of(source).items()}


@settings(max_examples=60, deadline=None)
@given(orders())
def test_order_means_nothing(tmp_path_factory: pytest.TempPathFactory, district: District) -> None:
    """Columns, rows and the sender's own columns may stand in any order."""
    folder = tmp_path_factory.mktemp("order")
    plain = District(
        version=district.version,
        people=[*PEOPLE, {**PEOPLE[4], "familyName": "Other"}],
        enrollments=[*ENROLLMENTS, enrolled("c-read", "s-none"), enrolled("c-art", "s-lena", "odd")],
    )
    expected = told(OneRosterSource(plain.write(folder / "a.zip"), now=lambda: AT))

    assert expected == told(OneRosterSource(district.write(folder / "b.zip"), now=lambda: AT))


# ------------------------------------------------------------------------------------ time and progress


def test_the_day_is_the_schools(folder: Path) -> None:
    """At two in the morning in Greenwich it is still yesterday in Chicago."""
    district = District(enrollments=[enrolled("c-art", "s-omar", endDate="2026-11-03")])
    night = datetime(2026, 11, 3, 2, tzinfo=UTC)
    states = []
    for zone in ("UTC", "America/Chicago"):
        path = district.write(folder / "r.zip")
        source = OneRosterSource(path, OneRosterOptions(zone=zone), now=lambda: night)
        states.append(standing(rosters_of(source)["c-art"], "s-omar")[1])

    assert [EnrollmentState.ENDED, EnrollmentState.ACTIVE] == states


def test_progress_is_told_while_a_large_file_is_read(folder: Path) -> None:
    """Rows before the first course; who listens may stop it, and ask again."""
    people = [*PEOPLE, *(user(f"n{place}", "student", "N", "N") for place in range(2500))]
    source = source_of(District(people=people), folder)
    course = source.courses().courses[0]
    fresh = source_of(District(people=people), folder)
    heard: list[PullProgress] = []

    def stop(progress: PullProgress) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        list(fresh.rosters([course], tell=stop))
    assert 1 == len(list(fresh.rosters([course], tell=heard.append)))
    assert [(0, 2000), (1, heard[-1].rows)] == [(one.done, one.rows) for one in heard]
    assert heard[-1].rows > 2500


def test_counts_are_of_rows_that_can_be_read(folder: Path) -> None:
    """For whoever compares them with the student system."""
    rows = [*ENROLLMENTS, enrolled("c-read", "s-none")]
    source = source_of(District(version="1.2", enrollments=rows), folder)

    assert {"people": 7, "classes": 3, "enrollments": 8} == dict(source.counts)
    assert "1.2" == source.version


def test_a_list_of_classes_that_breaks_off_is_partial(folder: Path) -> None:
    """And so is every list of changes of them."""
    classes = csv_of(COLUMNS["1.1"]["classes.csv"], CLASSES) + b'"never closed\r\n'
    listed = source_of(District(files={"classes.csv": classes}), folder).courses()

    assert (3, False) == (len(listed.courses), listed.complete)
    assert ShortfallKind.PAGES_LOST in {one.kind for one in listed.shortfalls}
