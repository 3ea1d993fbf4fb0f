"""The living goals follow the plan: a version that takes effect opens, changes and ends them, never back.

A change of a goal's target or days is one more piece of its line (ADR 0012): what was decided before keeps
the line it was held against. Another way of measuring is another goal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from iepcore.caseload.desk import Desk
from iepcore.errors import IllegalMove, NotFound
from iepcore.language import FreeText
from iepcore.plan import Goal, GoalPhase, GoalState, begin_phase, move_goal
from iepcore.plan.document import MeasuredLine, PlanGoal, PlanVersion
from iepcore.plan.phases import MAX_WORDS
from iepcore.ports import UnitOfWork
from iepcore.progress import Direction, baseline_median

_DAY = timedelta(days=1)
_SCORES = 3


def settle_goals(desk: Desk, uow: UnitOfWork, version: PlanVersion, before: PlanVersion | None) -> None:
    """Open the new goals of a version, carry on those that stay, end those that are no longer in the plan.

    A goal without a line that does not live is left out: it belongs to a plan that came from elsewhere.

    Raises:
        IllegalMove: ``goal_measure_differs``. NotFound: a goal of another child.
    """
    living = {goal.id: goal for goal in uow.plan.goals_of_students({version.student_id})}
    for planned in version.contents.goals:
        goal = living.get(planned.goal_id)
        if goal is None:
            if uow.plan.goal(planned.goal_id) is not None:
                raise NotFound("goal")
            if planned.line is not None:
                uow.plan.add_goal(_opened(desk, version, planned, planned.line))
        elif goal.state is GoalState.ACTIVE:
            changed = _carried_on(desk, uow, version, planned, goal)
            if changed is not goal:
                uow.plan.save_goal(changed)
    kept = {planned.goal_id for planned in version.contents.goals}
    dropped = [one for one in (before.contents.goals if before else ()) if one.goal_id not in kept]
    as_state = GoalState.DISCONTINUED if version.amendment is not None else GoalState.SUPERSEDED
    _end(uow, living.values(), dropped, as_state)


def end_goals(uow: UnitOfWork, version: PlanVersion) -> None:
    """End the goals of a plan that is in force no more."""
    living = uow.plan.goals_of_students({version.student_id})
    _end(uow, living, version.contents.goals, GoalState.DISCONTINUED)


def _end(uow: UnitOfWork, living: Iterable[Goal], dropped: Iterable[PlanGoal], state: GoalState) -> None:
    ids = {planned.goal_id for planned in dropped}
    for goal in living:
        if goal.id in ids and goal.state is GoalState.ACTIVE:
            uow.plan.save_goal(move_goal(goal, state))


def _opened(desk: Desk, version: PlanVersion, planned: PlanGoal, line: MeasuredLine) -> Goal:
    return Goal(
        id=planned.goal_id,
        student_id=version.student_id,
        area=planned.levels[0],
        text=planned.words,
        measure=line.measure,
        baseline=line.baseline,
        target=line.target,
        direction=line.direction,
        criterion=line.criterion,
        starts_on=version.begins_on,
        ends_on=version.ends_on,
        created_by=version.written_by,
        created_at=desk.clock.now(),
        skill_key=line.skill_key,
        skill_words=line.skill_words,
    )


def _carried_on(desk: Desk, uow: UnitOfWork, version: PlanVersion, planned: PlanGoal, goal: Goal) -> Goal:
    """Return a goal that goes on under the version; the same value when nothing of it changes."""
    line = planned.line
    target = goal.line.target if line is None else line.target
    if line is not None and (line.measure, line.direction, line.criterion) != (
        goal.measure,
        goal.direction,
        goal.criterion,
    ):
        raise IllegalMove("goal_measure_differs", params={"rule": "34 CFR 300.320(a)(2)"})
    begins_anew = line is not None and line.baseline not in (goal.baseline, goal.line.baseline)
    changed = goal
    if target != goal.line.target or version.ends_on > goal.line.ends_on or begins_anew:
        starts_on = max(version.begins_on, goal.line.starts_on + _DAY)
        level = line.baseline if line is not None and begins_anew else _level(uow, goal, target, starts_on)
        phase = GoalPhase(
            starts_on=starts_on,
            words=_words(version),
            baseline=level,
            target=target,
            ends_on=max(version.ends_on, starts_on + _DAY),
            noted_by=version.written_by,
            noted_at=desk.clock.now(),
        )
        changed = begin_phase(goal, phase)
    if planned.words != goal.text:
        # The words before stand in the version before, as they were agreed.
        changed = replace(changed, text=planned.words, version=goal.version + 1)
    return changed


def _level(uow: UnitOfWork, goal: Goal, target: float, on: date) -> float:
    """Return where the line starts again: the middle of the last three scores, no further than the target."""
    taken = uow.plan.points_of_goals({goal.id})[goal.id]
    scores = [one.score for one in taken if one.score is not None and goal.starts_on <= one.observed_on <= on]
    level = baseline_median(scores[-_SCORES:])
    if level is None:  # no scores: where the old line expects the child, or where it began if it is over
        level = goal.line.baseline if on >= goal.line.ends_on else goal.aimline.value_at(on)
    assert level is not None  # the new piece begins after the old one
    return min(level, target) if goal.direction is Direction.INCREASE else max(level, target)


def _words(version: PlanVersion) -> FreeText:
    """Return what stands above the change in the chart: why it was made, or the years of the new plan."""
    if version.amendment is None:
        return FreeText(text=f"{version.begins_on.year}-{version.ends_on.year}", lang="en")
    why = version.amendment.why
    short = why.text if len(why.text) <= MAX_WORDS else why.text[: MAX_WORDS - 1].rstrip() + "…"
    return FreeText(text=short, lang=why.lang)
