"""Consent at Google and the service account: asked for, exchanged, refreshed once, taken back, limited."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug import Request, Response

from connectors.google_classroom import (
    GMAIL_SCOPES,
    Consent,
    GoogleOAuth,
    new_consent,
)
from connectors.http import Limits
from connectors.http.errors import (
    ConsentLost,
    NoAnswer,
    ProtocolFault,
    RequestRefused,
    ServerFault,
)
from iepcore.errors import InvalidValue
from tests.contract.connectors.google_doers import EVERYTHING, School
from tests.contract.connectors.google_fake.faults import cut, good, html, instead, slow
from tests.contract.connectors.google_fake.server import FakeGoogle, Fault
from tests.contract.connectors.google_fake.tokens import CLIENT_ID, REDIRECT, Code

TOKEN = ("POST", "/token")
REVOKE = ("POST", "/revoke")
TEACHER = "jordan.lee@school.example"


def test_the_question_has_everything_that_a_lasting_consent_needs(school: School) -> None:
    """PKCE, state, offline access, and only the scopes asked for with who it is."""
    consent = new_consent()
    url = urlsplit(
        school.oauth.authorise_url(consent, scopes=GMAIL_SCOPES, domain="school.example", hint="1107")
    )
    query = {name: values[0] for name, values in parse_qs(url.query).items()}

    assert "/o/oauth2/v2/auth" == url.path
    assert {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "state": consent.state,
        "code_challenge": consent.challenge,
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
        "scope": "openid email https://www.googleapis.com/auth/gmail.send",
        "hd": "school.example",
        "login_hint": "1107",
    } == query
    assert consent.verifier not in url.query
    assert "Consent()" == repr(consent)


def test_the_question_goes_to_google(school: School) -> None:
    """Without an address of a test's own."""
    from connectors.google_classroom import GoogleClient

    oauth = GoogleOAuth(GoogleClient(client_id="a", client_secret="b", redirect_uri="https://c.example/d"))
    url = oauth.authorise_url(new_consent(), scopes=GMAIL_SCOPES)
    assert url.startswith("https://accounts.google.com/o/oauth2/v2/auth?")


@pytest.mark.parametrize(
    ("consent", "scopes"),
    [
        (Consent(state="short", verifier="v" * 43), GMAIL_SCOPES),
        (Consent(state="s" * 43, verifier="short"), GMAIL_SCOPES),
        (Consent(state="s" * 43, verifier="v" * 43), ()),
    ],
    ids=["state", "verifier", "no scopes"],
)
def test_a_careless_question_is_refused(school: School, consent: Consent, scopes: tuple[str, ...]) -> None:
    """A guessable state or verifier, or no question at all."""
    with pytest.raises(InvalidValue):
        school.oauth.authorise_url(consent, scopes=scopes)


def ask(school: School, consent: Consent, scopes: frozenset[str] = EVERYTHING) -> str:
    """Let the teacher say yes in the browser; return the code that comes back."""
    school.google.desk.codes["4/code"] = Code(school.teacher.id, scopes, consent.challenge)
    return "4/code"


def test_a_code_becomes_a_grant(school: School) -> None:
    """With who said yes, both tokens, an end, and the scopes that were really granted."""
    consent = new_consent()
    granted = frozenset(GMAIL_SCOPES)

    grant = school.oauth.exchange(ask(school, consent, granted), consent)

    assert (school.teacher.id, TEACHER, "school.example") == (grant.subject, grant.email, grant.domain)
    assert GMAIL_SCOPES == grant.scopes
    assert school.watch.at + timedelta(seconds=3599) == grant.expires_at
    assert grant.refresh_token in school.google.desk.refreshes
    for secret in (grant.access_token, grant.refresh_token, TEACHER):
        assert secret not in repr(grant)


def test_a_stolen_code_is_of_no_use(school: School) -> None:
    """Without the verifier, and a second time."""
    consent = new_consent()
    code = ask(school, consent)

    with pytest.raises(ConsentLost):
        school.oauth.exchange(code, new_consent())
    with pytest.raises(ConsentLost):
        school.oauth.exchange(code, consent)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "somebody-else"},
        {"iss": "https://evil.example"},
        {"sub": ""},
        {"email": None},
    ],
    ids=str,
)
def test_a_token_of_somebody_else_is_no_grant(school: School, changes: dict[str, object]) -> None:
    """Made for another client, by another issuer, or of nobody."""
    token = school.google.desk.id_token(school.teacher.id, **changes)
    body = {"access_token": "a", "refresh_token": "r", "expires_in": 3599, "id_token": token}
    school.google.fault(*TOKEN, instead(200, json.dumps(body), "application/json"))

    with pytest.raises(ProtocolFault):
        school.oauth.exchange("4/code", new_consent())


@pytest.mark.parametrize("id_token", ["", "a.b", "x.eyJ.z", "a.bm8.c"])
def test_half_an_answer_is_no_grant(school: School, id_token: str) -> None:
    """A broken token of identity, or none."""
    body = {"access_token": "a", "refresh_token": "r", "id_token": id_token}
    school.google.fault(*TOKEN, instead(200, json.dumps(body), "application/json"))

    with pytest.raises(ProtocolFault):
        school.oauth.exchange("4/code", new_consent())


