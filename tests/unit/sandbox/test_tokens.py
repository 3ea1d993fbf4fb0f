"""The token endpoint and the consent page."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey

from lti_app.sandbox.tokens import Grant, GrantRefused, Tokens
from tests.unit.sandbox.parts import LIST, NRPS_SCOPE, START, WRITE, Clock, Lms, form_post

NOW = int(START.timestamp())


def test_good_assertion_gets_a_token(lms: Lms) -> None:
    """A tool that signs for this endpoint gets an hour of the scope it asked for."""
    answer = lms.service_token()

    assert 200 == answer.status_code
    body = answer.json()
    assert body.pop("access_token")
    assert {"token_type": "Bearer", "expires_in": 3600, "scope": NRPS_SCOPE} == body


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "other"},
        {"sub": "other"},
        {"aud": "https://elsewhere.example/login/oauth2/token"},
        {"exp": NOW - 120},
        {"exp": None},
        {"exp": NOW + 90000},
        {"iat": None},
        {"iat": NOW + 600},
        {"jti": None},
    ],
)
def test_faulty_assertion_is_refused(lms: Lms, changes: dict[str, Any]) -> None:
    """Each claim of the assertion is checked."""
    audience = changes.pop("aud", f"{lms.url}/login/oauth2/token")
    answer = lms.service_token(client_assertion=lms.keys.assertion(audience, **changes))

    assert (400, "invalid_client") == (answer.status_code, answer.json()["error"])


def test_assertion_of_a_stranger_is_refused(lms: Lms) -> None:
    """A key that the tool does not publish proves nothing; neither does rubbish."""
    audience = f"{lms.url}/login/oauth2/token"
    stranger = lms.keys.assertion(audience, key=RSAKey.generate_key(2048))

    answers = [lms.service_token(client_assertion=text) for text in (stranger, "rubbish", "")]

    assert ["invalid_client"] * 3 == [answer.json()["error"] for answer in answers]


def test_assertion_works_once(lms: Lms) -> None:
    """A replayed assertion is refused."""
    text = lms.keys.assertion([f"{lms.url}/login/oauth2/token"])

    assert [200, 400] == [lms.service_token(client_assertion=text).status_code for _ in range(2)]


def test_services_get_no_rest_scope(lms: Lms) -> None:
    """The LTI key cannot be traded for the right to write messages."""
    answer = lms.service_token(scope=WRITE)

    assert (400, "invalid_scope") == (answer.status_code, answer.json()["error"])


def test_unknown_grant_is_refused(lms: Lms) -> None:
    """Only three grants exist."""
    assert "unsupported_grant_type" == lms.service_token(grant_type="password").json()["error"]


def test_consent_gives_both_tokens_and_the_person(lms: Lms) -> None:
    """The code trades for an access and a refresh token, with the person's number and name."""
    tokens = lms.consent("halloran")

    assert 3600 == tokens["expires_in"]
    assert tokens["refresh_token"]
    assert (lms.user_id("halloran"), "Priya Halloran") == (tokens["user"]["id"], tokens["user"]["name"])


def test_refresh_brings_no_new_refresh_token(lms: Lms) -> None:
    """The old refresh token stays the one to keep."""
    tokens = lms.consent()
    answer = lms.exchange(grant_type="refresh_token", refresh_token=tokens["refresh_token"]).json()

    assert "refresh_token" not in answer
    assert tokens["access_token"] != answer["access_token"]
    assert 200 == lms.api("GET", "/users/self", answer["access_token"]).status_code


def test_code_works_once_and_only_for_its_address(lms: Lms) -> None:
    """A code that was used, or comes with another redirect address, is refused."""
    world, config = lms.handle.world, lms.handle.config
    back = f"{config.tool_base}/canvas/back"
    used, moved = (world.tokens.new_code("halloran", frozenset({WRITE}), back) for _ in range(2))

    statuses = [lms.exchange(code=used, redirect_uri=back).status_code for _ in range(2)]
    statuses.append(lms.exchange(code=moved, redirect_uri=f"{back}/other").status_code)

    assert [200, 400, 400] == statuses


def test_wrong_secret_is_refused(lms: Lms) -> None:
    """The developer key's secret is needed for every user grant."""
    answer = lms.exchange(grant_type="refresh_token", refresh_token="x", client_secret="wrong")

    assert (401, "invalid_client") == (answer.status_code, answer.json()["error"])


@pytest.mark.parametrize("scope", ["", "url:POST|/api/graphql", f"{WRITE} url:GET|/api/v1/accounts"])
def test_scoped_key_refuses_other_scopes(lms: Lms, scope: str) -> None:
    """A scoped key needs scopes and knows only its own."""
    query = {
        "client_id": "10000000000001",
        "response_type": "code",
        "redirect_uri": f"{lms.handle.config.tool_base}/back",
        "state": "s",
        "scope": scope,
    }
    answer = lms.get("/login/oauth2/auth", params=query)

    assert 302 == answer.status_code
    assert ["invalid_scope"] == parse_qs(urlsplit(answer.headers["Location"]).query)["error"]


