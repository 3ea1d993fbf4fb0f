"""How Canvas says no, next page, and enough: three meanings of 401, two of 403, told apart by their text."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from connectors.http import Answer, Origin, next_in_link_header, read_retry_after
from connectors.http.errors import (
    CallError,
    ConsentLost,
    Forbidden,
    NoAnswer,
    NotFoundThere,
    RateLimited,
    RequestRefused,
    ScopeMissing,
    ServerFault,
    TokenExpired,
)
from connectors.http.retry import Timing

_IN_FLIGHT_COST = 50.0
_LEAK_PER_SECOND = 10.0
_LONGEST_WAIT = 30.0

# Complaints of the conversations endpoint that have a meaning for us. The text itself never travels on.
_DETAILS = {
    ("recipients", "invalid"): "recipients_invalid",
    ("recipients", "blank"): "recipients_invalid",
    ("recipients", "restricted by role"): "recipients_restricted",
    ("body", "blank"): "body_blank",
    ("context_code", "invalid"): "context_invalid",
}


class CanvasDialect:
    """Canvas' own ways (``request_throttle.rb``, ``api.rb``, observed error texts).

    ``also``: other addresses of the same Canvas, named by its administrator. A school's own domain may stand
    in links where we were told the vendor's, or the other way round. The token goes to neither: such a link
    is followed at the address we were told. Any other host in a link ends the list (``next_elsewhere``).
    """

    def __init__(self, *, now: Callable[[], datetime] | None = None, also: Collection[Origin] = ()) -> None:
        self._now = now or Timing().now
        self._also = tuple(also)

    def next_link(self, answer: Answer) -> str | None:
        """Return the ``next`` of the ``Link`` header; Canvas' bookmarks are opaque."""
        link = next_in_link_header(answer.headers.get("Link"))
        if link is not None and any(origin.holds(link) for origin in self._also):
            parts = urlsplit(link)
            return urlunsplit(("", "", parts.path, parts.query, ""))
        return link

    def remaining(self, answer: Answer) -> float | None:
        """Return what the bucket of this token still holds."""
        try:
            return float(answer.headers["X-Rate-Limit-Remaining"])
        except (KeyError, ValueError):
            return None

    def refusal(self, answer: Answer) -> CallError:
        """Return what an answer of 400 and above means."""
        trace, status = answer.trace, answer.status
        asked = read_retry_after(answer.headers.get("Retry-After"), now=self._now())
        text = answer.body[:20_000].decode("utf-8", errors="replace").lower()
        if status == 429 or (status == 403 and "rate limit exceeded" in text):
            return RateLimited(trace, wait_seconds=self._bucket_wait(answer) if asked is None else asked)
        if status >= 500:
            return ServerFault(trace, wait_seconds=asked)
        if status == 408:
            return NoAnswer(trace)
        if '"invalid_client"' in text:
            return RequestRefused(trace, detail="invalid_client")
        if status == 401:
            return _unauthorised(answer, text)
        if status == 403:
            return Forbidden(trace)
        if status in {404, 410}:
            return NotFoundThere(trace)
        if '"invalid_grant"' in text or "refresh_token not found" in text:
            return ConsentLost(trace)
        return RequestRefused(trace, detail=_detail(_document(answer)))

    def _bucket_wait(self, answer: Answer) -> float:
        """Return the seconds until the bucket has leaked enough for one more request."""
        remaining = self.remaining(answer)
        wait = (_IN_FLIGHT_COST - (0.0 if remaining is None else remaining)) / _LEAK_PER_SECOND
        return min(_LONGEST_WAIT, max(1.0, wait))


def _unauthorised(answer: Answer, text: str) -> CallError:
    """Tell the meanings of 401 apart. Only what speaks of the token itself may lead to a refresh."""
    if "insufficient scopes" in text:
        return ScopeMissing(answer.trace)
    if "revoked access token" in text:
        return ConsentLost(answer.trace)
    if "user not authorized" in text:
        return Forbidden(answer.trace)
    return TokenExpired(answer.trace)


def _document(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None


def _detail(document: Any) -> str:
    """Return our code for the first complaint we know, in any of the shapes Canvas uses, or an empty text."""
    listed = document.get("errors") if isinstance(document, dict) else document
    if isinstance(listed, dict):
        listed = [entry for entries in listed.values() if isinstance(entries, list) for entry in entries]
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict):
            about = str(entry.get("attribute") or entry.get("field"))
            known = _DETAILS.get((about, str(entry.get("message"))))
            if known is not None:
                return known
    return ""
