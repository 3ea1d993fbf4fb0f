"""Confirming a parent: the platform's hint, the roster's line, and the two rights flags a member of staff
sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.caseload.people import adult_of_member, launched_as_staff
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound
from iepcore.ids import AdultId, RelationshipId, RosterMemberId, StudentId, new_uuid7
from iepcore.people import (
    Adult,
    Relation,
    Relationship,
    RosterMember,
    RosterStanding,
    Student,
    check_rights,
)
from iepcore.ports import UnitOfWork

_MAY_BE_FAMILY = frozenset({RosterStanding.OBSERVER, RosterStanding.PUPIL})


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentRow:
    """A confirmed adult of the child."""

    relationship: Relationship
    adult: Adult


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody the LMS knows who is not confirmed. ``linked``: the LMS says they observe this very child;
    ``launched_as_staff``: they have opened the tool as staff.

    The facts are shown to the person who confirms; none sets a flag. ``is_actor``: nobody confirms
    themselves.
    """

    member: RosterMember
    linked: bool
    is_actor: bool = False
    launched_as_staff: bool = False

    @property
    def listed_as_pupil(self) -> bool:
        """Whether the LMS lists a pupil. Some platforms list parents so; it takes a person to know."""
        return self.member.standing is RosterStanding.PUPIL


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyView:
    """The adults of one child. ``names``: of those who confirmed them. Candidates are shown to who may
    confirm; ``listed_as_pupils`` are the other pupils of the child's courses, for a platform that lists a
    parent among them: to be found by name, never offered as a list."""

    student: Student
    rows: tuple[ParentRow, ...]
    candidates: tuple[Candidate, ...]
    names: Mapping[AdultId, str]
    may_change: bool
    listed_as_pupils: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What staff say of one adult. Both flags are explicit; ``basis`` is the paper or fact it rests on,
    ``document`` the name of the order or decree where one limits or gives a right. ``address_protected``: no
    address of this adult may reach the other household.
    ``knows_adult``: staff know that somebody whom the LMS lists as a pupil is an adult."""

    relation: Relation
    household: str
    may_access_records: bool
    may_decide: bool
    basis: str
    reads: str
    speaks: str = ""
    needs_interpreter: bool = False
    valid_from: date | None = None
    knows_adult: bool = False
    document: str = ""
    address_protected: bool = False
    valid_to: date | None = None


class FamiliesDesk:
    """Use cases about a child's adults."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def view(self, student_id: StudentId) -> FamilyView:
        """Return the child's confirmed adults and those who could be confirmed."""
        desk = self._desk
        desk.open_record(Resource(kind=ResourceKind.RELATIONSHIP, student_id=student_id), what="family")
        with desk.store.read() as uow:
            student = uow.people.student(student_id)
            if student is None:
                raise NotFound("student")
            held = uow.people.relationships_of_student(student_id)
            adults = {adult.id: adult for adult in uow.people.adults({one.adult_id for one in held})}
            writing = Resource(kind=ResourceKind.RELATIONSHIP, student_id=student_id)
            may_change = desk.may(uow, Action.WRITE, writing)
            confirmed_by = uow.people.adults({one.verified_by for one in held})
            candidates = self._candidates(uow, student_id, set(adults)) if may_change else ()
            return FamilyView(
                student=student,
                rows=tuple(ParentRow(relationship=one, adult=adults[one.adult_id]) for one in held),
                candidates=tuple(one for one in candidates if one.linked or not one.listed_as_pupil),
                names={adult.id: adult.name for adult in confirmed_by},
                may_change=may_change,
                listed_as_pupils=tuple(one for one in candidates if one.listed_as_pupil and not one.linked),
            )

    def confirm(self, student_id: StudentId, member_id: RosterMemberId, said: Confirmation) -> RelationshipId:
        """Confirm an adult of the roster as this child's, with both flags.

        Raises:
            InvalidValue: ``member_is_pupil`` when the LMS lists a pupil and nobody says to know an adult, or
                when a record of theirs is open; ``student_in_person`` for the student, who has a way of
                their own; and what :func:`iepcore.people.check_rights` refuses.
            IllegalMove: ``already_confirmed``; ``own_confirmation`` when staff would confirm themselves.
        """
        desk = self._desk
        with desk.changing() as change:
            resource = Resource(kind=ResourceKind.RELATIONSHIP, student_id=student_id)
            change.permit(Action.WRITE, resource, what="confirm_parent")
            member = change.uow.people.roster_member(member_id)
            if member is None:
                raise NotFound("roster_member")
            if said.relation is Relation.STUDENT:
                raise InvalidValue("student_in_person", field="relation")
            if member.standing is RosterStanding.PUPIL and not said.knows_adult:
                raise InvalidValue("member_is_pupil", field="knows_adult")
            adult = adult_of_member(desk, change.uow, member, reads=said.reads)
            if adult.id == desk.adult_id:
                raise IllegalMove("own_confirmation")
            today = desk.clock.today()
            for held in change.uow.people.relationships_of_student(student_id):
                if held.adult_id == adult.id and held.holds_on(today):
                    raise IllegalMove("already_confirmed")
            changed = replace(
                adult,
                reads=said.reads,
                speaks=said.speaks or said.reads,
                needs_interpreter=said.needs_interpreter,
            )
            if changed != adult:
                change.uow.people.save_adult(replace(changed, version=adult.version + 1))
            relationship = Relationship(
                id=RelationshipId(new_uuid7()),
                student_id=student_id,
                adult_id=adult.id,
                relation=said.relation,
                household=said.household,
                may_access_records=said.may_access_records,
                may_decide=said.may_decide,
                basis=said.basis,
                verified_by=desk.adult_id,
                verified_at=desk.clock.now(),
                valid_from=said.valid_from or today,
                valid_to=said.valid_to,
                document=said.document,
                address_protected=said.address_protected,
            )
            check_rights(relationship, change.uow.people.relationships_of_student(student_id), today)
            change.uow.people.add_relationship(relationship)
            return relationship.id

    def set_rights(
        self,
        relationship_id: RelationshipId,
        student_id: StudentId,
        *,
        may_access_records: bool,
        may_decide: bool,
        basis: str,
        version: int,
        document: str | None = None,
        address_protected: bool | None = None,
        valid_to: date | None = None,
        keeps_end: bool = True,
    ) -> Relationship:
        """Change the two flags, and the paper, the protection or the last day where given. What is queued for
        this adult is checked again at delivery. ``keeps_end`` False takes the last day as said, None being
        none.

        Raises:
            Conflict: when ``version`` is not the newest; both are carried.
            InvalidValue: what :func:`iepcore.people.check_rights` refuses.
            IllegalMove: ``own_confirmation`` when staff would change their own rights.
        """
        desk = self._desk
        with desk.changing() as change:
            resource = Resource(kind=ResourceKind.RELATIONSHIP, student_id=student_id)
            change.permit(Action.WRITE, resource, what="set_rights")
            held = change.uow.people.relationships_of_student(student_id)
            current = next((one for one in held if one.id == relationship_id), None)
            if current is None:
                raise NotFound("relationship")
            if current.adult_id == desk.adult_id:
                raise IllegalMove("own_confirmation")
            yours = replace(
                current,
                may_access_records=may_access_records,
                may_decide=may_decide,
                basis=basis,
                document=current.document if document is None else document,
                address_protected=(
                    current.address_protected if address_protected is None else address_protected
                ),
                valid_to=current.valid_to if keeps_end else valid_to,
                verified_by=desk.adult_id,
                verified_at=desk.clock.now(),
                version=version + 1,
            )
            if current.version != version:
                raise Conflict("relationship", current=current, yours=yours)
            check_rights(yours, held, desk.clock.today())
            change.uow.people.save_relationship(yours)
            return yours

    def _candidates(
        self, uow: UnitOfWork, student_id: StudentId, confirmed: set[AdultId]
    ) -> tuple[Candidate, ...]:
        found: dict[tuple[str, str], Candidate] = {}
        now = self._desk.clock.now()
        for identity in uow.people.identities_of(student_id):
            roster = [one for one in uow.people.roster(identity.source) if one.active]
            courses = {one.context_id for one in roster if one.subject == identity.subject}
            linked = {
                hint.observer_subject
                for hint in uow.people.hints_of_pupil(identity.source, identity.subject, at=now)
            } | {
                hint.guardian_subject for hint in uow.rosters.guardians_of(identity.source, identity.subject)
            }
            for member in roster:
                is_linked = member.subject in linked
                here = member.context_id in courses and member.subject != identity.subject
                if not (is_linked or (here and member.standing in _MAY_BE_FAMILY)):
                    continue
                known = uow.people.identity(member.source, member.subject)
                if known is not None and known.person_id in confirmed:
                    continue
                is_actor = known is not None and known.person_id == self._desk.adult_id
                row = Candidate(
                    member=member,
                    linked=is_linked,
                    is_actor=is_actor,
                    launched_as_staff=known is not None and launched_as_staff(uow, member),
                )
                held = found.get((member.source, member.subject))
                if held is None or held.member.context_id not in courses or held.listed_as_pupil:
                    found[member.source, member.subject] = row
        rows = found.values()
        return tuple(sorted(rows, key=lambda row: (not row.linked, (row.member.name or "").casefold())))
