"""Sign-in with Google: OpenID Connect's code flow with PKCE, in a window of its own, once per state.

Google's pages refuse to be framed, so a frame opens a window; the window begins and ends on our own origin
and is bound to its browser by a cookie there. Documents: OpenID Connect Core 1.0 (3.1), RFC 7636, Google's
"OpenID Connect" guide (``hd``, ``login_hint``).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from connectors.google_classroom.routes import ADD_ON_SCOPES
from connectors.http.errors import CallError
from lti_app.doors.google.asking import fetch_token
from lti_app.doors.google.clients import GoogleClient, google_client
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.parts import Parts
from lti_app.doors.records import LaunchState
from lti_app.session.tokens import hash_of

BACK_PATH = "/classroom/back"
STATE_FOR = timedelta(minutes=10)
LEEWAY_SECONDS = 60
OLDEST_SECONDS = 600
LARGEST_TOKEN = 32 * 1024
PROFILE = ("openid", "email", "profile")
_JWS = JWSRegistry(algorithms=["RS256"], strict_check_header=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who signed in: who Google says they are, and their own short-lived token.

    ``domain`` is a domain of the client's that is on. ``email`` only where Google verified it.
    """

    client_id: str
    subject: str
    domain: str
    access_token: str = field(repr=False)
    expires_at: float
    name: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    locale: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way to Google: where the window goes, and what ties it to this browser."""

    url: str
    state: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """A window that came back. ``challenge`` names the frame that waits for it; empty for none."""

    person: Person
    client: GoogleClient
    challenge: str


def begin(here: Parts, client: GoogleClient, *, challenge: str, hint: str) -> Way:
    """Start a sign-in. ``challenge`` is the SHA-256 of what the waiting frame alone knows; empty for our own
    page, which asks for no scope of Classroom's. ``hint`` is Google's number of the account to use.
    """
    now = here.clock()
    state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    here.doors.add_launch_state(
        LaunchState(
            state_hash=hash_of("google:" + state),
            nonce=nonce,
            registration_id=client.id,
            target_link_uri=here.settings.url(BACK_PATH),
            storage_target=challenge or None,
            created_at=now,
            expires_at=now + STATE_FOR,
            again=hint or None,
        )
    )
    query = {
        "client_id": client.client_id,
        "response_type": "code",
        "redirect_uri": here.settings.url(BACK_PATH),
        "scope": " ".join((*PROFILE, *ADD_ON_SCOPES) if challenge else PROFILE),
        "state": state,
        "nonce": nonce,
        "code_challenge": _challenge_of(_verifier(here, state)),
        "code_challenge_method": "S256",
        "access_type": "online",
        "hd": client.domains[0] if len(client.domains) == 1 else "*",
    }
    query |= {"login_hint": hint} if hint else {"prompt": "select_account"}
    return Way(
        url=f"{client.endpoints.auth_url}?{urlencode(query)}",
        state=state,
        proof=here.seal.proof("google:" + state),
    )


def finish(
    here: Parts,
    *,
    state: str,
    code: str,
    proof: str | None,
    found: Callable[[GoogleClient], None] = lambda _: None,
) -> CameBack:
    """Return who signed in. The state is used up whatever happens; ``found`` hears whose client it was.

    Raises:
        LaunchRefused: with the reason.
        CallError: when Google refuses the code or does not answer.
    """
    record = here.doors.take_launch_state(hash_of("google:" + state), at=here.clock()) if state else None
    if record is None:
        raise LaunchRefused("google_state", status=401, page="launch_used")
    client = google_client(here.doors, record.registration_id)
    if client is None:
        raise LaunchRefused("registration_disabled", status=401)
    found(client)
    if not here.seal.proves(proof, "google:" + state):
        raise LaunchRefused("google_browser", status=401, page="cookies_refused")
    if not code:
        raise LaunchRefused("google_declined", status=401, page="platform_said_no")
    try:
        answer = fetch_token(
            client, code=code, verifier=_verifier(here, state), redirect_uri=here.settings.url(BACK_PATH)
        )
    except CallError as refusal:
        if refusal.retryable or refusal.may_have_happened:
            raise
        raise LaunchRefused("google_code:" + refusal.code, status=401) from None
    told = verify(here, client, answer.id_token, nonce=record.nonce)
    if record.again is not None and told["sub"] != record.again:
        # Another account than the one at Classroom: nothing is opened for either.
        raise LaunchRefused("google_other_account", status=403, page="other_account")
    lives = min(max(answer.expires_in, 0), 3600)
    person = Person(
        client_id=str(client.id),
        subject=told["sub"],
        domain=told["hd"],
        access_token=answer.access_token,
        expires_at=here.clock().timestamp() + lives,
        name=_short(told.get("name")),
        email=_short(told.get("email")) if told.get("email_verified") is True else None,
        locale=_short(told.get("locale")),
    )
    return CameBack(person=person, client=client, challenge=record.storage_target or "")


def verify(here: Parts, client: GoogleClient, token: str, *, nonce: str) -> Mapping[str, Any]:
    """Return the body of an ID token after every check of OpenID Connect Core 3.1.3.7, and of its domain.

    Raises:
        LaunchRefused: with the reason.
    """
    kid = _kid_of(token)
    key = here.platform_keys.find(client.endpoints.jwks_url, kid)
    try:
        body = jwt.decode(token, key, registry=_JWS).claims
    except (JoseError, ValueError, TypeError, RecursionError):
        raise LaunchRefused("id_token_signature", status=401) from None
    issuer = client.endpoints.issuer
    if body.get("iss") not in (issuer, issuer.partition("://")[2]):  # Google sends both spellings
        raise LaunchRefused("id_token_iss", status=401)
    if body.get("aud") != client.client_id or body.get("azp", client.client_id) != client.client_id:
        raise LaunchRefused("id_token_aud", status=401)
    _check_times(body, here.clock())
    said = body.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise LaunchRefused("nonce", status=401)
    subject = body.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isascii():
        raise LaunchRefused("id_token_sub", status=401)
    if body.get("hd") not in client.domains:
        # Also everybody without ``hd``: a private account belongs to no school.
        raise LaunchRefused("google_domain", status=403, page="other_account")
    return body


def _check_times(body: Mapping[str, Any], now: datetime) -> None:
    issued, expires = _seconds(body.get("iat")), _seconds(body.get("exp"))
    moment = now.timestamp()
    if expires <= moment - LEEWAY_SECONDS:
        raise LaunchRefused("id_token_expired", status=401, page="launch_late")
    if issued > moment + LEEWAY_SECONDS or moment - issued > OLDEST_SECONDS + LEEWAY_SECONDS:
        raise LaunchRefused("id_token_old", status=401, page="launch_late")


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise LaunchRefused("id_token_times", status=401)
    return float(value)


def _kid_of(token: str) -> str:
    if len(token) > LARGEST_TOKEN or not token.isascii() or token.count(".") != 2:
        raise LaunchRefused("id_token_format", status=401)
    part = token.partition(".")[0]
    try:
        header = json.loads(base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        raise LaunchRefused("id_token_format", status=401) from None
    kid = header.get("kid") if isinstance(header, dict) else None
    if not isinstance(kid, str) or not 0 < len(kid) <= 512 or header.get("alg") != "RS256":
        raise LaunchRefused("id_token_kid", status=401)
    if "crit" in header:
        raise LaunchRefused("id_token_crit", status=401)
    return kid


def _verifier(here: Parts, state: str) -> str:
    """Return the PKCE verifier of a state: derived under our key, so that nothing of it is kept."""
    return here.seal.proof("pkce:" + state)


def _challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _short(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= 255 else None
