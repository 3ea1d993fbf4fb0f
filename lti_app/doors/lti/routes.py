"""The LTI door's addresses: login, launch, confirm, keys, and what an administrator needs to install us."""

from __future__ import annotations

import logging
import re
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.exceptions import HTTPException

from iepcore.errors import IepError
from lti_app.answers import error_answer, neutral_answer, new_reference
from lti_app.check_in import check_in_answer
from lti_app.doors.lti.arriving import Arrived, CheckIn, Waits, arrive, not_understood
from lti_app.doors.lti.canvas import developer_key
from lti_app.doors.lti.deep_linking import answer
from lti_app.doors.lti.first_launch import UNKNOWN_PLATFORM, one_of_client
from lti_app.doors.lti.front import outcome_of
from lti_app.doors.lti.launch import Launch, confirm
from lti_app.doors.lti.login import STATE_FOR, StrictLogin, cookie_name, same_login_in_a_window
from lti_app.doors.lti.posted import LARGEST_FORM_BYTES, Posted
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.parts import Parts, parts
from lti_app.session.cookies import drop_door_cookie, set_door_cookie
from lti_app.session.opening import OpenDoor, keep_secret_in_cookie, opened_page
from lti_app.session.tokens import hash_of

log = logging.getLogger("lti_app.doors.lti")
blueprint = Blueprint("lti", __name__)

_IN_A_FRAME = ("iframe", "frame", "object", "embed")
_ERROR_CODE = re.compile(r"[a-z_]{1,40}")


@blueprint.before_request
def limit_size() -> None:
    """A launch is small; nothing here reads uploads."""
    request.max_content_length = LARGEST_FORM_BYTES
    request.max_form_memory_size = LARGEST_FORM_BYTES


@blueprint.errorhandler(LaunchRefused)
def refused(error: LaunchRefused) -> Response:
    """Show the refusal as a page with a reference number, which administrators find on their page too."""
    number = new_reference()
    if error.of is not None:
        parts().launch_notes.refused(*error.of, error.reason, number)
    return error_answer(error.page, status=error.status, reason=error.reason, reference=number)


@blueprint.route("/lti/login", methods=["GET", "POST"])
def login() -> Response:
    """Answer a login initiation with the way to the platform.

    In a frame a small page goes first: it ties the login to this browser even where cookies are refused.
    """
    here = parts()
    try:
        started = _guarded(lambda: StrictLogin(here).start())
    except LaunchRefused as refusal:
        if refusal.reason == UNKNOWN_PLATFORM:
            registration_id = one_of_client(here, request.values.get("client_id", ""))
            refusal.of = None if registration_id is None else (registration_id, "")
        raise
    if started.storage_target or _may_be_framed():
        window_url = same_login_in_a_window()
        bind: dict[str, Any] = {
            "kind": "login",
            "next": started.auth_url,
            "key": _storage_key(started.state),
            "proof": started.proof,
            "target": started.storage_target,
            "origin": _origin(started.auth_url),
        }
        response = make_response(render_template("door/bind.html", bind=bind, window_url=window_url))
    else:
        response = make_response(redirect(started.auth_url))
    set_door_cookie(
        response, cookie_name(started.state), started.proof, seconds=int(STATE_FOR.total_seconds())
    )
    return response


@blueprint.post("/lti/launch")
def launch() -> Response:
    """Answer a launch: a page with a session, or the neutral page, or a request to prove the browser.

    The usual ones are answered by :class:`lti_app.doors.lti.front.Front` before they come here.
    """
    here = parts()
    if request.form.get("error"):
        return _platform_error(here)
    sent = Posted(form=request.form, cookies=request.cookies)
    outcome = outcome_of(request.environ, sent, current_app)
    if isinstance(outcome, Waits):
        return _waiting(outcome.launch)
    response = _page_of(outcome)
    if isinstance(outcome, OpenDoor):
        keep_secret_in_cookie(response, outcome, now=here.clock())
    drop_door_cookie(response, cookie_name(sent.field("state")))
    return response


