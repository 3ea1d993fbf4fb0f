"""Files by address: without our token, within a limit, and gone when closed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.canvas import CanvasDialect
from connectors.http import InFlightGate, Limits, Origin, RetryLaw, Transport
from connectors.http.errors import CallError, Forbidden, NoAnswer, NoRoomHere, ProtocolFault, ServerFault
from tests.contract.connectors.doers import Watch
from tests.contract.connectors.raw_server import RawServer, answer, half

SHEET = "id,name\n1,x\n" * 1000


class Token:
    """A token that must stay home."""

    def token(self) -> str:
        """Return it."""
        return "staysathome"

    def invalidate(self, token: str) -> None:
        """Nothing."""


def calls(watch: Watch, home: str) -> Transport:
    """Return a transport at home somewhere."""
    return Transport(
        Origin.parse(home.rstrip("/")),
        CanvasDialect(now=watch.now),
        gate=InFlightGate(),
        tokens=Token(),
        timing=watch.timing,
        law=RetryLaw(attempts=2),
        limits=Limits(connect_seconds=5, read_seconds=20),
    )


@pytest.fixture
def store(canvas_server: HTTPServer) -> Iterator[HTTPServer]:
    """Return a store of files."""
    yield canvas_server
    canvas_server.clear()


@pytest.mark.parametrize("home", ["http://127.0.0.1:1", None])
def test_a_file_comes_without_our_token(store: HTTPServer, watch: Watch, home: str | None) -> None:
    """From another origin, and from our own: what it needs stands in its address."""
    seen: list[Request] = []

    def give(request: Request) -> Response:
        seen.append(request)
        return Response(SHEET, content_type="text/csv", headers={"Set-Cookie": "s=1"})

    store.expect_request("/f", query_string="verifier=abc").respond_with_handler(give)

    with calls(watch, home or store.url_for("")).download(store.url_for("/f?verifier=abc")) as file:
        assert SHEET.encode() == file.read()
    assert "Authorization" not in seen[0].headers
    assert "Cookie" not in seen[0].headers
    assert "Referer" not in seen[0].headers


def test_stores_send_on(store: HTTPServer, watch: Watch) -> None:
    """A redirect is followed, three times at most."""
    store.expect_request("/a").respond_with_data("", 302, headers={"Location": "/b"})
    store.expect_request("/b").respond_with_data(SHEET, content_type="text/csv")
    store.expect_request("/round").respond_with_data("", 302, headers={"Location": "/round"})
    transport = calls(watch, store.url_for(""))

    with transport.download(store.url_for("/a")) as file:
        assert SHEET.encode() == file.read()
    with pytest.raises(ProtocolFault) as caught:
        transport.download(store.url_for("/round"))
    assert "redirected" == caught.value.code


@pytest.mark.parametrize(
    "address",
    [
        "http://files.example/f",
        "https://127.0.0.1/f",
        "https://10.0.0.7/f",
        "https://[::1]/f",
        "https://169.254.169.254/latest",
        "https://name@files.example/f",
        "https://files.example:port/f",
        "file:///etc/hosts",
        "nowhere",
        "",
    ],
)
def test_a_platform_cannot_send_us_inside(watch: Watch, address: str) -> None:
    """No plain http, no address of this machine or its network, no other scheme: nothing is asked."""
    with pytest.raises(ProtocolFault) as caught:
        calls(watch, "https://canvas.example").download(address)
    assert "file_elsewhere" == caught.value.code


@pytest.mark.parametrize("target", ["http://files.example/f", "http://[x", "https://files.example:port/"])
def test_a_redirect_may_not_lead_inside_either(watch: Watch, target: str) -> None:
    """Each address is looked at."""
    sent_on = answer("", status=302, extra=f"Location: {target}\r\n")
    with RawServer(sent_on) as server, pytest.raises(ProtocolFault) as caught:
        calls(watch, server.url).download(f"{server.url}/a")
    assert "file_elsewhere" == caught.value.code


@pytest.mark.parametrize(
    ("status", "kind", "error", "code"),
    [
        (200, "text/html; charset=utf-8", ProtocolFault, "not_a_file"),
        (206, "text/csv", ProtocolFault, "not_a_file"),
        (403, "text/plain", Forbidden, "forbidden_there"),
        (500, "text/plain", ServerFault, "server_fault"),
    ],
)
def test_what_is_no_file_is_an_error(
    store: HTTPServer, watch: Watch, status: int, kind: str, error: type[CallError], code: str
) -> None:
    """A log-in page, a part, a refusal."""
    store.expect_request("/f").respond_with_data("x", status, content_type=kind)

    with pytest.raises(error) as caught:
        calls(watch, store.url_for("")).download(store.url_for("/f"))
    assert code == caught.value.code


def test_a_file_has_a_size_and_a_time(store: HTTPServer, watch: Watch) -> None:
    """Both from outside."""
    store.expect_request("/f").respond_with_data(SHEET, content_type="text/csv")
    transport = calls(watch, store.url_for(""))

    with pytest.raises(ProtocolFault) as caught:
        transport.download(store.url_for("/f"), most_bytes=len(SHEET) - 1)
    assert "answer_too_large" == caught.value.code
    with transport.download(store.url_for("/f"), most_bytes=len(SHEET)) as file:
        assert len(SHEET) == len(file.read())
    with pytest.raises(NoAnswer):
        transport.download(store.url_for("/f"), seconds=-1)


def test_half_a_file_is_asked_for_again(watch: Watch) -> None:
    """And nothing of the first half is in the second."""
    with (
        RawServer(half("id"), answer("id,name", kind="text/csv")) as server,
        calls(watch, server.url).download(f"{server.url}/f") as file,
    ):
        assert b"id,name" == file.read()
    assert 2 == len(server.requests)


@pytest.mark.parametrize("when", ["opening", "writing", "at the end"])
def test_a_full_disk_is_said_and_leaves_nothing(
    store: HTTPServer, watch: Watch, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Whenever it shows. It is not asked again: there would be no more room."""
    closed: list[bool] = []

    class Full:
        """A file on a full disk."""

        def __init__(self) -> None:
            if when == "opening":
                raise OSError(28, "No space left on device")

        def write(self, piece: bytes) -> int:
            if when == "writing":
                raise OSError(28, "No space left on device")
            return len(piece)

        def seek(self, at: int) -> int:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            closed.append(True)
            raise OSError(28, "No space left on device")

    store.expect_request("/f").respond_with_data(SHEET, content_type="text/csv")
    full: Any = Full
    monkeypatch.setattr(tempfile, "TemporaryFile", full)

    with pytest.raises(NoRoomHere) as caught:
        calls(watch, store.url_for("")).download(store.url_for("/f"))
    assert "no_room_here" == caught.value.code
    assert ([] if when == "opening" else [True]) == closed


def test_a_store_that_is_not_there(watch: Watch, dead_port: int) -> None:
    """Asked twice, then told."""
    with pytest.raises(CallError) as caught:
        calls(watch, "http://127.0.0.1:1").download(f"http://127.0.0.1:{dead_port}/f")
    assert "platform_down" == caught.value.code
    assert 1 == len(watch.slept)
