"""A teacher's own consent in Canvas: asked for in the browser, exchanged, refreshed, revoked.

Vendor's page: "OAuth2 Endpoints" (instructure developer documentation, read 2026-11).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from urllib.parse import urlencode

from connectors.canvas.dialect import CanvasDialect
from connectors.canvas.features import CHANNEL_SCOPES
from connectors.canvas.routes import AUTHORISE_PATH, FETCH_TOKEN, REVOKE_TOKEN
from connectors.canvas.schemas import NothingSchema, TokenAnswer, TokenAnswerSchema
from connectors.http import (
    InFlightGate,
    LentGrants,
    Limits,
    Origin,
    Pairs,
    Sent,
    SessionFactory,
    Timing,
    Transport,
    load_one,
    new_session,
)
from connectors.http.errors import CallTrace, ProtocolFault
from iepcore.errors import InvalidValue

PURPOSE = "Rapport"
"""Shown to the teacher in Canvas beside the token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeveloperKey:
    """The key an administrator made for us in Canvas, with its enforced scopes."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a teacher lent us. Both tokens are secrets: encrypted at rest, never printed.

    ``canvas_user_id`` is who said yes in Canvas: the caller checks that it is the person at the screen.
    ``is_lost``: Canvas no longer accepts it; the teacher connects again.
    """

    canvas_user_id: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scopes: tuple[str, ...] = ()
    is_lost: bool = False


class GrantStore(LentGrants[Grant], Protocol):
    """Where grants are kept, for one site and one Canvas."""


class CanvasOAuth:
    """The three grants of one Canvas with one developer key."""

    def __init__(
        self,
        origin: Origin,
        key: DeveloperKey,
        *,
        timing: Timing | None = None,
        limits: Limits | None = None,
        sessions: SessionFactory = new_session,
    ) -> None:
        self._origin = origin
        self._key = key
        self._timing = timing or Timing()
        self._limits = limits
        self._sessions = sessions

    def authorise_url(self, *, state: str, scopes: Sequence[str] = CHANNEL_SCOPES) -> str:
        """Return where the teacher's browser goes. ``state`` is random, single use, bound to the session.

        Raises:
            InvalidValue: ``state_too_short`` below 20 characters; ``scopes_missing`` for none (such a
                token could do everything the teacher can).
        """
        if len(state) < 20:
            raise InvalidValue("state_too_short", field="state")
        if not scopes:
            raise InvalidValue("scopes_missing", field="scopes")
        query = {
            "client_id": self._key.client_id,
            "response_type": "code",
            "redirect_uri": self._key.redirect_uri,
            "state": state,
            "scope": " ".join(scopes),
            "purpose": PURPOSE,
        }
        return f"{self._origin}{AUTHORISE_PATH}?{urlencode(query)}"

    def exchange(self, code: str, *, scopes: Sequence[str] = CHANNEL_SCOPES) -> Grant:
        """Return the grant for the code that came back with the browser.

        Raises:
            CallError: ``ConsentLost`` for a used or foreign code, and whatever else can go wrong.
            ProtocolFault: ``grant_form`` when Canvas names no user or gives no refresh token.
        """
        answer, trace = self._fetch(
            (
                ("grant_type", "authorization_code"),
                ("redirect_uri", self._key.redirect_uri),
                ("code", code),
            )
        )
        if answer.user is None or not answer.refresh_token:
            raise ProtocolFault(trace, code="grant_form")
        return Grant(
            canvas_user_id=answer.user.id,
            access_token=answer.access_token,
            refresh_token=answer.refresh_token,
            expires_at=self._expiry(answer),
            scopes=tuple(answer.scope.split()) or tuple(scopes),
        )

    def refresh(self, grant: Grant) -> Grant:
        """Return the grant with a fresh access token; Canvas sends no new refresh token, the old one stays.

        Raises:
            CallError: ``ConsentLost`` when the consent is gone.
        """
        answer, _ = self._fetch((("grant_type", "refresh_token"), ("refresh_token", grant.refresh_token)))
        return replace(
            grant,
            access_token=answer.access_token,
            refresh_token=answer.refresh_token or grant.refresh_token,
            expires_at=self._expiry(answer),
        )

    def revoke(self, grant: Grant) -> bool:
        """Take the consent back in Canvas; tell whether Canvas says so. Ours is deleted anyway."""
        transport = self._transport(_OneToken(grant.access_token))
        outcome = transport.send_once(REVOKE_TOKEN, (), partial(load_one, NothingSchema()))
        transport.close()
        return isinstance(outcome, Sent)

    def _fetch(self, wish: Pairs) -> tuple[TokenAnswer, CallTrace]:
        transport = self._transport(None)
        key: Pairs = (("client_id", self._key.client_id), ("client_secret", self._key.client_secret))
        outcome = transport.send_once(FETCH_TOKEN, (*wish, *key), partial(load_one, TokenAnswerSchema()))
        transport.close()
        if isinstance(outcome, Sent):
            return outcome.value, outcome.trace
        raise outcome.error

    def _transport(self, tokens: _OneToken | None) -> Transport:
        return Transport(
            self._origin,
            CanvasDialect(now=self._timing.now),
            gate=InFlightGate(start=1, most=1, timing=self._timing),
            tokens=tokens,
            timing=self._timing,
            limits=self._limits,
            sessions=self._sessions,
        )

    def _expiry(self, answer: TokenAnswer) -> datetime:
        return self._timing.now() + timedelta(seconds=answer.expires_in)


@dataclass(frozen=True, slots=True)
class _OneToken:
    """The token itself; there is no other."""

    value: str = field(repr=False)

    def token(self) -> str:
        return self.value

    def invalidate(self, token: str) -> None:
        """Do nothing: it cannot be replaced."""
