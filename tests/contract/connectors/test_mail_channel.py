"""The mail channel against a real SMTP server: one plain mail to one person, and an honest receipt."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest

from iepcore.people import AddressKind, ChannelAddress
from tests.contract.connectors.doers import SUBJECT, Watch, canvas_address, make_notice, text_of
from tests.contract.connectors.mail_server import Mailbox, serving
from tests.contract.connectors.post import FROM, PARENT, TEACHER_ID, Post, outcome


@pytest.fixture
def mailbox() -> Mailbox:
    """Return an empty mailbox that behaves."""
    return Mailbox()


@pytest.fixture
def post(mailbox: Mailbox, watch: Watch) -> Iterator[Post]:
    """Return the channel in front of a server on loopback."""
    with serving(mailbox) as port:
        yield Post(port, watch)


def test_one_plain_mail_reaches_one_person(post: Post, mailbox: Mailbox) -> None:
    """Plain text in UTF-8, one recipient in the envelope and in the header, nothing hidden."""
    notice = make_notice(school_name="Escuela Niños del Norte")
    text = text_of(notice) + "\n.\n..\n.begins with a dot\nسلام، پیام نو است"

    receipt = post.deliver(notice=notice, text=text)

    [got] = mailbox.kept
    mail = got.message
    assert ("sent", "", False) == outcome(receipt)
    assert (FROM, (PARENT,)) == (got.sender, got.recipients)
    assert text + "\n" == mail.get_content().replace("\r\n", "\n")
    assert "text/plain" == mail.get_content_type()
    assert not mail.is_multipart()
    assert f"Escuela Niños del Norte <{FROM}>" == str(mail["From"])
    assert (PARENT, SUBJECT) == (mail["To"], mail["Subject"])
    assert "auto-generated" == mail["Auto-Submitted"]
    assert "Thu, 01 Oct 2026 15:00:00 +0000" == mail["Date"]
    assert mail["Message-ID"] == receipt.platform_id
    assert {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Content-Type",
        "MIME-Version",
    } >= (set(mail.keys()) - {"Content-Transfer-Encoding"})
    assert got.raw.isascii()
    assert "northside.example" == got.greeting


def test_a_repeated_notice_is_the_same_mail(post: Post, mailbox: Mailbox) -> None:
    """The Message-ID comes from the reference; another reference is another mail."""
    for reference in ("7F3K2Q", "7F3K2Q", "7f3k2q"):
        post.deliver(notice=make_notice(reference=reference))

    first, second, third = (got.message["Message-ID"] for got in mailbox.kept)
    assert first == second != third
    assert re.fullmatch(r"<[0-9a-f]{32}@northside\.example>", first)


def test_nothing_in_the_mail_follows_the_reader(post: Post, mailbox: Mailbox) -> None:
    """No picture, no markup, no link but ours."""
    post.deliver()

    text = mailbox.kept[0].message.get_content()
    assert {make_notice().link} == set(re.findall(r"https?://\S+", text))
    assert "<" not in text


@pytest.mark.parametrize(
    "school", ["Northside\r\nBcc: all@x.example", "A\nB", "A\u2028B", 'Quo"te <x@y.example>']
)
def test_a_header_cannot_be_added(post: Post, mailbox: Mailbox, school: str) -> None:
    """Line ends in names become spaces."""
    post.deliver(notice=make_notice(school_name=school), subject=f"Hello {school}", text="Ref 7F3K2Q")

    [got] = mailbox.kept
    assert (PARENT,) == got.recipients
    assert FROM == got.message["From"].addresses[0].addr_spec
    assert 1 == len(got.message["From"].addresses)
    assert got.message["Bcc"] is None
    assert [] == got.message.defects


@pytest.mark.parametrize(
    "to",
    ["a,b@c.example", "Casey<a@b.example>", "a;b@x.example", '"a"@x.example', "ñ@x.example", "a@", "a..b@x"],
)
def test_one_address_is_one_address(post: Post, mailbox: Mailbox, to: str) -> None:
    """Anything that needs quoting, or could be two, is refused before anything leaves."""
    assert ("refused", "address_form", False) == outcome(post.deliver(to))
    assert [] == mailbox.kept


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "no mark"}, "reference_missing"),
        ({"subject": " "}, "subject_form"),
        ({"subject": "x" * 256}, "subject_form"),
        ({"subject": "IEP meeting"}, "notice_names_plan"),
    ],
)
def test_words_that_may_not_leave_do_not(
    post: Post, mailbox: Mailbox, changes: dict[str, str], reason: str
) -> None:
    """The last lock on the door."""
    assert ("refused", reason, False) == outcome(post.deliver(**changes))  # type: ignore[arg-type]
    assert [] == mailbox.kept


def test_a_school_name_that_tells_stays_inside(post: Post) -> None:
    """It would stand in the From line."""
    notice = make_notice(school_name="Special Education Office")

    assert ("refused", "notice_names_plan", False) == outcome(post.deliver(notice=notice))


def test_a_canvas_address_is_not_for_this_road(post: Post) -> None:
    """The wrong kind of address."""
    receipt = post.channel.deliver(
        make_notice(), "7F3K2Q", SUBJECT, canvas_address(2001), sender_id=TEACHER_ID
    )

    assert ("refused", "address_form", False) == outcome(receipt)


@pytest.mark.parametrize(
    ("step", "answer", "expected", "kept"),
    [
        ("mail", "451 later", ("refused", "mail_later", True), 0),
        ("mail", "550 not you", ("refused", "mail_sender_refused", False), 0),
        ("mail", "hang up", ("refused", "mail_down", True), 0),
        ("rcpt", "450 busy", ("refused", "mail_later", True), 0),
        ("rcpt", "550 casey.smith unknown", ("refused", "mail_recipient_refused", False), 0),
        ("rcpt", "hang up", ("refused", "mail_down", True), 0),
        ("data_command", "452 full", ("refused", "mail_later", True), 0),
        ("data_command", "554 no", ("refused", "mail_refused", False), 0),
        ("data_command", "hang up", ("refused", "mail_down", True), 0),
        ("data_end", "451 grey", ("refused", "mail_later", True), 0),
        ("data_end", "554 spam", ("refused", "mail_refused", False), 0),
        ("data_end", "hang up", ("unknown", "no_answer", False), 1),
        ("data_end", "354 what", ("unknown", "protocol_fault", False), 1),
    ],
)
def test_every_refusal_has_its_receipt(
    post: Post, mailbox: Mailbox, step: str, answer: str, expected: tuple[str, str, bool], kept: int
) -> None:
    """Before the text: refused, 4xx to be tried later. After it: what the server says, or unknown."""
    setattr(mailbox, step, answer)

    assert expected == outcome(post.deliver())
    assert kept == len(mailbox.kept)


def test_a_mail_cannot_be_looked_up(post: Post) -> None:
    """And it says so."""
    address = ChannelAddress(kind=AddressKind.MAIL, value=PARENT)

    receipt = post.channel.look("7F3K2Q", address, sender_id=TEACHER_ID)
    assert ("unknown", "mail_cannot_be_looked_up", False) == outcome(receipt)


def test_no_log_and_no_receipt_names_anybody(
    post: Post, mailbox: Mailbox, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """In fair weather and foul: no address, no words, no answer of the server."""
    caplog.set_level(logging.DEBUG)
    receipts = [post.deliver()]
    mailbox.rcpt = "550 casey.smith@mail.example unknown"
    receipts.append(post.deliver())

    ours = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith(("mail.log", "asyncio")))
    printed = capsys.readouterr()
    for text in (ours, repr(receipts), printed.out, printed.err):
        assert "casey" not in text.lower()
        assert "7F3K2Q" not in text
