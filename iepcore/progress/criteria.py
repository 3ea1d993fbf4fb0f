"""When a goal counts as met: k points in a row at the target, or n of any m consecutive points.

Comparison is inclusive, and only scored points count: an absence neither breaks a run nor fills a window.
Every point counts, also two of one day; give one point per session where the criterion speaks of sessions.
Rule: domain guide 2.5 (a ``MasteryCriterion`` with strata and thin sessions joins them later).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from iepcore.progress.checks import check_whole, refuse
from iepcore.progress.comparison import Direction, meets
from iepcore.progress.series import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsecutiveCriterion:
    """``k`` scored points in a row at the target."""

    k: int

    def __post_init__(self) -> None:
        check_whole(self.k, "k", low=1)

    def met_on(self, series: Series, target: float, direction: Direction) -> date | None:
        """Return the day of the point that first completes the run, or None."""
        return _first_completed(series, target, direction, wanted=self.k, window=self.k, early=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class NOfMCriterion:
    """``n`` of any ``m`` consecutive scored points at the target.

    The window of m points must be full unless ``early`` says that n successes among fewer points will do
    (4 of "4 of 5" in the first four).

    Raises:
        InvalidValue: ``n_over_m`` or a number's own code.
    """

    n: int
    m: int
    early: bool = False

    def __post_init__(self) -> None:
        check_whole(self.n, "n", low=1)
        if self.n > check_whole(self.m, "m", low=1):
            raise refuse("n_over_m", "n")

    def met_on(self, series: Series, target: float, direction: Direction) -> date | None:
        """Return the day of the point that first completes a window, or None."""
        return _first_completed(series, target, direction, wanted=self.n, window=self.m, early=self.early)


Criterion: TypeAlias = ConsecutiveCriterion | NOfMCriterion


def _first_completed(
    series: Series, target: float, direction: Direction, *, wanted: int, window: int, early: bool
) -> date | None:
    points = series.scored
    hits = [meets(point.score, target, direction) for point in points]
    inside = 0
    for index, point in enumerate(points):
        inside += hits[index]
        if index >= window:
            inside -= hits[index - window]
        if inside >= wanted and (early or index + 1 >= window):
            return point.on
    return None
