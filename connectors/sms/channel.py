"""The text message channel: one short notice to one number, by an HTTP call that is made once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from connectors.http import Limits, Timing
from connectors.http.answers import Answer
from connectors.http.errors import CallError, CallTrace
from connectors.http.exchange import Wish, exchange, new_session
from connectors.sms.counting import size_of
from connectors.sms.settings import Mapped, SmsSettings
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId
from iepcore.notices import ChannelTraits, Notice, Receipt, ReceiptState, check_content_free
from iepcore.people import AddressKind, ChannelAddress

_CODES = {
    Mapped.RECIPIENT: ("sms_recipient_refused", False),
    Mapped.REFUSED: ("sms_refused", False),
    Mapped.LATER: ("sms_later", True),
    Mapped.LOGIN: ("sms_login", True),
}
"""Reason and whether later may work. A wrong sign-in is nobody's notice: it goes when the settings are
right."""


class SmsChannel:
    """A ``NoticeChannel`` over a provider of text messages. Whose telephone it is nobody can show."""

    def __init__(
        self,
        settings: SmsSettings,
        *,
        takes_replies: bool = False,
        timing: Timing | None = None,
        sessions: Callable[[], Any] = new_session,
    ) -> None:
        """``takes_replies``: answers come in, see :class:`connectors.sms.Inbound`."""
        self.traits = ChannelTraits(
            kind=AddressKind.SMS,
            is_private=False,
            is_recallable=False,
            is_idempotent=False,
            leaves_platform=True,
            takes_replies=takes_replies,
        )
        self._settings = settings
        self._timing = timing or Timing()
        self._sessions = sessions

    def deliver(
        self, notice: Notice, text: str, subject: str, recipient: ChannelAddress, *, sender_id: AdultId
    ) -> Receipt:
        """Send ``text`` once; a subject has no place in it. The outcome is always a receipt."""
        try:
            if recipient.kind is not AddressKind.SMS:
                raise InvalidValue("address_form", field="kind")
            if not notice.reference or notice.reference not in text:
                raise InvalidValue("reference_missing", field="text")
            check_content_free(notice.school_name)
            if size_of(text).segments > self._settings.most_segments:
                raise InvalidValue("sms_long", field="text")
        except InvalidValue as problem:
            return self._receipt(ReceiptState.REFUSED, problem.code)
        return self._judge(self._call(recipient.value, text))

    def look(self, reference: str, recipient: ChannelAddress, *, sender_id: AdultId) -> Receipt:
        """Say that it cannot be known: a text message that left is not to be seen from here."""
        return self._receipt(ReceiptState.UNKNOWN, "sms_cannot_be_looked_up")

    def _call(self, to: str, text: str) -> Answer | CallError:
        settings = self._settings
        limits = Limits(
            connect_seconds=settings.connect_seconds,
            read_seconds=settings.read_seconds,
            total_seconds=settings.total_seconds,
            body_bytes=64 * 1024,
        )
        # The endpoint may hold an account's number, so a log names it by what it is.
        trace = CallTrace(method="POST", template="(text message)")
        wish = Wish(trace=trace, url=settings.endpoint, body=settings.fill(to=to, text=text))
        with self._sessions() as session:
            if settings.header is not None:
                session.headers[settings.header[0]] = settings.header[1]
            try:
                return exchange(session, wish, limits=limits, timing=self._timing)
            except CallError as error:
                return error

    def _judge(self, answer: Answer | CallError) -> Receipt:
        if isinstance(answer, CallError):
            if answer.may_have_happened:
                return self._receipt(ReceiptState.UNKNOWN, "no_answer")
            return self._receipt(ReceiptState.REFUSED, "sms_down", retryable=True)
        meant = self._settings.statuses.get(answer.status) or _usual(answer.status)
        if meant is Mapped.SENT:
            return self._receipt(ReceiptState.SENT, platform_id=_id_of(answer, self._settings.id_path))
        if meant is Mapped.UNKNOWN:
            return self._receipt(ReceiptState.UNKNOWN, "no_answer")
        reason, retryable = _CODES[meant]
        return self._receipt(ReceiptState.REFUSED, reason, retryable=retryable)

    def _receipt(
        self,
        state: ReceiptState,
        reason: str = "",
        *,
        platform_id: str | None = None,
        retryable: bool = False,
    ) -> Receipt:
        at: datetime = self._timing.now()
        return Receipt(state=state, at=at, reason=reason, platform_id=platform_id, retryable=retryable)


def _usual(status: int) -> Mapped:
    """Return what a status means with most providers. A fault of theirs may have come after the sending."""
    if 200 <= status < 300:
        return Mapped.SENT
    if status in {401, 403, 407}:
        return Mapped.LOGIN
    if status == 429:
        return Mapped.LATER
    if status in {400, 404, 422}:
        return Mapped.RECIPIENT
    if status in {408, 409} or status >= 500 or status < 200:
        return Mapped.UNKNOWN
    return Mapped.REFUSED


def _id_of(answer: Answer, path: str) -> str | None:
    """Return the provider's own name for the message, if it gives one: letters and digits only."""
    if not path:
        return None
    try:
        found = answer.json()
    except CallError:
        return None
    for step in path.split("."):
        if isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        elif isinstance(found, dict):
            found = found.get(step)
        else:
            return None
    text = str(found) if isinstance(found, str | int) else ""
    return text if 0 < len(text) <= 80 and text.isascii() and text.isprintable() else None