def _waiting(launch: Launch) -> Response:
    """Return the page that proves the browser."""
    hint = launch.storage_hint()
    bind: dict[str, Any] = {
        "kind": "launch",
        "key": _storage_key(launch.state),
        "sealed": launch.seal_for_confirmation(),
        "target": hint["target"],
        "origin": _origin(hint["auth_url"]),
    }
    reference = new_reference()
    log.info("%s launch waits for its browser", reference)
    return make_response(
        render_template("door/bind.html", bind=bind, window_url=launch.window_path(), reference=reference)
    )


def _page_of(arrived: Arrived) -> Response:
    if isinstance(arrived, OpenDoor):
        return make_response(opened_page(arrived))
    return check_in_answer(arrived.locale) if isinstance(arrived, CheckIn) else neutral_answer()


@blueprint.post("/lti/confirm")
def confirm_browser() -> Response:
    """Open the session of a launch whose browser proved itself by storage. JSON in, JSON out, our own pages
    only.
    """
    here = parts()
    if request.headers.get("Origin") != here.settings.public_url:
        raise LaunchRefused("confirm_origin", status=401)
    asked = request.get_json(silent=True)
    sealed = asked.get("sealed") if isinstance(asked, dict) else None
    proof = asked.get("proof") if isinstance(asked, dict) else None
    if not isinstance(sealed, str) or not isinstance(proof, str):
        raise LaunchRefused("confirm_shape")
    context = _guarded(lambda: confirm(here, sealed, proof))
    arrived = arrive(here, context, cookies=False)
    if isinstance(arrived, OpenDoor):
        return jsonify(arrived.as_json())
    return jsonify({"kind": "neutral", "page": _page_of(arrived).get_data(as_text=True)})


@blueprint.post("/lti/choice")
def send_choice() -> Response:
    """Post a teacher's choice back to the platform: a page with one form, which sends itself."""
    form = _guarded(lambda: answer(parts(), request.form.get("choice", "")))
    g.posts_to = form.origin
    return make_response(render_template("door/return.html", form=form))


@blueprint.get("/lti/jwks")
def key_set() -> Response:
    """Our public keys (SEC 6.3)."""
    response = jsonify(parts().own_keys.key_set())
    response.headers["Cache-Control"] = "public, max-age=600"
    return response


@blueprint.get("/lti/canvas.json")
def canvas_json() -> Response:
    """The developer-key configuration for Canvas."""
    response = jsonify(developer_key(parts().settings))
    response.headers["Cache-Control"] = "public, max-age=600"
    return response


def _guarded(step: Any) -> Any:
    """Run ``step``; anything but our own errors means a message we did not understand, which is a refusal,
    not a 500.
    """
    try:
        return step()
    except (LaunchRefused, IepError, HTTPException):
        raise
    except Exception as error:
        raise not_understood(error) from None


def _platform_error(here: Parts) -> Response:
    """The platform answered with an error, not a token (OpenID Connect 3.1.2.6); the state is used up."""
    state = request.form.get("state", "")
    record = here.doors.take_launch_state(hash_of(state), at=here.clock()) if state else None
    code = request.form.get("error", "")
    reason = "platform:" + (code if _ERROR_CODE.fullmatch(code) else "other")
    number = new_reference()
    if record is not None:
        here.launch_notes.refused(record.registration_id, "", reason, number)
    response = error_answer("platform_said_no", status=401, reason=reason, reference=number)
    if state:
        drop_door_cookie(response, cookie_name(state))
    return response


def _may_be_framed() -> bool:
    """Whether this request may come from a frame: the browser says so, or is a browser that does not say."""
    destination = request.headers.get("Sec-Fetch-Dest")
    if destination is not None:
        return destination in _IN_A_FRAME
    return "Mozilla/" in request.headers.get("User-Agent", "")


def _storage_key(state: str) -> str:
    return "lti_state_" + state


def _origin(url: str) -> str:
    address = urlsplit(url)
    return f"{address.scheme}://{address.netloc}"
