"""The outbox's jobs: lease, look again at the rights, make the neutral notice, and settle what became of it.

The worker of ``lti_app.delivery`` calls these one after the other; the channel is called between two
transactions, never inside one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_urlsafe

from iepcore.access import Action, Resource, ResourceKind, System
from iepcore.caseload.desk import Desk
from iepcore.caseload.keeping import PERSON_DISABLED
from iepcore.caseload.noticing import Ready, SiteFacts, make_ready, pass_gate
from iepcore.caseload.standing_rights import rights_of
from iepcore.errors import InvalidValue, NotFound, NotPermitted
from iepcore.ids import AdultId, OutboxId
from iepcore.notices import (
    OutboxItem,
    Receipt,
    ReceiptState,
    RoadConsentState,
    consent_of,
    hold_item,
    mark_unknown,
    needs_consent,
    requeue_item,
    settle_item,
)
from iepcore.notices.sending import CONSENT_NEEDED
from iepcore.people import AddressKind, ChannelAddress
from iepcore.ports import UnitOfWork

OUTBOX = System(job="outbox")
LEASE_SECONDS = 360
"""Longer than a channel can take by its own time limits: a slow worker is not taken for a dead one."""
FIRST_RETRY_SECONDS = 20
LAST_RETRY_SECONDS = 3600

_CONNECTION = frozenset({"connect_canvas", "connect_canvas_again", "connect_google", "connect_google_again"})
_WAITS = _CONNECTION | {"no_channel", CONSENT_NEEDED}
"""Refusals that are nobody's fault: something has to happen first, and then the item goes on."""


