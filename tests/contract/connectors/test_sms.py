"""Text messages against a real HTTP server: sent once, refused plainly, unknown if unclear; signed calls."""

from __future__ import annotations

import hmac
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import parse_qsl

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.sms import (
    Inbound,
    InboundRefused,
    InboundSettings,
    Mapped,
    SmsChannel,
    SmsSettings,
)
from connectors.sms.inbound import LARGEST_CALL
from iepcore.caseload.noticing import words_for
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, new_uuid7
from iepcore.notices import PLAN_WORDS, Notice, Receipt, ReceiptState, ReplyKind, Urgency, check_content_free
from iepcore.people import AddressKind, ChannelAddress

NUMBER = ChannelAddress(kind=AddressKind.SMS, value="+15045550117")
JSON_BODY = '{"to": ["{to}"], "message": {"body": "{text}"}, "from": "+15045550100"}'
SECRET = "Bearer top-secret"
NOW = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
KEY = "k" * 32


def notice(language: str = "en", school: str = "Cedar Hollow School", **changes: object) -> Notice:
    """A notice as the outbox makes it."""
    made = Notice(
        school_name=school,
        school_phone="+1 504 555 0100",
        sender_name="Priya Halloran",
        language=language,
        urgency=Urgency.NOT_URGENT,
        link=f"https://rapport.example.org/n/{'a' * 43}",
        reference="7KQ2M4XD",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def provider_server() -> Iterator[HTTPServer]:
    """One server for all tests of this file."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        yield server


@pytest.fixture
def provider(provider_server: HTTPServer) -> Iterator[HTTPServer]:
    """A provider of text messages that takes everything."""
    yield provider_server
    provider_server.clear()


def channel(server: HTTPServer, **changes: object) -> SmsChannel:
    """Our channel in front of it."""
    values: dict[str, object] = {
        "endpoint": server.url_for("/v1/accounts/AC123/messages?x=1"),
        "body": JSON_BODY,
        "header": ("Authorization", SECRET),
        "id_path": "data.0.id",
    }
    return SmsChannel(SmsSettings(**(values | changes)))  # type: ignore[arg-type]


def deliver(
    made: SmsChannel, *, to: ChannelAddress = NUMBER, text: str | None = None, said: Notice | None = None
) -> Receipt:
    """Send one notice."""
    said = said or notice()
    words = words_for(AddressKind.SMS, said) if text is None else text
    return made.deliver(said, words, "A subject", to, sender_id=AdultId(new_uuid7()))


def answering(
    server: HTTPServer, status: int = 200, body: str = '{"data": [{"id": "SM9"}]}'
) -> list[Request]:
    """Let the provider answer; return the calls it gets."""
    got: list[Request] = []

    def handle(request: Request) -> Response:
        request.get_data()
        got.append(request)
        return Response(body, status=status, content_type="application/json")

    server.expect_request("/v1/accounts/AC123/messages").respond_with_handler(handle)
    return got


def test_one_short_notice_goes_to_one_number(provider: HTTPServer) -> None:
    """School, reference, STOP and the link; no subject, no child; the provider's id is kept."""
    got = answering(provider)
    receipt = deliver(channel(provider))

    sent = json.loads(got[0].get_data())
    assert (ReceiptState.SENT, "SM9", False) == (
        receipt.state,
        receipt.platform_id,
        receipt.audience_verified,
    )
    assert ([NUMBER.value], "+15045550100") == (sent["to"], sent["from"])
    text = sent["message"]["body"]
    assert "Cedar Hollow School: a message for you. Ref 7KQ2M4XD. Reply STOP to end." in text
    assert text.endswith(f"\n{notice().link}")
    assert SECRET == got[0].headers["Authorization"]
    check_content_free(text, names=["Lucia"])
    assert 1 == len(got)


def test_a_form_is_filled_the_same_way(provider: HTTPServer) -> None:
    """Fields of a form, and a text that looks like a slot stays a text."""
    got = answering(provider)
    made = channel(provider, body="To={to}&Body={text}&From=%2B15045550100", id_path="")
    deliver(made, text='7KQ2M4XD "{to}" & more=1')

    assert {"To": NUMBER.value, "Body": '7KQ2M4XD "{to}" & more=1', "From": "+15045550100"} == dict(
        parse_qsl(got[0].get_data(as_text=True))
    )


@pytest.mark.parametrize(
    ("status", "state", "reason", "retryable"),
    [
        (202, ReceiptState.SENT, "", False),
        (400, ReceiptState.REFUSED, "sms_recipient_refused", False),
        (422, ReceiptState.REFUSED, "sms_recipient_refused", False),
        (401, ReceiptState.REFUSED, "sms_login", True),
        (403, ReceiptState.REFUSED, "sms_login", True),
        (429, ReceiptState.REFUSED, "sms_later", True),
        (402, ReceiptState.REFUSED, "sms_refused", False),
        (302, ReceiptState.REFUSED, "sms_refused", False),
        (409, ReceiptState.UNKNOWN, "no_answer", False),
        (500, ReceiptState.UNKNOWN, "no_answer", False),
        (503, ReceiptState.UNKNOWN, "no_answer", False),
    ],
)
def test_what_a_status_means(
    provider: HTTPServer, status: int, state: ReceiptState, reason: str, retryable: bool
) -> None:
    """Only a plain yes is sent; a fault of the provider's may have come after the sending."""
    answering(provider, status)
    receipt = deliver(channel(provider))
    assert (state, reason, retryable) == (receipt.state, receipt.reason, receipt.retryable)


def test_a_provider_with_ways_of_its_own(provider: HTTPServer) -> None:
    """A status is mapped by the settings before the usual meaning."""
    answering(provider, 402)
    assert "sms_later" == deliver(channel(provider, statuses={402: Mapped.LATER})).reason


@pytest.mark.parametrize(
    "body", ["not json", "[]", '{"data": 1}', '{"data": [{"id": {"a": 1}}]}', '{"data": []}']
)
def test_an_answer_without_an_id_is_sent_all_the_same(provider: HTTPServer, body: str) -> None:
    """The provider took it; that it names nothing changes nothing."""
    answering(provider, 200, body)
    receipt = deliver(channel(provider))
    assert (ReceiptState.SENT, None) == (receipt.state, receipt.platform_id)


def test_silence_is_unknown_and_nobody_there_is_later(provider: HTTPServer) -> None:
    """The call left: unknown. It never left: tried again."""

    def slow(request: Request) -> Response:
        time.sleep(1.0)
        return Response("{}")

    provider.expect_request("/v1/accounts/AC123/messages").respond_with_handler(slow)
    silent = deliver(channel(provider, read_seconds=0.2, total_seconds=0.4))
    gone = deliver(channel(provider, endpoint="http://127.0.0.1:1/sms", connect_seconds=1.0))

    assert (ReceiptState.UNKNOWN, "no_answer") == (silent.state, silent.reason)
    assert (ReceiptState.REFUSED, "sms_down", True) == (gone.state, gone.reason, gone.retryable)


def test_what_must_not_leave_does_not(provider: HTTPServer) -> None:
    """Another kind of address, no reference, a school that tells, five messages of text: no call is made."""
    got = answering(provider)
    made = channel(provider)
    mail = ChannelAddress(kind=AddressKind.MAIL, value="a@example.org")

    assert "address_form" == deliver(made, to=mail).reason
    assert "reference_missing" == deliver(made, text="Hello").reason
    assert "notice_names_plan" == deliver(made, said=notice(school="Special Education Center")).reason
    assert "sms_long" == deliver(made, text="7KQ2M4XD " + "a" * 700).reason
    assert [] == got


def test_nothing_of_it_is_in_a_log(provider: HTTPServer, caplog: pytest.LogCaptureFixture) -> None:
    """No number, no word, no endpoint, no secret, whatever happens."""
    answering(provider, 500)
    with caplog.at_level(logging.DEBUG):
        deliver(channel(provider))
        deliver(channel(provider, endpoint="http://127.0.0.1:1/AC123", connect_seconds=1.0))
    ours = " ".join(one.getMessage() for one in caplog.records if one.name != "werkzeug")
    assert "(text message)" in ours
    for secret in ("5550117", "AC123", "top-secret", "Cedar", "7KQ2M4XD"):
        assert secret not in ours


def test_what_became_of_one_cannot_be_looked_up(provider: HTTPServer) -> None:
    """So a person decides; and the road says what it does not promise."""
    made = channel(provider)
    looked = made.look("7KQ2M4XD", NUMBER, sender_id=AdultId(new_uuid7()))

    assert (ReceiptState.UNKNOWN, "sms_cannot_be_looked_up") == (looked.state, looked.reason)
    assert (False, False, False) == (
        made.traits.is_private,
        made.traits.is_recallable,
        made.traits.takes_replies,
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"endpoint": "http://sms.example.org/x"}, "origin_insecure"),
        ({"endpoint": "ftp://sms.example.org"}, "sms_endpoint"),
        ({"endpoint": "https://user:pass@sms.example.org/"}, "sms_endpoint"),
        ({"header": ("Bad Header", "x")}, "sms_header"),
        ({"header": ("Authorization", "x\r\ny: z")}, "sms_header"),
        ({"body": '{"to": "{to}"'}, "sms_body"),
        ({"body": '{"to": "{to}"}'}, "sms_body"),
        ({"body": "Body={text}"}, "sms_body"),
    ],
)
def test_settings_that_cannot_work_are_told_at_start(changes: dict[str, object], code: str) -> None:
    """Not at the first notice."""
    values: dict[str, object] = {"endpoint": "https://sms.example.org/x", "body": JSON_BODY}
    with pytest.raises(InvalidValue, match=code):
        SmsSettings(**(values | changes))  # type: ignore[arg-type]
    assert "secret" not in repr(SmsSettings(**values, header=("Authorization", SECRET)))  # type: ignore[arg-type]


