"""Reaching another system: certificates, names and proxies; what never left is called unsent."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from connectors.canvas import CanvasDialect
from connectors.http import (
    AnswerSchema,
    IdField,
    InFlightGate,
    Limits,
    Origin,
    Rejected,
    Route,
    Sent,
    Transport,
    Unknown,
    load_one,
    new_session,
)
from tests.contract.connectors.mail_server import make_certificate

LIST = Route(method="GET", template="/things")
SEND = Route(method="POST", template="/things")


@dataclass(frozen=True)
class Thing:
    id: str


class ThingSchema(AnswerSchema[Thing]):
    """A thing."""

    into = Thing
    id = IdField(required=True)


def reach(url: str, **session: object) -> Rejected | Unknown | Sent[Thing]:
    """Send one form to an address."""
    transport = Transport(
        Origin.parse(url),
        CanvasDialect(),
        gate=InFlightGate(),
        limits=Limits(connect_seconds=5, read_seconds=5),
        sessions=lambda: new_session(**session),  # type: ignore[arg-type]
    )
    return transport.send_once(SEND, (), partial(load_one, ThingSchema()))


@contextmanager
def tls_server(context: ssl.SSLContext, answer: bytes) -> Iterator[int]:
    """Serve one TLS connection: read the request, answer, close."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            line, _ = server.accept()
            try:
                with context.wrap_socket(line, server_side=True) as safe:
                    safe.recv(65_536)
                    safe.sendall(answer)
            except (ssl.SSLError, OSError):
                line.close()

        thread = threading.Thread(target=talk)
        thread.start()
        yield int(server.getsockname()[1])
        thread.join(5)


def test_a_certificate_that_proves_nothing_stops_everything(tmp_path: Path) -> None:
    """Nothing was sent: refused, and it says why."""
    _, context = make_certificate(tmp_path)
    with tls_server(context, b"") as port:
        outcome = reach(f"https://localhost:{port}")

    assert isinstance(outcome, Rejected)
    assert "certificate_refused" == outcome.error.code
    assert outcome.error.retryable


def test_the_districts_own_certificates_are_accepted(tmp_path: Path) -> None:
    """Given by parameter."""
    chain, context = make_certificate(tmp_path)
    answer = b'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"id": 4}'
    with tls_server(context, answer) as port:
        outcome = reach(f"https://localhost:{port}", ca_bundle=str(chain))

    assert isinstance(outcome, Sent)
    assert Thing("4") == outcome.value


@pytest.mark.parametrize("kind", ["no host", "no proxy", "no listener"])
def test_what_never_left_is_rejected(kind: str, dead_port: int) -> None:
    """A name that does not exist, a proxy that is not there, a closed port."""
    proxies = {"http": f"http://127.0.0.1:{dead_port}"} if kind == "no proxy" else {}
    host = "nobody.localhost" if kind == "no host" else "127.0.0.1"
    outcome = reach(f"http://{host}:{dead_port}", proxies=proxies)

    assert isinstance(outcome, Rejected)
    assert ("platform_down", True) == (outcome.error.code, outcome.error.retryable)


def test_a_broken_handshake_leaves_doubt_rather_than_certainty() -> None:
    """When in doubt it has left."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: server.accept()[0].close())
        thread.start()
        outcome = reach(f"http://127.0.0.1:{server.getsockname()[1]}")
        thread.join(5)

    assert isinstance(outcome, Unknown)
