"""The contract of roster sources, over the smallest source there is, and what it would notice."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from iepcore.people import (
    CourseList,
    CourseListing,
    CourseRoster,
    Enrollment,
    GuardianLink,
    PullProgress,
    RosterPerson,
    RosterSection,
    RosterStanding,
    Shortfall,
    ShortfallKind,
)
from iepcore.ports import Tell
from iepcore.testing import ExpectedCourse, RosterSourceContract
from iepcore.testing.roster_contract import _left_behind, _running

STANDING = RosterStanding


def a_course(number: str, *people: tuple[str, RosterStanding], guardian: str = "") -> CourseRoster:
    """Return a whole course."""
    links = [GuardianLink(guardian_subject=guardian, student_subject=people[0][0])] if guardian else []
    return CourseRoster(
        course=CourseListing(id=number),
        pulled_at=datetime(2026, 10, 1, tzinfo=UTC),
        sections=(RosterSection(id=number, title="All"),),
        people=tuple(RosterPerson(subject=subject, sis_id="S1") for subject, _ in people),
        enrollments=tuple(
            Enrollment(subject=subject, section_id=number, standing=how) for subject, how in people
        ),
        guardians=tuple(links),
    )


class ListSource:
    """A source over a list: what a connector of a hundred lines could be."""

    source = "list"

    def __init__(self, *rosters: CourseRoster) -> None:
        self._rosters = {roster.course.id: roster for roster in rosters}

    def courses(self) -> CourseList:
        return CourseList(courses=tuple(roster.course for roster in self._rosters.values()))

    def rosters(
        self, courses: Sequence[CourseListing], *, tell: Tell | None = None
    ) -> Iterator[CourseRoster]:
        made = []
        for number, course in enumerate(courses, start=1):
            if tell is not None:
                tell(PullProgress(done=number, of=len(courses)))
            gone = CourseRoster(
                course=course,
                pulled_at=datetime(2026, 10, 1, tzinfo=UTC),
                shortfalls=(Shortfall(kind=ShortfallKind.REFUSED),),
            )
            made.append(self._rosters.get(course.id, gone))
        return iter(made)


class TestAList(RosterSourceContract):
    """An iterator that cannot be closed is good enough."""

    @pytest.fixture
    def source(self) -> ListSource:
        return ListSource(
            a_course("1", ("a", STANDING.PUPIL), ("b", STANDING.OBSERVER), guardian="b"),
            a_course("2", ("c", STANDING.TEACHER)),
            a_course("3"),
        )

    @pytest.fixture
    def expected(self) -> Sequence[ExpectedCourse]:
        return [
            ExpectedCourse(
                id="1",
                pupils=frozenset({"a"}),
                adults=frozenset({"b"}),
                guardians=frozenset({("b", "a")}),
            ),
            ExpectedCourse(id="2", adults=frozenset({"c"})),
            ExpectedCourse(id="3"),
        ]


def test_a_thread_that_is_about_to_end_is_waited_for() -> None:
    """Nobody is blamed for a thread that ends by itself."""
    before = _running()
    thread = threading.Thread(target=lambda: threading.Event().wait(0.2))
    thread.start()

    assert set() == _left_behind(before)
