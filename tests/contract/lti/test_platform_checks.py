"""The test button: a platform's keys, its clock, and whether it knows us."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from lti_app.doors.lti.outside import Answer, Outside
from lti_app.doors.lti.platform_checks import Check, _clock, check_platform
from lti_app.doors.parts import parts
from lti_app.doors.records import Registration
from tests.contract.lti.conftest import Stage


def look(
    stage: Stage,
    registration: Registration | None = None,
    *,
    deployment_id: str | None = "dep-1",
    practice: bool = True,
    off: timedelta = timedelta(0),
) -> dict[str, Check]:
    """Press the button; ``off`` is how wrong our own clock is."""
    found = check_platform(
        Outside(practice=practice),
        parts(stage.app).services,
        lambda: datetime.now(UTC) + off,
        registration or stage.platform.registration,
        deployment_id,
    )
    return {one.what: one for one in found}


def test_a_good_platform_is_good(stage: Stage) -> None:
    """Keys, clock and token, each without a complaint."""
    found = look(stage)

    assert ["keys", "clock", "token"] == list(found)
    assert ["", "", ""] == [one.code for one in found.values()]


def test_each_press_asks_for_a_token_anew(stage: Stage) -> None:
    """A token that is still good would say nothing about today."""
    look(stage)
    look(stage)

    assert 2 == len(stage.platform.token_requests)


def test_before_anything_is_approved_no_token_is_asked_for(stage: Stage) -> None:
    """The platform cannot know a deployment that nobody has opened."""
    assert ["keys", "clock"] == list(look(stage, deployment_id=None))
    assert [] == stage.platform.token_requests


def test_clocks_that_differ_are_told_in_seconds(stage: Stage) -> None:
    """A launch allows a minute; what is more is shown."""
    found = look(stage, off=timedelta(seconds=240))["clock"]

    assert "clock_apart" == found.code
    assert found.number is not None
    assert 235 <= found.number <= 245


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"keys": []}, "keys_none"),
        ({"keys": [{"kty": "EC"}]}, "keys_none"),
        ({"keys": [{"kty": "RSA", "use": "enc"}]}, "keys_none"),
        ({"keys": {}}, "keys_none"),
        ([1], "keys_none"),
    ],
    ids=["empty", "EC", "encryption", "no list", "a list"],
)
def test_keys_that_cannot_be_used_are_told(stage: Stage, document: Any, code: str) -> None:
    """Nothing to verify a launch with."""
    stage.platform.published = document

    assert code == look(stage)["keys"].code


def test_keys_that_are_not_there_are_told_with_the_status(stage: Stage) -> None:
    """A moved key set."""
    stage.platform.key_set_status = 404
    found = look(stage)["keys"]

    assert ("keys_status", 404) == (found.code, found.number)


def test_a_private_key_address_is_not_asked(stage: Stage) -> None:
    """S32: a test from the page asks no address inside, whatever the registration says."""
    inside = stage.platform.register("client-2", jwks_url="https://10.0.0.7/jwks")
    found = look(stage, inside, deployment_id=None, practice=False)

    assert {"keys": "address_private"} == {one.what: one.code for one in found.values()}


def test_what_the_token_endpoint_says_is_told(stage: Stage, httpserver: HTTPServer) -> None:
    """N12: refused, not granted, silent: three different things to fix."""
    answers = {
        "token_refused": Response('{"error": "invalid_client"}', 400),
        "scope_not_granted": Response('{"access_token": "x", "scope": "other"}', 200),
        "token_silent": Response("", 503),
    }
    for number, (code, answer) in enumerate(answers.items()):
        httpserver.expect_request(f"/token-{number}").respond_with_handler(lambda _, answer=answer: answer)
        other = stage.platform.register(f"other-{number}", token_url=httpserver.url_for(f"/token-{number}"))
        assert code == look(stage, other)["token"].code


def test_of_two_dates_the_last_counts() -> None:
    """A server and its framework each add one; together they are no date."""
    twice = "Mon, 23 Nov 2026 10:00:00 GMT, Tue, 24 Nov 2026 15:00:00 GMT"
    now = datetime(2026, 11, 24, 15, 0, 5, tzinfo=UTC)

    assert (Check(what="clock", number=5),) == _clock(Answer(status=200, document={}, date=twice), now)


def test_an_answer_without_a_clock_says_nothing_of_it(stage: Stage) -> None:
    """No ``Date``, no verdict."""

    class WithoutDate(Outside):
        def read(self, url: str, *, bearer: str | None = None) -> Any:
            found = super().read(url, bearer=bearer)
            return type(found)(status=found.status, document=found.document, date="yesterday")

    found = check_platform(
        WithoutDate(practice=True),
        parts(stage.app).services,
        stage.clock,
        stage.platform.registration,
        None,
    )
    assert ["keys"] == [one.what for one in found]
