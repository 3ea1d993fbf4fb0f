"""Binding without cookies: cases P1 to P4 as far as HTTP shows them (the browser's part is in tests/e2e)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from lti_app.doors.records import DeploymentState
from tests.contract.lti.conftest import Stage
from tests.contract.lti.platform import ROLE
from tests.contract.lti.tool import TOOL_URL, bearer, browser, data_block, has_session


def wait(stage: Stage, **claims: Any) -> tuple[dict[str, Any], str]:
    """Launch in a browser that refuses cookies; return the page's data and the proof it stored elsewhere."""
    client = browser(stage.app)
    page = client.get("/lti/login", query_string=stage.platform.login_request(lti_storage_target="_parent"))
    login = data_block(page)
    asked = stage.platform.authorize(login["next"])
    client._cookies = {}
    token = stage.platform.sign(stage.platform.claims(asked["nonce"], **claims))
    bind = data_block(stage.post(asked["state"], token, client))
    assert (login["key"], "_parent", login["origin"]) == (bind["key"], bind["target"], bind["origin"])
    return bind, login["proof"]


def confirm(stage: Stage, sealed: Any, proof: Any, origin: str | None = TOOL_URL) -> TestResponse:
    """Post the confirmation as the page does."""
    headers = {"Origin": origin} if origin else {}
    return browser(stage.app).post("/lti/confirm", json={"sealed": sealed, "proof": proof}, headers=headers)


def test_storage_opens_the_session(stage: Stage) -> None:
    """P1: with the proof from platform storage the launch completes; the resume secret goes to the page."""
    bind, proof = wait(stage)
    answer = confirm(stage, bind["sealed"], proof)
    assert 200 == answer.status_code
    door = answer.get_json()
    assert {"kind", "token", "tab", "path", "secret"} == set(door)
    assert "Set-Cookie" not in answer.headers
    assert 200 == stage.client.get("/app/probe", headers=bearer(door["token"])).status_code
    resumed = browser(stage.app).post(
        "/session/resume", json={"tab": door["tab"], "secret": door["secret"]}, headers={"Origin": TOOL_URL}
    )
    assert 200 == resumed.status_code


def test_confirmation_works_once(stage: Stage) -> None:
    """P4: a replayed confirmation is refused."""
    bind, proof = wait(stage)
    assert has_session(confirm(stage, bind["sealed"], proof))
    again = confirm(stage, bind["sealed"], proof)
    assert 401 == again.status_code
    assert "already opened" in again.text


@pytest.mark.parametrize("proof", ["", "x" * 64, "ü"], ids=["P2-empty", "P2-other", "P2-not-ascii"])
def test_wrong_proof(stage: Stage, proof: str) -> None:
    """P2: another value than the one stored is refused, and uses the launch up."""
    bind, right = wait(stage)
    assert 401 == confirm(stage, bind["sealed"], proof).status_code
    assert 401 == confirm(stage, bind["sealed"], right).status_code


def test_proof_of_another_login(stage: Stage) -> None:
    """P2: the proof of one login does not confirm another."""
    first, _ = wait(stage)
    _, other = wait(stage)
    assert 401 == confirm(stage, first["sealed"], other).status_code


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", None], ids=["P2-foreign", "P2-null", "P2-no-origin"]
)
def test_foreign_origin(stage: Stage, origin: str | None) -> None:
    """P2: only our own pages confirm; a foreign page cannot even use the launch up."""
    bind, proof = wait(stage)
    assert 401 == confirm(stage, bind["sealed"], proof, origin).status_code
    assert has_session(confirm(stage, bind["sealed"], proof))


def test_late_confirmation(stage: Stage) -> None:
    """P4: after two minutes the sealed launch opens nothing."""
    bind, proof = wait(stage)
    stage.clock.forward(minutes=2, seconds=1)
    assert 401 == confirm(stage, bind["sealed"], proof).status_code


@pytest.mark.parametrize("sealed", ["", "rubbish", "ü", 7, None, ["x"]])
def test_broken_seal(stage: Stage, sealed: Any) -> None:
    """P2: what we did not seal is refused."""
    assert confirm(stage, sealed, "x").status_code in (400, 401)


def test_deployment_turned_off_meanwhile(stage: Stage) -> None:
    """P2: approval is checked again at confirmation."""
    bind, proof = wait(stage)
    stage.platform.deploy(stage.site_id, state=DeploymentState.DISABLED)
    assert not has_session(confirm(stage, bind["sealed"], proof))


def test_registration_turned_off_meanwhile(stage: Stage) -> None:
    """P2: so is the registration."""
    from dataclasses import replace

    bind, proof = wait(stage)
    stage.wiring.doors.save_registration(replace(stage.platform.registration, enabled=False))
    assert 401 == confirm(stage, bind["sealed"], proof).status_code


def test_pupil_gets_the_neutral_page(stage: Stage) -> None:
    """P1: without cookies, too, a pupil sees the neutral page and nothing else."""
    bind, proof = wait(stage, roles=[ROLE + "Learner"])
    answer = confirm(stage, bind["sealed"], proof).get_json()
    assert {"kind", "page"} == set(answer)
    assert stage.launch(roles=[]).text == answer["page"]


def test_body_that_is_no_json(stage: Stage) -> None:
    """P2: a form instead of JSON is refused."""
    answer = browser(stage.app).post("/lti/confirm", data={"sealed": "x"}, headers={"Origin": TOOL_URL})
    assert 400 == answer.status_code


def test_window_is_offered_when_the_launch_cannot_bind(stage: Stage) -> None:
    """P3: where no cookie came back, the page also offers the same login in a window of its own."""
    client = browser(stage.app)
    asked = stage.login(client)
    client._cookies = {}
    page = stage.post(asked["state"], stage.platform.sign(stage.platform.claims(asked["nonce"])), client)
    assert "launch" == data_block(page)["kind"]
    link = page.text.partition('id="bind-link" href="')[2].partition('"')[0].replace("&amp;", "&")
    address = urlsplit(link)
    assert "/lti/login" == address.path
    assert stage.platform.login_request() == {
        name: values[0] for name, values in parse_qs(address.query).items()
    }
    again = browser(stage.app)
    granted = stage.platform.authorize(again.get(link).headers["Location"])
    token = stage.platform.sign(stage.platform.claims(granted["nonce"]))
    assert has_session(stage.post(granted["state"], token, again))


def test_overlong_login_offers_no_window(stage: Stage) -> None:
    """P3: a login too long to keep is explained in words instead."""
    asked = stage.login(lti_message_hint="x" * 7990)
    page = stage.post(
        asked["state"], stage.platform.sign(stage.platform.claims(asked["nonce"])), browser(stage.app)
    )
    assert "bind-link" not in page.text
    assert "in a new window" in page.text