def test_cancel_goes_back_with_access_denied(lms: Lms) -> None:
    """Cancel returns to the tool with the state and the reason."""
    query = {
        "client_id": "10000000000001",
        "response_type": "code",
        "redirect_uri": f"{lms.handle.config.tool_base}/back",
        "state": "s",
        "scope": f"{WRITE} {LIST}",
        "as": "halloran",
    }
    page = lms.get("/login/oauth2/auth", params=query).text
    ticket = page.split('name="ticket" value="')[1].split('"')[0]
    answer = lms.post("/login/oauth2/accept", data={"ticket": ticket, "decision": "deny"})
    again = lms.post(
        "/login/oauth2/accept", data={"ticket": ticket, "decision": "authorize", "as": "halloran"}
    )
    returned = parse_qs(urlsplit(answer.headers["Location"]).query)

    assert "Send messages in your name" in page
    assert (["access_denied"], ["s"]) == (returned["error"], returned["state"])
    assert 400 == again.status_code


@pytest.mark.parametrize("change", [{"client_id": "1"}, {"redirect_uri": "https://evil.example/back"}])
def test_consent_never_redirects_to_strangers(lms: Lms, change: dict[str, str]) -> None:
    """An unknown key or address gets a page, not a redirect."""
    query = {
        "client_id": "10000000000001",
        "response_type": "code",
        "redirect_uri": f"{lms.handle.config.tool_base}/back",
        "scope": WRITE,
        **change,
    }

    assert 400 == lms.get("/login/oauth2/auth", params=query).status_code


def test_token_runs_out_and_comes_back(lms: Lms, clock: Clock) -> None:
    """After an hour the token is invalid and says so with WWW-Authenticate; a refresh mends it."""
    tokens = lms.consent()
    clock.turn(hours=1)
    stale = lms.api("GET", "/users/self", tokens["access_token"])
    fresh = lms.exchange(grant_type="refresh_token", refresh_token=tokens["refresh_token"]).json()

    assert (401, "Invalid access token.") == (stale.status_code, stale.json()["errors"][0]["message"])
    assert stale.headers["WWW-Authenticate"].startswith("Bearer")
    assert 200 == lms.api("GET", "/users/self", fresh["access_token"]).status_code


def test_three_meanings_of_401_differ(lms: Lms) -> None:
    """Expired, revoked and under-scoped tokens are told apart by their words."""
    expired, narrow = lms.consent()["access_token"], lms.consent(scopes=WRITE)["access_token"]
    under_scoped = lms.api("GET", "/users/self", narrow)
    lms.fault(expire_tokens=True)
    stale = lms.api("GET", "/users/self", expired)
    gone = lms.consent()
    lms.fault(revoke_tokens=True)
    revoked = lms.api("GET", "/users/self", gone["access_token"])
    refresh = lms.exchange(grant_type="refresh_token", refresh_token=gone["refresh_token"])

    assert ["Insufficient scopes on access token.", "Invalid access token.", "Revoked access token."] == [
        answer.json()["errors"][0]["message"] for answer in (under_scoped, stale, revoked)
    ]
    assert "WWW-Authenticate" not in under_scoped.headers
    assert {"error": "invalid_request", "error_description": "refresh_token not found"} == refresh.json()


def test_disconnecting_ends_the_consent(lms: Lms) -> None:
    """DELETE with the bearer ends its token and its refresh token."""
    tokens = lms.consent()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    statuses = [
        requests.delete(f"{lms.url}/login/oauth2/token", headers=headers, timeout=5).status_code,
        lms.api("GET", "/users/self", tokens["access_token"]).status_code,
        lms.exchange(grant_type="refresh_token", refresh_token=tokens["refresh_token"]).status_code,
    ]

    assert [200, 401, 400] == statuses


def test_replacing_tokens_ends_the_older_consent(lms: Lms) -> None:
    """``replace_tokens=1`` leaves one consent per person."""
    older = lms.consent("eklund")
    code = lms.handle.world.tokens.new_code("eklund", frozenset({WRITE}), "http://x/")
    lms.exchange(code=code, redirect_uri="http://x/", replace_tokens="1").raise_for_status()

    assert 401 == lms.api("GET", "/users/self", older["access_token"]).status_code


def test_consents_outlive_a_restart(tmp_path: Path, clock: Clock) -> None:
    """With a file, a refresh token works after the LMS was started again; the file is for its owner only."""
    file = tmp_path / "consents.json"
    before = Tokens(clock, file)
    code = before.new_code("halloran", frozenset({WRITE}), "http://x/")
    access, refresh, _ = before.exchange(code, "http://x/", replace_tokens=False)
    after = Tokens(clock, file)

    assert Grant(user_key="halloran", scopes=frozenset({WRITE})) == after.refresh(refresh)[1]
    assert after.find(access) is None
    assert 0o600 == file.stat().st_mode & 0o777
    before.revoke_all()
    with pytest.raises(GrantRefused):
        Tokens(clock, file).refresh(refresh)


def test_form_post_reads_a_page() -> None:
    """The tests' own reader of self-posting forms keeps special characters."""
    page = (
        '<form method="post" action="http://a/?x=1&amp;y=2"><input type="hidden" name="s" value="&lt;&#39;">'
    )

    assert ("http://a/?x=1&y=2", {"s": "<'"}) == ((read := form_post(page)).action, read.fields)
