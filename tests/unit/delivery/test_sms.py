"""Text messages from settings to the road, and from the provider's call into the conversation, once."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from werkzeug.test import TestResponse

from iepcore.caseload import Letter
from iepcore.errors import Busy, InvalidValue
from iepcore.ids import SiteId, new_uuid7
from iepcore.language import FreeText
from iepcore.people import AddressKind, ChannelAddress
from lti_app import create_app
from lti_app.delivery.sms import CALLS_A_MINUTE, SmsDoor, inbound_of, inbound_settings, sms_channel
from lti_app.delivery.worker import Worker
from lti_app.doors.records import Site
from lti_app.settings import Sending, Settings
from lti_app.wiring import Wired, wire
from tests.unit.screens.conftest import House

KEY = "s" * 40
NUMBER = ChannelAddress(kind=AddressKind.SMS, value="+15045550117")


@pytest.fixture
def provider() -> Iterator[HTTPServer]:
    """A provider that takes everything."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        yield server


@pytest.fixture
def texting(house: House, provider: HTTPServer) -> House:
    """The house with text messages set up, live, and Elena's yes to her number."""
    got: list[Request] = []

    def take(request: Request) -> Response:
        request.get_data()
        got.append(request)
        return Response("{}")

    provider.expect_request("/send").respond_with_handler(take)
    settings = replace(
        house.wired.settings,
        sending=Sending.LIVE,
        sms_url=provider.url_for("/send"),
        sms_body='{"to": "{to}", "text": "{text}"}',
        sms_in_key=KEY,
    )
    wired = wire(settings)
    wired.clock = house.clock
    app = create_app(settings, wiring=wired)
    app.testing = True
    made = House(app=app, wired=wired, clock=house.clock)
    made.tokens["got"] = got  # type: ignore[assignment]
    made.caseload("halloran").texting.note(made.student("lucia"), made.adult("elena"), NUMBER, agreed=True)
    house.wired.engines.close()
    return made


def _call(
    house: House, text: str, *, name: str = "m1", key: str = KEY, number: str = NUMBER.value
) -> TestResponse:
    """Call as the provider does."""
    settings = inbound_settings(house.wired.settings)
    assert settings is not None
    body = json.dumps({"from": number, "text": text, "id": name}).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Signature": hmac.new(key.encode(), body, sha256).hexdigest(),
    }
    return house.client.post(f"/in/sms/{settings.path_token}", data=body, headers=headers)


def test_a_notice_by_text_and_its_answer(texting: House, caplog: pytest.LogCaptureFixture) -> None:
    """One short notice to one number; the answer stands in the conversation; a call again is nothing."""
    sent = texting.caseload("halloran").writing.send(
        texting.student("lucia"),
        texting.goal("lucia"),
        Letter(
            parts=(FreeText(text="A word about today.", lang="en"),),
            recipient_ids=frozenset({texting.adult("elena")}),
        ),
        texting.key(),  # type: ignore[arg-type]
    )
    with caplog.at_level(logging.DEBUG):
        Worker(texting.wired).round()
        answers = [_call(texting, "Muchas gracias por todo") for _ in range(2)]
    got: list[Request] = texting.tokens["got"]  # type: ignore[assignment]
    text = json.loads(got[0].get_data())["text"]
    talk = texting.get(f"/app/g/{texting.goal('lucia')}/talk", as_="halloran").text
    ours = " ".join(one.getMessage() for one in caplog.records if one.name != "werkzeug")

    assert AddressKind.SMS is sent.items[0].channel
    assert 1 == len(got)
    assert "Responda STOP para terminar" in text
    assert "Luc" not in text
    assert [204, 204] == [one.status_code for one in answers]
    assert 1 == talk.count("Muchas gracias por todo")
    assert "came by Text message" in talk
    for secret in ("Muchas", "5550117", KEY):
        assert secret not in ours


def test_stop_is_told_to_staff_and_holds_at_once(texting: House) -> None:
    """The next notice takes another road or waits; the page of text messages says when and how."""
    assert 204 == _call(texting, "STOP").status_code
    rows = texting.caseload("halloran").texting.of_child(texting.student("lucia"))
    elena = next(one for one in rows if one.adult.id == texting.adult("elena"))

    assert elena.said is not None
    assert ("withdrawn", "by_text") == (elena.said.state.value, elena.said.way.value)
    page = texting.get(f"/app/c/{texting.student('lucia')}/texting", as_="halloran").text
    assert "Said STOP from this telephone" in page


