"""Tokens of a service account that acts for somebody of its domain, and for nobody who is not listed.

Vendor's pages: "Using OAuth 2.0 for Server to Server Applications", "Domain-wide delegation best practices"
(read 2026-11). Such a key can act as ANY user of the domain for the scopes that the administrator allowed.
So two lists of ours stand before it: whom it may act for, and what it may ask; both are looked at before
anything is signed. google-auth signs and mints; it is loaded with the first token only (its import costs more
than this whole connector's).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import parse_qsl, urlsplit

from connectors.google_classroom.dialect import GoogleDialect
from connectors.google_classroom.routes import DELEGATED_SCOPES, FETCH_TOKEN, MINTING_URL
from connectors.http import Limits, Origin, SessionFactory, Timing, new_session
from connectors.http.errors import CallTrace, ProtocolFault
from connectors.http.exchange import Wish, exchange
from connectors.http.lent_tokens import EARLY
from iepcore.errors import IepError, InvalidValue

if TYPE_CHECKING:
    from google.oauth2.service_account import Credentials

_TRACE = CallTrace(method=FETCH_TOKEN.method, template=FETCH_TOKEN.template)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccount:
    """The key file of a service account, as Google hands it out. The key is never printed.

    ``client_id`` is the number an administrator enters under "Domain-wide delegation".
    """

    email: str
    client_id: str
    key_id: str
    private_key: str = field(repr=False)
    token_url: str

    @classmethod
    def parse(cls, text: str, *, minting: Origin | None = None) -> Self:
        """Return the account of a key file's text.

        The file says itself where its signed word goes; only Google's own address is believed.

        Raises:
            InvalidValue: ``service_key_form`` when it is no such file, ``service_key_elsewhere`` when it
                names another address. No word of the file is repeated.
        """
        home = minting or Origin.parse(MINTING_URL)
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            told = None
        names = ("client_email", "client_id", "private_key_id", "private_key", "token_uri")
        if not isinstance(told, dict) or told.get("type") != "service_account":
            raise InvalidValue("service_key_form", field="key")
        if not all(isinstance(told.get(name), str) and told[name] for name in names):
            raise InvalidValue("service_key_form", field="key")
        if not home.holds(told["token_uri"]) or urlsplit(told["token_uri"]).path != FETCH_TOKEN.template:
            raise InvalidValue("service_key_elsewhere", field="key")
        return cls(
            email=told["client_email"],
            client_id=told["client_id"],
            key_id=told["private_key_id"],
            private_key=told["private_key"],
            token_url=told["token_uri"],
        )


class Delegation:
    """One service account with the people it may act for. Share one between threads."""

    def __init__(
        self,
        account: ServiceAccount,
        subjects: Collection[str],
        *,
        timing: Timing | None = None,
        limits: Limits | None = None,
        sessions: SessionFactory = new_session,
    ) -> None:
        """``subjects`` are the mail addresses of accounts of the domain, compared without case."""
        self._account = account
        self._subjects = frozenset(one.strip().casefold() for one in subjects)
        self._timing = timing or Timing()
        self._limits = limits or Limits()
        self._sessions = sessions

    def tokens(self, subject: str, scopes: Sequence[str]) -> DelegatedTokens:
        """Return the token source of one person for these scopes.

        Raises:
            InvalidValue: ``subject_not_listed``; ``scopes_missing`` for none, ``scope_not_allowed`` for one
                that is neither a reading one of ours nor the sending of a mail.
        """
        if not subject.strip() or subject.strip().casefold() not in self._subjects:
            raise InvalidValue("subject_not_listed", field="subject")
        if not scopes:
            raise InvalidValue("scopes_missing", field="scopes")
        if not DELEGATED_SCOPES.issuperset(scopes):
            raise InvalidValue("scope_not_allowed", field="scopes")
        return DelegatedTokens(subject.strip(), tuple(scopes), mint=self)

    def __repr__(self) -> str:
        return f"Delegation({self._account.email!r}, {len(self._subjects)} listed)"

    @property
    def timing(self) -> Timing:
        """The clocks."""
        return self._timing

    def mint(self, subject: str, scopes: Sequence[str]) -> tuple[str, timedelta]:
        """Return a fresh token and how long it lives. Called by ``DelegatedTokens`` only.

        Raises:
            CallError: ``ScopeMissing`` while the administrator has not allowed these scopes, ``ConsentLost``
                for a key that was taken back or a person who is gone, and whatever else can go wrong.
            InvalidValue: ``service_key_form`` when the key cannot be used.
        """
        credentials = self._credentials(subject, scopes)
        began = datetime.now(UTC)
        done = _refresh(credentials, self._wire)
        if not done or not credentials.token or credentials.expiry is None:
            raise ProtocolFault(_TRACE, code="grant_form")
        return str(credentials.token), credentials.expiry.replace(tzinfo=UTC) - began

    def _credentials(self, subject: str, scopes: Sequence[str]) -> Credentials:
        from google.oauth2.service_account import Credentials

        told = {
            "type": "service_account",
            "client_email": self._account.email,
            "private_key_id": self._account.key_id,
            "private_key": self._account.private_key,
            "token_uri": self._account.token_url,
        }
        try:
            return cast(
                "Credentials",
                Credentials.from_service_account_info(told, scopes=scopes, subject=subject),  # type: ignore[no-untyped-call]
            )
        except ValueError:  # what the key's parser says may quote the key
            pass
        raise InvalidValue("service_key_form", field="key")

    def _wire(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> _Reply:
        """Carry google-auth's one request by our own road: time-outs, size limit, log without words."""
        if url != self._account.token_url or method != "POST":
            raise ProtocolFault(_TRACE, code="next_elsewhere")
        wish = Wish(trace=_TRACE, url=url, body=tuple(parse_qsl((body or b"").decode())))
        with self._sessions() as session:
            answer = exchange(session, wish, limits=self._limits, timing=self._timing)
        if answer.status >= 400:
            raise GoogleDialect(now=self._timing.now).refusal(answer)
        if answer.status != 200:
            raise ProtocolFault(answer.trace, code="redirected")
        answer.json()
        return _Reply(status=answer.status, headers=answer.headers, data=answer.body)


