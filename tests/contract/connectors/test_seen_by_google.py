"""The confidentiality proof of the Google roads: mail by Gmail and meetings in the calendar.

For any roster and any fault a push is seen by its one guest and its sender; nothing outside the bodies holds
a name, a note's words or a word about a plan.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.google_classroom import (
    ALL_ROUTES,
    CALENDAR_SCOPES,
    GMAIL_SCOPES,
    ROSTER_SCOPES,
    Consent,
)
from connectors.google_classroom.routes import (
    ADD_ON_ROUTES,
    CALENDAR_ROUTES,
    SEND_MESSAGE,
    TOKEN_ROUTES,
)
from connectors.http import Limits
from connectors.http.errors import CallError
from iepcore.notices import ReceiptState
from iepcore.people import CourseListing
from tests.contract.connectors.doers import SUBJECT, Watch, make_notice, text_of
from tests.contract.connectors.google_doers import School
from tests.contract.connectors.google_fake import FakeGoogle
from tests.contract.connectors.google_fake.faults import cut, html, lost_after, refuse
from tests.contract.connectors.google_fake.server import Fault
from tests.contract.connectors.google_post import BEGIN, calendar, deliver, invitation, mail_address
from tests.contract.connectors.seen_by import (
    FAMILIES,
    NAMES,
    NOTE,
    PEOPLE,
    Pushed,
    Roster,
    assert_confidential,
    assert_tells_nothing,
    rosters,
)

SEND = ("POST", "/gmail/v1/users/{userId}/messages/send")
INSERT = ("POST", "/calendar/v3/calendars/{calendarId}/events")


class GoogleRoad:
    """Everything that can leave by Google in a teacher's name: a notice, and a meeting that is made, moved
    and taken back."""

    def __init__(self, google: FakeGoogle, watch: Watch, roster: Roster = ()) -> None:
        google.start_again()
        self.google = google
        self.school = School(google, watch)
        self.people = [self.school.world.person(name, f"p{n}@mail.example") for n, name in enumerate(NAMES)]
        courses = {
            number: self.school.course("Class", teachers=[self.school.teacher]) for number in (42, 43, 44)
        }
        for row in roster:
            who = self.people[row.person].id
            if row.kind == "student" and row.active:
                courses[row.course].students.append(who)
            elif row.kind in {"teacher", "aide"} and row.active:
                courses[row.course].teachers.append(who)
            elif row.kind == "observer" and row.watches is not None and row.active:
                self.school.world.link(self.people[row.watches], self.people[row.person])
        self._number = 0

    def pushes(self) -> Mapping[str, Callable[[int], Pushed]]:
        """Return every push."""
        return {"a notice": self.notice, "a meeting": self.meeting, "a meeting that moves": self.moved}

    def outside(self) -> str:
        """Return what passed the wire outside bodies, and every subject and title."""
        lines = []
        for call in self.google.seen:
            headers = {name: value for name, value in call.headers.items() if name != "Authorization"}
            lines.append(f"{call.method} {call.path}?{call.query} {headers}")
        for mail in self.school.world.mails:
            # To and From name the two who may know; the rest of a letter's head is for every relay to read.
            lines += [f"{k}: {v}" for k, v in mail.letter.items() if k not in {"To", "From"}]
            lines += [str(part.get_filename()) for part in mail.letter.walk() if part.get_filename()]
        for event in self.school.world.events.values():
            told = {name: value for name, value in event.body.items() if name != "attendees"}
            lines.append(str(told))
        return "\n".join(lines)

    def notice(self, recipient: int) -> Pushed:
        """Send a notice; its body is the one place where the note's words may stand."""
        to, before = self.people[recipient].email, len(self.school.world.mails)
        notice = make_notice(reference=self._mark())
        receipt = deliver(self.school, mail_address(to), notice=notice, text=f"{text_of(notice)} {NOTE}")
        made = self.school.world.mails[before:]
        assert len(made) <= 1
        assert receipt.state is not ReceiptState.SENT or made
        assert receipt.state is not ReceiptState.REFUSED or not made
        return self._pushed(to, frozenset(who for one in made for who in one.seen_by))

    def meeting(self, recipient: int) -> Pushed:
        """Invite somebody."""
        to, desk = self.people[recipient].email, calendar(self.school)
        receipt = desk.invite(invitation(to, key=self._mark()), organizer_id=self.school.teacher_id)
        assert "audience_mismatch" != receipt.reason
        return self._pushed(to, self._event_seen_by(to))

    def moved(self, recipient: int) -> Pushed:
        """Invite somebody, move the meeting, and take it back."""
        to, desk, key = self.people[recipient].email, calendar(self.school), self._mark()
        later = invitation(
            to, key=key, begins_at=BEGIN + timedelta(days=1), ends_at=BEGIN + timedelta(days=1, hours=1)
        )
        desk.invite(invitation(to, key=key), organizer_id=self.school.teacher_id)
        desk.move(later, organizer_id=self.school.teacher_id)
        seen = self._event_seen_by(to)
        desk.cancel(later, organizer_id=self.school.teacher_id)
        return self._pushed(to, seen | self._event_seen_by(to))

    def _event_seen_by(self, guest: str) -> frozenset[str]:
        """Return who sees any event with this guest, and whom the guest sees in it."""
        domain, seen = self.school.world.domain_addresses, set()
        for event in self.school.world.events.values():
            if guest in event.guests:
                seen |= event.seen_by(domain) | event.guests_seen_by(guest)
        return frozenset(seen)

    def _pushed(self, to: str, seen_by: frozenset[str]) -> Pushed:
        return Pushed(allowed=frozenset({to, self.school.teacher.email}), seen_by=seen_by)

    def _mark(self) -> str:
        self._number += 1
        return f"REF{self._number}"


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_no_family_learns_of_another(google: FakeGoogle, watch: Watch, family: str) -> None:
    """Each of the odd families, everybody in turn as the recipient."""
    assert_confidential(GoogleRoad(google, watch, FAMILIES[family]), PEOPLE)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    roster=rosters(),
    recipients=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3),
    fault=st.sampled_from(["", "", "lost", "cut", "503", "rate"]),
)
def test_a_push_is_seen_by_its_recipient_and_its_sender(
    google: FakeGoogle, watch: Watch, roster: Roster, recipients: list[int], fault: str
) -> None:
    """For every roster and every fault: seen-by lies within the allowed two."""
    road = GoogleRoad(google, watch, roster)
    faults: dict[str, Fault] = {
        "lost": lost_after,
        "cut": cut,
        "503": html(503),
        "rate": refuse(429, "RESOURCE_EXHAUSTED"),
    }
    if fault:
        google.fault(*SEND, faults[fault])
        google.fault(*INSERT, faults[fault])

    assert_confidential(road, recipients)


