"""Standardised mean differences and log response ratios of many series at once."""

from __future__ import annotations

import numpy as np

from iepcore.progress.batch.arrays import Bools, Floats, Ints
from iepcore.progress.batch.indices import Answer, BatchResult, Index, Words, compute
from iepcore.progress.batch.moments import Moments, moments
from iepcore.progress.batch.pairs import Block, PhasePairs
from iepcore.progress.effect_sizes import magnitudes, ratios
from iepcore.progress.effect_sizes.magnitudes import SmdScale
from iepcore.progress.effect_sizes.ratios import CEILING, RatioScale, resolution, variant_of
from iepcore.progress.effect_sizes.results import check_choice, z_of


def smd(
    pairs: PhasePairs, *, scale: SmdScale = "baseline", bias_correct: bool = True, confidence: float = 0.95
) -> BatchResult:
    """Return the standardised mean difference of every series, as ``iepcore.progress.smd`` does of one.

    Raises:
        InvalidValue: ``unknown_variant`` or ``probability_out_of_range``.
    """
    return compute(pairs, smd_index(scale, bias_correct, confidence))[0]


def lrr_increase(
    pairs: PhasePairs,
    *,
    scale: RatioScale = "other",
    intervals: float | None = None,
    observation_length: float | None = None,
    bias_correct: bool = True,
    confidence: float = 0.95,
) -> BatchResult:
    """Return the log response ratio (LRRi) of every series; one scale for all of them.

    Raises:
        InvalidValue: as ``iepcore.progress.lrr_increase``.
    """
    index = log_ratio_index(True, scale, intervals, observation_length, bias_correct, confidence)
    return compute(pairs, index)[0]


def lrr_decrease(
    pairs: PhasePairs,
    *,
    scale: RatioScale = "other",
    intervals: float | None = None,
    observation_length: float | None = None,
    bias_correct: bool = True,
    confidence: float = 0.95,
) -> BatchResult:
    """Return the log response ratio (LRRd) of every series; below 0 is improvement.

    Raises:
        InvalidValue: as ``iepcore.progress.lrr_decrease``.
    """
    index = log_ratio_index(False, scale, intervals, observation_length, bias_correct, confidence)
    return compute(pairs, index)[0]


def smd_index(scale: SmdScale, bias_correct: bool, confidence: float) -> Index:
    """SMD on one of its scales."""
    check_choice(scale, ("baseline", "pooled"), "scale")
    z = z_of(confidence)
    is_pooled = scale == "pooled"

    def kernel(block: Block) -> Answer:
        m, n = block.m, block.n
        a, b = block.moments
        df = m + n - 2 if is_pooled else m - 1
        few = df < (2 if bias_correct else 1)
        if is_pooled:
            unit = (a.squares + b.squares) / np.maximum(df, 1)
            spread = 1 / m + 1 / n
        else:
            unit = a.variance
            spread = 1 / m + b.variance / (n * np.where(unit > 0, unit, np.nan))
        unit = np.where(few | (unit == 0), np.nan, unit)
        correction = 1 - 3 / (4 * np.maximum(df, 1) - 1) if bias_correct else 1.0
        value = correction * ((b.mean - a.mean) / np.sqrt(unit))
        error = correction * np.sqrt(spread + value * value / (2 * np.maximum(df, 1)))
        reason = _reasons(value, error, few, "no_spread")
        return Answer(value, error, (value - z * error, value + z * error), reason)

    settings = {"scale": scale, "bias_correct": bias_correct, "confidence": confidence}
    return Index(variant_of(scale, bias_correct), kernel, magnitudes.smd, settings)


def log_ratio_index(
    wants_more: bool,
    scale: RatioScale,
    intervals: float | None,
    observation_length: float | None,
    bias_correct: bool,
    confidence: float,
) -> Index:
    """The log response ratio for something to increase, or to decrease."""
    floor = resolution(scale, intervals, observation_length)
    z = z_of(confidence)

    def kernel(block: Block) -> Answer:
        wish = block.sign if wants_more else -block.sign
        if scale in CEILING:
            flip = np.where(wish < 0, -block.sign, block.sign)
            shift = np.where(wish < 0, CEILING[scale], 0.0)
            a, b = moments(shift + block.a * flip, block.m), moments(shift + block.b * flip, block.n)
            wish = np.ones_like(wish)
        else:
            a, b = (Moments(each.mean * block.sign, each.squares, each.variance) for each in block.moments)
        level_a, bias_a, var_a = _level(a, block.m, floor)
        level_b, bias_b, var_b = _level(b, block.n, floor)
        value = level_b - level_a
        few = np.zeros(len(block.m), dtype=bool)
        if bias_correct:
            few = np.minimum(block.m, block.n) < 2
            value = value - (bias_b - bias_a)
        value = np.where(few, np.nan, wish * value)
        error = np.where(np.isnan(value), np.nan, np.sqrt(var_a + var_b))
        reason = _reasons(value, error, few, "no_ratio")
        return Answer(value, error, (value - z * error, value + z * error), reason)

    settings = {
        "scale": scale,
        "intervals": intervals,
        "observation_length": observation_length,
        "bias_correct": bias_correct,
        "confidence": confidence,
    }
    scalar = ratios.lrr_increase if wants_more else ratios.lrr_decrease
    return Index(variant_of(scale, bias_correct), kernel, scalar, settings)


def _level(moments: Moments, counts: Ints, floor: float | None) -> tuple[Floats, Floats, Floats]:
    """The log of each column's mean, its bias and its variance; NaN where there is no logarithm."""
    mean, variance = moments.mean, moments.variance
    if floor is not None:
        mean = np.where(mean < 0, mean, np.maximum(mean, 1 / (2 * floor * counts)))
        variance = np.maximum(variance, (1 / floor) * (1 / floor) / counts**3)
    mean = np.where(mean > 0, mean, np.nan)
    relative = variance / mean / mean / counts
    return np.log(mean), -relative / 2, relative


def _reasons(value: Floats, error: Floats, few: Bools, otherwise: str) -> Words:
    reason = np.full(len(value), None, dtype=object)
    reason[np.isnan(error)] = "one_point_phase"
    reason[np.isnan(value)] = otherwise
    reason[few] = "insufficient_data"
    return reason
