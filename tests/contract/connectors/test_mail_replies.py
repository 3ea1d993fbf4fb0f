"""Answers by mail, against a real IMAP server: tied to their notice, read once, lost never, marked never."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.mail import Inbox, InboxError, InboxSettings, MailReplies, MailSecurity
from connectors.mail.inbox import LARGEST_READ
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, OutboxId, new_uuid7
from iepcore.notices import IncomingReply, ReplyKind, SentNotice
from iepcore.people import AddressKind, ChannelAddress
from tests.contract.connectors.imap_server import Box, imap_server, mail
from tests.contract.connectors.mail_server import make_certificate
from tests.unit.connectors.test_incoming_mail import OURS, report

NOW = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
SENT = SentNotice(
    item_id=OutboxId(new_uuid7()),
    sender_id=AdultId(new_uuid7()),
    recipient=ChannelAddress(kind=AddressKind.MAIL, value="elena@example.org"),
    reference="7KQ2M4XD",
    sent_at=NOW,
    platform_id=OURS,
)
OTHER = replace(
    SENT, item_id=OutboxId(new_uuid7()), reference="ZZZZ2345", platform_id="<other@school.example>"
)


@pytest.fixture
def box() -> Iterator[Box]:
    """A mailbox on this machine."""
    with imap_server(Box()) as served:
        yield served


def inbox(box: Box, **changes: object) -> Inbox:
    """Our side in front of it."""
    values: dict[str, object] = {
        "host": "localhost",
        "port": box.port,
        "user": "notices",
        "password": "right",
        "security": MailSecurity.NONE,
    }
    return Inbox(InboxSettings(**(values | changes)))  # type: ignore[arg-type]


def fetch(source: MailReplies, *sent: SentNotice, days: int = 3) -> list[IncomingReply]:
    """Read everything there is."""
    return list(source.replies(since=NOW - timedelta(days=days), sent=sent or (SENT, OTHER)))


def test_an_answer_is_tied_by_our_message_id(box: Box) -> None:
    """In-Reply-To, else References, else the printed reference; the time is the server's."""
    box.put(mail("One", answers=OURS))
    box.put(mail("Two", References=f"<first@x> {OURS}"))
    box.put(mail("Three\n\n> Ref ZZZZ2345"))
    box.put(mail("Four, Ref ZZZZ2345 and Ref 7KQ2M4XD"))
    box.put(mail("Five"))
    got = fetch(MailReplies(inbox(box)))

    assert ["One", "Two", "Three", "Four, Ref ZZZZ2345 and Ref 7KQ2M4XD", "Five"] == [one.text for one in got]
    assert [SENT.item_id, SENT.item_id, OTHER.item_id, None, None] == [one.item_id for one in got]
    assert {("elena@example.org", NOW)} == {(one.sender.value, one.received_at) for one in got}
    assert 5 == len({one.platform_id for one in got})


def test_the_mailbox_is_left_as_it_was(box: Box) -> None:
    """Opened to be examined, fetched with a peek: nothing is marked, moved or deleted."""
    box.put(mail())
    fetch(MailReplies(inbox(box)))

    assert any(one.startswith("EXAMINE") for one in box.commands)
    assert all("PEEK" in one for one in box.commands if one.startswith("UID FETCH"))
    assert not any(one.startswith(("SELECT", "STORE", "UID STORE", "EXPUNGE")) for one in box.commands)


def test_what_was_taken_is_not_fetched_again_and_what_was_not_is(box: Box) -> None:
    """A taker that fails in the middle gets that mail and all later ones next time, and none before it."""
    first, second, third = (box.put(mail(text, answers=OURS)) for text in ("One", "Two", "Three"))
    source = MailReplies(inbox(box))
    reading = source.replies(since=NOW - timedelta(days=1), sent=[SENT])
    assert ["One", "Two"] == [next(reading).text, next(reading).text]
    reading.close()  # type: ignore[attr-defined]

    assert ["Two", "Three"] == [one.text for one in fetch(source)]
    assert [] == fetch(source)
    assert [first, second, second, third] == box.fetched()


def test_a_mailbox_that_was_made_anew_is_read_anew(box: Box) -> None:
    """Another UIDVALIDITY means that numbers mean other mails."""
    box.put(mail(answers=OURS))
    source = MailReplies(inbox(box))
    fetch(source)
    box.validity += 1

    assert 1 == len(fetch(source))


def test_a_line_that_breaks_in_the_middle_loses_nothing(box: Box) -> None:
    """What was read stays good; the rest comes next time, nothing twice."""
    for text in ("One", "Two", "Three"):
        box.put(mail(text, answers=OURS))
    box.hang_up_after = 1
    source = MailReplies(inbox(box))
    reading = source.replies(since=NOW - timedelta(days=1), sent=[SENT])
    got = [next(reading).text]
    with pytest.raises(InboxError, match="mail_inbox_down"):
        next(reading)
    box.hang_up_after = -1
    got += [one.text for one in fetch(source)]

    assert ["One", "Two", "Three"] == got


