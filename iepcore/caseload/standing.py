"""What an actor brings to a decision: their grants, read afresh from the store each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from iepcore.access import Actor, Basis, BreakGlass, Grant, Party, Relations, ResourceKind, System
from iepcore.caseload.standing_rights import rights_of
from iepcore.people import (
    AccessWindow,
    Appointment,
    Assignment,
    Relationship,
    SiteRole,
    StaffRole,
    WindowKind,
    WindowPart,
)
from iepcore.ports import UnitOfWork

_PARTS = {WindowPart.PLAN: ResourceKind.IEP, WindowPart.GOALS: ResourceKind.GOAL}
_OFFICE = frozenset({Party.SITE_RECORDS_OFFICER, Party.SITE_ADMINISTRATOR})
_BY_SITE_ROLE = {
    SiteRole.RECORDS_OFFICER: Party.SITE_RECORDS_OFFICER,
    SiteRole.CASE_MANAGER: Party.SITE_CASE_MANAGER,
    SiteRole.ADMINISTRATOR: Party.SITE_ADMINISTRATOR,
}


def relations_of(uow: UnitOfWork, actor: Actor, zone: ZoneInfo) -> Relations:
    """Return every grant the actor has or had. Windows are judged by the decision, not here; ``zone`` is the
    site's, in which a day begins."""
    if isinstance(actor, System):
        return Relations()
    if uow.keeping.suspension_of(actor.adult_id) is not None:
        return Relations(disabled=True)
    grants: list[Grant] = []
    offices = uow.people.appointments_of_adult(actor.adult_id)
    grants += [_of_appointment(held) for held in offices if held.role in _BY_SITE_ROLE]
    grants += _for_requests(uow, offices)
    grants += [of_assignment(held) for held in uow.people.assignments_of_adult(actor.adult_id)]
    bonds = uow.people.relationships_of_adult(actor.adult_id)
    rights = rights_of(uow, {held.student_id for held in bonds})
    grants += [grant for held in bonds for grant in rights.grants(held)]
    grants += [of_window(held, zone) for held in uow.people.windows_of_adult(actor.adult_id)]
    grants += [
        Grant(
            party=Party.INTERPRETER,
            basis=Basis.TASK,
            student_id=asked.student_id,
            starts_on=max(held.starts_on, asked.asked_at.astimezone(zone).date()),
            ends_on=held.ends_on,
        )
        for held in offices
        if held.role is SiteRole.INTERPRETER
        for asked in uow.family.requests_of_interpreter(actor.adult_id)
        if asked.done_at is None
    ]
    if any(held.party in _OFFICE for held in grants):  # nobody else can have opened a record so
        grants += [
            of_opening(held, zone, grants) for held in uow.disclosures.openings_of_adult(actor.adult_id)
        ]
    return Relations(grants=tuple(grants))


def of_opening(held: BreakGlass, zone: ZoneInfo, grants: Sequence[Grant]) -> Grant:
    """Return the grant of an opening with a reason: to read, until its minute."""
    is_officer = any(one.party is Party.SITE_RECORDS_OFFICER for one in grants)
    end = held.until if held.closed_at is None else held.closed_at
    return Grant(
        party=Party.RECORDS_OFFICER if is_officer else Party.ADMINISTRATOR,
        basis=Basis.OPENING,
        student_id=held.student_id,
        starts_on=held.opened_at.astimezone(zone).date(),
        ends_on=end.astimezone(zone).date(),
        opens_at=held.opened_at,
        closes_at=end,
    )


def _for_requests(uow: UnitOfWork, offices: Sequence[Appointment]) -> list[Grant]:
    """Return what a records officer reads of single children: of those for whom a request is open."""
    held = [one for one in offices if one.role is SiteRole.RECORDS_OFFICER]
    return [
        Grant(
            party=Party.RECORDS_OFFICER,
            basis=Basis.REQUEST,
            student_id=asked.student_id,
            starts_on=max(one.starts_on, asked.received_on),
            ends_on=one.ends_on,
        )
        for asked in (uow.disclosures.requests(only_open=True) if held else ())
        for one in held
    ]


def _of_appointment(held: Appointment) -> Grant:
    return Grant(
        party=_BY_SITE_ROLE[held.role],
        basis=Basis.APPOINTMENT,
        student_id=None,
        starts_on=held.starts_on,
        ends_on=held.ends_on,
    )


def of_assignment(held: Assignment) -> Grant:
    """Return the grant of a place on a child's team."""
    return Grant(
        party=_BY_STAFF_ROLE[held.role],
        basis=Basis.ASSIGNMENT,
        student_id=held.student_id,
        starts_on=held.starts_on,
        ends_on=held.ends_on,
        stands_in_for=held.stands_in_for,
    )


_BY_STAFF_ROLE = {role: Party(role.value) for role in StaffRole}


def of_window(held: AccessWindow, zone: ZoneInfo) -> Grant:
    """Return the grant of a window: to the minute, and to what it lists."""
    return Grant(
        party=Party.INTERPRETER if held.kind is WindowKind.MEETING else Party.OUTSIDE_PARTY,
        basis=Basis.WINDOW,
        student_id=held.student_id,
        starts_on=held.opens_at.astimezone(zone).date(),
        ends_on=held.last_moment.astimezone(zone).date(),
        kinds=frozenset(_PARTS[part] for part in held.parts),
        opens_at=held.opens_at,
        closes_at=held.last_moment,
    )


def may_read_records(relationship: Relationship, on: date) -> bool:
    """Tell whether the flags of this relationship open the child's record on a day, whoever's the rights are
    by age: the decision itself says that (see :class:`Rights`)."""
    return relationship.holds_on(on) and relationship.may_access_records
