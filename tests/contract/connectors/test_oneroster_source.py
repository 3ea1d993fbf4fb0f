"""OneRoster zips keep the contract of every source of rosters, in both versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.oneroster import OneRosterSource
from iepcore.people import CourseListing
from iepcore.testing.roster_contract import ExpectedCourse, RosterSourceContract
from tests.contract.connectors.oneroster_zip import District

AT = datetime(2026, 11, 2, 14, tzinfo=UTC)
EXPECTED = (
    ExpectedCourse(
        id="c-read",
        pupils=frozenset({"s-maya", "s-omar"}),
        adults=frozenset({"t-reed", "t-park"}),
        guardians=frozenset({("p-grace", "s-maya"), ("p-farid", "s-omar")}),
    ),
    ExpectedCourse(
        id="c-math",
        pupils=frozenset({"s-lena"}),
        adults=frozenset({"t-reed"}),
        guardians=frozenset({("p-farid", "s-lena")}),
    ),
    ExpectedCourse(id="c-art", pupils=frozenset({"s-omar"}), guardians=frozenset({("p-farid", "s-omar")})),
)


@pytest.fixture(params=["1.1", "1.2"])
def version(request: pytest.FixtureRequest) -> str:
    """Return a version of the standard."""
    return str(request.param)


class TestOneRosterKeepsTheContract(RosterSourceContract):
    """Everything that a source promises."""

    @pytest.fixture
    def source(self, tmp_path: Path, version: str) -> OneRosterSource:
        """Return the source over the small district."""
        path = District(version=version).write(tmp_path / "roster.zip")
        return OneRosterSource(path, now=lambda: AT)

    @pytest.fixture
    def expected(self) -> Sequence[ExpectedCourse]:
        """Return what the district holds."""
        return EXPECTED

    @pytest.fixture
    def absent(self) -> CourseListing:
        """Return a class that is in no file."""
        return CourseListing(id="c-none")
