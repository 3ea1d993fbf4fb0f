"""Known bad launches: cases B1 to B24, each answered by a page with a reference and no session."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from lti_app.doors.records import DeploymentState
from tests.contract.lti.conftest import Stage
from tests.contract.lti.platform import CLAIM, ROLE
from tests.contract.lti.tool import data_block, has_session, make_site

LONG = "x" * 256


def assert_refused(answer: TestResponse) -> None:
    """A refusal is a page of 400 or 401 with a reference number, no session, no cookie that lasts."""
    assert answer.status_code in (400, 401), answer.text
    assert "Reference" in answer.text
    assert not has_session(answer)
    assert "__Host-tab-" not in str(answer.headers)


CLAIM_CASES: dict[str, dict[str, Any]] = {
    "B3": {"version": "1.1"},
    "B4": {"version": ...},
    "B7-several": {"version": ..., "message_type": ..., "roles": ..., "sub": ...},
    "B7-nonce": {"nonce": ...},
    "B7-iss": {"iss": ...},
    "B7-aud": {"aud": ...},
    "B9-exp": {"exp": ...},
    "B9-iat": {"iat": ...},
    "B9-exp-null": {"exp": None},
    "B9-iat-text": {"iat": "1764000000"},
    "B9-exp-true": {"exp": True},
    "B9-exp-huge": {"exp": 1e300},
    "B11-missing": {"message_type": ...},
    "B11-unknown": {"message_type": "LtiSomethingElse"},
    "B11-list": {"message_type": ["LtiResourceLinkRequest"]},
    "B12": {"roles": ...},
    "B12-null": {"roles": None},
    "B13-string": {"roles": ROLE + "Instructor"},
    "B13-mixed": {"roles": [ROLE + "Instructor", 7]},
    "B13-nested": {"roles": [[ROLE + "Instructor"]]},
    "B14": {"deployment_id": ...},
    "B14-null": {"deployment_id": None},
    "B16-missing": {"resource_link": ...},
    "B16-no-id": {"resource_link": {"title": "x"}},
    "B16-empty-id": {"resource_link": {"id": ""}},
    "B17": {"resource_link": None},
    "B17-list": {"resource_link": ["link-1"]},
    "B18": {"sub": ...},
    "B18-null": {"sub": None},
    "B18-empty": {"sub": ""},
    "B19-number": {"sub": 7},
    "B19-sub": {"sub": LONG},
    "B19-deployment": {"deployment_id": LONG},
    "B19-context": {"context": {"id": LONG}},
    "B19-link": {"resource_link": {"id": LONG}},
    "B20": {"target_link_uri": ...},
    "B21": {"target_link_uri": "https://rapport.example.org/app/other"},
    "B21-foreign": {"target_link_uri": "https://evil.example/app/"},
    "B22": {"context": {"title": "Room 12"}},
    "B22-text": {"context": "course-1"},
}


@pytest.mark.parametrize("case", CLAIM_CASES)
def test_bad_claims(stage: Stage, case: str) -> None:
    """A launch whose claims miss or break a rule is refused."""
    assert_refused(stage.launch(**CLAIM_CASES[case]))
    assert not stage.wiring.arrivals.met


@pytest.mark.parametrize(
    ("iat", "exp"),
    [
        pytest.param(-7200, -3600, id="B8-expired"),
        pytest.param(3600, 7200, id="B8-future"),
        pytest.param(0, 10 * 365 * 86400, id="B10-ten-years"),
        pytest.param(-86400, 3600, id="B10-a-day-old"),
        pytest.param(-661, 3600, id="B10-just-too-old"),
    ],
)
def test_bad_times(stage: Stage, iat: int, exp: int) -> None:
    """Tokens expired, from the future, too old or good for years are refused."""
    now = int(stage.clock().timestamp())
    assert_refused(stage.launch(iat=now + iat, exp=now + exp))


def test_no_kid(stage: Stage) -> None:
    """B1: a header without a kid is refused before any key is fetched."""
    assert_refused(stage.launch(header={"kid": None}))
    assert 0 == stage.platform.key_set_requests


def test_incorrect_kid(stage: Stage) -> None:
    """B2: an unknown kid costs one refetch and is refused."""
    assert_refused(stage.launch(header={"kid": "nobody"}))
    assert 1 == stage.platform.key_set_requests
    stage.launch()
    assert_refused(stage.launch(header={"kid": "nobody"}))
    assert 2 == stage.platform.key_set_requests


def segment(value: Any) -> str:
    """Return ``value`` as one part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


HEADER = segment({"alg": "RS256", "kid": "platform-1"})
RUBBISH = {
    "B5-json": '{"iss": "x"}',
    "B5-two-parts": HEADER + ".e30",
    "B5-five-parts": "a.b.c.d.e",
    "B5-rubbish": "rubbish",
    "B5-dots": "..",
    "B5-not-base64": "!!!.!!!.!!!",
    "B5-not-ascii": "ü.ü.ü",
    "B5-header-number": segment(7) + ".e30.AA",
    "B5-header-deep": base64.urlsafe_b64encode(b"[" * 9000).decode() + ".e30.AA",
    "B5-header-utf16": base64.urlsafe_b64encode("{}".encode("utf-16")).decode().rstrip("=") + ".e30.AA",
    "B5-huge": HEADER + "." + "A" * 100_000 + ".AA",
    "B5-kid-number": segment({"alg": "RS256", "kid": 5}) + ".e30.AA",
    "B5-no-alg": segment({"kid": "platform-1"}) + ".e30.AA",
    "B5-empty-signature": HEADER + ".e30.",
}


