"""Builders of charts: a goal from 40 to 80 over forty weeks, scores by day, and what was seen at home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from iepcore.family import HomeAnswer, HomeObservation
from iepcore.ids import AdultId, ClientKey, GoalId, ObservationId, PointId, StudentId, new_uuid7
from iepcore.language import FreeText
from iepcore.plan import DataPoint, Goal
from iepcore.progress import ConsecutiveCriterion, Direction, Measure, MeasureKind, PercentReading

START = date(2026, 9, 7)
RECORDER = AdultId(new_uuid7())


def day(number: int) -> date:
    """Return the day ``number`` days after the goal starts."""
    return START + timedelta(days=number)


def the_goal(**changes: Any) -> Goal:
    """A goal in percent, from 40 on 7 September to 80 forty weeks later."""
    whole: dict[str, Any] = {
        "id": GoalId(new_uuid7()),
        "student_id": StudentId(new_uuid7()),
        "area": "communication",
        "text": FreeText(text="Asks for help in 8 of 10 chances.", lang="en"),
        "measure": Measure(kind=MeasureKind.PERCENT_CORRECT),
        "baseline": 40.0,
        "target": 80.0,
        "direction": Direction.INCREASE,
        "criterion": ConsecutiveCriterion(k=3),
        "starts_on": START,
        "ends_on": day(280),
        "created_by": RECORDER,
        "created_at": datetime.combine(START, time(8), tzinfo=UTC),
        "skill_key": "asking_for_help",
    }
    return Goal(**{**whole, **changes})


def scored(goal: Goal, pairs: Sequence[tuple[int, float | None]]) -> list[DataPoint]:
    """Return a point for each (day number, score)."""
    return [_point(goal, day(number), score) for number, score in pairs]


def an_observation(goal: Goal, **changes: Any) -> HomeObservation:
    """Seen at home on the first day, alone."""
    seen = HomeObservation(
        id=ObservationId(new_uuid7()),
        student_id=goal.student_id,
        goal_id=goal.id,
        adult_id=RECORDER,
        answer=HomeAnswer.YES_ALONE,
        observed_on=START,
        client_key=ClientKey(uuid4()),
        received_at=datetime.combine(START, time(20), tzinfo=UTC),
    )
    return replace(seen, **changes)


def _point(goal: Goal, on: date, score: float | None) -> DataPoint:
    at = datetime.combine(on, time(10), tzinfo=UTC)
    return DataPoint(
        id=PointId(new_uuid7()),
        goal_id=goal.id,
        goal_version=goal.version,
        student_id=goal.student_id,
        recorder_id=RECORDER,
        client_key=ClientKey(uuid4()),
        reading=PercentReading(correct=0, trials=0),
        score=score,
        observed_on=on,
        observed_at=at,
        received_at=at,
    )
