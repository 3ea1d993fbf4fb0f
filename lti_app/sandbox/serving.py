"""Runs the practice LMS in this process: real HTTP, real SMTP, both on the loopback address."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from werkzeug.serving import WSGIRequestHandler, make_server

from lti_app.sandbox.app import create_sandbox, world_of
from lti_app.sandbox.config import SandboxConfig
from lti_app.sandbox.mailbox import MailServer
from lti_app.sandbox.wire import RAW_HEAD
from lti_app.sandbox.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class _Echo:
    """Hands lines through and remembers them."""

    def __init__(self, source: object) -> None:
        self._source = source
        self.seen: list[bytes] = []

    def readline(self, limit: int = -1) -> bytes:
        line: bytes = self._source.readline(limit)  # type: ignore[attr-defined]
        self.seen.append(line)
        return line


class RecordingHandler(WSGIRequestHandler):
    """Keeps the request head exactly as it came over the wire, and writes no access log (addresses name
    people).
    """

    raw_head = b""

    def parse_request(self) -> bool:
        """Parse as usual, with an ear at the line."""
        source, echo = self.rfile, _Echo(self.rfile)
        self.rfile = echo  # type: ignore[assignment]
        try:
            return super().parse_request()
        finally:
            self.rfile = source
            self.raw_head = self.raw_requestline + b"".join(echo.seen)

    def make_environ(self) -> WSGIEnvironment:
        """Add the untouched head."""
        return {**super().make_environ(), RAW_HEAD: self.raw_head}

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class SandboxHandle:
    """A running practice LMS; usable as a context manager."""

    def __init__(self, config: SandboxConfig, port: int, smtp_port: int) -> None:
        # Bound here and not by werkzeug, which ends the whole process when the port is taken.
        with socket.create_server(("127.0.0.1", port)) as listener:
            self.port: int = listener.getsockname()[1]
            if port == 0:
                config = replace(config, public_url=f"http://localhost:{self.port}")
            self.config = config
            app = create_sandbox(config)
            self._server = make_server(
                "127.0.0.1",
                self.port,
                app,
                threaded=True,
                request_handler=RecordingHandler,
                fd=listener.fileno(),
            )
        self.world: World = world_of(app)
        self._mail = MailServer(self.world.mailbox, smtp_port)
        self._thread = threading.Thread(target=self._server.serve_forever, name="practice-lms", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where the LMS is, without a trailing slash; also its issuer."""
        return self.config.issuer

    @property
    def smtp_port(self) -> int:
        """Where the mailbox listens on 127.0.0.1."""
        return self._mail.port

    @property
    def admin_key(self) -> str:
        """The key for ``/sandbox/*`` (header ``X-Sandbox-Key``)."""
        return self.config.admin_key

    def stop(self) -> None:
        """Stop both servers; a second call does nothing."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(timeout=5)
            self._server.server_close()
            self._mail.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def run_in_thread(config: SandboxConfig, port: int = 0, *, smtp_port: int = 0) -> SandboxHandle:
    """Start the practice LMS and its mailbox; port 0 takes any free one and then sets ``public_url`` to it.

    Raises ``OSError`` when a port is taken.
    """
    return SandboxHandle(config, port, smtp_port)
