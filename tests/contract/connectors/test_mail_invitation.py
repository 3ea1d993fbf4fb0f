"""Invitations: read back by a calendar, carried by a real mail server, telling one guest and nothing more."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from connectors.mail import MailSecurity, MailSettings
from connectors.mail.conversation import Handed, hand_over
from connectors.mail.invitation import Invitation, InvitationMethod, add_invitation, calendar_of, uid_of
from connectors.mail.letter import write_letter
from iepcore.errors import InvalidValue
from iepcore.notices import PLAN_WORDS
from tests.contract.connectors.doers import SUBJECT, make_notice, text_of
from tests.contract.connectors.mail_server import Mailbox, serving
from tests.contract.connectors.post import FROM, PARENT

NOW = datetime(2026, 11, 24, 16, 30, 12, 345678, tzinfo=UTC)
BEGIN = datetime(2026, 12, 3, 15, 30, tzinfo=ZoneInfo("America/Denver"))
SETTINGS = MailSettings(host="localhost", from_address=FROM, security=MailSecurity.NONE)
MEETING, GUEST = uuid4(), uuid4()


def invitation(**changes: object) -> Invitation:
    """One meeting for one guest."""
    made = Invitation(
        meeting_id=MEETING,
        guest_id=GUEST,
        guest=PARENT,
        starts_at=BEGIN,
        ends_at=BEGIN + timedelta(minutes=45),
        place="Room 12, or by telephone",
        link="https://rapport.example.org/n/abc",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def event_of(made: Invitation, school: str = "Northside School") -> tuple[Calendar, Event]:
    """Return the object as a calendar reads it."""
    calendar = Calendar.from_ical(calendar_of(made, settings=SETTINGS, school=school, at=NOW))
    events = calendar.walk("VEVENT")
    assert 1 == len(events)
    return calendar, events[0]


def test_a_calendar_reads_what_was_meant() -> None:
    """Method, times in UTC, one guest, the school as organizer, private, with a neutral title."""
    calendar, event = event_of(invitation())

    assert ("REQUEST", "2.0") == (str(calendar["method"]), str(calendar["version"]))
    assert BEGIN == event.decoded("dtstart")
    assert timedelta(minutes=45) == event.decoded("dtend") - event.decoded("dtstart")
    assert NOW.replace(microsecond=0) == event.decoded("dtstamp")
    assert ("PRIVATE", "CONFIRMED", "School meeting") == tuple(
        str(event[name]) for name in ("class", "status", "summary")
    )
    assert f"mailto:{PARENT}" == str(event["attendee"])
    assert f"mailto:{FROM}" == str(event["organizer"])
    assert "TRUE" == str(event["attendee"].params["rsvp"])
    assert 0 == int(event["sequence"])


def test_a_change_and_a_cancellation_are_of_the_same_meeting() -> None:
    """The same UID with a higher SEQUENCE; another guest's copy has a UID of its own that tells nothing."""
    first, moved = invitation(), invitation(sequence=1, starts_at=BEGIN - timedelta(hours=1))
    off = invitation(sequence=2, method=InvitationMethod.CANCEL)
    calendar, event = event_of(off)

    assert 1 == len({uid_of(one, settings=SETTINGS) for one in (first, moved, off)})
    assert ("CANCEL", "CANCELLED", 2) == (
        str(calendar["method"]),
        str(event["status"]),
        int(event["sequence"]),
    )
    other = uid_of(invitation(guest_id=uuid4()), settings=SETTINGS)
    assert other != uid_of(first, settings=SETTINGS)
    assert re.fullmatch(r"[0-9a-f]{32}@northside\.example", other)
    assert str(MEETING) not in other


