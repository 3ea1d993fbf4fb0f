"""Mail over Gmail: out of the sender's own account, to one person, once."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from hashlib import sha256

import pytest

from connectors.google_classroom import GMAIL_SCOPES, ROSTER_SCOPES, GmailChannel, LetterWriter
from connectors.http import Limits
from iepcore.notices import Notice
from iepcore.people import AddressKind, ChannelAddress
from tests.contract.connectors.doers import REFERENCE, SUBJECT, make_notice, text_of
from tests.contract.connectors.google_doers import School
from tests.contract.connectors.google_fake.faults import cut, html, instead, lost_after, refuse, slow
from tests.contract.connectors.google_fake.server import Fault
from tests.contract.connectors.google_post import (
    PARENT,
    accounts,
    deliver,
    letter,
    mail_address,
    outcome,
)

SEND = ("POST", "/gmail/v1/users/{userId}/messages/send")
TOKEN = ("POST", "/token")


def test_a_notice_leaves_as_the_teachers_own_mail(school: School) -> None:
    """To one person, in plain text, with a Message-ID that its reference makes."""
    receipt = deliver(school)

    [mail] = school.world.mails
    mark = sha256(REFERENCE.encode()).hexdigest()[:32]
    assert ("sent", "", False) == outcome(receipt)
    assert f"<{mark}@school.example>" == receipt.platform_id == mail.letter["Message-ID"]
    assert not receipt.audience_verified
    assert (PARENT,) == mail.recipients
    assert school.teacher.email == mail.letter["From"].addresses[0].addr_spec
    assert SUBJECT == mail.letter["Subject"]
    assert text_of(make_notice()).splitlines() == mail.letter.get_content().splitlines()
    assert frozenset({PARENT, school.teacher.email}) == mail.seen_by


def test_the_same_notice_is_the_same_letter(school: School) -> None:
    """Whoever receives it twice in spite of everything can tell."""
    assert deliver(school).platform_id == deliver(school).platform_id


def test_only_sending_is_asked_for() -> None:
    """No reading, no drafts, no whole mailbox."""
    assert ("https://www.googleapis.com/auth/gmail.send",) == GMAIL_SCOPES


def test_what_the_road_promises() -> None:
    """Answers go to the sender's own mailbox, which we cannot read: the notice says so."""
    traits = GmailChannel.traits

    assert AddressKind.MAIL is traits.kind
    assert (False, False, False, True, False) == (
        traits.is_private,
        traits.is_recallable,
        traits.is_idempotent,
        traits.leaves_platform,
        traits.takes_replies,
    )


@pytest.mark.parametrize("state", ["none", "lost", "narrow"])
def test_who_has_not_connected_is_told_to(school: School, state: str) -> None:
    """Nothing leaves; the item waits for the connection."""
    made = accounts(school)
    if state == "none":
        del school.grants.kept[school.teacher_id]
    elif state == "lost":
        school.grants.mark_lost(school.teacher_id)
    else:
        school.connect(scopes=frozenset(ROSTER_SCOPES))
    channel = GmailChannel(made, letter, origin=school.origin)
    notice = make_notice()

    receipt = channel.deliver(notice, text_of(notice), SUBJECT, mail_address(), sender_id=school.teacher_id)

    wanted = "connect_google_again" if state == "lost" else "connect_google"
    assert ("refused", wanted, False) == outcome(receipt)
    assert [] == school.google.seen


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (lost_after, ("unknown", "no_answer", False)),
        (cut, ("unknown", "no_answer", False)),
        (html(503), ("unknown", "server_fault", False)),
        (html(200), ("unknown", "not_json", False)),
        (instead(200, "{}", "application/json"), ("unknown", "answer_form", False)),
        (refuse(429, "RESOURCE_EXHAUSTED"), ("refused", "rate_limited", True)),
        (refuse(400, "INVALID_ARGUMENT"), ("refused", "invalid_argument", False)),
        (refuse(409, "ABORTED"), ("refused", "aborted", False)),
        (refuse(403, "PERMISSION_DENIED"), ("refused", "forbidden_there", False)),
        (instead(302, "", "text/html", {"Location": "/x"}), ("unknown", "redirected", False)),
        (instead(307, "", "text/html", {"Location": "/x"}), ("refused", "redirected", False)),
    ],
    ids=["lost", "cut", "503", "html", "odd", "rate", "400", "aborted", "403", "302", "307"],
)
def test_a_mail_is_never_sent_twice(school: School, fault: Fault, expected: tuple[str, str, bool]) -> None:
    """Asked once whatever comes; what cannot be known is called unknown."""
    school.google.fault(*SEND, fault)

    assert expected == outcome(deliver(school))
    assert 1 == len(school.google.calls(*SEND))


