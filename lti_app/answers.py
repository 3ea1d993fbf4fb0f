"""Answers that are nobody's screen: the data-free shell, the neutral page, and every refusal in one plain
template.

A refusal shows a reference number; the log line holds the same number and a reason code, never a value.
``not_here`` shows none: whether a thing is forbidden or absent, body and status are the same bytes.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from dataclasses import dataclass
from typing import Final

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from iepcore.errors import (
    Busy,
    Conflict,
    ConnectorError,
    IepError,
    IllegalMove,
    InvalidValue,
    NotFound,
    NotPermitted,
)
from lti_app.answer_words import OTHER_WORDS

log = logging.getLogger("lti_app.answers")

_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a person reads: a heading, what to do next, and whether trying again may help."""

    heading: str
    words: str
    retry: bool = False
    reopen: bool = False


SENTENCES: Final[dict[str, Sentence]] = {
    "launch_refused": Sentence(
        "We could not open this",
        "Close this page and open Rapport again from your school's site.",
        reopen=True,
    ),
    "launch_used": Sentence(
        "This page was already opened", "Open Rapport again from your school's site to go on.", reopen=True
    ),
    "launch_late": Sentence(
        "This took too long",
        "Open Rapport again from your school's site. If it happens again, tell your school.",
        reopen=True,
    ),
    "anonymous": Sentence(
        "We do not know who you are",
        "Sign in to your school's site first. Then open Rapport there.",
        reopen=True,
    ),
    "unknown_platform": Sentence(
        "This school site is not connected",
        "Ask the person who looks after your school's site to add Rapport first.",
    ),
    "deployment_pending": Sentence(
        "Almost ready", "Your school still has to approve this connection. Ask your school's administrator."
    ),
    "deployment_disabled": Sentence(
        "This connection is closed", "Your school turned it off. Ask your school why."
    ),
    "cookies_refused": Sentence(
        "Your browser kept nothing for us",
        "Open Rapport again from your school's site in a new window, or use another browser.",
        reopen=True,
    ),
    "platform_said_no": Sentence(
        "Your school's site asks you to sign in", "Sign in there. Then open Rapport again.", reopen=True
    ),
    "other_account": Sentence(
        "That is another account",
        "Sign in with the account your school gave you, the one you use in Classroom. Nothing was opened.",
        reopen=True,
    ),
    "session_over": Sentence(
        "Please open this again",
        "For safety we closed this page. Open Rapport again from your school's site.",
        reopen=True,
    ),
    "choice_staff": Sentence(
        "Only teachers can add this", "Ask a teacher of this course to add it. Nothing was changed."
    ),
    "masquerade": Sentence("You are acting as someone else", "You can look, but nothing can be changed."),
    "not_here": Sentence(
        "There is nothing here for you", "Go back, or open Rapport again from your school's site."
    ),
    "invalid": Sentence(
        "Something in the form does not fit", "Look at it again and change it. Nothing was saved."
    ),
    "moved_on": Sentence(
        "This was already changed", "Open the page again to see how it stands now. Nothing was saved."
    ),
    "busy": Sentence(
        "Please try again in a moment", "We could not save just now. Nothing was lost.", retry=True
    ),
    "other_system": Sentence(
        "The other system did not answer", "Try again in a few minutes. Nothing was lost.", retry=True
    ),
    "too_large": Sentence(
        "This is too large to send", "Choose a smaller file, or send it in parts. Nothing was saved."
    ),
    "wrong_way_in": Sentence(
        "This page cannot be opened this way", "Open Rapport from your school's site.", reopen=True
    ),
    "broken": Sentence(
        "Something went wrong here", "We wrote it down. Try again; if it stays, tell your school."
    ),
}


def new_reference() -> str:
    """Return eight letters and digits that are easy to read out on the telephone."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


def error_answer(
    key: str, *, status: int, reason: str | None = None, reference: str | None = None
) -> Response:
    """Return the page for ``key`` and log its reference with ``reason`` (a code; by default the key)."""
    number = reference or new_reference()
    log.warning("%s %s %s", number, status, reason or key)
    shown = None if key == "not_here" else number
    others = OTHER_WORDS.get(key)
    body = render_template("door/refused.html", key=key, say=SENTENCES[key], others=others, reference=shown)
    response = make_response(body, status)
    response.headers["Rapport-Answer"] = key
    if status == 503:
        response.headers["Retry-After"] = "2"
    return response


def shell_answer() -> Response:
    """Return the data-free shell: the same bytes for everybody and every path."""
    return make_response(render_template("door/shell.html"), 200)


def neutral_answer() -> Response:
    """Return the page a pupil or a stranger gets, plan or none: same bytes, same status."""
    return make_response(render_template("door/neutral.html"), 200)


def install(app: Flask) -> None:
    """Answer every error of ``app`` with a page of ours."""
    app.register_error_handler(IepError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)


def _domain_error(error: IepError) -> Response:
    if isinstance(error, NotPermitted | NotFound):
        return error_answer("not_here", status=404, reason=error.code)
    if isinstance(error, InvalidValue):
        return error_answer("invalid", status=422, reason=error.code)
    if isinstance(error, IllegalMove | Conflict):
        return error_answer("moved_on", status=409, reason=error.code)
    if isinstance(error, Busy):
        return error_answer("busy", status=503, reason=error.code)
    if isinstance(error, ConnectorError):
        return error_answer("other_system", status=502, reason=error.code)
    return _broken(error)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None and status < 400:
        return make_response(error.response)
    if status in (401, 403, 404):
        return error_answer("not_here", status=404, reason=f"http_{status}")
    if status == 413:
        return error_answer("too_large", status=413)
    if status == 405:
        response = error_answer("wrong_way_in", status=405)
        allowed = getattr(error, "valid_methods", None) or ()
        response.headers["Allow"] = ", ".join(sorted(allowed))
        return response
    if status < 500:
        return error_answer(
            "launch_refused" if request.path.startswith("/lti/") else "invalid", status=status
        )
    return error_answer("broken", status=500, reason=f"http_{status}")


def _broken(error: Exception) -> Response:
    """Answer a mistake of ours. The log gets places in our code, never the message: it may hold a value."""
    number = new_reference()
    places = " < ".join(
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}:{frame.name}"
        for frame in reversed(traceback.extract_tb(error.__traceback__)[-8:])
    )
    log.error("%s %s at %s", number, type(error).__name__, places)
    return error_answer("broken", status=500, reason=type(error).__name__, reference=number)
