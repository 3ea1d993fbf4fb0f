"""A series of dated scores, sorted by day; missing ones stay missing, never filled in or taken as 0."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from iepcore.progress.checks import check_day, check_number, check_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One point: a day and its score, or None when there was nothing to score that day.

    ``opportunities`` is how many trials stand behind the score, ``phase`` the label of the phase it
    belongs to, ``is_censored`` that the score is a floor (no response within the ceiling).

    Raises:
        InvalidValue: ``not_a_date``, ``not_a_number``, ``too_large``, ``not_whole``, ``negative``.
    """

    on: date
    score: float | None
    opportunities: int | None = None
    phase: str = ""
    is_censored: bool = False

    def __post_init__(self) -> None:
        check_day(self.on, "on")
        if self.score is not None:
            object.__setattr__(self, "score", float(check_number(self.score, "score")))
        if self.opportunities is not None:
            check_whole(self.opportunities, "opportunities")


@dataclass(frozen=True, slots=True)
class ScoredPoint:
    """A point that has a score."""

    on: date
    score: float


@dataclass(frozen=True, slots=True, init=False)
class Series:
    """Observations in order of their day. Several on one day are all kept, in the order given."""

    observations: tuple[Observation, ...]

    def __init__(self, observations: Iterable[Observation] = ()) -> None:
        ordered = tuple(sorted(observations, key=lambda observation: observation.on))
        object.__setattr__(self, "observations", ordered)

    @classmethod
    def of(cls, pairs: Iterable[tuple[date, float | None]]) -> Series:
        """Build a series from (day, score) pairs."""
        return cls(Observation(on=on, score=score) for on, score in pairs)

    def __len__(self) -> int:
        return len(self.observations)

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)

    @property
    def scored(self) -> tuple[ScoredPoint, ...]:
        """The points that have a score, in order."""
        return tuple(
            ScoredPoint(point.on, point.score) for point in self.observations if point.score is not None
        )

    def between(self, first: date | None, last: date | None) -> Series:
        """Return the points from ``first`` to ``last``, both included; None leaves that end open."""
        return Series(
            point
            for point in self.observations
            if (first is None or first <= point.on) and (last is None or point.on <= last)
        )

    def current_phase(self) -> Series:
        """Return the last points that share the last point's phase label, back to the change of phase."""
        start = len(self.observations)
        while start and self.observations[start - 1].phase == self.observations[-1].phase:
            start -= 1
        return Series(self.observations[start:])


def median_of(scores: Sequence[float]) -> float | None:
    """Return the middle score, the mean of the two middle ones when the count is even, None of nothing."""
    ordered = sorted(scores)
    half, odd = divmod(len(ordered), 2)
    if odd:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2 if ordered else None


def baseline_median(scores: Iterable[float | None]) -> float | None:
    """Return the median of the baseline scores given; missing ones are dropped; None when none is left.

    Pass the last 3 to 5 stable points (progress science, section 3: IRIS; NCII uses the 3 most recent).

    Raises:
        InvalidValue: ``not_a_number`` or ``too_large``.
    """
    return median_of([float(check_number(each, "baseline")) for each in scores if each is not None])
