"""Noting a change on the way to a goal: what changes, from which day, and where the line starts again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.errors import Conflict, InvalidValue, NotFound
from iepcore.ids import GoalId
from iepcore.language import FreeText
from iepcore.people import Student
from iepcore.plan import Goal, GoalPhase, GoalState, begin_phase, withdraw_phase
from iepcore.plan.goals import OPEN_SCALE_TOP
from iepcore.progress import Direction, baseline_median

DAY = timedelta(days=1)
BASELINE_POINTS = 3
"""The new line starts at the middle of so many scores (NCII: the three most recent)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPhase:
    """What staff write about a change. ``baseline`` None: the middle of the last three scores up to that day,
    or where the old line stands then when there are none; on the scale, and never past the target."""

    starts_on: date
    words: FreeText
    baseline: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """What the form of a change shows. ``suggested`` is where the line would start again today; ``scores``
    are those it is the middle of, newest last (a middle past the target gives the target). ``earliest`` and
    ``latest`` are the days between which one can be chosen; none can while ``latest`` is the earlier one."""

    student: Student
    goal: Goal
    suggested: float
    scores: tuple[float, ...]
    earliest: date
    latest: date
    today: date


class ChangesDesk:
    """Use cases about changes in teaching. Whoever may change the goal may note one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def opening(self, goal_id: GoalId) -> ChangePage:
        """Return what the form shows; opening it leaves its access event.

        Raises:
            NotPermitted: with reason and citation; NotFound: no such goal, or one that is not in use.
        """
        desk = self._desk
        resource = self._resource(goal_id)
        desk.open_record(resource, what="change_form")
        with desk.store.read() as uow:
            decision = desk.decision(uow, Action.WRITE, resource)
            goal = uow.plan.goal(goal_id)
            student = uow.people.student(resource.student_id) if resource.student_id else None
            points = uow.plan.points_of_goals({goal_id})[goal_id]
        if not decision.is_allowed:
            desk.refuse("change_form", decision, resource.student_id)
        if goal is None or student is None or goal.state is not GoalState.ACTIVE:
            raise NotFound("goal")
        today = desk.clock.today()
        scores = _last_scores([(one.observed_on, one.score) for one in points], goal, today)
        return ChangePage(
            student=student,
            goal=goal,
            suggested=_level(scores, goal, today),
            scores=scores,
            earliest=goal.line.starts_on + DAY,
            latest=min(today, goal.line.ends_on - DAY),
            today=today,
        )

    def add(self, goal_id: GoalId, new: NewPhase, *, version: int) -> Goal:
        """Note a change; ``version`` is the goal's as it was seen. The same change again adds nothing.

        Raises:
            Conflict: the goal was changed since; it and ``new`` are carried.
            InvalidValue: ``in_future`` (a change is noted when it begins), ``ends_before_start`` (the line
                has ended by that day), ``phase_order``, ``out_of_scale``.
            IllegalMove: ``goal_not_active``.
        """
        desk = self._desk
        resource = self._resource(goal_id)
        today = desk.clock.today()
        with desk.changing() as change:
            change.permit(Action.WRITE, resource, what="note_change")
            goal = change.uow.plan.goal(goal_id)
            if goal is None:
                raise NotFound("goal")
            if goal.phases and _is_noted(goal.phases[-1], new):
                return goal
            if goal.version != version:
                raise Conflict("goal", current=goal, yours=new)
            if new.starts_on > today:
                raise InvalidValue("in_future", field="starts_on")
            if new.starts_on >= goal.line.ends_on:
                raise InvalidValue("ends_before_start", field="starts_on")
            points = change.uow.plan.points_of_goals({goal_id})[goal_id]
            taken = [(one.observed_on, one.score) for one in points]
            scores = _last_scores(taken, goal, new.starts_on)
            phase = GoalPhase(
                starts_on=new.starts_on,
                words=new.words,
                baseline=_level(scores, goal, new.starts_on) if new.baseline is None else new.baseline,
                target=goal.line.target,
                ends_on=goal.line.ends_on,
                noted_by=desk.adult_id,
                noted_at=desk.clock.now(),
            )
            changed = begin_phase(goal, phase)
            try:
                change.uow.plan.save_goal(changed)
            except Conflict as quicker:  # in a database whose writers need not wait for each other
                raise Conflict("goal", current=quicker.current, yours=new) from None
            return changed

    def withdraw(self, goal_id: GoalId, *, version: int) -> Goal:
        """Take back the change noted last; scores keep their place and are held against the line before.

        Raises:
            Conflict: the goal was changed since; IllegalMove: ``goal_not_active``, ``no_phase``.
        """
        desk = self._desk
        resource = self._resource(goal_id)
        with desk.changing() as change:
            change.permit(Action.WRITE, resource, what="withdraw_change")
            goal = change.uow.plan.goal(goal_id)
            if goal is None:
                raise NotFound("goal")
            changed = withdraw_phase(goal)
            if goal.version != version:
                raise Conflict("goal", current=goal, yours=replace(changed, version=version + 1))
            change.uow.plan.save_goal(changed)
            return changed

    def _resource(self, goal_id: GoalId) -> Resource:
        with self._desk.store.read() as uow:
            goal = uow.plan.goal(goal_id)
        if goal is None:
            raise NotFound("goal")
        return Resource(
            kind=ResourceKind.GOAL,
            student_id=goal.student_id,
            goal_id=goal_id,
            owner_id=goal.created_by,  # a provider changes the goals of their own area only
        )


def _last_scores(taken: list[tuple[date, float | None]], goal: Goal, before: date) -> tuple[float, ...]:
    """Return the last scores up to a day, of this goal's time."""
    scored = [score for on, score in taken if score is not None and goal.starts_on <= on <= before]
    return tuple(scored[-BASELINE_POINTS:])


def _level(scores: tuple[float, ...], goal: Goal, on: date) -> float:
    """Return where the line starts again: a level the goal can have, and no further than the goal asks."""
    level = baseline_median(scores)
    if level is None:
        level = goal.aimline.value_at(on)
    if level is None:
        level = goal.baseline
    low, high = goal.measure.scale_bounds
    level = min(max(level, low), OPEN_SCALE_TOP if high is None else high)
    return (
        min(level, goal.line.target) if goal.direction is Direction.INCREASE else max(level, goal.line.target)
    )


def _is_noted(phase: GoalPhase, new: NewPhase) -> bool:
    """Tell whether a change is noted already: the form came twice."""
    same = (phase.starts_on, phase.words) == (new.starts_on, new.words)
    return same and new.baseline in (None, phase.baseline)
