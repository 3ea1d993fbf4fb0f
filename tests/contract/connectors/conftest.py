"""The fakes and the doers of the connector contract tests."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from tests.contract.connectors.canvas_fake import FakeCanvas
from tests.contract.connectors.doers import Scene, Watch
from tests.contract.connectors.google_doers import google, google_server, school

__all__ = ["google", "google_server", "school"]

SHARED = Path(__file__).resolve().parents[4] / "shared" / "contracts" / "canvas"


@pytest.fixture(scope="session")
def canvas_schemas() -> dict[str, Any] | None:
    """Return the shared schemas of Canvas' answers, or None in a clone without the shared folder."""
    path = SHARED / "canvas-rest.schemas.json"
    return json.loads(path.read_text(encoding="utf-8"))["$defs"] if path.exists() else None


@pytest.fixture
def watch() -> Watch:
    """Return clocks that stand still until a test moves them, and a sleep that only notes."""
    return Watch()


@pytest.fixture(scope="session")
def canvas_server() -> Iterator[HTTPServer]:
    """Return one server for all tests: starting and stopping one takes half a second."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        yield server


@pytest.fixture
def canvas(
    canvas_server: HTTPServer, watch: Watch, canvas_schemas: dict[str, Any] | None
) -> Iterator[FakeCanvas]:
    """Return a fake Canvas on loopback."""
    fake = FakeCanvas(canvas_server, watch.now, canvas_schemas)
    yield fake
    fake.released.set()
    canvas_server.check_handler_errors()
    canvas_server.clear()


@pytest.fixture
def scene(canvas: FakeCanvas, watch: Watch) -> Scene:
    """Return a teacher, a pupil, two parents and our channel, connected."""
    return Scene(canvas, watch)


@pytest.fixture
def dead_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
