"""Access tokens, refresh tokens and codes of the practice LMS (rules: Canvas
``doc/api/oauth_endpoints.md``).
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

TOKEN_SECONDS = 3600
CODE_SECONDS = 600


class GrantRefused(Exception):
    """A code or refresh token that does not work; the text is the ``error_description``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """One bearer token; ``user_key`` is none for LTI services, which act for nobody."""

    scopes: frozenset[str]
    user_key: str | None
    refresh_token: str | None
    expires_at: datetime
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One authorisation code, good once."""

    user_key: str
    scopes: frozenset[str]
    redirect_uri: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a refresh token stands for: one person's consent."""

    user_key: str
    scopes: frozenset[str]


class Tokens:
    """All tokens in memory; every method is safe from several threads."""

    def __init__(self, clock: Callable[[], datetime], consents_file: Path | None = None) -> None:
        self._clock = clock
        self._consents_file = consents_file
        self._lock = threading.Lock()
        self._access: dict[str, AccessToken] = {}
        self._grants = _read_consents(consents_file)
        self._codes: dict[str, Code] = {}
        self._assertion_ids: set[str] = set()

    def issue(
        self, scopes: frozenset[str], *, user_key: str | None = None, refresh_token: str | None = None
    ) -> str:
        """A new access token, good for an hour."""
        token = f"practice~{secrets.token_urlsafe(32)}"
        ends = self._clock() + timedelta(seconds=TOKEN_SECONDS)
        with self._lock:
            self._access[token] = AccessToken(
                scopes=scopes, user_key=user_key, refresh_token=refresh_token, expires_at=ends
            )
        return token

    def new_code(self, user_key: str, scopes: frozenset[str], redirect_uri: str) -> str:
        """A code for the consent just given."""
        code = secrets.token_urlsafe(32)
        ends = self._clock() + timedelta(seconds=CODE_SECONDS)
        with self._lock:
            self._codes[code] = Code(
                user_key=user_key, scopes=scopes, redirect_uri=redirect_uri, expires_at=ends
            )
        return code

    def exchange(self, code: str, redirect_uri: str, *, replace_tokens: bool) -> tuple[str, str, Grant]:
        """Trade a code for an access and a refresh token; raises :class:`GrantRefused`."""
        with self._lock:
            known = self._codes.pop(code, None)
            if known is None or self._clock() >= known.expires_at:
                raise GrantRefused("authorization_code not found")
            if redirect_uri != known.redirect_uri:
                raise GrantRefused("redirect_uri does not match the one of the authorization request")
            grant = Grant(user_key=known.user_key, scopes=known.scopes)
            if replace_tokens:
                self._drop_grants_of(known.user_key)
            refresh = f"practice-refresh~{secrets.token_urlsafe(32)}"
            self._grants[refresh] = grant
            self._write_consents()
        return self.issue(grant.scopes, user_key=grant.user_key, refresh_token=refresh), refresh, grant

    def refresh(self, refresh_token: str) -> tuple[str, Grant]:
        """A new access token; the refresh token stays the same. Raises :class:`GrantRefused`."""
        with self._lock:
            grant = self._grants.get(refresh_token)
        if grant is None:
            raise GrantRefused("refresh_token not found")
        return self.issue(grant.scopes, user_key=grant.user_key, refresh_token=refresh_token), grant

    def find(self, token: str) -> AccessToken | None:
        """What this bearer text stands for, expired and revoked ones included."""
        with self._lock:
            return self._access.get(token)

    def is_current(self, token: AccessToken) -> bool:
        """Whether the token's hour is not over."""
        return self._clock() < token.expires_at

    def revoke(self, token: str) -> bool:
        """End one consent: this token, its siblings and the refresh token."""
        with self._lock:
            known = self._access.get(token)
            if known is None:
                return False
            refresh = known.refresh_token
            if refresh is not None:
                self._grants.pop(refresh, None)
                self._write_consents()
            for text, other in self._access.items():
                if text == token or (refresh is not None and other.refresh_token == refresh):
                    self._access[text] = replace(other, revoked=True)
        return True

    def expire_all(self) -> None:
        """Let every access token issued so far run out now; refresh tokens stay good."""
        with self._lock:
            for text, token in self._access.items():
                self._access[text] = replace(token, expires_at=self._clock())

    def revoke_all(self) -> None:
        """End every person's consent, as an administrator who deletes the developer key would."""
        with self._lock:
            self._grants.clear()
            self._write_consents()
            for text, token in self._access.items():
                if token.user_key is not None:
                    self._access[text] = replace(token, revoked=True)

    def first_use(self, assertion_id: str) -> bool:
        """Whether a client assertion's ``jti`` was never seen before; remembers it."""
        with self._lock:
            if assertion_id in self._assertion_ids:
                return False
            self._assertion_ids.add(assertion_id)
            return True

    def _drop_grants_of(self, user_key: str) -> None:
        gone = [text for text, grant in self._grants.items() if grant.user_key == user_key]
        for text in gone:
            del self._grants[text]
        for text, token in self._access.items():
            if token.refresh_token in gone:
                self._access[text] = replace(token, revoked=True)

    def _write_consents(self) -> None:
        if self._consents_file is None:
            return
        kept = {text: {"user": g.user_key, "scopes": sorted(g.scopes)} for text, g in self._grants.items()}
        draft = self._consents_file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(kept), "utf-8")
        draft.replace(self._consents_file)


def _read_consents(path: Path | None) -> dict[str, Grant]:
    if path is None or not path.exists():
        return {}
    raw: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return {text: Grant(user_key=g["user"], scopes=frozenset(g["scopes"])) for text, g in raw.items()}
