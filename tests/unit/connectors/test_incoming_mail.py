"""One mail as it comes in: whose it is, what it answers, whether anybody wrote it, what a bounce says."""

from __future__ import annotations

from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mail.bounces import Bounced
from connectors.mail.incoming import LONGEST_TEXT, read_mail
from tests.contract.connectors.imap_server import mail

OURS = "<0123456789abcdef0123456789abcdef@school.example.org>"


def test_an_ordinary_answer() -> None:
    """Its one sender, the mails it names with the nearest first, its text without the quotation."""
    got = read_mail(
        mail(
            "Gracias.\n\nEl mar, 24 nov, la escuela escribió:\n> Ref 7KQ2M4XD",
            answers=OURS,
            References="<a1@x> <b2@x>",
        ).as_bytes()
    )

    assert ("elena@example.org", (OURS, "<b2@x>", "<a1@x>"), "Gracias.") == (
        got.sender,
        got.answers,
        got.text,
    )
    assert (False, 0, None, False) == (got.is_automatic, got.attachments, got.bounced, got.is_cut)
    assert "7KQ2M4XD" in got.whole
    assert "elena" not in repr(got).lower()
    assert "example" not in got.key


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; x=y"},
        {"X_Autoreply": "yes"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"X_Auto_Response_Suppress": "All"},
        {"List_Id": "<news.example>"},
        {"Return_Path": "<>"},
    ],
)
def test_what_nobody_wrote(headers: dict[str, str]) -> None:
    """Holiday answers, lists and machines are known by what they say of themselves."""
    assert read_mail(mail(**headers).as_bytes()).is_automatic


def test_a_mail_that_says_a_person_wrote_it() -> None:
    """`Auto-Submitted: no` is a person's mail."""
    assert not read_mail(mail(Auto_Submitted="no", Precedence="normal").as_bytes()).is_automatic


@pytest.mark.parametrize(
    "sender", ["", "a@example.org, b@example.org", "not an address", "Elena <elena at example.org>"]
)
def test_a_sender_that_is_not_one_plain_address_is_nobody(sender: str) -> None:
    """Then the answer goes to a person."""
    made = mail().as_bytes().replace(b"From: Elena <elena@example.org>", f"From: {sender}".encode())
    assert "" == read_mail(made).sender


def test_attachments_are_counted_and_not_taken() -> None:
    """The text is read, in whichever form it comes; a picture is only counted."""
    made = mail("See the picture.")
    made.add_alternative("<p>See the <b>picture</b>.</p>", subtype="html")
    made.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="maya.png")
    got = read_mail(made.as_bytes())
    only_html = EmailMessage()
    only_html["From"] = "elena@example.org"
    only_html.set_content("<p>Nos vemos</p>", subtype="html")

    assert ("See the picture.", 1) == (got.text, got.attachments)
    assert "Nos vemos" == read_mail(only_html.as_bytes()).text


def test_a_long_answer_is_cut_and_says_so() -> None:
    """A book is no answer; what was read is kept."""
    got = read_mail(mail("word " * 9000).as_bytes())
    assert (LONGEST_TEXT, True) == (len(got.text), got.is_cut)
    assert read_mail(mail().as_bytes(), is_cut=True).is_cut


def test_strange_charsets_and_headers_are_read_as_far_as_they_go() -> None:
    """An unknown charset is read as UTF-8; a broken encoded word stays as it is."""
    raw = (
        b"From: =?utf-8?q?Elena?= <elena@example.org>\r\nAuto-Submitted: =?broken?x?no\r\n"
        b"Content-Type: text/plain; charset=klingon\r\n\r\nGracias \xc3\xb1\r\n"
    )
    got = read_mail(raw)
    assert ("elena@example.org", "Gracias ñ") == (got.sender, got.text)


@given(st.binary(max_size=300))
def test_nothing_that_comes_in_breaks_the_reader(raw: bytes) -> None:
    """Any bytes at all are some mail."""
    assert 40 == len(read_mail(raw).key)
    assert read_mail(raw).key == read_mail(raw).key


def report(action: str, status: str, words: str = "", *, enclosed: str = "headers") -> bytes:
    """Return a delivery status notification as mail servers write it (RFC 3464)."""
    made = MIMEMultipart("report", report_type="delivery-status")
    made["From"] = "Mail Delivery System <MAILER-DAEMON@mx.example.org>"
    made["Message-ID"] = "<dsn1@mx.example.org>"
    made["Auto-Submitted"] = "auto-replied"
    made.attach(MIMEText("Your mail to elena@example.org"))
    fields = (
        "Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; elena@example.org\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {words}\r\n"
    )
    status_part = MIMEApplication(b"")
    status_part.set_type("message/delivery-status")
    made.attach(status_part)
    original = f"From: x@y.example\r\nMessage-ID: {OURS}\r\nSubject: A message\r\n"
    kind = "text/rfc822-headers" if enclosed == "headers" else "message/rfc822"
    text = made.as_bytes().decode()
    boundary = made.get_boundary()
    head, _, _ = text.partition(f"--{boundary}")
    body = (
        f"--{boundary}\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        f"--{boundary}\r\nContent-Type: message/delivery-status\r\n\r\n{fields}\r\n"
        f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n{original}\r\n--{boundary}--\r\n"
    )
    return (head + body).encode()


@pytest.mark.parametrize("enclosed", ["headers", "whole"])
@pytest.mark.parametrize(
    ("action", "status", "words", "expected"),
    [
        ("failed", "5.1.1", "550 5.1.1 user unknown", Bounced.NO_ADDRESS),
        ("failed", "5.1.10", "", Bounced.NO_ADDRESS),
        ("failed", "5.2.2", "552 mailbox full", Bounced.FULL),
        ("failed", "5.0.0", "550 User unknown", Bounced.NO_ADDRESS),
        ("failed", "5.0.0", "552 over quota", Bounced.FULL),
        ("failed", "5.7.1", "blocked", Bounced.REFUSED),
        ("failed", "", "", Bounced.REFUSED),
        ("failed", "4.4.7", "expired", Bounced.REFUSED),
        ("delayed", "4.4.1", "", Bounced.LATER),
    ],
)
def test_what_a_report_says(action: str, status: str, words: str, expected: Bounced, enclosed: str) -> None:
    """No such address, full, still trying, or refused; and which of our mails it speaks of."""
    got = read_mail(report(action, status, words, enclosed=enclosed))

    assert expected is got.bounced
    assert OURS == got.answers[0]


def test_a_report_of_success_is_no_bounce() -> None:
    """Delivered and relayed say nothing that a person must know."""
    got = read_mail(report("delivered", "2.0.0"))
    assert (None, True) == (got.bounced, got.is_automatic)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("550 5.1.1 <elena@example.org>: user unknown", Bounced.NO_ADDRESS),
        ("The email account that you tried to reach does not exist.", Bounced.NO_ADDRESS),
        ("Address not found", Bounced.NO_ADDRESS),
        ("The recipient's mailbox is full", Bounced.FULL),
        ("Delivery delayed. We will keep trying. 4.4.1", Bounced.LATER),
        ("554 5.7.1 rejected", Bounced.REFUSED),
        ("We are sorry.", Bounced.REFUSED),
    ],
)
def test_bounces_that_are_no_reports(text: str, expected: Bounced) -> None:
    """Servers that write plain mails are understood by their words; our Message-ID is found in the text."""
    got = read_mail(mail(f"{text}\n\nMessage-ID: {OURS}", sender="MAILER-DAEMON@mx.example.org").as_bytes())
    assert (expected, True) == (got.bounced, OURS in got.answers)
