"""The stage: the teacher's iPad, a parent's phone and what left the building, side by side, with a script."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from flask import Blueprint, Response, abort, jsonify, render_template, request

from lti_app.sandbox.admin import from_this_machine
from lti_app.sandbox.mailbox import Mail
from lti_app.sandbox.wire import Delivery
from lti_app.sandbox.world import World, world

stage = Blueprint("stage", __name__, url_prefix="/stage")

COURSE = 101
CLASSROOM_TEACHER = "vance"
# Who can hold the phone: key, label in the person's own language, its code and direction.
PHONES = (("elena", "Elena · Español", "es", "ltr"), ("farid", "Farid · دری", "prs", "rtl"))
_PAGE_KEY = secrets.token_urlsafe(16)


@stage.before_request
def guard() -> None:
    """The stage shows what was delivered to everybody: this machine only."""
    if not from_this_machine():
        abort(403)


@stage.get("")
def show() -> str:
    """The stage itself."""
    control = world().config.stage_control
    return render_template(
        "stage.html", course=COURSE, phones=PHONES, page_key=_PAGE_KEY, has_switch=control is not None
    )


@stage.get("/two")
def show_two() -> str:
    """A teacher in Canvas and a teacher in Classroom, side by side."""
    here = world()
    if not here.config.google_add_on:
        abort(404)
    a_class = here.classroom.classes()[0]
    post = here.classroom.posts(a_class.id)[-1]
    attachment = here.classroom.attachments(post.id)[0]
    address = f"/google/c/{a_class.id}/w/{post.id}/a/{attachment.id}?as={CLASSROOM_TEACHER}&frame=bare"
    return render_template("stage_two.html", course=COURSE, classroom=address)


@stage.get("/wire.json")
def wire() -> Response:
    """What left the building after number ``after``, each with what a search of its bytes found."""
    here = world()
    after = request.args.get("after", 0, type=int)
    everything = here.wire.all()
    mails = {mail.number: mail for mail in here.mailbox.all()}
    control = here.config.stage_control
    return jsonify(
        {
            "count": len(everything),
            "bytes": sum(len(d.raw) for d in everything),
            "newest": everything[-1].number if everything else 0,
            "deliveries": [_shown(here, d, mails) for d in everything if d.number > after],
            "server_up": None if control is None else control.server_is_up(),
        }
    )


@stage.post("/server")
def switch() -> tuple[Response, int]:
    """Stop the school's server, or start it again."""
    control = world().config.stage_control
    if not secrets.compare_digest(request.headers.get("X-Stage-Key", ""), _PAGE_KEY):
        return jsonify({"error": "forbidden"}), 403
    if control is None:
        return jsonify({"error": "no switch"}), 409
    wanted: Any = request.get_json(silent=True)
    match wanted.get("action") if isinstance(wanted, dict) else None:
        case "stop":
            control.stop_server()
        case "start":
            control.start_server()
        case _:
            return jsonify({"error": "unknown action"}), 400
    return jsonify({"server_up": control.server_is_up()}), 200


def _shown(here: World, delivery: Delivery, mails: Mapping[int, Mail]) -> dict[str, Any]:
    mail = mails.get(delivery.number)
    found = here.search.find(delivery.raw)
    return {
        "number": delivery.number,
        "at": delivery.at.isoformat(),
        "channel": delivery.channel,
        "receiver": delivery.receiver,
        # Who that is stands in no byte of the message; the stage looks it up for the people watching.
        "name": _name_of(here, delivery.receiver),
        "size": len(delivery.raw),
        "raw": delivery.raw.decode("utf-8", "backslashreplace"),
        "readable": f"{mail.subject}\n\n{mail.text}" if mail else _readable_form(delivery.raw),
        "found": [{"word": f.word, "kind": f.kind} for f in found],
    }


def _name_of(here: World, receiver: str) -> str | None:
    number = receiver.rpartition(" ")[2]
    for user in here.people.users:
        if receiver == user.email or number == str(user.canvas_user_id):
            return user.name
    return None


def _readable_form(raw: bytes) -> str:
    _, _, body = raw.partition(b"\r\n\r\n")
    pairs = (pair.partition("=") for pair in body.decode("utf-8", "replace").split("&"))
    return "\n".join(f"{unquote_plus(name)}: {unquote_plus(value)}" for name, _, value in pairs)
