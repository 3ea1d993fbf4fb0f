"""Keeping people out and records in: an adult is disabled everywhere at once, a record is held from deletion.

Nothing of the record is deleted here. What lies outside the record (sessions, a grant for an inbox) is ended
by whoever calls, right after :meth:`KeepingDesk.disable`: from that moment the access decision refuses the
person, whatever session is still open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from iepcore.access import Action, Person, Resource, ResourceKind
from iepcore.caseload.desk import Change, Desk
from iepcore.errors import IllegalMove, NotFound
from iepcore.ids import AdultId, HoldId, StudentId, SuspensionId, new_uuid7
from iepcore.notices import OutboxItem, hold_item
from iepcore.people import Adult, LegalHold, SiteRole, Suspension

PERSON_DISABLED = "person_disabled"
"""Why a notice was held, a launch refused, a request denied."""

_ACCOUNT = Resource(kind=ResourceKind.ACCOUNT)
_HOLD = Resource(kind=ResourceKind.LEGAL_HOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disabled:
    """What disabling did: the time it began (perhaps earlier), and the notices that were stopped now."""

    suspension: Suspension
    stopped: tuple[OutboxItem, ...]


class KeepingDesk:
    """Use cases of a records officer and a site administrator, and of the command line's jobs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # people
    def disabled(self) -> tuple[tuple[Adult, Suspension], ...]:
        """List who is disabled now, since when and why."""
        with self._desk.changing() as change:
            change.permit(Action.READ, _ACCOUNT, what="disabled_people")
            held = [one for one in change.uow.keeping.suspensions() if one.is_in_force]
            adults = {one.id: one for one in change.uow.people.adults({one.adult_id for one in held})}
            return tuple((adults[one.adult_id], one) for one in held)

    def disable(self, adult_id: AdultId, *, reason: str = "") -> Disabled:
        """Disable an adult. Doing it again finds the first time, and stops notices that came since.

        Notices to the adult or in the adult's name that have not left are held, for a person to see.

        Raises:
            NotPermitted: without the standing of a records officer or administrator of the site.
            NotFound: there is no such adult.
            IllegalMove: ``not_yourself``, or ``last_records_officer`` for a person who would leave the school
                without one; the command line may.
            InvalidValue: ``reason_form``.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, _ACCOUNT, what="disable_person")
            if change.uow.people.adult(adult_id) is None:
                raise NotFound("adult")
            if isinstance(desk.actor, Person):
                self._check(change, adult_id)
            suspension = change.uow.keeping.suspension_of(adult_id)
            if suspension is None:
                suspension = Suspension(
                    id=SuspensionId(new_uuid7()),
                    adult_id=adult_id,
                    starts_at=desk.clock.now(),
                    reason=reason,
                    by_id=self._person(),
                )
                change.uow.keeping.add_suspension(suspension)
            stopped = [
                hold_item(item, reason=PERSON_DISABLED, at=desk.clock.now())
                for item in change.uow.outbox.open_of(adult_id)
            ]
            for item in stopped:
                change.uow.outbox.save(item)
            return Disabled(suspension=suspension, stopped=tuple(stopped))

    def enable(self, adult_id: AdultId) -> Suspension:
        """Let an adult in again. What was stopped stays stopped; an inbox must be lent anew.

        Raises:
            NotPermitted: without the standing of a records officer or administrator of the site.
            NotFound: the adult is not disabled.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, _ACCOUNT, what="enable_person")
            held = change.uow.keeping.suspension_of(adult_id)
            if held is None:
                raise NotFound("suspension")
            ended = replace(
                held, ended_at=desk.clock.now(), ended_by=self._person(), version=held.version + 1
            )
            change.uow.keeping.save_suspension(ended)
            return ended

    # records
    def holds(self) -> Sequence[LegalHold]:
        """List every legal hold there ever was, oldest first."""
        with self._desk.changing() as change:
            change.permit(Action.READ, _HOLD, what="legal_holds")
            return change.uow.keeping.holds()

    def hold(self, student_id: StudentId | None, *, reason: str) -> LegalHold:
        """Keep a child's record from deletion (every child's of the site, when None) until it is lifted.

        Raises:
            NotPermitted: without the standing of a records officer.
            NotFound: there is no such child.
            InvalidValue: ``reason_form``.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, _HOLD, what="place_legal_hold")
            if student_id is not None and change.uow.people.student(student_id) is None:
                raise NotFound("student")
            placed = LegalHold(
                id=HoldId(new_uuid7()),
                student_id=student_id,
                reason=reason,
                placed_at=desk.clock.now(),
                placed_by=self._person(),
            )
            change.uow.keeping.add_hold(placed)
            return placed

    def lift(self, hold_id: HoldId) -> LegalHold:
        """End a hold. Lifting it twice changes nothing.

        Raises:
            NotPermitted: without the standing of a records officer.
            NotFound: there is no such hold.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, _HOLD, what="lift_legal_hold")
            held = change.uow.keeping.hold(hold_id)
            if held is None:
                raise NotFound("legal_hold")
            if not held.is_in_force:
                return held
            lifted = replace(
                held, lifted_at=desk.clock.now(), lifted_by=self._person(), version=held.version + 1
            )
            change.uow.keeping.save_hold(lifted)
            return lifted

    def _person(self) -> AdultId | None:
        actor = self._desk.actor
        return actor.adult_id if isinstance(actor, Person) else None

    def _check(self, change: Change, adult_id: AdultId) -> None:
        """Let nobody lock themselves out, nor the school without a records officer."""
        desk = self._desk
        if adult_id == desk.adult_id:
            raise IllegalMove("not_yourself")
        today = desk.clock.today()
        officers = {
            one.adult_id
            for one in change.uow.people.appointments()
            if one.role is SiteRole.RECORDS_OFFICER and one.holds_on(today)
        }
        left = {one for one in officers if change.uow.keeping.suspension_of(one) is None} - {adult_id}
        if adult_id in officers and not left:
            raise IllegalMove("last_records_officer")
