"""Effect sizes by order alone: how far the points of the intervention lie beyond those of the baseline.

Definitions, edge rules and sources: progress science, section 8. They are unchanged by any transformation
that keeps the order of the scores, and say nothing about autocorrelation or the length of a phase.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import repeat
from typing import Literal

from iepcore.progress.comparison import Direction
from iepcore.progress.effect_sizes.dominance import StandardError, newcombe_interval
from iepcore.progress.effect_sizes.phases import Phases, phases
from iepcore.progress.effect_sizes.results import EffectSize, Scores, check_choice, z_of

PemTies = Literal["half", "strict"]
STANDARD_ERRORS = ("unbiased", "hanley", "null")


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
    check_choice(se, STANDARD_ERRORS, "se")
    return nap_of(phases(baseline, intervention, direction), se, z_of(confidence))


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
    check_choice(se, STANDARD_ERRORS, "se")
    return nap_of(phases(baseline, intervention, direction), se, z_of(confidence), 2.0, -1.0)


def pnd(baseline: Scores, intervention: Scores, *, direction: Direction | str = "increase") -> EffectSize:
    """Return the share of intervention points beyond every baseline point, 0 to 1.

    One extreme baseline point makes it 0, and so does a baseline that touches the ceiling.

    Raises:
        InvalidValue: ``unknown_direction``.
    """
    return pnd_of(phases(baseline, intervention, direction))


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
    return pem_of(phases(baseline, intervention, direction), ties)


def pand(baseline: Scores, intervention: Scores, *, direction: Direction | str = "increase") -> EffectSize:
    """Return the largest share of all points that can stay so that no point overlaps, 0 to 1.

    The lowest baseline points and the highest intervention points are kept, strictly apart. It cannot fall
    below max(n_a, n_b) / (n_a + n_b).

    Raises:
        InvalidValue: ``unknown_direction``.
    """
    return pand_of(phases(baseline, intervention, direction))


def ird(baseline: Scores, intervention: Scores, *, direction: Direction | str = "increase") -> EffectSize:
    """Return the robust improvement rate difference, at most 1: PAND freed of the lengths of the phases.

    1 - (m+n)^2 / (2mn) (1 - PAND). With unequal phases it cannot fall to 0: with 3 and 20 points its floor
    is .425. For one case; do not pool.

    Raises:
        InvalidValue: ``unknown_direction``.
    """
    return ird_of(phases(baseline, intervention, direction))


def nap_of(data: Phases, se: StandardError, z: float, stretch: float = 1.0, shift: float = 0.0) -> EffectSize:
    """NAP on the scale asked for: ``stretch`` and ``shift`` make Tau of it."""
    variant = f"se_{se}"
    if data.problem:
        return data.undefined(variant, data.problem)
    counts = data.counts
    error = counts.error(se)
    low, high = newcombe_interval(counts.nap, counts.m, counts.n, z)
    doubled = 2 * counts.m * counts.n
    return data.answer(
        variant,
        # From the whole numbers, so that the mirror image is exactly the mirror value.
        (stretch * counts.total + shift * doubled) / doubled,
        None if error is None else stretch * error,
        (stretch * low + shift, stretch * high + shift),
        "one_point_phase" if error is None else None,
    )


def pnd_of(data: Phases) -> EffectSize:
    """PND of one pair."""
    if data.problem:
        return data.undefined("share_beyond_all", data.problem)
    low, high = data.ordered
    n = len(high)
    return data.answer("share_beyond_all", (n - bisect_right(high, low[-1])) / n)


def pem_of(data: Phases, ties: PemTies) -> EffectSize:
    """PEM of one pair."""
    variant = f"ties_{ties}"
    if data.problem:
        return data.undefined(variant, data.problem)
    low, high = data.ordered
    half, n = len(low) // 2, len(high)
    middle = low[half] if len(low) % 2 else (low[half - 1] + low[half]) / 2
    reached = bisect_right(high, middle)
    equal = reached - bisect_left(high, middle) if ties == "half" else 0
    return data.answer(variant, (2 * (n - reached) + equal) / (2 * n))


def pand_of(data: Phases) -> EffectSize:
    """PAND of one pair."""
    if data.problem:
        return data.undefined("most_points_apart", data.problem)
    low, high = data.ordered
    return data.answer("most_points_apart", kept_apart(low, high) / (len(low) + len(high)))


def ird_of(data: Phases) -> EffectSize:
    """The robust IRD of one pair."""
    if data.problem:
        return data.undefined("robust", data.problem)
    low, high = data.ordered
    m, n = len(low), len(high)
    removed = m + n - kept_apart(low, high)
    return data.answer("robust", (2 * m * n - (m + n) * removed) / (2 * m * n))


def kept_apart(low: list[float], high: list[float]) -> int:
    """Return how many points can stay when the highest of A must lie below the lowest of B; both in order."""
    reached = map(bisect_right, repeat(high), low)
    lead = max([kept - beyond for kept, beyond in enumerate(reached, start=1)])
    return max(len(low), len(high), len(high) + lead)
