"""What left the building: raw bytes, mail, the search for names, inspection."""

from __future__ import annotations

import smtplib
import socket
from email.message import EmailMessage

import pytest

from lti_app.sandbox.config import PACKAGED_PEOPLE
from lti_app.sandbox.people import load_people
from lti_app.sandbox.secrets_search import SecretsSearch
from tests.unit.sandbox.parts import Lms

NOTICE = (
    "Cedar Hollow School: Priya Halloran le escribió. No es urgente. 555-0100\n"
    "http://127.0.0.1:8500/n/Zm9v-sky-iep-YmFyMTIzNDU2\n"
)


@pytest.fixture(scope="module")
def search() -> SecretsSearch:
    """The search over the packaged people."""
    return SecretsSearch(load_people(PACKAGED_PEOPLE))


def mail(text: str, **headers: str) -> EmailMessage:
    """A notice by mail."""
    message = EmailMessage()
    fields = {
        "From": "office@example.org",
        "To": "oak.plum45@example.org",
        "Subject": "Un mensaje",
        **headers,
    }
    for name, value in fields.items():
        message[name] = value
    message.set_content(text)
    return message


def send(lms: Lms, message: EmailMessage) -> None:
    """Send by real SMTP."""
    with smtplib.SMTP("127.0.0.1", lms.handle.smtp_port, timeout=5) as line:
        line.send_message(message)


def test_request_is_kept_byte_by_byte(lms: Lms) -> None:
    """Request line, header spelling and order, and body come as sent; only the credential is masked."""
    token = lms.consent()["access_token"]
    body = b"recipients%5B%5D=" + str(lms.user_id("elena")).encode() + b"&body=Hola%21"
    head = (
        f"POST /api/v1/conversations?x=1 HTTP/1.1\r\nHost: localhost\r\nuser-AGENT:  Rapport/0.1\r\n"
        f"authorization: Bearer {token}\r\nX-Odd:a  b\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", lms.handle.port), timeout=5) as line:
        line.sendall(head + body)
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    (delivery,) = lms.inspect("/sandbox/wire")

    assert b"201" in answer.split(b"\r\n")[0]
    masked = head.replace(f"Bearer {token}".encode(), "Bearer …".encode())
    assert (masked + body).hex() == delivery["raw_hex"]
    assert token not in delivery["raw"]
    assert ("lms", f"inbox of user {lms.user_id('elena')}") == (delivery["channel"], delivery["receiver"])


def test_mail_is_kept_byte_by_byte(lms: Lms) -> None:
    """The bytes of a mail, its envelope and its decoded text can be looked at; the wire lists it, too."""
    send(lms, mail("Grüße.\n.\nEnde\n", To="oak.plum45@example.org"))
    (kept,) = lms.inspect("/sandbox/mail")
    (delivery,) = lms.inspect("/sandbox/wire")

    assert (["oak.plum45@example.org"], "Un mensaje") == (kept["to"], kept["subject"])
    assert "Grüße.\n.\nEnde" == kept["text"].strip()
    assert kept["raw"] == delivery["raw"]
    assert ("mail", "oak.plum45@example.org") == (delivery["channel"], delivery["receiver"])
    assert "oak.plum45@example.org" in lms.get("/mailbox").text


def test_inspection_needs_the_key(lms: Lms) -> None:
    """Without the key of this run every inspection route is forbidden."""
    paths = ["/sandbox/wire", "/sandbox/mail", "/sandbox/conversations", "/sandbox/faults"]

    assert {403} == {lms.get(path, headers={"X-Sandbox-Key": "guess"}).status_code for path in paths}
    assert {403} == {lms.post(path).status_code for path in ("/sandbox/reset", "/sandbox/faults")}


def test_reset_forgets_and_mends(lms: Lms) -> None:
    """After a reset nothing was delivered and nothing is broken; consents stay good."""
    token = lms.consent()["access_token"]
    lms.send(token, lms.user_id("elena"))
    send(lms, mail("x"))
    lms.fault(mode="down")
    lms.post("/sandbox/reset", headers={"X-Sandbox-Key": lms.handle.admin_key}).raise_for_status()

    assert [[], [], []] == [lms.inspect(f"/sandbox/{what}") for what in ("wire", "mail", "conversations")]
    assert "ok" == lms.inspect("/sandbox/faults")["mode"]
    assert 200 == lms.api("GET", "/users/self", token).status_code


def test_content_free_notice_has_nothing_in_it(search: SecretsSearch) -> None:
    """School, sender, number and a link whose random code spells words by chance are no secret."""
    assert [] == search.find(mail(NOTICE).as_bytes())
    assert [] == search.find(b"POST /api/v1/conversations HTTP/1.1\r\n\r\nbody=" + NOTICE.encode())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Lucía did well", ["Lucía"]),
        ("lucia did well", ["Lucia"]),
        ("For MAYA.", ["Maya"]),
        ("Dear Elena,", ["Elena"]),
        ("the Ortega family", ["Ortega"]),
        ("her IEP_2026 is ready", ["IEP"]),
        ("a new goal", ["goal"]),
        ("آموزش خاص", ["آموزش خاص"]),
        ("M\u200bay\u2068a, ＧＯＡＬ", ["Maya", "goal"]),
        ("Plain words: planet, goalkeeper, skyline", []),
    ],
)
def test_names_and_plan_words_are_found(search: SecretsSearch, text: str, words: list[str]) -> None:
    """Whole words in any case, with and without accents, in mail of any encoding and in form bodies."""
    quoted = mail(text)
    coded = mail(text)
    coded.replace_header("Content-Transfer-Encoding", coded["Content-Transfer-Encoding"])
    coded.set_content(text, cte="base64")

    for raw in (text.encode(), quoted.as_bytes(), coded.as_bytes()):
        assert words == [finding.word for finding in search.find(raw)]


def test_subject_is_read_decoded(search: SecretsSearch) -> None:
    """An encoded header hides nothing."""
    raw = mail("x", Subject="Sobre Lucía").as_bytes()

    assert b"Luc=C3=ADa" in raw
    assert ["Lucía"] == [finding.word for finding in search.find(raw)]


def test_form_encoding_hides_nothing(search: SecretsSearch) -> None:
    """Percent signs and plus signs are undone before the search."""
    assert ["special education"] == [f.word for f in search.find(b"body=about+special%20education")]
