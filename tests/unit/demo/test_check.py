"""``iep demo --check``: a broken loop names its step, and the browser without a window reads pages right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from lti_app.demo import check
from lti_app.demo.browser import Browser, LoopBroken
from lti_app.demo.check import STEPS, Loop, walk
from lti_app.demo.folder import open_folder
from lti_app.demo.supervisor import Demo, Ports
from tests.unit.cli.processes import free_port


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A running demonstration."""
    folder = open_folder(tmp_path / "demo", fresh=False)
    with Demo(folder, Ports(tool=free_port(), lms=free_port())) as running:
        yield running


def test_a_stopped_worker_breaks_the_delivery_and_no_other_step(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything before the notice is whole; the step that waits for it is named, and the walk ends there."""
    monkeypatch.setattr(check, "DELIVERY_SECONDS", 1.0)
    demo.stop_worker()
    told: list[str] = []

    whole = walk(demo, told.append)

    assert not whole
    place = [name for name, _ in STEPS].index("delivered once")
    assert place + 1 == len(told)
    assert all(" ok " in line for line in told[:-1]), told
    assert f"{place + 1:2d}. FAILED  delivered once: 0 notices arrived, not one" == told[-1]

    demo.start_worker()  # what waited arrives all the same
    monkeypatch.setattr(check, "DELIVERY_SECONDS", 25.0)
    assert check.deliver_once(Loop(demo=demo)).startswith("1 notice of ")

    demo.lms.stop()
    with pytest.raises(LoopBroken, match="the practice LMS does not tell what arrived: ConnectionError"):
        check.deliver_once(Loop(demo=demo))
    demo.tool.stop_server()
    told.clear()
    assert not walk(demo, told.append)
    assert told[0].startswith(" 1. FAILED  teacher launches from the LMS: ")


# ---------------------------------------------------------------------------------------------- the browser


PAGE = """<!doctype html><a href="/other">Other</a>
<script type="application/json" id="door">{"token": "t"}</script>
<form action="/send" method="post">
 <input name="plain" value="1"><input type="hidden" name="hidden" value="2"><input name="bare">
 <input type="checkbox" name="ticked" checked><input type="checkbox" name="empty" value="no">
 <input type="radio" name="choice" value="a"><input type="radio" name="choice" value="b" checked>
 <input type="submit" name="go" value="Go"><input type="file" name="paper"><input value="nameless">
 <select name="picked"><option value="x">X</option><option value="y" selected>Y</option></select>
 <textarea name="words">two
lines &amp; more</textarea>
</form><input name="outside" value="0"><p>Good  day</p>"""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    """A server that is the tool."""
    with HTTPServer(host="127.0.0.1") as running:
        yield running


def test_a_form_is_read_as_a_browser_would_send_it(server: HTTPServer) -> None:
    """Fields as they stand: unticked boxes, buttons and files stay out, the chosen option and text go in."""
    server.expect_request("/").respond_with_data(PAGE, content_type="text/html")

    page = Browser().fetch("GET", server.url_for("/"))

    assert [
        ("plain", "1"),
        ("hidden", "2"),
        ("bare", ""),
        ("ticked", "on"),
        ("choice", "b"),
        ("picked", "y"),
        ("words", "two\nlines & more"),
    ] == page.form("/send").fields
    assert [server.url_for("/other")] == page.links
    assert {"door": '{"token": "t"}'} == page.data
    assert "Good  day" in page.text


def test_filling_in_replaces_and_adds(server: HTTPServer) -> None:
    """A value takes the place of the page's own; a list gives several of one name."""
    server.expect_request("/").respond_with_data(PAGE, content_type="text/html")
    form = Browser().fetch("GET", server.url_for("/")).form("/send")

    filled = form.filled(choice="a", to=["one", "two"])

    assert [("choice", "a"), ("to", "one"), ("to", "two")] == filled[-3:]
    assert ("choice", "b") not in filled


def test_cookies_come_back_and_redirects_are_followed(server: HTTPServer) -> None:
    """A partitioned cookie is kept, and a POST that is sent elsewhere goes on as a GET."""

    def set_it(_request: object) -> Response:
        answer = Response(status=303, headers={"Location": "/after"})
        answer.headers.add(
            "Set-Cookie", "__Host-door=abc; Path=/; Secure; HttpOnly; SameSite=None; Partitioned"
        )
        return answer

    server.expect_request("/set", method="POST").respond_with_handler(set_it)
    server.expect_request("/after", method="GET", headers={"Cookie": "__Host-door=abc"}).respond_with_data(
        "in"
    )

    assert "in" == Browser().fetch("POST", server.url_for("/set"), [("a", "b")]).text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/round", "too many redirects"),
        ("/gone", "GET /gone answered 404"),
        ("/plain", "the page /plain has no form for /send"),
    ],
)
def test_what_goes_wrong_is_told_without_a_query(server: HTTPServer, path: str, words: str) -> None:
    """The message names the path and what happened; secrets of an address stay out of it."""
    server.expect_request("/round").respond_with_response(
        Response(status=302, headers={"Location": "/round"})
    )
    server.expect_request("/gone").respond_with_data("no", status=404)
    server.expect_request("/plain").respond_with_data("<p>nothing</p>", content_type="text/html")

    with pytest.raises(LoopBroken, match=words) as broken:
        Browser().fetch("GET", f"{server.url_for(path)}?secret=1").form("/send")

    assert "secret" not in str(broken.value)


def test_a_dead_server_is_a_broken_step() -> None:
    """Nobody listens: a step that failed, not a trace."""
    with pytest.raises(LoopBroken, match="/app/: ConnectionError"):
        Browser().fetch("GET", f"http://127.0.0.1:{free_port()}/app/?secret=1")
