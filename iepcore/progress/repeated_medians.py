"""Siegel's repeated median: the median of each point's median slope, for long series too.

Short series write every slope down. Long ones are searched: for any slope t one pass tells how many slopes of
each point lie below t, and so which points' medians do. Halving t leaves few points, whose medians are then
worked out. Ten thousand points take a second or two and no more memory than a few lists of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypeAlias

from iepcore.progress.slope_medians import FURTHEST, key_of, middle_of, number_of, scaled_back, scaled_to_one

EVERY_SLOPE_LIMIT = 400
"""Up to so many points every slope is written down."""

_FEW = 8
_ROUNDINGS = 64

Point: TypeAlias = tuple[float, float]


def siegel_slope(
    xs: Sequence[float], ys: Sequence[float], *, searched_from: int = EVERY_SLOPE_LIMIT + 1
) -> float:
    """Return the median over the points of each one's median slope; at least two x are different.

    Infinite when no float holds it.
    """
    if len(xs) < searched_from:
        points = [*zip(xs, ys, strict=True)]
        return middle_of([median_slope_at(point, points) for point in points])
    if min(ys) == max(ys):
        return 0.0
    # Scaled by powers of two, which changes no digit.
    (xs, x_exponent), (ys, y_exponent) = scaled_to_one(xs), scaled_to_one(ys)
    points = sorted(zip(xs, ys, strict=True))
    lower, upper = (_median_of_rank(rank, points) for rank in ((len(xs) - 1) // 2, len(xs) // 2))
    return scaled_back(lower if lower == upper else lower / 2 + upper / 2, y_exponent - x_exponent)


def median_slope_at(point: Point, points: Sequence[Point]) -> float:
    """Return the median slope between one point and those with another x."""
    x, y = point
    return middle_of([(b - y) / (a - x) for a, b in points if a != x])


def _median_of_rank(rank: int, points: list[Point]) -> float:
    """The ``rank``-th (from 0) of the points' median slopes, in increasing order."""
    low, high = key_of(-FURTHEST), key_of(FURTHEST)
    under: set[int] = set()
    left = set(range(len(points)))
    while len(left) > _FEW and high - low > 1:
        middle = (low + high) // 2
        slope = number_of(middle)
        below, unsure = _sides(slope, points)
        if high - low > _ROUNDINGS:
            below |= {index for index in unsure if median_slope_at(points[index], points) < slope}
        if len(below) > rank:
            high, left = middle, left & below
        else:
            low, under, left = middle, below, left - below
    if not 0 < len(left) <= _FEW:
        # All on one line: they differ from this, if at all, in their last digits.
        return number_of(low)
    medians = sorted([median_slope_at(points[index], points) for index in left])
    return medians[min(max(rank - len(under), 0), len(medians) - 1)]


def _sides(t: float, points: list[Point]) -> tuple[set[int], set[int]]:
    """The points whose median slope lies below ``t``, and those of which t lies between the middle two."""
    below: set[int] = set()
    unsure: set[int] = set()
    for index, (partners, count) in enumerate(_counts_below(t, points)):
        if 2 * count > partners:
            below.add(index)
        elif 2 * count == partners:
            unsure.add(index)
    return below, unsure


def _counts_below(t: float, points: list[Point]) -> Iterator[tuple[int, int]]:
    """For each point, in order: how many partners it has, and how many of its slopes lie below ``t``.

    The slope to a later point lies below t when that point's y - t x is lower, to an earlier one when higher.
    """
    n = len(points)
    ordered = sorted([y - t * x for x, y in points])
    before: list[float] = []
    for _, group in groupby(points, key=lambda point: point[0]):
        heights = [y - t * x for x, y in group]
        same = sorted(heights)
        for height in heights:
            lower = bisect_left(ordered, height) - bisect_left(same, height) - bisect_left(before, height)
            yield n - len(same), lower + len(before) - bisect_right(before, height)
        for height in heights:
            before.insert(bisect_right(before, height), height)
