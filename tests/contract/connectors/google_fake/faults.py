"""Ways in which Google, or the road to it, goes wrong; each is a `Fault` for the next calls of a method."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable, Iterator

from werkzeug import Request, Response

from tests.contract.connectors.google_fake.server import FakeGoogle, Fault

Work = Callable[[], Response]


def instead(status: int, text: str, kind: str, headers: dict[str, str] | None = None) -> Fault:
    """Answer something else and do nothing."""

    def fault(fake: FakeGoogle, request: Request, work: Work) -> Response:
        return Response(text, status, headers, content_type=kind)

    return fault


def refuse(status: int, word: str, message: str = "no", headers: dict[str, str] | None = None) -> Fault:
    """Refuse in Google's form."""
    document = {"error": {"code": status, "message": message, "status": word}}
    return instead(status, json.dumps(document), "application/json", headers)


def html(status: int) -> Fault:
    """Answer as a gateway of theirs does when nobody stands behind it."""
    return instead(status, "<html><title>Error</title></html>", "text/html; charset=UTF-8")


def good(fake: FakeGoogle, request: Request, work: Work) -> Response:
    """Answer as usual."""
    return work()


def lost_after(fake: FakeGoogle, request: Request, work: Work) -> Response:
    """Do it, and cut the line: whoever asked cannot know."""
    work()
    return cut(fake, request, work)


def cut(fake: FakeGoogle, request: Request, work: Work) -> Response:
    """Cut the line without an answer."""
    line: socket.socket = request.environ["werkzeug.socket"]
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.shutdown(socket.SHUT_RDWR)
    return Response("", 500)


def slow(fake: FakeGoogle, request: Request, work: Work) -> Response:
    """Begin to answer and stop until the test lets go."""

    def pieces() -> Iterator[bytes]:
        yield b"{"
        fake.released.wait(30)
        yield b"}"

    return Response(pieces(), 200, content_type="application/json")


def before(change: Callable[[], object]) -> Fault:
    """Let something happen in the world just before the answer."""

    def fault(fake: FakeGoogle, request: Request, work: Work) -> Response:
        change()
        return work()

    return fault
