"""Our cookies: readable by us only, for this host only, and only inside the LMS where they were made."""

from __future__ import annotations

from flask import Response

PERSON_COOKIE = "__Host-door-person"
"""Keeps a sign-in made in a window for the next frame of the same person (``lti_app.doors.google.kept``)."""


def door_cookie(name: str, value: str, *, seconds: int) -> str:
    """Return the header that sets ``name`` (starting with ``__Host-``) for ``seconds``. No such cookie ever
    authorises anything alone. Name and value are our own letters and digits, which need no quotes.
    """
    return f"{name}={value}; Max-Age={seconds}; Secure; HttpOnly; Path=/; SameSite=None; Partitioned"


def no_cookie(name: str) -> str:
    """Return the header that makes the browser forget ``name``."""
    return door_cookie(name, "", seconds=0)


def set_door_cookie(response: Response, name: str, value: str, *, seconds: int) -> None:
    """Set a door cookie with an answer."""
    response.headers.add("Set-Cookie", door_cookie(name, value, seconds=seconds))


def drop_door_cookie(response: Response, name: str) -> None:
    """Make the browser forget ``name``."""
    response.headers.add("Set-Cookie", no_cookie(name))
