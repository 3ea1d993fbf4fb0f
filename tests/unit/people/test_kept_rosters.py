"""What is kept of a source, as rosters again: taken in anew they change nothing; changes say who has left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from iepcore.people import (
    CourseRoster,
    Enrollment,
    EnrollmentState,
    GuardianHint,
    RosterMember,
    RosterStanding,
    Shortfall,
    ShortfallKind,
    hints_after,
    kept_rosters,
    lines_after,
    plan_course,
)
from iepcore.testing.roster_values import a_roster

SOURCE = "oneroster"
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
ROOM = a_roster(pupils=("ana", "ben"), teachers=("tom",), guardians=[("mo", "ana")])
ART = a_roster("course-2", pupils=("ben",), title="Art")
DELTA = (Shortfall(kind=ShortfallKind.DELTA),)


def kept(*rosters: CourseRoster) -> tuple[list[RosterMember], list[GuardianHint]]:
    """Return the lines and hints that these rosters leave."""
    lines: list[RosterMember] = []
    hints: list[GuardianHint] = []
    for roster in rosters:
        plan = plan_course((), (), roster, source=SOURCE, seen_at=AT)
        lines += lines_after((), plan)
        hints += hints_after((), plan)
    return lines, hints


def test_what_is_kept_taken_in_again_changes_nothing() -> None:
    """Every course, every line and every hint is as it was."""
    lines, hints = kept(ROOM, ART)
    again = kept_rosters(reversed(lines), hints)

    assert [("course-1", "Room 12"), ("course-2", "Art")] == [
        (one.course.id, one.course.title) for one in again
    ]
    for roster in again:
        mine = [one for one in lines if one.context_id == roster.course.id]
        links = [one for one in hints if one.context_id == roster.course.id]
        plan = plan_course(mine, links, roster, source=SOURCE, seen_at=AT)
        assert plan.changes_nothing
        assert len(links) == len(plan.hints)


def test_who_has_left_is_told_as_ended() -> None:
    """And a hint of somebody who stands nowhere is left out."""
    lines, hints = kept(ROOM)
    lines = [replace(one, active=one.subject != "ana") for one in lines if one.subject != "mo"]
    [roster] = kept_rosters(lines, hints)

    ended = {one.subject for one in roster.enrollments if one.state is EnrollmentState.ENDED}
    assert ({"ana"}, ()) == (ended, roster.guardians)


def test_an_end_among_changes_is_final_and_silence_is_none() -> None:
    """Who is told as ended has left; who is not told stays, and so do the hints."""
    lines, hints = kept(ROOM)
    gone = Enrollment(
        subject="ana",
        section_id="course-1",
        standing=RosterStanding.PUPIL,
        state=EnrollmentState.ENDED,
    )
    changes = replace(ROOM, people=ROOM.people[:2], enrollments=(gone,), guardians=(), shortfalls=DELTA)
    plan = plan_course(lines, hints, changes, source=SOURCE, seen_at=AT)
    lost = (*DELTA, Shortfall(kind=ShortfallKind.PAGES_LOST))
    part = plan_course(lines, hints, replace(changes, shortfalls=lost), source=SOURCE, seen_at=AT)

    assert (["ana"], 0) == ([one.subject for one in plan.changes.left], plan.gone_hints)
    assert {"ben", "mo", "tom"} == {one.subject for one in lines_after(lines, plan) if one.active}
    assert () == part.changes.left
