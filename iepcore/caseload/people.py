"""Opening a child's record and building the team. A roster is an address book, never a permission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.errors import IllegalMove, InvalidValue, NotFound
from iepcore.ids import AdultId, AssignmentId, RosterMemberId, StudentId, new_uuid7
from iepcore.people import (
    AddressKind,
    Adult,
    Assignment,
    Identity,
    PersonKind,
    RosterMember,
    RosterStanding,
    StaffRole,
    Student,
    roster_changes,
    told_address,
    told_name,
)
from iepcore.ports import UnitOfWork

LONGEST_SUBSTITUTE = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One line of the address book; ``student_id`` is set when the pupil's record is open *and* the actor
    may know. ``is_adult``: the LMS lists a pupil, but this site knows an adult (some platforms enrol parents
    and helpers that way)."""

    member: RosterMember
    student_id: StudentId | None = None
    is_adult: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """One place on a team, in force or to come."""

    assignment: Assignment
    adult: Adult


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamView:
    """A child's team. Who may change it also sees who of the same courses could be added (``suggestions``)
    and who was taken off today (``gone``, to put back).

    Suggested is whom the LMS lists as staff, and who has opened the tool as staff whatever the list says
    (``launched``: the ids of those lines). Both facts are shown to the person who adds; neither adds anybody.
    """

    student: Student
    rows: tuple[TeamRow, ...]
    gone: tuple[TeamRow, ...]
    suggestions: tuple[RosterMember, ...]
    may_change: bool
    launched: frozenset[RosterMemberId] = frozenset()


