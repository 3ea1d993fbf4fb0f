"""The plan in memory."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from iepcore.errors import NotFound
from iepcore.ids import AdultId, GoalId, PointId, StudentId, TrialSetId
from iepcore.memory.rows import MemoryRows, grouped
from iepcore.plan import DataPoint, Goal, Trial, TrialSet, current_points


class MemoryPlan:
    """``PlanRepository`` over one unit of work."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows

    def add_goal(self, goal: Goal) -> None:
        self._rows.add(goal)

    def save_goal(self, goal: Goal) -> None:
        self._rows.save(goal, version=goal.version)

    def goal(self, goal_id: GoalId) -> Goal | None:
        return self._rows.get(Goal, goal_id)

    def goals_of_students(self, student_ids: Collection[StudentId]) -> Sequence[Goal]:
        wanted = set(student_ids)
        return self._rows.all(Goal, lambda one: one.student_id in wanted)

    def add_point(self, point: DataPoint) -> DataPoint:
        return self._rows.add_first(point)

    def point(self, point_id: PointId) -> DataPoint | None:
        return self._rows.get(DataPoint, point_id)

    def points_of_goals(
        self, goal_ids: Collection[GoalId], *, since: date | None = None
    ) -> Mapping[GoalId, Sequence[DataPoint]]:
        wanted = set(goal_ids)
        standing = current_points(self._rows.all(DataPoint, lambda one: one.goal_id in wanted))
        recent = [point for point in standing if since is None or point.observed_on >= since]
        return grouped(goal_ids, recent, lambda point: point.goal_id)

    def history_of_goal(self, goal_id: GoalId) -> Sequence[DataPoint]:
        return self._rows.all(
            DataPoint, lambda one: one.goal_id == goal_id, order=lambda one: one.received_at
        )

    def add_set(self, trial_set: TrialSet) -> TrialSet:
        return self._rows.add_first(trial_set)

    def save_set(self, trial_set: TrialSet) -> None:
        stored = self.set(trial_set.id)
        if stored is None:
            raise NotFound("trial_set")
        if stored.ended_at is None:
            self._rows.put(replace(stored, ended_at=trial_set.ended_at))

    def set(self, set_id: TrialSetId) -> TrialSet | None:
        return self._rows.get(TrialSet, set_id)

    def open_sets_of(self, recorder_id: AdultId) -> Sequence[TrialSet]:
        return self._rows.all(TrialSet, lambda one: one.recorder_id == recorder_id and one.ended_at is None)

    def idle_sets(self, *, before: datetime) -> Sequence[TrialSet]:
        alive = {trial.set_id for trial in self._rows.all(Trial, lambda one: one.received_at >= before)}
        return self._rows.all(
            TrialSet, lambda one: one.ended_at is None and one.started_at < before and one.id not in alive
        )

    def add_trial(self, trial: Trial) -> Trial:
        return self._rows.add_first(trial)

    def trials_of_sets(self, set_ids: Collection[TrialSetId]) -> Mapping[TrialSetId, Sequence[Trial]]:
        # ``frozenset`` and not ``set``: a method of this class has that name
        wanted = frozenset(set_ids)
        trials = self._rows.all(
            Trial, lambda one: one.set_id in wanted, order=lambda one: (one.at, one.received_at)
        )
        return grouped(set_ids, trials, lambda trial: trial.set_id)