class DelegatedTokens:
    """A ``TokenSource`` for one person of the domain: one minting at a time, others wait and use its result.

    The token lives in memory only; there is nothing to store and nobody to ask again.
    """

    def __init__(self, subject: str, scopes: tuple[str, ...], *, mint: Delegation) -> None:
        self._subject = subject
        self._scopes = scopes
        self._mint = mint
        self._lock = threading.Lock()
        self._held = ""
        self._refused = ""
        self._until: datetime | None = None

    def token(self) -> str:
        """Return a token that should work for another minute.

        Raises:
            CallError: see ``Delegation.mint``.
        """
        with self._lock:
            now = self._mint.timing.now()
            fresh = self._until is not None and self._until - EARLY > now
            if fresh and self._held != self._refused:
                return self._held
            self._held, lives = self._mint.mint(self._subject, self._scopes)
            self._until = now + lives
            return self._held

    def invalidate(self, token: str) -> None:
        """Remember that Google refused this very token."""
        with self._lock:
            self._refused = token

    def __repr__(self) -> str:
        return f"DelegatedTokens({len(self._scopes)} scopes)"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Reply:
    """What google-auth reads of an answer."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def _refresh(credentials: Credentials, wire: Callable[..., _Reply]) -> bool:
    """Let google-auth ask once. Its own errors, which repeat the answer's text, go no further.

    The wire raises by itself for all but a good answer: google-auth would wait and ask again with clocks of
    its own.
    """
    try:
        credentials.refresh(wire)  # type: ignore[no-untyped-call]
    except IepError:
        raise
    except Exception:
        return False
    return True