@pytest.mark.parametrize("case", RUBBISH)
def test_not_a_token(stage: Stage, case: str) -> None:
    """What is not a signed token of three parts is refused, never a 500."""
    asked = stage.login()
    assert_refused(stage.post(asked["state"], RUBBISH[case]))


@pytest.mark.parametrize(
    "body", [[1, 2], "text", 7, None], ids=["B6-list", "B6-text", "B6-number", "B6-null"]
)
def test_body_that_is_no_object(stage: Stage, body: Any) -> None:
    """A validly signed body that is JSON but no object is refused."""
    from joserfc import jws

    asked = stage.login()
    token = jws.serialize_compact({"alg": "RS256", "kid": "platform-1"}, json.dumps(body), stage.platform.key)
    assert_refused(stage.post(asked["state"], token))


def test_unknown_deployment_is_remembered(stage: Stage) -> None:
    """B15: an unknown deployment of a valid registration waits for approval and is told so."""
    answer = stage.launch(deployment_id="dep-new")
    assert_refused(answer)
    assert "still has to approve" in answer.text
    found = stage.wiring.doors.deployment(stage.platform.registration.id, "dep-new")
    assert found is not None
    assert (DeploymentState.PENDING, None) == (found.state, found.site_id)
    assert_refused(stage.launch(deployment_id="dep-new"))
    assert 2 == len(stage.wiring.doors.deployments())


def test_disabled_deployment(stage: Stage) -> None:
    """B15: a deployment that was turned off opens nothing."""
    stage.platform.deploy(stage.site_id, state=DeploymentState.DISABLED)
    answer = stage.launch()
    assert_refused(answer)
    assert "turned it off" in answer.text


def test_deployment_of_another_client(stage: Stage) -> None:
    """B15: a deployment of another registration does not serve this one."""
    second = stage.platform.register("client-2")
    stage.platform.deploy(make_site(stage.wiring.doors), "dep-2", registration_id=second.id)
    assert_refused(stage.launch(deployment_id="dep-2"))


def test_registration_disabled_between_login_and_launch(stage: Stage) -> None:
    """B15: turning a registration off stops a launch already under way."""
    asked = stage.login()
    stage.wiring.doors.save_registration(replace(stage.platform.registration, enabled=False))
    assert_refused(stage.post(asked["state"], stage.platform.sign(stage.platform.claims(asked["nonce"]))))


def test_anonymous_launch_is_explained(stage: Stage) -> None:
    """B18: a launch without a user is refused with a sentence that says to sign in."""
    assert "We do not know who you are" in stage.launch(sub=...).text


def test_custom_values_that_are_not_text_count_as_missing(stage: Stage) -> None:
    """B22: null and numbers among custom values are ignored; the launch works."""
    answer = stage.launch(custom={"canvas_user_id": 7, "masquerading_user_id": None, "time_zone": ["x"]})
    assert has_session(answer)
    (met,) = stage.wiring.arrivals.met
    assert (None, None, None) == (met.canvas_user_id, met.masquerading_id, met.time_zone)
    assert has_session(stage.launch(custom=None))
    assert has_session(stage.launch(custom=["x"]))


def test_parameters_absent_or_get(stage: Stage) -> None:
    """B23: no id_token, no state, an unknown state, and GET are refused; GET says which method is right."""
    asked = stage.login()
    token = stage.platform.sign(stage.platform.claims(asked["nonce"]))
    assert_refused(stage.post(None, token))
    assert_refused(stage.post("state-unknown", token))
    assert_refused(stage.post(asked["state"], None))
    got = stage.client.get("/lti/launch")
    assert 405 == got.status_code
    assert "POST" in got.headers["Allow"]


def test_mentor_claim_without_mentor_role_is_ignored(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """B24: role_scope_mentor counts only for a mentor; the log tells that it was ignored, and no id."""
    caplog.set_level("INFO")
    assert has_session(stage.launch(role_scope_mentor=["child-1"]))
    assert () == stage.wiring.arrivals.met[0].observees
    assert "role_scope_mentor without the mentor role: ignored" in caplog.text
    assert "child-1" not in caplog.text


def test_oversized_form_is_refused(stage: Stage) -> None:
    """B5: a launch form beyond 256 kB is not read."""
    answer = stage.client.post("/lti/launch", data={"state": "x", "id_token": "y" * 300_000})
    assert 413 == answer.status_code


def test_refusal_names_no_claim_value(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """B7: the log names the claim, the page only a reference, neither a value."""
    answer = stage.launch(sub=..., name="Maya Okafor")
    assert "sub" not in answer.text.partition("<main")[2]
    assert "claims:sub" in caplog.text
    assert "Maya" not in caplog.text + answer.text
    reference = answer.text.partition("<bdi>")[2][:8]
    assert reference in caplog.text


def test_unsealed_page_holds_no_claim(stage: Stage) -> None:
    """P: a verified launch that waits for its browser shows nothing of what it holds."""
    asked = stage.login()
    stage.client._cookies.clear()  # type: ignore[union-attr]
    answer = stage.post(
        asked["state"], stage.platform.sign(stage.platform.claims(asked["nonce"], name="Maya Okafor"))
    )
    assert 200 == answer.status_code
    assert not has_session(answer)
    assert "Maya" not in answer.text
    assert "launch" == data_block(answer)["kind"]
    assert CLAIM not in answer.text
