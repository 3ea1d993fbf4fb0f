"""The four-point rule of many series at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iepcore.progress import Decision
from iepcore.progress.batch.arrays import Floats, Ints, ManySeries, blocks, ragged
from iepcore.progress.checks import check_whole, refuse
from iepcore.progress.comparison import Direction, direction_from

_FOUR = 4
_ROUNDINGS, _SPAN_SHARE = 32 * 2.0**-52, 1e-9
_DECISIONS = np.array(
    [Decision.CONTINUE, Decision.RAISE_GOAL, Decision.INSUFFICIENT_DATA, Decision.CHANGE_INSTRUCTION],
    dtype=object,
)
_REASONS = np.array(["neither", "all_on_good_side", "too_few_points", "all_on_wrong_side"], dtype=object)


@dataclass(frozen=True, slots=True)
class BatchDecisions:
    """The decision on every series, in their order; ``n`` counts the points judged."""

    decision: NDArray[np.object_]
    reason: NDArray[np.object_]
    n: Ints

    def __len__(self) -> int:
        return len(self.n)


def four_point_rule(
    days: ManySeries,
    scores: ManySeries,
    *,
    baseline: ArrayLike,
    target: ArrayLike,
    starts_on: ArrayLike,
    ends_on: ArrayLike,
    direction: Direction | str | Sequence[Direction | str] = "increase",
    minimum: int = 6,
) -> BatchDecisions:
    """Decide on every series by its last four points, as ``iepcore.progress.four_point_rule`` does on one.

    ``days`` are whole days (``date.toordinal``); ``baseline`` on ``starts_on`` and ``target`` on ``ends_on``
    make the aimline, one number each or one per series. Give the points of the current phase only; those up
    to the day the line starts are not judged.

    Raises:
        InvalidValue: ``lengths_differ``, ``ends_before_start``, ``unknown_direction``, ``not_a_number``,
            ``too_large``; a number's own code for ``minimum``.
    """
    needed = max(check_whole(minimum, "minimum", low=1), _FOUR)
    values, times = ragged(scores, days)
    assert times is not None  # days were given
    count = len(values.counts)
    aim = [_per_series(each, count) for each in (baseline, target, starts_on, ends_on)]
    if not (aim[2] < aim[3]).all():
        raise refuse("ends_before_start", "ends_on")
    signs = _signs(direction, count)
    judged = np.zeros(count, dtype=np.int64)
    verdict = np.zeros(count, dtype=np.int64)
    for rows in blocks(values.counts > 0, (values.counts,), values.counts):
        x, y = times.columns(rows), values.columns(rows)
        order = np.argsort(x, axis=0, kind="stable")
        x, y = np.take_along_axis(x, order, axis=0), np.take_along_axis(y, order, axis=0)
        b, t, start, end = (each[rows] for each in aim)
        judged[rows] = (x > start).sum(axis=0)
        sides = np.zeros(len(rows), dtype=np.int64)
        for back in range(1, _FOUR + 1):
            place = np.maximum(values.counts[rows] - back, 0)[None, :]
            day, score = np.take_along_axis(x, place, axis=0)[0], np.take_along_axis(y, place, axis=0)[0]
            sides += _side(day, score, b, t, start, end) * signs[rows]
        verdict[rows] = np.where(np.abs(sides) == _FOUR, np.sign(sides), 0)
    code = np.where(judged < needed, 2, verdict)
    return BatchDecisions(_DECISIONS[code], _REASONS[code], judged)


def _side(day: Floats, score: Floats, b: Floats, t: Floats, start: Floats, end: Floats) -> Ints:
    """1 above the line, -1 below it, 0 on it."""
    total, done = end - start, day - start
    expected = np.where((day >= end) | (b == t), t, (b * (total - done) + t * done) / total)
    expected = np.clip(expected, np.minimum(b, t), np.maximum(b, t))
    size = np.maximum(np.maximum(np.abs(score), np.abs(expected)), np.maximum(np.abs(b), np.abs(t)))
    is_tie = np.abs(score - expected) <= np.maximum(_SPAN_SHARE * np.abs(t - b), _ROUNDINGS * size)
    side: Ints = np.where(is_tie, 0, np.where(score > expected, 1, -1)).astype(np.int64)
    return side


def _per_series(value: ArrayLike, count: int) -> Floats:
    given = np.asarray(value, dtype=np.float64)
    if given.ndim and len(given) != count:
        raise refuse("lengths_differ", "aimline")
    made: Floats = np.broadcast_to(given, (count,)).copy()
    if not np.isfinite(made).all():
        raise refuse("not_a_number", "aimline")
    return made


def _signs(direction: Direction | str | Sequence[Direction | str], count: int) -> Ints:
    names = [direction] * count if isinstance(direction, str) else list(direction)
    if len(names) != count:
        raise refuse("lengths_differ", "direction")
    return np.array([direction_from(name).sign for name in names], dtype=np.int64)
