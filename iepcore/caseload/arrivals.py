"""Who came through a door: tie a platform's subject to one adult of the site, and note whom it observes.

An arrival gives no right. A teacher who is new here becomes a known adult who may *ask*; a parent a known
adult
whom staff may confirm. A pupil leaves no trace, and comes to a page of their own only once staff opened it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from iepcore.access import (
    Action,
    AuditEvent,
    AuditKind,
    Decision,
    Person,
    Relations,
    Resource,
    ResourceKind,
    decide,
    event_bucket,
)
from iepcore.caseload.desk import MASQUERADE
from iepcore.caseload.standing_rights import rights_of
from iepcore.errors import Conflict, NotPermitted
from iepcore.ids import AdultId, EventId, StudentId, new_uuid7
from iepcore.people import (
    AddressKind,
    Adult,
    ChannelAddress,
    Identity,
    LinkHint,
    PersonKind,
    told_address,
    told_name,
)
from iepcore.ports import Clock, Store, UnitOfWork

HINT_HOURS = 24
HINT_AGAIN = timedelta(hours=1)
"""A platform that says the same again within this time is not written down again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The facts of one launch that concern a person. ``observes`` are subjects of pupils, as the platform
    says; ``worn_by`` is the platform's id of an administrator who acts as this person (masquerade)."""

    source: str
    subject: str
    name: str | None
    reads: str
    zone: str | None = None
    email: str | None = None
    channel_user_id: str | None = None
    observes: tuple[str, ...] = ()
    is_staff: bool = False
    is_family: bool = False
    worn_by: str | None = None


def arrive(store: Store, clock: Clock, arrival: Arrival) -> AdultId | None:
    """Return the adult behind a launch; None for a pupil or somebody with no part here.

    A new adult is made for staff and family only. Addresses the platform vouches for are refreshed; the
    language
    an adult chose here is never overwritten by the platform's. Two first launches of one person at the same
    moment
    end as one adult: the later one is repeated and finds the first. Under another's face nobody new is made
    and nothing is refreshed; the trail keeps both ids.

    Raises:
        NotPermitted: ``person_disabled``; the refusal is in the trail, and nothing about the person changes.
    """
    with store.read() as uow:  # nearly every launch finds everything as it is, and writes nothing
        settled = _settled(uow, clock, arrival)
    if settled is not None:
        return settled
    try:
        found = _arrive(store, clock, arrival)
    except Conflict:
        found = _arrive(store, clock, arrival)
    if isinstance(found, Decision):
        raise NotPermitted(found.reason, citation=found.citation)
    return found


def _settled(uow: UnitOfWork, clock: Clock, arrival: Arrival) -> AdultId | None:
    """Return the adult of an arrival that leaves every record as it is, or None when that is not so."""
    known = uow.people.identity(arrival.source, arrival.subject)
    if known is None or known.kind is PersonKind.STUDENT:
        return None
    adult = uow.people.adult(AdultId(known.person_id))
    if adult is None or uow.keeping.suspension_of(adult.id) is not None:
        return None
    hints = uow.people.hints_of_observer(arrival.source, arrival.subject)
    return adult.id if leaves_as_it_is(adult, hints, arrival, clock.now()) else None


def leaves_as_it_is(adult: Adult, hints: Sequence[LinkHint], arrival: Arrival, now: datetime) -> bool:
    """Tell whether an arrival of an adult who is not disabled changes nothing: the platform tells of them
    what we know already, and names the pupils it named within the last hour (``hints``, all of the subject).
    """
    if arrival.worn_by is not None or _seen(adult, arrival) is not adult:
        return False
    if any(not timedelta(0) <= now - hint.seen_at < HINT_AGAIN for hint in hints):
        return False
    return {hint.pupil_subject for hint in hints} == set(arrival.observes)


def _arrive(store: Store, clock: Clock, arrival: Arrival) -> AdultId | Decision | None:
    with store.write() as uow:
        known = uow.people.identity(arrival.source, arrival.subject)
        if known is not None and known.kind is PersonKind.STUDENT:
            return None if arrival.worn_by else _own_page(uow, StudentId(known.person_id), clock)
        adult = uow.people.adult(AdultId(known.person_id)) if known is not None else None
        if adult is None:
            if arrival.worn_by is not None:
                return None
            if not (arrival.is_staff or arrival.is_family):
                # Asked of nobody, so that a pupil without a record costs what one with a record costs.
                return _own_page(uow, StudentId(new_uuid7()), clock)
            adult = _new_adult(uow, clock, arrival)
        elif uow.keeping.suspension_of(adult.id) is not None:
            return _refuse(uow, clock, adult)
        elif arrival.worn_by is not None:
            wearer = _wearer(uow, arrival.source, arrival.worn_by)
            if wearer is not None and uow.keeping.suspension_of(wearer.id) is not None:
                return _refuse(uow, clock, wearer)  # out under any face
            _note_masquerade(uow, clock, adult, arrival.worn_by)
            return adult.id
        else:
            _refresh(uow, adult, arrival)
        _hint(uow, clock, arrival)
        return adult.id


