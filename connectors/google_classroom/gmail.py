"""Mail over Gmail: one notice to one recipient, out of the sender's own account.

Vendor's page: "users.messages.send" (Gmail API v1, read 2026-11). The one scope, ``gmail.send``, reads
nothing: an answer comes to the sender's own mailbox and stays there (``takes_replies`` is False), and what
became of a mail cannot be looked up. The sent copy stays in the sender's account: a record that the school
can discover.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from connectors.google_classroom.accounts import GoogleAccounts
from connectors.google_classroom.outcomes import connect, refusal
from connectors.google_classroom.routes import GMAIL_URL, SEND_MAIL, SEND_MESSAGE
from connectors.google_classroom.schemas import MessageSchema
from connectors.http import Origin, Rejected, Sent, Unknown, load_one
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId
from iepcore.notices import ChannelTraits, Notice, Receipt, ReceiptState, check_content_free
from iepcore.people import AddressKind, ChannelAddress

if TYPE_CHECKING:  # the letter comes from outside; its machinery need not be loaded with the connector
    from email.message import EmailMessage

SUBJECT_LIMIT = 255


class LetterWriter(Protocol):
    """Writes the mail: plain text, one recipient, a Message-ID that comes from the notice's reference.

    Given by the caller, so that a notice is the same letter whichever road it takes (connectors do not know
    each other).
    """

    def __call__(
        self, notice: Notice, text: str, subject: str, to: str, *, sender: str, at: datetime
    ) -> EmailMessage:
        """Return the letter. Raises ``InvalidValue`` for addresses or headers that cannot be."""
        ...


class GmailChannel:
    """A ``NoticeChannel``: the sender's own Google account writes to one person.

    ``platform_id`` of a receipt is our Message-ID, though Gmail may put one of its own in its place.
    ``audience_verified`` stays False: nobody tells who reads a mailbox.
    """

    traits = ChannelTraits(
        kind=AddressKind.MAIL,
        is_private=False,
        is_recallable=False,
        is_idempotent=False,
        leaves_platform=True,
        takes_replies=False,
    )

    def __init__(
        self,
        accounts: GoogleAccounts,
        write: LetterWriter,
        *,
        origin: Origin | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._accounts = accounts
        self._write = write
        self._origin = origin or Origin.parse(GMAIL_URL)
        self._now = now or accounts.timing.now

    def deliver(
        self, notice: Notice, text: str, subject: str, recipient: ChannelAddress, *, sender_id: AdultId
    ) -> Receipt:
        """Send ``text`` once, in the sender's name. The outcome is always a receipt."""
        grant = self._accounts.store.load(sender_id)
        if grant is None or grant.is_lost or SEND_MAIL not in grant.scopes:
            return self._receipt(ReceiptState.REFUSED, connect(grant))
        try:
            _check_words(notice, text, subject)
            if recipient.kind is not AddressKind.MAIL:
                raise InvalidValue("address_form", field="kind")
            letter = self._write(notice, text, subject, recipient.value, sender=grant.email, at=self._now())
            check_one_recipient(letter, recipient.value)
        except InvalidValue as problem:
            return self._receipt(ReceiptState.REFUSED, problem.code)
        body = {"raw": base64.urlsafe_b64encode(letter.as_bytes()).decode()}
        with self._accounts.transport(sender_id, self._origin) as transport:
            outcome = transport.send_once(
                SEND_MESSAGE, body, partial(load_one, MessageSchema()), path={"user_id": "me"}
            )
        message_id = str(letter["Message-ID"])
        match outcome:
            case Sent():
                return self._receipt(ReceiptState.SENT, platform_id=message_id)
            case Rejected(error=error):
                reason, retryable = refusal(error)
                return self._receipt(ReceiptState.REFUSED, reason, retryable=retryable)
            case Unknown(error=error):
                return self._receipt(ReceiptState.UNKNOWN, error.code, platform_id=message_id)

    def look(self, reference: str, recipient: ChannelAddress, *, sender_id: AdultId) -> Receipt:
        """Say that it cannot be known: we may send, not read."""
        return self._receipt(ReceiptState.UNKNOWN, "mail_cannot_be_looked_up")

    def _receipt(
        self,
        state: ReceiptState,
        reason: str = "",
        *,
        platform_id: str | None = None,
        retryable: bool = False,
    ) -> Receipt:
        return Receipt(
            state=state, at=self._now(), reason=reason, platform_id=platform_id, retryable=retryable
        )


def check_one_recipient(letter: EmailMessage, to: str) -> None:
    """Let a letter pass that goes to exactly this address: Gmail sends to whomever its headers name.

    Raises:
        InvalidValue: ``letter_recipients``.
    """
    fields = letter.get_all("To", [])
    named = [one.addr_spec for field in fields for one in getattr(field, "addresses", ())]
    others = any(letter.get_all(name) for name in ("Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc"))
    if len(fields) != 1 or named != [to] or others:
        raise InvalidValue("letter_recipients", field="to")


def _check_words(notice: Notice, text: str, subject: str) -> None:
    """Refuse a mail without its reference, and headers that say too much.

    Raises:
        InvalidValue: ``reference_missing``, ``subject_form``, or what the gate says of the headers.
    """
    if not notice.reference or notice.reference not in text:
        raise InvalidValue("reference_missing", field="text")
    if not subject.strip() or len(subject) > SUBJECT_LIMIT or len(subject.splitlines()) != 1:
        raise InvalidValue("subject_form", field="subject")
    check_content_free(subject)
    check_content_free(notice.school_name)
