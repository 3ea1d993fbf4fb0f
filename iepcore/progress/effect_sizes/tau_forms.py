"""Tau with the baseline's trend in mind: the Tau-U family, and Tau after the baseline's line is taken away.

Definitions and sources: progress science, section 8 (Parker et al. 2011; Tarlow 2017; Pustejovsky). Several
statistics go by the name Tau-U; the result always says which one it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, sqrt
from typing import Literal

from iepcore.progress.comparison import Direction
from iepcore.progress.effect_sizes.dominance import (
    balance_of,
    dominance,
    newcombe_interval,
    tied_between,
)
from iepcore.progress.effect_sizes.kendall import (
    PretestForm,
    rising_less_falling,
    tied_pairs,
    trend_p,
)
from iepcore.progress.effect_sizes.phases import Phases, phases
from iepcore.progress.effect_sizes.results import INSUFFICIENT, EffectSize, Scores, check_choice, z_of
from iepcore.progress.effect_sizes.timing import Timed, with_time
from iepcore.progress.pairing import check_share
from iepcore.progress.slope_medians import theil_sen_slope

TauUVariant = Literal["parker", "complete_tau_a", "complete_tau_b", "tarlow"]
TauUTerms = Literal[
    "A_vs_B", "A_vs_B_minus_trend_A", "A_vs_B_plus_trend_B", "A_vs_B_plus_trend_B_minus_trend_A"
]
TauBCForm = Literal["kendall", "nonoverlap"]
TimeScale = Literal["session", "index"]

VARIANTS = ("parker", "complete_tau_a", "complete_tau_b", "tarlow")
TERMS = ("A_vs_B", "A_vs_B_minus_trend_A", "A_vs_B_plus_trend_B", "A_vs_B_plus_trend_B_minus_trend_A")
FORMS = ("kendall", "nonoverlap")
PRETEST_FORMS = ("exact", "continuity", "normal")
TIME_SCALES = ("session", "index")
ROUNDINGS = 32 * 2.0**-52
# Section 1 says 1e-9, which makes ties of scores typed with eight decimals that exact arithmetic tells apart.
SPAN_SHARE = 1e-12


def tau_u(
    baseline: Scores,
    intervention: Scores,
    *,
    direction: Direction | str = "increase",
    variant: TauUVariant = "parker",
    terms: TauUTerms = "A_vs_B_minus_trend_A",
) -> EffectSize:
    """Return a Tau-U: pairs between the phases, corrected by trends inside them. It has no standard error.

    ``terms`` says which trends enter. ``variant`` says what the sum is divided by: ``parker`` the m n pairs
    between the phases (plus the pairs inside B once trend B enters; may leave -1 to 1), ``complete_tau_a``
    and ``tarlow`` every pair compared, ``complete_tau_b`` the same freed of ties. The baseline's own trend
    counts by the order of its points.

    Raises:
        InvalidValue: ``unknown_direction`` or ``unknown_variant``.
    """
    check_choice(variant, VARIANTS, "variant")
    check_choice(terms, TERMS, "terms")
    return tau_u_of(phases(baseline, intervention, direction), variant, terms)


def tau_bc(
    baseline: Scores,
    intervention: Scores,
    *,
    direction: Direction | str = "increase",
    form: TauBCForm = "kendall",
    pretest: float | bool = False,
    pretest_form: PretestForm = "exact",
    time: TimeScale = "session",
    baseline_sessions: Sequence[float | None] | None = None,
    intervention_sessions: Sequence[float | None] | None = None,
    confidence: float = 0.95,
) -> EffectSize:
    """Return baseline-corrected Tau: Tau of what is left when the baseline's Theil-Sen line is taken away.

    ``form="kendall"`` is Tarlow's (2017) tau-b with his standard error sqrt(2 (1 - tau^2) / (m + n)) and an
    interval that may pass 1; ``"nonoverlap"`` is Pustejovsky's, on the scale of ``tau`` with its error and
    interval. Both need two baseline points of different sessions; the slope of two is two scores and no more.

    ``pretest=0.05`` (or True) corrects only when Kendall's test finds a baseline trend at that level, and
    else leaves the scores as they are; ``pretest_form`` is the test (``exact``, ``continuity``, ``normal``).

    ``time="session"`` uses the session numbers given, ``"index"`` the order of the points alone. Without
    session numbers the points that have a score are numbered 1, 2, 3 and on.

    Residuals are tied when they differ by no more than rounding, so that an exact line leaves exact ties.

    Raises:
        InvalidValue: ``unknown_direction``, ``unknown_variant``, ``probability_out_of_range``,
            ``lengths_differ`` when a phase has not one session number per score.
    """
    check_choice(form, FORMS, "form")
    check_choice(pretest_form, PRETEST_FORMS, "pretest_form")
    check_choice(time, TIME_SCALES, "time")
    level = level_of(pretest)
    z = z_of(confidence)
    sessions = (baseline_sessions, intervention_sessions)
    timed = with_time(baseline, intervention, sessions, direction, by_index=time == "index")
    return tau_bc_of(timed, form, level, pretest_form, z)


def tau_u_of(data: Phases, variant: TauUVariant, terms: TauUTerms) -> EffectSize:
    """One of the Tau-U of one pair."""
    name = f"{variant}:{terms}"
    if data.problem:
        return data.undefined(name, data.problem)
    low, high = data.ordered
    m, n = len(low), len(high)
    balance = data.balance
    pairs = m * n
    if terms.endswith("minus_trend_A"):
        balance -= rising_less_falling(data.up_a)
        pairs += m * (m - 1) // 2 if variant != "parker" or "trend_B" in terms else 0
    if "plus_trend_B" in terms:
        balance += rising_less_falling(data.up_b)
        pairs += n * (n - 1) // 2
    if variant != "complete_tau_b":
        return data.answer(name, balance / pairs)
    if terms == "A_vs_B":
        # A pair tied between the phases counts one half here, as the R package scan has it.
        return data.answer(name, balance / (pairs - tied_between(low, high) / 2))
    untied = (m + n) * (m + n - 1) // 2 - tied_pairs(sorted(low + high))
    if not untied:
        return data.undefined(name, "no_spread")
    return data.answer(name, balance / sqrt(pairs * untied))


def tau_bc_of(
    timed: Timed, form: TauBCForm, level: float | None, pretest_form: PretestForm, z: float
) -> EffectSize:
    """Baseline-corrected Tau of one pair; corrected without asking when ``level`` is None."""
    data, xa, xb = timed
    if data.problem or len(xa) < 2:
        return data.undefined(form, data.problem or INSUFFICIENT)
    a, b = data.up_a, data.up_b
    if level is not None:
        p = trend_p(xa, a, pretest_form)
        if p is None or p >= level:
            return _tau_of(data, f"{form}:uncorrected", *data.ordered, 0.0, form, z)
    name = f"{form}:corrected"
    first = xa[0]
    if first:
        # Counted from the first session, so that a calendar's large numbers cost no digits.
        xa, xb = [x - first for x in xa], [x - first for x in xb]
    if min(xa) == max(xa):
        return data.undefined(name, "no_spread")
    slope = theil_sen_slope(xa, a)
    tolerance = _tolerance(xa + xb, a + b, slope)
    if not isfinite(tolerance):
        return data.undefined(name, "not_computable")
    low = sorted([y - slope * x for x, y in zip(xa, a, strict=True)])
    high = sorted([y - slope * x for x, y in zip(xb, b, strict=True)])
    return _tau_of(data, name, low, high, tolerance, form, z)


def _tau_of(
    data: Phases, name: str, low: list[float], high: list[float], tolerance: float, form: TauBCForm, z: float
) -> EffectSize:
    """Tau of the residuals of A and B, each in order, in one of its two forms."""
    m, n = len(low), len(high)
    if form == "nonoverlap":
        counts = dominance(low, high, tolerance)
        error = counts.error("unbiased")
        lower, upper = newcombe_interval(counts.nap, m, n, z)
        return data.answer(
            name,
            (counts.total - m * n) / (m * n),
            None if error is None else 2 * error,
            (2 * lower - 1, 2 * upper - 1),
            "one_point_phase" if error is None else None,
        )
    balance = balance_of(low, high, tolerance)
    untied = (m + n) * (m + n - 1) // 2 - tied_pairs(sorted(low + high), tolerance)
    value = balance / sqrt(m * n * untied) if untied and balance else 0.0
    error = sqrt(max(0.0, 2 * (1 - value * value) / (m + n)))
    return data.answer(name, value, error, (value - z * error, value + z * error))


def level_of(pretest: float | bool) -> float | None:
    """Return the level of the test of the baseline; None when the baseline is not tested.

    Raises:
        InvalidValue: ``probability_out_of_range``.
    """
    if isinstance(pretest, bool):
        return 0.05 if pretest else None
    return check_share(pretest, "pretest")


def _tolerance(times: list[float], scores: list[float], slope: float) -> float:
    """How far two residuals may lie apart and still be one number but for rounding (section 1)."""
    largest, smallest = max(scores), min(scores)
    furthest = max(max(times), -min(times))
    # The slope first: nothing is larger than what is not a number.
    size = max(abs(slope) * furthest, largest, -smallest)
    return max(SPAN_SHARE * (largest - smallest), ROUNDINGS * size)