def test_silence_is_unknown(school: School) -> None:
    """After our own time."""
    school.google.fault(*SEND, slow)

    assert ("unknown", "no_answer", False) == outcome(deliver(school, limits=Limits(read_seconds=0.2)))


def test_a_run_out_token_gets_one_fresh_try(school: School) -> None:
    """A 401 was given before anything was done."""
    school.connect()
    for token in school.google.desk.tokens.values():
        token.expires_at = school.watch.at

    assert ("sent", "", False) == outcome(deliver(school))
    assert 1 == len(school.world.mails)


def test_a_consent_taken_back_waits_for_a_new_one(school: School) -> None:
    """Stored as lost; nothing left."""
    school.connect()
    school.google.desk.forget(school.teacher.id)

    assert ("refused", "connect_google_again", False) == outcome(deliver(school))
    assert school.grants.kept[school.teacher_id].is_lost
    assert [] == school.world.mails


@pytest.mark.parametrize("fault", [html(503), cut], ids=["503", "cut"])
def test_a_token_endpoint_that_is_down_means_later(school: School, fault: Fault) -> None:
    """The mail itself never left."""
    school.connect(seconds=0)
    school.google.fault(*TOKEN, fault)

    assert ("refused", "platform_down", True) == outcome(deliver(school))
    assert [] == school.google.calls(*SEND)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"subject": "About the IEP"}, "notice_names_plan"),
        ({"subject": ""}, "subject_form"),
        ({"subject": "one\ntwo"}, "subject_form"),
        ({"subject": "x" * 256}, "subject_form"),
        ({"text": "no mark"}, "reference_missing"),
        ({"notice": make_notice(school_name="Special Education Center")}, "notice_names_plan"),
        ({"to": ChannelAddress(kind=AddressKind.CANVAS, value="7")}, "address_form"),
    ],
)
def test_what_may_not_leave_does_not(school: School, changes: dict[str, object], reason: str) -> None:
    """Refused before Google is asked."""
    assert ("refused", reason, False) == outcome(deliver(school, **changes))  # type: ignore[arg-type]
    assert [] == school.google.seen


def with_copy(name: str) -> LetterWriter:
    """Return a writer of letters that go to somebody else too."""

    def write(notice: Notice, text: str, subject: str, to: str, *, sender: str, at: datetime) -> EmailMessage:
        made = letter(notice, text, subject, to, sender=sender, at=at)
        if name == "To":
            del made["To"]
            made["To"] = f"{to}, other@mail.example"
        elif name == "Another":
            del made["To"]
            made["To"] = "other@mail.example"
        else:
            made[name] = "other@mail.example"
        return made

    return write


@pytest.mark.parametrize("name", ["Cc", "Bcc", "To", "Another", "Resent-To"])
def test_a_letter_to_two_people_cannot_leave(school: School, name: str) -> None:
    """Gmail sends to whomever the headers name; so they are looked at again."""
    receipt = deliver(school, write=with_copy(name))

    assert ("refused", "letter_recipients", False) == outcome(receipt)
    assert [] == school.world.mails


def test_an_account_whose_address_tells_is_refused(school: School) -> None:
    """`iep@...` would tell everybody what the mail is about."""
    school.teacher.email = "iep@school.example"

    assert ("refused", "notice_names_plan", False) == outcome(deliver(school))


def test_a_mail_cannot_be_looked_up(school: School) -> None:
    """We may send, not read."""
    channel = GmailChannel(accounts(school), letter, origin=school.origin)

    receipt = channel.look(REFERENCE, mail_address(), sender_id=school.teacher_id)

    assert ("unknown", "mail_cannot_be_looked_up", False) == outcome(receipt)
    assert [] == school.google.seen
