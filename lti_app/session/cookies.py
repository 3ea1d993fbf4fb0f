"""Our cookies: readable by us only, for this host only, and only inside the LMS where they were made."""

from __future__ import annotations

from flask import Response

PERSON_COOKIE = "__Host-door-person"
"""Keeps a sign-in made in a window for the next frame of the same person (``lti_app.doors.google.kept``)."""


def set_door_cookie(response: Response, name: str, value: str, *, seconds: int) -> None:
    """Set ``name`` (starting with ``__Host-``) for ``seconds``. No such cookie ever authorises anything
    alone.
    """
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="None", partitioned=True
    )


def drop_door_cookie(response: Response, name: str) -> None:
    """Make the browser forget ``name``."""
    set_door_cookie(response, name, "", seconds=0)
