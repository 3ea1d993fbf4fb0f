"""The guard: before anything under ``/app/`` or ``/session/``, a live bearer. No cookie ever stands in for
it.

A GET without a bearer gets the data-free shell, the same bytes for everybody; anything else without one gets
401.
"""

from __future__ import annotations

import re

from flask import Flask, Response, g, request

from lti_app.answers import error_answer, shell_answer
from lti_app.doors.parts import parts
from lti_app.session.viewer import viewer_of_token

RESUME_PATH = "/session/resume"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_BEARER = re.compile(r"Bearer ((?:[A-Za-z0-9_\-]{40,64}\.)?[A-Za-z0-9_\-]{40,60})")
_READING = ("GET", "HEAD")


def install(app: Flask) -> None:
    """Put the guard before every request of ``app``."""
    app.before_request(admit)


def guarded(path: str) -> bool:
    """Whether ``path`` needs a bearer."""
    return path in ("/app", "/session") or path.startswith(("/app/", "/session/"))


def admit() -> Response | None:
    """Let the request through with ``g.viewer`` set, or answer it here."""
    if not guarded(request.path) or request.path == RESUME_PATH:
        return None
    header = request.headers.get("Authorization", "")
    if not header and request.method in _READING:
        return shell_answer()
    match = _BEARER.fullmatch(header)
    viewer = match and viewer_of_token(parts(), match.group(1), lang=asked_language())
    if not viewer:
        return error_answer("session_over", status=401)
    if viewer.masquerade and request.method not in _READING and request.path != "/session/end":
        return error_answer("masquerade", status=403)
    g.viewer = viewer
    return None


def asked_language() -> str | None:
    """Return the language chosen on the page (``?lang=`` or a header of the page module), if it looks so."""
    for text in (request.args.get("lang", ""), request.headers.get("Rapport-Lang", "")):
        if text and len(text) <= 35 and _LANGUAGE.fullmatch(text):
            return text
    return None
