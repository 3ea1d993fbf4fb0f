"""Recording: one tap per try, undo, whole readings, corrections. Every repeat is harmless, nothing is
overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from iepcore.access import Action, Resource, ResourceKind, System
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.point_page import PointPage, data_of, point_page
from iepcore.errors import IllegalMove, InvalidValue, NotFound
from iepcore.ids import (
    ClientKey,
    GoalId,
    PointId,
    TrialId,
    TrialSetId,
    new_uuid7,
)
from iepcore.language import FreeText
from iepcore.people import Student
from iepcore.plan import (
    DataPoint,
    Finding,
    Goal,
    GoalState,
    Tally,
    Trial,
    TrialOutcome,
    TrialSet,
    correct_point,
    end_set,
    find,
    point_of_set,
    tally,
)
from iepcore.ports import UnitOfWork
from iepcore.progress import MeasureKind, reading_from_raw, score

EARLY_MINUTES = 5
"""How far ahead of our clock a device may stamp a tap before the server's time is used instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderRow:
    """One child's line on the recording screen. ``trial_set`` None: nothing tapped yet."""

    student: Student
    goal: Goal
    trial_set: TrialSet | None
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """What a tap came to: the set with all its standing tries."""

    trial_set: TrialSet
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A stored point and what the goal's finding is now."""

    point: DataPoint
    finding: Finding


