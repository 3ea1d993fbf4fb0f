"""A source connected in the town, and its rosters pulled as the job does."""

from __future__ import annotations

from dataclasses import replace

from iepcore.access import System
from iepcore.caseload import ROSTERS, Caseload, PullingDesk
from iepcore.ids import RosterFeedId
from iepcore.people import RosterRun
from iepcore.testing import ListedSource
from tests.unit.caseload.town import Town

SIS = "sis-1"


def job(town: Town) -> PullingDesk:
    """Return the job that pulls."""
    return Caseload(town.store, System(job=ROSTERS), town.clock, town.policy).pulling


def connect(town: Town, *, accepted: bool = True) -> RosterFeedId:
    """Connect a source, said yes to unless told otherwise."""
    desk = town.caseload("officer").rosters
    feed_id = desk.connect("listed", "Student system", SIS)
    if accepted:
        with town.store.write() as uow:
            feed = uow.rosters.feed(feed_id)
            assert feed is not None
            uow.rosters.save_feed(replace(feed, accepted_at=town.clock.now(), version=2))
    return feed_id


def pull(town: Town, source: ListedSource, feed_id: RosterFeedId | None = None) -> RosterRun:
    """Carry out the pull that is due; one that the officer asks for, when a feed is named."""
    if feed_id is not None:
        town.caseload("officer").rosters.ask(feed_id)
    claimed = job(town).claim()
    assert claimed is not None
    return job(town).carry_out(*claimed, source)


def active(town: Town, course: str = "course-1") -> set[str]:
    """Return who stands in a course now."""
    with town.store.read() as uow:
        return {one.subject for one in uow.people.roster(SIS, course) if one.active}