# ------------------------------------------------------------ what comes in


def inbound(**changes: object) -> Inbound:
    """Our reader of a provider's calls."""
    return Inbound(InboundSettings(key=KEY, **changes))  # type: ignore[arg-type]


def call(body: bytes, *, key: str = KEY, kind: str = "application/json") -> dict[str, str]:
    """Return the headers of a signed call."""
    return {"X-Signature": hmac.new(key.encode(), body, sha256).hexdigest(), "Content-Type": kind}


def read(made: Inbound, body: bytes, headers: dict[str, str] | None = None, token: str | None = None):  # type: ignore[no-untyped-def]
    """Read one call."""
    token = InboundSettings(key=KEY).path_token if token is None else token
    return made.read(token, call(body) if headers is None else headers, body, at=NOW)


def body_of(text: str, number: str = "+1 (504) 555-0117", name: str = "m1") -> bytes:
    """Return the JSON of a text message that came in."""
    return json.dumps({"from": number, "text": text, "id": name}).encode()


def test_a_signed_call_is_read() -> None:
    """Number, words and a name by which the same call is known again; a form reads the same."""
    got = read(inbound(), body_of("Thank you"))
    form = b"from=%2B15045550117&text=Thank+you&id=m1"
    same = read(inbound(), form, call(form, kind="application/x-www-form-urlencoded"))

    assert (ReplyKind.ANSWER, "Thank you", NUMBER, NOW) == (got.kind, got.text, got.sender, got.received_at)
    assert same == got
    assert "5550117" not in repr(got)


