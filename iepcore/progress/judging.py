"""Which points a decision rule may look at, on which side of the line they lie, and whether they suffice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from iepcore.progress.aimlines import Aimline, AnyAimline
from iepcore.progress.checks import check_whole
from iepcore.progress.comparison import Direction
from iepcore.progress.rule_results import Decision, DecisionResult
from iepcore.progress.series import ScoredPoint, Series


@dataclass(frozen=True, slots=True)
class Judged:
    """The points a rule may look at, on which side of ``segment`` each lies; no segment without any."""

    points: tuple[ScoredPoint, ...] = ()
    sides: tuple[int, ...] = ()
    segment: Aimline | None = None

    @property
    def n(self) -> int:
        """How many points there are."""
        return len(self.points)

    @property
    def weeks(self) -> list[float]:
        """When each point was taken, in weeks (days / 7) from the start of the segment."""
        start = None if self.segment is None else self.segment.starts_on
        return [] if start is None else [(point.on - start).days / 7 for point in self.points]


def judged_points(series: Series, aimline: AnyAimline, direction: Direction) -> Judged:
    """Return the scored points of the current phase, later than the day the current segment starts on.

    Points of that day itself are the baseline probes, from which the line was drawn.
    """
    phase = series.current_phase()
    segment = aimline.segment_at(phase.observations[-1].on) if len(phase) else None
    if segment is None:
        return Judged()
    after = phase.between(segment.starts_on + timedelta(days=1), None)
    points, sides = sides_of_points(after, segment, direction)
    return Judged(points, sides, segment)


def insufficient(rule: str, judged: Judged, minimum: int, minimum_weeks: int | None) -> DecisionResult | None:
    """Return the answer of a rule that has not enough points, or not over enough weeks; None when it has.

    Raises:
        InvalidValue: a number's own code for ``minimum_weeks``.
    """
    weeks_needed = 0 if minimum_weeks is None else check_whole(minimum_weeks, "minimum_weeks")
    weeks = judged.weeks[-1] if judged.n else 0.0
    if judged.n >= minimum and weeks >= weeks_needed:
        return None
    return DecisionResult(
        rule=rule,
        decision=Decision.INSUFFICIENT_DATA,
        reason="too_few_points" if judged.n < minimum else "too_few_weeks",
        n=judged.n,
        minimum=minimum,
        numbers={"n": judged.n, "minimum": minimum, "weeks": weeks, "minimum_weeks": weeks_needed},
    )


def sides_of_points(
    series: Series, aimline: AnyAimline, direction: Direction
) -> tuple[tuple[ScoredPoint, ...], tuple[int, ...]]:
    """Return the scored points from the line's start on, each with its side of the line of its day."""
    points: list[ScoredPoint] = []
    sides: list[int] = []
    for point in series.scored:
        side = aimline.side(point.on, point.score, direction)
        if side is not None:
            points.append(point)
            sides.append(side)
    return tuple(points), tuple(sides)
