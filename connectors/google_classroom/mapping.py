"""From Google's rows to the neutral roster. Pure functions."""

from __future__ import annotations

from connectors.google_classroom.schemas import CourseRow, GuardianRow, MemberRow, Profile
from iepcore.people import CourseListing, GuardianLink, RosterPerson, RosterSection

RELATION = "guardian"
"""Classroom's only word for it: mother, aunt and foster father are all guardians there."""


def listing_of(row: CourseRow) -> CourseListing:
    """Return a course. ``section`` is free text ("Period 3") that tells two courses of one name apart."""
    parts = [" ".join(text.split()) for text in (row.name, row.section)]
    return CourseListing(id=row.id, title=", ".join(part for part in parts if part))


def section_of(course: CourseListing) -> RosterSection:
    """Return the one section of a course: Classroom has none, a course is a class."""
    return RosterSection(id=course.id, title=course.title)


def member_of(row: MemberRow) -> RosterPerson:
    """Return a student or a teacher.

    The address is the Google account's own, which the school (or Google, for a private account) made sure
    of; nobody typed it into a form. So it counts as verified.
    """
    return _person(row.user_id, row.profile)


def guardian_of(row: GuardianRow) -> RosterPerson:
    """Return a guardian.

    Verified is only the address of the account with which the invitation was accepted: the list holds
    completed links alone, so its owner opened the invitation and said yes to this child. The address that
    somebody typed into the invitation may be a typing error, and is not.
    """
    person = _person(row.guardian_id, row.profile)
    if person.email is None and row.invited_email:
        return RosterPerson(subject=row.guardian_id, name=person.name, email=row.invited_email)
    return person


def link_of(row: GuardianRow) -> GuardianLink:
    """Return the hint that one acts for the other."""
    return GuardianLink(guardian_subject=row.guardian_id, student_subject=row.student_id, relation=RELATION)


def _person(subject: str, profile: Profile | None) -> RosterPerson:
    if profile is None:
        return RosterPerson(subject=subject)
    return RosterPerson(
        subject=subject,
        name=profile.name or None,
        email=profile.email or None,
        email_verified=bool(profile.email),
    )
