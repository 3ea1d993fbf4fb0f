"""Sources of rosters, for a records officer or the site's administrator: what there is, what a pull would do,
and what a person has to decide. A roster gives nobody a right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from iepcore.access import Action, Person, Resource, ResourceKind
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.rosters_pulling import keep_course
from iepcore.errors import IllegalMove, NotFound
from iepcore.ids import AdultId, RosterFeedId, RosterRunId, new_uuid7
from iepcore.people import (
    CourseListing,
    CourseRoster,
    CourseStanding,
    CourseState,
    RosterFeed,
    RosterMember,
    RosterRun,
    RunState,
    StagedCourse,
    plan_course,
    state_of,
    too_many_gone,
)
from iepcore.ports import RosterSource, UnitOfWork

_FEED = Resource(kind=ResourceKind.ROSTER_FEED)
_ROSTER = Resource(kind=ResourceKind.ROSTER)
_SHOWN = (CourseStanding.HELD, CourseStanding.STAGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePreview:
    """What taking in one course would do, by name; names are there only for who may read rosters."""

    state: CourseState
    came: tuple[RosterMember, ...]
    left: tuple[RosterMember, ...]
    changed: tuple[RosterMember, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """One source with its last pulls and its courses. ``previews`` are of the courses that wait for a person;
    ``held`` of those where more than half were missing at once."""

    feed: RosterFeed
    runs: tuple[RosterRun, ...]
    courses: tuple[CourseState, ...]
    previews: tuple[CoursePreview, ...] = ()
    may_see_names: bool = False

    @property
    def open_run(self) -> RosterRun | None:
        """The pull that goes on or waits."""
        return next((one for one in self.runs if one.is_open), None)

    @property
    def held(self) -> tuple[CoursePreview, ...]:
        """The courses of which nobody knows whether so many have really left."""
        return tuple(one for one in self.previews if one.state.standing is CourseStanding.HELD)


class RostersDesk:
    """Use cases about sources of rosters. Each raises ``NotPermitted`` with its reason without a standing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def may_look(self) -> bool:
        """Tell whether the actor may look after sources (for what a menu offers)."""
        with self._desk.store.read() as uow:
            return self._desk.may(uow, Action.READ, _FEED)

    def feeds(self) -> tuple[FeedPage, ...]:
        """Return the sources that were not ended, each with its last pulls and its courses."""
        with self._desk.changing() as change:
            change.permit(Action.READ, _FEED, what="roster_feeds")
            feeds = [one for one in change.uow.rosters.feeds() if one.ended_at is None]
            return tuple(self._page(change.uow, feed) for feed in feeds)

    def feed(self, feed_id: RosterFeedId) -> FeedPage:
        """Return one source, with what a pull would do to the courses that wait for a person."""
        with self._desk.changing() as change:
            change.permit(Action.READ, _FEED, what="roster_feed")
            feed = self._feed(change, feed_id)
            page = self._page(change.uow, feed)
            sees = self._desk.may(change.uow, Action.READ, _ROSTER)
            previews = [
                self._preview(change.uow, feed, state, sees)
                for state in page.courses
                if state.standing in _SHOWN
            ]
            found = tuple(one for one in previews if one is not None)
            return replace(page, previews=found, may_see_names=sees)

    def connect(
        self, kind: str, name: str, source: str, *, config: str = "", nightly: bool = True
    ) -> RosterFeedId:
        """Note a source of rosters; one of the same kind and source that is there already is the answer."""
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, _FEED, what="connect_rosters")
            for one in change.uow.rosters.feeds():
                if one.ended_at is None and (one.kind, one.source) == (kind, source):
                    return one.id
            feed = RosterFeed(
                id=RosterFeedId(new_uuid7()),
                kind=kind,
                name=name,
                source=source,
                config=config,
                nightly=nightly,
                connected_by=_who(desk),
                connected_at=desk.clock.now(),
            )
            change.uow.rosters.add_feed(feed)
            return feed.id

    def set_nightly(self, feed_id: RosterFeedId, *, on: bool) -> None:
        """Pull it every night from now on, or on demand only."""
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _FEED, what="rosters_nightly")
            feed = self._feed(change, feed_id)
            if feed.nightly is not on:
                change.uow.rosters.save_feed(replace(feed, nightly=on, version=feed.version + 1))

    def ask(self, feed_id: RosterFeedId) -> RosterRun:
        """Wish for a pull now; the one that goes on already is the answer."""
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _FEED, what="update_rosters")
            feed = self._feed(change, feed_id)
            return change.uow.rosters.add_run(self._run(feed))

    def stop(self, feed_id: RosterFeedId) -> None:
        """End the pull that goes on; the courses that are done stay done."""
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _FEED, what="stop_rosters")
            run = self._open(change, self._feed(change, feed_id))
            if run is not None and run.state in {RunState.ASKED, RunState.RUNNING}:
                self._end(change, run, RunState.INTERRUPTED, "stopped_by_person")

    def bring(self, feed_id: RosterFeedId, source: RosterSource) -> RosterRun:
        """Read a source that is here only now (a file) and lay its courses ready; the job takes them in, or a
        person looks at the preview first.

        Raises:
            IllegalMove: ``pull_open`` while another pull of it goes on.
            ConnectorError: the source cannot be read; nothing is laid ready.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, _FEED, what="bring_rosters")
            feed = self._feed(change, feed_id)
            if self._open(change, feed) is not None:
                raise IllegalMove("pull_open")
            known = [
                one
                for one in change.uow.rosters.courses_of(feed.id)
                if one.standing is not CourseStanding.GONE
            ]
        listed = source.courses()
        rosters = list(source.rosters(listed.courses))
        names = {one.id for one in listed.courses}
        gone = [one for one in known if one.context_id not in names] if listed.complete else []
        ask = too_many_gone([one.context_id for one in gone], [one.context_id for one in known])
        with desk.changing() as change:
            change.permit(Action.WRITE, _FEED, what="bring_rosters")
            run = replace(self._run(feed), staged=True, of=len(rosters) + len(gone))
            if feed.accepted_at is None:
                run = replace(run, state=RunState.WAITING, done=len(rosters))
            stored = change.uow.rosters.add_run(run)
            if stored != run:
                raise IllegalMove("pull_open")
            change.uow.rosters.drop_staged(feed.id)
            for roster in rosters:
                self._lay_ready(change.uow, feed, run, roster, gone=False)
            for one in gone:
                course = CourseRoster(
                    course=CourseListing(id=one.context_id, title=one.title), pulled_at=desk.clock.now()
                )
                self._lay_ready(change.uow, feed, run, course, gone=not ask)
            return run

    def accept(self, feed_id: RosterFeedId) -> None:
        """Say yes to the preview: what lies ready is taken in, and later pulls are without this question."""
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, _FEED, what="accept_rosters")
            feed = self._feed(change, feed_id)
            run = self._open(change, feed)
            if run is None or run.state is not RunState.WAITING:
                raise IllegalMove("no_preview")
            change.uow.rosters.save_feed(
                replace(
                    feed,
                    accepted_at=desk.clock.now(),
                    accepted_by=_who(desk),
                    version=feed.version + 1,
                )
            )
            change.uow.rosters.save_run(
                replace(
                    run,
                    state=RunState.ASKED,
                    staged=True,
                    done=0,
                    tries=0,
                    lease_until=None,
                    version=run.version + 1,
                )
            )

    def decline(self, feed_id: RosterFeedId) -> None:
        """Say no to the preview: what lay ready is forgotten, nothing was changed."""
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _FEED, what="decline_rosters")
            feed = self._feed(change, feed_id)
            run = self._open(change, feed)
            if run is None or run.state is not RunState.WAITING:
                raise IllegalMove("no_preview")
            change.uow.rosters.drop_staged(feed.id)
            self._end(change, run, RunState.DECLINED, "")

    def settle(self, feed_id: RosterFeedId, context_id: str, *, left: bool) -> None:
        """Say of a course where more than half were missing whether they have really left.

        Raises:
            NotFound: ``course`` when nothing is asked of it (any more).
        """
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _FEED, what="settle_course")
            feed = self._feed(change, feed_id)
            uow = change.uow
            state = next(
                (one for one in uow.rosters.courses_of(feed.id) if one.context_id == context_id), None
            )
            staged = uow.rosters.staged(feed.id, context_id)
            if state is None or staged is None or state.standing is not CourseStanding.HELD:
                raise NotFound("course")
            if left:
                keep_course(uow, feed, staged.roster)
            uow.rosters.drop_staged(feed.id, context_id)
            standing = CourseStanding.WHOLE if left else CourseStanding.PARTIAL
            uow.rosters.put_course(replace(state, standing=standing, left=state.left if left else 0))

    def _page(self, uow: UnitOfWork, feed: RosterFeed) -> FeedPage:
        courses = sorted(
            uow.rosters.courses_of(feed.id), key=lambda one: (one.title.casefold(), one.context_id)
        )
        runs = tuple(uow.rosters.runs_of(feed.id, limit=5))
        return FeedPage(feed=feed, runs=runs, courses=tuple(courses))

    def _preview(
        self, uow: UnitOfWork, feed: RosterFeed, state: CourseState, sees: bool
    ) -> CoursePreview | None:
        staged = uow.rosters.staged(feed.id, state.context_id)
        if staged is None:
            return None
        if not sees:
            return CoursePreview(state=state, came=(), left=(), changed=())
        plan = plan_course(
            uow.people.roster(feed.source, state.context_id),
            uow.rosters.guardians_in(feed.source, state.context_id),
            staged.roster,
            source=feed.source,
            seen_at=staged.roster.pulled_at,
        )
        return CoursePreview(
            state=state,
            came=_by_name(plan.changes.came),
            left=_by_name(plan.changes.left),
            changed=_by_name(plan.changes.changed),
        )

    def _lay_ready(
        self, uow: UnitOfWork, feed: RosterFeed, run: RosterRun, roster: CourseRoster, *, gone: bool
    ) -> None:
        before = uow.people.roster(feed.source, roster.course.id)
        hints = uow.rosters.guardians_in(feed.source, roster.course.id)
        plan = plan_course(before, hints, roster, source=feed.source, seen_at=roster.pulled_at)
        uow.rosters.stage(
            StagedCourse(
                feed_id=feed.id, context_id=roster.course.id, run_id=run.id, roster=roster, gone=gone
            )
        )
        uow.rosters.put_course(state_of(feed, run, roster, plan, as_=CourseStanding.STAGED))

    def _run(self, feed: RosterFeed) -> RosterRun:
        desk = self._desk
        return RosterRun(
            id=RosterRunId(new_uuid7()),
            feed_id=feed.id,
            asked_at=desk.clock.now(),
            asked_by=_who(desk),
        )

    def _feed(self, change: Change, feed_id: RosterFeedId) -> RosterFeed:
        feed = change.uow.rosters.feed(feed_id)
        if feed is None or feed.ended_at is not None:
            raise NotFound("roster_feed")
        return feed

    def _open(self, change: Change, feed: RosterFeed) -> RosterRun | None:
        return next((one for one in change.uow.rosters.open_runs() if one.feed_id == feed.id), None)

    def _end(self, change: Change, run: RosterRun, state: RunState, reason: str) -> None:
        now = self._desk.clock.now()
        change.uow.rosters.save_run(
            replace(run, state=state, reason=reason, ended_at=now, lease_until=None, version=run.version + 1)
        )


def _who(desk: Desk) -> AdultId | None:
    """Return the person who acts; None for the command line, which is named in the trail as a job."""
    return desk.actor.adult_id if isinstance(desk.actor, Person) else None


def _by_name(members: Sequence[RosterMember]) -> tuple[RosterMember, ...]:
    return tuple(sorted(members, key=lambda one: ((one.name or "").casefold(), one.subject)))
