"""The form of one goal of a plan: its words, the wish it serves, its steps, and how it is measured."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from uuid import UUID

from iepcore.errors import InvalidValue
from iepcore.ids import GoalId
from iepcore.plan.document import GoalKind, MeasuredLine, Objective, ObjectiveState, PlanGoal
from iepcore.progress import ConsecutiveCriterion, Measure
from lti_app.screens.goal_form import SETTINGS, kind_of, read
from lti_app.screens.plan_fields import PartForm, Typed, words_of

STEPS = 3
"""As many empty steps as the form offers beyond those there are."""


def level_field(area: str) -> str:
    """Return the name of the box "builds on" of an area; an area itself can hold any letters."""
    return "on_" + sha256(area.encode()).hexdigest()[:12]


def typed_goal(value: object) -> dict[str, str]:
    """Return a goal as fields."""
    assert isinstance(value, PlanGoal)
    typed = {
        "goal_id": str(value.goal_id),
        "kind": value.kind.value,
        "words": value.words.text,
        "serves": "yes" if value.serves_wish else "no",
        "wish": words_of(value.wish),
        **{level_field(area): "1" for area in value.levels},
    }
    for number, step in enumerate(value.objectives):
        typed[f"step_{number}"] = step.words.text
        typed[f"step_{number}_by"] = step.by.isoformat() if step.by else ""
        typed[f"step_{number}_state"] = step.state.value
    return typed | (_typed_line(value.line) if value.line is not None else {})


def read_goal(typed: Typed, form: PartForm) -> object | None:
    """Return the goal that was typed. ``form.areas`` are those it can build on."""
    old = form.before if isinstance(form.before, PlanGoal) else None
    kind = form.code(typed, "kind", GoalKind)
    words = form.needed(typed, "words", old.words if old else None)
    levels = tuple(area for area in form.areas if typed.get(level_field(area)) == "1")
    if not levels:
        form.refuse("levels", "goal_without_level")
    serves = typed.get("serves", "")
    if serves not in {"yes", "no"}:
        form.refuse("serves", "answer_missing")
    wish = form.text(typed, "wish", old.wish if old else None)
    if serves == "no" and wish is None:
        form.refuse("wish", "why_not_yet")
    steps = tuple(_steps(typed, form, old.objectives if old else ()))
    line = _line(typed, form)
    try:
        goal_id = GoalId(UUID(typed.get("goal_id", "")))
    except ValueError:
        raise InvalidValue("not_an_id", field="words") from None
    if kind is None or words is None or form.errors:
        return None
    return PlanGoal(
        goal_id=goal_id,
        kind=kind,
        words=words,
        levels=levels,
        objectives=steps,
        wish=wish,
        serves_wish=serves == "yes",
        line=line,
    )


def step_numbers(typed: Typed) -> Iterable[int]:
    """Return the numbers of the steps a form shows: those typed, and some more."""
    used = [int(name[5:]) for name in typed if name.startswith("step_") and name[5:].isdecimal()]
    return range(max((number + 1 for number in used if typed[f"step_{number}"].strip()), default=0) + STEPS)


def _steps(typed: Typed, form: PartForm, old: tuple[Objective, ...]) -> Iterable[Objective]:
    known = {step.words.text.strip(): step for step in old}
    for number in step_numbers(typed):
        name = f"step_{number}"
        before = known.get(typed.get(name, "").strip())
        words = form.text(typed, name, before.words if before else None)
        if words is None:
            continue
        by = form.day(typed, f"{name}_by") if typed.get(f"{name}_by", "").strip() else None
        state = ObjectiveState.NOT_INTRODUCED
        if typed.get(f"{name}_state", ""):
            state = form.code(typed, f"{name}_state", ObjectiveState) or state
        yield Objective(words=words, by=by, state=state)


def _line(typed: Typed, form: PartForm) -> MeasuredLine | None:
    """Return how a new goal is measured; a goal in use goes on along its own line."""
    kind = kind_of(typed.get("measure", ""))
    if kind is None:
        return None
    days = {"starts_on": date(2000, 1, 1).isoformat(), "ends_on": date(2001, 1, 1).isoformat()}
    found = read({**typed, **days}, kind, form.lang, goal_id=UUID(int=0), text="…")
    for name, error in found.errors.items():
        form.note(error, name)
    if found.goal is None:
        return None
    new = found.goal
    return MeasuredLine(
        measure=new.measure,
        baseline=new.baseline,
        target=new.target,
        direction=new.direction,
        criterion=new.criterion,
        skill_key=new.skill_key,
        skill_words=new.skill_words,
    )


def _typed_line(line: MeasuredLine) -> dict[str, str]:
    typed = {
        "measure": line.measure.kind.value,
        "baseline": f"{line.baseline:g}",
        "target": f"{line.target:g}",
        "direction": line.direction.value,
        "skill_key": line.skill_key or "",
        "skill_words": words_of(line.skill_words),
        **{name: _setting(line.measure, name) for name in SETTINGS[line.measure.kind]},
    }
    if isinstance(line.criterion, ConsecutiveCriterion):
        return {**typed, "way": "in_a_row", "k": str(line.criterion.k)}
    return {**typed, "way": "of_several", "n": str(line.criterion.n), "m": str(line.criterion.m)}


def _setting(measure: Measure, name: str) -> str:
    if name == "observation_minutes":
        seconds = measure.observation_seconds
        return "" if seconds is None else f"{seconds / 60:g}"
    value = getattr(measure, name)
    if isinstance(value, tuple):
        return "\n".join(value)
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
