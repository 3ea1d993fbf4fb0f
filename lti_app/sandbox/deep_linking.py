"""Deep linking 2.0 as a platform does it: a wish with a launch, the signed answer checked, the item kept.

Also what a course page then offers: the items a teacher added, and the card of a pupil.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, render_template, request
from joserfc import jwt
from joserfc.errors import JoseError

from lti_app.sandbox.ags import endpoint_claim
from lti_app.sandbox.assertion import AssertionRefused, tool_keys
from lti_app.sandbox.claims import LTI, PLACEMENT_CLAIM
from lti_app.sandbox.gradebook import Column
from lti_app.sandbox.hints import LaunchHint
from lti_app.sandbox.links import AnswerRefused, Link
from lti_app.sandbox.people import Course, User
from lti_app.sandbox.world import World, world

linking = Blueprint("linking", __name__)

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
CARD_CLAIM = "https://www.instructure.com/lti_student_id"
WISH, LINK, CARD = "wish", "link", "card"
TAKES = ("link", "ltiResourceLink")
LONGEST_SECONDS = 3600


def more_claims(here: World, launch: LaunchHint) -> dict[str, Any]:
    """What a launch carries besides what every launch carries: the gradebook, and its own kind's claims."""
    more: dict[str, Any] = {}
    if launch.course_id is not None:
        more |= endpoint_claim(here, launch.course_id)
    match launch.kind:
        case "wish":
            wish = here.links.wish(launch.about)
            assert wish is not None  # the page that made the hint has just asked
            more[f"{LTI}message_type"] = "LtiDeepLinkingRequest"
            more[PLACEMENT_CLAIM] = "assignment_selection"
            more[f"{DL}deep_linking_settings"] = {
                "deep_link_return_url": _return_url(here, wish.course_id, launch.about),
                "accept_types": list(TAKES),
                "accept_presentation_document_targets": ["iframe", "window"],
                "accept_multiple": False,
                "accept_lineitem": True,
                "auto_create": False,
                "data": wish.data,
            }
        case "link":
            link = here.links.link(int(launch.about))
            assert link is not None
            more[f"{LTI}resource_link"] = {"id": f"link-{link.id}", "title": link.title}
            more[f"{LTI}custom"] = dict(link.custom)
            more |= endpoint_claim(here, link.course_id, link.column)
            more.pop(PLACEMENT_CLAIM, None)
        case "card":
            more[CARD_CLAIM] = launch.about
            more[PLACEMENT_CLAIM] = "student_context_card"
    return more


@linking.post("/courses/<int:course_id>/deep_linking_response/<name>")
def receive(course_id: int, name: str) -> tuple[str, int]:
    """Take the tool's answer, posted by the teacher's browser."""
    here = world()
    try:
        added, said = _accept(here, course_id, name, request.form.get("JWT", ""))
    except AnswerRefused as refusal:
        return render_template("problem.html", title="Nothing was added", text=str(refusal)), 400
    if added is None:
        return render_template("problem.html", title="Nothing was added", text=said), 200
    return render_template("problem.html", title=f"Added: {added.title}", text=said), 200


def _accept(here: World, course_id: int, name: str, token: str) -> tuple[Link | None, str]:
    try:
        claims = jwt.decode(token, tool_keys(here), algorithms=["RS256"]).claims
    except (JoseError, ValueError, AssertionRefused) as fault:
        raise AnswerRefused("the answer's signature is invalid") from fault
    config, now = here.config, here.config.clock().timestamp()
    expected = {
        "iss": config.client_id,
        f"{LTI}deployment_id": config.deployment_id,
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": "1.3.0",
    }
    wrong = [claim for claim, value in expected.items() if claims.get(claim) != value]
    audience = claims.get("aud")
    if config.issuer not in (audience if isinstance(audience, list) else [audience]):
        wrong.append("aud")
    issued, expires = claims.get("iat"), claims.get("exp")
    if (
        not isinstance(issued, int)
        or not isinstance(expires, int)
        or not issued - 60 <= now < expires
        or expires - issued > LONGEST_SECONDS
    ):
        wrong.append("exp")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce:
        wrong.append("nonce")
    items = claims.get(f"{DL}content_items", [])
    if not isinstance(items, list) or len(items) > 1 or any(one.get("type") not in TAKES for one in items):
        wrong.append("content_items")
    if wrong:
        raise AnswerRefused(f"these claims do not fit: {', '.join(sorted(wrong))}")
    wish = here.links.close(name, str(nonce))
    if wish.course_id != course_id or claims.get(f"{DL}data") != wish.data:
        raise AnswerRefused("the opaque data came back changed")
    said = str(claims.get(f"{DL}errormsg") or claims.get(f"{DL}msg") or "")
    if not items:
        return None, said
    return here.links.add(course_id, items[0], _column(here, course_id, items[0])), said


def _column(here: World, course_id: int, item: Mapping[str, Any]) -> Column | None:
    wanted = item.get("lineItem")
    if not isinstance(wanted, dict):
        return None
    more = {name: value for name, value in wanted.items() if name not in ("label", "scoreMaximum")}
    label = str(wanted.get("label") or item.get("title") or "Link")
    return here.gradebook.add(course_id, label, float(wanted["scoreMaximum"]), more)


def wished(here: World, user: User, course: Course) -> tuple[str, str, str]:
    """Kind, subject and target of the launch behind "add from the tool"; staff only."""
    if not user.roles_in(course.id) & {"teacher", "ta"}:
        abort(403)
    return WISH, here.links.ask(user.key, course.id), here.config.launch_url


def linked_item(here: World, course: Course, link_id: int) -> tuple[str, str, str]:
    """Kind, subject and target of the launch of an item; a plain link is no launch."""
    link = here.links.link(link_id)
    if link is None or link.course_id != course.id or link.kind != "ltiResourceLink":
        abort(404)
    return LINK, str(link.id), link.url


def carded(here: World, user: User, course: Course, pupil_key: str) -> tuple[str, str, str]:
    """Kind, subject and target of the launch from a pupil's card; staff of the course only."""
    pupil = here.people.by_key(pupil_key)
    if pupil is None or "student" not in pupil.roles_in(course.id):
        abort(404)
    if not user.roles_in(course.id) & {"teacher", "ta"}:
        abort(403)
    return CARD, str(pupil.canvas_user_id), here.config.launch_url


def _return_url(here: World, course_id: int, name: str) -> str:
    return f"{here.config.issuer}/courses/{course_id}/deep_linking_response/{name}"
