"""Pulling a feed's rosters: one at a time, course by course, resumed where it stopped. A job, not a person.

Each course is one transaction: its lines, its hints and the note of how it went, or none of them. Nothing
here gives anybody a right: it keeps an address book.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.caseload.rosters_matching import match_feed
from iepcore.errors import Busy, ConnectorError
from iepcore.ids import RosterRunId, new_uuid7
from iepcore.people import (
    CourseListing,
    CourseRoster,
    CourseStanding,
    PullProgress,
    RosterFeed,
    RosterRun,
    RunState,
    StagedCourse,
    plan_course,
    state_of,
    too_many_gone,
)
from iepcore.ports import RosterSource, UnitOfWork

ROSTERS = "rosters"
"""The job's name in the trail."""

LEASE = timedelta(minutes=3)
"""As long may whoever pulls stay silent; then another goes on."""

NIGHT = time(2, 0)
"""When a nightly pull begins, in the school's zone."""

MOST_TRIES = 3
TOLD_EVERY = timedelta(seconds=1)
KEPT_PREVIEWS = timedelta(days=7)
"""A preview nobody decided about is forgotten after this."""

_ROSTER = Resource(kind=ResourceKind.ROSTER)


class PullStopped(Exception):
    """Somebody else has the pull now, or a person ended it."""


