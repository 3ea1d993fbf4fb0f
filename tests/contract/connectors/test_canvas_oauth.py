"""A teacher's consent: asked for, exchanged, refreshed once for everybody who waits, taken back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.canvas import CHANNEL_SCOPES, CanvasOAuth, DeveloperKey
from connectors.http import Origin
from connectors.http.errors import ConsentLost, NoAnswer, ProtocolFault, RequestRefused, Unreachable
from iepcore.errors import InvalidValue
from tests.contract.connectors.canvas_fake import CLIENT_ID, REDIRECT
from tests.contract.connectors.canvas_fake.faults import cut, instead
from tests.contract.connectors.doers import ALL_SCOPES, TEACHER, Grants, Scene

TOKEN = ("POST", "/login/oauth2/token")
STATE = "s" * 43


def test_the_teacher_is_asked_for_three_scopes_and_no_more(scene: Scene) -> None:
    """One scope parameter, separated by spaces; the state; a neutral purpose."""
    url = urlsplit(scene.oauth.authorise_url(state=STATE))
    query = parse_qs(url.query)

    assert scene.canvas.url == f"{url.scheme}://{url.netloc}"
    assert "/login/oauth2/auth" == url.path
    assert [
        "url:GET|/api/v1/conversations url:GET|/api/v1/conversations/:id url:POST|/api/v1/conversations"
    ] == query["scope"]
    assert {
        "client_id": [CLIENT_ID],
        "response_type": ["code"],
        "redirect_uri": [REDIRECT],
        "state": [STATE],
        "purpose": ["Rapport"],
        "scope": [" ".join(CHANNEL_SCOPES)],
    } == query


@pytest.mark.parametrize(("state", "scopes"), [("short", CHANNEL_SCOPES), (STATE, ())])
def test_a_careless_question_is_refused(scene: Scene, state: str, scopes: tuple[str, ...]) -> None:
    """A guessable state, or a token for everything."""
    with pytest.raises(InvalidValue):
        scene.oauth.authorise_url(state=state, scopes=scopes)


def test_a_code_becomes_a_grant(scene: Scene) -> None:
    """With the user who said yes, both tokens and an end."""
    scene.canvas.codes["the-code"] = (TEACHER, ALL_SCOPES)

    grant = scene.oauth.exchange("the-code")

    assert str(TEACHER) == grant.canvas_user_id
    assert scene.watch.at + timedelta(hours=1) == grant.expires_at
    assert CHANNEL_SCOPES == grant.scopes
    assert grant.access_token in scene.canvas.tokens
    assert grant.refresh_token in scene.canvas.refreshes


def test_a_grant_shows_no_token(scene: Scene) -> None:
    """Its representation may end in a log."""
    grant = scene.connect()

    assert grant.access_token not in repr(grant)
    assert grant.refresh_token not in repr(grant)


def test_a_code_works_once(scene: Scene) -> None:
    """A used code is a lost consent: start again."""
    scene.canvas.codes["the-code"] = (TEACHER, ALL_SCOPES)
    scene.oauth.exchange("the-code")

    with pytest.raises(ConsentLost):
        scene.oauth.exchange("the-code")


@pytest.mark.parametrize(
    "body",
    [
        '{"access_token": "a", "token_type": "Bearer", "refresh_token": "r", "user": null}',
        '{"access_token": "a", "token_type": "Bearer", "user": {"id": 1}}',
        '{"access_token": null, "token_type": "Bearer"}',
    ],
)
def test_half_a_grant_is_none(scene: Scene, body: str) -> None:
    """Nobody named, nothing to refresh with, or no token at all."""
    scene.canvas.fault(*TOKEN, instead(200, body, "application/json"))

    with pytest.raises(ProtocolFault):
        scene.oauth.exchange("the-code")


def test_the_tenant_may_grant_less(scene: Scene) -> None:
    """What Canvas says was granted is kept."""
    body = (
        '{"access_token": "a", "token_type": "Bearer", "refresh_token": "r", "user": {"id": "10~3001"},'
        ' "scope": "x y"}'
    )
    scene.canvas.fault(*TOKEN, instead(200, body.replace("10~", ""), "application/json"))

    assert ("x", "y") == scene.oauth.exchange("the-code").scopes


def test_a_wrong_key_is_the_administrators_matter(scene: Scene) -> None:
    """Not the teacher's."""
    key = DeveloperKey(client_id="1", client_secret="wrong", redirect_uri=REDIRECT)

    with pytest.raises(RequestRefused) as caught:
        CanvasOAuth(scene.origin, key).exchange("the-code")
    assert "invalid_client" == caught.value.detail
    assert "wrong" not in repr(key)


