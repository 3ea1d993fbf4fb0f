"""Front: a launch is received before Flask, which costs as much as all of a launch's checks together.

The only answer that is given here is the usual one, a page with a session. Everything else, refusals first,
is answered by the route of the same address, which finds in the request what came of the launch.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from flask import Flask

from lti_app.doors.lti.arriving import Arrived, Waits, receive
from lti_app.doors.lti.login import LAUNCH_PATH, cookie_name
from lti_app.doors.lti.posted import Posted, posted, read_body
from lti_app.doors.parts import parts
from lti_app.headers import log_access, usual_headers
from lti_app.session.cookies import no_cookie
from lti_app.session.opening import OpenDoor, opened_page, secret_cookies

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OUTCOME = "rapport.launch"


class Front:
    """Stands before the application ``app``, whose own answers are given by ``inner``."""

    def __init__(self, app: Flask, inner: WSGIApplication) -> None:
        self._app = app
        self._inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        if environ.get("PATH_INFO") == LAUNCH_PATH and environ["REQUEST_METHOD"] == "POST":
            started = time.perf_counter()
            body = read_body(environ)
            if body is not None:
                environ["wsgi.input"] = BytesIO(body)
                with parts(self._app).turn:
                    sent = posted(environ, body)
                    outcome = environ[OUTCOME] = None if sent is None else self._received(sent)
                    if isinstance(outcome, OpenDoor) and sent is not None:
                        return self._open(sent, outcome, start_response, started)
        return self._inner(environ, start_response)

    def _received(self, sent: Posted) -> Arrived | Waits | Exception | None:
        if sent.field("error"):
            return None
        try:
            return receive(parts(self._app), sent)
        except Exception as error:
            return error

    def _open(
        self, sent: Posted, door: OpenDoor, start_response: StartResponse, started: float
    ) -> Iterable[bytes]:
        page = opened_page(door, self._app).encode()
        headers: list[tuple[str, str]] = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(page))),
            *usual_headers(self._app),
            *(("Set-Cookie", line) for line in cookies_of(door, sent, self._app)),
        ]
        start_response("200 OK", headers)
        log_access("POST", LAUNCH_PATH, 200, started)
        return [page]


def cookies_of(door: OpenDoor, sent: Posted, app: Flask) -> Iterable[str]:
    """Return the cookie lines of an opened door: its resume secret, and no more of the login."""
    yield from secret_cookies(door, sent.cookies, now=parts(app).clock())
    yield no_cookie(cookie_name(sent.field("state")))


def outcome_of(environ: dict[str, Any], sent: Posted, app: Flask) -> Arrived | Waits:
    """Return what came of the launch of this request; it is received now if it was not before.

    Raises:
        LaunchRefused, Busy: as :func:`lti_app.doors.lti.arriving.receive`.
    """
    outcome = environ.get(OUTCOME)
    if isinstance(outcome, Exception):
        raise outcome
    return receive(parts(app), sent) if outcome is None else outcome
