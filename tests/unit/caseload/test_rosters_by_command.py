"""Rosters brought by the command line: a job connects, lays ready, accepts and takes in; no person's name."""

from __future__ import annotations

from dataclasses import replace

from iepcore.access import System
from iepcore.caseload import ROSTERS, Caseload
from iepcore.people import (
    CourseRoster,
    CourseStanding,
    Enrollment,
    EnrollmentState,
    RosterStanding,
    RunState,
    Shortfall,
    ShortfallKind,
    kept_rosters,
)
from iepcore.testing.listed_source import ListedSource
from iepcore.testing.roster_values import a_roster
from tests.unit.caseload.town import Town

SIS = "sis-1"
ROOM = a_roster(pupils=("ana", "ben", "cleo"), teachers=("tom",))


def take_in(desk: Caseload, *rosters: CourseRoster, whole: bool = True) -> RunState:
    """Bring rosters as a file, say yes where it is asked, and carry it out."""
    feed_id = desk.rosters.connect("listed", "Student system", SIS, nightly=False)
    run = desk.rosters.bring(feed_id, ListedSource(rosters, SIS, listed=whole))
    if run.state is RunState.WAITING:
        desk.rosters.accept(feed_id)
    claimed = desk.pulling.claim()
    assert claimed is not None
    return desk.pulling.carry_out(*claimed, None).state


def test_a_job_brings_a_whole_file_and_then_changes(town: Town) -> None:
    """Who is told as ended has left, who is not told is still there, and nobody's name stands behind it."""
    desk = Caseload(town.store, System(job=ROSTERS), town.clock, town.policy)
    assert RunState.DONE is take_in(desk, ROOM)
    gone = Enrollment(
        subject="ana", section_id="c", standing=RosterStanding.PUPIL, state=EnrollmentState.ENDED
    )
    changes = replace(
        ROOM,
        people=ROOM.people,
        enrollments=(gone,),
        shortfalls=(Shortfall(kind=ShortfallKind.DELTA),),
    )
    assert RunState.DONE is take_in(desk, changes, whole=False)

    [page] = desk.rosters.feeds()
    assert (None, None, None) == (
        page.feed.connected_by,
        page.feed.accepted_by,
        page.runs[0].asked_by,
    )
    assert [CourseStanding.PARTIAL] == [one.standing for one in page.courses]
    with town.store.read() as uow:
        [kept] = kept_rosters(uow.people.roster(SIS))
    active = {one.subject for one in kept.enrollments if one.state is EnrollmentState.ACTIVE}
    assert {"ben", "cleo", "tom"} == active
