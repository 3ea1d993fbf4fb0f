"""Staff of a pupil's courses beside the pupil's team: told to whoever decides, added by nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from iepcore.ids import AdultId, AssignmentId, RosterMemberId, StudentId
from iepcore.people import (
    Assignment,
    Identity,
    PersonKind,
    RosterMember,
    RosterStanding,
    StaffRole,
    TeamGap,
    staff_not_on_team,
)

MAYA = StudentId(UUID(int=1))
REED, PARK = AdultId(UUID(int=2)), AdultId(UUID(int=3))
TODAY = date(2026, 11, 2)
AT = datetime(2026, 11, 2, 8, tzinfo=UTC)


def line(
    subject: str,
    course: str = "c1",
    standing: RosterStanding = RosterStanding.TEACHER,
    *,
    source: str = "canvas",
    name: str | None = None,
    active: bool = True,
) -> RosterMember:
    """Return a line of a roster."""
    return RosterMember(
        id=RosterMemberId(uuid5(UUID(int=0), f"{source} {subject} {course}")),
        source=source,
        context_id=course,
        context_title="Room 12",
        subject=subject,
        standing=standing,
        seen_at=AT,
        active=active,
        name=name,
    )


def known(subject: str, person_id: AdultId | StudentId, source: str = "canvas") -> Identity:
    """Return whose account it is."""
    kind = PersonKind.STUDENT if person_id == MAYA else PersonKind.ADULT
    return Identity(source=source, subject=subject, kind=kind, person_id=person_id)


def place(adult_id: AdultId, *, ends_on: date | None = None, student_id: StudentId = MAYA) -> Assignment:
    """Return a place on a team."""
    return Assignment(
        id=AssignmentId(UUID(int=adult_id.int)),
        adult_id=adult_id,
        student_id=student_id,
        role=StaffRole.GEN_ED_TEACHER,
        starts_on=date(2026, 9, 1),
        assigned_by=REED,
        assigned_at=AT,
        ends_on=ends_on,
    )


PUPIL = line("maya", standing=RosterStanding.PUPIL)


def gap(lines: list[RosterMember], identities: list[Identity], places: list[Assignment]) -> TeamGap:
    """Return Maya's gap today."""
    return staff_not_on_team(MAYA, lines, [known("maya", MAYA), *identities], places, on=TODAY)


def test_five_in_the_courses_three_not_on_the_team() -> None:
    """Teachers and helpers count, a pupil's and an observer's lines do not, nor those who have left."""
    lines = [
        PUPIL,
        *(line(one, name=one.title()) for one in ("reed", "park", "lee", "kim")),
        line("aide", standing=RosterStanding.HELPER, name="Aide"),
        line("mother", standing=RosterStanding.OBSERVER),
        line("gone", active=False),
        line("elsewhere", "c2"),
    ]
    found = gap(lines, [known("reed", REED), known("park", PARK)], [place(REED), place(PARK)])
    assert (5, 3) == (len(found.listed), len(found.missing))
    assert ["Aide", "Kim", "Lee"] == [one.lines[0].name for one in found.missing]
    assert [None, None, None] == [one.adult_id for one in found.missing]


def test_a_place_that_ended_or_is_anothers_is_no_place() -> None:
    """Only a place on this team, today."""
    other = StudentId(UUID(int=9))
    places = [place(REED, ends_on=date(2026, 10, 1)), place(PARK, student_id=other)]
    found = gap([PUPIL, line("reed"), line("park")], [known("reed", REED), known("park", PARK)], places)
    assert {REED, PARK} == {one.adult_id for one in found.missing}


def test_one_person_of_two_sources_and_two_courses_is_one() -> None:
    """When both accounts are kept as theirs; the lines show where."""
    lines = [
        PUPIL,
        line("maya", "c2", RosterStanding.PUPIL),
        line("u1", "g1", RosterStanding.PUPIL, source="google"),
        line("reed"),
        line("reed", "c2"),
        line("r", "g1", source="google"),
    ]
    same = [known("reed", REED), known("r", REED, "google"), known("u1", MAYA, "google")]
    found = gap(lines, same, [])
    assert [3] == [len(one.lines) for one in found.listed]


def test_a_pupil_who_is_listed_as_staff_is_not_offered() -> None:
    """A pupil's account opens no way onto a team."""
    assert () == gap([PUPIL, line("omar")], [known("omar", MAYA)], []).listed


def test_without_a_course_there_is_nothing_to_say() -> None:
    """A pupil whom no roster lists has no gap."""
    assert () == gap([line("reed")], [known("reed", REED)], []).listed
