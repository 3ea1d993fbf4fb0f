"""Mean and variance of one phase, exact for constant scores and safe at any size of number."""

from __future__ import annotations

from math import frexp, fsum, ldexp
from typing import NamedTuple

_PLAIN_LARGEST = 1e100
_PLAIN_SMALLEST = 1e-100
_CALM_LARGEST = 1e180
_CALM_SMALLEST = 1e-180

_ROUNDING = 1e-25
"""A share of the squared mean below which a variance may be rounding alone."""


class Moments(NamedTuple):
    """Mean and sample variance (n - 1), which one score has not.

    Scores whose squares would leave the floats were multiplied by ``factor`` first, a power of two.
    """

    mean: float
    variance: float | None
    factor: float = 1.0


def moments_of(scores: list[float]) -> Moments:
    """Return the moments of scores of any size.

    Of equal scores the mean is that score without rounding, and the variance exactly 0.
    """
    mean, variance = plain_moments(scores)
    if variance is None or _CALM_SMALLEST < variance < _CALM_LARGEST or min(scores) == max(scores):
        return Moments(mean, variance)
    (scaled,), factor = within_reach(scores)
    return Moments(*plain_moments(scaled), factor)


def plain_moments(scores: list[float]) -> tuple[float, float | None]:
    """Return mean and variance of scores whose squares stay within the floats."""
    n, first = len(scores), scores[0]
    if n == 1:
        return first, None
    mean = fsum(scores) / n
    away = [score - mean for score in scores]
    variance = fsum([each * each for each in away]) / (n - 1)
    # Rounding may leave equal scores a little scatter; only then is it worth looking.
    if variance < _ROUNDING * mean * mean and min(scores) == max(scores):
        return first, 0.0
    return mean, variance


def within_reach(*phases: list[float]) -> tuple[list[list[float]], float]:
    """Return the scores and a factor: multiplied by a power of two where squares would overflow or vanish."""
    largest = max([max(max(phase), -min(phase)) for phase in phases])
    if largest == 0 or _PLAIN_SMALLEST < largest < _PLAIN_LARGEST:
        return list(phases), 1.0
    factor = ldexp(1.0, max(-1022, min(1022, -frexp(largest)[1])))
    return [[score * factor for score in phase] for phase in phases], factor
