"""How Google says no, next page, and enough: a code, a status word, and at times ``@Reason`` in the text.

Vendor's pages: "Errors" and "Access errors" (Classroom API guides), "Errors" (AIP-193), read 2026-11.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from connectors.http import Answer, NextQuery, read_retry_after
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

_REASON = re.compile(r"@([A-Za-z]{1,60}) ")

# What Google's complaints mean for us. The text itself never travels on.
_DETAILS = {
    "ClassroomApiDisabled": "classroom_disabled",
    "ClassroomDisabled": "classroom_disabled",
    "ProjectPermissionDenied": "project_denied",
    "CourseNotModifiable": "course_not_modifiable",
    "FAILED_PRECONDITION": "failed_precondition",
    "ALREADY_EXISTS": "already_exists",
    "INVALID_ARGUMENT": "invalid_argument",
    "ABORTED": "aborted",
}
_RATE_REASONS = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_QUOTA_REASONS = frozenset({"quotaExceeded", "dailyLimitExceeded"})


class GoogleDialect:
    """Google's own ways. One for all its interfaces: Classroom, Gmail, Calendar and the token endpoint."""

    def __init__(self, *, now: Callable[[], datetime] | None = None) -> None:
        self._now = now or Timing().now

    def next_link(self, answer: Answer) -> NextQuery | None:
        """Return the same question with the token of the next page; the token is opaque."""
        document = answer.json()
        token = document.get("nextPageToken") if isinstance(document, dict) else None
        return NextQuery((("pageToken", token),)) if isinstance(token, str) and token else None

    def remaining(self, answer: Answer) -> float | None:
        """Return None: Google does not say what is left of its patience."""
        return None

    def refusal(self, answer: Answer) -> CallError:
        """Return what an answer of 400 and above means."""
        trace, status = answer.trace, answer.status
        asked = read_retry_after(answer.headers.get("Retry-After"), now=self._now())
        if status >= 500:
            return _server_fault(answer, asked)
        if status == 408:
            return NoAnswer(trace)
        document = _document(answer)
        oauth = document.get("error")
        if isinstance(oauth, str):
            return _token_refusal(answer, oauth)
        error = oauth if isinstance(oauth, Mapping) else {}
        reasons = _reasons(error)
        if status == 429 or (status == 403 and reasons & _RATE_REASONS):
            return RateLimited(trace, wait_seconds=asked)
        if status == 401:
            return TokenExpired(trace)
        if status == 403:
            if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in reasons or "insufficientPermissions" in reasons:
                return ScopeMissing(trace)
            if reasons & _QUOTA_REASONS:
                # A day's quota: asking again in half a minute is of no use.
                return RateLimited(trace, retryable=False)
            return Forbidden(trace)
        if status in {404, 410}:
            return NotFoundThere(trace)
        refused = RequestRefused(trace, detail="already_exists" if "duplicate" in reasons else _detail(error))
        # Two writers met. A reader asks again (the table of lms-apis 4); a writer must look first.
        refused.retryable = error.get("status") == "ABORTED" and trace.method == "GET"
        return refused


def _server_fault(answer: Answer, asked: float | None) -> CallError:
    fault = ServerFault(answer.trace, wait_seconds=asked)
    # Google counts its 500 (INTERNAL) among those that pass; other gateways' 500 need not.
    fault.retryable = fault.retryable or answer.status == 500
    return fault


def _token_refusal(answer: Answer, error: str) -> CallError:
    """Return what the token endpoint's no means (RFC 6749, 5.2)."""
    if error == "invalid_grant":
        return ConsentLost(answer.trace)
    if error in {"unauthorized_client", "invalid_scope"}:
        # The administrator has not let this client have these scopes.
        return ScopeMissing(answer.trace)
    known = {"invalid_client", "invalid_request", "unsupported_grant_type"}
    return RequestRefused(answer.trace, detail=error if error in known else "")


def _document(answer: Answer) -> dict[str, Any]:
    """Return the body as a mapping; HTML and anything else says nothing."""
    try:
        document = json.loads(answer.body) if answer.is_json else None
    except (ValueError, RecursionError):
        document = None
    return document if isinstance(document, dict) else {}


def _reasons(error: Mapping[str, Any]) -> set[str]:
    """Return the reasons of both forms: ``errors[].reason`` and ``details[].reason``."""
    found = set()
    for key in ("errors", "details"):
        rows = error.get(key)
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and isinstance(row.get("reason"), str):
                found.add(row["reason"])
    return found


def _detail(error: Mapping[str, Any]) -> str:
    text = error.get("message")
    marked = _REASON.match(text) if isinstance(text, str) else None
    if marked is not None and marked[1] in _DETAILS:
        return _DETAILS[marked[1]]
    return _DETAILS.get(str(error.get("status")), "")
