"""The readable difference between two versions: what came, what went, what changed, part by part.

It speaks of the plan in values; the words for staff and for the family are made from them in each reader's
language.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import TypeVar

from iepcore.language import FreeText
from iepcore.plan.document.contents import PlanContents
from iepcore.plan.document.parts import FactorAnswer, Objective, PlanGoal, PresentLevel, Support
from iepcore.plan.services import ServicePrescription

T = TypeVar("T")


class PlanPart(StrEnum):
    """The parts of a plan in the order they are read: the family first."""

    FAMILY_WISH = "family_wish"
    CONCERN = "concern"
    STUDENT_WORDS = "student_words"
    LEVEL = "level"
    GOAL = "goal"
    OBJECTIVE = "objective"
    SERVICE = "service"
    SUPPORT = "support"
    FACTOR = "factor"
    PLACEMENT = "placement"
    ASSESSMENT = "assessment"
    ESY = "esy"
    TRANSITION = "transition"
    REPORTS = "reports"
    RIGHTS_TOLD = "rights_told"


class ChangeKind(StrEnum):
    """What happened to a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One thing inside a part: its name and both values (a number, a date, words, a code, or None)."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChange:
    """One change. ``about`` is what a reader knows the part by: a service's name, an area, a goal's words."""

    part: PlanPart
    kind: ChangeKind
    about: str | FreeText = ""
    fields: tuple[FieldChange, ...] = ()


_WHOLE: tuple[tuple[PlanPart, str], ...] = (
    (PlanPart.FAMILY_WISH, "family_wish"),
    (PlanPart.CONCERN, "concern"),
    (PlanPart.STUDENT_WORDS, "student_words"),
    (PlanPart.PLACEMENT, "placement"),
    (PlanPart.ASSESSMENT, "assessment"),
    (PlanPart.ESY, "esy"),
    (PlanPart.TRANSITION, "transition"),
    (PlanPart.REPORTS, "report_on"),
    (PlanPart.RIGHTS_TOLD, "rights_told_on"),
)
_ORDER = {part: place for place, part in enumerate(PlanPart)}


def differences(before: PlanContents, after: PlanContents) -> tuple[PlanChange, ...]:
    """Return every change from one version's contents to another's, in the order of :class:`PlanPart`.

    The same goal is known by its id, a service by its line, a support by its kind and words, a level by its
    area. Two equal contents have no difference, and every difference names a value that differs.
    """
    found = [
        *_parts(PlanPart.LEVEL, _keyed(before.levels, _area), _keyed(after.levels, _area), _area),
        *_parts(PlanPart.GOAL, _goals(before), _goals(after), lambda goal: goal.words, leave=("objectives",)),
        *_objectives(before, after),
        *_parts(
            PlanPart.SERVICE,
            _services(before),
            _services(after),
            lambda one: one.service,
            leave=("id", "line_id"),
        ),
        *_parts(
            PlanPart.SUPPORT,
            _keyed(before.supports, _support),
            _keyed(after.supports, _support),
            lambda one: one.words,
        ),
        *_parts(
            PlanPart.FACTOR,
            _keyed(before.factors, _factor),
            _keyed(after.factors, _factor),
            lambda one: one.factor.value,
        ),
    ]
    for part, name in _WHOLE:
        found += _whole(part, getattr(before, name), getattr(after, name))
    return tuple(sorted(found, key=lambda change: _ORDER[change.part]))


def _whole(part: PlanPart, before: object, after: object) -> Iterator[PlanChange]:
    if before == after:
        return
    if before is None or before == ():
        yield PlanChange(part=part, kind=ChangeKind.ADDED, fields=_values(None, after))
    elif after is None or after == ():
        yield PlanChange(part=part, kind=ChangeKind.REMOVED, fields=_values(before, None))
    else:
        yield PlanChange(part=part, kind=ChangeKind.CHANGED, fields=_values(before, after))


def _parts(
    part: PlanPart,
    before: Mapping[Hashable, T],
    after: Mapping[Hashable, T],
    about: Callable[[T], str | FreeText],
    *,
    leave: tuple[str, ...] = (),
) -> Iterator[PlanChange]:
    for key, old in before.items():
        if key not in after:
            yield PlanChange(
                part=part, kind=ChangeKind.REMOVED, about=about(old), fields=_values(old, None, leave)
            )
        elif changed := _values(old, after[key], leave):
            yield PlanChange(part=part, kind=ChangeKind.CHANGED, about=about(after[key]), fields=changed)
    for key, new in after.items():
        if key not in before:
            yield PlanChange(
                part=part, kind=ChangeKind.ADDED, about=about(new), fields=_values(None, new, leave)
            )


def _objectives(before: PlanContents, after: PlanContents) -> Iterator[PlanChange]:
    """Objectives of goals that stand in both; those of a new or removed goal come and go with it."""
    old, new = _goals(before), _goals(after)
    for key in old.keys() & new.keys():
        yield from _parts(
            PlanPart.OBJECTIVE,
            _keyed(old[key].objectives, _words),
            _keyed(new[key].objectives, _words),
            _words,
        )


def _values(before: object, after: object, leave: tuple[str, ...] = ()) -> tuple[FieldChange, ...]:
    """Return the fields that differ; a plain value is one field without a name."""
    shape = before if before is not None else after
    if not is_dataclass(shape) or isinstance(shape, FreeText | type):
        return (FieldChange(name="", before=before, after=after),)
    found = []
    for one in fields(shape):
        old, new = getattr(before, one.name, None), getattr(after, one.name, None)
        if one.name not in leave and old != new:
            found.append(FieldChange(name=one.name, before=old, after=new))
    return tuple(found)


def _keyed(values: Iterable[T], key: Callable[[T], Hashable]) -> dict[Hashable, T]:
    """Return values by key; of several with one key, such as a support written twice, each has its place."""
    found: dict[Hashable, T] = {}
    for value in values:
        name, count = key(value), 0
        while (name, count) in found:
            count += 1
        found[name, count] = value
    return found


def _goals(contents: PlanContents) -> dict[Hashable, PlanGoal]:
    return {goal.goal_id: goal for goal in contents.goals}


def _services(contents: PlanContents) -> dict[Hashable, ServicePrescription]:
    """Return the services by line; of a line with several prescriptions each by its first day as well."""
    lines = [service.line_id for service in contents.services]
    return {
        (one.line_id, one.begins_on if lines.count(one.line_id) > 1 else None): one
        for one in contents.services
    }


def _area(level: PresentLevel) -> str:
    return level.area


def _words(objective: Objective) -> FreeText:
    return objective.words


def _support(support: Support) -> tuple[str, FreeText]:
    return support.kind.value, support.words


def _factor(answer: FactorAnswer) -> str:
    return answer.factor.value