@pytest.mark.parametrize("way", ["proof", "token", "empty", "large", "off"])
def test_every_refused_call_has_the_same_answer(texting: House, way: str) -> None:
    """Nobody learns from it what is known here."""
    settings = inbound_settings(texting.wired.settings)
    assert settings is not None
    good = f"/in/sms/{settings.path_token}"
    if way == "proof":
        answer = _call(texting, "Hi", key="x" * 40)
    elif way == "token":
        answer = texting.client.post("/in/sms/nobody", data=b"x=1")
    elif way == "empty":
        answer = texting.client.post(good, data=b"")
    elif way == "large":
        answer = texting.client.post(good, data=b"x" * 20_000)
    else:
        texting.wired._sms_door = SmsDoor(None, list, texting.clock)
        answer = _call(texting, "Hi")

    assert (204, b"") == (answer.status_code, answer.data)
    assert 0 == texting.caseload("halloran").unmatched.count()


def test_a_flood_and_a_full_disk_are_asked_to_come_again(
    texting: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too many in a minute: 429. A store that cannot write: 503, and the provider's next try files it."""
    store = type(texting.wired.store(texting.wired.doors.sites()[0].id))
    with monkeypatch.context() as full:

        def refuse(self: object) -> None:
            raise Busy("database_full")

        full.setattr(store, "write", refuse)
        assert 503 == _call(texting, "Hola").status_code
    assert 204 == _call(texting, "Hola").status_code
    assert 1 == texting.caseload("ames").unmatched.count()

    door = SmsDoor(None, list, texting.clock, seconds=lambda: 60.0)
    assert not any(door.is_crowded() for _ in range(CALLS_A_MINUTE))
    assert door.is_crowded()
    monkeypatch.setattr(texting.wired, "_sms_door", door)
    assert 429 == _call(texting, "Hola").status_code


def test_words_go_to_one_school_only(texting: House, caplog: pytest.LogCaptureFixture) -> None:
    """A number known to no school of several is told to nobody; a STOP counts wherever it is known."""
    wired: Wired = texting.wired
    wired.doors.add_site(Site(id=SiteId(new_uuid7()), name="Zeta Creek", zone="America/Chicago"))
    _call(texting, "Who is this?", number="+15045550999")
    assert "belongs to no school here" in caplog.text
    assert "text message waiting" not in caplog.text
    caplog.set_level(logging.INFO)
    _call(texting, "Hola", name="m2")
    assert "text message waiting" in caplog.text


def _settings(**changes: object) -> Settings:
    values: dict[str, object] = {
        "database_url": "sqlite://",
        "public_url": "https://rapport.example.org",
        "secret_keys": (),
        "sms_url": "https://sms.example.org/send",
        "sms_body": "To={to}&Body={text}",
        "sms_in_key": KEY,
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


def test_text_messages_are_off_until_they_are_set_up() -> None:
    """No address of a provider, no road; no key, nothing is read."""
    assert sms_channel(_settings(sms_url="")) is None
    assert inbound_of(_settings(sms_in_key="")) is None
    made = sms_channel(_settings(sms_header="X-Key: abc", sms_statuses="402=later"))
    assert made is not None
    assert made.traits.takes_replies
    words = inbound_settings(_settings(sms_words="stop: adios, fin ; start: dale; wrong: no soy yo"))
    assert words is not None
    assert {"adios", "fin", "stop"} <= words.words.stop


@pytest.mark.parametrize(
    "changes",
    [
        {"sms_statuses": "402"},
        {"sms_statuses": "x=later"},
        {"sms_body": "To={to}"},
        {"sms_in_key": "short"},
        {"sms_in_check": "hmac"},
        {"sms_in_check": "magic X-Key"},
        {"sms_in_fields": "from text"},
        {"sms_words": "halt: stop"},
    ],
)
def test_what_cannot_work_is_told_at_start(changes: dict[str, object]) -> None:
    """Not with the first message."""

    def both() -> None:
        sms_channel(_settings(**changes))
        inbound_of(_settings(**changes))

    with pytest.raises(InvalidValue):
        both()
