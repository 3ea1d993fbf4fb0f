"""Sources of rosters, their pulls and what is to be decided about them, in memory."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Sequence

from iepcore.errors import IepError
from iepcore.ids import MatchDoubtId, RosterFeedId, RosterRunId, StudentId
from iepcore.memory.kinds import KINDS
from iepcore.memory.rows import MemoryRows
from iepcore.people import (
    Assignment,
    CourseState,
    GuardianHint,
    Identity,
    MatchDoubt,
    RosterFeed,
    RosterRun,
    StagedCourse,
    Student,
)


class MemoryRosters:
    """``RosterRepository`` over one unit of work."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows

    # feeds and runs
    def add_feed(self, feed: RosterFeed) -> None:
        self._rows.add(feed)

    def save_feed(self, feed: RosterFeed) -> None:
        self._rows.save(feed, version=feed.version)

    def feed(self, feed_id: RosterFeedId) -> RosterFeed | None:
        return self._rows.get(RosterFeed, feed_id)

    def feeds(self) -> Sequence[RosterFeed]:
        return self._rows.all(RosterFeed, order=lambda one: one.connected_at)

    def add_run(self, run: RosterRun) -> RosterRun:
        return self._rows.add_first(run)

    def save_run(self, run: RosterRun) -> None:
        self._rows.save(run, version=run.version)

    def run(self, run_id: RosterRunId) -> RosterRun | None:
        return self._rows.get(RosterRun, run_id)

    def runs_of(self, feed_id: RosterFeedId, *, limit: int = 20) -> Sequence[RosterRun]:
        found = self._rows.all(RosterRun, lambda one: one.feed_id == feed_id, order=lambda one: one.asked_at)
        return tuple(reversed(found))[:limit]

    def open_runs(self) -> Sequence[RosterRun]:
        return self._rows.all(RosterRun, lambda one: one.is_open, order=lambda one: one.asked_at)

    # courses
    def put_course(self, state: CourseState) -> None:
        self._rows.put(state)

    def courses_of(self, feed_id: RosterFeedId) -> Sequence[CourseState]:
        return self._rows.all(CourseState, lambda one: one.feed_id == feed_id)

    def stage(self, course: StagedCourse) -> None:
        self._rows.put(course)

    def staged(self, feed_id: RosterFeedId, context_id: str) -> StagedCourse | None:
        return self._rows.get(StagedCourse, (feed_id, context_id))

    def staged_of(self, run_id: RosterRunId) -> Sequence[StagedCourse]:
        return self._rows.all(StagedCourse, lambda one: one.run_id == run_id)

    def drop_staged(self, feed_id: RosterFeedId, context_id: str | None = None) -> int:
        return self._rows.delete(
            StagedCourse, lambda one: one.feed_id == feed_id and context_id in (None, one.context_id)
        )

    # hints and doubts
    def replace_guardians(
        self, source: str, context_id: str, hints: Sequence[GuardianHint], *, complete: bool
    ) -> None:
        if complete:
            self._rows.delete(GuardianHint, lambda one: (one.source, one.context_id) == (source, context_id))
        for hint in hints:
            self._rows.put(hint)

    def guardians_in(self, source: str, context_id: str) -> Sequence[GuardianHint]:
        return self._rows.all(GuardianHint, lambda one: (one.source, one.context_id) == (source, context_id))

    def guardians_of(self, source: str, student_subject: str) -> Sequence[GuardianHint]:
        return self._rows.all(
            GuardianHint, lambda one: (one.source, one.student_subject) == (source, student_subject)
        )

    def add_doubt(self, doubt: MatchDoubt) -> MatchDoubt:
        return self._rows.add_first(doubt)

    def save_doubt(self, doubt: MatchDoubt) -> None:
        self._rows.save(doubt, version=doubt.version)

    def doubt(self, doubt_id: MatchDoubtId) -> MatchDoubt | None:
        return self._rows.get(MatchDoubt, doubt_id)

    def doubts(self) -> Sequence[MatchDoubt]:
        return self._rows.all(MatchDoubt, order=lambda one: one.raised_at)

    def unopen(self, student_id: StudentId) -> None:
        for of in (Assignment, MatchDoubt, Identity):
            self._rows.delete(of, lambda one: getattr(one, "student_id", None) == student_id)
            self._rows.delete(of, lambda one: getattr(one, "person_id", None) == student_id)
        for kind in KINDS:
            if (Student, "student_id") in kind.parents and self._rows.all(
                kind.of, lambda one: one.student_id == student_id
            ):
                raise IepError("store_refused", params={"kind": "student"})
        self._rows.delete(Student, lambda one: one.id == student_id)

    def all_identities(self) -> Sequence[Identity]:
        return self._rows.all(Identity)

    def drop_identity(self, source: str, subject: str) -> None:
        self._rows.delete(Identity, lambda one: (one.source, one.subject) == (source, subject))