def _own_page(uow: UnitOfWork, student_id: StudentId, clock: Clock) -> AdultId | Decision | None:
    """Return who a student is on a page of their own, once staff opened it; None for every other pupil."""
    today = clock.today()
    own = (one for one in uow.people.relationships_of_student(student_id) if one.is_the_student)
    held = next((one for one in own if one.holds_on(today)), None)
    if held is None or not rights_of(uow, {student_id}).opens_record(held, today):
        return None
    adult = uow.people.adult(held.adult_id)
    if adult is not None and uow.keeping.suspension_of(adult.id) is not None:
        return _refuse(uow, clock, adult)
    return held.adult_id


def _refuse(uow: UnitOfWork, clock: Clock, adult: Adult) -> Decision:
    """Write to the trail that a disabled person came to the door, once in ten minutes."""
    person, thing = Person(adult_id=adult.id), Resource(kind=ResourceKind.ACCOUNT)
    decision = decide(person, Action.READ, thing, clock.today(), Relations(disabled=True))
    uow.audit.add(
        AuditEvent(
            id=EventId(new_uuid7()),
            at=clock.now(),
            kind=AuditKind.REFUSED,
            what="launch",
            reason=decision.reason,
            citation=decision.citation,
            actor_id=adult.id,
            bucket=event_bucket(str(adult.id), "", "launch", clock.now(), minutes=10),
        )
    )
    return decision


def _wearer(uow: UnitOfWork, source: str, worn_by: str) -> Adult | None:
    """Return the adult who wears another's face, when this school knows them: by subject or Canvas id."""
    known = uow.people.identity(source, worn_by)
    if known is not None:
        return uow.people.adult(AdultId(known.person_id))
    for adult in uow.people.all_adults():
        address = adult.address(AddressKind.CANVAS)
        if address is not None and address.value == worn_by:
            return adult
    return None


def _note_masquerade(uow: UnitOfWork, clock: Clock, adult: Adult, worn_by: str) -> None:
    uow.audit.add(
        AuditEvent(
            id=EventId(new_uuid7()),
            at=clock.now(),
            kind=AuditKind.READ,
            what="launch",
            reason=MASQUERADE,
            citation="product rule: no writes under another face",
            actor_id=adult.id,
            job=MASQUERADE,
            object_id=worn_by[:255],
        )
    )


def _new_adult(uow: UnitOfWork, clock: Clock, arrival: Arrival) -> Adult:
    adult = Adult(
        id=AdultId(new_uuid7()),
        name=told_name(arrival.name, arrival.subject),
        reads=arrival.reads,
        zone=arrival.zone,
        addresses=_addresses(arrival),
        came_as_staff=arrival.is_staff,
        created_at=clock.now(),
    )
    uow.people.add_adult(adult)
    uow.people.add_identity(
        Identity(source=arrival.source, subject=arrival.subject, kind=PersonKind.ADULT, person_id=adult.id)
    )
    return adult


def _refresh(uow: UnitOfWork, adult: Adult, arrival: Arrival) -> None:
    seen = _seen(adult, arrival)
    if seen is not adult:
        uow.people.save_adult(replace(seen, version=adult.version + 1))


def _seen(adult: Adult, arrival: Arrival) -> Adult:
    """Return the adult as the platform tells it today; the same one when nothing is new."""
    told = _addresses(arrival)
    kinds = {address.kind for address in told}
    merged = tuple(address for address in adult.addresses if address.kind not in kinds)
    order = {address.kind: place for place, address in enumerate(adult.addresses)}
    addresses = tuple(sorted(merged + told, key=lambda address: order.get(address.kind, len(order))))
    zone, came_as_staff = arrival.zone or adult.zone, adult.came_as_staff or arrival.is_staff
    if (addresses, zone, came_as_staff) == (adult.addresses, adult.zone, adult.came_as_staff):
        return adult
    return replace(adult, addresses=addresses, zone=zone, came_as_staff=came_as_staff)


def _addresses(arrival: Arrival) -> tuple[ChannelAddress, ...]:
    told = (
        told_address(AddressKind.CANVAS, arrival.channel_user_id),
        told_address(AddressKind.MAIL, arrival.email),
    )
    return tuple(address for address in told if address is not None)


def _hint(uow: UnitOfWork, clock: Clock, arrival: Arrival) -> None:
    now = clock.now()
    uow.people.replace_hints(
        arrival.source,
        arrival.subject,
        [
            LinkHint(
                source=arrival.source,
                observer_subject=arrival.subject,
                pupil_subject=pupil,
                seen_at=now,
                expires_at=now + timedelta(hours=HINT_HOURS),
            )
            for pupil in dict.fromkeys(arrival.observes)
        ],
    )
