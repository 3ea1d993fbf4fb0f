"""A platform's key set over time: rotation, outages, slowness and caching, cases S4, S8, S9 and S32."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from iepcore.errors import Busy
from lti_app.doors.lti.platform_keys import FRESH_FOR, RETRY_EVERY, PlatformKeys
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.memory import MemoryDoorStore
from lti_app.doors.records import KeySet
from tests.contract.lti.conftest import Stage
from tests.contract.lti.platform import public_jwk, rsa_key
from tests.contract.lti.test_bad_launches import assert_refused
from tests.contract.lti.tool import MovingClock, has_session

PUBLISHED = json.dumps({"keys": [public_jwk(rsa_key("platform-1"))]})


@contextmanager
def dripping(every_seconds: float) -> Iterator[str]:
    """Serve an endless answer, one byte at a time, and yield its address."""
    over = threading.Event()

    def drip(server: socket.socket) -> None:
        client, _ = server.accept()
        with client:
            client.recv(4096)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not over.wait(every_seconds):
                try:
                    client.sendall(b" ")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        over.set()
        thread.join()


def test_key_set_that_drips(stage: Stage) -> None:
    """S4: an answer that never ends, byte by byte, costs the deadline and no more."""
    keys = PlatformKeys(clock=stage.clock, timeout_seconds=(1, 1), deadline_seconds=0.2)
    began = time.monotonic()
    with dripping(0.02) as url, pytest.raises(LaunchRefused, match="jwks_malformed"):
        keys.find(url, "kid")
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("status", [500, 404], ids=["S8-broken", "S8-gone"])
def test_launches_go_on_for_a_day(stage: Stage, status: int) -> None:
    """With the key set away launches go on for 24 hours after it was last seen, and then stop."""
    assert has_session(stage.launch())
    stage.platform.key_set_status = status
    for _ in range(23):
        stage.clock.forward(hours=1)
        assert has_session(stage.launch())
    stage.clock.forward(minutes=59)
    assert has_session(stage.launch())
    stage.clock.forward(minutes=1)
    assert_refused(stage.launch())


def test_key_set_that_comes_back(stage: Stage) -> None:
    """S8: after an outage of more than a day the first launch finds the keys again."""
    stage.launch()
    stage.platform.key_set_status = 500
    stage.clock.forward(hours=30)
    assert_refused(stage.launch())
    stage.platform.key_set_status = 200
    assert_refused(stage.launch())  # asked a moment ago
    stage.clock.forward(seconds=31)
    assert has_session(stage.launch())


def test_outage_is_not_felt_at_each_launch(stage: Stage) -> None:
    """S8: while old keys still open launches, an unreachable key set is asked for every five minutes."""
    stage.launch()
    stage.platform.key_set_status = 500
    stage.clock.forward(seconds=FRESH_FOR.total_seconds())
    for _ in range(10):
        assert has_session(stage.launch())
        stage.clock.forward(seconds=RETRY_EVERY.total_seconds() / 5)
    assert 1 + 2 == stage.platform.key_set_requests


def test_nobody_waits_for_somebody_elses_question(httpserver: HTTPServer) -> None:
    """S8: while one launch asks a slow platform again, another goes on with the key that is there."""
    asked, go_on = threading.Event(), threading.Event()
    answers = [PUBLISHED, PUBLISHED]

    def slow(_: Request) -> Response:
        if len(answers) == 1:
            asked.set()
            go_on.wait(30)
        return Response(answers.pop(0), content_type="application/json")

    httpserver.expect_request("/keys").respond_with_handler(slow)
    clock = MovingClock()
    keys = PlatformKeys(clock=clock, timeout_seconds=(30, 30))
    url = httpserver.url_for("/keys")
    first = keys.find(url, "platform-1")
    clock.forward(hours=2)
    waiting = threading.Thread(target=keys.find, args=(url, "platform-1"))
    waiting.start()
    assert asked.wait(30)
    assert first is keys.find(url, "platform-1")
    go_on.set()
    waiting.join(30)
    assert [] == answers


def test_key_that_was_withdrawn(stage: Stage) -> None:
    """S8: a key the platform no longer publishes stops opening launches when the set is asked for again."""
    stage.launch()
    old = stage.platform.key
    stage.platform.rotate("platform-2", keep_old=False)
    stage.clock.forward(seconds=FRESH_FOR.total_seconds())
    assert has_session(stage.launch())
    assert_refused(stage.launch(key=old))


@pytest.mark.parametrize(
    ("header", "minutes"),
    [
        pytest.param("public, max-age=600", 10, id="S8-ten-minutes"),
        pytest.param("max-age=0, must-revalidate", 5, id="S8-at-least-five"),
        pytest.param("max-age=864000", 60, id="S8-at-most-an-hour"),
        pytest.param("no-store", 60, id="S8-silent"),
    ],
)
def test_platform_says_how_long(httpserver: HTTPServer, header: str, minutes: int) -> None:
    """The platform's max-age is honoured between five minutes and an hour."""
    times: list[Any] = []

    def serve(_: Request) -> Response:
        times.append(clock.now)
        return Response(PUBLISHED, headers={"Cache-Control": header}, content_type="application/json")

    httpserver.expect_request("/keys").respond_with_handler(serve)
    clock = MovingClock()
    keys = PlatformKeys(clock=clock)
    began = clock.now
    for _ in range(130):
        keys.find(httpserver.url_for("/keys"), "platform-1")
        clock.forward(minutes=1)
    assert [began, began + timedelta(minutes=minutes)] == times[:2]


