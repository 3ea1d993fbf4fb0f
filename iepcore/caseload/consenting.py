"""Consent to text messages: noted by staff who were told, or by STOP and START from the telephone itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, ConsentId, StudentId, new_uuid7
from iepcore.notices import (
    ConsentWay,
    IncomingReply,
    OutboxState,
    ReplyKind,
    RoadConsent,
    RoadConsentState,
    consent_of,
    hold_item,
    needs_consent,
    requeue_item,
)
from iepcore.notices.sending import CONSENT_NEEDED
from iepcore.people import AddressKind, Adult, ChannelAddress
from iepcore.ports import UnitOfWork

_STATES = {
    ReplyKind.STOP: RoadConsentState.WITHDRAWN,
    ReplyKind.START: RoadConsentState.GIVEN,
    ReplyKind.WRONG_NUMBER: RoadConsentState.WRONG_NUMBER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextingRow:
    """Where one adult of a child stands with text messages: the number, what counts, and who noted it."""

    adult: Adult
    number: str
    said: RoadConsent | None
    noted_by: str


class ConsentingDesk:
    """Use cases of consent to text messages, for who may change a child's adults and their rights."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_child(self, student_id: StudentId) -> tuple[TextingRow, ...]:
        """Return where each adult of a child stands, by name.

        Raises:
            NotPermitted: to who may not see the child's adults.
        """
        desk = self._desk
        today = desk.clock.today()
        with desk.changing() as change:
            change.permit(
                Action.READ, Resource(kind=ResourceKind.RELATIONSHIP, student_id=student_id), what="texting"
            )
            uow = change.uow
            held = uow.people.relationships_of_student(student_id)
            adults = uow.people.adults({one.adult_id for one in held if one.holds_on(today)})
            said = uow.sending.consents_of({one.id for one in adults})
            names = {one.id: one.name for one in uow.people.adults({c.noted_by for c in said if c.noted_by})}
            rows = []
            for adult in sorted(adults, key=lambda one: one.name.casefold()):
                address = adult.address(AddressKind.SMS)
                mine = [one for one in said if one.adult_id == adult.id]
                counts = consent_of(mine, address) if address is not None else None
                rows.append(
                    TextingRow(
                        adult=adult,
                        number=address.value if address is not None else "",
                        said=counts,
                        noted_by=names.get(counts.noted_by, "") if counts and counts.noted_by else "",
                    )
                )
            return tuple(rows)

    def note(self, student_id: StudentId, adult_id: AdultId, number: ChannelAddress, *, agreed: bool) -> None:
        """Note what an adult told the school about text messages to a number.

        A yes puts the number first among their addresses: they asked to be written to there. A no takes it
        away from the front, so that the next notice goes by another road.

        Raises:
            InvalidValue: ``address_form`` for anything but a number, ``not_of_this_child``.
        """
        desk = self._desk
        if number.kind is not AddressKind.SMS:
            raise InvalidValue("address_form", field="number")
        with desk.changing() as change:
            change.permit(
                Action.WRITE,
                Resource(kind=ResourceKind.RELATIONSHIP, student_id=student_id, of_adult_id=adult_id),
                what="note_texting",
            )
            uow, now = change.uow, desk.clock.now()
            held = uow.people.relationships_of_student(student_id)
            if all(one.adult_id != adult_id or not one.holds_on(desk.clock.today()) for one in held):
                raise InvalidValue("not_of_this_child", field="adult")
            adult = uow.people.adult(adult_id)
            assert adult is not None  # a relationship names an adult there is
            others = tuple(one for one in adult.addresses if one.kind is not AddressKind.SMS)
            addresses = (number, *others) if agreed else (*others, number)
            if addresses != adult.addresses:
                uow.people.save_adult(replace(adult, addresses=addresses, version=adult.version + 1))
            state = RoadConsentState.GIVEN if agreed else RoadConsentState.WITHDRAWN
            uow.sending.add_consent(
                RoadConsent(
                    id=ConsentId(new_uuid7()),
                    adult_id=adult_id,
                    road=AddressKind.SMS,
                    value=number.value,
                    state=state,
                    way=ConsentWay.TOLD_STAFF,
                    at=now,
                    noted_by=desk.adult_id,
                )
            )
            if agreed:
                _let_go(uow, {adult_id}, at=now)


def note_by_text(uow: UnitOfWork, reply: IncomingReply, *, at: datetime) -> None:
    """Note STOP, START or "wrong number" for everybody who has the number it came from, at once.

    START takes back a STOP of the same number; it makes no consent where the school has never noted one.
    """
    state = _STATES[reply.kind]
    before = uow.sending.consents_at(reply.sender.kind, reply.sender.value)
    holders = {one.id for one in uow.people.all_adults() if reply.sender in one.addresses}
    asked = {one.adult_id for one in before}
    for adult_id in sorted(holders if state is RoadConsentState.GIVEN else holders | asked):
        if state is RoadConsentState.GIVEN and adult_id not in asked:
            continue
        uow.sending.add_consent(
            RoadConsent(
                id=ConsentId(new_uuid7()),
                adult_id=adult_id,
                road=reply.sender.kind,
                value=reply.sender.value,
                state=state,
                way=ConsentWay.BY_TEXT,
                at=at,
            )
        )
    if state is RoadConsentState.GIVEN:
        _let_go(uow, holders & asked, at=at)
    else:
        _stop(uow, holders, at=at)


def _let_go(uow: UnitOfWork, adult_ids: set[AdultId], *, at: datetime) -> None:
    for item in uow.outbox.waiting_for({CONSENT_NEEDED}):
        if item.recipient_id in adult_ids:
            uow.outbox.save(requeue_item(item, at=at))


def _stop(uow: UnitOfWork, adult_ids: set[AdultId], *, at: datetime) -> None:
    """Let what is queued for these people wait; the worker looks again at what it already has."""
    for adult_id in adult_ids:
        for item in uow.outbox.open_of(adult_id):
            mine = item.recipient_id == adult_id and item.channel is AddressKind.SMS
            if mine and item.state is OutboxState.QUEUED:
                uow.outbox.save(hold_item(item, reason=CONSENT_NEEDED, at=at, waiting=True))


def road_of(
    adult: Adult, said: Collection[RoadConsent], channels: Collection[AddressKind]
) -> AddressKind | None:
    """Return the road an adult's notice takes: the first of their addresses that may be used, else the
    first at all (the notice then waits, and says for what)."""
    there = [one for one in adult.addresses if one.kind in channels]
    mine = [one for one in said if one.adult_id == adult.id]
    for one in there:
        consent = consent_of(mine, one)
        if not needs_consent(one.kind) or (consent and consent.state is RoadConsentState.GIVEN):
            return one.kind
    return there[0].kind if there else None
