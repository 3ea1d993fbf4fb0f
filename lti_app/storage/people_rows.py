"""People in SQL: the repository of students, adults, rights, teams, identities and the address book."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from iepcore.errors import Conflict
from iepcore.ids import AdultId, RosterMemberId, StudentId
from iepcore.people import (
    AccessWindow,
    Adult,
    Appointment,
    Assignment,
    Identity,
    LinkHint,
    Relationship,
    RightsTransfer,
    RosterMember,
    Student,
)
from lti_app.storage import people_tables as t
from lti_app.storage.site_rows import Mapped, SiteRows, found_by

STUDENTS = Mapped(t.student, Student)
ADULTS = Mapped(t.adult, Adult)
RELATIONSHIPS = Mapped(t.relationship, Relationship)
TRANSFERS = Mapped(t.rights_transfer, RightsTransfer)
WINDOWS = Mapped(t.access_window, AccessWindow)
ASSIGNMENTS = Mapped(t.assignment, Assignment)
APPOINTMENTS = Mapped(t.appointment, Appointment)
IDENTITIES = Mapped(t.identity, Identity)
ROSTER = Mapped(t.roster_member, RosterMember)
HINTS = Mapped(t.link_hint, LinkHint)

# What every launch asks, compiled once.
_ADULT = found_by(ADULTS, "id")
_IDENTITY = found_by(IDENTITIES, "source", "subject")
_RELATIONSHIPS_OF = found_by(RELATIONSHIPS, "adult_id")
_WINDOWS_OF = found_by(WINDOWS, "adult_id")
_ASSIGNMENTS_OF = found_by(ASSIGNMENTS, "adult_id")
_APPOINTMENTS_OF = found_by(APPOINTMENTS, "adult_id")
HINTS_OF = found_by(HINTS, "source", "observer_subject")


class PeopleRows:
    """``PeopleRepository`` over one transaction."""

    def __init__(self, rows: SiteRows) -> None:
        self._rows = rows

    # students and adults
    def add_student(self, student: Student) -> None:
        self._rows.add(STUDENTS, student)

    def save_student(self, student: Student) -> None:
        self._rows.save(STUDENTS, student, version=student.version)

    def student(self, student_id: StudentId) -> Student | None:
        return self._rows.one(STUDENTS, t.student.c.id == student_id)

    def students(self, student_ids: Collection[StudentId]) -> Sequence[Student]:
        return self._rows.all(STUDENTS, t.student.c.id.in_(student_ids))

    def add_adult(self, adult: Adult) -> None:
        self._rows.add(ADULTS, adult)

    def save_adult(self, adult: Adult) -> None:
        self._rows.save(ADULTS, adult, version=adult.version)

    def adult(self, adult_id: AdultId) -> Adult | None:
        return next(iter(self._rows.find(ADULTS, _ADULT, id=adult_id)), None)

    def adults(self, adult_ids: Collection[AdultId]) -> Sequence[Adult]:
        return self._rows.all(ADULTS, t.adult.c.id.in_(adult_ids))

    def all_students(self) -> Sequence[Student]:
        return self._rows.all(STUDENTS)

    def all_adults(self) -> Sequence[Adult]:
        return self._rows.all(ADULTS)

    # rights and teams
    def add_relationship(self, relationship: Relationship) -> None:
        self._rows.add(RELATIONSHIPS, relationship)

    def save_relationship(self, relationship: Relationship) -> None:
        self._rows.save(RELATIONSHIPS, relationship, version=relationship.version)

    def relationships_of_student(self, student_id: StudentId) -> Sequence[Relationship]:
        return self._rows.all(RELATIONSHIPS, t.relationship.c.student_id == student_id)

    def relationships_of_students(self, student_ids: Collection[StudentId]) -> Sequence[Relationship]:
        return self._rows.all(RELATIONSHIPS, t.relationship.c.student_id.in_(student_ids))

    def relationships_of_adult(self, adult_id: AdultId) -> Sequence[Relationship]:
        return self._rows.find(RELATIONSHIPS, _RELATIONSHIPS_OF, adult_id=adult_id)

    def put_transfer(self, transfer: RightsTransfer) -> None:
        if transfer.version > 1:
            self._rows.save(TRANSFERS, transfer, version=transfer.version)
            return
        stored = self._rows.add_first(TRANSFERS, transfer, *TRANSFERS.same(transfer))
        if stored != transfer:
            raise Conflict(TRANSFERS.kind, current=stored, yours=transfer)

    def transfers_of(self, student_ids: Collection[StudentId]) -> Sequence[RightsTransfer]:
        return self._rows.all(TRANSFERS, t.rights_transfer.c.student_id.in_(student_ids))

    def add_window(self, window: AccessWindow) -> None:
        self._rows.add(WINDOWS, window)

    def save_window(self, window: AccessWindow) -> None:
        self._rows.save(WINDOWS, window, version=window.version)

    def windows_of_adult(self, adult_id: AdultId) -> Sequence[AccessWindow]:
        return self._rows.find(WINDOWS, _WINDOWS_OF, adult_id=adult_id)

    def windows_of_student(self, student_id: StudentId) -> Sequence[AccessWindow]:
        c = t.access_window.c
        return self._rows.all(WINDOWS, c.student_id == student_id, order=(c.opens_at,))

    def add_assignment(self, assignment: Assignment) -> None:
        self._rows.add(ASSIGNMENTS, assignment)

    def save_assignment(self, assignment: Assignment) -> None:
        self._rows.save(ASSIGNMENTS, assignment, version=assignment.version)

    def assignments_of_student(self, student_id: StudentId) -> Sequence[Assignment]:
        return self._rows.all(ASSIGNMENTS, t.assignment.c.student_id == student_id)

    def assignments_of_adult(self, adult_id: AdultId) -> Sequence[Assignment]:
        return self._rows.find(ASSIGNMENTS, _ASSIGNMENTS_OF, adult_id=adult_id)

    def add_appointment(self, appointment: Appointment) -> None:
        self._rows.put(APPOINTMENTS, appointment)

    def appointments(self) -> Sequence[Appointment]:
        return self._rows.all(APPOINTMENTS)

    def appointments_of_adult(self, adult_id: AdultId) -> Sequence[Appointment]:
        return self._rows.find(APPOINTMENTS, _APPOINTMENTS_OF, adult_id=adult_id)

    # identities
    def add_identity(self, identity: Identity) -> None:
        same = IDENTITIES.same(identity)
        stored = self._rows.add_first(IDENTITIES, identity, *same)
        if stored != identity:
            raise Conflict(IDENTITIES.kind, current=stored, yours=identity)

    def identity(self, source: str, subject: str) -> Identity | None:
        return next(iter(self._rows.find(IDENTITIES, _IDENTITY, source=source, subject=subject)), None)

    def identities_of(self, person_id: AdultId | StudentId) -> Sequence[Identity]:
        return self._rows.all(IDENTITIES, t.identity.c.person_id == person_id)

    def identities_of_source(self, source: str) -> Sequence[Identity]:
        return self._rows.all(IDENTITIES, t.identity.c.source == source)

    # the address book
    def save_roster(
        self, source: str, context_id: str, members: Sequence[RosterMember], *, complete: bool
    ) -> None:
        course = (t.roster_member.c.source == source, t.roster_member.c.context_id == context_id)
        known = {member.subject: member.id for member in self._rows.all(ROSTER, *course)}
        if complete:
            self._rows.change(ROSTER, *course, active=False)
        for member in {member.subject: member for member in members}.values():
            self._rows.put(ROSTER, replace(member, id=known.get(member.subject, member.id)))

    def roster(self, source: str, context_id: str | None = None) -> Sequence[RosterMember]:
        where = [t.roster_member.c.source == source]
        if context_id is not None:
            where.append(t.roster_member.c.context_id == context_id)
        return self._rows.all(ROSTER, *where)

    def roster_member(self, member_id: RosterMemberId) -> RosterMember | None:
        return self._rows.one(ROSTER, t.roster_member.c.id == member_id)

    def replace_hints(self, source: str, observer_subject: str, hints: Sequence[LinkHint]) -> None:
        h = t.link_hint.c
        self._rows.delete(HINTS, h.source == source, h.observer_subject == observer_subject)
        for hint in hints:
            self._rows.put(HINTS, hint)

    def hints_of_observer(self, source: str, observer_subject: str) -> Sequence[LinkHint]:
        return self._rows.find(HINTS, HINTS_OF, source=source, observer_subject=observer_subject)

    def hints_of_pupil(self, source: str, pupil_subject: str, *, at: datetime) -> Sequence[LinkHint]:
        h = t.link_hint.c
        return self._rows.all(HINTS, h.source == source, h.pupil_subject == pupil_subject, h.expires_at > at)
