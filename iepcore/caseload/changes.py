"""Noting a change on the way to a goal: what changes, from which day, and where the line starts again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.errors import Conflict, InvalidValue, NotFound
from iepcore.ids import GoalId
from iepcore.language import FreeText
from iepcore.people import Student
from iepcore.plan import Goal, GoalPhase, GoalState, begin_phase, withdraw_phase
from iepcore.progress import baseline_median

BASELINE_POINTS = 3
"""The new line starts at the middle of so many scores (NCII: the three most recent)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPhase:
    """What staff write about a change. ``baseline`` None: the middle of the last three scores before the day,
    or where the old line stands then when there are none."""

    starts_on: date
    words: FreeText
    baseline: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """What the form of a change shows. ``suggested`` is where the line would start again today; ``scores``
    are those it is the middle of, newest last. ``earliest`` is the first day that can be chosen."""

    student: Student
    goal: Goal
    suggested: float
    scores: tuple[float, ...]
    earliest: date
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
            earliest=date.fromordinal(goal.line.starts_on.toordinal() + 1),
            today=today,
        )

    def add(self, goal_id: GoalId, new: NewPhase, *, version: int) -> Goal:
        """Note a change; ``version`` is the goal's as it was seen. The same change again adds nothing.

        Raises:
            Conflict: the goal was changed since; both are carried.
            InvalidValue: ``in_future`` (a change is noted when it begins), ``phase_order``, ``out_of_scale``.
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
            last = goal.phases[-1] if goal.phases else None
            if last is not None and (last.starts_on, last.words) == (new.starts_on, new.words):
                return goal
            if new.starts_on > today:
                raise InvalidValue("in_future", field="starts_on")
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
            if goal.version != version:
                raise Conflict("goal", current=goal, yours=replace(changed, version=version + 1))
            change.uow.plan.save_goal(changed)
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
        return Resource(kind=ResourceKind.GOAL, student_id=goal.student_id, goal_id=goal_id)


def _last_scores(taken: list[tuple[date, float | None]], goal: Goal, before: date) -> tuple[float, ...]:
    """Return the last scores up to a day, of this goal's time."""
    scored = [score for on, score in taken if score is not None and goal.starts_on <= on <= before]
    return tuple(scored[-BASELINE_POINTS:])


def _level(scores: tuple[float, ...], goal: Goal, on: date) -> float:
    middle = baseline_median(scores)
    if middle is not None:
        return middle
    expected = goal.aimline.value_at(on)
    return goal.baseline if expected is None else expected
