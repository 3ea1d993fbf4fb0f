"""An adult's own consent at Google: asked for in the browser, exchanged, refreshed, revoked.

Vendor's page: "Using OAuth 2.0 for Web Server Applications" (read 2026-11); PKCE after RFC 7636.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from connectors.google_classroom.dialect import GoogleDialect
from connectors.google_classroom.routes import (
    ACCOUNTS_URL,
    AUTHORISE_PATH,
    FETCH_TOKEN,
    MINTING_URL,
    REVOKE_TOKEN,
    SIGN_IN,
)
from connectors.google_classroom.schemas import NothingSchema, TokenAnswer, TokenAnswerSchema
from connectors.http import (
    Answer,
    InFlightGate,
    Limits,
    Origin,
    Pairs,
    Route,
    Sent,
    SessionFactory,
    Timing,
    Transport,
    load_one,
    new_session,
)
from connectors.http.errors import CallTrace, ProtocolFault
from iepcore.errors import InvalidValue

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleClient:
    """The OAuth client ("Web application") that an administrator made for us in a Google Cloud project."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Consent:
    """One question to a browser: ``state`` and ``verifier`` are random, used once, bound to the session.

    The verifier stays with us (RFC 7636): whoever steals the code on its way back cannot use it.
    """

    state: str
    verifier: str

    def __repr__(self) -> str:
        return "Consent()"

    @property
    def challenge(self) -> str:
        """What the browser carries of the verifier: its SHA-256 (``S256``)."""
        return _plain64(hashlib.sha256(self.verifier.encode()).digest())


def new_consent() -> Consent:
    """Return a fresh question: 256 bits each."""
    return Consent(state=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(32))


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleGrant:
    """What an adult lent us. Both tokens are secrets: encrypted at rest, never printed.

    ``subject`` and ``email`` say who said yes at Google: the caller checks that it is the person at the
    screen. ``domain`` is the Workspace domain of the account, empty for a private one. ``is_lost``: Google no
    longer accepts it; the person connects again.
    """

    subject: str
    email: str = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scopes: tuple[str, ...] = ()
    domain: str = ""
    is_lost: bool = False


