"""Setting up a caseload: from a list or the address book to open records, all at once, and back.

A caseload is never inferred from a course: a case manager says who is on it. Opening records stays with who
may do it today; the address book grants nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Change, Desk, Judge
from iepcore.caseload.rosters_matching import accounts_of
from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import AssignmentId, RosterMemberId, StudentId, new_uuid7
from iepcore.people import (
    Assignment,
    CaseRow,
    Identity,
    ListedPupil,
    Match,
    PersonKind,
    RosterMember,
    RosterStanding,
    StaffRole,
    Student,
    WantedPupil,
    listed_pupils,
    match_list,
    match_people,
)
from iepcore.ports import UnitOfWork

OWN_LIST = "list"
"""The source of pupils whom no address book has: a case manager typed them."""

_OPENING = Resource(kind=ResourceKind.STUDENT)
_ROSTER = Resource(kind=ResourceKind.ROSTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilChoice:
    """One pupil of the address book. ``student_id`` is set when a record is open and the actor may know."""

    pupil: ListedPupil
    student_id: StudentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One row of the case manager's list, and what the site knows of the pupils it may be."""

    row: CaseRow
    choices: tuple[PupilChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One record to open. ``member_id`` is a line of the address book; None for a pupil no book has, whom
    ``key`` then names (the same key again is the same pupil)."""

    preferred_name: str
    grade: str
    home_language: str
    member_id: RosterMemberId | None = None
    legal_name: str = ""
    sis_id: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What became of a wish to open records: those that are open now, and how many were open before."""

    student_ids: tuple[StudentId, ...]
    already: int


class SetupDesk:
    """Use cases of a case manager who sets up a caseload."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def choices(self, sources: Sequence[str] = ()) -> tuple[PupilChoice, ...]:
        """Return every pupil of the address book, by name. ``sources`` are looked into as well, beside those
        the site knows of."""
        with self._desk.changing() as change:
            self._permit(change)
            known = _Known(change.uow, sources)
            judge = self._desk.judge(change.uow)
            return tuple(self._choice(judge, known, pupil) for pupil in known.pupils)

    def review(self, wanted: Sequence[WantedPupil], sources: Sequence[str] = ()) -> tuple[ReviewRow, ...]:
        """Say of every row of a list which pupil it is, or may be."""
        with self._desk.changing() as change:
            self._permit(change)
            known = _Known(change.uow, sources)
            judge = self._desk.judge(change.uow)
            return tuple(
                ReviewRow(row=row, choices=tuple(self._choice(judge, known, one) for one in row.pupils))
                for row in match_list(wanted, known.pupils)
            )

    def open_all(self, openings: Sequence[Opening]) -> Opened:
        """Open records for all the pupils at once; the actor becomes their case manager. All or none.

        A pupil whose record is open already is passed over, whoever manages it, and counted: sending the same
        wish twice opens nothing twice.

        Raises:
            InvalidValue: ``roster_member`` for a line that is not there or is no pupil; what a student
                refuses (names, language).
        """
        desk = self._desk
        opened: list[StudentId] = []
        already = 0
        with desk.changing() as change:
            change.permit(Action.WRITE, _OPENING, what="open_children")
            for opening in openings:
                line = self._line(change, opening)
                if self._is_open(change.uow, line):
                    already += 1
                    continue
                opened.append(self._open(change, opening, line))
        return Opened(student_ids=tuple(opened), already=already)

    def fresh(self) -> tuple[Student, ...]:
        """Return the records that the actor opened today and in which nothing was written yet: those that
        can be taken back."""
        desk = self._desk
        with desk.store.read() as uow:
            judge = desk.judge(uow)
            found = [one for one in self._mine(uow) if _is_untouched(uow, one) and _may_take_back(judge, one)]
            return tuple(sorted(found, key=lambda one: one.preferred_name.casefold()))

    def take_back(self, student_ids: Sequence[StudentId]) -> int:
        """Close records that were opened by mistake, as if they had not been; return how many.

        Raises:
            IllegalMove: ``record_written`` when something was written in one of them meanwhile; none is
                closed. ``legal_hold``.
        """
        desk = self._desk
        with desk.changing() as change:
            mine = {one.id: one for one in self._mine(change.uow)}
            count = 0
            for student_id in dict.fromkeys(student_ids):
                resource = Resource(kind=ResourceKind.STUDENT, student_id=student_id)
                if student_id not in mine:
                    if change.uow.people.student(student_id) is None:
                        continue  # taken back a moment ago
                    raise IllegalMove("record_written")
                change.permit(Action.WRITE, resource, what="take_back_child")
                if not _is_untouched(change.uow, mine[student_id]):
                    raise IllegalMove("record_written")
                if change.uow.keeping.holds_on(student_id):
                    raise IllegalMove("legal_hold")
                change.uow.rosters.unopen(student_id)
                count += 1
            return count

    def _permit(self, change: Change) -> None:
        change.permit(Action.READ, _ROSTER, what="roster")
        change.permit(Action.WRITE, _OPENING, what="set_up")

    def _choice(self, judge: Judge, known: _Known, pupil: ListedPupil) -> PupilChoice:
        student_id = next(
            (known.students[key] for key in sorted(pupil.accounts) if key in known.students), None
        )
        if student_id is not None:
            resource = Resource(kind=ResourceKind.STUDENT, student_id=student_id)
            if not judge.may(Action.READ, resource):
                student_id = None
        return PupilChoice(pupil=pupil, student_id=student_id)

    def _line(self, change: Change, opening: Opening) -> RosterMember:
        uow = change.uow
        if opening.member_id is not None:
            line = uow.people.roster_member(opening.member_id)
            if line is None or line.standing is not RosterStanding.PUPIL:
                raise InvalidValue("roster_member", field="member_id")
            return line
        return RosterMember(
            id=RosterMemberId(new_uuid7()),
            source=OWN_LIST,
            context_id=OWN_LIST,
            context_title="",
            subject=opening.key,
            standing=RosterStanding.PUPIL,
            seen_at=self._desk.clock.now(),
            name=opening.legal_name or opening.preferred_name,
            sis_id=opening.sis_id or None,
            grade=opening.grade,
        )

    def _is_open(self, uow: UnitOfWork, line: RosterMember) -> bool:
        return uow.people.identity(line.source, line.subject) is not None

    def _open(self, change: Change, opening: Opening, line: RosterMember) -> StudentId:
        desk, uow = self._desk, change.uow
        now, today = desk.clock.now(), desk.clock.today()
        student = Student(
            id=StudentId(new_uuid7()),
            legal_name=opening.legal_name or line.name or opening.preferred_name,
            preferred_name=opening.preferred_name,
            grade=opening.grade,
            home_language=opening.home_language,
            created_by=desk.adult_id,
            created_at=now,
        )
        uow.people.add_student(student)
        if line.source == OWN_LIST:
            uow.people.save_roster(OWN_LIST, OWN_LIST, [line], complete=False)
        uow.people.add_identity(
            Identity(source=line.source, subject=line.subject, kind=PersonKind.STUDENT, person_id=student.id)
        )
        uow.people.add_assignment(
            Assignment(
                id=AssignmentId(new_uuid7()),
                adult_id=desk.adult_id,
                student_id=student.id,
                role=StaffRole.CASE_MANAGER,
                starts_on=today,
                assigned_by=desk.adult_id,
                assigned_at=now,
            )
        )
        return student.id

    def _mine(self, uow: UnitOfWork) -> tuple[Student, ...]:
        """Return the students whose record the actor opened within the last day and manages."""
        desk = self._desk
        today = desk.clock.today()
        held = {
            one.student_id
            for one in uow.people.assignments_of_adult(desk.adult_id)
            if one.role is StaffRole.CASE_MANAGER and one.holds_on(today)
        }
        since = desk.clock.now() - timedelta(days=1)
        return tuple(
            one
            for one in uow.people.students(held)
            if one.created_by == desk.adult_id and one.created_at > since
        )


class _Known:
    """The pupils of every address book of the site, each once, and whose records are open."""

    def __init__(self, uow: UnitOfWork, sources: Sequence[str]) -> None:
        identities = uow.rosters.all_identities()
        names = {one.source for one in identities} | {one.source for one in uow.rosters.feeds()}
        lines = [line for source in sorted(names | set(sources)) for line in uow.people.roster(source)]
        self.students = {
            (one.source, one.subject): StudentId(one.person_id)
            for one in identities
            if one.kind is PersonKind.STUDENT
        }
        adults = {(one.source, one.subject) for one in identities if one.kind is PersonKind.ADULT}
        by_source: dict[str, list[RosterMember]] = {}
        for line in lines:
            if line.standing is RosterStanding.PUPIL:
                by_source.setdefault(line.source, []).append(line)
        joined: list[tuple[tuple[str, str], ...]] = []
        if len(by_source) > 1:  # within one source an account is a pupil
            told = [account for held in by_source.values() for account in accounts_of(held)]
            joined = [one.accounts for one in match_people(told, ()) if one.match is not Match.DOUBTFUL]
        by_record: dict[StudentId, list[tuple[str, str]]] = {}
        for key, student_id in self.students.items():
            by_record.setdefault(student_id, []).append(key)
        pupils = [one for one in lines if (one.source, one.subject) not in adults]
        self.pupils = listed_pupils(pupils, [*joined, *by_record.values()])


def _may_take_back(judge: Judge, student: Student) -> bool:
    return judge.may(Action.WRITE, Resource(kind=ResourceKind.STUDENT, student_id=student.id))


def _is_untouched(uow: UnitOfWork, student: Student) -> bool:
    """Tell whether a record holds nothing but its opening: no goal, no word, no other person."""
    ids = [student.id]
    places = uow.people.assignments_of_student(student.id)
    return not (
        student.version > 1
        or any(one.adult_id != student.created_by for one in places)
        or uow.people.relationships_of_student(student.id)
        or uow.plan.goals_of_students(ids)
        or uow.family.threads_of_students(ids)
        or uow.family.contacts_of_students(ids)
        or uow.family.draft_of(student.created_by, student.id, None)
        or uow.gradebook.of_student(student.id)
    )


__all__ = ["Opened", "Opening", "PupilChoice", "ReviewRow", "SetupDesk"]
