"""The confidentiality proof for mail and text messages: one recipient each, nothing told outside the body."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.mail import MailSecurity, MailSettings, SmtpChannel
from connectors.mail.conversation import hand_over
from connectors.mail.invitation import Invitation, add_invitation
from connectors.mail.letter import write_letter
from connectors.sms import SmsChannel, SmsSettings
from iepcore.caseload.noticing import notice_subject, notice_text, words_for
from iepcore.ids import AdultId, new_uuid7
from iepcore.notices import Notice, ReceiptState
from iepcore.people import AddressKind, ChannelAddress
from tests.contract.connectors.doers import make_notice
from tests.contract.connectors.mail_server import Got, Mailbox, serving
from tests.contract.connectors.seen_by import NAMES, PEOPLE, Pushed, assert_confidential

NOW = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
ME = AdultId(new_uuid7())


def mail_of(person: int) -> str:
    """An address as families have them: it does hold a name, and belongs to the one who reads it."""
    return f"p{person}@mail.example"


def number_of(person: int) -> str:
    """A telephone number."""
    return f"+1504555{person:04}"


@dataclass
class MailRoad:
    """Mail over a real server: who can see it is whom the envelope and the headers name."""

    box: Mailbox
    port: int
    said: list[str] = field(default_factory=list)

    def pushes(self) -> Mapping[str, Callable[[int], Pushed]]:
        return {"notice": self._notice, "invitation": self._invitation}

    def outside(self) -> str:
        heads = [got.raw.split(b"\r\n\r\n")[0].decode() for got in self.box.kept]
        names = [str(part.get_filename()) for got in self.box.kept for part in got.message.walk()]
        calendars = [
            str(part.get_payload(decode=True))
            for got in self.box.kept
            for part in got.message.walk()
            if part.get_content_type() == "text/calendar"
        ]
        return "\n".join([*heads, *names, *calendars, *(got.greeting for got in self.box.kept)])

    def _settings(self) -> MailSettings:
        return MailSettings(
            host="localhost",
            port=self.port,
            from_address="messages@northside.example",
            security=MailSecurity.NONE,
        )

    def _notice(self, person: int) -> Pushed:
        notice = _notice()
        to = ChannelAddress(kind=AddressKind.MAIL, value=mail_of(person))
        channel = SmtpChannel(self._settings(), now=lambda: NOW)
        done = channel.deliver(notice, notice_text(notice), notice_subject(notice), to, sender_id=ME)
        assert ReceiptState.SENT is done.state
        return self._seen(person)

    def _invitation(self, person: int) -> Pushed:
        notice, settings = _notice(), self._settings()
        letter = write_letter(
            notice, notice_text(notice), notice_subject(notice), mail_of(person), settings=settings, at=NOW
        )
        made = Invitation(
            meeting_id=uuid4(),
            guest_id=uuid4(),
            guest=mail_of(person),
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
        )
        add_invitation(letter, made, settings=settings, school=notice.school_name)
        hand_over(settings, mail_of(person), letter.as_bytes(), tls=lambda: pytest.fail("no TLS here"))
        return self._seen(person)

    def _seen(self, person: int) -> Pushed:
        got: Got = self.box.kept[-1]
        named = {
            one.addr_spec
            for header in ("To", "Cc", "Bcc", "Reply-To")
            if got.message[header] is not None
            for one in got.message[header].addresses
        }
        return Pushed(
            allowed=frozenset({mail_of(person)}), seen_by=frozenset(got.recipients) | frozenset(named)
        )


@dataclass
class SmsRoad:
    """Text messages over a real HTTP server: who can see one is whom the call names."""

    server: HTTPServer
    calls: list[Request] = field(default_factory=list)

    def pushes(self) -> Mapping[str, Callable[[int], Pushed]]:
        return {"notice": self._notice}

    def outside(self) -> str:
        return "\n".join(f"{one.url}\n{one.headers}" for one in self.calls)

    def _notice(self, person: int) -> Pushed:
        settings = SmsSettings(endpoint=self.server.url_for("/send"), body='{"to": "{to}", "text": "{text}"}')
        notice = _notice()
        to = ChannelAddress(kind=AddressKind.SMS, value=number_of(person))
        done = SmsChannel(settings).deliver(notice, words_for(AddressKind.SMS, notice), "", to, sender_id=ME)
        assert ReceiptState.SENT is done.state
        sent = json.loads(self.calls[-1].get_data())["to"]
        return Pushed(
            allowed=frozenset({number_of(person)}),
            seen_by=frozenset(sent if isinstance(sent, list) else [sent]),
        )


def _notice() -> Notice:
    return make_notice(sender_name="Jordan Lee", reference="7KQ2M4XD")


@pytest.fixture
def sms_road() -> Iterator[SmsRoad]:
    """A provider that takes everything and keeps the calls."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        made = SmsRoad(server)

        def take(request: Request) -> Response:
            request.get_data()
            made.calls.append(request)
            return Response("{}")

        server.expect_request("/send").respond_with_handler(take)
        yield made


def test_a_mail_is_seen_by_its_one_reader(caplog: pytest.LogCaptureFixture) -> None:
    """Notice and invitation, to everybody there is: envelope and headers name one, headers tell nothing."""
    box = Mailbox()
    with serving(box) as port, caplog.at_level(logging.DEBUG):
        road = MailRoad(box, port)
        assert_confidential(road, PEOPLE)

    assert 2 * len(PEOPLE) == len(box.kept)
    ours = " ".join(
        one.getMessage() for one in caplog.records if one.name.startswith(("connectors", "lti_app"))
    )
    assert "@" not in ours
    assert not any(name.split()[1] in ours for name in NAMES)


def test_a_text_message_is_seen_by_its_one_number(
    sms_road: SmsRoad, caplog: pytest.LogCaptureFixture
) -> None:
    """One number in each call, none in an address or a header, and none in a log."""
    with caplog.at_level(logging.DEBUG):
        assert_confidential(sms_road, PEOPLE)

    assert len(PEOPLE) == len(sms_road.calls)
    ours = " ".join(one.getMessage() for one in caplog.records if one.name.startswith("connectors"))
    assert "555" not in ours + sms_road.outside()
