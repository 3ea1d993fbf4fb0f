"""The offer: what we show in a platform's menus and what we ask of it, each with its reason, as data.

Two shapes are made of it: Canvas' developer key (``canvas.py``) and a Dynamic Registration request
(``registration_request.py``). Titles are neutral and the same for everybody: what stands in a menu must not
tell who has a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lti_app.doors.lti.id_token import CUSTOM_FIELDS, RESOURCE_LINK_REQUEST

TITLE = "Rapport"
DESCRIPTION = "Progress notes and conversation between school and home."
TOOL_ID = "rapport"
FIRST_PATH = "/app/"
LOGIN_PATH, LAUNCH_PATH, KEYS_PATH = "/lti/login", "/lti/launch", "/lti/jwks"
LINK_REQUEST = "LtiDeepLinkingRequest"
NRPS_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
_AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One right over a platform's services; ``words`` and ``reason`` are what we tell who grants it."""

    name: str
    words: str
    reason: str


SCOPES: tuple[Scope, ...] = (
    Scope(
        name=NRPS_SCOPE,
        words="Course lists",
        reason="To show a teacher the people of her own course; nobody is typed in.",
    ),
    Scope(
        name=_AGS + "lineitem",
        words="Columns of its own",
        reason="To keep a column only for a check-in that a teacher adds herself.",
    ),
    Scope(
        name=_AGS + "result.readonly",
        words="Marks of those columns",
        reason="To leave a mark that is there as it is.",
    ),
    Scope(
        name=_AGS + "score",
        words="Marking those columns",
        reason="To send a pupil a neutral word, where the school turned it on. Never a score.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One place in a platform. Names are Canvas'; ``settings`` are Canvas' own keys for it.

    ``on`` says whether it is switched on from the start. Source of names and keys:
    https://developerdocs.instructure.com/services/canvas/external-tools/lti/file.lti_dev_key_config
    """

    name: str
    message_type: str = RESOURCE_LINK_REQUEST
    on: bool = True
    settings: tuple[tuple[str, str], ...] = ()


PLACEMENTS: tuple[Placement, ...] = (
    # "public" lets parents who observe a course see the link; off until the course wants it.
    Placement(name="course_navigation", settings=(("visibility", "public"), ("default", "disabled"))),
    Placement(name="account_navigation", settings=(("visibility", "admins"),)),
    # The caseload without a course: most of a case manager's pupils sit in courses that are not hers.
    Placement(name="user_navigation", settings=(("visibility", "members"),)),
    Placement(
        name="global_navigation",
        on=False,
        settings=(
            ("visibility", "members"),
            ("icon_svg_path_64", "M22 12a20 20 0 1 0 .1 0zM38 20h20v24H38z"),
        ),
    ),
    Placement(name="student_context_card"),
    Placement(name="assignment_selection", message_type=LINK_REQUEST),
    Placement(name="link_selection", message_type=LINK_REQUEST),
)

DIALOG = {"selection_width": 800, "selection_height": 640}
"""Size of the window in which a teacher chooses what a link opens, in CSS pixels."""

CANVAS_VARIABLES = ("$Canvas.", "$com.instructure.")


def custom_fields(variables: Iterable[str] | None) -> Mapping[str, str]:
    """Return the custom fields to ask for: all of them where ``variables`` is None (Canvas), else those whose
    variable the platform names."""
    if variables is None:
        return dict(CUSTOM_FIELDS)
    named = {one.lstrip("$") for one in variables}
    return {
        field: variable
        for field, variable in CUSTOM_FIELDS.items()
        if variable.lstrip("$") in named and not variable.startswith(CANVAS_VARIABLES)
    }
