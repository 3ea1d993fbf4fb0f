"""Rows of a Canvas course become our own values. Pure: what is read, and how, is another module's part."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo

from connectors.canvas.roster_schemas import WITHHELD, Course, EnrollmentRow, Section, User
from iepcore.people import (
    CourseListing,
    Enrollment,
    EnrollmentState,
    GuardianLink,
    RosterPerson,
    RosterSection,
    RosterStanding,
)

# By type: a custom role keeps the type it was made from, and its name is a label only.
STANDINGS = {
    "TeacherEnrollment": RosterStanding.TEACHER,
    "TaEnrollment": RosterStanding.HELPER,
    "StudentEnrollment": RosterStanding.PUPIL,
    "ObserverEnrollment": RosterStanding.OBSERVER,
}
OBSERVER, PUPIL, TEST_PUPIL = "ObserverEnrollment", "StudentEnrollment", "StudentViewEnrollment"
STATES = {
    "active": EnrollmentState.ACTIVE,
    "invited": EnrollmentState.INVITED,
    "creation_pending": EnrollmentState.INVITED,
}
"""Everything else (inactive, completed, concluded, deleted, rejected, and what may come) has ended."""
RELATION = "observer"


def listing_of(course: Course) -> CourseListing:
    """Return a course as a list names it; what is hidden from the caller is empty."""
    return CourseListing(
        id=course.id,
        title=course.name or "",
        code=course.course_code or "",
        term=(course.term.name or "") if course.term else "",
        sis_id=course.sis_course_id or None,
    )


def state_of(row: EnrollmentRow) -> EnrollmentState:
    """Return the state of an enrollment in our three words."""
    return STATES.get(row.enrollment_state, EnrollmentState.ENDED)


def sections_of(sections: Iterable[Section], rows: Iterable[EnrollmentRow]) -> tuple[RosterSection, ...]:
    """Return the sections, and a nameless one for each that only an enrollment speaks of."""
    titles = {one.id: one.name or "" for one in sections}
    for row in rows:
        titles.setdefault(row.course_section_id, "")
    return tuple(RosterSection(id=key, title=title) for key, title in titles.items())


def enrollments_of(rows: Iterable[EnrollmentRow], zone: tzinfo) -> tuple[Enrollment, ...]:
    """Return each enrollment once: an observer of two pupils has two rows and one place in the section."""
    return tuple(dict.fromkeys(_enrollment(row, zone) for row in rows))


def people_of(rows: Iterable[EnrollmentRow]) -> tuple[RosterPerson, ...]:
    """Return each person once, the pupils that an observer watches among them."""
    found: dict[str, User] = {}
    for row in rows:
        _know(found, row.user_id, row.user)
        if _is_link(row) and row.associated_user_id is not None:
            _know(found, row.associated_user_id, row.observed_user)
    return tuple(
        RosterPerson(
            subject=subject, name=user.name, sis_id=user.sis_user_id or None, channel_user_id=subject
        )
        for subject, user in found.items()
    )


def guardians_of(rows: Iterable[EnrollmentRow]) -> tuple[GuardianLink, ...]:
    """Return who observes whom, once per pair. An observer of nobody is the parent of nobody."""
    return tuple(
        dict.fromkeys(
            GuardianLink(
                guardian_subject=row.user_id, student_subject=row.associated_user_id, relation=RELATION
            )
            for row in rows
            if row.associated_user_id is not None and _is_link(row)
        )
    )


def _is_link(row: EnrollmentRow) -> bool:
    """Tell whether a row ties an observer who has accepted to somebody else."""
    accepted = row.type == OBSERVER and state_of(row) is EnrollmentState.ACTIVE
    return accepted and row.associated_user_id not in {None, row.user_id}


def _enrollment(row: EnrollmentRow, zone: tzinfo) -> Enrollment:
    return Enrollment(
        subject=row.user_id,
        section_id=row.course_section_id,
        standing=STANDINGS.get(row.type, RosterStanding.OTHER),
        state=state_of(row),
        role_label=row.role,
        begins_on=_day(row.start_at, zone),
        ends_on=_day(row.end_at, zone),
    )


def _know(found: dict[str, User], subject: str, user: User | None) -> None:
    """Keep the fuller of what two rows say of a person."""
    known = found.get(subject)
    # Another id than the row's own is not this person, whatever the reason.
    told = user if user is not None and user is not WITHHELD and user.id == subject else User(id=subject)
    if known is None:
        found[subject] = told
    elif known.name is None or known.sis_user_id is None:
        found[subject] = User(
            id=subject,
            name=known.name if known.name is not None else told.name,
            sis_user_id=known.sis_user_id or told.sis_user_id,
        )


def _day(text: str | None, zone: tzinfo) -> date | None:
    """Return the school's day of an instant; a time nobody can read is no day."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(zone).date()