@pytest.mark.parametrize("method", InvitationMethod)
def test_it_travels_in_the_mail_with_its_method(method: InvitationMethod) -> None:
    """Over a real mail server: text first, then `text/calendar; method=...`, to the guest alone."""
    notice = make_notice()
    letter = write_letter(notice, text_of(notice), SUBJECT, PARENT, settings=SETTINGS, at=NOW)
    add_invitation(letter, invitation(method=method), settings=SETTINGS, school="Northside School")
    box = Mailbox()
    with serving(box) as port:
        settings = replace(SETTINGS, port=port)
        done = hand_over(settings, PARENT, letter.as_bytes(), tls=lambda: pytest.fail("no TLS here"))
    got = box.kept[0]
    parts = {one.get_content_type(): one for one in got.message.walk()}
    calendar = Calendar.from_ical(parts["text/calendar"].get_payload(decode=True))

    assert Handed.ACCEPTED is done.outcome
    assert (PARENT,) == got.recipients
    assert ["multipart/alternative", "text/plain", "text/calendar"] == list(parts)
    assert (method.value, "utf-8") == (
        parts["text/calendar"].get_param("method"),
        parts["text/calendar"].get_content_charset(),
    )
    assert method.value == str(calendar["method"])
    assert parts["text/calendar"].get_filename() is None
    assert max(len(line) for line in got.raw.split(b"\r\n")) <= 998


def test_nothing_of_it_tells_what_it_is_about() -> None:
    """No plan word anywhere, the product's name included; no other guest, no description."""
    raw = calendar_of(invitation(), settings=SETTINGS, school="Northside School", at=NOW)
    text = raw.decode().replace("\r\n ", "").lower()

    assert [] == [word for word in PLAN_WORDS if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)]
    assert 1 == text.count("attendee")
    assert "description" not in text
    assert "casey" not in repr(invitation())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"summary": "IEP meeting"}, "notice_names_plan"),
        ({"place": "Special education office"}, "notice_names_plan"),
        ({"summary": " "}, "title_empty"),
        ({"summary": "x" * 201}, "text_too_long"),
        ({"ends_at": BEGIN}, "meeting_times"),
        ({"starts_at": BEGIN.replace(tzinfo=None)}, "meeting_times"),
        ({"sequence": -1}, "sequence_range"),
        ({"guest": "a@x.example, b@x.example"}, "address_form"),
        ({"guest": "mailto:a@x.example?cc=b@x.example"}, "address_form"),
    ],
)
def test_what_says_too_much_or_nothing_is_refused(changes: dict[str, object], code: str) -> None:
    """Before it is made."""
    with pytest.raises(InvalidValue, match=code):
        invitation(**changes)


def test_an_invitation_goes_in_no_other_letter() -> None:
    """Not to another address, and not to two."""
    notice = make_notice()
    for to in ("other@mail.example", PARENT):
        letter = write_letter(notice, text_of(notice), SUBJECT, to, settings=SETTINGS, at=NOW)
        if to == PARENT:
            letter["Cc"] = "second@mail.example"
        with pytest.raises(InvalidValue, match="address_form"):
            add_invitation(letter, invitation(), settings=SETTINGS, school="Northside School")
    letter = write_letter(notice, text_of(notice), SUBJECT, PARENT, settings=SETTINGS, at=NOW)
    with pytest.raises(InvalidValue, match="notice_names_plan"):
        add_invitation(letter, invitation(), settings=SETTINGS, school="Special-Education Center")


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60),
)
def test_no_title_adds_a_property(summary: str, school: str) -> None:
    """Line ends, colons and semicolons in titles and names stay inside their own values."""
    try:
        made = invitation(summary=summary)
    except InvalidValue:
        return
    calendar, event = event_of(made, school=school or "x")
    assert {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS", "STATUS"} <= set(event)
    assert set(event) <= {
        *("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS", "STATUS"),
        *("LOCATION", "URL", "ORGANIZER", "ATTENDEE"),
    }
    assert f"mailto:{PARENT}" == str(event["attendee"])
    assert {"PRODID", "VERSION", "CALSCALE", "METHOD"} == set(calendar)