class DeliveryDesk:
    """Use cases of the outbox worker (actor: the job ``outbox``) and of the person who looks after an
    item."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def lease(self, *, limit: int = 20) -> Sequence[OutboxItem]:
        """Take due items; each is this worker's alone for six minutes."""
        self._require_job()
        desk = self._desk
        now = desk.clock.now()
        with desk.store.write() as uow:
            return uow.outbox.lease_due(at=now, until=now + timedelta(seconds=LEASE_SECONDS), limit=limit)

    def prepare(self, item: OutboxItem, facts: SiteFacts, *, takes_replies: bool = True) -> Ready | None:
        """Check again and make the notice; None when the item was held or waits, with the reason stored.

        Checked at the last moment: the reader's right to the record, the sender's place on the team, the
        address, that no word of the notice hints at a plan or names the child, and then whether the site lets
        anything leave (its mode, its emergency stop) and this reader has agreed to this road.
        """
        self._require_job()
        now = self._desk.clock.now()
        with self._desk.store.write() as uow:
            reason = self._refusal(uow, item)
            ready = make_ready(uow, item, facts, takes_replies=takes_replies) if not reason else None
            if ready is None and not reason:
                reason = "no_address"
            if not reason and ready is not None:
                try:
                    pass_gate(uow, ready)
                except InvalidValue:
                    reason = "notice_gate"
            if reason or ready is None:
                uow.outbox.save(hold_item(item, reason=reason, at=now))
                return None
            waits = waiting_reason(uow, item, ready.address)
            if waits:
                uow.outbox.save(hold_item(item, reason=waits, at=now, waiting=True))
                return None
            return ready

    def let_go(self, channels: Collection[AddressKind]) -> int:
        """Queue again what waited for the site's mode or for a road that is there now; return how many."""
        self._require_job()
        now = self._desk.clock.now()
        with self._desk.store.read() as uow:
            freed = _freed(uow, channels)
        if not freed:  # the usual round: nothing is written
            return 0
        with self._desk.store.write() as uow:
            freed = _freed(uow, channels)
            for item in freed:
                uow.outbox.save(requeue_item(item, at=now))
            return len(freed)

    def settle(self, item: OutboxItem, receipt: Receipt) -> OutboxItem:
        """Store what became of an item. A missing connection makes it wait; a dead platform queues it
        again."""
        self._require_job()
        now = self._desk.clock.now()
        wait = min(FIRST_RETRY_SECONDS * 2 ** max(0, item.attempts - 1), LAST_RETRY_SECONDS)
        if receipt.state is ReceiptState.REFUSED and receipt.reason in _WAITS:
            settled = hold_item(item, reason=receipt.reason, at=now, waiting=True)
        else:
            settled = settle_item(item, receipt, retry_at=now + timedelta(seconds=wait))
        with self._desk.store.write() as uow:
            uow.outbox.save(settled)
        return settled

    def mark_vanished(self) -> Sequence[OutboxItem]:
        """Turn items whose worker died into "unknown, look first"; return them."""
        self._require_job()
        now = self._desk.clock.now()
        with self._desk.store.write() as uow:
            marked = [mark_unknown(item, at=now) for item in uow.outbox.vanished(at=now)]
            for item in marked:
                uow.outbox.save(item)
            return marked

    def unlooked(self) -> Sequence[OutboxItem]:
        """Return unknown items that nobody has looked up."""
        self._require_job()
        with self._desk.store.read() as uow:
            return uow.outbox.unlooked()

    def address_of(self, item: OutboxItem) -> ChannelAddress | None:
        """Return where an item was to go, for looking it up."""
        self._require_job()
        with self._desk.store.read() as uow:
            adult = uow.people.adult(item.recipient_id)
            return adult.address(item.channel) if adult is not None else None

    def looked(self, item: OutboxItem, receipt: Receipt) -> OutboxItem:
        """Store the answer of a look: found means sent; not found stays unknown until a person decides."""
        self._require_job()
        if receipt.state is not ReceiptState.SENT:
            receipt = Receipt(state=ReceiptState.UNKNOWN, at=receipt.at, reason="looked_not_found")
        settled = settle_item(item, receipt, retry_at=receipt.at)
        with self._desk.store.write() as uow:
            uow.outbox.save(settled)
        return settled

    def connected(self, sender_id: AdultId) -> int:
        """Queue again what waited for this sender's connection; return how many."""
        self._require_job()
        now = self._desk.clock.now()
        with self._desk.store.write() as uow:
            waiting = [one for one in uow.outbox.waiting_of(sender_id) if one.reason in _CONNECTION]
            for item in waiting:
                uow.outbox.save(requeue_item(item, at=now))
            return len(waiting)

    def send_again(self, item_id: OutboxId) -> OutboxItem:
        """Let the sender decide to send an unknown item once more, knowing that it may arrive twice."""
        desk = self._desk
        with desk.changing() as change:
            item = change.uow.outbox.item(item_id)
            if item is None or item.sender_id != desk.adult_id:
                raise NotFound("outbox_item")
            change.permit(
                Action.WRITE,
                Resource(kind=ResourceKind.MESSAGE, student_id=item.student_id, owner_id=item.sender_id),
                what="send_again",
            )
            queued = again(item, at=desk.clock.now())
            change.uow.outbox.save(queued)
            return queued

    def _require_job(self) -> None:
        """Only the job ``outbox`` delivers: a person's caseload reaches no notice and no address here."""
        if self._desk.actor != OUTBOX:
            raise NotPermitted("outbox_job_needed", citation="product rule: named job")

    def _refusal(self, uow: UnitOfWork, item: OutboxItem) -> str:
        today = self._desk.clock.today()
        held = [
            one
            for one in uow.people.relationships_of_student(item.student_id)
            if one.adult_id == item.recipient_id
        ]
        rights = rights_of(uow, {item.student_id})
        if not any(rights.may_be_written(one, today) for one in held):
            return "records_right_revoked"
        places = uow.people.assignments_of_student(item.student_id)
        if not any(one.adult_id == item.sender_id and one.holds_on(today) for one in places):
            return "sender_left_team"
        if any(uow.keeping.suspension_of(one) for one in (item.recipient_id, item.sender_id)):
            return PERSON_DISABLED
        return ""


def waiting_reason(uow: UnitOfWork, item: OutboxItem, address: ChannelAddress) -> str:
    """Return what a notice to ``address`` has to wait for, or nothing when it may leave now."""
    stopped = uow.sending.policy().refusal(address)
    if stopped or not needs_consent(address.kind):
        return stopped
    said = consent_of(uow.sending.consents_of({item.recipient_id}), address)
    return "" if said is not None and said.state is RoadConsentState.GIVEN else CONSENT_NEEDED


def again(item: OutboxItem, *, at: datetime) -> OutboxItem:
    """Return an item queued once more, with a link that leads somewhere (a settled one has lost its own)."""
    queued = requeue_item(item, at=at)
    return queued if queued.link_secret else replace(queued, link_secret=token_urlsafe(32))


def _freed(uow: UnitOfWork, channels: Collection[AddressKind]) -> list[OutboxItem]:
    reasons = uow.sending.policy().lets_go
    there = [one for one in uow.outbox.waiting_for({"no_channel"}) if one.channel in channels]
    return [*(uow.outbox.waiting_for(reasons) if reasons else ()), *there]