class PullingDesk:
    """Use cases of the job that pulls."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def claim(self) -> tuple[RosterFeed, RosterRun] | None:
        """Take the next pull that is due, for ``LEASE``; None when there is nothing to do.

        Wished for by a person, due tonight, or left by somebody who fell silent. One that was begun three
        times and never ended is marked as interrupted.
        """
        desk = self._desk
        now = desk.clock.now()
        with desk.store.write() as uow:
            feeds = {one.id: one for one in uow.rosters.feeds() if one.ended_at is None}
            for feed in feeds.values():
                if self._is_due(uow, feed):
                    uow.rosters.add_run(_new_run(feed, now))
            for run in uow.rosters.open_runs():
                feed_of_run = feeds.get(run.feed_id)
                if run.state is RunState.WAITING or feed_of_run is None:
                    if feed_of_run is None or now - run.asked_at > KEPT_PREVIEWS:
                        uow.rosters.drop_staged(run.feed_id)
                        uow.rosters.save_run(_ended(run, RunState.DECLINED, now, "nobody_decided"))
                    continue
                if run.state is RunState.RUNNING and run.lease_until is not None and run.lease_until > now:
                    continue
                if run.tries >= MOST_TRIES:
                    uow.rosters.save_run(_ended(run, RunState.INTERRUPTED, now, "began_three_times"))
                    continue
                claimed = replace(
                    run,
                    state=RunState.RUNNING,
                    tries=run.tries + 1,
                    lease_until=now + LEASE,
                    version=run.version + 1,
                )
                uow.rosters.save_run(claimed)
                return feed_of_run, claimed
        return None

    def carry_out(self, feed: RosterFeed, run: RosterRun, source: RosterSource | None) -> RosterRun:
        """Pull every course that is not done yet, or take in what lies ready; return the pull as it ended.

        ``source`` is None where nobody can reach it (no consent is given any more). A source that refuses or
        falls silent, a full disk: the courses that are done stay done, the pull says why it ended.
        """
        pull = _Pull(self._desk, feed, run)
        try:
            if run.staged:
                pull.take_staged()
            elif source is None:
                return pull.end(RunState.FAILED, "no_source")
            else:
                pull.take_all(source)
            if not pull.is_preview:
                with self._desk.store.write() as uow:
                    match_feed(self._desk, uow, feed)
        except ConnectorError as error:
            return pull.end(RunState.FAILED, error.code)
        except Busy as busy:
            return pull.end(RunState.INTERRUPTED, busy.code)
        except PullStopped:
            return pull.run
        if pull.is_preview:
            return pull.end(RunState.WAITING, "")
        return pull.end(RunState.DONE, "")

    def _is_due(self, uow: UnitOfWork, feed: RosterFeed) -> bool:
        if not feed.nightly or feed.accepted_at is None:
            return False
        clock = self._desk.clock
        local = clock.now().astimezone(clock.zone)
        tonight = datetime.combine(local.date(), NIGHT, tzinfo=clock.zone)
        last_night = tonight if local >= tonight else tonight - timedelta(days=1)
        runs = uow.rosters.runs_of(feed.id, limit=1)
        return not runs or (runs[0].asked_at < last_night and not runs[0].is_open)


class _Pull:
    """One pull while it is being worked on."""

    def __init__(self, desk: Desk, feed: RosterFeed, run: RosterRun) -> None:
        self._desk = desk
        self._feed = feed
        self.run = run
        self._told_at = desk.clock.now()

    @property
    def is_preview(self) -> bool:
        """Whether nothing of the feed enters the address book before a person said yes."""
        return self._feed.accepted_at is None

    def take_all(self, source: RosterSource) -> None:
        """Pull the courses that this pull has not done yet."""
        listed = source.courses()
        with self._desk.store.read() as uow:
            states = uow.rosters.courses_of(self._feed.id)
        done = {one.context_id for one in states if one.run_id == self.run.id}
        left = [one for one in listed.courses if one.id not in done]
        already = len(listed.courses) - len(left)
        self._save(of=len(listed.courses), done=already)

        def tell(progress: PullProgress) -> None:
            self._beat(already, progress)

        for roster in source.rosters(left, tell=tell):
            self.take(roster)
        if listed.complete:
            names = {one.id for one in listed.courses}
            known = [
                one for one in states if one.standing is not CourseStanding.GONE and one.run_id != self.run.id
            ]
            gone = [one for one in known if one.context_id not in names]
            ask = too_many_gone([one.context_id for one in gone], [one.context_id for one in known])
            now = self._desk.clock.now()
            for one in gone:
                course = CourseListing(id=one.context_id, title=one.title)
                self.take(CourseRoster(course=course, pulled_at=now), gone=not ask)

    def take_staged(self) -> None:
        """Take in what lies ready, and forget that it lay there."""
        with self._desk.store.read() as uow:
            ready = list(uow.rosters.staged_of(self.run.id))
        done = self.run.of - len(ready)
        self._save(of=max(self.run.of, len(ready)), done=max(0, done))
        for staged in ready:
            self.take(staged.roster, gone=staged.gone)

    def take(self, roster: CourseRoster, *, gone: bool = False) -> None:
        """Take in one course, in one transaction; or put it aside where a person is to decide.

        ``gone``: the source does not list it any more, so that everybody leaves it without a question.
        """
        feed, run = self._feed, self.run
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _ROSTER, what="roster_pull")
            uow = change.uow
            before = uow.people.roster(feed.source, roster.course.id)
            hints = uow.rosters.guardians_in(feed.source, roster.course.id)
            plan = plan_course(before, hints, roster, source=feed.source, seen_at=roster.pulled_at)
            if self.is_preview or (plan.changes.is_mass_leaving and not gone):
                standing = CourseStanding.STAGED if self.is_preview else CourseStanding.HELD
                uow.rosters.stage(
                    StagedCourse(
                        feed_id=feed.id,
                        context_id=roster.course.id,
                        run_id=run.id,
                        roster=roster,
                        gone=gone,
                    )
                )
            else:
                standing = CourseStanding.WHOLE if roster.complete else CourseStanding.PARTIAL
                standing = CourseStanding.GONE if gone else standing
                keep_course(uow, feed, roster)
                uow.rosters.drop_staged(feed.id, roster.course.id)
            uow.rosters.put_course(state_of(feed, run, roster, plan, as_=standing))
            self._save_in(uow, done=run.done + 1, of=max(run.of, run.done + 1))

    def end(self, state: RunState, reason: str) -> RosterRun:
        """Write down how the pull ended. Where even that cannot be written, its lease runs out by itself."""
        try:
            now = self._desk.clock.now()
            with self._desk.store.write() as uow:
                current = uow.rosters.run(self.run.id)
                if current is None or current.state is not RunState.RUNNING:
                    return self.run
                ended = _ended(current, state, now, reason)
                uow.rosters.save_run(ended)
                self.run = ended
        except Busy:
            pass
        return self.run

    def _beat(self, already: int, progress: PullProgress) -> None:
        now = self._desk.clock.now()
        if now - self._told_at < TOLD_EVERY:
            return
        self._told_at = now
        self._save(pages=progress.pages, rows=progress.rows)

    def _save(self, **changes: int) -> None:
        with self._desk.store.write() as uow:
            self._save_in(uow, **changes)

    def _save_in(self, uow: UnitOfWork, **changes: int) -> None:
        current = uow.rosters.run(self.run.id)
        if current is None or current.version != self.run.version:
            raise PullStopped
        lease = self._desk.clock.now() + LEASE
        self.run = replace(self.run, **changes, lease_until=lease, version=self.run.version + 1)  # type: ignore[arg-type]
        uow.rosters.save_run(self.run)


def keep_course(uow: UnitOfWork, feed: RosterFeed, roster: CourseRoster) -> None:
    """Keep one course's lines and hints as its roster says. What has left loses its line's standing, and
    nothing else."""
    before = uow.people.roster(feed.source, roster.course.id)
    hints = uow.rosters.guardians_in(feed.source, roster.course.id)
    plan = plan_course(before, hints, roster, source=feed.source, seen_at=roster.pulled_at)
    uow.people.save_roster(feed.source, roster.course.id, plan.lines, complete=plan.complete)
    uow.rosters.replace_guardians(feed.source, roster.course.id, plan.hints, complete=plan.complete)


def _new_run(feed: RosterFeed, now: datetime) -> RosterRun:
    return RosterRun(id=RosterRunId(new_uuid7()), feed_id=feed.id, asked_at=now)


def _ended(run: RosterRun, state: RunState, now: datetime, reason: str) -> RosterRun:
    at = None if state is RunState.WAITING else now
    return replace(
        run, state=state, reason=reason[:80], ended_at=at, lease_until=None, version=run.version + 1
    )
