"""Inspection and faults for tests and the stage: loopback only, with the key of this run."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Response, jsonify, request

from lti_app.sandbox.faults import FaultUnknown
from lti_app.sandbox.world import world

admin = Blueprint("admin", __name__, url_prefix="/sandbox")

KEY_HEADER = "X-Sandbox-Key"


def from_this_machine() -> bool:
    """Whether the request comes from a loopback address."""
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


@admin.before_request
def guard() -> tuple[Response, int] | None:
    """Nobody but this machine, and nobody without the key."""
    given = request.headers.get(KEY_HEADER, "").encode()
    if not from_this_machine() or not hmac.compare_digest(given, world().config.admin_key.encode()):
        return jsonify({"error": "forbidden"}), 403
    return None


@admin.post("/faults")
def switch_faults() -> tuple[Response, int]:
    """Switch trouble on or off; answers with what is broken now."""
    here = world()
    wanted: Any = request.get_json(silent=True)
    if not isinstance(wanted, dict):
        return jsonify({"error": "a JSON object, please"}), 400
    try:
        here.faults.change(wanted)
    except FaultUnknown as fault:
        return jsonify({"error": f"unknown value of {fault}"}), 400
    if wanted.get("expire_tokens"):
        here.tokens.expire_all()
    if wanted.get("revoke_tokens"):
        here.tokens.revoke_all()
    return show_faults(), 200


@admin.get("/faults")
def show_faults() -> Response:
    """What is broken now."""
    state = world().faults.state
    return jsonify(
        {
            "mode": state.mode,
            "stored": state.stored,
            "times": state.remaining,
            "nrps_page_size": state.nrps_page_size,
        }
    )


@admin.get("/wire")
def show_wire() -> Response:
    """Everything that arrived for delivery, byte by byte, oldest first."""
    return jsonify([delivery.as_json() for delivery in world().wire.all()])


@admin.get("/conversations")
def show_conversations() -> Response:
    """Every thread with its messages."""
    return jsonify(
        [
            {
                "id": thread.id,
                "subject": thread.subject,
                "context_code": thread.context_code,
                "private": thread.private,
                "participants": list(thread.participants),
                "messages": [
                    {
                        "id": m.id,
                        "author_id": m.author_id,
                        "body": m.body,
                        "created_at": m.created_at.isoformat(),
                    }
                    for m in thread.messages
                ],
            }
            for thread in world().inbox.all()
        ]
    )


@admin.get("/mail")
def show_mail() -> Response:
    """Every mail, read."""
    return jsonify(
        [
            {
                "number": mail.number,
                "at": mail.at.isoformat(),
                "from": mail.sender,
                "to": list(mail.recipients),
                "subject": mail.subject,
                "text": mail.text,
                "raw": mail.raw.decode("utf-8", "backslashreplace"),
            }
            for mail in world().mailbox.all()
        ]
    )


@admin.post("/reset")
def reset() -> tuple[Response, int]:
    """Forget all deliveries and mend everything; people, keys and consents stay."""
    world().reset()
    return jsonify({}), 200
