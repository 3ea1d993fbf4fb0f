"""One piece of a plan's contents at a time: find it by its key, put it back, and the hash of how it stands.

A piece is a whole section (the placement) or one of several (a goal by its id, a level by its area, a service
by its id, a factor by its name, a support by all it says). Two people can then write side by side.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from iepcore.errors import InvalidValue
from iepcore.language import FreeText
from iepcore.plan.document.agreements import text_hash
from iepcore.plan.document.contents import PlanContents
from iepcore.plan.document.differences import PlanPart
from iepcore.plan.document.parts import (
    Assessment,
    EsyDecision,
    FactorAnswer,
    ParentConcern,
    Placement,
    PlanGoal,
    PresentLevel,
    Support,
    TransitionPlan,
)
from iepcore.plan.services import ServicePrescription

SECTIONS: Mapping[PlanPart, tuple[str, type[Any]]] = {
    PlanPart.FAMILY_WISH: ("family_wish", FreeText),
    PlanPart.CONCERN: ("concern", ParentConcern),
    PlanPart.STUDENT_WORDS: ("student_words", FreeText),
    PlanPart.PLACEMENT: ("placement", Placement),
    PlanPart.ASSESSMENT: ("assessment", Assessment),
    PlanPart.ESY: ("esy", EsyDecision),
    PlanPart.TRANSITION: ("transition", TransitionPlan),
    PlanPart.REPORTS: ("report_on", tuple),
    PlanPart.RIGHTS_TOLD: ("rights_told_on", date),
}
"""Parts there is one of: the field of the contents, and what stands in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Many:
    name: str
    of: type[Any]
    key: Callable[[Any], str]


def _support_key(support: Support) -> str:
    return value_hash(support)[:16]


LISTS: Mapping[PlanPart, _Many] = {
    PlanPart.LEVEL: _Many(name="levels", of=PresentLevel, key=lambda one: str(one.area)),
    PlanPart.GOAL: _Many(name="goals", of=PlanGoal, key=lambda one: str(one.goal_id)),
    PlanPart.SERVICE: _Many(name="services", of=ServicePrescription, key=lambda one: str(one.id)),
    PlanPart.SUPPORT: _Many(name="supports", of=Support, key=_support_key),
    PlanPart.FACTOR: _Many(name="factors", of=FactorAnswer, key=lambda one: str(one.factor.value)),
}
"""Parts there are several of: the field, what stands in it, and by what one is known."""


def pieces_of(contents: PlanContents, part: PlanPart) -> dict[str, Any]:
    """Return the pieces of one part by key, in the plan's order; a section that is there has the key ""."""
    if part in SECTIONS:
        value = getattr(contents, SECTIONS[part][0])
        return {} if value is None or value == () else {"": value}
    many = _list_of(part)
    return {many.key(one): one for one in getattr(contents, many.name)}


def part_of(contents: PlanContents, part: PlanPart, about: str = "") -> Any:
    """Return one piece, or None when it is not there.

    Raises:
        InvalidValue: ``part_unknown`` for objectives, which stand in their goal.
    """
    return pieces_of(contents, part).get(about)


def key_of(part: PlanPart, value: object) -> str:
    """Return by what a piece is known in its part."""
    return "" if part in SECTIONS else _list_of(part).key(value)


def put_part(contents: PlanContents, part: PlanPart, about: str, value: object) -> PlanContents:
    """Return contents in which ``value`` stands in the place of the piece ``about``; a piece that is not
    there
    comes last, and None takes the piece away.

    Raises:
        InvalidValue: ``part_unknown``; ``part_form`` when the value is none of that part; what the contents
            refuse, such as ``goal_level_unknown``.
    """
    if part in SECTIONS:
        name, of = SECTIONS[part]
        if value is not None and not isinstance(value, of):
            raise InvalidValue("part_form", field="part")
        empty = () if of is tuple else None
        section: dict[str, Any] = {name: empty if value is None else value}
        return replace(contents, **section)
    many = _list_of(part)
    if value is not None and not isinstance(value, many.of):
        raise InvalidValue("part_form", field="part")
    found: list[Any] = []
    placed = value is None
    for one in getattr(contents, many.name):
        if many.key(one) != about:
            found.append(one)
        elif not placed:
            found.append(value)
            placed = True
    if not placed:
        found.append(value)
    changed: dict[str, Any] = {many.name: tuple(found)}
    return replace(contents, **changed)


def part_hash(contents: PlanContents, part: PlanPart, about: str = "") -> str:
    """Return the hash of how a piece stands, "" when it is not there."""
    value = part_of(contents, part, about)
    return "" if value is None else value_hash(value)


def value_hash(value: object) -> str:
    """Return a SHA-256 of a value of a plan: equal values, equal hashes, in every process."""
    return text_hash(json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":")))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        held = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return [type(value).__name__, held]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _list_of(part: PlanPart) -> _Many:
    if part not in LISTS:
        raise InvalidValue("part_unknown", field="part")
    return LISTS[part]