class RecordingDesk:
    """Use cases of the recording screen."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def rows(self, goal_ids: Sequence[GoalId]) -> tuple[RecorderRow, ...]:
        """Return the lines for some goals, in the order asked; goals the actor may not record on are left
        out."""
        desk = self._desk
        with desk.store.read() as uow:
            rows, judge = [], desk.judge(uow)
            open_sets = {one.goal_id: one for one in uow.plan.open_sets_of(desk.adult_id)}
            lines = uow.plan.trials_of_sets({one.id for one in open_sets.values()})
            for goal_id in dict.fromkeys(goal_ids):
                goal = uow.plan.goal(goal_id)
                if goal is None or goal.state is not GoalState.ACTIVE or goal.starts_on > judge.day:
                    continue
                resource = data_of(goal)
                if not judge.may(Action.WRITE, resource):
                    continue
                student = uow.people.student(goal.student_id)
                if student is None:
                    continue
                current = open_sets.get(goal_id)
                rows.append(
                    RecorderRow(
                        student=student,
                        goal=goal,
                        trial_set=current,
                        tally=tally(lines[current.id] if current else ()),
                    )
                )
            return tuple(rows)

    def recordable(self) -> tuple[RecorderRow, ...]:
        """Return a line for every active goal of every child on whose team the actor is."""
        desk = self._desk
        with desk.store.read() as uow:
            today = desk.clock.today()
            mine = {
                one.student_id
                for one in uow.people.assignments_of_adult(desk.adult_id)
                if one.holds_on(today)
            }
            goals = uow.plan.goals_of_students(mine)
        allowed = set(desk.note_list(sorted(mine), what="record"))
        return self.rows([goal.id for goal in goals if goal.student_id in allowed])

    def start_set(self, goal_id: GoalId, client_key: ClientKey, *, planned_trials: int) -> TrialSet:
        """Begin a set of tries. The same key again returns the set that was begun first."""
        desk = self._desk
        with desk.changing() as change:
            goal = _active_goal(change, goal_id)
            change.permit(Action.WRITE, data_of(goal), what="start_set")
            _require_begun(goal, desk.clock.now(), desk.clock.zone)
            trial_set = change.uow.plan.add_set(
                TrialSet(
                    id=TrialSetId(new_uuid7()),
                    goal_id=goal.id,
                    goal_version=goal.version,
                    student_id=goal.student_id,
                    recorder_id=desk.adult_id,
                    client_key=client_key,
                    started_at=desk.clock.now(),
                    planned_trials=planned_trials,
                )
            )
            if trial_set.goal_id != goal_id:
                raise InvalidValue("key_of_other_set", field="client_key")
            return trial_set

    def tap(
        self,
        goal_id: GoalId,
        set_key: ClientKey,
        client_key: ClientKey,
        outcome: TrialOutcome,
        *,
        at: datetime | None = None,
        planned_trials: int = 5,
    ) -> Tapped:
        """Keep one try. The set named by ``set_key`` is begun by its first tap, so that one tap is one
        request.

        A repeated ``client_key`` changes nothing. ``at`` is the device's time of the tap; one that lies more
        than
        five minutes ahead of the server's clock is replaced by the server's.

        Raises:
            InvalidValue: ``tries_full`` beyond the planned number; IllegalMove: ``set_ended``.
        """
        return self._line(goal_id, set_key, client_key, outcome=outcome, at=at, planned_trials=planned_trials)

    def undo(
        self,
        goal_id: GoalId,
        set_key: ClientKey,
        client_key: ClientKey,
        undoes: ClientKey,
        *,
        at: datetime | None = None,
    ) -> Tapped:
        """Take back one try of a set by one more line; the try stays stored."""
        return self._line(goal_id, set_key, client_key, undoes=undoes, at=at, planned_trials=5)

    def _line(
        self,
        goal_id: GoalId,
        set_key: ClientKey,
        client_key: ClientKey,
        *,
        planned_trials: int,
        outcome: TrialOutcome | None = None,
        undoes: ClientKey | None = None,
        at: datetime | None,
    ) -> Tapped:
        desk = self._desk
        with desk.changing() as change:
            goal = _active_goal(change, goal_id)
            change.permit(Action.WRITE, data_of(goal), what="tap")
            plan, now = change.uow.plan, desk.clock.now()
            _require_begun(goal, _sane(at, now), desk.clock.zone)
            trial_set = plan.add_set(
                TrialSet(
                    id=TrialSetId(new_uuid7()),
                    goal_id=goal.id,
                    goal_version=goal.version,
                    student_id=goal.student_id,
                    recorder_id=desk.adult_id,
                    client_key=set_key,
                    started_at=_sane(at, now),
                    planned_trials=planned_trials,
                )
            )
            if trial_set.goal_id != goal_id:
                raise InvalidValue("key_of_other_set", field="set_key")
            lines = list(plan.trials_of_sets({trial_set.id})[trial_set.id])
            if all(line.client_key != client_key for line in lines):
                if trial_set.ended_at is not None:
                    raise IllegalMove("set_ended")
                if outcome is not None and tally(lines).trials >= trial_set.planned_trials:
                    raise InvalidValue("tries_full", field="outcome")
                lines.append(
                    plan.add_trial(
                        Trial(
                            id=TrialId(new_uuid7()),
                            set_id=trial_set.id,
                            client_key=client_key,
                            at=_sane(at, now),
                            received_at=now,
                            outcome=outcome,
                            undoes=undoes,
                        )
                    )
                )
            return Tapped(trial_set=trial_set, tally=tally(lines))

    def end(self, set_keys: Sequence[tuple[GoalId, ClientKey]]) -> tuple[Recorded, ...]:
        """End the actor's sets; each with at least one standing try becomes a data point. Repeating is
        harmless."""
        desk = self._desk
        done: list[Recorded] = []
        with desk.changing() as change:
            open_sets = {one.client_key: one for one in change.uow.plan.open_sets_of(desk.adult_id)}
            for goal_id, set_key in set_keys:
                current = open_sets.get(set_key)
                if current is None or current.goal_id != goal_id:
                    continue
                goal = _active_goal(change, goal_id)
                change.permit(Action.WRITE, data_of(goal), what="end_set")
                point = _close(change.uow, current, desk.clock.now(), desk.clock.zone)
                if point is not None:
                    done.append(Recorded(point=point, finding=self._finding(change.uow, goal)))
        return tuple(done)

    def record(
        self,
        goal_id: GoalId,
        raw: Mapping[str, object],
        client_key: ClientKey,
        *,
        observed_at: datetime | None = None,
        note: FreeText | None = None,
    ) -> Recorded:
        """Keep one whole reading. A repeated key returns the first point.

        Raises:
            InvalidValue: with the measure's own code and field, such as ``correct_over_trials``.
        """
        return self._store(goal_id, raw, client_key, observed_at=observed_at, note=note, corrects=None)

    def point(self, point_id: PointId) -> PointPage:
        """Return one point to correct it; see :func:`iepcore.caseload.point_page.point_page`."""
        return point_page(self._desk, point_id)

    def correct(
        self,
        point_id: PointId,
        raw: Mapping[str, object],
        client_key: ClientKey,
        *,
        note: FreeText | None = None,
    ) -> Recorded:
        """Correct a point by a new one that supersedes it; the old one stays in the history.

        Raises:
            IllegalMove: ``already_corrected`` when somebody else has corrected it first.
        """
        with self._desk.store.read() as uow:
            old = uow.plan.point(point_id)
        if old is None:
            raise NotFound("point")
        return self._store(old.goal_id, raw, client_key, observed_at=old.observed_at, note=note, corrects=old)

    def _store(
        self,
        goal_id: GoalId,
        raw: Mapping[str, object],
        client_key: ClientKey,
        *,
        observed_at: datetime | None,
        note: FreeText | None,
        corrects: DataPoint | None,
    ) -> Recorded:
        desk = self._desk
        with desk.changing() as change:
            goal = _active_goal(change, goal_id)
            what = "correct_point" if corrects else "record"
            change.permit(Action.WRITE, data_of(goal, corrects.recorder_id if corrects else None), what=what)
            now = desk.clock.now()
            reading = reading_from_raw(goal.measure, raw)
            seen_at = _sane(observed_at, now)
            point = DataPoint(
                id=PointId(new_uuid7()),
                goal_id=goal.id,
                goal_version=goal.version,
                student_id=goal.student_id,
                recorder_id=desk.adult_id,
                client_key=client_key,
                reading=reading,
                score=score(goal.measure, reading),
                observed_on=seen_at.astimezone(desk.clock.zone).date(),
                observed_at=seen_at,
                received_at=now,
                note=note,
            )
            _require_begun(goal, seen_at, desk.clock.zone)
            if corrects is not None:
                history = change.uow.plan.history_of_goal(goal.id)
                if any(one.supersedes == corrects.id and one.client_key != client_key for one in history):
                    raise IllegalMove("already_corrected")
                point = correct_point(corrects, point)
            stored = change.uow.plan.add_point(point)
            if stored.goal_id != goal.id:
                raise InvalidValue("key_used_elsewhere", field="client_key")
            return Recorded(point=stored, finding=self._finding(change.uow, goal))

    def _finding(self, uow: UnitOfWork, goal: Goal) -> Finding:
        desk = self._desk
        points = uow.plan.points_of_goals({goal.id})[goal.id]
        return find(goal, points, on=desk.clock.today(), policy=desk.policy.finding)


def close_idle_sets(desk: Desk) -> int:
    """Close sets forgotten for the policy's idle time (job ``idle_sets``); return how many became points."""
    closed = 0
    before = desk.clock.now() - timedelta(minutes=desk.policy.idle_minutes)
    with desk.changing() as change:
        for forgotten in change.uow.plan.idle_sets(before=before):
            resource = Resource(
                kind=ResourceKind.DATA_POINT,
                student_id=forgotten.student_id,
                goal_id=forgotten.goal_id,
            )
            change.permit(Action.WRITE, resource, what="close_idle_set")
            point = _close(change.uow, forgotten, desk.clock.now(), desk.clock.zone)
            closed += point is not None
    return closed


