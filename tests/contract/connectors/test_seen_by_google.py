"""The confidentiality proof for Google: whoever is on the roster, a push is seen by its one guest and its
sender; nothing outside the bodies holds a name, a note's words or a word about a plan."""

from __future__ import annotations

import logging
import re
import traceback
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.google_classroom import GMAIL_SCOPES, Consent
from connectors.http import Limits
from connectors.http.errors import CallError
from iepcore.notices import PLAN_WORDS, ReceiptState
from iepcore.people import CourseListing
from tests.contract.connectors.doers import SUBJECT, Watch, make_notice, text_of
from tests.contract.connectors.google_doers import School
from tests.contract.connectors.google_fake import FakeGoogle
from tests.contract.connectors.google_fake.faults import cut, html, lost_after, refuse
from tests.contract.connectors.google_fake.world import Person
from tests.contract.connectors.google_post import BEGIN, calendar, deliver, invitation, mail_address

SECRET = "Zoraya reads 42 words"
NAMES = [f"Given{n} Family{n % 5}" for n in range(9)]


@dataclass(frozen=True)
class Drawn:
    """A roster: per course who learns and who teaches, and who is whose guardian; people by number."""

    learn: tuple[frozenset[int], ...]
    teach: tuple[frozenset[int], ...]
    links: frozenset[tuple[int, int]]


@st.composite
def rosters(draw: st.DrawFn) -> Drawn:
    """Draw up to three courses.

    Siblings, a guardian of two and of none, a teacher who is a parent too, an older sibling who is somebody's
    guardian, two courses with the same people: all of them come out of these.
    """
    some = st.frozensets(st.integers(0, len(NAMES) - 1), max_size=5)
    pair = st.tuples(st.integers(0, len(NAMES) - 1), st.integers(0, len(NAMES) - 1))
    courses = draw(st.integers(1, 3))
    return Drawn(
        learn=tuple(draw(some) for _ in range(courses)),
        teach=tuple(draw(some) for _ in range(courses)),
        links=draw(st.frozensets(pair, max_size=6)),
    )


def build(school: School, drawn: Drawn) -> list[Person]:
    """Make the drawn roster in the fake's world; return its people."""
    people = [school.world.person(name, f"p{number}@mail.example") for number, name in enumerate(NAMES)]
    for learn, teach in zip(drawn.learn, drawn.teach, strict=True):
        course = school.course("Class", teachers=[school.teacher])
        course.students += [people[one].id for one in sorted(learn)]
        course.teachers += [people[one].id for one in sorted(teach)]
    for student, guardian in sorted(drawn.links):
        school.world.link(people[student], people[guardian])
    return people


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    drawn=rosters(),
    recipients=st.lists(st.integers(0, len(NAMES) - 1), min_size=1, max_size=3),
    fault=st.sampled_from([None, None, lost_after, cut, html(503), refuse(429, "RESOURCE_EXHAUSTED")]),
)
def test_a_push_is_seen_by_its_recipient_and_its_sender(
    google: FakeGoogle, watch: Watch, drawn: Drawn, recipients: list[int], fault: object
) -> None:
    """For every roster and every fault: seen-by lies within the allowed two, mail and meeting alike."""
    google.world.__init__()  # type: ignore[misc]
    google.seen.clear()
    school = School(google, watch)
    people = build(school, drawn)
    if fault is not None:
        google.fault("POST", "/gmail/v1/users/{userId}/messages/send", fault)  # type: ignore[arg-type]
        google.fault("POST", "/calendar/v3/calendars/{calendarId}/events", fault)  # type: ignore[arg-type]

    for number, chosen in enumerate(recipients):
        to = people[chosen].email
        allowed = {school.teacher.email, to}
        mails, events = len(school.world.mails), len(school.world.events)
        receipt = deliver(school, mail_address(to), notice=make_notice(reference=f"REF{number}"))
        made = calendar(school).invite(
            invitation(
                to,
                key=f"meeting{number}",
                begins_at=BEGIN + timedelta(hours=number),
                ends_at=BEGIN + timedelta(hours=number + 1),
            ),
            organizer_id=school.teacher_id,
        )
        new_mails = school.world.mails[mails:]
        new_events = list(school.world.events.values())[events:]
        assert all(set(one.seen_by) <= allowed for one in new_mails)
        assert all(set(one.seen_by(school.world.domain_addresses)) <= allowed for one in new_events)
        assert all(one.guests_seen_by(to) <= {to} for one in new_events)
        assert len(new_mails) <= 1
        assert len(new_events) <= 1
        if receipt.state is ReceiptState.SENT:
            assert [allowed] == [set(one.seen_by) for one in new_mails]
        if receipt.state is ReceiptState.REFUSED:
            assert [] == new_mails
        if made.state is ReceiptState.SENT:
            assert 1 == len(new_events)
        assert ("audience_mismatch" == made.reason) is False
    google.fault("POST", "/gmail/v1/users/{userId}/messages/send")
    google._faults.clear()


