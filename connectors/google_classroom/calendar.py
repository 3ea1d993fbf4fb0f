"""A meeting in the organiser's own Google calendar, with one guest: private, neutral, and never twice.

Vendor's page: "Events: insert" (Calendar API v3, read 2026-11). Google shows guests to each other and lets
them invite others unless told otherwise; so each guest has an event of their own, which names nobody else.
Its id comes from the meeting and the guest: the same invitation again is answered with "already there" (409),
though Google does not promise to notice every repeat at once.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from connectors.google_classroom.accounts import GoogleAccounts
from connectors.google_classroom.outcomes import connect, refusal
from connectors.google_classroom.routes import (
    CALENDAR_URL,
    DELETE_EVENT,
    EVENTS,
    GET_EVENT,
    INSERT_EVENT,
    PATCH_EVENT,
)
from connectors.google_classroom.schemas import EventRow, EventSchema
from connectors.http import Answer, Body, Origin, Pairs, Rejected, Route, Sent, Unknown, load_one
from connectors.http.errors import CallError, NotFoundThere, RequestRefused
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId
from iepcore.notices import Receipt, ReceiptState, check_content_free
from iepcore.people import AddressKind, ChannelAddress

SUMMARY = "School meeting"
LONGEST_SUMMARY = 80
_TELL: Pairs = (("sendUpdates", "all"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One meeting for one guest. ``key`` is the meeting's own opaque id; ``place`` a room or empty; ``names``
    are the child's, which summary and place must not hold.

    Raises:
        InvalidValue: ``meeting_time`` for naive instants or an end that is not after the beginning,
            ``address_form`` for a guest who has no mail address, ``subject_form`` for an empty or long
            summary; what the gate says of a summary or place that tells too much.
    """

    key: str
    guest: ChannelAddress
    begins_at: datetime
    ends_at: datetime
    summary: str = SUMMARY
    place: str = ""
    names: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.begins_at.tzinfo is None or self.ends_at.tzinfo is None or self.ends_at <= self.begins_at:
            raise InvalidValue("meeting_time", field="ends_at")
        if self.guest.kind is not AddressKind.MAIL or "," in self.guest.value:
            raise InvalidValue("address_form", field="guest")
        if not self.key:
            raise InvalidValue("identity_form", field="key")
        if not self.summary.strip() or len(self.summary) > LONGEST_SUMMARY:
            raise InvalidValue("subject_form", field="summary")
        for text in (self.summary, self.place):
            if len(text.splitlines()) > 1:
                raise InvalidValue("subject_form", field="summary")
            check_content_free(text, names=self.names)

    @property
    def event_id(self) -> str:
        """The event's id: 32 characters of base32hex (RFC 4648, 7) in small letters, as Google wants them."""
        told = f"{self.key}\n{self.guest.value.casefold()}"
        return base64.b32hexencode(hashlib.sha256(told.encode()).digest()[:20]).decode().lower()

    @property
    def body(self) -> dict[str, object]:
        """The event as it is sent. No description: what the meeting is about is read in the tool."""
        event: dict[str, object] = {
            "summary": self.summary,
            "start": {"dateTime": self.begins_at.isoformat()},
            "end": {"dateTime": self.ends_at.isoformat()},
            "attendees": [{"email": self.guest.value}],
            "visibility": "private",
            "guestsCanSeeOtherGuests": False,
            "guestsCanInviteOthers": False,
            "guestsCanModify": False,
        }
        return event | ({"location": self.place} if self.place else {})


