"""Answers to notices, read from the sender's own Canvas conversations: only those a notice began.

One request per conversation. Nothing is marked as read: the teacher's inbox stays as she left it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from connectors.canvas.routes import READ_CONVERSATION
from connectors.canvas.schemas import Conversation, ConversationSchema, Message
from connectors.canvas.senders import Senders
from connectors.http import Transport
from connectors.http.errors import CallError, ConsentLost, Forbidden, NotFoundThere
from iepcore.ids import AdultId
from iepcore.notices import IncomingReply, ReplyKind, SentNotice
from iepcore.people import AddressKind, ChannelAddress


class CanvasReplies:
    """``iepcore.ports.ReplySource`` over the senders' own inboxes."""

    def __init__(self, senders: Senders) -> None:
        self._senders = senders

    def replies(self, *, since: datetime, sent: Sequence[SentNotice]) -> Iterator[IncomingReply]:
        """Yield what others wrote in the conversations of these notices after ``since``, oldest first.

        A notice sent by another road, or whose conversation nobody stored, is passed over; so is everything
        of a sender who has disconnected Canvas, and a conversation that its owner has deleted. What somebody
        else than the recipient wrote has no ``item_id``: a person decides.

        Raises:
            CallError: Canvas does not answer, or the key lacks a scope; only after what the inboxes of the
                other senders hold was yielded.
        """
        found: list[IncomingReply] = []
        problem: CallError | None = None
        by_sender: defaultdict[AdultId, list[SentNotice]] = defaultdict(list)
        for notice in sent:
            if notice.recipient.kind is AddressKind.CANVAS and (notice.platform_id or "").isdecimal():
                by_sender[notice.sender_id].append(notice)
        for sender_id, notices in by_sender.items():
            grant = self._senders.store.load(sender_id)
            if grant is None or grant.is_lost:
                continue
            try:
                with self._senders.transport(sender_id) as transport:
                    for notice in notices:
                        found += _of(transport, notice, since=since, own=grant.canvas_user_id)
            except ConsentLost:
                with suppress(ConsentLost):
                    self._senders.tokens(sender_id).lose()
            except CallError as error:
                problem = problem or error
        yield from sorted(found, key=lambda reply: (reply.received_at, reply.platform_id))
        if problem is not None:
            raise problem


def _of(transport: Transport, notice: SentNotice, *, since: datetime, own: str) -> Iterator[IncomingReply]:
    try:
        conversation = transport.get_one(
            READ_CONVERSATION,
            (("auto_mark_as_read", "false"),),
            ConversationSchema(),
            path={"id": str(notice.platform_id)},
        )
    except (NotFoundThere, Forbidden):
        return
    for message in conversation.messages:
        at = _time(message)
        if message.author_id == own or message.generated or at is None:
            continue
        if at > max(since, notice.sent_at):
            yield _reply(conversation, message, notice, at)


def _reply(conversation: Conversation, message: Message, notice: SentNotice, at: datetime) -> IncomingReply:
    return IncomingReply(
        kind=ReplyKind.ANSWER,
        platform_id=f"{conversation.id}:{message.id}",
        sender=ChannelAddress(kind=AddressKind.CANVAS, value=message.author_id),
        received_at=at,
        item_id=notice.item_id if message.author_id == notice.recipient.value else None,
        text=_without_quote(message.body),
    )


def _without_quote(text: str) -> str:
    """Return an answer without the quoted lines at its end, as mail programs leave them."""
    lines = text.strip().splitlines()
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith(">")):
        lines.pop()
    return "\n".join(lines).strip()


def _time(message: Message) -> datetime | None:
    """Return when a message was written. One without a readable time is not dated by guessing."""
    try:
        at = datetime.fromisoformat(message.created_at or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
