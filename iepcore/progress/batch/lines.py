"""Trend lines and the four-point rule of many series at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iepcore.progress.batch.arrays import Floats, Ints, ManySeries, blocks, ragged, too_long
from iepcore.progress.batch.medians import median_slope, middle
from iepcore.progress.trend_lines import TrendLine
from iepcore.progress.trends import NO_SCATTER, trend_line

_NO_RELATION = 2.0**-48


@dataclass(frozen=True, slots=True)
class BatchLines:
    """The lines of many series, in their order; NaN where there is none (``reason``), and ``se`` of least
    squares only."""

    slope: Floats
    intercept: Floats
    se: Floats
    n: Ints
    method: str
    reason: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.slope)


def ols(xs: ManySeries, ys: ManySeries) -> BatchLines:
    """Fit least-squares lines with the standard error of their slopes; missing scores go with their x.

    Raises:
        InvalidValue: ``lengths_differ`` or ``not_a_number``.
    """
    return _lines(xs, ys, "ols", _least_squares, 2, by_pairs=False)


def theil_sen(xs: ManySeries, ys: ManySeries) -> BatchLines:
    """Fit Theil-Sen lines: the median of all pair slopes, and the median of y - slope x.

    Raises:
        InvalidValue: ``lengths_differ`` or ``not_a_number``.
    """
    return _lines(xs, ys, "theil_sen", _theil_sen, 2, by_pairs=True)


_Fit = Callable[[Floats, Floats, Ints], tuple[Floats, Floats, Floats]]


def _lines(
    xs: ManySeries, ys: ManySeries, method: str, fit: _Fit, minimum: int, *, by_pairs: bool
) -> BatchLines:
    scores, times = ragged(ys, xs)
    assert times is not None  # xs were given
    counts = scores.counts
    unusual = scores.unusual() | times.unusual() | too_long(counts * counts if by_pairs else counts)
    slope, intercept, se = (np.full(len(counts), np.nan) for _ in range(3))
    reason: NDArray[np.object_] = np.full(len(counts), None, dtype=object)
    for rows in blocks(~unusual, (counts,), counts):
        x, y, n = times.columns(rows), scores.columns(rows), counts[rows]
        slope[rows], intercept[rows], se[rows] = fit(x, y, n)
        flat = np.fmin.reduce(x, axis=0) == np.fmax.reduce(x, axis=0)
        reason[rows[flat]] = "no_spread"
        if method == "ols":
            reason[rows[n == minimum]] = "no_standard_error"
            reason[rows[flat]] = "no_spread"
        reason[rows[n < minimum]] = "insufficient_data"
        none = rows[flat | (n < minimum)]
        slope[none] = intercept[none] = se[none] = np.nan
    found = counts.copy()
    for row in np.flatnonzero(unusual).tolist():
        line: TrendLine = trend_line(times.row(row), scores.row(row), method)
        slope[row] = np.nan if line.slope is None else line.slope
        intercept[row] = np.nan if line.intercept is None else line.intercept
        se[row] = np.nan if line.se is None else line.se
        reason[row] = line.reason
        found[row] = line.n
    return BatchLines(slope, intercept, se, found, method, reason)


def _least_squares(x: Floats, y: Floats, n: Ints) -> tuple[Floats, Floats, Floats]:
    u, x_mean = _centred(x, n)
    v, y_mean = _centred(y, n)
    x_squares, y_squares = (u * u).sum(axis=0), (v * v).sum(axis=0)
    safe = np.where(x_squares > 0, x_squares, np.nan)
    slope = (u * v).sum(axis=0) / safe
    # Rounding is not a relation, and not a scatter either (iepcore.progress.trends).
    slope = np.where(np.abs(slope) * np.sqrt(safe) <= _NO_RELATION * np.sqrt(y_squares), 0.0, slope)
    scatter = np.square(v - slope * u).sum(axis=0)
    scatter = np.where(scatter <= NO_SCATTER * y_squares, 0.0, scatter)
    see = np.sqrt(scatter / np.maximum(n - 2, 1))
    return slope, y_mean - slope * x_mean, np.where(n > 2, see / np.sqrt(safe), np.nan)


def _theil_sen(x: Floats, y: Floats, n: Ints) -> tuple[Floats, Floats, Floats]:
    slope = median_slope(x, y)
    return slope, middle(y - slope * x), np.full(len(n), np.nan)


def _centred(values: Floats, n: Ints) -> tuple[Floats, Floats]:
    """Each column less its mean, zeros where it is filled up; the first value is taken off before."""
    away = np.where(np.isnan(values), 0.0, values - values[0])
    shift = away.sum(axis=0) / n
    return np.where(np.isnan(values), 0.0, away - shift), values[0] + shift
