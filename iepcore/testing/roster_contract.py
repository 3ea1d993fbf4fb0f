"""What every source of rosters does, whatever the vendor calls things: whole or marked, each course once.

::

    from iepcore.testing import ExpectedCourse, RosterSourceContract

    class TestMySource(RosterSourceContract):
        @pytest.fixture
        def source(self):
            return MySource(...)

        @pytest.fixture
        def expected(self):
            return [ExpectedCourse(id="42", pupils=frozenset({"1001"}), ...)]

Give the source at least three courses, one of them with a guardian, or the tests of stopping prove little.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

import pytest

from iepcore.people import (
    CourseListing,
    CourseRoster,
    EnrollmentState,
    PullProgress,
    RosterStanding,
    ShortfallKind,
    standings_of,
)
from iepcore.ports import RosterSource

PATIENCE_SECONDS = 30.0
"""How long threads of a pull that was stopped may take to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCourse:
    """What a source must say of one course. Subjects are the source's own ids.

    ``pupils`` and ``adults`` are those with an active enrollment; ``guardians`` are pairs of guardian and
    pupil. ``complete``: whether the world behind the source lets it see everything.
    """

    id: str
    pupils: frozenset[str] = frozenset()
    adults: frozenset[str] = frozenset()
    guardians: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    complete: bool = True


class StopHere(Exception):
    """Raised by a test's ``tell`` to stop a pull."""


