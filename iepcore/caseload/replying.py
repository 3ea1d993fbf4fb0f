"""Answers that came by the road of their notice: filed with the conversation, or handed to a person.

An answer becomes a parent's message only when the road ties it to one notice, it came from the very
address the notice went to, and its writer still has the right to the record at that moment. Everything
else is a person's to decide: the sender's when the notice is known, the records officer's when nothing is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from iepcore.access import Action, Person, Resource, ResourceKind, System
from iepcore.caseload.composing import thread_for
from iepcore.caseload.consenting import note_by_text
from iepcore.caseload.desk import Desk
from iepcore.caseload.keeping import PERSON_DISABLED
from iepcore.errors import NotPermitted
from iepcore.family import Message, MessageKind
from iepcore.ids import AdultId, ClientKey, GoalId, MessageId, ReplyId, StudentId, new_uuid7
from iepcore.language import FreeText, Part, Phrase
from iepcore.language.phrases import MAX_TEXT
from iepcore.notices import (
    IncomingReply,
    KeptReply,
    OutboxItem,
    OutboxState,
    ReplyKind,
    ReplyState,
    RoadFetch,
    SentNotice,
    come_back,
)
from iepcore.people import AddressKind, Adult, ChannelAddress
from iepcore.ports import UnitOfWork

REPLIES = System(job="replies")
ANSWERABLE_DAYS = 60
"""How long an answer to a notice is looked for: as long as its link leads somewhere."""
OVERLAP = timedelta(hours=26)
"""How far a fetch looks back behind the last one: clocks differ, and a mailbox counts in days."""
SAME_PERSON_DAYS = 30

_BESIDE = frozenset({"attachments_left", "text_cut"})
_CONSENTS = frozenset({ReplyKind.STOP, ReplyKind.START, ReplyKind.WRONG_NUMBER})


class ReplyingDesk:
    """Use cases of the job ``replies``: what to look for, and what becomes of each thing that came back."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def sought(self, road: AddressKind) -> tuple[datetime, Sequence[SentNotice]]:
        """Return since when a road is to be read, and the notices whose answers are looked for."""
        self._require_job()
        now = self._desk.clock.now()
        oldest = now - timedelta(days=ANSWERABLE_DAYS)
        with self._desk.store.read() as uow:
            items = uow.outbox.answerable(road, oldest)
            people = {one.id: one for one in uow.people.adults({item.recipient_id for item in items})}
            fetched = uow.sending.fetched_at(road)
        sent = []
        for item in items:
            adult = people.get(item.recipient_id)
            address = adult.address(road) if adult is not None else None
            if address is not None and item.settled_at is not None:
                sent.append(
                    SentNotice(
                        item_id=item.id,
                        sender_id=item.sender_id,
                        recipient=address,
                        reference=item.reference,
                        sent_at=item.settled_at,
                        platform_id=item.platform_id,
                    )
                )
        return (max(oldest, fetched - OVERLAP) if fetched is not None else oldest), sent

    def fetched(self, road: AddressKind, *, at: datetime) -> None:
        """Note that a road was read to its end; ``at`` is when the reading began."""
        self._require_job()
        with self._desk.store.write() as uow:
            uow.sending.set_fetched(RoadFetch(road=road, fetched_at=at))

    def knows(self, address: ChannelAddress) -> bool:
        """Tell whether an adult of this site has this address."""
        self._require_job()
        with self._desk.store.read() as uow:
            return bool(_holders(uow, address))

    def take(self, reply: IncomingReply) -> KeptReply:
        """File one answer, or hand it to a person; the same one again changes nothing."""
        self._require_job()
        road = reply.sender.kind
        with self._desk.store.read() as uow:
            known = uow.sending.reply_of(road, reply.platform_id)
        if known is not None:  # the usual case of a mailbox read again: nothing is written
            return known
        with self._desk.store.write() as uow:
            known = uow.sending.reply_of(road, reply.platform_id)
            return known if known is not None else self._take(uow, reply)

    def _take(self, uow: UnitOfWork, reply: IncomingReply) -> KeptReply:
        now = self._desk.clock.now()
        item = uow.outbox.item(reply.item_id) if reply.item_id is not None else None
        if item is None and reply.sender.kind is AddressKind.SMS:
            item = _only_thread(uow, reply.sender, since=now - timedelta(days=SAME_PERSON_DAYS))
        kept = KeptReply(
            id=ReplyId(new_uuid7()),
            road=reply.sender.kind,
            platform_id=reply.platform_id,
            kind=reply.kind,
            state=ReplyState.NOTED,
            received_at=reply.received_at,
            kept_at=now,
            reason=reply.code,
            item_id=item.id if item is not None else None,
            student_id=item.student_id if item is not None else None,
            adult_id=item.recipient_id if item is not None else None,
            handler_id=item.sender_id if item is not None else None,
        )
        if reply.kind is ReplyKind.BOUNCE:
            self._send_back(uow, item, reply.code)
            return uow.sending.add_reply(kept)
        if reply.kind in _CONSENTS:
            note_by_text(uow, reply, at=now)
            return uow.sending.add_reply(kept)
        if reply.kind is ReplyKind.AUTOMATIC or (not reply.text.strip() and not reply.code):
            return uow.sending.add_reply(kept)
        reason = self._doubt(uow, item, reply)
        if reason or item is None:
            return uow.sending.add_reply(_waiting(kept, reply, reason or "no_match"))
        message = self._file(uow, item, reply)
        return uow.sending.add_reply(_filed(kept, message, at=now))

    def _doubt(self, uow: UnitOfWork, item: OutboxItem | None, reply: IncomingReply) -> str:
        """Return why a person must look, or nothing when the answer is the reader's own."""
        if item is None:
            return "no_match"
        recipient = uow.people.adult(item.recipient_id)
        if recipient is None or not any(_same(one, reply.sender) for one in recipient.addresses):
            return "stranger"
        if uow.keeping.suspension_of(recipient.id) is not None:
            return PERSON_DISABLED
        if not may_still_write(self._desk, uow, recipient.id, item.student_id):
            return "right_ended"
        if not reply.text.strip():
            return "only_attachments"
        return ""

    def _file(self, uow: UnitOfWork, item: OutboxItem, reply: IncomingReply) -> Message:
        answered = uow.family.message(item.message_id)
        recipient = uow.people.adult(item.recipient_id)
        assert answered is not None  # a notice names the message it announces
        assert recipient is not None  # _doubt has looked
        key = ClientKey(uuid5(NAMESPACE_URL, f"{reply.sender.kind.value}:{reply.platform_id}"))
        return write_answer(
            uow,
            author_id=recipient.id,
            language=recipient.reads,
            text=reply.text,
            student_id=answered.student_id,
            goal_id=answered.goal_id,
            in_reply_to=answered.id,
            key=key,
            at=min(reply.received_at, self._desk.clock.now()),
            beside=reply.code,
        )

    def _send_back(self, uow: UnitOfWork, item: OutboxItem | None, code: str) -> None:
        if item is not None and item.state in (OutboxState.SENT, OutboxState.UNKNOWN):
            later = code == "mailbox_later"
            now = self._desk.clock.now()
            uow.outbox.save(come_back(item, reason=code, at=now, final=not later))

    def _require_job(self) -> None:
        if self._desk.actor != REPLIES:
            raise NotPermitted("replies_job_needed", citation="product rule: named job")


