"""Connecting an adult's own Google account: the pop-up's address, the page it comes back to, and leaving
again."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from iepcore.errors import ConnectorError, IepError
from lti_app.screens.parts import screen_parts
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("google_connection", __name__)


@blueprint.post("/app/google")
def address() -> Response:
    """Return where the pop-up goes: Google, which asks the adult herself."""
    return jsonify({"url": screen_parts().google_address(current_viewer())})


@blueprint.post("/app/google/leave")
def leave() -> Response:
    """Take the connection back. Notices that would go by it wait from now on."""
    screen_parts().google_leave(current_viewer())
    return goto("/app/today", said="google_left")


@blueprint.get("/google/back")
def back() -> Response:
    """End the pop-up. It holds no bearer; the state it carries was made for one session and is used once."""
    state, code = request.args.get("state", ""), request.args.get("code", "")
    problem = ""
    if not state or not code:
        problem = "declined"
    else:
        try:
            screen_parts().google_finish(state, code)
        except ConnectorError:
            problem = "platform"
        except IepError as error:
            problem = "other_account" if error.code == "connection_other_account" else "state"
    page = render_template("screens/google_back.html", problem=problem)
    return make_response(page, 400 if problem else 200)
