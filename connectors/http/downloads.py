"""Files that another system hands out by address: without our token, with a limit, into a temporary file."""

from __future__ import annotations

import logging
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import urljoin, urlsplit

from connectors.http.answers import Answer
from connectors.http.errors import CallError, CallTrace, NoAnswer, NoRoomHere, ProtocolFault
from connectors.http.exchange import Limits, Wish
from connectors.http.retry import Timing
from connectors.http.routes import Origin
from connectors.http.wire import Ending, ask, pour, trace_of
from iepcore.errors import InvalidValue

if TYPE_CHECKING:
    import requests

FILE_TRACE = CallTrace(method="GET", template="(file)")
"""What a log may say of it: the address itself is often all that is needed to read the file."""

_HOPS = 3
_log = logging.getLogger("connectors.http")


def fetch_file(
    session: requests.Session,
    address: str,
    home: Origin,
    *,
    most_bytes: int,
    seconds: float,
    limits: Limits,
    timing: Timing,
) -> BinaryIO | Answer:
    """Return the file at an address, open at its beginning and gone when closed; or the refusal.

    Stores of files lie on other hosts and send on: up to three redirects are followed. No token, no cookie
    and no ``Referer`` goes along. The address must be https (or lie at ``home``), and a platform out in the
    world cannot send us to an address inside our own network.

    Raises:
        ProtocolFault: ``file_elsewhere``, ``redirected`` (too often), ``answer_too_large``, ``not_a_file``
            (a page of HTML).
        Unreachable, NoAnswer: as with any call.
        NoRoomHere: the disk.
    """
    began = timing.monotonic()
    result = _follow(session, address, home, most_bytes, began + seconds, limits, timing)
    milliseconds = round((timing.monotonic() - began) * 1000)
    if isinstance(result, CallError):
        _log.info("%s %s %d ms", result.trace, result.code, milliseconds)
        raise result
    _log.info("%s %d ms", result.trace if isinstance(result, Answer) else FILE_TRACE, milliseconds)
    return result


def _follow(
    session: requests.Session,
    address: str,
    home: Origin,
    most_bytes: int,
    deadline: float,
    limits: Limits,
    timing: Timing,
) -> BinaryIO | Answer | CallError:
    for _ in range(_HOPS + 1):
        if not _may_go(address, home):
            return ProtocolFault(FILE_TRACE, code="file_elsewhere")
        response = ask(session, Wish(trace=FILE_TRACE, url=address), limits=limits)
        if isinstance(response, CallError):
            return response
        with response:
            trace = trace_of(FILE_TRACE, response)
            if response.status_code in {301, 302, 303, 307, 308}:
                try:
                    address = urljoin(address, response.headers.get("Location", ""))
                except ValueError:
                    address = ""
                continue
            if response.status_code >= 400:
                return _refusal(response, trace, deadline, limits, timing)
            kind = response.headers.get("Content-Type", "").lower()
            if response.status_code != 200 or kind.startswith("text/html"):
                return ProtocolFault(trace, code="not_a_file")
            return _keep(response, trace, most_bytes, deadline, timing)
    return ProtocolFault(FILE_TRACE, code="redirected")


def _may_go(address: str, home: Origin) -> bool:
    if home.holds(address):
        return True
    try:
        parts = urlsplit(address)
        there = Origin.parse(f"{parts.scheme}://{parts.netloc}")
    except (ValueError, InvalidValue):
        return False
    return home.is_near or not there.is_near


def _refusal(
    response: requests.Response, trace: CallTrace, deadline: float, limits: Limits, timing: Timing
) -> Answer:
    body = bytearray()
    pour(response, body.extend, most=limits.body_bytes, timing=timing, deadline=deadline)
    return Answer(trace=trace, url="", headers=response.headers, body=bytes(body))


def _keep(
    response: requests.Response, trace: CallTrace, most_bytes: int, deadline: float, timing: Timing
) -> BinaryIO | CallError:
    """Return the body as a file without a name, or why not; nothing stays on the disk then."""
    kept: BinaryIO | None = None
    try:
        kept = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it
        ending = pour(response, kept.write, most=most_bytes, timing=timing, deadline=deadline)
        if ending is Ending.WHOLE:
            # Flushes: a disk that is full says so here at the latest.
            kept.seek(0)
            return kept
    except OSError:
        ending = None
    if kept is not None:
        with suppress(OSError):
            kept.close()
    if ending is None:
        return NoRoomHere(trace)
    return NoAnswer(trace) if ending is Ending.BROKEN else ProtocolFault(trace, code="answer_too_large")
