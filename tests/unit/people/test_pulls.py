"""What one pull brings: completeness is the absence of shortfalls, and one standing counts per person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from iepcore.errors import InvalidValue
from iepcore.people import (
    CourseList,
    CourseListing,
    CourseRoster,
    Enrollment,
    EnrollmentState,
    RosterPerson,
    RosterSection,
    RosterStanding,
    Shortfall,
    ShortfallKind,
    standings_of,
)

AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
COURSE = CourseListing(id="42")
LOST = Shortfall(kind=ShortfallKind.PAGES_LOST, code="no_answer")


def enrolled(
    subject: str, standing: RosterStanding, state: EnrollmentState = EnrollmentState.ACTIVE
) -> Enrollment:
    """Return a person's place in section 1."""
    return Enrollment(subject=subject, section_id="1", standing=standing, state=state)


def roster_of(*enrollments: Enrollment, shortfalls: tuple[Shortfall, ...] = ()) -> CourseRoster:
    """Return a course with these places, each person once."""
    people = tuple(RosterPerson(subject=one) for one in dict.fromkeys(each.subject for each in enrollments))
    return CourseRoster(
        course=COURSE, pulled_at=AT, people=people, enrollments=enrollments, shortfalls=shortfalls
    )


def test_only_a_pull_without_shortfalls_is_complete() -> None:
    """One reason is enough to make it partial."""
    assert roster_of().complete
    assert not roster_of(shortfalls=(LOST,)).complete
    assert CourseList(courses=(COURSE,)).complete
    assert not CourseList(courses=(COURSE,), shortfalls=(LOST,)).complete


def test_an_end_is_final_in_a_whole_roster_and_in_one_of_changes() -> None:
    """A part that lost pages may have lost the row that says where somebody is now."""
    delta = Shortfall(kind=ShortfallKind.DELTA)
    assert roster_of().ends_are_final
    assert roster_of(shortfalls=(delta,)).ends_are_final
    assert not roster_of(shortfalls=(delta,)).complete
    assert not roster_of(shortfalls=(delta, LOST)).ends_are_final


def test_the_narrowest_active_standing_of_a_person_counts() -> None:
    """A teacher who observes her own child is a teacher; a place that ended never beats one that stands."""
    roster = roster_of(
        enrolled("a", RosterStanding.OBSERVER),
        enrolled("a", RosterStanding.TEACHER),
        enrolled("b", RosterStanding.TEACHER, EnrollmentState.ENDED),
        enrolled("b", RosterStanding.OBSERVER),
        enrolled("c", RosterStanding.PUPIL, EnrollmentState.INVITED),
    )
    found = {person.subject: (standing, active) for person, standing, active in standings_of(roster)}
    expected = {
        "a": (RosterStanding.TEACHER, True),
        "b": (RosterStanding.OBSERVER, True),
        "c": (RosterStanding.PUPIL, False),
    }
    assert expected == found


def test_a_person_without_a_place_has_no_standing() -> None:
    """Somebody only named, such as a guardian, stands in no course."""
    roster = CourseRoster(course=COURSE, pulled_at=AT, people=(RosterPerson(subject="x"),))
    assert [] == list(standings_of(roster))


@pytest.mark.parametrize("text", ["", "x" * 256])
def test_ids_have_a_form(text: str) -> None:
    """An empty id would match everybody who has none."""
    for make in (
        lambda: RosterPerson(subject=text),
        lambda: RosterSection(id=text, title="A"),
        lambda: CourseListing(id=text),
    ):
        with pytest.raises(InvalidValue, match="identity_form"):
            make()
