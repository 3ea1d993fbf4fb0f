"""Medians of slopes between pairs of points (Theil-Sen), exact for long series too."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, groupby, starmap
from math import copysign, frexp, inf, ldexp
from operator import sub, truediv
from struct import pack, unpack

ALL_PAIRS_LIMIT = 1_000
"""Up to so many points every slope is written down (half a million); beyond, the middle ones are searched."""

FURTHEST = 2.0**1000
"""Slopes are searched from minus this to this, between points scaled to one."""

_EVEN_LIMIT = 64
"""Evenly spaced series of up to so many points share the distances between their days."""

_WHOLE = 2.0**53
_SIGN = 1 << 63


def pair_slopes(xs: Sequence[float], ys: Sequence[float]) -> list[float]:
    """Return the slope of each pair of two or more points with different x, in no particular order."""
    rises = starmap(sub, combinations(ys, 2))
    step = _even_step(xs)
    if step:
        return [*map(truediv, rises, _even_widths(len(xs), step))]
    widths = starmap(sub, combinations(xs, 2))
    if len(set(xs)) == len(xs):
        return [*map(truediv, rises, widths)]
    return [rise / width for rise, width in zip(rises, widths, strict=True) if width]


def _even_step(xs: Sequence[float]) -> float:
    """How far apart whole, evenly spaced x (weekly points) are; 0 for others and for long series."""
    n = len(xs)
    if n > _EVEN_LIMIT:
        return 0.0
    step = xs[1] - xs[0]
    # The ends tell most others apart before every step is looked at.
    if step * (n - 1) != xs[-1] - xs[0] or not (step.is_integer() and xs[0].is_integer()):
        return 0.0
    is_even = set(map(sub, xs[1:], xs)) == {step} and max(abs(xs[0]), abs(xs[-1])) < _WHOLE
    return step if is_even else 0.0


@lru_cache(maxsize=256)
def _even_widths(n: int, step: float) -> tuple[float, ...]:
    """How far apart each pair of n evenly spaced points is, the earlier less the later."""
    return tuple([(first - second) * step for first, second in combinations(range(n), 2)])


def theil_sen_slope(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Return the median of all pair slopes of points that have at least two different x."""
    if len(xs) <= ALL_PAIRS_LIMIT:
        return middle_of(pair_slopes(xs, ys))
    if min(ys) == max(ys):
        return 0.0
    count = pair_count(xs)
    low, high = slopes_at((count - 1) // 2, xs, ys), slopes_at(count // 2, xs, ys)
    return low if low == high else low / 2 + high / 2


def middle_of(values: list[float]) -> float:
    """Return the median of at least one number; sorts the list in place."""
    values.sort()
    half, odd = divmod(len(values), 2)
    return values[half] if odd else (values[half - 1] + values[half]) / 2


def pair_count(xs: Sequence[float]) -> int:
    """Return how many pairs of points have different x."""
    same = sum(size * (size - 1) // 2 for _, size in tie_groups(xs))
    return len(xs) * (len(xs) - 1) // 2 - same


def tie_groups(values: Sequence[float]) -> list[tuple[float, int]]:
    """Return each value with how often it occurs."""
    return [(value, len(list(group))) for value, group in groupby(sorted(values))]


def slopes_at(rank: int, xs: Sequence[float], ys: Sequence[float]) -> float:
    """Return the pair slope of ``rank`` (from 0) in increasing order, in O(n log n) steps.

    The number of slopes below t is the number of pairs in the wrong order of y - t x (an inversion count).
    The search halves t until few slopes are left between two bounds; those are written down and sorted.
    Points are scaled by powers of two first, which changes no digit.
    """
    (xs, x_exponent), (ys, y_exponent) = scaled_to_one(xs), scaled_to_one(ys)
    points = sorted(zip(xs, ys, strict=True))
    low, high = key_of(-FURTHEST), key_of(FURTHEST)
    below, upto = 0, pair_count(xs)
    while upto - below > 4 * len(points) and high - low > 1:
        middle = (low + high) // 2
        count = _count_below(number_of(middle), points)
        if count <= rank:
            low, below = middle, count
        else:
            high, upto = middle, count
    found = _slopes_between(number_of(low), number_of(high), points, limit=8 * len(points))
    # Rounding at the bounds may lose or add slopes, all of which differ in their last digits only.
    place = rank - below
    slope = found[place if place < len(found) else len(found) // 2] if found else number_of(high)
    return scaled_back(slope, y_exponent - x_exponent)


def scaled_to_one(values: Sequence[float]) -> tuple[list[float], int]:
    """Return values less the first one, brought to 1 by a power of two, and that power's exponent."""
    first = values[0]
    away = [value - first for value in values]
    exponent = frexp(max(map(abs, away)))[1]
    return [ldexp(value, -exponent) for value in away], exponent


def scaled_back(value: float, exponent: int) -> float:
    """Return ``value`` times two to the ``exponent``; infinity past the floats."""
    try:
        return ldexp(value, exponent)
    except OverflowError:
        return copysign(inf, value)


def _count_below(t: float, points: list[tuple[float, float]]) -> int:
    seen: list[float] = []
    count = 0
    for x, y in points:
        height = y - t * x
        place = bisect_right(seen, height)
        count += len(seen) - place
        seen.insert(place, height)
    return count


def _slopes_between(low: float, high: float, points: list[tuple[float, float]], *, limit: int) -> list[float]:
    """Sorted slopes of the pairs whose order turns between the two bounds; only the first ones when many."""
    order = sorted(points, key=lambda point: (point[1] - low * point[0], point))
    seen: list[tuple[float, int]] = []
    slopes: list[float] = []
    for index, (x, y) in enumerate(order):
        entry = (y - high * x, -index)
        partners = [order[-number] for _, number in seen[bisect_left(seen, (entry[0], 1)) :]]
        slopes += [(y - b) / (x - a) for a, b in partners if a < x]
        if len(slopes) > limit:
            break
        insort(seen, entry)
    return sorted(slopes)


def key_of(value: float) -> int:
    """Return a whole number that orders floats as they are ordered."""
    bits: int = unpack("<Q", pack("<d", value))[0]
    return _SIGN - bits if bits & _SIGN else bits


def number_of(key: int) -> float:
    """Return the float of a key."""
    bits = key if key >= 0 else _SIGN - key
    value: float = unpack("<d", pack("<Q", bits))[0]
    return value
