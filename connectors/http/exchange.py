"""One request, one answer: the wire itself, with explicit time-outs, a size limit and nothing followed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.http.answers import Answer
from connectors.http.errors import CallError, CallTrace, NoAnswer, ProtocolFault
from connectors.http.retry import Timing
from connectors.http.routes import Body, Pairs

if TYPE_CHECKING:  # loading it takes longer than everything else here
    import requests

USER_AGENT = "Rapport/0.1 (messages between school and family)"
"""Canvas refuses calls without one. It names neither a host nor what the messages are about."""

SessionFactory = Callable[[], "requests.Session"]

_log = logging.getLogger("connectors.http")


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
    from http.cookiejar import DefaultCookiePolicy

    import requests
    from requests.adapters import HTTPAdapter

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
    from connectors.http.wire import Ending, ask, pour, trace_of

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
