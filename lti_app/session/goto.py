"""goto: how a screen sends the page module elsewhere after a form, since fetch cannot see a redirect."""

from __future__ import annotations

import re

from flask import Response

_SAID = re.compile(r"[a-z][a-z0-9_]{0,40}")


def goto(path: str, *, said: str | None = None) -> Response:
    """Return an empty answer that makes the page module open ``path`` (under ``/app/``).

    ``said`` is the code of a sentence the next screen says once; it travels as the query parameter ``said``
    and is not kept in the history.
    """
    if not path.startswith("/app/") or any(ord(letter) <= 32 for letter in path):
        raise ValueError("goto leads to /app/ only")
    response = Response(status=200)
    response.headers["Rapport-Goto"] = path
    if said is not None:
        if not _SAID.fullmatch(said):
            raise ValueError("said is a code such as note_sent")
        response.headers["Rapport-Said"] = said
    return response
