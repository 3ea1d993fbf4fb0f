"""Data points: append-only; a correction is a new point that supersedes the old one, which stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import AdultId, ClientKey, GoalId, PointId, StudentId, TrialSetId
from iepcore.language import FreeText
from iepcore.plan.trials import Tally, TrialSet
from iepcore.progress import PercentReading, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPoint:
    """One observation of one goal.

    ``reading`` keeps the raw fields as typed, ``score`` what they come to on the measure's scale (None: no
    opportunity that day, which is "no data", never 0). ``observed_on`` is the school's date, ``observed_at``
    the
    instant, ``received_at`` when the server had it. Points belong to the goal version in force
    (``goal_version``).
    ``supersedes`` names the point this one corrects; ``from_set`` the set of tries it adds up.
    """

    id: PointId
    goal_id: GoalId
    goal_version: int
    student_id: StudentId
    recorder_id: AdultId
    client_key: ClientKey
    reading: Reading
    score: float | None
    observed_on: date
    observed_at: datetime
    received_at: datetime
    note: FreeText | None = None
    supersedes: PointId | None = None
    from_set: TrialSetId | None = None


def current_points(points: Iterable[DataPoint]) -> tuple[DataPoint, ...]:
    """Return the points nobody has corrected, oldest first."""
    listed = list(points)
    superseded = {point.supersedes for point in listed if point.supersedes is not None}
    standing = [point for point in listed if point.id not in superseded]
    return tuple(sorted(standing, key=lambda point: (point.observed_on, point.observed_at, point.id)))


def correct_point(old: DataPoint, new: DataPoint) -> DataPoint:
    """Return ``new`` as a correction of ``old``; both stay stored.

    Raises:
        IllegalMove: ``correction_of_other_goal`` when they are not of one goal.
    """
    if old.goal_id != new.goal_id:
        raise IllegalMove("correction_of_other_goal")
    return replace(new, supersedes=old.id)


def point_of_set(
    trial_set: TrialSet, result: Tally, *, point_id: PointId, observed_on: date, received_at: datetime
) -> DataPoint:
    """Return the data point an ended set of tries comes to (percent correct; 0 tries give score None).

    Raises:
        InvalidValue: ``set_open`` when the set has not ended.
    """
    if trial_set.ended_at is None:
        raise InvalidValue("set_open", field="set_id")
    score = 100.0 * result.correct / result.trials if result.trials else None
    return DataPoint(
        id=point_id,
        goal_id=trial_set.goal_id,
        goal_version=trial_set.goal_version,
        student_id=trial_set.student_id,
        recorder_id=trial_set.recorder_id,
        client_key=trial_set.client_key,
        reading=PercentReading(correct=result.correct, trials=result.trials),
        score=score,
        observed_on=observed_on,
        observed_at=trial_set.started_at,
        received_at=received_at,
        from_set=trial_set.id,
    )
