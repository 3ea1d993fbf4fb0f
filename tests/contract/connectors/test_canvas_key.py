"""What a developer key may do: asked of Canvas itself, told feature by feature, with the scopes to add."""

from __future__ import annotations

import json

import pytest

from connectors.canvas import CanvasCapabilities, CanvasFeature, DeveloperKey, KeyCheck, scopes_for
from connectors.canvas.capabilities import CapabilityState
from connectors.canvas.features import NEEDS
from connectors.canvas.routes import LIST_COURSES, LIST_ENROLLMENTS, LIST_SECTIONS
from connectors.http.errors import CallTrace, Forbidden, RequestRefused, ScopeMissing, Unreachable
from tests.contract.connectors.canvas_fake import CLIENT_ID, CLIENT_SECRET, REDIRECT
from tests.contract.connectors.canvas_fake.faults import instead
from tests.contract.connectors.doers import Scene

ASK = ("GET", "/login/oauth2/auth")
EVERY = scopes_for(CanvasFeature)
CHANNEL = scopes_for([CanvasFeature.CHANNEL])
TRACE = CallTrace(method="GET", template="/")


def check(scene: Scene, *, client_id: str = CLIENT_ID, redirect: str = REDIRECT) -> KeyCheck:
    """Return a check of the scene's key."""
    key = DeveloperKey(client_id=client_id, client_secret=CLIENT_SECRET, redirect_uri=redirect)
    return KeyCheck(scene.origin, key, timing=scene.watch.timing)


def test_a_key_says_what_it_lacks(scene: Scene) -> None:
    """In one request, without anybody's token."""
    scene.canvas.key_scopes = frozenset(CHANNEL)

    answer = check(scene).ask(EVERY)

    assert set(CHANNEL) == answer.granted
    assert answer.enforced
    [call] = scene.canvas.seen
    assert "Authorization" not in call.headers
    assert CLIENT_SECRET not in call.query


def test_a_key_with_everything_lacks_nothing(scene: Scene) -> None:
    """But for the scope that does not exist."""
    scene.canvas.key_scopes = frozenset(EVERY)

    answer = check(scene).ask(EVERY)

    assert (set(EVERY), True) == (answer.granted, answer.enforced)


def test_a_key_without_limits_is_noticed(scene: Scene) -> None:
    """It knows a scope that does not exist: its tokens could do everything."""
    answer = check(scene).ask(EVERY)

    assert (set(EVERY), False) == (answer.granted, answer.enforced)


def test_an_older_canvas_is_asked_scope_by_scope(scene: Scene) -> None:
    """It says 400, and only that something is lacking."""
    refused = instead(
        400,
        json.dumps({"error": "invalid_scope", "error_description": "A requested scope is invalid."}),
        "application/json",
    )
    scene.canvas.key_scopes = frozenset(CHANNEL)
    scene.canvas.fault(*ASK, refused)

    assert set(CHANNEL) == check(scene).ask(CHANNEL).granted
    assert 1 + len(CHANNEL) + 1 == len(scene.canvas.seen)


def test_an_older_canvas_may_lack_one(scene: Scene) -> None:
    """Each is asked for by itself."""
    refused = instead(400, '{"error": "invalid_scope", "error_description": "A"}', "application/json")
    scene.canvas.fault(*ASK, refused, refused)

    assert {CHANNEL[1]} == check(scene).ask(CHANNEL[:2]).granted


@pytest.mark.parametrize(
    ("status", "body", "headers", "detail"),
    [
        (401, '{"error": "invalid_client", "error_description": "unknown client"}', {}, "invalid_client"),
        (400, '{"error": "invalid_request", "error_description": "redirect_uri ..."}', {}, "redirect_uri"),
        (302, "", {"Location": f"{REDIRECT}?error=unauthorized_client"}, "key_off"),
        (302, "", {"Location": f"{REDIRECT}?error=unsupported_response_type"}, ""),
        (400, '{"errors": "x"}', {}, ""),
    ],
)
def test_what_is_wrong_with_a_key_has_a_word(
    scene: Scene, status: int, body: str, headers: dict[str, str], detail: str
) -> None:
    """No such key, another address, not switched on, and what nobody knows."""
    scene.canvas.fault(*ASK, instead(status, body, "application/json", **headers))

    with pytest.raises(RequestRefused) as caught:
        check(scene).ask(CHANNEL)
    assert detail == caught.value.detail


def test_a_real_wrong_key_is_told(scene: Scene) -> None:
    """By the fake's own checks."""
    with pytest.raises(RequestRefused) as caught:
        check(scene, client_id="1").ask(CHANNEL)
    assert "invalid_client" == caught.value.detail
    with pytest.raises(RequestRefused) as caught:
        check(scene, redirect="https://other.example/back").ask(CHANNEL)
    assert "redirect_uri" == caught.value.detail


def test_nobody_there_is_told(scene: Scene, dead_port: int) -> None:
    """The address is wrong, or the network."""
    there = Scene(scene.canvas, scene.watch, url=f"http://127.0.0.1:{dead_port}")

    with pytest.raises(Unreachable):
        check(there).ask(CHANNEL)


@pytest.mark.parametrize("feature", list(CanvasFeature), ids=str)
def test_a_feature_works_with_its_own_scopes(feature: CanvasFeature) -> None:
    """And with one less it says which."""
    whole = CanvasCapabilities.of(scopes_for([feature]))
    needed = NEEDS[feature][0]
    lacking = CanvasCapabilities.of(set(scopes_for([feature])) - {needed.route.scope})

    assert CapabilityState.WORKS is whole[feature].state
    assert feature in whole.working
    assert (CapabilityState.PARTLY, (needed,)) == (lacking[feature].state, lacking[feature].missing)
    assert needed.route.scope in lacking.scopes_to_add


def test_without_scopes_nothing_works() -> None:
    """Every feature names all it needs."""
    nothing = CanvasCapabilities.of(())

    assert () == nothing.working
    assert EVERY == nothing.scopes_to_add
    assert {CapabilityState.SCOPES_MISSING} == {one.state for one in nothing.features}


def test_what_calls_answered_counts_more_than_scopes() -> None:
    """A permission of the person's role, and a scope that went in the meantime."""
    answered = {LIST_COURSES: None, LIST_SECTIONS: Forbidden(TRACE), LIST_ENROLLMENTS: None}
    refused = CanvasCapabilities.of(EVERY, answered=answered)[CanvasFeature.ROSTERS]
    gone = CanvasCapabilities.of(EVERY, answered={LIST_COURSES: ScopeMissing(TRACE)}, enforced=False)

    assert (CapabilityState.REFUSED, "forbidden_there") == (refused.state, refused.code)
    assert CapabilityState.PARTLY is gone[CanvasFeature.ROSTERS].state
    assert not gone.enforced