def test_old_mails_are_left_alone(box: Box) -> None:
    """Only what came since is fetched; a mail taken away between search and fetch is no failure."""
    box.put(mail("Long ago"), NOW - timedelta(days=9))
    box.gone = frozenset({box.put(mail("Taken away"))})
    box.put(mail("Here", answers=OURS))

    assert ["Here"] == [one.text for one in fetch(MailReplies(inbox(box)))]


def test_bounces_and_holiday_answers_are_told_apart(box: Box) -> None:
    """A bounce carries its code and its notice; a machine's mail carries no words."""
    box.put(report("failed", "5.2.2"))
    box.put(mail("I am away", answers=OURS, Auto_Submitted="auto-replied"))
    bounce, away = fetch(MailReplies(inbox(box)))

    assert (ReplyKind.BOUNCE, "mailbox_full", SENT.item_id, "") == (
        bounce.kind,
        bounce.code,
        bounce.item_id,
        bounce.text,
    )
    assert (ReplyKind.AUTOMATIC, "", SENT.item_id) == (away.kind, away.text, away.item_id)


def test_attachments_and_endless_mails_are_told(box: Box) -> None:
    """A picture is not taken; a mail larger than the limit is read as far as the limit."""
    picture = mail("See", answers=OURS)
    picture.add_attachment(b"x" * (LARGEST_READ + 9), maintype="image", subtype="png", filename="a.png")
    box.put(picture)
    box.put(mail("word " * 300_000, answers=OURS))
    first, second = fetch(MailReplies(inbox(box)))

    assert ("See", "attachments_left") == (first.text, first.code)
    assert ("text_cut", 20_000) == (second.code, len(second.text))


def test_a_sender_who_is_not_named_is_nobody(box: Box) -> None:
    """Then no address fits, and a person decides."""
    box.put(mail(answers=OURS, sender="a@example.org, b@example.org"))
    assert "unknown@invalid" == fetch(MailReplies(inbox(box)))[0].sender.value


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ({"password": "other"}, "mail_inbox_login"),
        ({"folders": frozenset()}, "mail_inbox_folder"),
        ({"broken_search": True}, "mail_inbox_down"),
        ({"odd_date": True}, "mail_inbox_down"),
    ],
)
def test_what_is_wrong_is_told_by_a_code(
    box: Box, behaviour: dict[str, object], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    """No word of the server travels on: it repeats addresses."""
    box.put(mail(answers=OURS))
    for name, value in behaviour.items():
        setattr(box, name, value)
    with caplog.at_level(logging.DEBUG), pytest.raises(InboxError) as problem:
        fetch(MailReplies(inbox(box)))

    assert code == problem.value.code
    assert problem.value.__cause__ is None
    assert "example.org" not in repr(problem.value) + str(problem.value) + caplog.text


def test_a_server_that_is_not_there(box: Box) -> None:
    """Nobody listens: down, and tried again later."""
    with pytest.raises(InboxError, match="mail_inbox_down"):
        fetch(MailReplies(inbox(box, port=1, connect_seconds=2.0)))


@pytest.mark.parametrize("upgraded", [True, False])
def test_the_way_is_encrypted(tmp_path: Path, upgraded: bool) -> None:
    """From the first byte, or upgraded before the password; a certificate of another is refused."""
    chain, theirs = make_certificate(tmp_path)
    settings = {"security": MailSecurity.STARTTLS if upgraded else MailSecurity.TLS}
    box = Box(tls=theirs if upgraded else None)
    with imap_server(box, tls=None if upgraded else theirs):
        box.put(mail("Hello", answers=OURS))
        trusting = inbox(box, **settings)
        trusting._tls = lambda: ssl.create_default_context(cafile=str(chain))
        assert ["Hello"] == [one.text for one in fetch(MailReplies(trusting))]
        with pytest.raises(InboxError, match="mail_inbox_security"):
            fetch(MailReplies(inbox(box, **settings)))
    assert "LOGIN" in box.commands


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"host": "mail.example.org", "security": MailSecurity.NONE}, "mail_insecure"),
        ({"host": ""}, "mail_server_form"),
        ({"user": ""}, "mail_server_form"),
        ({"port": 0}, "mail_server_form"),
        ({"folder": 'IN"BOX'}, "mail_server_form"),
    ],
)
def test_a_password_does_not_cross_a_network_in_the_open(changes: dict[str, object], code: str) -> None:
    """Plain IMAP is for this machine only; what is no server or folder is refused when it is read."""
    values: dict[str, object] = {"host": "localhost", "user": "u", "password": "secret"}
    with pytest.raises(InvalidValue, match=code):
        InboxSettings(**(values | changes))  # type: ignore[arg-type]
    assert "secret" not in repr(InboxSettings(**values))  # type: ignore[arg-type]