def test_redirect_to_another_host_is_not_followed(stage: Stage, httpserver: HTTPServer) -> None:
    """S32: a key set address that redirects elsewhere is a refusal; the other address is not asked."""
    asked: list[Request] = []

    def elsewhere(request: Request) -> Response:
        asked.append(request)
        return Response(PUBLISHED, content_type="application/json")

    httpserver.expect_request("/elsewhere").respond_with_handler(elsewhere)
    httpserver.expect_request("/moved").respond_with_data(
        "", status=302, headers={"Location": httpserver.url_for("/elsewhere")}
    )
    keys = PlatformKeys(clock=stage.clock)
    with pytest.raises(LaunchRefused, match="jwks_unreachable"):
        keys.find(httpserver.url_for("/moved"), "platform-1")
    assert [] == asked


class Forgetful(MemoryDoorStore):
    """A store that is away."""

    def key_set(self, url: str) -> KeySet | None:
        raise Busy

    def save_key_set(self, key_set: KeySet) -> None:
        raise Busy


def test_keys_outlive_a_restart(httpserver: HTTPServer) -> None:
    """S4: a server that starts during an outage goes on with the last good key set for its day."""
    httpserver.expect_oneshot_request("/keys").respond_with_data(PUBLISHED, content_type="application/json")
    url, clock, doors = httpserver.url_for("/keys"), MovingClock(), MemoryDoorStore()
    PlatformKeys(clock=clock, kept=doors).find(url, "platform-1")

    clock.forward(hours=23)
    PlatformKeys(clock=clock, kept=doors).find(url, "platform-1")

    clock.forward(hours=2)
    with pytest.raises(LaunchRefused, match="jwks_unreachable"):
        PlatformKeys(clock=clock, kept=doors).find(url, "platform-1")


def test_a_second_process_need_not_ask(httpserver: HTTPServer) -> None:
    """S8: what one process fetched within the hour, another one starts with."""
    httpserver.expect_oneshot_request("/keys").respond_with_data(PUBLISHED, content_type="application/json")
    url, clock, doors = httpserver.url_for("/keys"), MovingClock(), MemoryDoorStore()
    for _ in range(2):
        PlatformKeys(clock=clock, kept=doors).find(url, "platform-1")

    httpserver.check_assertions()
    assert 1 == len(httpserver.log)


@pytest.mark.parametrize("kept", ["[", "{}", '{"keys": 7}'])
def test_a_kept_set_that_cannot_be_read_costs_a_question(httpserver: HTTPServer, kept: str) -> None:
    """S4: what is wrong in the store is asked for again; a store that is away costs no launch."""
    httpserver.expect_request("/keys").respond_with_data(PUBLISHED, content_type="application/json")
    url, clock, doors = httpserver.url_for("/keys"), MovingClock(), MemoryDoorStore()
    doors.save_key_set(KeySet(url=url, document=kept, fetched_at=clock.now, fresh_seconds=3600))

    assert PlatformKeys(clock=clock, kept=doors).find(url, "platform-1")
    assert PlatformKeys(clock=clock, kept=Forgetful()).find(url, "platform-1")
