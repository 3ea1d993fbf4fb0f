"""A running practice LMS and a tool that is only keys, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from lti_app.sandbox import SandboxConfig, SandboxHandle, run_in_thread
from tests.unit.sandbox.parts import Clock, Lms, Switch, ToolKeys


@pytest.fixture(scope="session")
def tool_keys() -> ToolKeys:
    """The tool's signing key."""
    return ToolKeys()


@pytest.fixture(scope="session")
def tool_server(tool_keys: ToolKeys) -> Iterator[HTTPServer]:
    """A server that is the tool's key set and nothing more."""
    server = HTTPServer(host="127.0.0.1", port=0)
    server.expect_request("/lti/jwks").respond_with_json(tool_keys.key_set())
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def clock() -> Clock:
    """The LMS's clock, which a test can turn."""
    return Clock()


@pytest.fixture(scope="session")
def switch() -> Switch:
    """The demo supervisor's switch."""
    return Switch()


@pytest.fixture(scope="session")
def handle(tool_server: HTTPServer, clock: Clock, switch: Switch) -> Iterator[SandboxHandle]:
    """One practice LMS for all tests: starting it makes an RSA key."""
    config = SandboxConfig(
        public_url="",
        tool_url=tool_server.url_for("").rstrip("/"),
        stage_control=switch,
        clock=clock,
    )
    with run_in_thread(config) as running:
        yield running


@pytest.fixture
def lms(handle: SandboxHandle, tool_keys: ToolKeys, clock: Clock, switch: Switch) -> Lms:
    """The LMS, empty and mended."""
    handle.world.reset()
    clock.back_to_the_start()
    switch.up = True
    return Lms(handle, tool_keys)