def run_every_call(school: School) -> list[object]:
    """Make every call of ours, in good weather and in bad; return all that a log or a person may see."""
    shown: list[object] = []
    pupils = school.enrol(school.math, 3)
    for number, pupil in enumerate(pupils):
        pupil.name = f"{NAMES[number]}"
        school.world.link(pupil, school.world.person(NAMES[number + 3], f"q{number}@mail.example"))
    source = school.domain_source()
    shown += [repr(source), source.courses().shortfalls]
    for faults in ((), (html(503),) * 4, (refuse(403, "PERMISSION_DENIED", SECRET),)):
        school.google.fault("GET", "/v1/courses/{courseId}/students", *faults)
        for roster in school.domain_source().rosters([CourseListing(id=school.math.id)]):
            shown += [roster.shortfalls, roster.unread]
    secret = make_notice()
    words = f"{text_of(secret)} {SECRET}"
    for fault in (None, cut, html(503), refuse(400, "INVALID_ARGUMENT", SECRET)):
        if fault is not None:
            school.google.fault("POST", "/gmail/v1/users/{userId}/messages/send", fault)
            school.google.fault("POST", "/calendar/v3/calendars/{calendarId}/events", fault)
        shown.append(deliver(school, mail_address("q0@mail.example"), notice=secret, text=words))
        desk = calendar(school)
        shown.append(desk.invite(invitation("q0@mail.example"), organizer_id=school.teacher_id))
        shown.append(desk.look(invitation("q0@mail.example"), organizer_id=school.teacher_id))
    shown.append(desk.move(invitation("q0@mail.example"), organizer_id=school.teacher_id))
    shown.append(desk.cancel(invitation("q0@mail.example"), organizer_id=school.teacher_id))
    consent = Consent(state="s" * 43, verifier="v" * 43)
    shown.append(school.oauth.authorise_url(consent, scopes=GMAIL_SCOPES, hint=school.teacher.id))
    school.google.desk.forget(school.teacher.id)
    try:
        school.connect(seconds=0)
        school.google.desk.forget(school.teacher.id)
        list(school.source(limits=Limits()).rosters([CourseListing(id=school.math.id)]))
    except CallError as error:
        shown += [str(error), repr(error), "".join(traceback.format_exception(error))]
    return shown


def outside(school: School) -> str:
    """Return what passed the wire outside bodies, and every subject and title."""
    lines = []
    for call in school.google.seen:
        headers = {name: value for name, value in call.headers.items() if name != "Authorization"}
        lines.append(f"{call.method} {call.path}?{call.query} {headers}")
    for mail in school.world.mails:
        # To and From name the two who may know; everything else of a letter's head is for every relay.
        lines += [f"{k}: {v}" for k, v in mail.letter.items() if k not in {"To", "From"}]
    lines += [f"{one.body.get('summary')} {one.body.get('location')}" for one in school.world.events.values()]
    return "\n".join(lines)


def assert_clean(text: str, school: School) -> None:
    """Fail when a name of the class, a word of the note or a word about a plan stands in the text."""
    names = {
        part for one in school.world.people.values() if one is not school.teacher for part in one.name.split()
    }
    for word in [*names - {"Price", "Robin"}, SECRET, *SECRET.split(), *PLAN_WORDS, "mail.example"]:
        found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
        assert found is None, word


def test_nothing_outside_the_bodies_names_anybody(school: School, caplog: pytest.LogCaptureFixture) -> None:
    """URLs, queries, headers, subjects, titles, file names, our logs, errors and receipts."""
    caplog.set_level(logging.DEBUG)
    shown = run_every_call(school)

    ours = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("werkzeug"))
    receipts = "\n".join(map(str, shown))
    assert len(school.google.seen) > 20
    assert_clean(outside(school), school)
    assert_clean(ours, school)
    assert_clean(receipts, school)
    assert SUBJECT in outside(school)


def test_no_file_leaves(school: School) -> None:
    """No letter has an attachment, no event either: there is no file whose name could tell."""
    run_every_call(school)

    assert all(not list(mail.letter.iter_attachments()) for mail in school.world.mails)
    assert all("attachments" not in one.body for one in school.world.events.values())