class GoogleCalendar:
    """Invitations in the organiser's name. Every outcome is a receipt; ``platform_id`` is the event's id.

    Only with the organiser's own consent: a service account may not ask for this scope here.
    """

    def __init__(
        self,
        accounts: GoogleAccounts,
        *,
        origin: Origin | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._accounts = accounts
        self._origin = origin or Origin.parse(CALENDAR_URL)
        self._now = now or accounts.timing.now

    def invite(self, invitation: Invitation, *, organizer_id: AdultId) -> Receipt:
        """Invite one guest, once. A second time says ``sent`` with the reason ``already_exists``."""
        body = {"id": invitation.event_id, **invitation.body}
        return self._send(INSERT_EVENT, body, invitation, organizer_id)

    def move(self, invitation: Invitation, *, organizer_id: AdultId) -> Receipt:
        """Give the guest's event the time and place of ``invitation``; Google tells the guest."""
        return self._send(PATCH_EVENT, invitation.body, invitation, organizer_id)

    def cancel(self, invitation: Invitation, *, organizer_id: AdultId) -> Receipt:
        """Take the guest's event back; one that is gone already counts as taken back."""
        return self._send(DELETE_EVENT, None, invitation, organizer_id)

    def look(self, invitation: Invitation, *, organizer_id: AdultId) -> Receipt:
        """Find out whether the guest's event is there: ``sent``, or ``unknown`` with the reason."""
        event_id = invitation.event_id
        grant = self._accounts.store.load(organizer_id)
        if grant is None or grant.is_lost or EVENTS not in grant.scopes:
            return self._receipt(ReceiptState.UNKNOWN, connect(grant))
        try:
            with self._accounts.transport(organizer_id, self._origin) as transport:
                event = transport.get_one(GET_EVENT, (), EventSchema(), path=_path(event_id))
        except CallError as error:
            reason = error.code if isinstance(error, NotFoundThere) else refusal(error)[0]
            return self._receipt(ReceiptState.UNKNOWN, reason)
        if event.status == "cancelled":
            return self._receipt(ReceiptState.UNKNOWN, "not_found_there")
        return self._judged(event, invitation, grant.email)

    def _send(
        self, route: Route, body: Body | None, invitation: Invitation, organizer_id: AdultId
    ) -> Receipt:
        grant = self._accounts.store.load(organizer_id)
        if grant is None or grant.is_lost or EVENTS not in grant.scopes:
            return self._receipt(ReceiptState.REFUSED, connect(grant))
        event_id = invitation.event_id
        path = {"calendar_id": "primary"} if route is INSERT_EVENT else _path(event_id)
        load = _nothing if route is DELETE_EVENT else partial(load_one, EventSchema())
        with self._accounts.transport(organizer_id, self._origin) as transport:
            outcome = transport.send_once(route, body, load, path=path, params=_TELL)
        match outcome:
            case Sent(value=EventRow() as event):
                return self._judged(event, invitation, grant.email)
            case Sent():
                return self._receipt(ReceiptState.SENT, platform_id=event_id)
            case Rejected(error=RequestRefused(detail="already_exists")) if route is INSERT_EVENT:
                return self._receipt(ReceiptState.SENT, "already_exists", platform_id=event_id)
            case Rejected(error=NotFoundThere()) if route is DELETE_EVENT:
                return self._receipt(ReceiptState.SENT, "not_found_there", platform_id=event_id)
            case Rejected(error=error):
                reason, retryable = refusal(error)
                return self._receipt(ReceiptState.REFUSED, reason, retryable=retryable)
            case Unknown(error=error):
                return self._receipt(ReceiptState.UNKNOWN, error.code, platform_id=event_id)

    def _judged(self, event: EventRow, invitation: Invitation, organizer: str) -> Receipt:
        """Judge an answer: exactly this guest, and nothing wider than we asked for."""
        own = organizer.casefold()
        guests = {
            one.email.casefold()
            for one in event.guests
            if not (one.is_organizer and one.email.casefold() == own)
        }
        narrow = event.visibility == "private" and not event.guests_see_each_other and not event.guests_invite
        if event.id == invitation.event_id and guests == {invitation.guest.value.casefold()} and narrow:
            return self._receipt(ReceiptState.SENT, platform_id=event.id, audience_verified=True)
        return self._receipt(ReceiptState.UNKNOWN, "audience_mismatch", platform_id=invitation.event_id)

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
            at=self._now(),
            reason=reason,
            platform_id=platform_id,
            audience_verified=audience_verified,
            retryable=retryable,
        )


def _path(event_id: str) -> dict[str, str]:
    return {"calendar_id": "primary", "event_id": event_id}


def _nothing(answer: Answer) -> None:
    """Read nothing: Google answers a deletion with an empty body."""
