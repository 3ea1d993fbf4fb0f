"""One part of a plan as a form: what stands in it as fields, and what was typed as a value again."""

from __future__ import annotations

from collections.abc import Callable

from iepcore.errors import InvalidValue
from iepcore.plan.document import PlanPart
from lti_app.screens import plan_form_goal as goals
from lti_app.screens import plan_form_sections as sections
from lti_app.screens import plan_form_services as services
from lti_app.screens.plan_fields import PartForm, Typed


def typed_of(part: PlanPart, value: object) -> dict[str, str]:
    """Return what the form of a piece holds before anything is typed."""
    return {} if value is None else _TYPED[part](value)


def read_part(part: PlanPart, typed: Typed, form: PartForm) -> object | None:
    """Return the piece that was typed; None with ``form.errors`` when it is not one yet, None without them
    when an empty form takes the piece away.
    """
    if part in _MAY_BE_EMPTY and not typed.get("words", "").strip():
        return None
    try:
        value = _READ[part](typed, form)
    except InvalidValue as error:
        form.note(error)
        return None
    return None if form.errors else value


_MAY_BE_EMPTY = frozenset({PlanPart.FAMILY_WISH, PlanPart.STUDENT_WORDS})


_TYPED: dict[PlanPart, Callable[[object], dict[str, str]]] = {
    PlanPart.FAMILY_WISH: sections.typed_text,
    PlanPart.CONCERN: sections.typed_concern,
    PlanPart.STUDENT_WORDS: sections.typed_text,
    PlanPart.LEVEL: sections.typed_level,
    PlanPart.GOAL: goals.typed_goal,
    PlanPart.SERVICE: services.typed_service,
    PlanPart.SUPPORT: services.typed_support,
    PlanPart.PLACEMENT: sections.typed_placement,
    PlanPart.ASSESSMENT: sections.typed_assessment,
    PlanPart.ESY: sections.typed_esy,
    PlanPart.TRANSITION: sections.typed_transition,
    PlanPart.REPORTS: sections.typed_reports,
    PlanPart.RIGHTS_TOLD: sections.typed_rights,
}
_READ: dict[PlanPart, Callable[[Typed, PartForm], object | None]] = {
    PlanPart.FAMILY_WISH: sections.read_text,
    PlanPart.CONCERN: sections.read_concern,
    PlanPart.STUDENT_WORDS: sections.read_text,
    PlanPart.LEVEL: sections.read_level,
    PlanPart.GOAL: goals.read_goal,
    PlanPart.SERVICE: services.read_service,
    PlanPart.SUPPORT: services.read_support,
    PlanPart.PLACEMENT: sections.read_placement,
    PlanPart.ASSESSMENT: sections.read_assessment,
    PlanPart.ESY: sections.read_esy,
    PlanPart.TRANSITION: sections.read_transition,
    PlanPart.REPORTS: sections.read_reports,
    PlanPart.RIGHTS_TOLD: sections.read_rights,
}
