"""What can go wrong on the fake Canvas: a fault answers one call instead of, or besides, the work."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable, Iterator

from werkzeug import Request, Response

from tests.contract.connectors.canvas_fake.server import FakeCanvas, Fault


def instead(status: int, text: str, kind: str = "text/html; charset=utf-8", **headers: str) -> Fault:
    """Answer this and do nothing."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda fake, request, work: Response(text, status, named, content_type=kind)


def rate_403(fake: FakeCanvas, request: Request, work: Callable[[], Response]) -> Response:
    """Refuse for the rate as self-hosted servers do."""
    return Response("403 Forbidden (Rate Limit Exceeded)\n", 403, {"X-Rate-Limit-Remaining": "0.0"})


def reset_after_read(fake: FakeCanvas, request: Request, work: Callable[[], Response]) -> Response:
    """Do the work, then cut the line: the sender cannot know."""
    work()
    return cut(fake, request, work)


def cut(fake: FakeCanvas, request: Request, work: Callable[[], Response]) -> Response:
    """Cut the line without an answer."""
    line: socket.socket = request.environ["werkzeug.socket"]
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.shutdown(socket.SHUT_RDWR)
    return Response("", 500)


def slow_body(fake: FakeCanvas, request: Request, work: Callable[[], Response]) -> Response:
    """Do the work, send the head and a piece of the body, then nothing until the test is over."""
    whole = work()
    text = whole.get_data()

    def pieces() -> Iterator[bytes]:
        yield text[:10]
        fake.released.wait(20)

    return Response(pieces(), whole.status_code, content_type="application/json")


def link_to(url: str) -> Fault:
    """Answer rightly, with a next page somewhere else."""

    def answer(fake: FakeCanvas, request: Request, work: Callable[[], Response]) -> Response:
        response = work()
        response.headers["Link"] = f'<{url}>; rel="next"'
        return response

    return answer


def then(change: Callable[[], object]) -> Fault:
    """Answer rightly; before anybody asks again, the world has changed."""

    def answer(fake: FakeCanvas, request: Request, work: Callable[[], Response]) -> Response:
        response = work()
        change()
        return response

    return answer


def rightly(fake: FakeCanvas, request: Request, work: Callable[[], Response]) -> Response:
    """Answer as always: the next fault is for a later call."""
    return work()


def doubled(fake: FakeCanvas, request: Request, work: Callable[[], Response]) -> Response:
    """Show every row of the page twice."""
    response = work()
    rows = json.loads(response.get_data())
    response.set_data(json.dumps([*rows, *rows]))
    return response


def broken_row(row: object) -> Fault:
    """Put something unreadable in place of the first row."""

    def answer(fake: FakeCanvas, request: Request, work: Callable[[], Response]) -> Response:
        response = work()
        rows = json.loads(response.get_data())
        response.set_data(json.dumps([row, *rows[1:]]))
        return response

    return answer
