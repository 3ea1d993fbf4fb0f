"""A meeting in Google's calendar: one guest each, private, neutral, never twice."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest

from connectors.google_classroom import GMAIL_SCOPES
from iepcore.errors import InvalidValue
from iepcore.people import AddressKind, ChannelAddress
from tests.contract.connectors.google_doers import School
from tests.contract.connectors.google_fake.faults import html, instead, lost_after, refuse
from tests.contract.connectors.google_fake.server import Fault
from tests.contract.connectors.google_post import BEGIN, PARENT, calendar, invitation, outcome

INSERT = ("POST", "/calendar/v3/calendars/{calendarId}/events")
GET = ("GET", "/calendar/v3/calendars/{calendarId}/events/{eventId}")
DELETE = ("DELETE", GET[1])


def test_an_invitation_shows_nothing_to_anybody_else(school: School) -> None:
    """Private, no other guests to see, nobody invited further; the title says a meeting at school."""
    receipt = calendar(school).invite(invitation(), organizer_id=school.teacher_id)

    [event] = school.world.events.values()
    assert ("sent", "", False) == outcome(receipt)
    assert (event.id, True) == (receipt.platform_id, receipt.audience_verified)
    assert {
        "id": invitation().event_id,
        "summary": "School meeting",
        "start": {"dateTime": "2026-11-05T15:30:00+00:00"},
        "end": {"dateTime": "2026-11-05T16:30:00+00:00"},
        "attendees": [{"email": PARENT}],
        "visibility": "private",
        "guestsCanSeeOtherGuests": False,
        "guestsCanInviteOthers": False,
        "guestsCanModify": False,
    } == event.body
    assert frozenset({PARENT, school.teacher.email}) == event.seen_by(school.world.domain_addresses)
    assert 1 == event.mails_sent


def test_two_guests_have_two_events(school: School) -> None:
    """Neither learns of the other."""
    for guest in (PARENT, "drew@mail.example"):
        calendar(school).invite(invitation(guest), organizer_id=school.teacher_id)

    assert [(PARENT,), ("drew@mail.example",)] == [one.guests for one in school.world.events.values()]


def test_the_same_invitation_again_is_already_there(school: School) -> None:
    """Its id comes from the meeting and the guest, whatever the case of the address."""
    desk = calendar(school)
    desk.invite(invitation(), organizer_id=school.teacher_id)
    again = desk.invite(invitation(PARENT.upper()), organizer_id=school.teacher_id)

    assert ("sent", "already_exists", False) == outcome(again)
    assert 1 == len(school.world.events)


def test_an_unknown_outcome_can_be_looked_up_and_asked_again(school: School) -> None:
    """The answer was lost; the event is there."""
    desk = calendar(school)
    school.google.fault(*INSERT, lost_after)

    assert ("unknown", "no_answer", False) == outcome(
        desk.invite(invitation(), organizer_id=school.teacher_id)
    )
    assert ("sent", "", False) == outcome(desk.look(invitation(), organizer_id=school.teacher_id))
    assert ("sent", "already_exists", False) == outcome(
        desk.invite(invitation(), organizer_id=school.teacher_id)
    )


def test_what_is_not_there_is_not_found(school: School) -> None:
    """Nothing was made, or it was taken back."""
    desk = calendar(school)
    nothing = desk.look(invitation(), organizer_id=school.teacher_id)
    body = json.dumps({"id": invitation().event_id, "status": "cancelled"})
    school.google.fault(*GET, instead(200, body, "application/json"))
    gone = desk.look(invitation(), organizer_id=school.teacher_id)

    assert [("unknown", "not_found_there", False)] * 2 == [outcome(nothing), outcome(gone)]


def test_a_meeting_moves_and_is_taken_back(school: School) -> None:
    """The guest is told each time; taken back twice is taken back."""
    desk = calendar(school)
    desk.invite(invitation(), organizer_id=school.teacher_id)
    later = invitation(begins_at=BEGIN + timedelta(days=1), ends_at=BEGIN + timedelta(days=1, hours=1))

    assert ("sent", "", False) == outcome(desk.move(later, organizer_id=school.teacher_id))
    [event] = school.world.events.values()
    assert "2026-11-06T15:30:00+00:00" == event.body["start"]["dateTime"]
    assert ("sent", "", False) == outcome(desk.cancel(later, organizer_id=school.teacher_id))
    assert ("cancelled", 3) == (event.status, event.mails_sent)
    assert ("sent", "not_found_there", False) == outcome(desk.cancel(later, organizer_id=school.teacher_id))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (html(503), ("unknown", "server_fault", False)),
        (refuse(429, "RESOURCE_EXHAUSTED"), ("refused", "rate_limited", True)),
        (refuse(403, "PERMISSION_DENIED"), ("refused", "forbidden_there", False)),
        (refuse(404, "NOT_FOUND"), ("refused", "not_found_there", False)),
    ],
    ids=["503", "rate", "403", "404"],
)
def test_an_invitation_is_asked_once(school: School, fault: Fault, expected: tuple[str, str, bool]) -> None:
    """As with every send."""
    school.google.fault(*INSERT, fault)

    assert expected == outcome(calendar(school).invite(invitation(), organizer_id=school.teacher_id))
    assert 1 == len(school.google.calls(*INSERT))


@pytest.mark.parametrize(
    "changes",
    [
        {"visibility": "default"},
        {"guestsCanSeeOtherGuests": True},
        {"guestsCanInviteOthers": True},
        {"attendees": [{"email": PARENT}, {"email": "drew@mail.example"}]},
        {"attendees": []},
        {"id": "another1"},
    ],
    ids=str,
)
def test_an_answer_that_is_wider_than_asked_is_an_alarm(school: School, changes: dict[str, object]) -> None:
    """Somebody looks at it; it is not called sent."""
    body = {"id": invitation().event_id, **invitation().body} | changes
    school.google.fault(*INSERT, instead(200, json.dumps(body), "application/json"))

    receipt = calendar(school).invite(invitation(), organizer_id=school.teacher_id)

    assert ("unknown", "audience_mismatch", False) == outcome(receipt)


def test_the_organiser_among_the_guests_is_nobody_else(school: School) -> None:
    """Google lists them at times."""
    guests = [{"email": PARENT}, {"email": school.teacher.email.upper(), "organizer": True}]
    body = {"id": invitation().event_id, **invitation().body, "attendees": guests}
    school.google.fault(*INSERT, instead(200, json.dumps(body), "application/json"))

    assert calendar(school).invite(invitation(), organizer_id=school.teacher_id).audience_verified


def test_who_has_not_connected_the_calendar_is_told_to(school: School) -> None:
    """The consent for mail is none for the calendar."""
    desk = calendar(school)
    school.connect(scopes=frozenset(GMAIL_SCOPES))

    assert ("refused", "connect_google", False) == outcome(
        desk.invite(invitation(), organizer_id=school.teacher_id)
    )
    assert ("unknown", "connect_google", False) == outcome(
        desk.look(invitation(), organizer_id=school.teacher_id)
    )
    assert [] == school.google.seen


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"summary": "IEP meeting"}, "notice_names_plan"),
        ({"summary": "Avery's meeting", "names": ("Avery Smith",)}, "notice_names_child"),
        ({"place": "Avery's room", "names": ("Avery Smith",)}, "notice_names_child"),
        ({"summary": " "}, "subject_form"),
        ({"summary": "x" * 81}, "subject_form"),
        ({"summary": "a\nb"}, "subject_form"),
        ({"ends_at": BEGIN}, "meeting_time"),
        ({"begins_at": datetime(2026, 11, 5, 15)}, "meeting_time"),  # noqa: DTZ001
        ({"key": ""}, "identity_form"),
        ({"guest": ChannelAddress(kind=AddressKind.CANVAS, value="7")}, "address_form"),
        ({"guest": ChannelAddress(kind=AddressKind.MAIL, value="a,b@mail.example")}, "address_form"),
    ],
)
def test_what_no_invitation_may_be(changes: dict[str, object], code: str) -> None:
    """A title that tells, no time, no guest, or two."""
    with pytest.raises(InvalidValue) as caught:
        invitation(**changes)
    assert code == caught.value.code


def test_an_events_id_is_what_google_takes() -> None:
    """Base32hex in small letters; two guests have two."""
    ids = {invitation(guest).event_id for guest in (PARENT, PARENT.upper(), "b@mail.example")}

    assert 2 == len(ids)
    assert all(re.fullmatch("[0-9a-v]{32}", one) for one in ids)


def test_a_room_goes_along(school: School) -> None:
    """Where to go is no secret."""
    calendar(school).invite(invitation(place="Room 12"), organizer_id=school.teacher_id)

    [event] = school.world.events.values()
    assert "Room 12" == event.body["location"]
