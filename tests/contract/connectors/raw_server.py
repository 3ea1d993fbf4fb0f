"""A server of one line each: what a connection does is written by the test, down to the reset."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

Act = Callable[[socket.socket], None]


def _head(status: int, kind: str, size: int, extra: str) -> str:
    kept = f"Content-Type: {kind}\r\nContent-Length: {size}\r\nConnection: close\r\n{extra}\r\n"
    return f"HTTP/1.1 {status} X\r\n{kept}"


def answer(body: str, *, status: int = 200, kind: str = "application/json", extra: str = "") -> Act:
    """Answer whole."""
    head = _head(status, kind, len(body.encode()), extra)
    return lambda line: line.sendall((head + body).encode())


def half(body: str) -> Act:
    """Promise more than comes."""
    return lambda line: line.sendall((_head(200, "application/json", 999, "") + body).encode())


def reset(line: socket.socket) -> None:
    """Close hard: the other side hears that the connection was reset."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class RawServer:
    """Takes connections one by one, reads one request of each, then acts."""

    def __init__(self, *acts: Act) -> None:
        self.requests: list[bytes] = []
        self._acts = list(acts)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def __enter__(self) -> RawServer:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        # Wakes whoever waits for a connection.
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(10)

    def _serve(self) -> None:
        for act in self._acts:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line:
                self.requests.append(_request(line))
                act(line)


def _request(line: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        piece = line.recv(65_536)
        if not piece:
            return got
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    fields = dict(one.lower().partition(b":")[::2] for one in head.splitlines())
    length = int(fields.get(b"content-length", b"0"))
    while len(body) < length:
        body += line.recv(65_536)
    return head + b"\r\n\r\n" + body
