"""Effect sizes of how much, not only of how often: in standard deviations, and against the goal.

Definitions, edge rules and sources: progress science, section 8. All assume independent observations.
"""

from __future__ import annotations

from math import sqrt
from typing import Literal

from iepcore.progress.checks import check_number
from iepcore.progress.comparison import Direction
from iepcore.progress.effect_sizes.moments import plain_moments, within_reach
from iepcore.progress.effect_sizes.phases import Phases, phases
from iepcore.progress.effect_sizes.results import INSUFFICIENT, EffectSize, Scores, check_choice, z_of

SmdScale = Literal["baseline", "pooled"]


def smd(
    baseline: Scores,
    intervention: Scores,
    *,
    direction: Direction | str = "increase",
    scale: SmdScale = "baseline",
    bias_correct: bool = True,
    confidence: float = 0.95,
) -> EffectSize:
    """Return the within-case standardised mean difference, in standard deviations.

    ``scale="baseline"`` divides by the baseline's deviation (Glass; at least 3 baseline points, 2 without
    the correction), ``"pooled"`` by both phases' (Hedges). ``bias_correct`` multiplies by 1 - 3/(4 df - 1).
    Equal scores have no deviation to divide by: ``no_spread``.

    Raises:
        InvalidValue: ``unknown_direction``, ``unknown_variant`` or ``probability_out_of_range``.
    """
    check_choice(scale, ("baseline", "pooled"), "scale")
    return smd_of(phases(baseline, intervention, direction), scale, bias_correct, z_of(confidence))


def pogo(
    baseline: Scores,
    intervention: Scores,
    *,
    goal: float,
    direction: Direction | str = "increase",
    confidence: float = 0.95,
) -> EffectSize:
    """Return the percent of goal obtained: 0 the baseline's mean, 100 the goal (Ferron et al. 2020).

    Without a value when the goal is the baseline's mean (``goal_at_baseline``) or lies on its wrong side
    (``goal_behind_baseline``). The standard error treats the way made and the way to go as independent, as
    the R package SingleCaseES does; it is wider than the delta method's.

    Raises:
        InvalidValue: ``unknown_direction``, ``not_a_number``, ``too_large`` for the goal,
            ``probability_out_of_range``.
    """
    aim = float(check_number(goal, "goal"))
    z = z_of(confidence)
    data = phases(baseline, intervention, direction)
    variant = "independent_error"
    if data.problem:
        return data.undefined(variant, data.problem)
    (a, b, [aim]), _ = within_reach(data.a, data.b, [aim])
    (mean_a, var_a), (mean_b, var_b) = plain_moments(a), plain_moments(b)
    way = aim - mean_a
    if way == 0:
        return data.undefined(variant, "goal_at_baseline")
    if way * data.direction.sign < 0:
        return data.undefined(variant, "goal_behind_baseline")
    share = (mean_b - mean_a) / way
    error: float | None = None
    if var_a is not None and var_b is not None:
        m, n = len(a), len(b)
        error = 100 * sqrt(var_a / m + var_b / n + share * share * (var_a / m)) / abs(way)
    return data.around(variant, 100 * share, error, z)


def smd_of(data: Phases, scale: SmdScale, bias_correct: bool, z: float) -> EffectSize:
    """SMD of one pair."""
    is_pooled = scale == "pooled"
    variant = f"{scale}:{'bias_corrected' if bias_correct else 'raw'}"
    m, n = len(data.a), len(data.b)
    df = m + n - 2 if is_pooled else m - 1
    if data.problem or df < (2 if bias_correct else 1):
        return data.undefined(variant, data.problem or INSUFFICIENT)
    (mean_a, var_a, factor_a), (mean_b, var_b, factor_b) = data.moments
    if factor_a != factor_b:
        # In one unit for both phases.
        (a, b), _ = within_reach(data.a, data.b)
        (mean_a, var_a), (mean_b, var_b) = plain_moments(a), plain_moments(b)
    unit = ((m - 1) * (var_a or 0.0) + (n - 1) * (var_b or 0.0)) / df if is_pooled else var_a
    if not unit:
        return data.undefined(variant, "no_spread")
    correction = 1 - 3 / (4 * df - 1) if bias_correct else 1.0
    value = correction * (data.direction.sign * (mean_b - mean_a) / sqrt(unit))
    if is_pooled:
        spread: float | None = 1 / m + 1 / n
    else:
        spread = None if var_b is None else 1 / m + var_b / (n * unit)
    error = None if spread is None else correction * sqrt(spread + value * value / (2 * df))
    return data.around(variant, value, error, z)
