"""Assignment and Grade Services 2.0 as Canvas offers them (``line_items_controller.rb``,
``scores_controller.rb``, ``results_controller.rb``): columns, scores that replace, comments that add up.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, request

from lti_app.sandbox.gradebook import Cell, Column, Refused
from lti_app.sandbox.people import User
from lti_app.sandbox.wire import request_bytes
from lti_app.sandbox.world import World, world

ags = Blueprint("ags", __name__)

AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
COLUMN_SCOPE, RESULT_SCOPE, SCORE_SCOPE = (
    f"{_SCOPE}lineitem",
    f"{_SCOPE}result.readonly",
    f"{_SCOPE}score",
)
AGS_SCOPES = (COLUMN_SCOPE, RESULT_SCOPE, SCORE_SCOPE)
COLUMN_MEDIA = "application/vnd.ims.lis.v2.lineitem+json"
COLUMNS_MEDIA = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS_MEDIA = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE_MEDIA = "application/vnd.ims.lis.v1.score+json"
SUBMISSION = "https://canvas.instructure.com/lti/submission"
PAGE_SIZE = 10
ACTIVITIES = frozenset({"Initialized", "Started", "InProgress", "Submitted", "Completed"})
GRADINGS = frozenset({"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"})


def endpoint_claim(here: World, course_id: int, column: Column | None = None) -> dict[str, Any]:
    """The claim that tells a launch where this course's gradebook is."""
    said: dict[str, Any] = {"scope": list(AGS_SCOPES), "lineitems": _container(here, course_id)}
    if column is not None:
        said["lineitem"] = _address(here, column)
    return {AGS_CLAIM: said}


@ags.errorhandler(Refused)
def explain(refusal: Refused) -> Response:
    """Say no in Canvas's shape."""
    body = {"errors": {"type": "refused", "message": str(refusal)}}
    return _json(refusal.status, body, "application/json")


@ags.get("/api/lti/courses/<int:course_id>/line_items")
def list_columns(course_id: int) -> Response:
    """The columns, filtered and in pages."""
    here = _admit(course_id, COLUMN_SCOPE)
    filters = {"tag": "tag", "resource_id": "resourceId", "resource_link_id": "resourceLinkId"}
    wanted = {filters[name]: value for name, value in request.args.items() if name in filters}
    rows = [_shown(here, column) for column in here.gradebook.columns(course_id)]
    rows = [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]
    return _page(rows, COLUMNS_MEDIA)


@ags.post("/api/lti/courses/<int:course_id>/line_items")
def create_column(course_id: int) -> Response:
    """Make a column."""
    here = _admit(course_id, COLUMN_SCOPE)
    label, maximum, more = _column_body()
    column = here.gradebook.add(course_id, label, maximum, more)
    return _json(201, _shown(here, column), COLUMN_MEDIA)


@ags.route("/api/lti/courses/<int:course_id>/line_items/<int:column_id>", methods=["GET", "PUT", "DELETE"])
def one_column(course_id: int, column_id: int) -> Response:
    """Show, replace or remove a column. Its id and its link do not change (AGS 3.2.4)."""
    here = _admit(course_id, COLUMN_SCOPE)
    column = here.gradebook.column(course_id, column_id)
    if request.method == "DELETE":
        here.gradebook.remove(column)
        return _json(204, {}, COLUMN_MEDIA)
    if request.method == "PUT":
        label, maximum, more = _column_body()
        if more.get("resourceLinkId") != column.more.get("resourceLinkId"):
            raise Refused(422, "resourceLinkId may not change")
        column = replace(column, label=label, maximum=maximum, more=more)
        here.gradebook.save(column)
    return _json(200, _shown(here, column), COLUMN_MEDIA)


@ags.post("/api/lti/courses/<int:course_id>/line_items/<int:column_id>/scores")
def post_score(course_id: int, column_id: int) -> Response:
    """Take a score: it replaces the mark unless told to keep it, and adds its comment to those before."""
    here = _admit(course_id, SCORE_SCOPE)
    column = here.gradebook.column(course_id, column_id)
    body = _body(SCORE_MEDIA)
    at = _timestamp(body)
    pupil = _pupil(here, course_id, body)
    if body.get("activityProgress") not in ACTIVITIES or body.get("gradingProgress") not in GRADINGS:
        raise Refused(400, "activityProgress and gradingProgress are required")
    given, maximum = body.get("scoreGiven"), body.get("scoreMaximum")
    if given is not None and not (_positive(maximum) and _number(given) and given >= 0):
        raise Refused(422, "ScoreMaximum must be greater than 0 when there is a ScoreGiven")
    extension = body.get(SUBMISSION)
    keeps = isinstance(extension, dict) and extension.get("preserve_score") is True
    comment = body.get("comment")

    def step(cell: Cell | None) -> Cell:
        if cell is not None and at < cell.at:
            raise Refused(400, "ScoreTimestamp must not be older than the last one")
        now = replace(cell or Cell(at=at), at=at)
        if given is not None or not keeps:
            now = replace(now, score=given, maximum=maximum)
        return replace(now, comments=(*now.comments, str(comment))) if comment else now

    here.gradebook.change(column, pupil.sub, step)
    if comment:  # words that leave the tool, as a mail or a message would
        raw = request_bytes(request.environ, request.get_data())
        here.wire.record("gradebook", f"user {pupil.canvas_user_id}", raw)
    result = f"{_address(here, column)}/results/{pupil.canvas_user_id}"
    return _json(200, {"resultUrl": result}, "application/json")


