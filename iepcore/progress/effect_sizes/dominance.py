"""All pairs of two phases counted in whole numbers, and the error and the interval of NAP that follow.

Definitions: progress science, section 8. Everything here takes scores in order, lowest first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import repeat
from math import sqrt
from operator import add, mul
from typing import Literal, NamedTuple

StandardError = Literal["unbiased", "hanley", "null"]

NEWTON_STEP = 1e-9
MOST_STEPS = 100


class Dominance(NamedTuple):
    """All pairs of two phases, counted: a won pair 2, a tied pair 1.

    ``total`` sums the pairs; ``squares_a`` and ``squares_b`` the squares of each point's own sum,
    ``squares`` those of each pair.
    """

    m: int
    n: int
    total: int
    squares_a: int
    squares_b: int
    squares: int

    @property
    def nap(self) -> float:
        """The share of pairs won, a tie one half."""
        return self.total / (2 * self.m * self.n)

    def error(self, kind: StandardError) -> float | None:
        """Return the standard error of NAP; None for the unbiased one with a phase of one point."""
        m, n, total, squares_a, squares_b, squares = self
        pairs = m * n
        if kind == "null":
            return sqrt((m + n + 1) / (12 * pairs))
        scale = 4 * pairs * pairs
        q1 = (m * squares_a - total * total) / scale
        q2 = (n * squares_b - total * total) / scale
        clipped = min(max(total / (2 * pairs), 1 / (2 * pairs)), 1 - 1 / (2 * pairs))
        spread = clipped * (1 - clipped)
        if kind == "hanley":
            return sqrt((spread + (n - 1) * q1 + (m - 1) * q2) / pairs)
        if m == 1 or n == 1:
            return None
        q3 = (pairs * squares - total * total) / scale
        return sqrt(max(0.0, spread + n * q1 + m * q2 - 2 * q3) / ((m - 1) * (n - 1)))


def dominance(low: list[float], high: list[float], tolerance: float = 0.0) -> Dominance:
    """Count the pairs of baseline ``low`` and intervention ``high``, both in order.

    Scores within ``tolerance`` of each other are tied.
    """
    won, reached = _places(low, high, tolerance)
    fallen, met = _places(high, low, tolerance)
    n = len(high)
    of_a, of_b = [2 * n - lost for lost in map(add, fallen, met)], [*map(add, won, reached)]
    total = sum(of_b)
    # A won pair squares to 4 and counts 2, a tied one to 1 and 1.
    squares = total + 2 * sum(won)
    return Dominance(len(low), n, total, sum(map(mul, of_a, of_a)), sum(map(mul, of_b, of_b)), squares)


def balance_of(low: list[float], scores: list[float], tolerance: float = 0.0) -> int:
    """Return the pairs that rose from the ordered ``low`` to ``scores`` less the pairs that fell."""
    won, reached = _places(low, scores, tolerance)
    return sum(won) + sum(reached) - len(low) * len(scores)


def tied_between(low: list[float], scores: list[float]) -> int:
    """Return how many pairs of the ordered ``low`` and ``scores`` are equal."""
    won, reached = _places(low, scores, 0.0)
    return sum(reached) - sum(won)


def _places(ordered: list[float], scores: list[float], tolerance: float) -> tuple[list[int], list[int]]:
    """For each score: how many of the ordered ones lie below it, and how many do not lie above it."""
    lower = upper = scores
    if tolerance:
        lower, upper = [score - tolerance for score in scores], [score + tolerance for score in scores]
    return [*map(bisect_left, repeat(ordered), lower)], [*map(bisect_right, repeat(ordered), upper)]


def newcombe_interval(share: float, m: int, n: int, z: float) -> tuple[float, float]:
    """Return Newcombe's (2006) method 5 interval of NAP.

    With complete separation the outer limit is 1 (or 0) and the inner one the root that is left when the
    trivial one is divided out; a plain root finder collapses both (progress science, defects, 1).
    """
    return _lower_limit(share, m, n, z), 1 - _lower_limit(1 - share, m, n, z)


def _lower_limit(share: float, m: int, n: int, z: float) -> float:
    if share <= 0:
        return 0.0
    # Wilson's limit for as many points as have the same error at one half lies near by.
    pairs, z2 = m * n, z * z
    weight = z2 * (m + n + 1) / (3 * pairs)
    guess = (share + weight / 2 - sqrt(weight * (share * (1 - share) + weight / 4))) / (1 + weight)
    steep, flat, is_separated = z2 * (m + n - 1), z2 * ((m + n) / 2 + 1), share >= 1
    for _ in range(MOST_STEPS):  # pragma: no branch - four steps are usual, five the most seen
        q, bend, gap = guess * (1 - guess), 1 - 2 * guess, share - guess
        rest = flat + steep * q
        if is_separated:  # the factor 1 - t is out
            value = pairs * gap * (2 + q) - guess * rest
            slope = pairs * (gap * bend - 2 - q) - rest - steep * guess * bend
        else:
            value = pairs * gap * gap * (2 + q) - q * rest
            slope = pairs * gap * (gap * bend - 2 * (2 + q)) - bend * (rest + steep * q)
        # The curve falls from above 0 at 0 to below 0 at the share; where it is flat nothing is left.
        step = value / slope if slope < 0 else 0.0
        guess -= step
        # Newton's step doubles the digits: after a small one nothing is left to find.
        if abs(step) <= NEWTON_STEP:
            break
    return min(max(guess, 0.0), share)
