"""The Google door's addresses: four frames and our own page, the window to Google and back, and one POST.

The pages are the same bytes for everybody until Google was asked. No cookie opens anything by itself: every
session comes from ``enter``, which takes our own origin only and asks Google who is there.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, g, jsonify, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException

from connectors.http.errors import CallError
from iepcore.errors import IepError
from lti_app.answers import error_answer, neutral_answer, new_reference
from lti_app.check_in import check_in_answer
from lti_app.doors.google.arriving import Arrived, Outcome, arrive_at_frame, arrive_at_home
from lti_app.doors.google.clients import GoogleClient, google_client
from lti_app.doors.google.frames import PARAMETERS, FrameKind, hint_of, opened_of
from lti_app.doors.google.kept import forget, hand_over, keep, kept, take_over
from lti_app.doors.google.sign_in import Person, begin, finish
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.parts import Parts, parts
from lti_app.session.cookies import drop_door_cookie, set_door_cookie
from lti_app.session.opening import keep_secret_in_cookie, opened_page
from lti_app.session.tokens import hash_of

log = logging.getLogger("lti_app.doors.google")
blueprint = Blueprint("google", __name__)

LARGEST_BODY_BYTES = 64 * 1024
_WINDOW_SECONDS = 600
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_TONGUES = ("en", "es", "prs")


@blueprint.before_request
def limit_size() -> None:
    """Nothing here reads more than a few ids and a sealed text."""
    request.max_content_length = LARGEST_BODY_BYTES


@blueprint.errorhandler(LaunchRefused)
def refused(error: LaunchRefused) -> Response:
    """Show the refusal as a page with a reference number, which administrators find on their page too."""
    number = new_reference()
    client: GoogleClient | None = g.get("google_client")
    if client is not None:
        parts().launch_notes.refused(client.id, "", error.reason, number)
    return error_answer(error.page, status=error.status, reason=error.reason, reference=number)


@blueprint.get("/classroom/<uuid:client_id>/<any(setup, teacher, review, upgrade):frame>")
def frame(client_id: UUID, frame: str) -> Response:
    """A frame before anybody is known in it."""
    client = _client(client_id)
    said = {name: request.args.get(name, "")[:4096] for name in PARAMETERS if name in request.args}
    return _sign_in_page(client, {"frame": frame, "said": said, "hint": hint_of(said)})


@blueprint.get("/classroom/<uuid:client_id>/student")
def student_frame(client_id: UUID) -> Response:
    """The check-in: open to all and the same for all, so no pupil is asked to sign in for it."""
    _client(client_id)
    return check_in_answer(request.args.get("lang") or request.accept_languages.best_match(_TONGUES))


@blueprint.get("/classroom/<uuid:client_id>")
def home(client_id: UUID) -> Response:
    """Our own page, outside Classroom: for staff the site knows."""
    return _sign_in_page(_client(client_id), {"frame": "", "said": {}, "hint": ""})


@blueprint.get("/classroom/<uuid:client_id>/go")
def go(client_id: UUID) -> Response:
    """The first page of the window: bind it to this browser, and lead on to Google."""
    here, client = parts(), _client(client_id)
    challenge = request.args.get("c", "")
    if challenge and not _CHALLENGE.fullmatch(challenge):
        raise LaunchRefused("google_challenge")
    way = begin(here, client, challenge=challenge, hint=hint_of({"login_hint": request.args.get("hint")}))
    response = make_response(redirect(way.url))
    set_door_cookie(response, _window_cookie(way.state), way.proof, seconds=_WINDOW_SECONDS)
    return response


@blueprint.get("/classroom/back")
def back() -> Response:
    """The last page of the window: give the frame its code, or open our own page."""
    here = parts()
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if len(state) > 200 or len(code) > 4096:
        raise LaunchRefused("google_shape")
    proof = request.cookies.get(_window_cookie(state))
    came = _guarded(lambda: finish(here, state=state, code=code, proof=proof, found=_remember))
    if came.challenge:
        block = {"code": hand_over(here, came), "home": f"/classroom/{came.client.id}"}
        response = make_response(render_template("door/google_back.html", block=block))
    else:
        arrived = arrive_at_home(here, came.client, came.person, locale=_locale(), cookies=True)
        if arrived.door is None:
            response = neutral_answer()
        else:
            here.launch_notes.opened(came.client.id, came.person.domain)
            response = make_response(opened_page(arrived.door))
            keep_secret_in_cookie(response, arrived.door, now=here.clock())
    drop_door_cookie(response, _window_cookie(state))
    return response


@blueprint.post("/classroom/<uuid:client_id>/enter")
def enter(client_id: UUID) -> Response:
    """Open what a frame is for: by the code of its window, else by the kept sign-in of the same person.

    JSON in, JSON out, our own pages only. ``said`` is what the frame's address says; Google decides.
    """
    here = parts()
    if request.headers.get("Origin") != here.settings.public_url:
        raise LaunchRefused("enter_origin", status=401)
    client, asked = _client(client_id), request.get_json(silent=True)
    if not isinstance(asked, dict) or not isinstance(asked.get("said"), dict):
        raise LaunchRefused("enter_shape")
    said = asked["said"]
    person = _person(here, client, asked, hint_of(said))
    if person is None:
        response = jsonify({"kind": "sign_in"})
        forget(response)  # whoever was here before is somebody else, or it is too long ago
        return response
    try:
        opened = opened_of(FrameKind(str(asked.get("frame"))), said)
    except ValueError:
        opened = None
    if opened is None:
        raise LaunchRefused("google_frame", page="not_here", status=404)
    cookies = asked.get("cookies") is True
    arrived = _guarded(
        lambda: arrive_at_frame(here, client, person, opened, locale=_locale(), cookies=cookies)
    )
    return _answer(here, client, person, arrived, cookies=cookies)


def _answer(
    here: Parts, client: GoogleClient, person: Person, arrived: Arrived, *, cookies: bool
) -> Response:
    if arrived.door is not None:
        here.launch_notes.opened(client.id, person.domain)
        response = jsonify(arrived.door.as_json())
        if cookies:
            keep_secret_in_cookie(response, arrived.door, now=here.clock())
            keep(here, response, person)
        return response
    if arrived.outcome is Outcome.SIGN_IN:
        response = jsonify({"kind": "sign_in"})
        forget(response)
        return response
    page = check_in_answer(_locale()) if arrived.outcome is Outcome.CHECK_IN else neutral_answer()
    return jsonify({"kind": "neutral", "page": page.get_data(as_text=True)})


def _person(here: Parts, client: GoogleClient, asked: Mapping[str, Any], hint: str) -> Person | None:
    """Return who is at the frame. With a hint of Classroom's, nobody but the person it names counts."""
    code, verifier = asked.get("code"), asked.get("verifier")
    if not isinstance(code, str) or not isinstance(verifier, str):
        return kept(here, client.id, hint=hint)
    person = take_over(here, client.id, code, verifier)
    if hint and person.subject != hint:
        raise LaunchRefused("google_other_account", status=403, page="other_account")
    return person


def _sign_in_page(client: GoogleClient, more: Mapping[str, Any]) -> Response:
    base = f"/classroom/{client.id}"
    ask = {"enter": f"{base}/enter", "go": f"{base}/go", **more}
    return make_response(render_template("door/google.html", ask=ask, framed=bool(more["frame"])))


def _client(client_id: UUID) -> GoogleClient:
    client = google_client(parts().doors, client_id)
    if client is None:
        abort(404)
    _remember(client)
    return client


def _remember(client: GoogleClient) -> None:
    """Let a refusal be told to the client's administrator."""
    g.google_client = client


def _guarded(step: Any) -> Any:
    """Run ``step``; anything but our own errors is an answer we did not understand, not a 500."""
    try:
        return step()
    except (LaunchRefused, CallError, IepError, HTTPException):
        raise
    except Exception as error:
        log.warning("unexpected %s", type(error).__name__)
        raise LaunchRefused("not_understood") from None


def _window_cookie(state: str) -> str:
    return "__Host-door-window-" + hash_of("window:" + state)[:16]


def _locale() -> str | None:
    """Return the browser's own language: Google's token rarely says one."""
    return request.accept_languages.best
