"""Names and Role Provisioning Service 2.0 as Canvas offers it
(``lib/lti/ims/names_and_roles_serializer.rb``).

Page size 50 at most, opaque bookmark links, only context roles, observers without whom they observe, custom
fields only when ``rlid`` is given.
"""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, request

from lti_app.sandbox.claims import LTI, NRPS_SCOPE, custom_fields
from lti_app.sandbox.people import Course, User
from lti_app.sandbox.roles import context_roles
from lti_app.sandbox.world import World, world

nrps = Blueprint("nrps", __name__)

MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


@nrps.get("/api/lti/courses/<int:course_id>/names_and_roles")
def members(course_id: int) -> Response:
    """One page of the course's members."""
    here = world()
    token = here.tokens.find(request.headers.get("Authorization", "").removeprefix("Bearer ").strip())
    if token is None or token.revoked or token.user_key is not None or not here.tokens.is_current(token):
        return _problem(401, "Invalid access token.")
    if NRPS_SCOPE not in token.scopes:
        return _problem(401, "Insufficient scopes on access token.")
    course = here.people.course(course_id)
    if course is None:
        return _problem(404, "The specified resource does not exist.")
    rlid = request.args.get("rlid")
    if rlid is not None and rlid != course.context_id:
        return _problem(400, "Requested ResourceLink was not found")
    wanted_role = request.args.get("role")
    found = [
        u
        for u in here.people.members(course_id)
        if not wanted_role or wanted_role in context_roles(u, course_id)
    ]
    try:
        start = _bookmark_start(request.args.get("page"))
    except ValueError:
        return _problem(400, "invalid bookmark")
    size = _page_size(here.faults.state.nrps_page_size, request.args.get("limit"))
    page = found[start : start + size]
    body = {
        "id": f"{here.config.issuer}{request.full_path.rstrip('?')}",
        "context": {"id": course.context_id, "label": course.course_code, "title": course.name},
        "members": [_member(here, user, course, with_custom=rlid is not None) for user in page],
    }
    answer = _json(200, body, MEDIA_TYPE)
    if start + size < len(found):
        answer.headers["Link"] = f'<{_next_url(here, course_id, start + size)}>; rel="next"'
    return answer


def _member(here: World, user: User, course: Course, *, with_custom: bool) -> dict[str, Any]:
    member: dict[str, Any] = {
        "status": "Active",
        "name": user.name,
        "given_name": user.given_name,
        "family_name": user.family_name,
        "email": user.email,
        "lis_person_sourcedid": f"SIS-{user.canvas_user_id}",
        "user_id": user.sub,
        "lti11_legacy_user_id": user.sub.replace("-", ""),
        "roles": context_roles(user, course.id),
    }
    if with_custom:
        fields = custom_fields(here.people, user, course.id)
        # Whom somebody observes is known in that person's own launch only.
        custom = {k: v for k, v in fields.items() if k not in {"observees", "masquerading_user_id"}}
        member["message"] = [
            {
                f"{LTI}message_type": "LtiResourceLinkRequest",
                "locale": user.locale,
                f"{LTI}custom": custom,
            }
        ]
    return member


def _page_size(most: int, wanted: str | None) -> int:
    if wanted is not None and wanted.isdecimal() and int(wanted) > 0:
        return min(int(wanted), most)
    return most


def _next_url(here: World, course_id: int, start: int) -> str:
    # Letters of both cases and a colon on purpose: clients that lower-case or re-encode the link lose their
    # place.
    text = json.dumps(["AnyMember", start]).encode()
    bookmark = base64.urlsafe_b64encode(text).decode().rstrip("=")
    kept = {k: v for k, v in request.args.items() if k != "page"}
    query = f"page=bookmark:{bookmark}" + (f"&{urlencode(kept)}" if kept else "")
    return f"{here.config.issuer}/api/lti/courses/{course_id}/names_and_roles?{query}"


def _bookmark_start(page: str | None) -> int:
    if page is None or page in {"first", "1"}:
        return 0
    kind, _, coded = page.partition(":")
    if kind != "bookmark":
        raise ValueError(page)
    label, start = json.loads(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
    if label != "AnyMember" or not isinstance(start, int) or start < 0:
        raise ValueError(page)
    return start


def _problem(status: int, message: str) -> Response:
    answer = _json(status, {"errors": [{"message": message}]}, "application/json")
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="canvas-lms"'
    return answer


def _json(status: int, body: object, media_type: str) -> Response:
    return current_app.response_class(
        json.dumps(body, ensure_ascii=False), status=status, content_type=media_type
    )
