"""The mail channel: one mail to one recipient over the school's own mail server."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import datetime

from connectors.http import Timing
from connectors.mail.conversation import Handed, hand_over
from connectors.mail.letter import write_letter
from connectors.mail.settings import MailSettings, is_plain_address
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId
from iepcore.notices import ChannelTraits, Notice, Receipt, ReceiptState, check_content_free
from iepcore.people import AddressKind, ChannelAddress


class SmtpChannel:
    """A ``NoticeChannel`` over SMTP. The sender named in the text is the teacher; the mail is the school's.

    ``audience_verified`` stays False: a mail server does not tell who reads a mailbox.
    """

    def __init__(
        self,
        settings: MailSettings,
        *,
        now: Callable[[], datetime] | None = None,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        takes_replies: bool = False,
    ) -> None:
        """``takes_replies``: the mailbox we write from is read, see :class:`connectors.mail.MailReplies`."""
        self.traits = ChannelTraits(
            kind=AddressKind.MAIL,
            is_private=False,
            is_recallable=False,
            is_idempotent=False,
            leaves_platform=True,
            takes_replies=takes_replies,
        )
        self._settings = settings
        self._now = now or Timing().now
        self._tls = tls

    def deliver(
        self, notice: Notice, text: str, subject: str, recipient: ChannelAddress, *, sender_id: AdultId
    ) -> Receipt:
        """Send ``text`` once. The outcome is always a receipt; a 4xx of the server is retryable."""
        try:
            to = _address(recipient)
            _check_words(notice, text, subject)
        except InvalidValue as problem:
            return self._receipt(ReceiptState.REFUSED, problem.code)
        letter = write_letter(notice, text, subject, to, settings=self._settings, at=self._now())
        handed = hand_over(self._settings, to, letter.as_bytes(), tls=self._tls)
        match handed.outcome:
            case Handed.ACCEPTED:
                return self._receipt(ReceiptState.SENT, platform_id=letter["Message-ID"])
            case Handed.UNKNOWN:
                return self._receipt(ReceiptState.UNKNOWN, handed.code, platform_id=letter["Message-ID"])
            case Handed.LATER:
                return self._receipt(ReceiptState.REFUSED, handed.code, retryable=True)
            case Handed.REFUSED:
                return self._receipt(ReceiptState.REFUSED, handed.code)

    def look(self, reference: str, recipient: ChannelAddress, *, sender_id: AdultId) -> Receipt:
        """Say that it cannot be known: a mail that left is not to be seen from here."""
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


def _address(recipient: ChannelAddress) -> str:
    if recipient.kind is not AddressKind.MAIL or not is_plain_address(recipient.value):
        raise InvalidValue("address_form", field="value")
    return recipient.value


def _check_words(notice: Notice, text: str, subject: str) -> None:
    """Refuse a mail without its reference, and headers that say too much.

    Raises:
        InvalidValue: ``reference_missing``, ``subject_form``, or what the gate says of the headers.
    """
    if not notice.reference or notice.reference not in text:
        raise InvalidValue("reference_missing", field="text")
    if not subject.strip() or len(subject) > 255:
        raise InvalidValue("subject_form", field="subject")
    check_content_free(subject)
    check_content_free(notice.school_name)
