"""The wire: requests and urllib3, loaded by the first call and not by whoever imports a connector."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping
from enum import Enum
from urllib.parse import urlencode

import requests
import urllib3.exceptions
from requests.structures import CaseInsensitiveDict

from connectors.http.errors import CallError, CallTrace, NoAnswer, Unreachable
from connectors.http.exchange import Limits, Wish
from connectors.http.retry import Timing

_PIECE = 65_536


def ask(session: requests.Session, wish: Wish, *, limits: Limits) -> requests.Response | CallError:
    """Send one request; return its answer with the body still to be read, or what went wrong."""
    headers = {} if wish.bearer is None else {"Authorization": f"Bearer {wish.bearer}"}
    patience = (limits.connect_seconds, limits.read_seconds)
    try:
        if wish.trace.method == "GET" and wish.body is None:
            return _get(session, wish, headers, patience)
        data: list[tuple[str, str]] | bytes | None = None
        if isinstance(wish.body, Mapping):
            data = json.dumps(wish.body, ensure_ascii=False, separators=(",", ":")).encode()
            headers["Content-Type"] = "application/json"
        elif wish.body is not None:
            data = list(wish.body)
        return session.request(
            wish.trace.method,
            wish.url,
            params=list(wish.query) or None,
            data=data,
            headers=headers,
            timeout=patience,
            allow_redirects=False,
            stream=True,
        )
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as problem:
        return _failure(wish.trace, problem)


def _get(
    session: requests.Session, wish: Wish, headers: Mapping[str, str], patience: tuple[float, float]
) -> requests.Response:
    """Read by the session's adapter itself: what a session adds (cookies, redirects, its environment) is what
    we leave out anyway, and takes a third of the time of a request."""
    prepared = requests.PreparedRequest()
    prepared.method = wish.trace.method
    prepared.url = f"{wish.url}?{urlencode(wish.query)}" if wish.query else wish.url
    prepared.headers = CaseInsensitiveDict({**session.headers, **headers})  # type: ignore[arg-type]
    return session.get_adapter(wish.url).send(
        prepared,
        stream=True,
        timeout=patience,
        verify=session.verify if session.verify is not None else True,
        cert=session.cert,
        proxies=session.proxies,
    )


def trace_of(trace: CallTrace, response: requests.Response) -> CallTrace:
    """Return the trace of a call that was answered."""
    return CallTrace(
        method=trace.method,
        template=trace.template,
        status=response.status_code,
        request_id=response.headers.get("X-Request-Id") or response.headers.get("X-Request-Context-Id"),
    )


class Ending(Enum):
    """How the reading of a body ended."""

    WHOLE = "whole"
    TOO_LARGE = "too large"
    BROKEN = "broken"


def pour(
    response: requests.Response,
    take: Callable[[bytes], object],
    *,
    most: int,
    timing: Timing,
    deadline: float,
) -> Ending:
    """Give the unpacked body to ``take`` piece by piece, at most ``most`` bytes of it, until ``deadline``."""
    size = 0
    while True:
        if timing.monotonic() > deadline:
            return Ending.BROKEN
        try:
            piece = response.raw.read1(_PIECE, decode_content=True)
        except (urllib3.exceptions.HTTPError, OSError):
            return Ending.BROKEN
        if not piece:
            return Ending.WHOLE
        size += len(piece)
        if size > most:
            return Ending.TOO_LARGE
        take(piece)


def _failure(trace: CallTrace, problem: Exception) -> Unreachable:
    """Tell whether the request can have left. When in doubt it has."""
    cause: object = problem.args[0] if problem.args else None
    reason = cause.reason if isinstance(cause, urllib3.exceptions.MaxRetryError) else cause
    if isinstance(reason, urllib3.exceptions.SSLError) and any(
        isinstance(detail, ssl.SSLCertVerificationError) for detail in reason.args
    ):
        return Unreachable(trace, code="certificate_refused")
    before = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
    no_proxy = isinstance(problem, requests.exceptions.ProxyError)
    if no_proxy or isinstance(problem, requests.ConnectTimeout) or isinstance(reason, before):
        return Unreachable(trace)
    return NoAnswer(trace)
