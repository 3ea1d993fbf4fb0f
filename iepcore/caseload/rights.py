"""Whose rights they are: undoing a confirmation, the student's own page, majority, windows for outsiders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.conversing import interpreters
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.plan_rules import student_of
from iepcore.caseload.standing_rights import Rights, rights_of
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound
from iepcore.ids import (
    AccessWindowId,
    AdultId,
    RelationshipId,
    StudentId,
    new_uuid7,
)
from iepcore.people import (
    AccessWindow,
    Adult,
    Relation,
    Relationship,
    RightsStage,
    RightsTransfer,
    Student,
    TransferOutcome,
    WindowKind,
    WindowPart,
    stage_on,
    stages_of,
)
from iepcore.ports import UnitOfWork

_ONE_DAY = timedelta(days=1)
OLDEST_DAYS = 30 * 366
OWN_HOUSEHOLD = "student"
"""The household of a student's own standing: nobody else's, so that no parent's words are theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsPage:
    """Whose rights they are for one child, and what follows. ``stage`` is of today, ``turns`` are the days on
    which it changes; ``own`` is the student's own standing, if one was opened; ``deciders`` may agree to it,
    ``signers`` may sign a consent. A window could be opened to ``interpreters`` of the site and to
    ``outsiders``: adults confirmed for the child without a right of their own. ``transfer`` is None while
    nothing is noted.
    """

    student: Student
    day: date
    now: datetime
    stage: RightsStage
    turns: tuple[tuple[date, RightsStage], ...]
    citation: str
    transfer: RightsTransfer | None
    own: Relationship | None
    student_voice: bool
    deciders: tuple[Adult, ...]
    signers: tuple[Adult, ...]
    interpreters: tuple[Adult, ...]
    outsiders: tuple[Adult, ...]
    windows: tuple[AccessWindow, ...]
    names: Mapping[AdultId, str]
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferNote:
    """What staff note of a transfer of rights; ``version`` is that of the note they saw (0: none)."""

    outcome: TransferOutcome
    basis: str = ""
    student_told_on: date | None = None
    parents_told_on: date | None = None
    parents_may_write: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowNote:
    """What staff say of a window: to whom, for what, from when to when, resting on which paper."""

    adult_id: AdultId
    kind: WindowKind
    opens_at: datetime
    closes_at: datetime
    parts: frozenset[WindowPart]
    basis: str
    purpose: str
    agreed_by: AdultId | None = None


