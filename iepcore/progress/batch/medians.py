"""Medians, and medians of the slopes between pairs of points, of many columns at once."""

from __future__ import annotations

import numpy as np

from iepcore.progress.batch.arrays import Floats, Ints

_CELLS = 1 << 16
"""So many slopes are in work at a time: two arrays of them stay in the cache."""


def median_slope(xs: Floats, ys: Floats) -> Floats:
    """The median of the pair slopes of each column, NaN where no two x differ."""
    points, columns = xs.shape
    pairs = points * (points - 1) // 2
    result = np.full(columns, np.nan)
    if not pairs:
        return result
    width = max(1, min(columns, _CELLS // pairs))
    # Made once and used for every piece: fetching new memory costs more than the division.
    slopes, ordered = np.empty((pairs, width)), np.empty((width, pairs))
    for start in range(0, columns, width):
        x, y = xs[:, start : start + width], ys[:, start : start + width]
        piece, rows = slopes[:, : x.shape[1]], ordered[: x.shape[1]]
        _fill(piece, x, y)
        # Sorted along rows in memory, several times faster than down the columns.
        rows[...] = piece.T
        rows.sort(axis=1)
        result[start : start + width] = _middle_of(rows)
    return result


def _fill(slopes: Floats, x: Floats, y: Floats) -> None:
    """Write the slope of each pair of points, NaN where there is none."""
    has_ties = not (np.diff(x, axis=0) > 0).all()
    place = 0
    for first in range(len(x) - 1):
        into = slopes[place : place + len(x) - 1 - first]
        place += len(into)
        across = x[first + 1 :] - x[first]
        if has_ties:
            across[across == 0] = np.nan
        np.subtract(y[first + 1 :], y[first], out=into)
        into /= across


def middle(values: Floats) -> Floats:
    """The median of each column without its NaN; NaN where nothing is left."""
    # A copy always: one column alone would else be sorted where it stands.
    rows: Floats = np.array(values.T, order="C")
    rows.sort(axis=1)
    return _middle_of(rows)


def _middle_of(ordered: Floats) -> Floats:
    """The median of each ordered row, whose NaN are at its end."""
    counts: Ints = ordered.shape[1] - np.isnan(ordered).sum(axis=1)
    rows = np.arange(len(ordered))
    lower = ordered[rows, np.maximum(counts - 1, 0) // 2]
    upper = ordered[rows, np.minimum(counts // 2, ordered.shape[1] - 1)]
    result: Floats = np.where(lower == upper, lower, (lower + upper) / 2)
    return result
