"""People in memory."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from iepcore.errors import Conflict
from iepcore.ids import AdultId, RosterMemberId, StudentId
from iepcore.memory.rows import MemoryRows
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


class MemoryPeople:
    """``PeopleRepository`` over one unit of work."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows

    # students and adults
    def add_student(self, student: Student) -> None:
        self._rows.add(student)

    def save_student(self, student: Student) -> None:
        self._rows.save(student, version=student.version)

    def student(self, student_id: StudentId) -> Student | None:
        return self._rows.get(Student, student_id)

    def students(self, student_ids: Collection[StudentId]) -> Sequence[Student]:
        wanted = set(student_ids)
        return self._rows.all(Student, lambda one: one.id in wanted)

    def add_adult(self, adult: Adult) -> None:
        self._rows.add(adult)

    def save_adult(self, adult: Adult) -> None:
        self._rows.save(adult, version=adult.version)

    def adult(self, adult_id: AdultId) -> Adult | None:
        return self._rows.get(Adult, adult_id)

    def adults(self, adult_ids: Collection[AdultId]) -> Sequence[Adult]:
        wanted = set(adult_ids)
        return self._rows.all(Adult, lambda one: one.id in wanted)

    def all_students(self) -> Sequence[Student]:
        return self._rows.all(Student)

    def all_adults(self) -> Sequence[Adult]:
        return self._rows.all(Adult)

    # rights and teams
    def add_relationship(self, relationship: Relationship) -> None:
        self._rows.add(relationship)

    def save_relationship(self, relationship: Relationship) -> None:
        self._rows.save(relationship, version=relationship.version)

    def relationships_of_student(self, student_id: StudentId) -> Sequence[Relationship]:
        return self._rows.all(Relationship, lambda one: one.student_id == student_id)

    def relationships_of_students(self, student_ids: Collection[StudentId]) -> Sequence[Relationship]:
        wanted = set(student_ids)
        return self._rows.all(Relationship, lambda one: one.student_id in wanted)

    def relationships_of_adult(self, adult_id: AdultId) -> Sequence[Relationship]:
        return self._rows.all(Relationship, lambda one: one.adult_id == adult_id)

    def put_transfer(self, transfer: RightsTransfer) -> None:
        if transfer.version > 1:
            self._rows.save(transfer, version=transfer.version)
            return
        stored = self._rows.add_first(transfer)
        if stored != transfer:
            raise Conflict("rights_transfer", current=stored, yours=transfer)

    def transfers_of(self, student_ids: Collection[StudentId]) -> Sequence[RightsTransfer]:
        wanted = set(student_ids)
        return self._rows.all(RightsTransfer, lambda one: one.student_id in wanted)

    def add_window(self, window: AccessWindow) -> None:
        self._rows.add(window)

    def save_window(self, window: AccessWindow) -> None:
        self._rows.save(window, version=window.version)

    def windows_of_adult(self, adult_id: AdultId) -> Sequence[AccessWindow]:
        return self._rows.all(AccessWindow, lambda one: one.adult_id == adult_id)

    def windows_of_student(self, student_id: StudentId) -> Sequence[AccessWindow]:
        return self._rows.all(
            AccessWindow, lambda one: one.student_id == student_id, order=lambda one: one.opens_at
        )

    def add_assignment(self, assignment: Assignment) -> None:
        self._rows.add(assignment)

    def save_assignment(self, assignment: Assignment) -> None:
        self._rows.save(assignment, version=assignment.version)

    def assignments_of_student(self, student_id: StudentId) -> Sequence[Assignment]:
        return self._rows.all(Assignment, lambda one: one.student_id == student_id)

    def assignments_of_adult(self, adult_id: AdultId) -> Sequence[Assignment]:
        return self._rows.all(Assignment, lambda one: one.adult_id == adult_id)

    def add_appointment(self, appointment: Appointment) -> None:
        self._rows.put(appointment)

    def appointments(self) -> Sequence[Appointment]:
        return self._rows.all(Appointment)

    def appointments_of_adult(self, adult_id: AdultId) -> Sequence[Appointment]:
        return self._rows.all(Appointment, lambda one: one.adult_id == adult_id)

    # identities
    def add_identity(self, identity: Identity) -> None:
        stored = self._rows.add_first(identity)
        if stored != identity:
            raise Conflict("identity", current=stored, yours=identity)

    def identity(self, source: str, subject: str) -> Identity | None:
        return self._rows.get(Identity, (source, subject))

    def identities_of(self, person_id: AdultId | StudentId) -> Sequence[Identity]:
        return self._rows.all(Identity, lambda one: one.person_id == person_id)

    def identities_of_source(self, source: str) -> Sequence[Identity]:
        return self._rows.all(Identity, lambda one: one.source == source)

    # the address book
    def save_roster(
        self, source: str, context_id: str, members: Sequence[RosterMember], *, complete: bool
    ) -> None:
        known = {member.subject: member for member in self.roster(source, context_id)}
        if complete:
            for member in known.values():
                self._rows.put(replace(member, active=False))
        for member in members:
            old = known.get(member.subject)
            self._rows.put(member if old is None else replace(member, id=old.id))
            known[member.subject] = member if old is None else old

    def roster(self, source: str, context_id: str | None = None) -> Sequence[RosterMember]:
        return self._rows.all(
            RosterMember, lambda one: one.source == source and context_id in (None, one.context_id)
        )

    def roster_member(self, member_id: RosterMemberId) -> RosterMember | None:
        return self._rows.get(RosterMember, member_id)

    def replace_hints(self, source: str, observer_subject: str, hints: Sequence[LinkHint]) -> None:
        self._rows.delete(
            LinkHint, lambda one: (one.source, one.observer_subject) == (source, observer_subject)
        )
        for hint in hints:
            self._rows.put(hint)

    def hints_of_observer(self, source: str, observer_subject: str) -> Sequence[LinkHint]:
        return self._rows.all(
            LinkHint, lambda one: (one.source, one.observer_subject) == (source, observer_subject)
        )

    def hints_of_pupil(self, source: str, pupil_subject: str, *, at: datetime) -> Sequence[LinkHint]:
        return self._rows.all(
            LinkHint,
            lambda one: (one.source, one.pupil_subject) == (source, pupil_subject) and one.expires_at > at,
        )
