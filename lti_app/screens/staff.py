"""The school's staff, for records officers: who came through a staff door, and what they are appointed to."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, request

from iepcore.caseload import Caseload
from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import AdultId
from iepcore.people import SiteRole
from lti_app.screens.choices import Options, of_catalogue, refusal
from lti_app.screens.forms import given_id
from lti_app.screens.page import frame_of, initials, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.said import said_words
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("staff", __name__)

Answer = str | Response | tuple[str, int]

_BY_USE = (SiteRole.CASE_MANAGER, SiteRole.INTERPRETER, SiteRole.ADMINISTRATOR, SiteRole.RECORDS_OFFICER)
"""The roles in the order in which a school needs them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLine:
    """An adult and their standings; ``free`` are the roles they could be given."""

    name: str
    initials: str
    adult: str
    held: Options
    free: Options
    is_you: bool


@blueprint.get("/app/staff")
def staff() -> Answer:
    """Show the school's staff and their standings (records officers only)."""
    viewer = current_viewer()
    return _staff(viewer, caseload_of(viewer))


@blueprint.post("/app/staff")
def change_staff() -> Answer:
    """Appoint somebody, or end an appointment."""
    viewer = current_viewer()
    caseload = caseload_of(viewer)
    adult_id = AdultId(given_id("adult"))
    try:
        role = SiteRole(request.form.get("role", ""))
    except ValueError:
        raise InvalidValue("unknown_field", field="role") from None
    do = request.form.get("do", "")
    try:
        if do == "appoint":
            caseload.staff.appoint(adult_id, role)
        elif do == "end":
            caseload.staff.end(adult_id, role)
        else:
            raise InvalidValue("unknown_field", field="do")
    except IllegalMove as error:
        return _staff(viewer, caseload, refused=refusal(frame_of(viewer), error)), 409
    return goto("/app/staff", said="staff_changed")


def _staff(viewer: Viewer, caseload: Caseload, *, refused: str = "") -> str:
    frame = frame_of(viewer)
    return page(
        frame,
        "staff.html",
        title=frame.words("Staff"),
        rows_of_staff=[
            StaffLine(
                name=row.adult.name,
                initials=initials(row.adult.name),
                adult=str(row.adult.id),
                held=of_catalogue(frame, "role", [role.value for role in row.roles]),
                free=of_catalogue(frame, "role", [one.value for one in _BY_USE if one not in row.roles]),
                is_you=row.adult.id == viewer.adult_id,
            )
            for row in caseload.staff.rows()
        ],
        refused=refused,
        said_sentence=said_words(frame, request.args.get("said", "")),
    )