def test_fields_may_lie_deeper_and_the_proof_may_be_a_plain_secret() -> None:
    """As other providers do it."""
    made = inbound(
        signed=False, header="X-Token", sender_field="data.msisdn", text_field="data.body", id_field="data.no"
    )
    body = b'{"data": {"msisdn": 15045550117, "body": "Hi", "no": 7}}'
    got = read(made, body, {"X-Token": KEY, "Content-Type": "application/json"})
    assert (NUMBER, "Hi") == (got.sender, got.text)
    with pytest.raises(InboundRefused):
        read(made, body, {"X-Token": "x", "Content-Type": "application/json"})


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("STOP", ReplyKind.STOP),
        (" Stop. ", ReplyKind.STOP),
        ("alto", ReplyKind.STOP),
        ("توقف", ReplyKind.STOP),
        ("Start", ReplyKind.START),
        ("SÍ", ReplyKind.START),
        ("شروع", ReplyKind.START),
        ("Wrong number!", ReplyKind.WRONG_NUMBER),
        ("Número  equivocado", ReplyKind.WRONG_NUMBER),
        ("شماره غلط", ReplyKind.WRONG_NUMBER),
        ("Please stop by tomorrow", ReplyKind.ANSWER),
        ("Yes, we will come", ReplyKind.ANSWER),
    ],
)
def test_plain_words_are_understood_in_three_languages(words: str, kind: ReplyKind) -> None:
    """A whole message only: a sentence with the word in it is a sentence."""
    got = read(inbound(), body_of(words))
    assert (kind, words if kind is ReplyKind.ANSWER else "") == (got.kind, got.text)


@pytest.mark.parametrize(
    ("body", "headers", "token"),
    [
        (body_of("Hi"), None, "wrong"),
        (body_of("Hi"), None, ""),
        (body_of("Hi"), {}, None),
        (body_of("Hi"), call(body_of("Hi"), key="other" * 8), None),
        (body_of("Hi"), call(body_of("Ho")), None),
        (body_of("x" * LARGEST_CALL), None, None),
        (b"{", None, None),
        (b'{"a":' * 3000, None, None),
        (body_of("Hi", number="nobody"), None, None),
        (body_of("Hi", name=""), None, None),
        (b"[]", None, None),
        (b'{"from": true, "id": 1}', None, None),
    ],
)
def test_what_is_not_the_providers_is_refused_without_a_word(
    body: bytes, headers: dict[str, str] | None, token: str | None
) -> None:
    """A wrong address, no proof, a changed body, too large, no number, no name."""
    with pytest.raises(InboundRefused) as refused:
        read(inbound(), body, headers, token)
    assert "" == str(refused.value)


def test_a_key_that_could_be_guessed_is_refused() -> None:
    """And the address made from a good one does not show it."""
    with pytest.raises(InvalidValue, match="sms_inbound_key"):
        InboundSettings(key="short")
    made = InboundSettings(key=KEY)
    assert KEY not in made.path_token + repr(made)
    assert not any(word in made.path_token for word in PLAN_WORDS)