@ags.get("/api/lti/courses/<int:course_id>/line_items/<int:column_id>/results")
def list_results(course_id: int, column_id: int) -> Response:
    """What the column shows, for everybody or one pupil."""
    here = _admit(course_id, RESULT_SCOPE)
    column = here.gradebook.column(course_id, column_id)
    rows = []
    for user, cell in here.gradebook.cells(column).items():
        if request.args.get("user_id") not in (None, user):
            continue
        row: dict[str, Any] = {
            "id": f"{_address(here, column)}/results/{user}",
            "scoreOf": _address(here, column),
            "userId": user,
        }
        if cell.score is not None:
            row |= {"resultScore": cell.score, "resultMaximum": cell.maximum}
        if cell.comments:
            row["comment"] = cell.comments[-1]
        rows.append(row)
    return _page(rows, RESULTS_MEDIA)


def _admit(course_id: int, scope: str) -> World:
    """Return the world for a service token with this scope and a course that exists."""
    here = world()
    token = here.tokens.find(request.headers.get("Authorization", "").removeprefix("Bearer ").strip())
    if token is None or token.revoked or token.user_key is not None or not here.tokens.is_current(token):
        raise Refused(401, "Invalid access token.")
    if scope not in token.scopes:
        raise Refused(401, "Insufficient scopes on access token.")
    if here.people.course(course_id) is None:
        raise Refused(404, "The specified resource does not exist.")
    return here


def _body(media: str) -> dict[str, Any]:
    if request.headers.get("Content-Type", "").partition(";")[0].strip() != media:
        raise Refused(415, f"Content-Type must be {media}")
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise Refused(400, "a JSON object, please")
    return body


def _column_body() -> tuple[str, float, dict[str, Any]]:
    body = _body(COLUMN_MEDIA)
    label, maximum = body.pop("label", None), body.pop("scoreMaximum", None)
    body.pop("id", None)
    if not isinstance(label, str) or not label or not _positive(maximum):
        raise Refused(422, "label and a scoreMaximum above 0 are required")
    return label, float(maximum), body


def _timestamp(body: dict[str, Any]) -> datetime:
    try:
        at = datetime.fromisoformat(str(body.get("timestamp")))
    except ValueError:
        raise Refused(400, "Provided timestamp is not a valid timestamp") from None
    if at.tzinfo is None:
        raise Refused(400, "Provided timestamp has no time zone")
    return at


def _pupil(here: World, course_id: int, body: dict[str, Any]) -> User:
    for user in here.people.members(course_id):
        if user.sub == body.get("userId") and "student" in user.roles_in(course_id):
            return user
    raise Refused(422, "User not found in course or is not a student")


def _positive(value: object) -> bool:
    return _number(value) and isinstance(value, int | float) and value > 0


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _shown(here: World, column: Column) -> dict[str, Any]:
    return {
        **column.more,
        "id": _address(here, column),
        "scoreMaximum": column.maximum,
        "label": column.label,
    }


def _container(here: World, course_id: int) -> str:
    return f"{here.config.issuer}/api/lti/courses/{course_id}/line_items"


def _address(here: World, column: Column) -> str:
    return f"{_container(here, column.course_id)}/{column.id}"


def _page(rows: list[dict[str, Any]], media: str) -> Response:
    number = max(request.args.get("page", 1, type=int), 1)
    size = min(max(request.args.get("limit", PAGE_SIZE, type=int), 1), 100)
    answer = _json(200, rows[(number - 1) * size : number * size], media)
    if number * size < len(rows):
        kept = {**request.args.to_dict(), "page": str(number + 1)}
        query = "&".join(f"{name}={value}" for name, value in kept.items())
        answer.headers["Link"] = f'<{request.base_url}?{query}>; rel="next"'
    return answer


def _json(status: int, body: object, media: str) -> Response:
    text = "" if status == 204 else json.dumps(body, ensure_ascii=False)
    return current_app.response_class(text, status=status, content_type=media)