IDLE_SETS = System(job="idle_sets")


def _close(uow: UnitOfWork, trial_set: TrialSet, now: datetime, zone: ZoneInfo) -> DataPoint | None:
    ended = end_set(trial_set, now)
    uow.plan.save_set(ended)
    result = tally(uow.plan.trials_of_sets({trial_set.id})[trial_set.id])
    if not result.trials:
        return None
    return uow.plan.add_point(
        point_of_set(
            ended,
            result,
            point_id=PointId(new_uuid7()),
            observed_on=trial_set.started_at.astimezone(zone).date(),
            received_at=now,
        )
    )


def takes_taps(goal: Goal) -> bool:
    """Tell whether a goal is recorded try by try on the grid (percent correct); others have a form."""
    return goal.measure.kind is MeasureKind.PERCENT_CORRECT


def _active_goal(change: Change, goal_id: GoalId) -> Goal:
    goal = change.uow.plan.goal(goal_id)
    if goal is None:
        raise NotFound("goal")
    if goal.state is not GoalState.ACTIVE:
        raise IllegalMove("goal_not_active")
    return goal


def _require_begun(goal: Goal, at: datetime, zone: ZoneInfo) -> None:
    """Refuse data from before a goal: points belong to the goal in force on their date."""
    if at.astimezone(zone).date() < goal.starts_on:
        raise InvalidValue("before_start", field="observed_on")


def _sane(at: datetime | None, now: datetime) -> datetime:
    if at is None or at > now + timedelta(minutes=EARLY_MINUTES):
        return now
    return at
