"""One request, one answer: the wire itself, with explicit time-outs, a size limit and nothing followed."""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlencode

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

from connectors.http.answers import Answer
from connectors.http.errors import CallError, CallTrace, NoAnswer, ProtocolFault, Unreachable
from connectors.http.retry import Timing
from connectors.http.routes import Body, Pairs

USER_AGENT = "Rapport/0.1 (messages between school and family)"
"""Canvas refuses calls without one. It names neither a host nor what the messages are about."""

SessionFactory = Callable[[], requests.Session]

_log = logging.getLogger("connectors.http")
_PIECE = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Patience and size: seconds to connect, between pieces, in all; bytes of a body; pages of a list."""

    connect_seconds: float = 3.0
    read_seconds: float = 10.0
    total_seconds: float = 30.0
    body_bytes: int = 8 * 1024 * 1024
    pages: int = 1000


class _NoUrls(logging.Filter):
    """Keep urllib3 silent: its lines hold paths and queries. Each call is logged here, without them."""

    def filter(self, record: logging.LogRecord) -> bool:
        return False


_no_urls = _NoUrls()


def new_session(
    *, proxies: Mapping[str, str] | None = None, ca_bundle: str | None = None
) -> requests.Session:
    """Return a session that keeps no cookies, retries nothing by itself and reads no environment.

    (With the environment trusted, a ``.netrc`` would replace our bearer.) As a side effect urllib3's own
    connection log falls silent for the process: it would write queries.
    """
    logging.getLogger("urllib3.connectionpool").addFilter(_no_urls)
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.clear()
    session.headers.update(
        {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"}
    )
    session.proxies.update(proxies or {})
    if ca_bundle is not None:
        session.verify = ca_bundle
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=8, max_retries=0, pool_block=True)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Wish:
    """What is to be asked. Its representation shows the trace only."""

    trace: CallTrace
    url: str
    query: Pairs = ()
    body: Body | None = None
    bearer: str | None = None

    def __repr__(self) -> str:
        return f"Wish({self.trace})"


def exchange(session: requests.Session, wish: Wish, *, limits: Limits, timing: Timing) -> Answer:
    """Send one request and return its whole answer, whatever the status.

    Raises:
        Unreachable: nothing was sent (connection, name, certificate).
        NoAnswer: it left, and no whole answer came back in time.
        ProtocolFault: ``answer_too_large``.
    """
    began = timing.monotonic()
    result = _exchange(session, wish, limits=limits, timing=timing, deadline=began + limits.total_seconds)
    milliseconds = round((timing.monotonic() - began) * 1000)
    if isinstance(result, CallError):
        _log.info("%s %s %d ms", result.trace, result.code, milliseconds)
        # Raised here and not where it was caught, so that the library's exception, which holds the whole
        # request, does not hang behind ours.
        raise result
    _log.info("%s %d ms", result.trace, milliseconds)
    return result


def _exchange(
    session: requests.Session, wish: Wish, *, limits: Limits, timing: Timing, deadline: float
) -> Answer | CallError:
    response = ask(session, wish, limits=limits)
    if isinstance(response, CallError):
        return response
    trace = trace_of(wish.trace, response)
    body = bytearray()
    with response:
        ending = pour(response, body.extend, most=limits.body_bytes, timing=timing, deadline=deadline)
    if ending is Ending.TOO_LARGE:
        return ProtocolFault(trace, code="answer_too_large")
    if ending is Ending.BROKEN and response.status_code < 400:
        return NoAnswer(trace)
    # A refusal whose text was lost on the way is a refusal all the same.
    whole = b"" if ending is Ending.BROKEN else bytes(body)
    return Answer(trace=trace, url=response.url or wish.url, headers=response.headers, body=whole)


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
