"""Reading one course and the guardians, page by page, and noting whatever is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from connectors.google_classroom.mapping import guardian_of, link_of, member_of, section_of
from connectors.google_classroom.routes import LIST_GUARDIANS, LIST_STUDENTS, LIST_TEACHERS
from connectors.google_classroom.schemas import GuardianRow, GuardianSchema, MemberSchema
from connectors.http import Pairs, Route, Transport, concerns_all
from connectors.http.errors import CallError, Forbidden, NotFoundThere, ScopeMissing
from iepcore.people import (
    CourseListing,
    CourseRoster,
    Enrollment,
    GuardianLink,
    RosterPerson,
    RosterStanding,
    Shortfall,
    ShortfallKind,
    UnreadRow,
)

EVERYBODY = "-"
"""In the place of a student's id: the guardians of all. Only a domain administrator may ask so."""

PAGE_SIZE = ("pageSize", "100")
"""Classroom gave 30 at most whatever was asked (code-dot-org pull 17113; client issue 945): nothing here
counts on a page's size."""

_PROFILE = "(id,name/fullName,emailAddress)"  # never photoUrl: no picture of a child enters the program
_STUDENTS: Pairs = (PAGE_SIZE, ("fields", f"nextPageToken,students(userId,profile{_PROFILE})"))
_TEACHERS: Pairs = (PAGE_SIZE, ("fields", f"nextPageToken,teachers(userId,profile{_PROFILE})"))
_GUARDIANS: Pairs = (
    PAGE_SIZE,
    (
        "fields",
        f"nextPageToken,guardians(studentId,guardianId,invitedEmailAddress,guardianProfile{_PROFILE})",
    ),
)
_MEMBER_ROWS, _GUARDIAN_ROWS = MemberSchema(), GuardianSchema()


@dataclass(slots=True, kw_only=True)
class Guardians:
    """Who acts for whom, as far as it could be read. ``shortfalls`` touch every course of the pull."""

    by_student: dict[str, dict[str, GuardianRow]] = field(default_factory=dict)
    shortfalls: list[Shortfall] = field(default_factory=list)
    unread: list[UnreadRow] = field(default_factory=list)

    def read(self, transport: Transport, student_id: str) -> None:
        """Read the guardians of one student, or of ``EVERYBODY``.

        Raises:
            CallError: what concerns the whole pull.
        """
        path = {"student_id": student_id}
        try:
            for page in transport.get_pages(LIST_GUARDIANS, _GUARDIANS, _GUARDIAN_ROWS, path=path):
                self.unread += page.unread("guardians")
                for row in page.items:
                    self.by_student.setdefault(row.student_id, {})[row.guardian_id] = row
        except CallError as error:
            if isinstance(error, Forbidden | ScopeMissing | NotFoundThere):
                # Guardians are off in this domain, or this account may not see them.
                self._note(Shortfall(kind=ShortfallKind.FIELDS_WITHHELD, code=error.code))
            elif concerns_all(error):
                raise
            else:
                self._note(Shortfall(kind=ShortfallKind.PAGES_LOST, code=error.code))

    def add(self, other: Guardians) -> None:
        """Take in what another reading brought."""
        for student_id, rows in other.by_student.items():
            self.by_student.setdefault(student_id, {}).update(rows)
        for shortfall in other.shortfalls:
            self._note(shortfall)
        self.unread += other.unread

    def _note(self, shortfall: Shortfall) -> None:
        if shortfall not in self.shortfalls:
            self.shortfalls.append(shortfall)


@dataclass(slots=True, kw_only=True)
class CourseReading:
    """One course while it is read. ``failed`` is what ended it before anything came."""

    course: CourseListing
    pulled_at: datetime
    failed: CallError | None = None
    people: dict[str, RosterPerson] = field(default_factory=dict)
    enrollments: dict[tuple[str, RosterStanding], Enrollment] = field(default_factory=dict)
    shortfalls: list[Shortfall] = field(default_factory=list)
    unread: list[UnreadRow] = field(default_factory=list)

    def read(self, transport: Transport) -> None:
        """Read students, then teachers. What could be read stays, whatever happens later.

        Raises:
            CallError: what concerns the whole pull.
        """
        self._members(transport, LIST_STUDENTS, _STUDENTS, RosterStanding.PUPIL, "Student")
        if self.failed is None:
            self._members(transport, LIST_TEACHERS, _TEACHERS, RosterStanding.TEACHER, "Teacher")

    def roster(self, guardians: Guardians) -> CourseRoster:
        """Return the roster with the guardians of the students in it."""
        people = dict(self.people)
        links: list[GuardianLink] = []
        students = [who for who, standing in self.enrollments if standing is RosterStanding.PUPIL]
        for student_id in students:
            for row in guardians.by_student.get(student_id, {}).values():
                if row.guardian_id != student_id:
                    # A parent who teaches in the course stands in it already, under the same number.
                    people.setdefault(row.guardian_id, guardian_of(row))
                    links.append(link_of(row))
        unread = [*self.unread, *guardians.unread]
        shortfalls = [*self.shortfalls, *guardians.shortfalls]
        if unread:
            shortfalls.append(
                Shortfall(kind=ShortfallKind.ROWS_UNREADABLE, code="row_form", count=len(unread))
            )
        return CourseRoster(
            course=self.course,
            pulled_at=self.pulled_at,
            sections=(section_of(self.course),),
            people=tuple(people.values()),
            enrollments=tuple(self.enrollments.values()),
            guardians=tuple(links),
            shortfalls=tuple(shortfalls),
            unread=tuple(unread),
        )

    def _members(
        self, transport: Transport, route: Route, params: Pairs, standing: RosterStanding, label: str
    ) -> None:
        seen_on: dict[str, int] = {}
        moved = False
        try:
            for page in transport.get_pages(route, params, _MEMBER_ROWS, path={"course_id": self.course.id}):
                self.unread += page.unread(str(route.rows))
                for row in page.items:
                    # Twice on different pages: the list moved under us, and another row may have been missed.
                    moved = moved or seen_on.setdefault(row.user_id, page.number) != page.number
                    self.people.setdefault(row.user_id, member_of(row))
                    self.enrollments[row.user_id, standing] = Enrollment(
                        subject=row.user_id,
                        section_id=self.course.id,
                        standing=standing,
                        role_label=label,
                    )
        except CallError as error:
            if concerns_all(error) or isinstance(error, ScopeMissing):
                raise
            if not self.people and standing is RosterStanding.PUPIL:
                self.failed = error
            refused = isinstance(error, Forbidden | NotFoundThere)
            kind = ShortfallKind.REFUSED if refused else ShortfallKind.PAGES_LOST
            self.shortfalls.append(Shortfall(kind=kind, code=error.code))
        if moved:
            self.shortfalls.append(Shortfall(kind=ShortfallKind.MOVED_MEANWHILE))