class RightsDesk:
    """Use cases of who holds a child's rights. Each needs the right to change relationships."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self, student_id: StudentId) -> RightsPage:
        """Return whose rights they are, and what was opened to whom."""
        desk = self._desk
        thing = _thing(student_id)
        desk.open_record(thing, what="rights")
        today = desk.clock.today()
        with desk.store.read() as uow:
            student = student_of(uow, student_id)
            rights = rights_of(uow, {student_id})
            held = uow.people.relationships_of_student(student_id)
            transfer = rights.transfers.get(student_id)
            windows = uow.people.windows_of_student(student_id)
            deciding = {one.adult_id for one in held if one.may_decide and rights.opens_record(one, today)}
            asked = interpreters(uow, today)
            signing = _signers(uow, student_id, today)
            outside = {
                one.adult_id
                for one in held
                if one.relation is Relation.OTHER and not one.may_access_records and one.holds_on(today)
            }
            named = (
                deciding
                | signing
                | outside
                | {one.adult_id for one in windows}
                | {one.noted_by for one in windows}
            )
            named |= {one.agreed_by for one in windows if one.agreed_by is not None}
            named |= {one.agreed_by for one in held if one.agreed_by is not None}
            named |= {transfer.noted_by} if transfer is not None else set()
            adults = uow.people.adults(named)
            stages = stages_of(student.born_on, rights.rule, transfer)
            return RightsPage(
                student=student,
                day=today,
                now=desk.clock.now(),
                stage=stage_on(student.born_on, rights.rule, transfer, today),
                turns=stages[1:],
                citation=rights.rule.citation,
                transfer=transfer,
                own=next((one for one in held if one.is_the_student and one.holds_on(today)), None),
                student_voice=rights.student_voice,
                deciders=_sorted(one for one in adults if one.id in deciding),
                signers=_sorted(one for one in adults if one.id in signing),
                interpreters=asked,
                outsiders=_sorted(one for one in adults if one.id in outside),
                windows=tuple(windows),
                names={one.id: one.name for one in adults},
                may_change=desk.may(uow, Action.WRITE, thing),
            )

    def end(self, relationship_id: RelationshipId, student_id: StudentId) -> None:
        """Take a confirmation back: as of yesterday it opens nothing, and what was confirmed today never
        counted. Doing it twice changes nothing.

        Raises:
            IllegalMove: ``own_confirmation`` for one's own.
        """
        today = self._desk.clock.today()
        with self._desk.changing() as change:
            held = self._own_row(change, relationship_id, student_id, what="end_relationship")
            if held.valid_to is not None and held.valid_to < today:
                return
            ends = max(today, held.valid_from) - _ONE_DAY
            change.uow.people.save_relationship(replace(held, valid_to=ends, version=held.version + 1))

    def put_back(self, relationship_id: RelationshipId, student_id: StudentId) -> None:
        """Undo :meth:`end`: the confirmation is open again, with the flags it had."""
        with self._desk.changing() as change:
            held = self._own_row(change, relationship_id, student_id, what="put_back_relationship")
            today = self._desk.clock.today()
            others = change.uow.people.relationships_of_student(student_id)
            if any(
                one.id != held.id and one.adult_id == held.adult_id and one.holds_on(today) for one in others
            ):
                raise IllegalMove("already_confirmed")
            if held.valid_to is not None:
                change.uow.people.save_relationship(replace(held, valid_to=None, version=held.version + 1))

    def let_student_in(
        self, student_id: StudentId, *, basis: str, agreed_by: AdultId | None = None
    ) -> RelationshipId:
        """Open the student's own page: to an adult student by right, to a minor where the school's choice and
        a parent with decision rights both say so (34 CFR 300.321(a)(7) gives a minor no record right).

        Raises:
            IllegalMove: ``student_voice_off`` for a minor where the school has not enabled it;
                ``already_confirmed``.
            InvalidValue: ``signer_missing`` without a parent who may decide, for a minor.
        """
        desk, today = self._desk, self._desk.clock.today()
        with desk.changing() as change:
            uow = change.uow
            change.permit(Action.WRITE, _thing(student_id), what="let_student_in")
            student = student_of(uow, student_id)
            rights = rights_of(uow, {student_id})
            held = uow.people.relationships_of_student(student_id)
            mine = [one for one in held if one.is_the_student]
            if any(one.holds_on(today) for one in mine):
                raise IllegalMove("already_confirmed")
            if _is_minor(student, rights, today):
                if not rights.student_voice:
                    raise IllegalMove("student_voice_off")
                parents = {one.adult_id for one in held if one.may_decide and rights.opens_record(one, today)}
                if agreed_by not in parents:
                    raise InvalidValue("signer_missing", field="agreed_by")
            adult_id = mine[0].adult_id if mine else _new_student_adult(uow, desk, student)
            made = Relationship(
                id=RelationshipId(new_uuid7()),
                student_id=student_id,
                adult_id=adult_id,
                relation=Relation.STUDENT,
                household=OWN_HOUSEHOLD,
                may_access_records=True,
                may_decide=False,
                basis=basis,
                verified_by=desk.adult_id,
                verified_at=desk.clock.now(),
                valid_from=today,
                agreed_by=agreed_by,
            )
            uow.people.add_relationship(made)
            return made.id

    def note_transfer(self, student_id: StudentId, said: TransferNote) -> RightsTransfer:
        """Note how a transfer of rights comes out, and when each side was told.

        Raises:
            Conflict: somebody noted something meanwhile; both are carried.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, _thing(student_id), what="note_transfer")
            student_of(change.uow, student_id)
            noted = RightsTransfer(
                student_id=student_id,
                outcome=said.outcome,
                basis=said.basis,
                student_told_on=said.student_told_on,
                parents_told_on=said.parents_told_on,
                parents_may_write=said.parents_may_write,
                noted_by=desk.adult_id,
                noted_at=desk.clock.now(),
                version=said.version + 1,
            )
            stored = next(iter(change.uow.people.transfers_of({student_id})), None)
            if (stored.version if stored is not None else 0) != said.version:
                raise Conflict("rights_transfer", current=stored, yours=noted)
            change.uow.people.put_transfer(noted)
            return noted

    def note_birthday(self, student_id: StudentId, born_on: date) -> None:
        """Note the birthday, by which rights pass. The same again changes nothing.

        Raises:
            InvalidValue: ``not_a_birthday`` unless the student would be 0 to 30 years old.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(
                Action.WRITE, Resource(kind=ResourceKind.STUDENT, student_id=student_id), what="note_birthday"
            )
            student = student_of(change.uow, student_id)
            if not 0 <= (desk.clock.today() - born_on).days <= OLDEST_DAYS:
                raise InvalidValue("not_a_birthday", field="born_on")
            if student.born_on != born_on:
                born = replace(student, born_on=born_on, version=student.version + 1)
                change.uow.people.save_student(born)

    def open_window(self, student_id: StudentId, said: WindowNote) -> AccessWindowId:
        """Open listed parts to one adult for a while: an interpreter around a meeting, or an outside party by
        a signed consent (34 CFR 99.30). The same window twice is one.

        Raises:
            InvalidValue: ``not_an_interpreter``; ``signer_missing`` unless somebody who holds the rights that
                day signed.
        """
        desk, today = self._desk, self._desk.clock.today()
        with desk.changing() as change:
            uow = change.uow
            change.permit(Action.WRITE, _thing(student_id), what=f"open_window_{said.kind.value}")
            student_of(uow, student_id)
            if uow.people.adult(said.adult_id) is None:
                raise NotFound("adult")
            if said.kind is WindowKind.MEETING:
                if all(one.id != said.adult_id for one in interpreters(uow, today)):
                    raise InvalidValue("not_an_interpreter", field="adult_id")
            elif said.agreed_by not in _signers(uow, student_id, today):
                raise InvalidValue("signer_missing", field="agreed_by")
            made = AccessWindow(
                id=AccessWindowId(new_uuid7()),
                student_id=student_id,
                adult_id=said.adult_id,
                kind=said.kind,
                opens_at=said.opens_at,
                closes_at=said.closes_at,
                parts=said.parts,
                basis=said.basis,
                purpose=said.purpose,
                agreed_by=said.agreed_by,
                noted_by=desk.adult_id,
                noted_at=desk.clock.now(),
            )
            for one in uow.people.windows_of_student(student_id):
                if one.ended_at is None and _same(one) == _same(made):
                    return one.id
            uow.people.add_window(made)
            return made.id

    def close_window(self, window_id: AccessWindowId, student_id: StudentId) -> None:
        """Close a window before its time; a revoked consent closes it at once. Twice changes nothing."""
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, _thing(student_id), what="close_window")
            held = change.uow.people.windows_of_student(student_id)
            window = next((one for one in held if one.id == window_id), None)
            if window is None:
                raise NotFound("access_window")
            if window.ended_at is None:
                change.uow.people.save_window(
                    replace(window, ended_at=desk.clock.now(), version=window.version + 1)
                )

    def _own_row(
        self, change: Change, relationship_id: RelationshipId, student_id: StudentId, *, what: str
    ) -> Relationship:
        change.permit(Action.WRITE, _thing(student_id), what=what)
        held = change.uow.people.relationships_of_student(student_id)
        current = next((one for one in held if one.id == relationship_id), None)
        if current is None:
            raise NotFound("relationship")
        if current.adult_id == self._desk.adult_id:
            raise IllegalMove("own_confirmation")
        return current


def _thing(student_id: StudentId) -> Resource:
    return Resource(kind=ResourceKind.RELATIONSHIP, student_id=student_id)


def _is_minor(student: Student, rights: Rights, on: date) -> bool:
    stage = stage_on(student.born_on, rights.rule, rights.transfers.get(student.id), on)
    return stage is RightsStage.PARENTS


def _new_student_adult(uow: UnitOfWork, desk: Desk, student: Student) -> AdultId:
    adult = Adult(
        id=AdultId(new_uuid7()),
        name=student.preferred_name,
        reads=student.home_language,
        created_at=desk.clock.now(),
    )
    uow.people.add_adult(adult)
    return adult.id


def _signers(uow: UnitOfWork, student_id: StudentId, on: date) -> set[AdultId]:
    """Return who may sign what leaves the school that day: a parent who decides, or the adult student."""
    rights = rights_of(uow, {student_id})
    held = uow.people.relationships_of_student(student_id)
    stage = stage_on(rights.born.get(student_id), rights.rule, rights.transfers.get(student_id), on)
    return {
        one.adult_id
        for one in held
        if one.holds_on(on)
        and (
            (one.is_the_student and stage is not RightsStage.PARENTS)
            or (one.may_decide and rights.opens_record(one, on))
        )
    }


def _same(window: AccessWindow) -> tuple[object, ...]:
    return (window.adult_id, window.kind, window.opens_at, window.closes_at, window.parts, window.basis)


def _sorted(adults: Iterable[Adult]) -> tuple[Adult, ...]:
    return tuple(sorted(adults, key=lambda one: one.name.casefold()))
