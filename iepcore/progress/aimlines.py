"""The aimline: the path from the baseline to the target, and on which side of it a point lies.

A goal or phase change starts a new segment at its date; what was decided before keeps its old line.
Both shapes, ``Aimline`` (one segment) and ``AimlineSegments``, answer the same questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from iepcore.errors import InvalidValue
from iepcore.progress.checks import check_day, check_number, refuse
from iepcore.progress.comparison import Direction, side_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Aimline:
    """A straight line by calendar days from ``baseline`` on ``starts_on`` to ``target`` on ``ends_on``.

    ``target == baseline`` is a legal maintenance goal: a flat line (progress science, section 3).

    Raises:
        InvalidValue: ``ends_before_start`` (also when both are the same day), ``not_a_number``,
            ``too_large``, ``not_a_date``.
    """

    baseline: float
    target: float
    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        object.__setattr__(self, "baseline", float(check_number(self.baseline, "baseline")))
        object.__setattr__(self, "target", float(check_number(self.target, "target")))
        if check_day(self.starts_on, "starts_on") >= check_day(self.ends_on, "ends_on"):
            raise refuse("ends_before_start", "ends_on")

    @property
    def span(self) -> float:
        """The distance between baseline and target, 0 for a flat line."""
        return abs(self.target - self.baseline)

    @property
    def weeks(self) -> float:
        """The length of the line in weeks (days / 7)."""
        return (self.ends_on - self.starts_on).days / 7

    @property
    def weekly_rate(self) -> float:
        """The rate of improvement needed, per week: (target - baseline) / weeks. Negative when going down."""
        return (self.target - self.baseline) / self.weeks

    def value_at(self, on: date) -> float | None:
        """Return the expected score on a day: None before the start, the target from the end on."""
        if on < self.starts_on:
            return None
        if on >= self.ends_on or self.baseline == self.target:
            return self.target
        total = (self.ends_on - self.starts_on).days
        done = (on - self.starts_on).days
        # One division at the end: exact for whole numbers, so that a point on the line is on the line.
        value = (self.baseline * (total - done) + self.target * done) / total
        low, high = sorted((self.baseline, self.target))
        return min(max(value, low), high)

    def side(self, on: date, score: float, direction: Direction) -> int | None:
        """Return 1 on the good side of the line, -1 on the wrong side, 0 on it, None before the start."""
        expected = self.value_at(on)
        if expected is None:
            return None
        magnitude = max(abs(self.baseline), abs(self.target))
        return side_of(score, expected, direction, span=self.span, magnitude=magnitude)

    def segment_at(self, on: date) -> Aimline | None:
        """Return the line in force on a day: this one, or None before its start."""
        return None if on < self.starts_on else self

    def target_held_since(self, on: date) -> date | None:
        """Return the day from which the target in force on ``on`` has stood; None before the start."""
        return None if on < self.starts_on else self.starts_on


@dataclass(frozen=True, slots=True)
class AimlineSegments:
    """Several aimlines one after the other; each holds from its start until the next one starts.

    Raises:
        InvalidValue: ``too_few`` (no segment) or ``not_in_order`` (starts must be strictly later each).
    """

    segments: tuple[Aimline, ...]

    def __post_init__(self) -> None:
        if not self.segments:
            raise InvalidValue("too_few", field="segments")
        starts = [segment.starts_on for segment in self.segments]
        for index in range(1, len(starts)):
            if starts[index - 1] >= starts[index]:
                raise refuse("not_in_order", "segments", index)

    def segment_at(self, on: date) -> Aimline | None:
        """Return the segment in force on a day, or None before the first."""
        in_force: Aimline | None = None
        for segment in self.segments:
            if segment.starts_on <= on:
                in_force = segment
        return in_force

    def value_at(self, on: date) -> float | None:
        """Return the expected score on a day by the segment in force, None before the first."""
        segment = self.segment_at(on)
        return None if segment is None else segment.value_at(on)

    def side(self, on: date, score: float, direction: Direction) -> int | None:
        """Return 1, 0 or -1 against the segment in force (see ``Aimline.side``), None before the first."""
        segment = self.segment_at(on)
        return None if segment is None else segment.side(on, score, direction)

    def target_held_since(self, on: date) -> date | None:
        """Return the day from which the target in force on ``on`` has stood unchanged; None before the first.

        A new phase with the same target does not break a run towards it; a new target does.
        """
        since: date | None = None
        target: float | None = None
        for segment in self.segments:
            if segment.starts_on <= on and segment.target != target:
                since, target = segment.starts_on, segment.target
        return since


AnyAimline: TypeAlias = Aimline | AimlineSegments
