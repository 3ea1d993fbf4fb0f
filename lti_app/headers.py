"""Headers: what every answer says about framing, scripts, caching and referrers, and the access log without
values.
"""

from __future__ import annotations

import logging
import re
import time
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import cast

from flask import Flask, Response, current_app, g, request

from iepcore.errors import IepError
from lti_app.doors.parts import Parts, parts

EXTENSION = "rapport_frames"
ANCESTORS_FOR = timedelta(seconds=20)
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-]+(:\d{1,5})?")
_FRAME = re.compile(r"https?://(\*\.)?[A-Za-z0-9.\-]+(:\d{1,5})?")
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)
access = logging.getLogger("lti_app.access")


class FrameAncestors:
    """Who may frame us: ourselves and the origins of enabled registrations, looked up at most every 20
    seconds.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked_at: datetime | None = None
        self._line = "frame-ancestors 'self'"

    def line(self, here: Parts) -> str:
        """Return the directive. While the store is busy, the last known one stands."""
        now = here.clock()
        with self._lock:
            if self._asked_at is None or not timedelta(0) <= now - self._asked_at < ANCESTORS_FOR:
                try:
                    origins = [one for one in _may_frame(here) if _FRAME.fullmatch(one)]
                except IepError:
                    return self._line
                self._line = " ".join(("frame-ancestors 'self'", *dict.fromkeys(origins)))
                self._asked_at = now
            return self._line

    def forget(self) -> None:
        """Look again at the next answer: a platform was just connected."""
        with self._lock:
            self._asked_at = None


def _may_frame(here: Parts) -> list[str]:
    """Return the origins of enabled registrations and those that were named when they were connected."""
    on = {one.id for one in here.doors.registrations() if one.enabled}
    named = [one.frames for one in here.installs.installations() if one.registration_id in on]
    return [*here.doors.frame_ancestors(), *(origin for frames in named for origin in frames)]


def ancestors_of() -> FrameAncestors:
    """Return who may frame the application that answers this request."""
    return cast(FrameAncestors, current_app.extensions[EXTENSION])


_ONLY_HTTPS = ("Strict-Transport-Security", "max-age=31536000")
_FIXED = (
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    (
        "Permissions-Policy",
        "camera=(), geolocation=(), microphone=(self), payment=(), usb=(), browsing-topics=()",
    ),
)


def usual_headers(app: Flask) -> tuple[tuple[str, str], ...]:
    """Return the headers of an answer with the usual policy, for one that does not come out of Flask."""
    here = parts(app)
    return _usual(cast(FrameAncestors, app.extensions[EXTENSION]).line(here), here.settings.secure)


@lru_cache(maxsize=16)  # the platforms that may frame us change now and then
def _usual(framed_by: str, secure: bool) -> tuple[tuple[str, str], ...]:
    found = (("Content-Security-Policy", f"{_POLICY}; {framed_by}"), *_FIXED, ("Cache-Control", "no-store"))
    return (*found, _ONLY_HTTPS) if secure else found


def install(app: Flask) -> None:
    """Put the headers on every answer of ``app`` and log each by its route, not by its path."""
    ancestors = app.extensions[EXTENSION] = FrameAncestors()

    @app.before_request
    def start() -> None:
        g.started_at = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        here = parts(app)
        headers = response.headers
        framed_by = g.get("frame_ancestors") or ancestors.line(here)
        headers["Content-Security-Policy"] = f"{_policy_now()}; {framed_by}"
        for name, value in _FIXED:
            headers[name] = value
        if here.settings.secure:
            headers[_ONLY_HTTPS[0]] = _ONLY_HTTPS[1]
        if request.endpoint != "static":
            headers.setdefault("Cache-Control", "no-store")
        rule = request.url_rule.rule if request.url_rule is not None else "(no route)"
        started = g.get("started_at", time.perf_counter())
        log_access(request.method, rule, response.status_code, started)
        return response


def _policy_now() -> str:
    """Return the policy; a page that posts to a platform (``g.posts_to``) may do that and nothing more."""
    posts_to = g.get("posts_to")
    if posts_to is None or not _ORIGIN.fullmatch(posts_to):
        return _POLICY
    return _POLICY.replace("form-action 'self'", f"form-action {posts_to}")


def log_access(method: str, rule: str, status: int, started: float) -> None:
    """Log method, route template, status and milliseconds. The path itself may name a child's record."""
    access.info("%s %s %d %.0f ms", method, rule, status, (time.perf_counter() - started) * 1000)