def may_still_write(desk: Desk, uow: UnitOfWork, adult_id: AdultId, student_id: StudentId) -> bool:
    """Tell whether an adult may take part in a child's conversation today, by the access decision."""
    theirs = Desk(store=desk.store, actor=Person(adult_id=adult_id), clock=desk.clock, policy=desk.policy)
    resource = Resource(kind=ResourceKind.MESSAGE, student_id=student_id, participants=frozenset({adult_id}))
    return theirs.may(uow, Action.WRITE, resource)


def write_answer(
    uow: UnitOfWork,
    *,
    author_id: AdultId,
    language: str,
    text: str,
    student_id: StudentId,
    goal_id: GoalId | None,
    in_reply_to: MessageId | None,
    key: ClientKey,
    at: datetime,
    beside: str = "",
) -> Message:
    """Store the words of a family member in a conversation: the child's staff read it, no other household.

    ``beside`` is a code for what the road carried and we did not take, said in a sentence of its own.
    """
    thread = thread_for(uow, student_id, goal_id, at)
    parts: list[Part] = [FreeText(text=text.replace("\0", "")[:MAX_TEXT], lang=language)]
    if beside in _BESIDE:
        parts.append(Phrase(key=f"reply.{beside}"))
    return uow.family.add_message(
        Message(
            id=MessageId(new_uuid7()),
            thread_id=thread.id,
            student_id=student_id,
            goal_id=goal_id,
            author_id=author_id,
            from_family=True,
            kind=MessageKind.REPLY,
            parts=tuple(parts),
            recipient_ids=frozenset(),
            client_key=key,
            sent_at=at,
            in_reply_to=in_reply_to,
        )
    )


def _waiting(kept: KeptReply, reply: IncomingReply, reason: str) -> KeptReply:
    return replace(
        kept, state=ReplyState.WAITING, reason=reason, sender=reply.sender.value, text=reply.text[:MAX_TEXT]
    )


def _filed(kept: KeptReply, message: Message, *, at: datetime) -> KeptReply:
    return replace(kept, state=ReplyState.FILED, message_id=message.id, settled_at=at)


def _same(one: ChannelAddress, other: ChannelAddress) -> bool:
    if one.kind is not other.kind:
        return False
    return one.value == other.value or (
        one.kind is AddressKind.MAIL and one.value.casefold() == other.value.casefold()
    )


def _holders(uow: UnitOfWork, address: ChannelAddress) -> list[Adult]:
    return [adult for adult in uow.people.all_adults() if any(_same(one, address) for one in adult.addresses)]


def _only_thread(uow: UnitOfWork, sender: ChannelAddress, *, since: datetime) -> OutboxItem | None:
    """Return the newest notice to a number when all lately sent there belong to one conversation.

    A text message names nothing it answers. Two conversations, or two people with one number, and a person
    decides.
    """
    holders = {one.id for one in _holders(uow, sender)}
    if len(holders) != 1:
        return None
    items = [one for one in uow.outbox.answerable(sender.kind, since) if one.recipient_id in holders]
    threads = set()
    for item in items:
        message = uow.family.message(item.message_id)
        threads.add((item.student_id, message.goal_id if message is not None else None))
    return items[-1] if len(threads) == 1 else None