class PeopleDesk:
    """Use cases about people. Each raises ``NotPermitted`` with its reason when the actor has no standing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def may_open_records(self) -> bool:
        """Tell whether the actor may open a record for a pupil of a roster (for what a screen offers)."""
        with self._desk.store.read() as uow:
            return self._desk.may(uow, Action.WRITE, Resource(kind=ResourceKind.STUDENT))

    def keep_roster(
        self,
        source: str,
        context_id: str,
        members: Sequence[RosterMember],
        *,
        complete: bool,
        confirmed: bool = False,
    ) -> None:
        """Keep a course's address book as pulled (site case managers; a partial pull removes nobody).

        Raises:
            IllegalMove: ``roster_shrunk`` when more than half would have left at once and no person has
                ``confirmed`` that they did; nothing is kept.
        """
        with self._desk.changing() as change:
            change.permit(Action.WRITE, Resource(kind=ResourceKind.ROSTER), what="roster_pull")
            if complete and not confirmed:
                before = change.uow.people.roster(source, context_id)
                if roster_changes(before, members, complete=True).is_mass_leaving:
                    raise IllegalMove("roster_shrunk")
            change.uow.people.save_roster(source, context_id, members, complete=complete)

    def roster(self, source: str, context_id: str) -> tuple[RosterRow, ...]:
        """Return the pupils of a course. Those with an open record are marked only if the actor may know of
        it."""
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.READ, Resource(kind=ResourceKind.ROSTER), what="roster")
            judge = desk.judge(change.uow)
            known = change.uow.people.identities_of_source(source)
            students = {
                one.subject: StudentId(one.person_id) for one in known if one.kind is PersonKind.STUDENT
            }
            adults = {one.subject for one in known if one.kind is PersonKind.ADULT}
            rows = []
            for member in change.uow.people.roster(source, context_id):
                if member.standing is not RosterStanding.PUPIL or not member.active:
                    continue
                student_id = students.get(member.subject)
                resource = Resource(kind=ResourceKind.STUDENT, student_id=student_id)
                if student_id is not None and not judge.may(Action.READ, resource):
                    student_id = None
                is_adult = member.subject in adults
                rows.append(RosterRow(member=member, student_id=student_id, is_adult=is_adult))
            return tuple(sorted(rows, key=lambda row: (row.member.name or "").casefold()))

    def student_of_card(self, source: str, account: str) -> StudentId | None:
        """Return the student whose card was opened in the LMS, if the actor may read the record.

        ``account`` is the platform's own number of the pupil, or the subject. Leaves no trace: whether a
        record exists must not be read off what is written, or off the time it takes. The child's page does.
        """
        desk = self._desk
        with desk.store.read() as uow:
            judge = desk.judge(uow)
            lines = uow.people.roster(source)
            subjects = {one.subject for one in lines if one.channel_user_id == account} | {account}
            for subject in sorted(subjects):
                known = uow.people.identity(source, subject)
                if known is None or known.kind is not PersonKind.STUDENT:
                    continue
                student_id = StudentId(known.person_id)
                if judge.may(Action.READ, Resource(kind=ResourceKind.STUDENT, student_id=student_id)):
                    return student_id
            return None

    def open_child(
        self,
        member_id: RosterMemberId,
        *,
        preferred_name: str,
        grade: str,
        home_language: str,
        legal_name: str | None = None,
    ) -> StudentId:
        """Open a record for a pupil of the roster; the actor becomes the child's case manager.

        Raises:
            IllegalMove: ``record_open`` when the pupil has one already (whoever manages it, nothing more is
            said).
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, Resource(kind=ResourceKind.STUDENT), what="open_child")
            member = change.uow.people.roster_member(member_id)
            if member is None or member.standing is not RosterStanding.PUPIL:
                raise NotFound("roster_member")
            if change.uow.people.identity(member.source, member.subject) is not None:
                raise IllegalMove("record_open")
            now, today = desk.clock.now(), desk.clock.today()
            student = Student(
                id=StudentId(new_uuid7()),
                legal_name=legal_name or member.name or preferred_name,
                preferred_name=preferred_name,
                grade=grade,
                home_language=home_language,
                created_by=desk.adult_id,
                created_at=now,
            )
            change.uow.people.add_student(student)
            change.uow.people.add_identity(
                Identity(
                    source=member.source,
                    subject=member.subject,
                    kind=PersonKind.STUDENT,
                    person_id=student.id,
                )
            )
            change.uow.people.add_assignment(
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

    def team(self, student_id: StudentId) -> TeamView:
        """Return a child's team and who else the LMS lists as staff of the same courses."""
        desk = self._desk
        desk.open_record(Resource(kind=ResourceKind.TEAM, student_id=student_id), what="team")
        with desk.store.read() as uow:
            student = uow.people.student(student_id)
            if student is None:
                raise NotFound("student")
            today = desk.clock.today()
            places = uow.people.assignments_of_student(student_id)
            held = [one for one in places if one.ends_on is None or one.ends_on >= today]
            may_change = desk.may(uow, Action.WRITE, Resource(kind=ResourceKind.TEAM, student_id=student_id))
            on_team = {one.adult_id for one in held}
            left = {one.adult_id: one for one in places if one.ends_on == today - timedelta(days=1)}
            gone = [one for adult_id, one in left.items() if may_change and adult_id not in on_team]
            adults = {one.id: one for one in uow.people.adults(on_team | {one.adult_id for one in gone})}
            suggestions = _not_on_team(uow, student_id, on_team | set(left)) if may_change else ()
            return TeamView(
                student=student,
                rows=tuple(TeamRow(assignment=one, adult=adults[one.adult_id]) for one in held),
                gone=tuple(TeamRow(assignment=one, adult=adults[one.adult_id]) for one in gone),
                suggestions=suggestions,
                may_change=may_change,
                launched=frozenset(one.id for one in suggestions if launched_as_staff(uow, one)),
            )

    def add_to_team(
        self,
        student_id: StudentId,
        member_id: RosterMemberId,
        role: StaffRole,
        *,
        until: date | None = None,
        stands_in_for: AdultId | None = None,
    ) -> AssignmentId:
        """Put somebody of the roster on a child's team: whom the LMS lists as staff, or who has opened the
        tool as staff. Doing it twice changes nothing. A substitute has a last day, and may stand in for
        somebody of the team.

        Raises:
            InvalidValue: ``window_needed`` for a substitute without a last day, or with one before today or
                more than a year away; ``not_on_team`` for whom they would replace.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(
                Action.WRITE, Resource(kind=ResourceKind.TEAM, student_id=student_id), what="add_to_team"
            )
            member = change.uow.people.roster_member(member_id)
            if member is None or not _may_be_suggested(change.uow, member):
                raise NotFound("roster_member")
            adult = adult_of_member(desk, change.uow, member)
            today = desk.clock.today()
            if role is StaffRole.SUBSTITUTE and not (until and today <= until <= today + LONGEST_SUBSTITUTE):
                raise InvalidValue("window_needed", field="until")
            if stands_in_for is not None:
                places = change.uow.people.assignments_of_student(student_id)
                if all(one.adult_id != stands_in_for for one in places):
                    raise InvalidValue("not_on_team", field="stands_in_for")
            return self._place(change.uow, student_id, adult.id, role, until, stands_in_for)

    def put_back(self, student_id: StudentId, assignment_id: AssignmentId) -> AssignmentId:
        """Give somebody who was taken off the same part again, from today. Doing it twice changes nothing."""
        with self._desk.changing() as change:
            resource = Resource(kind=ResourceKind.TEAM, student_id=student_id)
            change.permit(Action.WRITE, resource, what="put_back")
            places = change.uow.people.assignments_of_student(student_id)
            past = next((one for one in places if one.id == assignment_id), None)
            if past is None:
                raise NotFound("assignment")
            if past.role is StaffRole.SUBSTITUTE:
                raise IllegalMove("substitute_anew")
            return self._place(change.uow, student_id, past.adult_id, past.role, None, None)

    def _place(
        self,
        uow: UnitOfWork,
        student_id: StudentId,
        adult_id: AdultId,
        role: StaffRole,
        until: date | None,
        stands_in_for: AdultId | None,
    ) -> AssignmentId:
        desk = self._desk
        today = desk.clock.today()
        for held in uow.people.assignments_of_student(student_id):
            if held.adult_id == adult_id and held.role is role and held.holds_on(today):
                return held.id
        assignment = Assignment(
            id=AssignmentId(new_uuid7()),
            adult_id=adult_id,
            student_id=student_id,
            role=role,
            starts_on=today,
            assigned_by=desk.adult_id,
            assigned_at=desk.clock.now(),
            ends_on=until,
            stands_in_for=stands_in_for,
        )
        uow.people.add_assignment(assignment)
        return assignment.id

    def end_place(self, student_id: StudentId, assignment_id: AssignmentId) -> None:
        """Take somebody off a team from now on; the past stays as it was.

        Raises:
            IllegalMove: ``last_case_manager`` when nobody would be left to coordinate.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(
                Action.WRITE, Resource(kind=ResourceKind.TEAM, student_id=student_id), what="end_place"
            )
            today = desk.clock.today()
            places = change.uow.people.assignments_of_student(student_id)
            place = next((one for one in places if one.id == assignment_id), None)
            if place is None or not place.holds_on(today):
                raise NotFound("assignment")
            managers = [one for one in places if one.role is StaffRole.CASE_MANAGER and one.holds_on(today)]
            if place.role is StaffRole.CASE_MANAGER and len(managers) == 1:
                raise IllegalMove("last_case_manager")
            ended = replace(place, ends_on=today - timedelta(days=1), version=place.version + 1)
            change.uow.people.save_assignment(ended)


def adult_of_member(desk: Desk, uow: UnitOfWork, member: RosterMember, *, reads: str = "en") -> Adult:
    """Return the adult behind a roster line, known by (source, subject); make one who is new here.

    Raises:
        InvalidValue: ``member_is_pupil`` when the identity belongs to a student.
    """
    known = uow.people.identity(member.source, member.subject)
    if known is not None and known.kind is PersonKind.STUDENT:
        raise InvalidValue("member_is_pupil", field="member_id")
    if known is not None:
        adult = uow.people.adult(AdultId(known.person_id))
        if adult is None:
            raise NotFound("adult")
        return adult
    told = (
        told_address(AddressKind.CANVAS, member.channel_user_id),
        told_address(AddressKind.MAIL, member.email),
    )
    adult = Adult(
        id=AdultId(new_uuid7()),
        name=told_name(member.name, member.subject),
        reads=reads,
        addresses=tuple(address for address in told if address is not None),
        created_at=desk.clock.now(),
    )
    uow.people.add_adult(adult)
    uow.people.add_identity(
        Identity(source=member.source, subject=member.subject, kind=PersonKind.ADULT, person_id=adult.id)
    )
    return adult


_STAFF_STANDINGS = frozenset({RosterStanding.TEACHER, RosterStanding.HELPER})


def launched_as_staff(uow: UnitOfWork, member: RosterMember) -> bool:
    """Tell whether the person behind a roster line has ever opened the tool as staff."""
    known = uow.people.identity(member.source, member.subject)
    if known is None or known.kind is not PersonKind.ADULT:
        return False
    adult = uow.people.adult(AdultId(known.person_id))
    return adult is not None and adult.came_as_staff


def _may_be_suggested(uow: UnitOfWork, member: RosterMember) -> bool:
    return member.standing in _STAFF_STANDINGS or launched_as_staff(uow, member)


def _not_on_team(uow: UnitOfWork, student_id: StudentId, on_team: set[AdultId]) -> tuple[RosterMember, ...]:
    """Staff of a course with this pupil who are not on the team, by the roster or by how they came."""
    found: dict[tuple[str, str], RosterMember] = {}
    for identity in uow.people.identities_of(student_id):
        roster = [one for one in uow.people.roster(identity.source) if one.active]
        courses = {one.context_id for one in roster if one.subject == identity.subject}
        people = {one.subject: one for one in uow.people.identities_of_source(identity.source)}
        for member in roster:
            if member.context_id not in courses:
                continue
            known = people.get(member.subject)
            if member.standing not in _STAFF_STANDINGS and (
                known is None or not launched_as_staff(uow, member)
            ):
                continue
            if known is not None and known.person_id in on_team:
                continue
            held = found.get((member.source, member.subject))
            if held is None or held.standing not in _STAFF_STANDINGS:
                found[member.source, member.subject] = member
    return tuple(sorted(found.values(), key=lambda member: (member.name or "").casefold()))
