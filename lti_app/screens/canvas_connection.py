"""Connecting a teacher's own Canvas inbox: the pop-up's address, the page it comes back to, and leaving
again."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from iepcore.errors import ConnectorError, IepError
from lti_app.screens.parts import screen_parts
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("canvas_connection", __name__)


@blueprint.post("/app/canvas")
def address() -> Response:
    """Return where the pop-up goes: the school's Canvas, which asks the teacher herself."""
    return jsonify({"url": screen_parts().canvas_address(current_viewer())})


@blueprint.post("/app/canvas/leave")
def leave() -> Response:
    """Take the connection back. Notices of this teacher wait from now on."""
    screen_parts().canvas_leave(current_viewer())
    return goto("/app/today", said="canvas_left")


@blueprint.get("/canvas/back")
def back() -> Response:
    """End the pop-up. It holds no bearer; the state it carries was made for one session and is used once."""
    state, code = request.args.get("state", ""), request.args.get("code", "")
    problem = ""
    if not state or not code:
        problem = "declined"
    else:
        try:
            screen_parts().canvas_finish(state, code)
        except ConnectorError:
            problem = "platform"
        except IepError as error:
            problem = "other_account" if error.code == "connection_other_account" else "state"
    page = render_template("screens/canvas_back.html", problem=problem)
    return make_response(page, 400 if problem else 200)