def run_every_call(road: GoogleRoad) -> list[object]:
    """Make every call of ours, in good weather and in bad; return all that a log or a person may see."""
    shown: list[object] = []
    school, google = road.school, road.google
    for number in (0, 1, 2):
        school.math.students.append(road.people[number].id)
        school.world.link(road.people[number], road.people[number + 3])
    source = school.domain_source()
    shown += [repr(source), source.courses().shortfalls]
    for faults in ((), (html(503),) * 4, (refuse(403, "PERMISSION_DENIED", NOTE),)):
        google.fault("GET", "/v1/courses/{courseId}/students", *faults)
        for roster in school.domain_source().rosters([CourseListing(id=school.math.id)]):
            shown += [roster.shortfalls, roster.unread]
    to = road.people[3].email
    for fault in (None, cut, html(503), refuse(400, "INVALID_ARGUMENT", NOTE)):
        if fault is not None:
            google.fault(*SEND, fault)
            google.fault(*INSERT, fault)
        notice, desk = make_notice(), calendar(school)
        words = f"{text_of(notice)} {NOTE}"
        shown.append(deliver(school, mail_address(to), notice=notice, text=words))
        shown.append(desk.invite(invitation(to), organizer_id=school.teacher_id))
        shown.append(desk.look(invitation(to), organizer_id=school.teacher_id))
        shown.append(desk.move(invitation(to), organizer_id=school.teacher_id))
    shown.append(calendar(school).cancel(invitation(to), organizer_id=school.teacher_id))
    consent = Consent(state="s" * 43, verifier="v" * 43)
    scopes = (*GMAIL_SCOPES, *ROSTER_SCOPES, *CALENDAR_SCOPES)
    shown.append(school.oauth.authorise_url(consent, scopes=scopes, hint=school.teacher.id))
    school.oauth.revoke(school.grants.kept[school.teacher_id])
    school.connect(seconds=0)
    google.desk.forget(school.teacher.id)
    try:
        list(school.source(limits=Limits()).rosters([CourseListing(id=school.math.id)]))
    except CallError as error:
        shown += [str(error), repr(error), "".join(traceback.format_exception(error))]
    return shown


def test_nothing_outside_the_bodies_names_anybody(
    google: FakeGoogle, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    """URLs, queries, headers, subjects, titles, file names, our logs, errors and receipts."""
    caplog.set_level(logging.DEBUG)
    road = GoogleRoad(google, watch)
    shown = run_every_call(road)

    ours = "\n".join(one.getMessage() for one in caplog.records if not one.name.startswith("werkzeug"))
    for text in (road.outside(), ours, "\n".join(map(str, shown))):
        assert_tells_nothing(text, more=["mail.example", "Price"])
    assert SUBJECT in road.outside()


def test_no_file_leaves(google: FakeGoogle, watch: Watch) -> None:
    """No letter has an attachment, no event either: there is no file whose name could tell."""
    road = GoogleRoad(google, watch)
    run_every_call(road)

    assert all(not list(mail.letter.iter_attachments()) for mail in road.school.world.mails)
    assert all("attachments" not in one.body for one in road.school.world.events.values())


def test_every_call_that_changes_something_is_a_push_of_the_proof() -> None:
    """A new one must join. (The door's neutral attachment is proved with the door.)"""
    changes = {route for route in ALL_ROUTES if route.method != "GET"}
    proved = {SEND_MESSAGE, *(route for route in CALENDAR_ROUTES if route.method != "GET"), *TOKEN_ROUTES}

    assert changes - set(ADD_ON_ROUTES) == proved