class GoogleOAuth:
    """The three grants of one OAuth client."""

    def __init__(
        self,
        client: GoogleClient,
        *,
        accounts: Origin | None = None,
        minting: Origin | None = None,
        timing: Timing | None = None,
        limits: Limits | None = None,
        sessions: SessionFactory = new_session,
    ) -> None:
        self._client = client
        self._accounts = accounts or Origin.parse(ACCOUNTS_URL)
        self._minting = minting or Origin.parse(MINTING_URL)
        self._timing = timing or Timing()
        self._limits = limits
        self._sessions = sessions

    def authorise_url(
        self, consent: Consent, *, scopes: Sequence[str], domain: str = "", hint: str = ""
    ) -> str:
        """Return where the person's browser goes.

        ``prompt=consent`` with ``access_type=offline``: only then Google hands out a refresh token each time.
        ``domain`` limits the choice of accounts in Google's window (it proves nothing; the grant does).
        ``hint`` is an account's number, never an address: it stands in a URL.

        Raises:
            InvalidValue: ``state_too_short`` below 20 characters; ``scopes_missing`` for none.
        """
        if len(consent.state) < 20 or len(consent.verifier) < 43:
            raise InvalidValue("state_too_short", field="state")
        if not scopes:
            raise InvalidValue("scopes_missing", field="scopes")
        query = {
            "client_id": self._client.client_id,
            "response_type": "code",
            "redirect_uri": self._client.redirect_uri,
            "state": consent.state,
            "code_challenge": consent.challenge,
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "consent",
            "scope": " ".join(dict.fromkeys((*SIGN_IN, *scopes))),
        }
        if domain:
            query["hd"] = domain
        if hint:
            query["login_hint"] = hint
        return f"{self._accounts}{AUTHORISE_PATH}?{urlencode(query)}"

    def exchange(self, code: str, consent: Consent) -> GoogleGrant:
        """Return the grant for the code that came back with the browser.

        The person may have ticked fewer boxes than we asked for: ``scopes`` says what was granted.

        Raises:
            CallError: ``ConsentLost`` for a used or foreign code or verifier, and whatever else can go wrong.
            ProtocolFault: ``grant_form`` when Google names nobody or gives no refresh token.
        """
        answer, trace = self._fetch(
            (
                ("grant_type", "authorization_code"),
                ("redirect_uri", self._client.redirect_uri),
                ("code", code),
                ("code_verifier", consent.verifier),
            )
        )
        told = self._told(answer, trace)
        if not answer.refresh_token:
            raise ProtocolFault(trace, code="grant_form")
        return GoogleGrant(
            subject=told["sub"],
            email=told["email"] if told.get("email_verified") is True else "",
            domain=str(told.get("hd", "")),
            access_token=answer.access_token,
            refresh_token=answer.refresh_token,
            expires_at=self._expiry(answer),
            scopes=tuple(scope for scope in answer.scope.split() if scope not in SIGN_IN),
        )

    def refresh(self, grant: GoogleGrant) -> GoogleGrant:
        """Return the grant with a fresh access token; Google sends no new refresh token, the old one stays.

        Raises:
            CallError: ``ConsentLost`` when the consent is gone (taken back, unused for six months, password
                changed with Gmail scopes, more than 100 live tokens).
        """
        answer, _ = self._fetch((("grant_type", "refresh_token"), ("refresh_token", grant.refresh_token)))
        return replace(
            grant,
            access_token=answer.access_token,
            refresh_token=answer.refresh_token or grant.refresh_token,
            expires_at=self._expiry(answer),
        )

    def revoke(self, grant: GoogleGrant) -> bool:
        """Take the consent back at Google; tell whether Google says so. Ours is deleted anyway.

        The token goes in the form (RFC 7009): in the query it would stand in logs.
        """
        token = grant.refresh_token or grant.access_token
        outcome = self._send(REVOKE_TOKEN, (("token", token),), partial(load_one, NothingSchema()))
        return isinstance(outcome, Sent)

    def _fetch(self, wish: Pairs) -> tuple[TokenAnswer, CallTrace]:
        key: Pairs = (("client_id", self._client.client_id), ("client_secret", self._client.client_secret))
        outcome = self._send(FETCH_TOKEN, (*wish, *key), partial(load_one, TokenAnswerSchema()))
        if isinstance(outcome, Sent):
            return outcome.value, outcome.trace
        raise outcome.error

    def _send(self, route: Route, form: Pairs, load: Callable[[Answer], _T]) -> Any:
        transport = Transport(
            self._minting,
            GoogleDialect(now=self._timing.now),
            gate=InFlightGate(start=1, most=1),
            timing=self._timing,
            limits=self._limits,
            sessions=self._sessions,
        )
        try:
            return transport.send_once(route, form, load)
        finally:
            transport.close()

    def _told(self, answer: TokenAnswer, trace: CallTrace) -> dict[str, Any]:
        """Return who said yes.

        The ID token came straight from the token endpoint over TLS, in answer to our secret: OpenID Connect
        Core 1.0, 3.1.3.7 (6), lets TLS stand for its signature. A token from a browser is never read here.
        """
        try:
            body = answer.id_token.split(".")[1]
            told = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        except (IndexError, ValueError):
            told = None
        fits = (
            isinstance(told, dict)
            and told.get("aud") == self._client.client_id
            and told.get("iss") in {ACCOUNTS_URL, "accounts.google.com"}
            and all(isinstance(told.get(key), str) and told[key] for key in ("sub", "email"))
        )
        if not fits or not isinstance(told, dict):
            raise ProtocolFault(trace, code="grant_form")
        return told

    def _expiry(self, answer: TokenAnswer) -> datetime:
        return self._timing.now() + timedelta(seconds=answer.expires_in)


def _plain64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
