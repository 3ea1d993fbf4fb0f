"""Effect sizes by order alone: how far the points of the intervention lie beyond those of the baseline.

Definitions, edge rules and sources: progress science, section 8. They are unchanged by any transformation
that keeps the order of the scores, and say nothing about autocorrelation or the length of a phase.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from iepcore.progress.comparison import Direction
from iepcore.progress.effect_sizes.results import EffectSize, check_choice, phases, z_of
from iepcore.progress.series import median_of

Scores = Sequence[float | None]
StandardError = Literal["unbiased", "hanley", "null"]
PemTies = Literal["half", "strict"]

STEP = 1e-15
NEWTON_STEP = 1e-9
MOST_STEPS = 200


def nap(
    baseline: Scores,
    intervention: Scores,
    *,
    direction: Direction | str = "increase",
    se: StandardError = "unbiased",
    confidence: float = 0.95,
) -> EffectSize:
    """Return the non-overlap of all pairs (Parker & Vannest 2009), 0 to 1: the share of pairs that improved.

    A tied pair counts one half. ``se="unbiased"`` needs two points in each phase (else its reason is
    ``one_point_phase``), ``"hanley"`` and ``"null"`` one. The interval is Newcombe's (2006) method 5.

    Raises:
        InvalidValue: ``unknown_direction``, ``unknown_variant`` or ``probability_out_of_range``; never for
            the scores themselves.
    """
    return _pairs(baseline, intervention, direction, se, confidence, 1.0, 0.0)


def tau(
    baseline: Scores,
    intervention: Scores,
    *,
    direction: Direction | str = "increase",
    se: StandardError = "unbiased",
    confidence: float = 0.95,
) -> EffectSize:
    """Return Tau (A against B), -1 to 1: pairs that improved less pairs that got worse, of all pairs.

    It is 2 NAP - 1, with twice the standard error and the interval stretched alike.

    Raises:
        InvalidValue: as ``nap``.
    """
    return _pairs(baseline, intervention, direction, se, confidence, 2.0, -1.0)


def pnd(baseline: Scores, intervention: Scores, *, direction: Direction | str = "increase") -> EffectSize:
    """Return the share of intervention points beyond every baseline point, 0 to 1.

    One extreme baseline point makes it 0, and so does a baseline that touches the ceiling.

    Raises:
        InvalidValue: ``unknown_direction``.
    """
    data = phases(baseline, intervention, direction)
    if data.problem:
        return data.undefined("share_beyond_all", data.problem)
    a, b = data.oriented
    best = max(a)
    return data.answer("share_beyond_all", sum(score > best for score in b) / len(b))


def pem(
    baseline: Scores,
    intervention: Scores,
    *,
    direction: Direction | str = "increase",
    ties: PemTies = "half",
) -> EffectSize:
    """Return the share of intervention points beyond the baseline median, 0 to 1.

    A point exactly at the median counts one half, or nothing with ``ties="strict"``.

    Raises:
        InvalidValue: ``unknown_direction`` or ``unknown_variant``.
    """
    check_choice(ties, ("half", "strict"), "ties")
    data = phases(baseline, intervention, direction)
    variant = f"ties_{ties}"
    if data.problem:
        return data.undefined(variant, data.problem)
    a, b = data.oriented
    middle = median_of(a)
    assert middle is not None  # there is at least one score
    beyond = sum(score > middle for score in b)
    equal = b.count(middle) if ties == "half" else 0
    return data.answer(variant, (2 * beyond + equal) / (2 * len(b)))


def pand(baseline: Scores, intervention: Scores, *, direction: Direction | str = "increase") -> EffectSize:
    """Return the largest share of all points that can stay so that no point overlaps, 0 to 1.

    The lowest baseline points and the highest intervention points are kept, strictly apart. It cannot fall
    below max(n_a, n_b) / (n_a + n_b).

    Raises:
        InvalidValue: ``unknown_direction``.
    """
    data = phases(baseline, intervention, direction)
    if data.problem:
        return data.undefined("most_points_apart", data.problem)
    kept = kept_apart(*data.oriented)
    return data.answer("most_points_apart", kept / (len(data.a) + len(data.b)))


def ird(baseline: Scores, intervention: Scores, *, direction: Direction | str = "increase") -> EffectSize:
    """Return the robust improvement rate difference, at most 1: PAND freed of the lengths of the phases.

    1 - (m+n)^2 / (2mn) (1 - PAND). With unequal phases it cannot fall to 0: with 3 and 20 points its floor
    is .425. For one case; do not pool.

    Raises:
        InvalidValue: ``unknown_direction``.
    """
    data = phases(baseline, intervention, direction)
    if data.problem:
        return data.undefined("robust", data.problem)
    m, n = len(data.a), len(data.b)
    removed = m + n - kept_apart(*data.oriented)
    return data.answer("robust", (2 * m * n - (m + n) * removed) / (2 * m * n))


def kept_apart(a: list[float], b: list[float]) -> int:
    """Return how many points can stay when the highest of ``a`` must lie below the lowest of ``b``."""
    low, high = sorted(a), sorted(b)
    n = len(high)
    most = max(n, len(low))
    for kept, score in enumerate(low, start=1):
        most = max(most, kept + n - bisect_right(high, score))
    return most


@dataclass(frozen=True, slots=True)
class Dominance:
    """All pairs of two phases, counted in whole numbers: a won pair 2, a tied pair 1.

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

    @property
    def ties(self) -> int:
        """How many pairs are tied: each squares to 1, and each pair won to 4 while it sums to 2."""
        return 2 * self.total - self.squares

    def error(self, kind: StandardError) -> float | None:
        """Return the standard error of NAP; None for the unbiased one with a phase of one point."""
        m, n, total = self.m, self.n, self.total
        pairs = m * n
        if kind == "null":
            return sqrt((m + n + 1) / (12 * pairs))
        scale = 4 * pairs * pairs
        q1 = (m * self.squares_a - total * total) / scale
        q2 = (n * self.squares_b - total * total) / scale
        clipped = min(max(self.nap, 1 / (2 * pairs)), 1 - 1 / (2 * pairs))
        spread = clipped * (1 - clipped)
        if kind == "hanley":
            return sqrt((spread + (n - 1) * q1 + (m - 1) * q2) / pairs)
        if m == 1 or n == 1:
            return None
        q3 = (pairs * self.squares - total * total) / scale
        return sqrt(max(0.0, spread + n * q1 + m * q2 - 2 * q3) / ((m - 1) * (n - 1)))