class RosterSourceContract:
    """Inherit, and override the fixtures ``source`` and ``expected``."""

    @pytest.fixture
    def source(self) -> RosterSource:
        """Return the source over a world that stands still. To be overridden."""
        raise NotImplementedError("override the fixture source")

    @pytest.fixture
    def expected(self) -> Sequence[ExpectedCourse]:
        """Return what the source must say. To be overridden."""
        raise NotImplementedError("override the fixture expected")

    @pytest.fixture
    def absent(self) -> CourseListing:
        """A course that the source does not know. Override when the id would mean something to it."""
        return CourseListing(id="990099")

    def test_its_name_is_the_identities_source(self, source: RosterSource) -> None:
        """A text that an identity can carry, the same each time."""
        assert 0 < len(source.source) <= 255
        assert source.source == source.source.strip()

    def test_courses_stand_once_each(self, source: RosterSource, expected: Sequence[ExpectedCourse]) -> None:
        """The list names the expected courses, each once, by ids of text."""
        listed = source.courses()

        ids = [course.id for course in listed.courses]
        assert {course.id for course in expected} == set(ids)
        assert len(ids) == len(set(ids))
        assert all(isinstance(one, str) for one in ids)

    def test_each_course_comes_exactly_once(
        self, source: RosterSource, expected: Sequence[ExpectedCourse]
    ) -> None:
        """In any order, and with the listing it was asked by."""
        wanted = _wanted(source, expected)

        rosters = list(source.rosters(wanted))

        assert sorted(course.id for course in wanted) == sorted(one.course.id for one in rosters)
        assert {course.id: course for course in wanted} == {one.course.id: one.course for one in rosters}

    def test_no_course_is_no_pull(self, source: RosterSource) -> None:
        """Nothing asked, nothing said."""
        heard: list[PullProgress] = []

        assert [] == list(source.rosters([], tell=heard.append))
        assert all(progress.of == 0 for progress in heard)

    def test_it_says_what_the_world_holds(
        self, source: RosterSource, expected: Sequence[ExpectedCourse]
    ) -> None:
        """Who is there and how they stand, who acts for whom, and whether that is all."""
        found = {}
        for roster in source.rosters(_wanted(source, expected)):
            standing = [(person.subject, how) for person, how, active in standings_of(roster) if active]
            found[roster.course.id] = ExpectedCourse(
                id=roster.course.id,
                pupils=frozenset(who for who, how in standing if how is RosterStanding.PUPIL),
                adults=frozenset(who for who, how in standing if how is not RosterStanding.PUPIL),
                guardians=frozenset((one.guardian_subject, one.student_subject) for one in roster.guardians),
                complete=roster.complete,
            )

        assert {course.id: course for course in expected} == found

    def test_every_roster_is_of_one_piece(
        self, source: RosterSource, expected: Sequence[ExpectedCourse]
    ) -> None:
        """One line per person; enrollments and links speak of people and sections that are in it."""
        for roster in source.rosters(_wanted(source, expected)):
            people = [person.subject for person in roster.people]
            sections = [section.id for section in roster.sections]
            assert len(people) == len(set(people))
            assert len(sections) == len(set(sections))
            assert {one.subject for one in roster.enrollments} <= set(people)
            assert {one.section_id for one in roster.enrollments} <= set(sections)
            ends = {end for one in roster.guardians for end in (one.guardian_subject, one.student_subject)}
            assert ends <= set(people)
            assert all(one.guardian_subject != one.student_subject for one in roster.guardians)
            assert len(roster.guardians) == len(set(roster.guardians))
            assert len(roster.enrollments) == len(set(roster.enrollments))
            _check_texts(roster)

    def test_what_cannot_be_read_is_counted(
        self, source: RosterSource, expected: Sequence[ExpectedCourse]
    ) -> None:
        """Every unread row of a course has its shortfall, and lines count from one."""
        for roster in source.rosters(_wanted(source, expected)):
            counted = sum(one.count for one in roster.shortfalls if one.kind is ShortfallKind.ROWS_UNREADABLE)
            assert len(roster.unread) == counted
            assert all(row.line >= 1 and row.place for row in roster.unread)
            assert roster.pulled_at.tzinfo is not None

    def test_a_course_that_is_not_there_is_never_whole(
        self, source: RosterSource, absent: CourseListing
    ) -> None:
        """Or everybody in it would seem to have left."""
        [roster] = source.rosters([absent])

        assert absent == roster.course
        assert not roster.complete

    def test_progress_only_grows(self, source: RosterSource, expected: Sequence[ExpectedCourse]) -> None:
        """It is told in the asking thread, ends with all courses done, and never goes back."""
        heard: list[PullProgress] = []
        threads: set[int] = set()

        def tell(progress: PullProgress) -> None:
            heard.append(progress)
            threads.add(threading.get_ident())

        wanted = _wanted(source, expected)
        list(source.rosters(wanted, tell=tell))

        assert {threading.get_ident()} == threads
        assert {len(wanted)} == {one.of for one in heard}
        assert len(wanted) == heard[-1].done
        for before, after in pairwise(heard):
            assert before.done <= after.done
            assert before.pages <= after.pages
            assert before.rows <= after.rows

    def test_who_listens_may_stop_it(self, source: RosterSource, expected: Sequence[ExpectedCourse]) -> None:
        """What ``tell`` raises comes out as it is, and nothing runs on."""
        before = _running()

        def tell(progress: PullProgress) -> None:
            raise StopHere

        with pytest.raises(StopHere):
            list(source.rosters(_wanted(source, expected), tell=tell))
        assert _left_behind(before) == set()

    def test_stopping_early_leaves_nothing_behind(
        self, source: RosterSource, expected: Sequence[ExpectedCourse]
    ) -> None:
        """Whoever takes the first course and goes leaves no thread, and may ask again."""
        before = _running()
        wanted = _wanted(source, expected)
        pull = iter(source.rosters(wanted))
        first = next(pull)
        close = getattr(pull, "close", None)
        if close is not None:
            close()
        del pull

        assert first.course in wanted
        assert _left_behind(before) == set()
        assert len(wanted) == len(list(source.rosters(wanted)))

    def test_asking_twice_says_the_same(
        self, source: RosterSource, expected: Sequence[ExpectedCourse]
    ) -> None:
        """A world that stands still is told the same way twice."""
        wanted = _wanted(source, expected)

        once, twice = (
            {
                one.course.id: (set(one.people), set(one.enrollments), set(one.guardians), one.complete)
                for one in source.rosters(wanted)
            }
            for _ in range(2)
        )

        assert once == twice

    def test_who_has_left_is_not_active(
        self, source: RosterSource, expected: Sequence[ExpectedCourse]
    ) -> None:
        """Guardian links stand between people of the course, whatever became of the pupil's enrollment."""
        for roster in source.rosters(_wanted(source, expected)):
            gone = {one.subject for one in roster.enrollments if one.state is EnrollmentState.ENDED} - {
                one.subject for one in roster.enrollments if one.state is not EnrollmentState.ENDED
            }
            standing = {person.subject for person, _, active in standings_of(roster) if active}
            assert gone & standing == set()


def _wanted(source: RosterSource, expected: Sequence[ExpectedCourse]) -> list[CourseListing]:
    ids = {course.id for course in expected}
    return [course for course in source.courses().courses if course.id in ids]


def _check_texts(roster: CourseRoster) -> None:
    """Ids are text, whatever the vendor sends."""
    values = cast(
        "list[object]",
        [
            *(person.subject for person in roster.people),
            *(person.sis_id for person in roster.people if person.sis_id is not None),
            *(section.id for section in roster.sections),
        ],
    )
    assert all(isinstance(value, str) for value in values)


def _running() -> set[threading.Thread]:
    """Return the threads of this process, but for those of a server that answers within it."""
    return {thread for thread in threading.enumerate() if "process_request_thread" not in thread.name}


def _left_behind(before: set[threading.Thread]) -> set[threading.Thread]:
    """Return the threads that are still there after a generous while."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (left := _running() - before) and time.monotonic() < until:
        for thread in left:
            thread.join(0.05)
    return left
