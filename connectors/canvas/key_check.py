"""What a developer key may do, asked of Canvas itself without anybody's token.

Canvas checks the key, its redirect address and its scopes before it asks anybody to sign in
(``oauth2_provider_controller.rb``, read 2026-11): the address that a browser would open says what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from connectors.canvas.dialect import CanvasDialect
from connectors.canvas.oauth import DeveloperKey
from connectors.canvas.routes import ASK_KEY, AUTHORISE_PATH
from connectors.http import Answer, Limits, Origin, SessionFactory, Timing, new_session
from connectors.http.errors import CallTrace, RequestRefused
from connectors.http.exchange import Wish, exchange

NO_SUCH_SCOPE = "url:GET|/api/v1/no_such_call"
"""A key that knows this one too enforces no scopes at all."""

_NOT_GRANTED = re.compile(r"not granted:\s*(.*)", re.DOTALL)
_STATE = "asking-what-the-key-may-do"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAnswer:
    """Of the scopes asked for, those that the key has; ``enforced``: whether it has any limits."""

    granted: frozenset[str]
    enforced: bool


class KeyCheck:
    """Asks one Canvas about one key."""

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
        self._limits = limits or Limits()
        self._sessions = sessions

    def ask(self, scopes: Iterable[str]) -> KeyAnswer:
        """Return which of these scopes the key has: one request, or one for each scope of an older Canvas
        that does not name those it lacks.

        Raises:
            CallError: no answer; ``RequestRefused`` with the detail ``invalid_client`` (no such key, or
                another secret's), ``redirect_uri`` (ours is not among the key's), ``key_off`` (the key is not
                switched on for this account).
        """
        wanted = tuple(dict.fromkeys(scopes))
        lacking = self._lacking((*wanted, NO_SUCH_SCOPE))
        if lacking is None:
            lacking = frozenset(scope for scope in (*wanted, NO_SUCH_SCOPE) if self._lacks(scope))
        return KeyAnswer(granted=frozenset(wanted) - lacking, enforced=NO_SUCH_SCOPE in lacking)

    def _lacks(self, scope: str) -> bool:
        lacking = self._lacking((scope,))
        return lacking is None or bool(lacking)

    def _lacking(self, scopes: tuple[str, ...]) -> frozenset[str] | None:
        """Return the scopes that the key lacks, or None when Canvas says only that some are lacking."""
        answer = self._visit(scopes)
        if answer.status >= 400:
            if b'"invalid_scope"' in answer.body:
                return self._named(answer.body.decode("utf-8", errors="replace"), scopes)
            raise _refusal(answer)
        target = answer.headers.get("Location", "")
        query = parse_qs(urlsplit(target).query)
        error = query.get("error", [""])[0]
        if not error or not target.startswith(self._key.redirect_uri):
            return frozenset()  # on to signing in
        if error != "invalid_scope":
            raise RequestRefused(answer.trace, detail="key_off" if error == "unauthorized_client" else "")
        return self._named(query.get("error_description", [""])[0], scopes)

    @staticmethod
    def _named(text: str, scopes: tuple[str, ...]) -> frozenset[str] | None:
        listed = _NOT_GRANTED.search(text)
        if listed is None:
            return None
        words = set(re.split(r"[\s,\"}]+", listed[1].rstrip(".")))
        return frozenset(scope for scope in scopes if scope in words) or None

    def _visit(self, scopes: tuple[str, ...]) -> Answer:
        query = {
            "client_id": self._key.client_id,
            "response_type": "code",
            "redirect_uri": self._key.redirect_uri,
            "state": _STATE,
            "scope": " ".join(scopes),
        }
        trace = CallTrace(method=ASK_KEY.method, template=ASK_KEY.template)
        wish = Wish(trace=trace, url=f"{self._origin}{AUTHORISE_PATH}?{urlencode(query)}")
        with self._sessions() as session:
            return exchange(session, wish, limits=self._limits, timing=self._timing)


def _refusal(answer: Answer) -> Exception:
    text = answer.body[:5000].decode("utf-8", errors="replace").lower()
    if "redirect_uri" in text or "redirect does not match" in text:
        return RequestRefused(answer.trace, detail="redirect_uri")
    if "invalid_client" in text or "unknown client" in text:
        return RequestRefused(answer.trace, detail="invalid_client")
    return CanvasDialect().refusal(answer)