def test_a_grant_needs_something_to_refresh_with(school: School) -> None:
    """An answer without a refresh token would end after an hour."""
    body = {"access_token": "a", "id_token": school.google.desk.id_token(school.teacher.id)}
    school.google.fault(*TOKEN, instead(200, json.dumps(body), "application/json"))

    with pytest.raises(ProtocolFault):
        school.oauth.exchange("4/code", new_consent())


def test_an_unverified_address_is_not_told(school: School) -> None:
    """Only Google's own word makes it the person's."""
    token = school.google.desk.id_token(school.teacher.id, email_verified=False)
    body = {"access_token": "a", "refresh_token": "r", "id_token": token}
    school.google.fault(*TOKEN, instead(200, json.dumps(body), "application/json"))

    assert "" == school.oauth.exchange("4/code", new_consent()).email


def test_a_fresh_token_is_used_as_it_is(school: School) -> None:
    """Nobody asks the token endpoint before the last minute."""
    grant = school.connect()

    assert grant.access_token == school.tokens().token()
    assert [] == school.google.calls(*TOKEN)


def test_a_refresh_keeps_the_old_refresh_token(school: School) -> None:
    """Google sends no new one; the store learns the new access token."""
    grant = school.connect(seconds=59)

    token = school.tokens().token()

    kept = school.grants.kept[school.teacher_id]
    assert token == kept.access_token != grant.access_token
    assert grant.refresh_token == kept.refresh_token
    assert school.watch.at + timedelta(seconds=3599) == kept.expires_at


def test_many_who_wait_cause_one_refresh(school: School) -> None:
    """One lock per adult: the others take what the first one got."""
    school.connect(seconds=0)
    tokens = school.tokens()
    begin = threading.Barrier(8)

    def ask_for_one(_: int) -> str:
        begin.wait(30)
        return tokens.token()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(ask_for_one, range(8)))

    assert 1 == len(found)
    assert 1 == len(school.google.calls(*TOKEN))


def test_a_refused_token_is_replaced_once_for_all(school: School) -> None:
    """A second complaint about the old one changes nothing."""
    school.connect()
    tokens = school.tokens()
    old = tokens.token()
    tokens.invalidate(old)
    new = tokens.token()
    tokens.invalidate(old)

    assert new == tokens.token() != old
    assert 1 == len(school.google.calls(*TOKEN))


def test_a_lost_consent_is_stored_and_not_asked_about_again(school: School) -> None:
    """invalid_grant: the person connects again."""
    school.connect(seconds=0)
    school.google.desk.forget(school.teacher.id)
    tokens = school.tokens()

    for _ in range(2):
        with pytest.raises(ConsentLost):
            tokens.token()

    kept = school.grants.kept[school.teacher_id]
    assert (True, "", "") == (kept.is_lost, kept.access_token, kept.refresh_token)
    assert 1 == len(school.google.calls(*TOKEN))


def test_a_new_consent_is_not_marked_by_the_old_ones_end(school: School) -> None:
    """The person connected again while the old token was being asked about."""
    school.connect(seconds=0)
    school.google.desk.forget(school.teacher.id)
    new = replace(school.grants.kept[school.teacher_id], access_token="new", refresh_token="new")
    tokens = school.tokens()
    answer = refuse_grant(lambda: school.grants.kept.__setitem__(school.teacher_id, new))
    school.google.fault(*TOKEN, answer)

    with pytest.raises(ConsentLost):
        tokens.token()
    assert new == school.grants.kept[school.teacher_id]


def refuse_grant(change: Callable[[], None]) -> Fault:
    """Return a fault that lets something happen, then says invalid_grant."""

    def fault(fake: FakeGoogle, request: Request, work: Callable[[], Response]) -> Response:
        change()
        return instead(400, '{"error": "invalid_grant"}', "application/json")(fake, request, work)

    return fault


@pytest.mark.parametrize(("fault", "error"), [(html(503), ServerFault), (cut, NoAnswer)], ids=["503", "cut"])
def test_a_silent_token_endpoint_loses_no_consent(
    school: School, fault: Fault, error: type[Exception]
) -> None:
    """It may answer in a minute."""
    school.connect(seconds=0)
    school.google.fault(*TOKEN, fault, good)
    tokens = school.tokens()

    with pytest.raises(error):
        tokens.token()
    assert not school.grants.kept[school.teacher_id].is_lost
    assert tokens.token()


def test_a_slow_token_endpoint_is_left(school: School) -> None:
    """After our own time."""
    school.connect(seconds=0)
    school.google.fault(*TOKEN, slow)
    oauth = school.make_oauth(limits=Limits(read_seconds=0.2))

    with pytest.raises(NoAnswer):
        oauth.refresh(school.grants.kept[school.teacher_id])


def test_a_wrong_client_is_the_administrators_matter(school: School) -> None:
    """Not the teacher's, whose consent stays."""
    school.google.fault(*TOKEN, instead(401, '{"error": "invalid_client"}', "application/json"))

    with pytest.raises(RequestRefused) as caught:
        school.oauth.refresh(school.connect())
    assert "invalid_client" == caught.value.detail


def test_a_consent_is_taken_back_without_a_token_in_the_query(school: School) -> None:
    """In the form; a second time Google says that it does not know it."""
    grant = school.connect()

    assert school.oauth.revoke(grant)
    assert not school.oauth.revoke(grant)
    assert ["", ""] == [one.query for one in school.google.calls(*REVOKE)]
    assert all(token.revoked for token in school.google.desk.tokens.values())
