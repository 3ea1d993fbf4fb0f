"""An invitation as a calendar object in a mail (RFC 5545, 5546): one guest, a neutral title, nothing else.

Each guest gets an object of their own with one ATTENDEE, so that no household learns who else is invited.
A change is the same UID with a higher SEQUENCE; a cancellation is METHOD:CANCEL of the same UID.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress, vText

from connectors.mail.letter import one_line
from connectors.mail.settings import MailSettings, is_plain_address
from iepcore.errors import InvalidValue
from iepcore.notices import check_content_free

PRODID = "-//Rapport//Messages between school and family//EN"
SUMMARY = "School meeting"
LONGEST_LINE = 200


class InvitationMethod(StrEnum):
    """What the object asks of a calendar."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Invitation:
    """One meeting for one guest. ``meeting_id`` and ``guest_id`` make the UID, so a change finds its meeting;
    ``sequence`` grows with each change. ``place`` is a room or "by telephone"; ``link`` leads to the notice.

    Raises:
        InvalidValue: ``meeting_times`` (naive, or the end not after the beginning), ``sequence_range``,
            ``address_form``, ``title_empty``, ``text_too_long``, or what the gate says of title and place.
    """

    meeting_id: UUID
    guest_id: UUID
    guest: str
    starts_at: datetime
    ends_at: datetime
    sequence: int = 0
    summary: str = SUMMARY
    place: str = ""
    link: str = ""
    method: InvitationMethod = InvitationMethod.REQUEST

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None or self.ends_at <= self.starts_at:
            raise InvalidValue("meeting_times", field="ends_at")
        if not 0 <= self.sequence < 2**31:
            raise InvalidValue("sequence_range", field="sequence")
        if not is_plain_address(self.guest):
            raise InvalidValue("address_form", field="guest")
        if not self.summary.strip():
            raise InvalidValue("title_empty", field="summary")
        for text in (self.summary, self.place):
            if len(text) > LONGEST_LINE:
                raise InvalidValue("text_too_long", field="text", params={"limit": LONGEST_LINE})
            check_content_free(text)

    def __repr__(self) -> str:
        return f"Invitation({self.method.value}, {self.sequence})"


def calendar_of(invitation: Invitation, *, settings: MailSettings, school: str, at: datetime) -> bytes:
    """Return the calendar object. ``school`` is the organizer's name, ``at`` when it is made (DTSTAMP)."""
    event = Event()
    event.add("uid", uid_of(invitation, settings=settings))
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", invitation.starts_at.astimezone(UTC))
    event.add("dtend", invitation.ends_at.astimezone(UTC))
    event.add("summary", one_line(invitation.summary))
    event.add("class", "PRIVATE")
    cancelled = invitation.method is InvitationMethod.CANCEL
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    if invitation.place:
        event.add("location", one_line(invitation.place))
    if invitation.link:
        event.add("url", invitation.link)
    organizer = vCalAddress(f"mailto:{settings.from_address}")
    organizer.params["cn"] = vText(one_line(school))
    event["organizer"] = organizer
    guest = vCalAddress(f"mailto:{invitation.guest}")
    guest.params["cutype"] = vText("INDIVIDUAL")
    guest.params["role"] = vText("REQ-PARTICIPANT")
    guest.params["partstat"] = vText("NEEDS-ACTION")
    guest.params["rsvp"] = vText("FALSE" if cancelled else "TRUE")
    event.add("attendee", guest, encode=False)
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", invitation.method.value)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def uid_of(invitation: Invitation, *, settings: MailSettings) -> str:
    """Return the stable UID of one guest's copy of a meeting. Two guests' copies cannot be told to be one
    meeting."""
    mark = sha256(f"{invitation.meeting_id}:{invitation.guest_id}".encode()).hexdigest()[:32]
    return f"{mark}@{settings.from_domain}"


def add_invitation(
    letter: EmailMessage, invitation: Invitation, *, settings: MailSettings, school: str
) -> None:
    """Give a letter its invitation: the alternative of the text that calendars understand, in the same mail.

    Raises:
        InvalidValue: ``address_form`` when the letter goes to anybody but the guest.
    """
    to = [one.addr_spec for one in letter["To"].addresses] if letter["To"] is not None else []
    if to != [invitation.guest] or letter["Cc"] is not None or letter["Bcc"] is not None:
        raise InvalidValue("address_form", field="guest")
    check_content_free(re.sub(r"[\W_]", " ", school))
    made = calendar_of(
        invitation, settings=settings, school=school, at=letter["Date"].datetime.astimezone(UTC)
    )
    letter.add_alternative(
        made.decode("utf-8"),
        subtype="calendar",
        charset="utf-8",
        cte="base64",
        params={"method": invitation.method.value},
    )
