"""The outbox's jobs: lease, look again at the rights, make the neutral notice, and settle what became of it.

The worker of ``lti_app.delivery`` calls these one after the other; the channel is called between two
transactions, never inside one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from iepcore.access import Action, Resource, ResourceKind, System
from iepcore.caseload.desk import Desk
from iepcore.caseload.keeping import PERSON_DISABLED
from iepcore.caseload.standing import may_read_records
from iepcore.errors import InvalidValue, NotFound, NotPermitted
from iepcore.ids import AdultId, OutboxId
from iepcore.language import Name, Phrase, render
from iepcore.notices import (
    Notice,
    OutboxItem,
    Receipt,
    ReceiptState,
    check_content_free,
    hold_item,
    mark_unknown,
    notice_phrases,
    requeue_item,
    settle_item,
)
from iepcore.people import ChannelAddress
from iepcore.ports import UnitOfWork

OUTBOX = System(job="outbox")
LEASE_SECONDS = 360
"""Longer than a channel can take by its own time limits: a slow worker is not taken for a dead one."""
FIRST_RETRY_SECONDS = 20
LAST_RETRY_SECONDS = 3600

_NEEDS_CONNECTION = frozenset({"connect_canvas", "connect_canvas_again", "no_channel", "sending_off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What a notice may say of the school. ``public_url`` has no trailing slash."""

    school_name: str
    school_phone: str
    lms_name: str
    public_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A leased item with everything its channel needs; ``text`` and ``subject`` have passed the gate."""

    item: OutboxItem
    notice: Notice
    subject: str
    text: str
    address: ChannelAddress


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

    def prepare(self, item: OutboxItem, facts: SiteFacts) -> Ready | None:
        """Check again and make the notice; None when the item was held instead, with the reason stored.

        Checked at the last moment: the reader's right to the record, the sender's place on the team, the
        address,
        and that no word of the notice hints at a plan or names the child.
        """
        self._require_job()
        with self._desk.store.write() as uow:
            reason = self._refusal(uow, item)
            ready = self._make(uow, item, facts) if not reason else None
            if ready is None and not reason:
                reason = "no_address"
            if not reason and ready is not None:
                try:
                    self._gate(uow, item, ready)
                except InvalidValue:
                    reason = "notice_gate"
            if reason:
                uow.outbox.save(hold_item(item, reason=reason, at=self._desk.clock.now()))
                return None
            return ready

    def settle(self, item: OutboxItem, receipt: Receipt) -> OutboxItem:
        """Store what became of an item. A missing connection makes it wait; a dead platform queues it
        again."""
        self._require_job()
        now = self._desk.clock.now()
        wait = min(FIRST_RETRY_SECONDS * 2 ** max(0, item.attempts - 1), LAST_RETRY_SECONDS)
        if receipt.state is ReceiptState.REFUSED and receipt.reason in _NEEDS_CONNECTION:
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
            waiting = uow.outbox.waiting_of(sender_id)
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
            queued = requeue_item(item, at=desk.clock.now())
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
        if not any(may_read_records(one, today) for one in held):
            return "records_right_revoked"
        places = uow.people.assignments_of_student(item.student_id)
        if not any(one.adult_id == item.sender_id and one.holds_on(today) for one in places):
            return "sender_left_team"
        if any(uow.keeping.suspension_of(one) for one in (item.recipient_id, item.sender_id)):
            return PERSON_DISABLED
        return ""

    def _make(self, uow: UnitOfWork, item: OutboxItem, facts: SiteFacts) -> Ready | None:
        recipient, sender = uow.people.adult(item.recipient_id), uow.people.adult(item.sender_id)
        address = recipient.address(item.channel) if recipient is not None else None
        if address is None or sender is None:
            return None
        notice = Notice(
            school_name=facts.school_name,
            school_phone=facts.school_phone,
            sender_name=sender.name,
            language=item.language,
            urgency=item.urgency,
            answer_by=item.answer_by,
            link=f"{facts.public_url}/n/{item.link_secret}",
            lms_name=facts.lms_name if item.channel.value == "canvas" else None,
            reference=item.reference,
        )
        return Ready(
            item=item,
            notice=notice,
            subject=notice_subject(notice),
            text=notice_text(notice),
            address=address,
        )

    def _gate(self, uow: UnitOfWork, item: OutboxItem, ready: Ready) -> None:
        student = uow.people.student(item.student_id)
        names = (student.legal_name, student.preferred_name) if student is not None else ()
        everyones = replace(ready.notice, link="", reference="")
        usual = f"{notice_subject(everyones)}\n{notice_text(everyones)}"
        check_content_free(f"{ready.subject}\n{ready.text}", names=names, usual=usual)


def notice_text(notice: Notice) -> str:
    """Return a notice in the family's language and, under a line, in English (once, when that is the
    language)."""
    languages = [notice.language] if notice.language.split("-")[0] == "en" else [notice.language, "en"]
    blocks = []
    for language in languages:
        rendered = [render(phrase, language) for phrase in notice_phrases(notice)]
        blocks.append("\n".join(one.text for one in rendered))
    return "\n\n—\n\n".join(blocks) + "\n"


def notice_subject(notice: Notice) -> str:
    """Return the subject: school and "a message", nothing else."""
    phrase = Phrase(key="notice.subject", params={"school": Name(text=notice.school_name)})
    return render(phrase, notice.language).text
