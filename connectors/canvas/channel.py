"""The private-conversation channel: one notice, one numeric recipient, one thread of its own, verified.

Vendor's page: "Conversations" (instructure developer documentation, read 2026-11); behaviour by
``conversations_controller.rb``. Recipients that share no course with the sender are dropped silently there,
and without ``force_new`` an old thread would be continued: hence the questions asked of every answer.
"""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from connectors.canvas.oauth import Grant
from connectors.canvas.routes import LIST_CONVERSATIONS, READ_CONVERSATION, SEND_CONVERSATION
from connectors.canvas.schemas import Conversation, ConversationSchema
from connectors.canvas.senders import Senders
from connectors.http import Answer, Page, Pairs, Rejected, Sent, Transport, Unknown, load_page
from connectors.http.errors import (
    CallError,
    ConsentLost,
    ProtocolFault,
    RateLimited,
    RequestRefused,
    ScopeMissing,
    ServerFault,
    TokenExpired,
    Unreachable,
)
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId
from iepcore.notices import ChannelTraits, Notice, Receipt, ReceiptState, check_content_free
from iepcore.people import AddressKind, ChannelAddress

SUBJECT_LIMIT = 255
LOOK_LIMIT = 50
"""How many of the newest conversations with one recipient are searched for a reference."""

_log = logging.getLogger("connectors.canvas")


@dataclass(frozen=True, slots=True)
class CanvasUserId:
    """One person in Canvas. Digits only: ``course_1`` and its like, which reach a class, are no value."""

    value: str

    def __post_init__(self) -> None:
        if not (self.value.isascii() and self.value.isdigit() and len(self.value) <= 20):
            raise InvalidValue("address_form", field="value")

    @classmethod
    def of(cls, address: ChannelAddress) -> Self:
        """Return the Canvas user of an address.

        Raises:
            InvalidValue: ``address_form`` for another kind of address or anything but digits.
        """
        if address.kind is not AddressKind.CANVAS:
            raise InvalidValue("address_form", field="kind")
        return cls(address.value)


class CanvasChannel:
    """A ``NoticeChannel``: the sender's own Canvas account writes to one person."""

    # A reply stands in the sender's own conversation; mail and telephone get what Canvas forwards.
    traits = ChannelTraits(
        kind=AddressKind.CANVAS,
        is_private=True,
        is_recallable=False,
        is_idempotent=False,
        leaves_platform=True,
        takes_replies=True,
    )

    def __init__(self, senders: Senders) -> None:
        self._senders = senders

    def deliver(
        self, notice: Notice, text: str, subject: str, recipient: ChannelAddress, *, sender_id: AdultId
    ) -> Receipt:
        """Send ``text`` once, in the sender's name. The outcome is always a receipt."""
        try:
            person = CanvasUserId.of(recipient)
            _check_words(notice, text, subject)
        except InvalidValue as problem:
            return self._receipt(ReceiptState.REFUSED, problem.code)
        grant = self._senders.store.load(sender_id)
        if grant is None or grant.is_lost:
            return self._receipt(ReceiptState.REFUSED, _connect(grant))
        with self._senders.transport(sender_id) as transport:
            outcome = transport.send_once(SEND_CONVERSATION, _form(person, subject, text), _created)
        match outcome:
            case Sent(value=page):
                return self._verified(page, person, grant, reference=notice.reference)
            case Rejected(error=error):
                self._note_loss(error, sender_id)
                reason, retryable = _refusal(error)
                return self._receipt(ReceiptState.REFUSED, reason, retryable=retryable)
            case Unknown(error=error):
                return self._receipt(ReceiptState.UNKNOWN, error.code)

    def look(self, reference: str, recipient: ChannelAddress, *, sender_id: AdultId) -> Receipt:
        """Search the sender's own sent conversations with this recipient for the reference.

        ``sent`` when it is there and only this recipient sees it; else ``unknown`` with the reason
        (``not_found_there``: the whole list was read and it is not in it).
        """
        try:
            person = CanvasUserId.of(recipient)
        except InvalidValue as problem:
            return self._receipt(ReceiptState.UNKNOWN, problem.code)
        grant = self._senders.store.load(sender_id)
        if grant is None or grant.is_lost:
            return self._receipt(ReceiptState.UNKNOWN, _connect(grant))
        try:
            with self._senders.transport(sender_id) as transport:
                found, complete = _search(transport, reference, person, grant)
        except CallError as error:
            self._note_loss(error, sender_id)
            return self._receipt(ReceiptState.UNKNOWN, _refusal(error)[0])
        if found is None:
            return self._receipt(ReceiptState.UNKNOWN, "not_found_there" if complete else "look_incomplete")
        return self._judge(found, person, grant, reference=reference)

    def _verified(
        self, page: Page[Conversation], person: CanvasUserId, grant: Grant, *, reference: str
    ) -> Receipt:
        """Judge the answer to a send: exactly one conversation, seen by exactly one other person."""
        if not page.items and not page.problems:
            return self._receipt(ReceiptState.REFUSED, "recipient_dropped")
        if len(page.items) != 1 or page.problems:
            return self._alarm(reference, None)
        return self._judge(page.items[0], person, grant, reference=reference)

    def _judge(
        self, conversation: Conversation, person: CanvasUserId, grant: Grant, *, reference: str
    ) -> Receipt:
        nobody_else = not conversation.audience and conversation.seen_by <= {grant.canvas_user_id}
        if conversation.private and nobody_else and person.value != grant.canvas_user_id:
            # Stored in the sender's own box alone.
            return self._receipt(ReceiptState.REFUSED, "recipient_dropped", platform_id=conversation.id)
        allowed = {person.value, grant.canvas_user_id}
        if (
            conversation.private
            and conversation.audience == (person.value,)
            and conversation.seen_by <= allowed
        ):
            return self._receipt(ReceiptState.SENT, platform_id=conversation.id, audience_verified=True)
        return self._alarm(reference, conversation.id)

    def _alarm(self, reference: str, platform_id: str | None) -> Receipt:
        """Say loudly that a message may have reached somebody else. Reference and platform id name nobody."""
        _log.critical("audience_mismatch reference=%s conversation=%s", reference, platform_id)
        return self._receipt(ReceiptState.UNKNOWN, "audience_mismatch", platform_id=platform_id)

    def _note_loss(self, error: CallError, sender_id: AdultId) -> None:
        if isinstance(error, ConsentLost):
            with suppress(ConsentLost):  # already stored as lost
                self._senders.tokens(sender_id).lose()

    def _receipt(
        self,
        state: ReceiptState,
        reason: str = "",
        *,
        platform_id: str | None = None,
        audience_verified: bool = False,
        retryable: bool = False,
    ) -> Receipt:
        return Receipt(
            state=state,
            at=self._senders.timing.now(),
            reason=reason,
            platform_id=platform_id,
            audience_verified=audience_verified,
            retryable=retryable,
        )


