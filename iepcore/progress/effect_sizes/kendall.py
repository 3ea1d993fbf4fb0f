"""Kendall's S of one phase against time: how many pairs rise less how many fall, and how sure that is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import sqrt
from operator import sub
from typing import Literal

from iepcore.progress.distributions import normal_cdf
from iepcore.progress.slope_medians import tie_groups

PretestForm = Literal["exact", "continuity", "normal"]


def rising_less_falling(scores: Sequence[float]) -> int:
    """Return S: the sum of sign(later - earlier) over all pairs, in the order given."""
    seen: list[float] = []
    balance = 0
    for count, score in enumerate(scores):
        reached = bisect_right(seen, score)
        balance += bisect_left(seen, score) + reached - count
        seen.insert(reached, score)
    return balance


def tied_pairs(ordered: Sequence[float], tolerance: float = 0.0) -> int:
    """Return how many pairs of an ordered sequence lie within ``tolerance`` of each other."""
    if min(map(sub, ordered[1:], ordered), default=tolerance + 1) > tolerance:
        return 0
    pairs = first = 0
    for index, score in enumerate(ordered):
        while score - ordered[first] > tolerance:
            first += 1
        pairs += index - first
    return pairs


def balance_over_time(times: Sequence[float], scores: Sequence[float]) -> int:
    """Return S with sessions: pairs of the same session count nothing."""
    order = sorted(zip(times, scores, strict=True))
    balance = rising_less_falling([score for _, score in order])
    # Within one session sorting made every pair rise; take those back.
    for time, size in tie_groups(times):
        if size > 1:
            same = [score for when, score in order if when == time]
            balance -= size * (size - 1) // 2 - tied_pairs(same)
    return balance


def trend_p(times: Sequence[float], scores: Sequence[float], form: PretestForm) -> float | None:
    """Return the two-sided p of Kendall's test of scores against time; None when the scores or times all tie.

    ``exact`` counts the orders (scores and sessions without ties, up to 50) and else falls back to
    ``continuity``, the normal distribution with |S| - 1; ``normal`` goes without the correction.
    """
    n = len(scores)
    balance = balance_over_time(times, scores)
    variance = _variance(n, _sizes(times), _sizes(scores))
    if variance <= 0:
        return None
    if form == "exact" and len(set(times)) == n:
        # Here and not above: who asks for no test does not load the trend lines.
        from iepcore.progress.tendencies import mann_kendall

        exact = mann_kendall([score for _, score in sorted(zip(times, scores, strict=True))]).p_exact
        if exact is not None:
            return exact
    distance = abs(balance) if form == "normal" else max(0, abs(balance) - 1)
    return 2 * normal_cdf(-distance / sqrt(variance))


def _sizes(values: Sequence[float]) -> list[int]:
    return [size for _, size in tie_groups(values) if size > 1]


def _variance(n: int, x_ties: list[int], y_ties: list[int]) -> float:
    """Variance of S of two or more pairs when both variables may tie (Kendall 1970)."""

    def spread(size: int) -> int:
        return size * (size - 1) * (2 * size + 5)

    def pairs(ties: list[int]) -> int:
        return sum(size * (size - 1) for size in ties)

    def triples(ties: list[int]) -> int:
        return sum(size * (size - 1) * (size - 2) for size in ties)

    whole = (spread(n) - sum(map(spread, x_ties)) - sum(map(spread, y_ties))) / 18
    both = pairs(x_ties) * pairs(y_ties) / (2 * n * (n - 1))
    if n == 2:
        return whole + both
    return whole + both + triples(x_ties) * triples(y_ties) / (9 * n * (n - 1) * (n - 2))
