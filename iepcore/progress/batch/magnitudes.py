"""Standardised mean differences and log response ratios of many series at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iepcore.progress.batch.arrays import Bools, Floats, Ints
from iepcore.progress.batch.pairs import Answer, BatchResult, Block, PhasePairs, Reasons, compute
from iepcore.progress.effect_sizes import magnitudes, ratios
from iepcore.progress.effect_sizes.magnitudes import SmdScale
from iepcore.progress.effect_sizes.ratios import CEILING, RatioScale, resolution, variant_of
from iepcore.progress.effect_sizes.results import EffectSize, check_choice, z_of


def smd(
    pairs: PhasePairs, *, scale: SmdScale = "baseline", bias_correct: bool = True, confidence: float = 0.95
) -> BatchResult:
    """Return the standardised mean difference of every series, as ``iepcore.progress.smd`` does of one.

    Raises:
        InvalidValue: ``unknown_variant`` or ``probability_out_of_range``.
    """
    check_choice(scale, ("baseline", "pooled"), "scale")
    z = z_of(confidence)
    is_pooled = scale == "pooled"

    def kernel(block: Block) -> Answer:
        m, n = block.m, block.n
        a, b = _moments(block.a, m), _moments(block.b, n)
        if is_pooled:
            df = m + n - 2
            unit = (a.squares + b.squares) / np.maximum(df, 1)
            spread, few = 1 / m + 1 / n, df < (2 if bias_correct else 1)
        else:
            df, unit = m - 1, a.variance
            few = m < (3 if bias_correct else 2)
            spread = 1 / m + b.variance / (n * np.where(unit > 0, unit, np.nan))
        unit = np.where(few | (unit == 0), np.nan, unit)
        correction = 1 - 3 / (4 * np.maximum(df, 1) - 1) if bias_correct else 1.0
        value = correction * ((b.mean - a.mean) / np.sqrt(unit))
        error = correction * np.sqrt(spread + value * value / (2 * np.maximum(df, 1)))
        reason = _reasons(value, error, few, "no_spread")
        return Answer(value, error, (value - z * error, value + z * error), reason)

    def one(row: int) -> EffectSize:
        a, b, way = pairs.one(row)
        settings = {"bias_correct": bias_correct, "confidence": confidence, **way}
        return magnitudes.smd(a, b, scale=scale, **settings)

    return compute(pairs, variant_of(scale, bias_correct), kernel, one)


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
    return _log_ratios(pairs, True, scale, intervals, observation_length, bias_correct, confidence)


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
    return _log_ratios(pairs, False, scale, intervals, observation_length, bias_correct, confidence)


def _log_ratios(
    pairs: PhasePairs,
    wants_more: bool,
    scale: RatioScale,
    intervals: float | None,
    observation_length: float | None,
    bias_correct: bool,
    confidence: float,
) -> BatchResult:
    floor = resolution(scale, intervals, observation_length)
    z = z_of(confidence)

    def kernel(block: Block) -> Answer:
        wish = block.sign if wants_more else -block.sign
        a, b = block.a * block.sign, block.b * block.sign
        if scale in CEILING:
            a, b = np.where(wish < 0, CEILING[scale] - a, a), np.where(wish < 0, CEILING[scale] - b, b)
            wish = np.ones_like(wish)
        (level_a, bias_a, var_a), (level_b, bias_b, var_b) = (
            _level(a, block.m, floor),
            _level(b, block.n, floor),
        )
        value = level_b - level_a
        few = np.zeros(len(block.m), dtype=bool)
        if bias_correct:
            few = np.minimum(block.m, block.n) < 2
            value = value - (bias_b - bias_a)
        value = np.where(few, np.nan, wish * value)
        error = np.where(np.isnan(value), np.nan, np.sqrt(var_a + var_b))
        reason = _reasons(value, error, few, "no_ratio")
        return Answer(value, error, (value - z * error, value + z * error), reason)

    index = ratios.lrr_increase if wants_more else ratios.lrr_decrease

    def one(row: int) -> EffectSize:
        a, b, way = pairs.one(row)
        return index(
            a,
            b,
            scale=scale,
            intervals=intervals,
            observation_length=observation_length,
            bias_correct=bias_correct,
            confidence=confidence,
            **way,
        )

    return compute(pairs, variant_of(scale, bias_correct), kernel, one)


@dataclass(frozen=True, slots=True)
class _Moments:
    mean: Floats
    squares: Floats
    variance: Floats


def _moments(scores: Floats, counts: Ints) -> _Moments:
    """Mean, sum of squares and sample variance of each column; exact for columns of equal scores."""
    there = ~np.isnan(scores)
    filled = np.where(there, scores, 0.0)
    equal = np.fmin.reduce(scores, axis=0) == np.fmax.reduce(scores, axis=0)
    mean = np.where(equal, scores[0], filled.sum(axis=0) / counts)
    away = np.where(there, scores - mean, 0.0)
    squares = (away * away).sum(axis=0)
    variance = np.where(counts > 1, squares / np.maximum(counts - 1, 1), np.nan)
    return _Moments(mean, squares, variance)


def _level(scores: Floats, counts: Ints, floor: float | None) -> tuple[Floats, Floats, Floats]:
    """The log of each column's mean, its bias and its variance; NaN where there is no logarithm."""
    moments = _moments(scores, counts)
    mean, variance = moments.mean, moments.variance
    if floor is not None:
        mean = np.where(mean < 0, mean, np.maximum(mean, 1 / (2 * floor * counts)))
        variance = np.maximum(variance, (1 / floor) * (1 / floor) / counts**3)
    mean = np.where(mean > 0, mean, np.nan)
    relative = variance / mean / mean / counts
    return np.log(mean), -relative / 2, relative


def _reasons(value: Floats, error: Floats, few: Bools, otherwise: str) -> Reasons:
    reason = np.full(len(value), None, dtype=object)
    reason[np.isnan(error)] = "one_point_phase"
    reason[np.isnan(value)] = otherwise
    reason[few] = "insufficient_data"
    return reason