def _form(person: CanvasUserId, subject: str, text: str) -> Pairs:
    """Return the fields of a new private conversation: never an old thread with its old subject."""
    return (
        ("recipients[]", person.value),
        ("subject", subject),
        ("body", text),
        ("force_new", "true"),
        ("group_conversation", "false"),
    )


def _created(answer: Answer) -> Page[Conversation]:
    if answer.status not in {200, 201}:
        # 202 is a batch that runs later and cannot be verified; we never ask for one.
        raise ProtocolFault(answer.trace, code="answer_form")
    return load_page(ConversationSchema(), answer, number=1)


def _check_words(notice: Notice, text: str, subject: str) -> None:
    """Refuse what could never be found again, or would say too much in a subject.

    Raises:
        InvalidValue: ``reference_missing``, ``subject_form``, or what the gate says of the subject.
    """
    if not notice.reference or notice.reference not in text:
        raise InvalidValue("reference_missing", field="text")
    if not subject.strip() or len(subject) > SUBJECT_LIMIT or len(subject.splitlines()) != 1:
        raise InvalidValue("subject_form", field="subject")
    check_content_free(subject)


def _search(
    transport: Transport, reference: str, person: CanvasUserId, grant: Grant
) -> tuple[Conversation | None, bool]:
    """Return the sender's conversation that holds the reference, and whether everything was searched."""
    mark = re.compile(rf"(?<!\w){re.escape(reference)}(?!\w)")
    params: Pairs = (("scope", "sent"), ("filter[]", f"user_{person.value}"), ("per_page", "50"))
    searched = 0
    complete = True
    for page in transport.get_pages(LIST_CONVERSATIONS, params, ConversationSchema()):
        complete = complete and not page.problems
        for listed in page.items:
            if searched >= LOOK_LIMIT:
                return None, False
            searched += 1
            if mark.search(listed.last_authored_message):
                return listed, True
            # The list shows the first 100 characters of a message only; the reference stands at its end.
            whole = transport.get_one(
                READ_CONVERSATION,
                (("auto_mark_as_read", "false"),),
                ConversationSchema(),
                path={"id": listed.id},
            )
            if any(m.author_id == grant.canvas_user_id and mark.search(m.body) for m in whole.messages):
                return whole, True
    return None, complete


def _connect(grant: Grant | None) -> str:
    return "connect_canvas" if grant is None else "connect_canvas_again"


def _refusal(error: CallError) -> tuple[str, bool]:
    """Return the receipt's reason for a call that surely did nothing, and whether later may work."""
    if isinstance(error, ConsentLost | TokenExpired):
        return "connect_canvas_again", False
    if isinstance(error, ScopeMissing):
        return "scope_missing", False
    if isinstance(error, RateLimited):
        return "rate_limited", True
    if isinstance(error, RequestRefused):
        if error.detail == "recipients_invalid":
            return "recipient_dropped", False
        return error.detail or error.code, False
    # Of a refused send the next two can only speak of the token endpoint: the notice itself never left.
    if isinstance(error, Unreachable | ServerFault):
        return "platform_down", True
    return error.code, isinstance(error, ProtocolFault) and error.may_have_happened
