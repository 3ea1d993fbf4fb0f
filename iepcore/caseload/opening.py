"""Break-glass: the office opens a record outside any assignment, says why, and the case manager is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from iepcore.access import (
    Action,
    AuditKind,
    BreakGlass,
    Decision,
    OpeningReason,
    Outcome,
    Resource,
    ResourceKind,
)
from iepcore.access.openings import OPEN_MINUTES
from iepcore.caseload.desk import Change, Desk
from iepcore.errors import IepError, InvalidValue, NotFound
from iepcore.ids import BreakGlassId, ClientKey, StudentId, new_uuid7
from iepcore.people import Adult, StaffRole, Student
from iepcore.ports import UnitOfWork

_SITE_OPENING = Resource(kind=ResourceKind.OPENING)


class NobodyFound(InvalidValue):
    """No record goes by what was typed, or several do. The search itself is in the trail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRow:
    """One opening, with who opened whose record. ``is_open``: it holds now."""

    opening: BreakGlass
    adult: Adult | None
    student: Student | None
    is_open: bool


class OpeningsDesk:
    """Use cases of the office, and of case managers who are told."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def may_open(self) -> bool:
        """Tell whether the actor may open a record with a reason (for what a menu offers)."""
        with self._desk.store.read() as uow:
            return self._desk.may(uow, Action.WRITE, _SITE_OPENING)

    def open(
        self,
        name: str,
        born_on: date | None,
        why: OpeningReason,
        words: str,
        client_key: ClientKey,
    ) -> BreakGlass:
        """Open the record of a child by its whole name (and birthday, where two share one) for an hour.

        The reason comes first: nothing is looked up without one, and a search that finds nobody is in the
        trail too.

        Raises:
            NotPermitted: without the standing of an administrator or records officer of the site.
            InvalidValue: ``opening_words``; ``opening_nobody``, ``opening_several``.
        """
        desk = self._desk
        try:
            with desk.changing() as change:
                change.permit(Action.WRITE, _SITE_OPENING, what="open_with_reason")
                now = desk.clock.now()
                opening = BreakGlass(
                    id=BreakGlassId(new_uuid7()),
                    student_id=StudentId(new_uuid7()),
                    adult_id=desk.adult_id,
                    why=why,
                    words=words.strip(),
                    opened_at=now,
                    until=now + timedelta(minutes=OPEN_MINUTES),
                    client_key=client_key,
                )
                student = self._find(change, name, born_on)
                stored = change.uow.disclosures.add_opening(replace(opening, student_id=student.id))
                if stored.id != opening.id:  # the same tap again
                    return stored
                allowed = desk.decision(
                    change.uow, Action.WRITE, Resource(kind=ResourceKind.OPENING, student_id=student.id)
                )
                change.uow.audit.add(
                    replace(
                        desk.event(AuditKind.WRITE, "break_glass", allowed, stored.student_id),
                        object_id=f"{stored.why.value}:{stored.id}",
                    )
                )
                return stored
        except NobodyFound as nobody:
            self._note_search(nobody)
            raise

    def close(self, opening_id: BreakGlassId) -> BreakGlass:
        """Close one's own opening before its time. Closing it twice changes nothing.

        Raises:
            NotPermitted: it is somebody else's.
            NotFound: there is no such opening.
        """
        desk = self._desk
        with desk.changing() as change:
            held = change.uow.disclosures.opening(opening_id)
            if held is None:
                raise NotFound("opening")
            change.permit(Action.WRITE, _of(held), what="close_opening")
            if held.adult_id != desk.adult_id or not held.holds_at(desk.clock.now()):
                return held
            closed = replace(held, closed_at=desk.clock.now(), version=held.version + 1)
            change.uow.disclosures.save_opening(closed)
            return closed

    def page(self) -> tuple[OpeningRow, ...]:
        """Return openings, newest first: every one for a records officer, one's own for an administrator."""
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.READ, replace(_SITE_OPENING, owner_id=desk.adult_id), what="openings")
            judge = desk.judge(change.uow)
            found = [one for one in change.uow.disclosures.openings() if judge.may(Action.READ, _of(one))]
            return tuple(self._row(change, one) for one in reversed(found))

    def told(self) -> tuple[OpeningRow, ...]:
        """Return openings of the actor's own children that the actor has not taken note of, as their case
        manager. An opening that looks into a misuse is not told."""
        desk = self._desk
        with desk.store.read() as uow:
            mine = self._managed(uow)
            waiting = (
                [
                    one
                    for one in uow.disclosures.openings_of_students(mine)
                    if one.seen_by is None
                    and one.why is not OpeningReason.SECURITY
                    and one.adult_id != desk.adult_id
                ]
                if mine
                else []
            )
            return tuple(
                OpeningRow(
                    opening=one,
                    adult=uow.people.adult(one.adult_id),
                    student=uow.people.student(one.student_id),
                    is_open=one.holds_at(desk.clock.now()),
                )
                for one in waiting
            )

    def take_note(self, opening_id: BreakGlassId) -> BreakGlass:
        """Say that one has read of an opening of one's own child. Saying it twice changes nothing.

        Raises:
            NotFound: there is none that is told to the actor.
        """
        desk = self._desk
        with desk.changing() as change:
            held = change.uow.disclosures.opening(opening_id)
            if (
                held is None
                or held.why is OpeningReason.SECURITY
                or held.student_id not in self._managed(change.uow)
            ):
                raise NotFound("opening")
            change.permit(
                Action.READ, Resource(kind=ResourceKind.STUDENT, student_id=held.student_id), what="told"
            )
            if held.seen_by is not None:
                return held
            seen = replace(held, seen_by=desk.adult_id, seen_at=desk.clock.now(), version=held.version + 1)
            change.uow.disclosures.save_opening(seen)
            return seen

    def _managed(self, uow: UnitOfWork) -> set[StudentId]:
        today = self._desk.clock.today()
        places = uow.people.assignments_of_adult(self._desk.adult_id)
        return {
            one.student_id for one in places if one.role is StaffRole.CASE_MANAGER and one.holds_on(today)
        }

    def _find(self, change: Change, name: str, born_on: date | None) -> Student:
        wanted = " ".join(name.split()).casefold()
        found = [
            one
            for one in change.uow.people.all_students()
            if wanted in (one.preferred_name.casefold(), one.legal_name.casefold())
            and (born_on is None or one.born_on == born_on)
        ]
        if not wanted or not found:
            raise NobodyFound("opening_nobody", field="name")
        if len(found) > 1:
            raise NobodyFound("opening_several", field="born_on")
        return found[0]

    def _note_search(self, nobody: IepError) -> None:
        desk = self._desk
        decision = Decision(
            outcome=Outcome.DENY, reason=nobody.code, citation="product rule: a search is written down"
        )
        with desk.store.write() as uow:
            uow.audit.add(desk.event(AuditKind.REFUSED, "break_glass", decision, None))

    def _row(self, change: Change, one: BreakGlass) -> OpeningRow:
        return OpeningRow(
            opening=one,
            adult=change.uow.people.adult(one.adult_id),
            student=change.uow.people.student(one.student_id),
            is_open=one.holds_at(self._desk.clock.now()),
        )


def _of(opening: BreakGlass) -> Resource:
    return Resource(kind=ResourceKind.OPENING, student_id=opening.student_id, owner_id=opening.adult_id)
