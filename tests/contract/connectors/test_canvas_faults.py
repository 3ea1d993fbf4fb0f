"""The Canvas channel in foul weather: an honest receipt for every fault, and nothing sent twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.notices import Receipt
from tests.contract.connectors.canvas_fake import FakeCanvas, Fault
from tests.contract.connectors.canvas_fake.faults import cut, instead, rate_403, reset_after_read, slow_body
from tests.contract.connectors.doers import (
    PARENT,
    TEACHER,
    Scene,
    Watch,
    make_notice,
)

SEND = ("POST", "/api/v1/conversations")
JSON = "application/json"


def outcome(receipt: Receipt) -> tuple[str, str, bool]:
    """Return what the worker acts on."""
    return receipt.state.value, receipt.reason, receipt.retryable


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (instead(429, "429 Too Many Requests", "text/plain"), ("refused", "rate_limited", True)),
        (rate_403, ("refused", "rate_limited", True)),
        (instead(403, '{"status":"unauthorized"}', JSON), ("refused", "forbidden_there", False)),
        (instead(404, '{"errors":[]}', JSON), ("refused", "not_found_there", False)),
        (
            instead(400, '[{"attribute":"recipients","message":"blank"}]', JSON),
            ("refused", "recipient_dropped", False),
        ),
        (
            instead(400, '[{"attribute":"recipients","message":"restricted by role"}]', JSON),
            ("refused", "recipients_restricted", False),
        ),
        (
            instead(400, '{"errors":{"body":[{"attribute":"body","message":"blank"}]}}', JSON),
            ("refused", "body_blank", False),
        ),
        (instead(400, '{"errors":"Casey"}', JSON), ("refused", "request_refused", False)),
        (instead(422, "<p>no", "text/html"), ("refused", "request_refused", False)),
        (
            instead(301, "", "text/html", Location="https://elsewhere.example/"),
            ("refused", "redirected", False),
        ),
        (
            instead(302, "", "text/html", Location="https://elsewhere.example/"),
            ("unknown", "redirected", False),
        ),
        (instead(408, "late", "text/plain"), ("unknown", "no_answer", False)),
        (instead(500, '{"errors":[]}', JSON), ("unknown", "server_fault", False)),
        (instead(503, "<html>Down for maintenance</html>"), ("unknown", "server_fault", False)),
        (instead(200, "<html>Log in</html>"), ("unknown", "not_json", False)),
        (instead(201, "[{", JSON), ("unknown", "not_json", False)),
        (instead(201, "{}", JSON), ("unknown", "answer_form", False)),
        (instead(202, "[]", JSON), ("unknown", "answer_form", False)),
        (instead(201, f'["{"x" * 60_000}"]', JSON), ("unknown", "answer_too_large", False)),
        (cut, ("unknown", "no_answer", False)),
        (reset_after_read, ("unknown", "no_answer", False)),
        (slow_body, ("unknown", "no_answer", False)),
    ],
)
def test_every_fault_has_its_receipt_and_nothing_is_sent_twice(
    scene: Scene, fault: Fault, expected: tuple[str, str, bool]
) -> None:
    """What was surely refused is refused; what may have happened is unknown; one request in every case."""
    scene.canvas.fault(*SEND, fault)
    if fault is slow_body:
        scene.be_patient(0.2)

    assert expected == outcome(scene.deliver())
    assert 1 == len(scene.canvas.calls(*SEND))


def test_a_dead_platform_can_be_tried_later(canvas: FakeCanvas, watch: Watch, dead_port: int) -> None:
    """Nothing left this machine."""
    scene = Scene(canvas, watch, url=f"http://127.0.0.1:{dead_port}")

    assert ("refused", "platform_down", True) == outcome(scene.deliver())
    assert ("unknown", "platform_down", False) == outcome(scene.look())


@pytest.mark.parametrize("times", [1, 2])
def test_a_run_out_token_is_refreshed_once(scene: Scene, times: int) -> None:
    """Whatever the 401 says of a token that ran out, the notice arrives once."""
    scene.grants.kept.clear()
    for _ in range(times):  # the second time the fake uses its other wording
        scene.connect()
        for token in scene.canvas.tokens.values():
            token.expires_at = scene.watch.at

        assert ("sent", "", False) == outcome(scene.deliver())
    assert times == len(scene.canvas.world.talks)
    assert 2 * times == len(scene.canvas.calls(*SEND))


def test_a_token_refused_twice_is_a_lost_connection(scene: Scene) -> None:
    """No third try."""
    refusal = instead(401, '{"errors":[{"message":"Invalid access token."}]}', JSON)
    scene.canvas.fault(*SEND, refusal, refusal)

    assert ("refused", "connect_canvas_again", False) == outcome(scene.deliver())
    assert 2 == len(scene.canvas.calls(*SEND))


def test_a_token_about_to_run_out_is_refreshed_before(scene: Scene) -> None:
    """Less than a minute left: no wasted call."""
    scene.connect(minutes=0.5)

    assert ("sent", "", False) == outcome(scene.deliver())
    assert 1 == len(scene.canvas.calls(*SEND))


@pytest.mark.parametrize("where", ["api", "token"])
def test_a_lost_consent_is_remembered(scene: Scene, where: str) -> None:
    """The teacher took it back in Canvas: asked once, then never again until she connects anew."""
    scene.connect(minutes=60 if where == "api" else 0)
    for token in scene.canvas.tokens.values():
        token.state = "revoked"

    assert ("refused", "connect_canvas_again", False) == outcome(scene.deliver())
    asked = len(scene.canvas.seen)
    assert ("refused", "connect_canvas_again", False) == outcome(scene.deliver())
    assert ("unknown", "connect_canvas_again", False) == outcome(scene.look())
    assert asked == len(scene.canvas.seen)
    assert scene.grants.kept[scene.teacher_id].is_lost


def test_a_key_without_the_scope_is_no_fault_of_the_token(scene: Scene) -> None:
    """No refresh, no lost grant: the administrator has to act."""
    scene.connect(scopes=frozenset({"url:GET|/api/v1/conversations"}))

    assert ("refused", "scope_missing", False) == outcome(scene.deliver())
    assert [] == scene.canvas.calls("POST", "/login/oauth2/token")
    assert not scene.grants.kept[scene.teacher_id].is_lost


def test_a_permission_refused_with_401_is_no_fault_of_the_token(scene: Scene) -> None:
    """Older servers answer 401 there; refreshing would not help."""
    scene.canvas.fault(
        *SEND, instead(401, '{"errors":[{"message":"user not authorized to perform that action"}]}', JSON)
    )

    assert ("refused", "forbidden_there", False) == outcome(scene.deliver())
    assert [] == scene.canvas.calls("POST", "/login/oauth2/token")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (cut, ("refused", "platform_down", True)),
        (instead(500, "", JSON), ("refused", "platform_down", True)),
        (instead(200, "<html>"), ("refused", "not_json", True)),
        (instead(429, ""), ("refused", "rate_limited", True)),
        (instead(308, "", Location="https://elsewhere.example/"), ("refused", "redirected", False)),
        (instead(401, '{"error":"invalid_client"}', JSON), ("refused", "invalid_client", False)),
    ],
)
def test_trouble_at_the_token_endpoint_never_makes_an_unknown(
    scene: Scene, fault: Fault, expected: tuple[str, str, bool]
) -> None:
    """The notice itself never left."""
    scene.connect(minutes=0)
    scene.canvas.fault("POST", "/login/oauth2/token", fault)

    assert expected == outcome(scene.deliver())
    assert [] == scene.canvas.calls(*SEND)


def test_a_reused_thread_is_still_seen_by_two(scene: Scene) -> None:
    """A Canvas that forgot about ``force_new``: the second notice lies in the first one's thread, private all
    the same, each is sent once and each is found again by its own reference."""
    scene.canvas.world.always_reuses = True
    first = scene.deliver()
    second = scene.deliver(notice=make_notice(reference="9ZZZZZ"))

    [talk] = scene.canvas.world.talks
    assert {TEACHER, PARENT} == talk.seen_by
    assert [("sent", "", False)] * 2 == [outcome(first), outcome(second)]
    assert first.platform_id == second.platform_id
    assert 2 == len(talk.messages)
    assert ("sent", "", False) == outcome(scene.look(reference="9ZZZZZ"))


def test_a_clock_that_runs_behind_costs_one_refresh(scene: Scene) -> None:
    """We believe that the token is good; Canvas does not. Refused before anything was done, sent once."""
    for token in scene.canvas.tokens.values():
        token.expires_at = scene.watch.at - timedelta(minutes=5)

    assert ("sent", "", False) == outcome(scene.deliver())
    assert 1 == len(scene.canvas.world.talks)
    assert 1 == len(scene.canvas.calls("POST", "/login/oauth2/token"))


def test_a_clock_that_runs_ahead_costs_one_refresh(scene: Scene) -> None:
    """We believe that it has run out: refreshed first, sent once."""
    scene.grants.kept[scene.teacher_id] = replace(
        scene.grants.kept[scene.teacher_id], expires_at=scene.watch.at - timedelta(hours=1)
    )

    assert ("sent", "", False) == outcome(scene.deliver())
    assert 1 == len(scene.canvas.calls(*SEND))
