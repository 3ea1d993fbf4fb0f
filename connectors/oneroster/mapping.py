"""From rows to the neutral roster: a class is a course of one section, a user a person, a role a standing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from connectors.oneroster.book import Book, ClassRows
from connectors.oneroster.columns import GUARDIAN_ROLES, USER_ROLES
from connectors.oneroster.options import OneRosterOptions
from connectors.oneroster.schemas import ClassRow, EnrollmentRow, UserRow
from iepcore.people import (
    CourseListing,
    CourseRoster,
    Enrollment,
    EnrollmentState,
    GuardianLink,
    RosterPerson,
    RosterSection,
    RosterStanding,
    Shortfall,
    ShortfallKind,
)

_STAFF = (USER_ROLES["1.1"] | USER_ROLES["1.2"]) - GUARDIAN_ROLES - {"student"}


def listing_of(row: ClassRow, book: Book) -> CourseListing:
    """Return a class as a list of courses names it; its course's title stands in for a missing one."""
    course = book.courses.get(row.course_id)
    terms = (book.sessions[one].title for one in row.term_ids if one in book.sessions)
    return CourseListing(
        id=row.id,
        title=row.title or (course.title if course else ""),
        code=row.code or (course.code if course else ""),
        term=", ".join(sorted(term for term in terms if term)),
        sis_id=row.id,
    )


def person_of(user: UserRow, options: OneRosterOptions) -> RosterPerson:
    """Return a person. A name that the person prefers stands before the one of the papers."""
    given = user.preferred_given_name or user.given_name
    family = user.preferred_family_name or user.family_name
    return RosterPerson(
        subject=user.id,
        name=f"{given} {family}".strip() or None,
        sis_id=options.number_of(user),
        email=user.email or None,
        email_verified=bool(user.email) and options.vouches_for(user.email),
        grade=user.grades or None,
    )


def standing_of(role: str, roles: frozenset[str]) -> RosterStanding:
    """Return how somebody stands in a class, by the enrollment's role and the roles the person has (empty
    when nobody tells them).

    A pupil is whom both call a student, staff whom both call staff. Whoever is one thing there and another
    here is ``OTHER``, which gives nothing: a student who assists, a teacher who takes a course.
    """
    staff = roles & _STAFF
    if role == "student":
        return RosterStanding.PUPIL if not roles or "student" in roles else RosterStanding.OTHER
    if role not in {"teacher", "aide"} or (roles and not staff):
        return RosterStanding.OTHER
    if role == "aide" or staff == {"aide"}:
        return RosterStanding.HELPER
    return RosterStanding.TEACHER


def enrollment_of(row: EnrollmentRow, *, roles: frozenset[str], is_enabled: bool, today: date) -> Enrollment:
    """Return one person's place. Staff whose account was switched off have left; a pupil whose was is a pupil
    still. The first day after (``endDate``) is no day of theirs any more.
    """
    standing = standing_of(row.role, roles)
    state = EnrollmentState.ACTIVE
    has_ended = row.is_deleted or (row.ends_on is not None and row.ends_on <= today)
    if has_ended or not (is_enabled or standing is RosterStanding.PUPIL):
        state = EnrollmentState.ENDED
    elif row.begins_on is not None and row.begins_on > today:
        state = EnrollmentState.INVITED
    return Enrollment(
        subject=row.user_id,
        section_id=row.class_id,
        standing=standing,
        state=state,
        role_label="aide" if standing is RosterStanding.HELPER else row.role,
        begins_on=row.begins_on,
        ends_on=row.ends_on,
    )


def shortfalls_of(book: Book, rows: ClassRows) -> tuple[Shortfall, ...]:
    """Return why a class's roster may not be the whole truth."""
    found = []
    if rows.unread:
        found.append(Shortfall(kind=ShortfallKind.ROWS_UNREADABLE, code="row_form", count=len(rows.unread)))
    lost = rows.more + book.lost_enrollments
    if lost:
        found.append(Shortfall(kind=ShortfallKind.PAGES_LOST, code="row_form", count=lost))
    if "enrollments.csv" in book.broke_off:
        found.append(Shortfall(kind=ShortfallKind.PAGES_LOST, code="quote_open"))
    return tuple(found)


def roster_of(
    listing: CourseListing,
    *,
    pulled_at: datetime,
    people: Mapping[str, RosterPerson],
    enrollments: Iterable[Enrollment],
    links: Mapping[str, Mapping[str, str]],
    shortfalls: tuple[Shortfall, ...],
    rows: ClassRows,
) -> CourseRoster:
    """Return one course. ``people`` holds everybody who is enrolled, and every guardian of a pupil."""
    places = sorted(set(enrollments), key=_place)
    # Whoever acts for a pupil who has left has no more to do with this course.
    here = [one for one in places if one.state is not EnrollmentState.ENDED]
    pupils = sorted({one.subject for one in here if one.standing is RosterStanding.PUPIL})
    guardians = tuple(
        GuardianLink(guardian_subject=guardian, student_subject=pupil, relation=relation)
        for pupil in pupils
        for guardian, relation in sorted(links.get(pupil, {}).items())
        if guardian in people
    )
    named = {one.subject for one in places} | {one.guardian_subject for one in guardians}
    return CourseRoster(
        course=listing,
        pulled_at=pulled_at,
        sections=(RosterSection(id=listing.id, title=listing.title),),
        people=tuple(people[subject] for subject in sorted(named)),
        enrollments=tuple(places),
        guardians=guardians,
        shortfalls=shortfalls,
        unread=tuple(sorted(rows.unread, key=lambda one: (one.place, one.line))),
    )


def _place(one: Enrollment) -> tuple[str, str, str, date, date, str]:
    days = one.begins_on or date.min, one.ends_on or date.min
    return one.subject, one.standing, one.state, *days, one.role_label
