"""Sources of rosters, their pulls and what is to be decided about them, in SQL."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Sequence

from iepcore.ids import MatchDoubtId, RosterFeedId, RosterRunId, StudentId
from iepcore.people import (
    OPEN_RUNS,
    CourseState,
    GuardianHint,
    Identity,
    MatchDoubt,
    RosterFeed,
    RosterRun,
    StagedCourse,
)
from lti_app.storage import people_rows as p
from lti_app.storage import roster_tables as t
from lti_app.storage.site_rows import Mapped, SiteRows

FEEDS = Mapped(t.roster_feed, RosterFeed)
RUNS = Mapped(t.roster_run, RosterRun)
COURSES = Mapped(t.course_state, CourseState)
STAGED = Mapped(t.staged_course, StagedCourse)
GUARDIANS = Mapped(t.guardian_hint, GuardianHint)
DOUBTS = Mapped(t.match_doubt, MatchDoubt)


class RosterRows:
    """``RosterRepository`` over one transaction."""

    def __init__(self, rows: SiteRows) -> None:
        self._rows = rows

    # feeds and runs
    def add_feed(self, feed: RosterFeed) -> None:
        self._rows.add(FEEDS, feed)

    def save_feed(self, feed: RosterFeed) -> None:
        self._rows.save(FEEDS, feed, version=feed.version)

    def feed(self, feed_id: RosterFeedId) -> RosterFeed | None:
        return self._rows.one(FEEDS, t.roster_feed.c.id == feed_id)

    def feeds(self) -> Sequence[RosterFeed]:
        return self._rows.all(FEEDS, order=(t.roster_feed.c.connected_at,))

    def add_run(self, run: RosterRun) -> RosterRun:
        c = t.roster_run.c
        return self._rows.add_first(RUNS, run, c.feed_id == run.feed_id, c.state.in_(OPEN_RUNS))

    def save_run(self, run: RosterRun) -> None:
        self._rows.save(RUNS, run, version=run.version)

    def run(self, run_id: RosterRunId) -> RosterRun | None:
        return self._rows.one(RUNS, t.roster_run.c.id == run_id)

    def runs_of(self, feed_id: RosterFeedId, *, limit: int = 20) -> Sequence[RosterRun]:
        c = t.roster_run.c
        query = self._rows.select(RUNS, c.feed_id == feed_id)
        return self._rows.run(RUNS, query.order_by(c.asked_at.desc(), c.id.desc()).limit(limit))

    def open_runs(self) -> Sequence[RosterRun]:
        c = t.roster_run.c
        return self._rows.all(RUNS, c.state.in_(OPEN_RUNS), order=(c.asked_at,))

    # courses
    def put_course(self, state: CourseState) -> None:
        self._rows.put(COURSES, state)

    def courses_of(self, feed_id: RosterFeedId) -> Sequence[CourseState]:
        return self._rows.all(COURSES, t.course_state.c.feed_id == feed_id)

    def stage(self, course: StagedCourse) -> None:
        self._rows.put(STAGED, course)

    def staged(self, feed_id: RosterFeedId, context_id: str) -> StagedCourse | None:
        c = t.staged_course.c
        return self._rows.one(STAGED, c.feed_id == feed_id, c.context_id == context_id)

    def staged_of(self, run_id: RosterRunId) -> Sequence[StagedCourse]:
        return self._rows.all(STAGED, t.staged_course.c.run_id == run_id)

    def drop_staged(self, feed_id: RosterFeedId, context_id: str | None = None) -> int:
        c = t.staged_course.c
        where = [c.feed_id == feed_id, *([] if context_id is None else [c.context_id == context_id])]
        return self._rows.delete(STAGED, *where)

    # hints and doubts
    def replace_guardians(
        self, source: str, context_id: str, hints: Sequence[GuardianHint], *, complete: bool
    ) -> None:
        c = t.guardian_hint.c
        if complete:
            self._rows.delete(GUARDIANS, c.source == source, c.context_id == context_id)
        for hint in hints:
            self._rows.put(GUARDIANS, hint)

    def guardians_in(self, source: str, context_id: str) -> Sequence[GuardianHint]:
        c = t.guardian_hint.c
        return self._rows.all(GUARDIANS, c.source == source, c.context_id == context_id)

    def guardians_of(self, source: str, student_subject: str) -> Sequence[GuardianHint]:
        c = t.guardian_hint.c
        return self._rows.all(GUARDIANS, c.source == source, c.student_subject == student_subject)

    def add_doubt(self, doubt: MatchDoubt) -> MatchDoubt:
        c = t.match_doubt.c
        same = (c.source == doubt.source, c.subject == doubt.subject, c.person_id == doubt.person_id)
        return self._rows.add_first(DOUBTS, doubt, *same)

    def save_doubt(self, doubt: MatchDoubt) -> None:
        self._rows.save(DOUBTS, doubt, version=doubt.version)

    def doubt(self, doubt_id: MatchDoubtId) -> MatchDoubt | None:
        return self._rows.one(DOUBTS, t.match_doubt.c.id == doubt_id)

    def doubts(self) -> Sequence[MatchDoubt]:
        return self._rows.all(DOUBTS, order=(t.match_doubt.c.raised_at,))

    def unopen(self, student_id: StudentId) -> None:
        self._rows.delete(p.ASSIGNMENTS, p.ASSIGNMENTS.table.c.student_id == student_id)
        self._rows.delete(DOUBTS, t.match_doubt.c.person_id == student_id)
        self._rows.delete(p.IDENTITIES, p.IDENTITIES.table.c.person_id == student_id)
        self._rows.delete(p.STUDENTS, p.STUDENTS.table.c.id == student_id)

    def all_identities(self) -> Sequence[Identity]:
        return self._rows.all(p.IDENTITIES)

    def drop_identity(self, source: str, subject: str) -> None:
        c = p.IDENTITIES.table.c
        self._rows.delete(p.IDENTITIES, c.source == source, c.subject == subject)
