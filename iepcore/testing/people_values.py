"""Builders of people: students, adults, rights, teams, identities, rosters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from iepcore.ids import (
    AccessWindowId,
    AdultId,
    AssignmentId,
    ClientKey,
    HoldId,
    RelationshipId,
    RosterMemberId,
    StudentId,
    SuspensionId,
    new_uuid7,
)
from iepcore.language import FreeText
from iepcore.people import (
    AccessWindow,
    AddressKind,
    Adult,
    Appointment,
    Assignment,
    ChannelAddress,
    Identity,
    LegalHold,
    LinkHint,
    PersonKind,
    Relation,
    Relationship,
    RightsTransfer,
    RosterMember,
    RosterStanding,
    SiteRole,
    StaffRole,
    Student,
    Suspension,
    WindowKind,
    WindowPart,
)

NOW = datetime(2026, 3, 2, 15, 4, 5, 678_901, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def a_key() -> ClientKey:
    """A client key nobody has used."""
    return ClientKey(uuid4())


def words(text: str = "Asked for help twice.", lang: str = "en") -> FreeText:
    """Free text."""
    return FreeText(text=text, lang=lang)


def a_student(**changes: Any) -> Student:
    """A third-grader."""
    student = Student(
        id=StudentId(new_uuid7()),
        legal_name="Maya Example",
        preferred_name="Maya",
        grade="3",
        home_language="es",
        created_by=AdultId(new_uuid7()),
        created_at=NOW,
    )
    return replace(student, **changes)


def an_adult(**changes: Any) -> Adult:
    """An adult who can be reached by mail."""
    adult = Adult(
        id=AdultId(new_uuid7()),
        name="Rosa Example",
        reads="en",
        created_at=NOW,
        addresses=(ChannelAddress(kind=AddressKind.MAIL, value="rosa@example.org"),),
    )
    return replace(adult, **changes)


def a_relationship(student_id: StudentId, adult_id: AdultId, **changes: Any) -> Relationship:
    """A mother with both rights."""
    relationship = Relationship(
        id=RelationshipId(new_uuid7()),
        student_id=student_id,
        adult_id=adult_id,
        relation=Relation.MOTHER,
        household="one",
        may_access_records=True,
        may_decide=True,
        basis="Birth certificate seen at enrolment",
        verified_by=adult_id,
        verified_at=NOW,
        valid_from=TODAY,
    )
    return replace(relationship, **changes)


def a_transfer(student_id: StudentId, noted_by: AdultId, **changes: Any) -> RightsTransfer:
    """A transfer of which nothing is noted yet but that somebody looked."""
    return replace(RightsTransfer(student_id=student_id, noted_by=noted_by, noted_at=NOW), **changes)


def a_window(student_id: StudentId, adult_id: AdultId, **changes: Any) -> AccessWindow:
    """An interpreter reads the papers of a meeting from now for two hours."""
    window = AccessWindow(
        id=AccessWindowId(new_uuid7()),
        student_id=student_id,
        adult_id=adult_id,
        kind=WindowKind.MEETING,
        opens_at=NOW,
        closes_at=NOW + timedelta(hours=2),
        parts=frozenset({WindowPart.PLAN}),
        basis="Annual review",
        purpose="To interpret",
        noted_by=adult_id,
        noted_at=NOW,
    )
    return replace(window, **changes)


def an_assignment(student_id: StudentId, adult_id: AdultId, **changes: Any) -> Assignment:
    """A special-education teacher on the team."""
    assignment = Assignment(
        id=AssignmentId(new_uuid7()),
        adult_id=adult_id,
        student_id=student_id,
        role=StaffRole.SPECIAL_ED_TEACHER,
        starts_on=TODAY,
        assigned_by=adult_id,
        assigned_at=NOW,
    )
    return replace(assignment, **changes)


def an_appointment(adult_id: AdultId, **changes: Any) -> Appointment:
    """A case manager of the site."""
    appointment = Appointment(
        adult_id=adult_id, role=SiteRole.CASE_MANAGER, starts_on=TODAY, appointed_by=None, appointed_at=NOW
    )
    return replace(appointment, **changes)


def an_identity(person_id: AdultId | StudentId, **changes: Any) -> Identity:
    """What a platform calls an adult."""
    identity = Identity(
        source="platform-1", subject=str(person_id), kind=PersonKind.ADULT, person_id=person_id
    )
    return replace(identity, **changes)


def a_member(subject: str = "pupil-1", **changes: Any) -> RosterMember:
    """A pupil of a course."""
    member = RosterMember(
        id=RosterMemberId(new_uuid7()),
        source="platform-1",
        context_id="course-1",
        context_title="Room 12",
        subject=subject,
        standing=RosterStanding.PUPIL,
        seen_at=NOW,
        name="Maya Example",
    )
    return replace(member, **changes)


def a_hint(observer: str = "parent-1", pupil: str = "pupil-1", **changes: Any) -> LinkHint:
    """A platform's link, a day to live."""
    hint = LinkHint(
        source="platform-1",
        observer_subject=observer,
        pupil_subject=pupil,
        seen_at=NOW,
        expires_at=NOW + timedelta(hours=24),
    )
    return replace(hint, **changes)


def a_suspension(adult_id: AdultId, **changes: Any) -> Suspension:
    """Somebody disabled from the command line."""
    suspension = Suspension(id=SuspensionId(new_uuid7()), adult_id=adult_id, starts_at=NOW)
    return replace(suspension, **changes)


def a_hold(student_id: StudentId | None, **changes: Any) -> LegalHold:
    """A hold placed from the command line."""
    hold = LegalHold(
        id=HoldId(new_uuid7()), student_id=student_id, reason="A request is open.", placed_at=NOW
    )
    return replace(hold, **changes)
