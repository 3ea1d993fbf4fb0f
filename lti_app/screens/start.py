"""The first page after a door: Today for staff, my child for a family, one neutral page for everybody
else."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from iepcore.errors import NotPermitted
from lti_app.answers import neutral_answer
from lti_app.doors.lti.roles import Standing
from lti_app.screens.parts import caseload_of, screen_parts
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("start", __name__)

_FOR_FAMILIES = frozenset(
    {
        "start",
        "my_child",
        "family_plan",
        "family_wish",
        "signing",
        "seen",
        "conversation",
        "session",
        "check_in",
    }
)
"""The screens a family session may open; the others are drawn for staff, whatever the rights."""


@blueprint.before_app_request
def keep_faces_apart() -> None:
    """Refuse staff screens to a family session, with the same answer as for something that is not there."""
    viewer = g.get("viewer")
    place = (request.endpoint or "start").split(".")[0]
    if viewer is not None and viewer.family and place not in _FOR_FAMILIES:
        raise NotPermitted("staff_only", citation="product rule: families have screens of their own")


@blueprint.get("/app/")
def start() -> Response:
    """Send the viewer where they belong. A pupil or a stranger gets the same page, plan or none."""
    viewer = current_viewer()
    if viewer.adult_id is None:
        return neutral_answer()
    if viewer.family:
        return goto("/app/my")
    if viewer.standing is Standing.ADMIN and screen_parts().console(viewer).may_look():
        return goto("/app/platforms")
    if viewer.standing in {Standing.STAFF, Standing.ADMIN}:
        if caseload_of(viewer).interpreting.is_all_i_do():
            return goto("/app/tasks")
        return goto("/app/today")
    return neutral_answer()
