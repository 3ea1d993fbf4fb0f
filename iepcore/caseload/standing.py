"""What an actor brings to a decision: their grants, read afresh from the store each time."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from iepcore.access import Actor, Basis, Grant, Party, Relations, System
from iepcore.people import Appointment, Assignment, Relationship, SiteRole, StaffRole
from iepcore.ports import UnitOfWork

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
    grants += [
        _of_appointment(held)
        for held in uow.people.appointments_of_adult(actor.adult_id)
        if held.role in _BY_SITE_ROLE
    ]
    grants += [of_assignment(held) for held in uow.people.assignments_of_adult(actor.adult_id)]
    grants += [of_relationship(held) for held in uow.people.relationships_of_adult(actor.adult_id)]
    grants += [
        Grant(
            party=Party.INTERPRETER,
            basis=Basis.TASK,
            student_id=asked.student_id,
            starts_on=max(held.starts_on, asked.asked_at.astimezone(zone).date()),
            ends_on=held.ends_on,
        )
        for held in uow.people.appointments_of_adult(actor.adult_id)
        if held.role is SiteRole.INTERPRETER
        for asked in uow.family.requests_of_interpreter(actor.adult_id)
        if asked.done_at is None
    ]
    return Relations(grants=tuple(grants))


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
    )


_BY_STAFF_ROLE = {role: Party(role.value) for role in StaffRole}


def of_relationship(held: Relationship) -> Grant:
    """Return the grant of a confirmed relationship: the two flags choose the row of the matrix (P1)."""
    if not held.may_access_records:
        party = Party.PARENT_NO_RECORDS
    elif held.may_decide:
        party = Party.PARENT_RECORDS_AND_DECISIONS
    else:
        party = Party.PARENT_RECORDS_ONLY
    return Grant(
        party=party,
        basis=Basis.RELATIONSHIP,
        student_id=held.student_id,
        starts_on=held.valid_from,
        ends_on=held.valid_to,
    )


def may_read_records(relationship: Relationship, on: date) -> bool:
    """Tell whether this relationship opens the child's record on a day."""
    return relationship.holds_on(on) and relationship.may_access_records
