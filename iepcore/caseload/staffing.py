"""The school's staff: who came through a staff door, and what a records officer appoints them to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.errors import IllegalMove, NotFound
from iepcore.ids import AdultId
from iepcore.people import Adult, Appointment, RosterStanding, SiteRole
from iepcore.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """An adult of the site and the appointments they hold today."""

    adult: Adult
    roles: tuple[SiteRole, ...]


class StaffDesk:
    """Use cases of a records officer. Each raises ``NotPermitted`` with its reason without that standing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def rows(self) -> tuple[StaffRow, ...]:
        """List the adults who came through a staff door or hold an appointment (for a records officer)."""
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.READ, Resource(kind=ResourceKind.APPOINTMENT), what="staff_list")
            today = desk.clock.today()
            appointed = change.uow.people.appointments()
            ever = {one.adult_id for one in appointed}
            standings = _Standings(change.uow)
            rows = []
            for adult in change.uow.people.all_adults():
                if adult.id not in ever and not (adult.came_as_staff or standings.is_staff(adult.id)):
                    continue  # names of families are not shown here
                held = [one for one in appointed if one.adult_id == adult.id and one.holds_on(today)]
                roles = tuple(role for role in SiteRole if any(one.role is role for one in held))
                rows.append(StaffRow(adult=adult, roles=roles))
            return tuple(sorted(rows, key=lambda row: row.adult.name.casefold()))

    def appoint(self, adult_id: AdultId, role: SiteRole) -> None:
        """Give an adult a standing for the site (records officers only). Doing it twice changes nothing."""
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, Resource(kind=ResourceKind.APPOINTMENT), what=f"appoint_{role.value}")
            if change.uow.people.adult(adult_id) is None:
                raise NotFound("adult")
            if _holds(change.uow, adult_id, role, desk.clock.today()):
                return
            change.uow.people.add_appointment(
                Appointment(
                    adult_id=adult_id,
                    role=role,
                    starts_on=desk.clock.today(),
                    appointed_by=desk.adult_id,
                    appointed_at=desk.clock.now(),
                )
            )

    def end(self, adult_id: AdultId, role: SiteRole) -> None:
        """End a standing as of yesterday; it no longer counts from now on.

        Raises:
            IllegalMove: ``last_records_officer`` when nobody would be left to appoint anybody.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, Resource(kind=ResourceKind.APPOINTMENT), what=f"end_{role.value}")
            today = desk.clock.today()
            if role is SiteRole.RECORDS_OFFICER:
                officers = {
                    one.adult_id
                    for one in change.uow.people.appointments()
                    if one.role is role and one.holds_on(today)
                }
                if officers == {adult_id}:
                    raise IllegalMove("last_records_officer")
            for held in change.uow.people.appointments_of_adult(adult_id):
                if held.role is role and held.holds_on(today):
                    ended = replace(held, ends_on=today - timedelta(days=1))
                    change.uow.people.add_appointment(ended)


def _holds(uow: UnitOfWork, adult_id: AdultId, role: SiteRole, on: date) -> bool:
    return any(one.role is role and one.holds_on(on) for one in uow.people.appointments_of_adult(adult_id))


class _Standings:
    """How adults stand in the courses of the address book; each source is read once."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._of_source: dict[str, dict[str, set[RosterStanding]]] = {}

    def is_staff(self, adult_id: AdultId) -> bool:
        """Whether some roster lists the adult as staff of a course."""
        held: set[RosterStanding] = set()
        for identity in self._uow.people.identities_of(adult_id):
            held |= self._in(identity.source).get(identity.subject, set())
        return bool(held & {RosterStanding.TEACHER, RosterStanding.HELPER})

    def _in(self, source: str) -> dict[str, set[RosterStanding]]:
        if source not in self._of_source:
            found: dict[str, set[RosterStanding]] = {}
            for line in self._uow.people.roster(source):
                found.setdefault(line.subject, set()).add(line.standing)
            self._of_source[source] = found
        return self._of_source[source]
