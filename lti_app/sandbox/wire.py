"""What left the building: every delivery as it came in, byte by byte, with time and receiver."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

RAW_HEAD = "lti_app.sandbox.raw_head"
MASKED = "Bearer …".encode()
_AUTHORIZATION = re.compile(rb"(?im)^(authorization:[ \t]*)[^\r\n]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing that arrived for delivery; ``raw`` is what came over the wire, the credential masked."""

    number: int
    at: datetime
    channel: str
    receiver: str
    raw: bytes

    def as_json(self) -> dict[str, Any]:
        """For the inspection route: the bytes as text (undecodable ones escaped) and as hexadecimal."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "channel": self.channel,
            "receiver": self.receiver,
            "size": len(self.raw),
            "raw": self.raw.decode("utf-8", "backslashreplace"),
            "raw_hex": self.raw.hex(),
        }


class Wire:
    """The list of deliveries, oldest first."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._deliveries: list[Delivery] = []
        self._next = 1

    def record(self, channel: str, receiver: str, raw: bytes) -> Delivery:
        """Keep one delivery."""
        with self._lock:
            delivery = Delivery(
                number=self._next, at=self._clock(), channel=channel, receiver=receiver, raw=raw
            )
            self._next += 1
            self._deliveries.append(delivery)
        return delivery

    def all(self) -> list[Delivery]:
        """Every delivery, oldest first."""
        with self._lock:
            return list(self._deliveries)

    def clear(self) -> None:
        """Forget everything; numbers go on."""
        with self._lock:
            self._deliveries.clear()


def request_bytes(environ: WSGIEnvironment, body: bytes) -> bytes:
    """Request line, headers and body as received, the ``Authorization`` value replaced.

    The server hands the head over untouched (``serving.RecordingHandler``); under any other WSGI server it is
    put together again from the environment.
    """
    head: bytes = environ.get(RAW_HEAD) or _rebuilt_head(environ)
    return _AUTHORIZATION.sub(lambda line: line[1] + MASKED, head) + body


def _rebuilt_head(environ: WSGIEnvironment) -> bytes:
    query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
    lines = [
        f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '/')}{query} {environ.get('SERVER_PROTOCOL')}"
    ]
    lines += [f"{name}: {value}" for name, value in _headers(environ)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _headers(environ: WSGIEnvironment) -> Iterable[tuple[str, str]]:
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            yield key[5:].replace("_", "-").title(), str(value)
        elif key in {"CONTENT_TYPE", "CONTENT_LENGTH"} and value:
            yield key.replace("_", "-").title(), str(value)
