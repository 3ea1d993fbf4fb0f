"""Mean and variance of one phase, exact for constant scores and safe at any size of number."""

from __future__ import annotations

from math import frexp, fsum, ldexp

_PLAIN_LARGEST = 1e100
_PLAIN_SMALLEST = 1e-100


def moments_of(scores: list[float]) -> tuple[float, float | None]:
    """Return the mean and the sample variance (n - 1), which one score has not.

    Of equal scores the mean is that score without rounding, and the variance exactly 0.
    """
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


_ROUNDING = 1e-25
"""A share of the squared mean below which a variance may be rounding alone."""
