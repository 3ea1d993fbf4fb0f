"""Builders of the plan: goals, points, sets and tries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from iepcore.ids import (
    AdultId,
    GoalId,
    PointId,
    StudentId,
    TrialId,
    TrialSetId,
    new_uuid7,
)
from iepcore.plan import DataPoint, Goal, GoalPhase, Trial, TrialOutcome, TrialSet
from iepcore.progress import (
    ConsecutiveCriterion,
    Direction,
    Measure,
    MeasureKind,
    PercentReading,
)
from iepcore.testing.people_values import NOW, TODAY, a_key, words


def a_goal(student_id: StudentId, **changes: Any) -> Goal:
    """A goal measured in percent correct."""
    goal = Goal(
        id=GoalId(new_uuid7()),
        student_id=student_id,
        area="communication",
        text=words("By March, Maya will ask for help in 8 of 10 chances."),
        measure=Measure(kind=MeasureKind.PERCENT_CORRECT),
        baseline=20.0,
        target=80.0,
        direction=Direction.INCREASE,
        criterion=ConsecutiveCriterion(k=3),
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=364),
        created_by=AdultId(new_uuid7()),
        created_at=NOW,
        skill_key="asking_for_help",
    )
    return replace(goal, **changes)


def a_phase(noted_by: AdultId, **changes: Any) -> GoalPhase:
    """A change in teaching four weeks after the start."""
    phase = GoalPhase(
        starts_on=TODAY + timedelta(days=28),
        words=words("Echo reading begins"),
        baseline=40.0,
        target=80.0,
        ends_on=TODAY + timedelta(days=364),
        noted_by=noted_by,
        noted_at=NOW,
    )
    return replace(phase, **changes)


def a_point(goal: Goal, **changes: Any) -> DataPoint:
    """Eight of ten today."""
    point = DataPoint(
        id=PointId(new_uuid7()),
        goal_id=goal.id,
        goal_version=goal.version,
        student_id=goal.student_id,
        recorder_id=AdultId(new_uuid7()),
        client_key=a_key(),
        reading=PercentReading(correct=8, trials=10),
        score=80.0,
        observed_on=TODAY,
        observed_at=NOW,
        received_at=NOW,
    )
    return replace(point, **changes)


def a_set(goal: Goal, **changes: Any) -> TrialSet:
    """A sitting of ten tries that has just begun."""
    trial_set = TrialSet(
        id=TrialSetId(new_uuid7()),
        goal_id=goal.id,
        goal_version=goal.version,
        student_id=goal.student_id,
        recorder_id=AdultId(new_uuid7()),
        client_key=a_key(),
        started_at=NOW,
        planned_trials=10,
    )
    return replace(trial_set, **changes)


def a_trial(trial_set: TrialSet, **changes: Any) -> Trial:
    """One try, done alone."""
    trial = Trial(
        id=TrialId(new_uuid7()),
        set_id=trial_set.id,
        client_key=a_key(),
        at=NOW,
        received_at=NOW,
        outcome=TrialOutcome.CORRECT,
    )
    return replace(trial, **changes)