def balance_of(a: list[float], b: list[float], tolerance: float = 0.0) -> int:
    """Return the pairs that rose less the pairs that fell; scores within ``tolerance`` are tied."""
    low = sorted(a)
    if not tolerance:
        return sum([bisect_left(low, score) + bisect_right(low, score) for score in b]) - len(a) * len(b)
    sums = [bisect_left(low, score - tolerance) + bisect_right(low, score + tolerance) for score in b]
    return sum(sums) - len(a) * len(b)


def dominance(a: list[float], b: list[float], tolerance: float = 0.0) -> Dominance:
    """Count the pairs of two phases; scores within ``tolerance`` of each other are tied."""
    low, high = sorted(a), sorted(b)
    m, n = len(low), len(high)
    total = squares_b = squares = squares_a = 0
    for score in high:
        won = bisect_left(low, score - tolerance)
        reached = bisect_right(low, score + tolerance)
        own = won + reached
        total += own
        squares_b += own * own
        squares += 3 * won + reached
    for score in low:
        own = 2 * n - bisect_left(high, score - tolerance) - bisect_right(high, score + tolerance)
        squares_a += own * own
    return Dominance(m, n, total, squares_a, squares_b, squares)


def newcombe_interval(share: float, m: int, n: int, z: float) -> tuple[float, float]:
    """Return Newcombe's (2006) method 5 interval of NAP.

    With complete separation the outer limit is 1 (or 0) and the inner one the root that is left when the
    trivial one is divided out; a plain root finder collapses both (progress science, defects, 1).
    """
    return _lower_limit(share, m, n, z), 1 - _lower_limit(1 - share, m, n, z)


def _lower_limit(share: float, m: int, n: int, z: float) -> float:
    if share <= 0:
        return 0.0
    curve = _curve(share, m * n, z * z, (m + n) / 2 - 1)
    low, high = 0.0, share
    # Wilson's limit for as many points as have the same error at one half lies near by.
    weight = z * z * (m + n + 1) / (3 * m * n)
    guess = (share + weight / 2 - sqrt(weight * (share * (1 - share) + weight / 4))) / (1 + weight)
    for _ in range(MOST_STEPS):
        value, slope = curve(guess)
        # The curve falls from above 0 at 0 to below 0 at the share: Newton's step, kept in the bracket.
        low, high = (guess, high) if value > 0 else (low, guess)
        following = guess - value / slope if slope < 0 else low
        # Newton's step doubles the digits: after a small one nothing is left to find.
        enough = NEWTON_STEP
        if not low < following < high:
            following, enough = (low + high) / 2, STEP
        if abs(following - guess) <= enough:
            return following
        guess = following
    return guess  # pragma: no cover - the bracket halves at the latest


def _curve(share: float, pairs: int, z2: float, h: float) -> Callable[[float], tuple[float, float]]:
    """Return the function whose root is the lower limit, with its slope; at 1 the factor (1-t) is out."""
    steep, flat = z2 * (1 + 2 * h), z2 * (2 + h)

    def inside(t: float) -> tuple[float, float]:
        q, bend, gap = t * (1 - t), 1 - 2 * t, share - t
        value = pairs * gap * gap * (2 + q) - q * (flat + steep * q)
        return value, pairs * gap * (gap * bend - 2 * (2 + q)) - bend * (flat + 2 * steep * q)

    def separated(t: float) -> tuple[float, float]:
        q, bend, gap = t * (1 - t), 1 - 2 * t, 1 - t
        value = pairs * gap * (2 + q) - t * (flat + steep * q)
        return value, pairs * (gap * bend - 2 - q) - flat - steep * (q + t * bend)

    return separated if share >= 1 else inside


def _pairs(
    baseline: Scores,
    intervention: Scores,
    direction: Direction | str,
    se: StandardError,
    confidence: float,
    stretch: float,
    shift: float,
) -> EffectSize:
    """NAP on the scale asked for: ``stretch`` and ``shift`` make Tau of it."""
    check_choice(se, ("unbiased", "hanley", "null"), "se")
    z = z_of(confidence)
    data = phases(baseline, intervention, direction)
    variant = f"se_{se}"
    if data.problem:
        return data.undefined(variant, data.problem)
    counts = dominance(*data.oriented)
    error = counts.error(se)
    low, high = newcombe_interval(counts.nap, counts.m, counts.n, z)
    return data.answer(
        variant,
        # From the whole numbers, so that the mirror image is exactly the mirror value.
        (stretch * counts.total + shift * 2 * counts.m * counts.n) / (2 * counts.m * counts.n),
        None if error is None else stretch * error,
        (stretch * low + shift, stretch * high + shift),
        "one_point_phase" if error is None else None,
    )
