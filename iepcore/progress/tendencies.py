"""Whether a series rises or falls at all (Mann-Kendall), and whether its neighbours resemble each other.

Formulas: progress science, section 4. ``ys`` are in order of time; missing ones are left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import erfc, fsum, sqrt

from iepcore.progress.checks import check_whole
from iepcore.progress.pairing import centred, numbers_of, pairs_of
from iepcore.progress.slope_medians import tie_groups
from iepcore.progress.trends import trend_line

_TWO = 2
_EXACT_LIMIT = 50
"""Up to so many points without ties the exact distribution of S is worked out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MannKendall:
    """Kendall's S of a series with its order, and how surprising it would be without a trend.

    ``s`` is the number of rising pairs less the number of falling ones, ``var_s`` its variance with the
    correction for ties, ``z`` takes one step off |s| (continuity), ``p`` is two-sided by the normal
    distribution. ``reason``: ``insufficient_data`` (under 2 points), ``no_variation`` (every y the same; z
    and p are None), ``not_a_number``, ``too_large``.
    """

    n: int
    s: int | None = None
    var_s: float | None = None
    z: float | None = None
    p: float | None = None
    tau_b: float | None = None
    has_ties: bool = False
    reason: str | None = None

    @property
    def p_exact(self) -> float | None:
        """The two-sided p by counting orders: better than ``p`` for few points; None with ties or n > 50."""
        if self.s is None or self.has_ties or not _TWO <= self.n <= _EXACT_LIMIT:
            return None
        pairs = self.n * (self.n - 1) // 2
        fewer = (pairs - abs(self.s)) // 2
        return min(1.0, 2 * fsum(_inversion_shares(self.n)[: fewer + 1]))


def mann_kendall(ys: Sequence[float | None]) -> MannKendall:
    """Return the Mann-Kendall test of ``ys`` in their order, in O(n log n) steps. Scores compare as typed."""
    numbers = numbers_of(ys)
    values = numbers.values
    n = len(values)
    if numbers.reason or not n:
        return MannKendall(n=n, reason=numbers.reason or "insufficient_data")
    seen: list[float] = []
    s = 0
    for value in values:
        left, right = bisect_left(seen, value), bisect_right(seen, value)
        s += left - (len(seen) - right)
        seen.insert(right, value)
    sizes = [size for _, size in tie_groups(values)]
    var_s = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in sizes)) / 18
    has_ties = max(sizes) > 1
    if not var_s:
        reason = "insufficient_data" if n < _TWO else "no_variation"
        return MannKendall(n=n, s=s, var_s=var_s, has_ties=has_ties, reason=reason)
    z = (s - (s > 0) + (s < 0)) / sqrt(var_s)
    pairs = n * (n - 1) / 2
    tau_b = s / sqrt(pairs * (pairs - sum(t * (t - 1) / 2 for t in sizes)))
    p = erfc(abs(z) / sqrt(2))
    return MannKendall(n=n, s=s, var_s=var_s, z=z, p=p, tau_b=tau_b, has_ties=has_ties)


def autocorrelation(ys: Sequence[float | None], *, lag: int = 1) -> float | None:
    """Return how alike scores ``lag`` steps apart are: sum e_t e_(t-lag) / sum e_t^2, e being from the mean.

    None when the scores do not vary, are not numbers, or fewer than lag + 1. With a trend in the series, look
    at ``residual_autocorrelation`` instead.

    Raises:
        InvalidValue: a number's own code for ``lag`` (1 or more).
    """
    check_whole(lag, "lag", low=1)
    values = numbers_of(ys).values
    if len(values) <= lag:
        return None
    return _alike(centred(values, fsum([y - values[0] for y in values])).values, lag)


def residual_autocorrelation(xs: Sequence[float | None], ys: Sequence[float | None]) -> float | None:
    """Return the lag-1 autocorrelation of what least squares leave over, in order of x.

    None without scatter around the line (a share of 1e-20 of the scores' own), or without a line through 3
    points. It is rarely told from 0 below 20 points (Solanas et al. 2010).

    Raises:
        InvalidValue: ``lengths_differ``.
    """
    rest = residuals(xs, ys)
    return None if rest is None else _alike(rest, 1)


def durbin_watson(xs: Sequence[float | None], ys: Sequence[float | None]) -> float | None:
    """Return the sum of squared steps of the residuals over their sum of squares: 2 without autocorrelation.

    Raises:
        InvalidValue: ``lengths_differ``.
    """
    rest = residuals(xs, ys)
    if rest is None:
        return None
    steps = fsum([(after - before) ** 2 for before, after in pairwise(rest)])
    return steps / fsum([e * e for e in rest])


def residuals(xs: Sequence[float | None], ys: Sequence[float | None]) -> list[float] | None:
    """Return what least squares leave over, in order of x, scaled by a power of two; None without scatter.

    Raises:
        InvalidValue: ``lengths_differ``.
    """
    line = trend_line(xs, ys)
    if line.slope is None or not line.see:
        return None
    pairs = pairs_of(xs, ys)
    order = sorted(range(line.n), key=pairs.xs.__getitem__)
    across, along = [pairs.xs[i] for i in order], [pairs.ys[i] for i in order]
    us = centred(across, fsum([x - across[0] for x in across]))
    vs = centred(along, fsum([y - along[0] for y in along]))
    slope = fsum([u * v for u, v in zip(us.values, vs.values, strict=True)]) / fsum(
        [u * u for u in us.values]
    )
    return [v - slope * u for u, v in zip(us.values, vs.values, strict=True)]


def _alike(centred_values: list[float], lag: int) -> float | None:
    whole = fsum([e * e for e in centred_values])
    if not whole:
        return None
    return fsum([a * b for a, b in zip(centred_values, centred_values[lag:], strict=False)]) / whole


@lru_cache(maxsize=64)
def _inversion_shares(n: int) -> tuple[float, ...]:
    """The share of the orders of n different numbers that have 0, 1, 2, ... falling pairs."""
    counts = [1]
    for size in range(2, n + 1):
        longer = [0] * (size * (size - 1) // 2 + 1)
        for falling, count in enumerate(counts):
            for more in range(size):
                longer[falling + more] += count
        counts = longer
    total = sum(counts)
    return tuple(count / total for count in counts)
