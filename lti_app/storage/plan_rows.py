"""The plan in SQL: the repository of goals, points, sets and tries."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from iepcore.errors import NotFound
from iepcore.ids import AdultId, GoalId, PointId, StudentId, TrialSetId
from iepcore.plan import DataPoint, Goal, Trial, TrialSet
from lti_app.storage import plan_tables as t
from lti_app.storage.failures import store_failures
from lti_app.storage.site_rows import Mapped, SiteRows, Where

GOALS = Mapped(t.goal, Goal)
POINTS = Mapped(t.data_point, DataPoint)
SETS = Mapped(t.trial_set, TrialSet)
TRIALS = Mapped(t.trial, Trial)


class PlanRows:
    """``PlanRepository`` over one transaction."""

    def __init__(self, rows: SiteRows) -> None:
        self._rows = rows

    def add_goal(self, goal: Goal) -> None:
        self._rows.add(GOALS, goal)

    def save_goal(self, goal: Goal) -> None:
        self._rows.save(GOALS, goal, version=goal.version)

    def goal(self, goal_id: GoalId) -> Goal | None:
        return self._rows.one(GOALS, t.goal.c.id == goal_id)

    def goals_of_students(self, student_ids: Collection[StudentId]) -> Sequence[Goal]:
        return self._rows.all(GOALS, t.goal.c.student_id.in_(student_ids))

    # points
    def add_point(self, point: DataPoint) -> DataPoint:
        p = t.data_point.c
        same = (p.recorder_id == point.recorder_id, p.client_key == point.client_key)
        return self._rows.add_first(POINTS, point, *same)

    def point(self, point_id: PointId) -> DataPoint | None:
        return self._rows.one(POINTS, t.data_point.c.id == point_id)

    def points_of_goals(
        self, goal_ids: Collection[GoalId], *, since: date | None = None
    ) -> Mapping[GoalId, Sequence[DataPoint]]:
        p = t.data_point.c
        where: list[Where] = [p.goal_id.in_(goal_ids)]
        if since is not None:
            where.append(p.observed_on >= since)
        corrected = self._corrected(goal_ids)
        found: dict[GoalId, list[DataPoint]] = {goal_id: [] for goal_id in goal_ids}
        for point in self._rows.all(POINTS, *where, order=(p.goal_id, p.observed_on, p.observed_at)):
            if point.id not in corrected:
                found[point.goal_id].append(point)
        return found

    def _corrected(self, goal_ids: Collection[GoalId]) -> frozenset[PointId]:
        """Return the ids that a later point of these goals corrects: few, and an index of their own."""
        p = t.data_point.c
        query = sa.select(p.supersedes).where(
            p.site_id == self._rows.site_id, p.goal_id.in_(goal_ids), p.supersedes.is_not(None)
        )
        with store_failures():
            return frozenset(self._rows.connection.execute(query).scalars())

    def history_of_goal(self, goal_id: GoalId) -> Sequence[DataPoint]:
        p = t.data_point.c
        return self._rows.all(POINTS, p.goal_id == goal_id, order=(p.received_at,))

    # sets and tries
    def add_set(self, trial_set: TrialSet) -> TrialSet:
        s = t.trial_set.c
        same = (s.recorder_id == trial_set.recorder_id, s.client_key == trial_set.client_key)
        return self._rows.add_first(SETS, trial_set, *same)

    def save_set(self, trial_set: TrialSet) -> None:
        s = t.trial_set.c
        where = (s.id == trial_set.id, s.ended_at.is_(None))
        changed = self._rows.change(SETS, *where, ended_at=trial_set.ended_at)
        if not changed and self.set(trial_set.id) is None:
            raise NotFound(SETS.kind)

    def set(self, set_id: TrialSetId) -> TrialSet | None:
        return self._rows.one(SETS, t.trial_set.c.id == set_id)

    def open_sets_of(self, recorder_id: AdultId) -> Sequence[TrialSet]:
        s = t.trial_set.c
        return self._rows.all(SETS, s.recorder_id == recorder_id, s.ended_at.is_(None))

    def idle_sets(self, *, before: datetime) -> Sequence[TrialSet]:
        s, r = t.trial_set.c, t.trial.c
        alive = sa.exists().where(r.site_id == s.site_id, r.set_id == s.id, r.received_at >= before)
        return self._rows.all(SETS, s.ended_at.is_(None), s.started_at < before, ~alive)

    def add_trial(self, trial: Trial) -> Trial:
        r = t.trial.c
        return self._rows.add_first(TRIALS, trial, r.set_id == trial.set_id, r.client_key == trial.client_key)

    def trials_of_sets(self, set_ids: Collection[TrialSetId]) -> Mapping[TrialSetId, Sequence[Trial]]:
        r = t.trial.c
        found: dict[TrialSetId, list[Trial]] = {set_id: [] for set_id in set_ids}
        for trial in self._rows.all(TRIALS, r.set_id.in_(set_ids), order=(r.at, r.received_at)):
            found[trial.set_id].append(trial)
        return found
