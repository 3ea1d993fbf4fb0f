"""Who stands around the children of a caseload by their rosters: staff not on the team, adults not confirmed.

Both are offers. Staff come on a team with a case manager's tap; an adult of a family is confirmed one by one,
with the two rights asked each time, and never by a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.caseload.people import adult_of_member
from iepcore.errors import NotFound
from iepcore.ids import AdultId, AssignmentId, RosterMemberId, StudentId, new_uuid7
from iepcore.people import (
    Adult,
    Assignment,
    GuardianHint,
    Identity,
    PersonKind,
    RosterMember,
    StaffRole,
    Student,
    TeamGap,
    staff_not_on_team,
)
from iepcore.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffOffer:
    """Somebody whom rosters list as staff of the courses of some of my children, and not on their teams."""

    line: RosterMember
    courses: tuple[str, ...]
    students: tuple[Student, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedStaff:
    """Somebody whom I put on teams today, to take off again."""

    adult: Adult
    role: StaffRole
    students: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentOffer:
    """An adult of whom a roster says that they act for a child, and whom nobody has confirmed for it.

    ``relation`` is the source's own word. ``is_actor``: nobody confirms themselves.
    """

    student: Student
    line: RosterMember
    relation: str
    is_actor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AroundPage:
    """Everything around the children whom the actor manages. ``listed`` and ``missing`` count people of
    staff, each once."""

    students: tuple[Student, ...] = ()
    listed: int = 0
    staff: tuple[StaffOffer, ...] = ()
    added: tuple[AddedStaff, ...] = ()
    parents: tuple[ParentOffer, ...] = ()
    without_adult: tuple[Student, ...] = ()


class AroundDesk:
    """Use cases of a case manager about the people around all their children at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self) -> AroundPage:
        """Return what the rosters offer for the children whom the actor manages."""
        desk = self._desk
        with desk.store.read() as uow:
            mine = self._mine(uow)
        kept = set(desk.note_list(mine, what="set_up"))
        with desk.store.read() as uow:
            books = _Books(uow)
            students = sorted(uow.people.students(kept), key=lambda one: one.preferred_name.casefold())
            gaps = {one.id: books.gap(desk, uow, one.id) for one in students}
            by_id = {one.id: one for one in students}
            listed = {_who(one.lines[0], one.adult_id) for gap in gaps.values() for one in gap.listed}
            parents = [offer for one in students for offer in self._parents(uow, books, one)]
            confirmed = {one.student_id for one in uow.people.relationships_of_students(kept)}
            return AroundPage(
                students=tuple(students),
                listed=len(listed),
                staff=_staff(gaps.values(), by_id),
                added=self._added(uow, kept),
                parents=tuple(parents),
                without_adult=tuple(
                    one
                    for one in students
                    if one.id not in confirmed and all(one.id != row.student.id for row in parents)
                ),
            )

    def add_staff(self, chosen: Mapping[RosterMemberId, StaffRole]) -> int:
        """Put people of staff on the teams of those of the actor's children whose courses list them; return
        how many places were made. Doing it twice changes nothing.

        Raises:
            NotFound: ``roster_member`` for somebody who is not offered.
        """
        desk = self._desk
        made = 0
        with desk.changing() as change:
            uow = change.uow
            books = _Books(uow)
            mine = self._mine(uow)
            gaps = {one: books.gap(desk, uow, one) for one in mine}
            for member_id, role in chosen.items():
                line = uow.people.roster_member(member_id)
                if line is None:
                    raise NotFound("roster_member")
                key = (line.source, line.subject)
                found = [
                    student_id
                    for student_id, gap in gaps.items()
                    if any(key in {(at.source, at.subject) for at in one.lines} for one in gap.missing)
                ]
                for student_id in found:
                    resource = Resource(kind=ResourceKind.TEAM, student_id=student_id)
                    change.permit(Action.WRITE, resource, what="add_to_team")
                    adult = adult_of_member(desk, uow, line)
                    made += self._place(uow, student_id, adult.id, role)
        return made

    def take_off(self, adult_id: AdultId, role: StaffRole) -> int:
        """Take somebody off the teams on which the actor put them today; return how many places ended."""
        desk = self._desk
        today = desk.clock.today()
        ended = 0
        with desk.changing() as change:
            for student_id in self._mine(change.uow):
                for one in change.uow.people.assignments_of_student(student_id):
                    if one.adult_id != adult_id or one.role is not role or not self._made_today(one):
                        continue
                    resource = Resource(kind=ResourceKind.TEAM, student_id=student_id)
                    change.permit(Action.WRITE, resource, what="end_place")
                    gone = replace(one, ends_on=today - timedelta(days=1), version=one.version + 1)
                    change.uow.people.save_assignment(gone)
                    ended += 1
        return ended

    def _mine(self, uow: UnitOfWork) -> tuple[StudentId, ...]:
        today = self._desk.clock.today()
        places = uow.people.assignments_of_adult(self._desk.adult_id)
        held = [one for one in places if one.role is StaffRole.CASE_MANAGER and one.holds_on(today)]
        return tuple(dict.fromkeys(one.student_id for one in held))

    def _made_today(self, place: Assignment) -> bool:
        desk = self._desk
        day = place.assigned_at.astimezone(desk.clock.zone).date()
        return (
            place.assigned_by == desk.adult_id
            and place.adult_id != desk.adult_id
            and day == desk.clock.today()
            and place.holds_on(day)
        )

    def _added(self, uow: UnitOfWork, kept: Iterable[StudentId]) -> tuple[AddedStaff, ...]:
        counted: dict[tuple[AdultId, StaffRole], int] = {}
        for student_id in kept:
            for one in uow.people.assignments_of_student(student_id):
                if self._made_today(one):
                    key = (one.adult_id, one.role)
                    counted[key] = counted.get(key, 0) + 1
        adults = {one.id: one for one in uow.people.adults({adult_id for adult_id, _ in counted})}
        rows = [
            AddedStaff(adult=adults[adult_id], role=role, students=number)
            for (adult_id, role), number in counted.items()
        ]
        return tuple(sorted(rows, key=lambda one: (one.adult.name.casefold(), one.role)))

    def _parents(self, uow: UnitOfWork, books: _Books, student: Student) -> list[ParentOffer]:
        today = self._desk.clock.today()
        confirmed = {
            one.adult_id for one in uow.people.relationships_of_student(student.id) if one.holds_on(today)
        }
        offers: dict[object, ParentOffer] = {}
        for identity in books.accounts.get(student.id, ()):
            for hint in uow.rosters.guardians_of(identity.source, identity.subject):
                line = books.line(hint)
                known = books.identities.get((hint.source, hint.guardian_subject))
                if line is None or (known is not None and known.kind is PersonKind.STUDENT):
                    continue
                adult_id = AdultId(known.person_id) if known is not None else None
                if adult_id not in confirmed:
                    offers[_who(line, adult_id)] = ParentOffer(
                        student=student,
                        line=line,
                        relation=hint.relation,
                        is_actor=adult_id == self._desk.adult_id,
                    )
        return sorted(offers.values(), key=lambda one: (one.line.name or "").casefold())

    def _place(self, uow: UnitOfWork, student_id: StudentId, adult_id: AdultId, role: StaffRole) -> bool:
        desk = self._desk
        today = desk.clock.today()
        held = uow.people.assignments_of_student(student_id)
        if any(one.adult_id == adult_id and one.holds_on(today) for one in held):
            return False
        uow.people.add_assignment(
            Assignment(
                id=AssignmentId(new_uuid7()),
                adult_id=adult_id,
                student_id=student_id,
                role=role,
                starts_on=today,
                assigned_by=desk.adult_id,
                assigned_at=desk.clock.now(),
            )
        )
        return True


