"""``iep lms canvas --check``: what a key may do, in words an administrator can act on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from connectors.canvas import CanvasFeature, scopes_for
from tests.contract.connectors.canvas_fake import CLIENT_ID, CLIENT_SECRET, FakeCanvas
from tests.contract.connectors.canvas_fake.faults import instead
from tests.contract.connectors.doers import Watch
from tests.unit.cli.conftest import Done, Shell

BACK = "https://rapport.example.org/canvas/back"
ASK = ("GET", "/login/oauth2/auth")


@pytest.fixture
def canvas(httpserver: HTTPServer) -> Iterator[FakeCanvas]:
    """Return a fake Canvas whose key knows our address."""
    fake = FakeCanvas(httpserver, Watch().now, None)
    fake.redirect = BACK
    yield fake
    httpserver.check_handler_errors()


@pytest.fixture
def school(shell: Shell) -> Shell:
    """Return a database with a school and its Canvas."""
    shell.ok("db", "init")
    shell.ok("lms", "add", "--preset", "canvas", "--client-id", "170000000000042")
    return shell


def give(school: Shell, canvas: FakeCanvas, *more: str, client_id: str = CLIENT_ID) -> Done:
    """Store the key."""
    words = ("--base-url", canvas.url, "--client-id", client_id, "--client-secret", CLIENT_SECRET)
    return school.run("lms", "canvas", *words, *more)


def test_a_key_for_notices_says_what_else_it_lacks(school: Shell, canvas: FakeCanvas) -> None:
    """Feature by feature, with each scope to add and its reason."""
    canvas.key_scopes = frozenset(scopes_for([CanvasFeature.CHANNEL]))
    give(school, canvas)
    done = school.ok("lms", "canvas", "--check")

    assert "  works    Notices, and the answers to them" in done.lines
    assert "  missing  Rosters of a person's own courses [scope_missing]" in done.lines
    assert "      add url:GET|/api/v1/courses  to list the courses the person teaches" in done.lines
    assert CLIENT_SECRET not in done.out + done.err


def test_a_key_can_be_given_and_checked_at_once(school: Shell, canvas: FakeCanvas) -> None:
    """One command less."""
    canvas.key_scopes = frozenset(scopes_for(CanvasFeature))
    done = give(school, canvas, "--check")

    assert 0 == done.code
    assert 6 == sum(line.startswith("  works") for line in done.lines)
    assert "Warning" not in done.out


def test_a_key_without_limits_is_warned_of(school: Shell, canvas: FakeCanvas) -> None:
    """Whoever connects would lend everything."""
    assert "scopes_not_enforced" in give(school, canvas, "--check").out


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (400, '{"error": "invalid_request", "error_description": "redirect_uri"}', BACK),
        (401, '{"error": "invalid_client"}', "[invalid_client]"),
        (400, '{"errors": "x"}', "[request_refused]"),
        (503, "<html></html>", "[server_fault]"),
    ],
)
def test_what_is_wrong_is_said(school: Shell, canvas: FakeCanvas, status: int, body: str, words: str) -> None:
    """With what to do."""
    give(school, canvas)
    canvas.fault(*ASK, instead(status, body, "application/json"))
    done = school.run("lms", "canvas", "--check")

    assert 1 == done.code
    assert words in done.err
    assert CLIENT_SECRET not in done.err


def test_without_a_key_there_is_nothing_to_check(school: Shell) -> None:
    """And half a key is none."""
    none = school.run("lms", "canvas", "--check")
    half = school.run("lms", "canvas", "--base-url", "https://school.instructure.com")

    assert (1, 2) == (none.code, half.code)
    assert "no API key yet" in none.err
    assert "Give --client-id, --client-secret, or --check alone." in half.err
