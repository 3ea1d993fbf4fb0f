"""Errors as pages, headers on every answer, health."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from iepcore.errors import Busy, NotPermitted
from lti_app.doors.memory import MemoryDoorStore
from lti_app.session import current_viewer
from tests.contract.lti.tool import TestWiring, bearer, browser, make_app, make_settings
from tests.unit.session.test_sessions import House, house

__all__ = ["house"]


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("invalid", 422, "does not fit"),
        ("forbidden", 404, "nothing here for you"),
        ("absent", 404, "nothing here for you"),
        ("illegal", 409, "already changed"),
        ("conflict", 409, "already changed"),
        ("busy", 503, "try again in a moment"),
        ("connector", 502, "did not answer"),
        ("other", 500, "went wrong here"),
        ("mistake", 500, "went wrong here"),
        ("teapot", 418, "does not fit"),
        ("timeout", 500, "went wrong here"),
    ],
)
def test_every_error_is_a_page(house: House, kind: str, status: int, words: str) -> None:
    """Each error of the tree has a status and a plain sentence; no value of the error is shown."""
    answer = house.client.get(f"/app/raise/{kind}", headers=bearer(house.open().token))
    assert status == answer.status_code
    assert words in answer.text
    for value in ("theirs", "Maya", "not_on_team", "correct_over_trials"):
        assert value not in answer.text


def test_forbidden_absent_and_unknown_are_the_same_bytes(house: House) -> None:
    """Whether a thing is forbidden, absent or a page that never was: same status, same bytes."""
    token = bearer(house.open().token)
    paths = ("/app/raise/forbidden", "/app/raise/absent", "/app/no-such-page")
    pages = [house.client.get(path, headers=token) for path in paths]
    assert {404} == {page.status_code for page in pages}
    assert 1 == len({page.data for page in pages})
    assert 1 == len({str(page.headers) for page in pages})


def test_log_names_the_reason(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """The log tells forbidden from absent, by reason code."""
    token = bearer(house.open().token)
    house.client.get("/app/raise/forbidden", headers=token)
    house.client.get("/app/raise/absent", headers=token)
    assert "404 not_on_team" in caplog.text
    assert "404 not_found" in caplog.text


def test_mistake_is_logged_by_place(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A mistake of ours is logged with its places, without its message."""
    house.client.get("/app/raise/mistake", headers=bearer(house.open().token))
    assert "RuntimeError at tool.py:" in caplog.text
    assert "42 words" not in caplog.text.replace('RuntimeError("Maya reads 42 words")', "")


def test_busy_says_when_to_retry(house: House) -> None:
    """A busy store answers with Retry-After."""
    answer = house.client.get("/app/raise/busy", headers=bearer(house.open().token))
    assert "2" == answer.headers["Retry-After"]


@pytest.mark.parametrize("path", ["/healthz", "/app/", "/no-such-page", "/lti/jwks", "/static/js/page.js"])
def test_headers_everywhere(house: House, path: str) -> None:
    """Every answer says nosniff, no-referrer and a policy without inline code; only public files may be
    kept.
    """
    answer = house.client.get(path, buffered=True)
    answer.close()
    assert "no-referrer" == answer.headers["Referrer-Policy"]
    assert "nosniff" == answer.headers["X-Content-Type-Options"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    kept = path.startswith("/static/") or path == "/lti/jwks"
    assert kept != ("no-store" in answer.headers.get("Cache-Control", ""))
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_no_strict_transport_on_loopback() -> None:
    """On plain http for this machine nothing promises https."""
    client = browser(make_app(TestWiring(), make_settings(public_url="http://127.0.0.1:8000")))
    assert "Strict-Transport-Security" not in client.get("/healthz").headers


def test_frame_ancestors_survive_a_busy_store() -> None:
    """While the store is busy the last known policy stands."""

    class BusyDoors(MemoryDoorStore):
        def frame_ancestors(self) -> list[str]:
            raise Busy()

    client = browser(make_app(TestWiring(doors=BusyDoors())))
    assert client.get("/healthz").headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


def test_health(house: House) -> None:
    """The process is up; ready only while the database answers."""
    assert (200, 200) == (house.client.get("/healthz").status_code, house.client.get("/readyz").status_code)
    house.wiring.database_answers = False
    assert 503 == house.client.get("/readyz").status_code


def test_ready_survives_an_exception(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that raises is not ready; the answer is no error page."""

    def fail() -> bool:
        raise Busy()

    monkeypatch.setattr(house.wiring, "ready", fail)
    assert {"ready": False} == house.client.get("/readyz").get_json()


def test_upload_too_large() -> None:
    """A body beyond the limit is refused with a page."""
    wiring = TestWiring()
    client: FlaskClient = browser(make_app(wiring, make_settings(upload_mb=1)))
    answer = client.post("/lti/login", data={"iss": "x" * 2_000_000})
    assert 413 == answer.status_code


def test_no_viewer_outside_the_guard(house: House) -> None:
    """Asking who looks outside of /app/ is a refusal."""
    with house.app.test_request_context("/healthz"), pytest.raises(NotPermitted):
        current_viewer()


def test_warnings_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Warnings of the settings reach the person who starts the tool."""
    make_app(TestWiring(), make_settings(warnings=("IEP_PUBLIC_URL is plain http.",)))
    assert "Warning: IEP_PUBLIC_URL is plain http." in capsys.readouterr().err
