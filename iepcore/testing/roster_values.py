"""Builders of rosters: courses as a source tells them, feeds, pulls and what a person is to decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from iepcore.ids import AdultId, MatchDoubtId, RosterFeedId, RosterRunId, StudentId, new_uuid7
from iepcore.people import (
    CourseListing,
    CourseRoster,
    CourseStanding,
    CourseState,
    Enrollment,
    GuardianHint,
    GuardianLink,
    MatchDoubt,
    PersonKind,
    RosterFeed,
    RosterPerson,
    RosterRun,
    RosterSection,
    RosterStanding,
    StagedCourse,
)
from iepcore.testing.people_values import NOW


def a_roster(
    course: str = "course-1",
    *,
    pupils: Sequence[str] = (),
    teachers: Sequence[str] = (),
    helpers: Sequence[str] = (),
    guardians: Iterable[tuple[str, str]] = (),
    title: str = "Room 12",
    **changes: Any,
) -> CourseRoster:
    """A whole course: people by subject, and who acts for whom as (guardian, pupil)."""
    links = tuple(guardians)
    standings = {
        RosterStanding.TEACHER: teachers,
        RosterStanding.HELPER: helpers,
        RosterStanding.PUPIL: pupils,
    }
    subjects = {subject: None for group in standings.values() for subject in group}
    subjects |= {guardian: None for guardian, _ in links}
    roster = CourseRoster(
        course=CourseListing(id=course, title=title),
        pulled_at=NOW,
        sections=(RosterSection(id=course, title=title),),
        people=tuple(RosterPerson(subject=subject, name=subject.title()) for subject in subjects),
        enrollments=tuple(
            Enrollment(subject=subject, section_id=course, standing=standing)
            for standing, group in standings.items()
            for subject in group
        ),
        guardians=tuple(
            GuardianLink(guardian_subject=guardian, student_subject=pupil, relation="parent")
            for guardian, pupil in links
        ),
    )
    return replace(roster, **changes)


def a_feed(**changes: Any) -> RosterFeed:
    """The student information system of a school, said yes to."""
    feed = RosterFeed(
        id=RosterFeedId(new_uuid7()),
        kind="listed",
        name="Student system",
        source="sis-1",
        connected_at=NOW,
        accepted_at=NOW,
    )
    return replace(feed, **changes)


def a_run(feed: RosterFeed, **changes: Any) -> RosterRun:
    """A pull that somebody asked for."""
    run = RosterRun(id=RosterRunId(new_uuid7()), feed_id=feed.id, asked_at=NOW)
    return replace(run, **changes)


def a_course_state(run: RosterRun, **changes: Any) -> CourseState:
    """How one course went."""
    state = CourseState(
        feed_id=run.feed_id,
        context_id="course-1",
        run_id=run.id,
        title="Room 12",
        standing=CourseStanding.WHOLE,
        pulled_at=NOW,
    )
    return replace(state, **changes)


def a_staged_course(run: RosterRun, roster: CourseRoster) -> StagedCourse:
    """A course that waits for a decision."""
    return StagedCourse(feed_id=run.feed_id, context_id=roster.course.id, run_id=run.id, roster=roster)


def a_guardian(guardian: str = "parent-1", pupil: str = "pupil-1", **changes: Any) -> GuardianHint:
    """A roster's line that says who acts for whom."""
    hint = GuardianHint(
        source="platform-1",
        context_id="course-1",
        guardian_subject=guardian,
        student_subject=pupil,
        relation="parent",
        seen_at=NOW,
    )
    return replace(hint, **changes)


def a_doubt(person_id: AdultId | StudentId, **changes: Any) -> MatchDoubt:
    """Somebody of a roster who may be a pupil whom the site knows."""
    doubt = MatchDoubt(
        id=MatchDoubtId(new_uuid7()),
        source="platform-1",
        subject="somebody",
        kind=PersonKind.STUDENT,
        person_id=person_id,
        reason="second_account",
        raised_at=NOW,
    )
    return replace(doubt, **changes)
