"""The person's own calendar in Canvas: a reminder with a neutral title, seen by nobody else.

A course's calendar is seen by the class: there is no way to name one here, for the context is made from the
grant of the person who asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from marshmallow import fields

from connectors.canvas.channel import CanvasUserId
from connectors.canvas.routes import ADD_EVENT, REMOVE_EVENT
from connectors.canvas.senders import Senders
from connectors.http import AnswerSchema, IdField, Pairs, Rejected, Sent, Unknown, load_one
from connectors.http.errors import CallError, ConsentLost, NotFoundThere
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId
from iepcore.notices import Receipt, ReceiptState, check_content_free

TITLE_LIMIT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What Canvas says of an event: its number and whose calendar it lies in, never its words."""

    id: str
    context_code: str


class EventSchema(AnswerSchema[Event]):
    """``CalendarEvent``."""

    into = Event
    id = IdField(required=True)
    context_code = fields.String(required=True)


class CanvasCalendar:
    """Reminders in the own calendar of an adult who has connected Canvas."""

    def __init__(self, senders: Senders) -> None:
        self._senders = senders

    def remind(
        self,
        title: str,
        starts_at: datetime,
        ends_at: datetime,
        *,
        owner_id: AdultId,
        names: Iterable[str] = (),
    ) -> Receipt:
        """Put one event into the owner's own calendar, once. The outcome is always a receipt.

        ``names`` are the child's: a title that holds one is refused, and so is one that names a plan.
        ``sent`` only when Canvas says that it lies in the owner's calendar; in another one it is taken away
        again and the receipt says ``unknown``, ``audience_mismatch``.
        """
        try:
            _check(title, starts_at, ends_at, names)
        except InvalidValue as problem:
            return self._receipt(ReceiptState.REFUSED, problem.code)
        grant = self._senders.store.load(owner_id)
        if grant is None or grant.is_lost:
            return self._receipt(
                ReceiptState.REFUSED, "connect_canvas" if grant is None else "connect_canvas_again"
            )
        own = f"user_{CanvasUserId(grant.canvas_user_id).value}"
        form: Pairs = (
            ("calendar_event[context_code]", own),
            ("calendar_event[title]", title),
            ("calendar_event[start_at]", _instant(starts_at)),
            ("calendar_event[end_at]", _instant(ends_at)),
        )
        with self._senders.transport(owner_id) as transport:
            outcome = transport.send_once(ADD_EVENT, form, partial(load_one, EventSchema()))
        match outcome:
            case Sent(value=event) if event.context_code == own:
                return self._receipt(ReceiptState.SENT, platform_id=event.id, audience_verified=True)
            case Sent(value=event):
                self.remove(event.id, owner_id=owner_id)
                return self._receipt(ReceiptState.UNKNOWN, "audience_mismatch", platform_id=event.id)
            case Rejected(error=error):
                return self._receipt(ReceiptState.REFUSED, _reason(error), retryable=error.retryable)
            case Unknown(error=error):
                return self._receipt(ReceiptState.UNKNOWN, error.code)

    def remove(self, event_id: str, *, owner_id: AdultId) -> bool:
        """Take an event of the owner away; tell whether it is gone (one that was not there is)."""
        with self._senders.transport(owner_id) as transport:
            outcome = transport.send_once(
                REMOVE_EVENT, (), partial(load_one, EventSchema()), path={"id": event_id}
            )
        gone = isinstance(outcome, Rejected) and isinstance(outcome.error, NotFoundThere)
        return isinstance(outcome, Sent) or gone

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


def _check(title: str, starts_at: datetime, ends_at: datetime, names: Iterable[str]) -> None:
    """Refuse what a glance at the screen would give away, and times that are none.

    Raises:
        InvalidValue: ``title_form``, ``time_form``, or what the gate says of the title.
    """
    if not title.strip() or len(title) > TITLE_LIMIT or len(title.splitlines()) != 1:
        raise InvalidValue("title_form", field="title")
    check_content_free(title, names=names)
    if starts_at.tzinfo is None or ends_at.tzinfo is None or ends_at < starts_at:
        raise InvalidValue("time_form", field="ends_at")


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _reason(error: CallError) -> str:
    return "connect_canvas_again" if isinstance(error, ConsentLost) else error.code
