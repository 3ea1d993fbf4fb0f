"""Mean and variance of one phase, exact for constant scores and safe at any size of number."""

from __future__ import annotations

from math import frexp, fsum, ldexp

_PLAIN_LARGEST = 1e100
_PLAIN_SMALLEST = 1e-100


def mean_of(scores: list[float]) -> float:
    """Return the mean; of equal scores it is that score, without rounding."""
    first = scores[0]
    return first if min(scores) == max(scores) else fsum(scores) / len(scores)


def variance_of(scores: list[float], mean: float) -> float | None:
    """Return the sample variance (n - 1); None of one score, exactly 0 of equal ones."""
    if len(scores) < 2:
        return None
    if min(scores) == max(scores):
        return 0.0
    return fsum([(score - mean) * (score - mean) for score in scores]) / (len(scores) - 1)


def within_reach(a: list[float], b: list[float]) -> tuple[list[float], list[float], float]:
    """Return the scores and a factor: multiplied by a power of two where squares would overflow or vanish."""
    largest = max(max(a), max(b), -min(a), -min(b))
    if largest == 0 or _PLAIN_SMALLEST < largest < _PLAIN_LARGEST:
        return a, b, 1.0
    exponent = -frexp(largest)[1]
    factor = ldexp(1.0, max(-1022, min(1022, exponent)))
    return [score * factor for score in a], [score * factor for score in b], factor