@dataclass(slots=True)
class _Books:
    """The address books, read once for all children."""

    uow: UnitOfWork
    identities: dict[tuple[str, str], Identity] = field(default_factory=dict)
    accounts: dict[object, list[Identity]] = field(default_factory=dict)
    lines: list[RosterMember] = field(default_factory=list)
    adults: dict[tuple[str, str], RosterMember] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.uow.rosters.all_identities():
            self.identities[one.source, one.subject] = one
            self.accounts.setdefault(one.person_id, []).append(one)
        for source in sorted({source for source, _ in self.identities}):
            self.lines += [one for one in self.uow.people.roster(source) if one.active]
        self.adults = {(one.source, one.subject): one for one in reversed(self.lines)}
        by_course: dict[tuple[str, str], list[RosterMember]] = {}
        for line in self.lines:
            by_course.setdefault((line.source, line.context_id), []).append(line)
        self._by_course = by_course

    _by_course: dict[tuple[str, str], list[RosterMember]] = field(default_factory=dict)

    def line(self, hint: GuardianHint) -> RosterMember | None:
        """Return a line of the adult whom a hint names."""
        return self.adults.get((hint.source, hint.guardian_subject))

    def gap(self, desk: Desk, uow: UnitOfWork, student_id: StudentId) -> TeamGap:
        """Return who of the staff of a child's courses is not on the team."""
        accounts = {(one.source, one.subject) for one in self.accounts.get(student_id, ())}
        courses = {
            (one.source, one.context_id) for one in self.lines if (one.source, one.subject) in accounts
        }
        near = [line for course in sorted(courses) for line in self._by_course[course]]
        return staff_not_on_team(
            student_id,
            near,
            self.identities.values(),
            uow.people.assignments_of_student(student_id),
            on=desk.clock.today(),
        )


def _who(line: RosterMember, adult_id: AdultId | None) -> object:
    return adult_id if adult_id is not None else (line.source, line.subject)


def _staff(gaps: Iterable[TeamGap], students: Mapping[StudentId, Student]) -> tuple[StaffOffer, ...]:
    found: dict[object, StaffOffer] = {}
    for gap in gaps:
        for one in gap.missing:
            key = _who(one.lines[0], one.adult_id)
            held = found.get(key)
            titles = [line.context_title for line in one.lines if line.context_title]
            before: Sequence[str] = held.courses if held is not None else ()
            with_child = held.students if held is not None else ()
            found[key] = StaffOffer(
                line=held.line if held is not None else one.lines[0],
                courses=tuple(dict.fromkeys([*before, *titles])),
                students=(*with_child, students[gap.student_id]),
            )
    return tuple(
        sorted(found.values(), key=lambda one: (-len(one.students), (one.line.name or "").casefold()))
    )