def test_a_refresh_keeps_the_old_refresh_token(scene: Scene) -> None:
    """Canvas sends no new one."""
    grant = scene.connect()

    renewed = scene.oauth.refresh(grant)

    assert grant.refresh_token == renewed.refresh_token
    assert grant.access_token != renewed.access_token
    assert grant.scopes == renewed.scopes


def test_many_who_wait_refresh_once(scene: Scene) -> None:
    """One lock per teacher."""
    scene.connect(minutes=0)
    start = threading.Barrier(8)

    def ask() -> str:
        start.wait()
        return scene.senders.tokens(scene.teacher_id).token()

    with ThreadPoolExecutor(8) as pool:
        tokens = {future.result() for future in [pool.submit(ask) for _ in range(8)]}

    assert 1 == len(tokens)
    assert 1 == len(scene.canvas.calls(*TOKEN))


def test_a_late_complaint_does_not_kill_a_fresh_token(scene: Scene) -> None:
    """The refused one was replaced in the meantime."""
    old = scene.connect().access_token
    tokens = scene.senders.tokens(scene.teacher_id)
    tokens.invalidate(old)
    fresh = tokens.token()
    tokens.invalidate(old)

    assert fresh == tokens.token()
    assert 1 == len(scene.canvas.calls(*TOKEN))


def test_what_another_process_refreshed_is_used(scene: Scene) -> None:
    """The worker and the web share the store, not a memory."""
    old = scene.connect()
    tokens = scene.senders.tokens(scene.teacher_id)
    tokens.invalidate(old.access_token)
    elsewhere = scene.oauth.refresh(old)
    scene.grants.kept[scene.teacher_id] = elsewhere

    assert elsewhere.access_token == tokens.token()
    assert 1 == len(scene.canvas.calls(*TOKEN))


def test_a_new_consent_is_not_marked_lost_by_the_end_of_the_old(scene: Scene) -> None:
    """The teacher connected again while the old refresh token was being refused."""
    old = scene.connect(minutes=0)
    scene.canvas.refreshes.clear()
    new = replace(old, access_token="new", refresh_token="newer")

    class Reconnecting(Grants):
        asked = 0

        def load(self, adult_id: object) -> object:  # type: ignore[override]
            self.asked += 1
            return old if self.asked == 1 else new

    store = Reconnecting()
    scene.senders.store = store
    with pytest.raises(ConsentLost):
        scene.senders.tokens(scene.teacher_id).token()
    assert {} == store.kept


def test_a_broken_token_endpoint_loses_nothing(scene: Scene) -> None:
    """The grant stays as it was."""
    grant = scene.connect(minutes=0)
    scene.canvas.fault(*TOKEN, cut)

    with pytest.raises(NoAnswer):
        scene.senders.tokens(scene.teacher_id).token()
    assert grant == scene.grants.kept[scene.teacher_id]


def test_a_consent_can_be_taken_back(scene: Scene) -> None:
    """Canvas forgets it; taking it back twice says no."""
    grant = scene.connect()

    assert scene.oauth.revoke(grant)
    assert "revoked" == scene.canvas.tokens[grant.access_token].state
    assert not scene.oauth.revoke(grant)


def test_a_run_out_token_cannot_be_taken_back_twice(scene: Scene) -> None:
    """One request with one token: there is no other."""
    grant = scene.connect(minutes=0)

    assert not scene.oauth.revoke(grant)
    assert 2 >= len(scene.canvas.calls("DELETE", "/login/oauth2/token"))


def test_a_dead_canvas_is_unreachable(scene: Scene, dead_port: int) -> None:
    """The code can be exchanged later, if it still holds."""
    key = DeveloperKey(client_id="1", client_secret="2", redirect_uri=REDIRECT)

    with pytest.raises(Unreachable) as caught:
        CanvasOAuth(Origin.parse(f"http://localhost:{dead_port}"), key).exchange("c")
    assert "platform_down" == caught.value.code
