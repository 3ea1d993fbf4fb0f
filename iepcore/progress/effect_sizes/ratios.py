"""Effect sizes on a ratio: the log response ratio in its two forms, and the log odds ratio.

Definitions, edge rules and sources: progress science, section 8 (Pustejovsky 2018). They need scores with a
true zero; a rubric or a prompt level has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import Literal

from iepcore.progress.checks import check_positive
from iepcore.progress.comparison import Direction
from iepcore.progress.effect_sizes.magnitudes import with_normal_interval
from iepcore.progress.effect_sizes.moments import moments_of, within_reach
from iepcore.progress.effect_sizes.nonoverlap import Scores
from iepcore.progress.effect_sizes.results import EffectSize, Phases, check_choice, phases, z_of

RatioScale = Literal["count", "rate", "proportion", "percentage", "other"]
OddsScale = Literal["percentage", "proportion"]

_SCALES = ("count", "rate", "proportion", "percentage", "other")
CEILING = {"percentage": 100.0, "proportion": 1.0}


def lrr_increase(
    baseline: Scores,
    intervention: Scores,
    *,
    direction: Direction | str = "increase",
    scale: RatioScale = "other",
    intervals: float | None = None,
    observation_length: float | None = None,
    bias_correct: bool = True,
    confidence: float = 0.95,
) -> EffectSize:
    """Return the log response ratio for something to increase (LRRi); above 0 is improvement.

    100 (e^value - 1) is the percent of change. When less is better (``direction="decrease"``), a count, a
    rate and any other scale change their sign, and a percentage or proportion is turned to its complement.

    Means and variances near 0 are held at what the recording could tell apart: ``scale="count"`` knows it,
    ``"rate"`` from ``observation_length`` (in the unit of time of the rate), ``"percentage"`` and
    ``"proportion"`` from ``intervals`` (or trials) per session. Without that a mean of 0 has no logarithm
    (``no_ratio``). The correction needs two points in each phase.

    Raises:
        InvalidValue: ``unknown_direction``, ``unknown_variant``, ``probability_out_of_range``; a number's own
            code for ``intervals`` or ``observation_length``.
    """
    data = phases(baseline, intervention, direction)
    is_turned = scale in CEILING and data.direction is Direction.DECREASE
    sign = 1 if scale in CEILING else data.direction.sign
    floor = resolution(scale, intervals, observation_length)
    return _log_ratio(data, scale, floor, is_turned, sign, bias_correct, z_of(confidence))


def lrr_decrease(
    baseline: Scores,
    intervention: Scores,
    *,
    direction: Direction | str = "increase",
    scale: RatioScale = "other",
    intervals: float | None = None,
    observation_length: float | None = None,
    bias_correct: bool = True,
    confidence: float = 0.95,
) -> EffectSize:
    """Return the log response ratio for something to decrease (LRRd); BELOW 0 is improvement, as published.

    It speaks of the behaviour to be reduced: ln(intervention / baseline). When more is better
    (``direction="increase"``), a count, a rate and any other scale change their sign, and a percentage or
    proportion is turned to its complement (what is still wrong). All else is as in ``lrr_increase``.

    Raises:
        InvalidValue: as ``lrr_increase``.
    """
    data = phases(baseline, intervention, direction)
    is_turned = scale in CEILING and data.direction is Direction.INCREASE
    sign = 1 if scale in CEILING else -data.direction.sign
    floor = resolution(scale, intervals, observation_length)
    return _log_ratio(data, scale, floor, is_turned, sign, bias_correct, z_of(confidence))


def log_odds_ratio(
    baseline: Scores,
    intervention: Scores,
    *,
    direction: Direction | str = "increase",
    scale: OddsScale = "percentage",
    intervals: float | None = None,
    bias_correct: bool = True,
    confidence: float = 0.95,
) -> EffectSize:
    """Return the log odds ratio of percentages or proportions; above 0 is improvement.

    ``intervals`` (or trials) per session hold means away from both ends of the scale; without them a mean of
    0 or of the ceiling has no odds (``no_ratio``). Scores off the scale are ``out_of_range``.

    Raises:
        InvalidValue: ``unknown_direction``, ``unknown_variant``, ``probability_out_of_range``; a number's own
            code for ``intervals``.
    """
    check_choice(scale, tuple(CEILING), "scale")
    floor = None if intervals is None else check_positive(intervals, "intervals")
    z = z_of(confidence)
    data = phases(baseline, intervention, direction)
    variant = variant_of(scale, bias_correct)
    ceiling = CEILING[scale]
    problem = data.problem or _too_few(data, bias_correct)
    if problem is None and not all(0 <= score <= ceiling for score in (*data.a, *data.b)):
        problem = "out_of_range"
    if problem:
        return data.undefined(variant, problem)
    one = _odds([score / ceiling for score in data.a], floor)
    two = _odds([score / ceiling for score in data.b], floor)
    return _difference(data, variant, one, two, data.direction.sign, bias_correct, z)


@dataclass(frozen=True, slots=True)
class _Level:
    """A phase on the log scale: its level, the bias of that, and the variance of its error."""

    level: float
    bias: float
    variance: float | None


def resolution(scale: str, intervals: float | None, observation_length: float | None) -> float | None:
    """Return D, one over the smallest difference the recording can tell; None when that is not known."""
    check_choice(scale, _SCALES, "scale")
    parts = None if intervals is None else check_positive(intervals, "intervals")
    length = None if observation_length is None else check_positive(observation_length, "observation_length")
    if scale == "count":
        return 1.0
    if scale == "rate":
        return length
    if scale == "percentage":
        return None if parts is None else parts / 100
    return parts if scale == "proportion" else None


def _log_ratio(
    data: Phases, scale: str, floor: float | None, is_turned: bool, sign: int, bias_correct: bool, z: float
) -> EffectSize:
    variant = variant_of(scale, bias_correct)
    problem = data.problem or _too_few(data, bias_correct)
    if problem:
        return data.undefined(variant, problem)
    a, b = data.a, data.b
    if is_turned:
        ceiling = CEILING[scale]
        a, b = [ceiling - score for score in a], [ceiling - score for score in b]
    return _difference(data, variant, _ratio(a, floor), _ratio(b, floor), sign, bias_correct, z)


def _ratio(scores: list[float], floor: float | None) -> _Level | None:
    """The log of a phase's mean; None when there is none."""
    n = len(scores)
    (scaled,), factor = within_reach(scores)
    mean, variance = moments_of(scaled)
    if mean < 0:
        return None
    if floor is not None:
        mean = max(mean, factor / (2 * floor * n))
        smallest = factor / floor
        variance = None if variance is None else max(variance, smallest * smallest / n**3)
    if mean <= 0:
        return None
    relative = None if variance is None else variance / mean / mean / n
    return _Level(log(mean) - log(factor), 0.0 if relative is None else -relative / 2, relative)


def _odds(shares: list[float], floor: float | None) -> _Level | None:
    """The log odds of a phase's mean; None when there are none."""
    n = len(shares)
    mean, variance = moments_of(shares)
    if floor is not None:
        least = min(0.5, 1 / (2 * floor * n))
        mean = min(max(mean, least), 1 - least)
        variance = None if variance is None else max(variance, 1 / (floor * floor * n**3))
    if not 0 < mean < 1:
        return None
    spread = mean * (1 - mean)
    relative = None if variance is None else variance / spread / spread / n
    bias = 0.0 if relative is None else -relative * (1 - 2 * mean) / 2
    return _Level(log(mean) - log(1 - mean), bias, relative)


def _difference(
    data: Phases,
    variant: str,
    one: _Level | None,
    two: _Level | None,
    sign: int,
    bias_correct: bool,
    z: float,
) -> EffectSize:
    if one is None or two is None:
        return data.undefined(variant, "no_ratio")
    value = two.level - one.level
    if bias_correct:
        value -= two.bias - one.bias
    error = None if one.variance is None or two.variance is None else sqrt(one.variance + two.variance)
    return with_normal_interval(data, variant, sign * value, error, z)


def _too_few(data: Phases, bias_correct: bool) -> str | None:
    return "insufficient_data" if bias_correct and min(len(data.a), len(data.b)) < 2 else None


def variant_of(scale: str, bias_correct: bool) -> str:
    """Name the form of a result."""
    return f"{scale}:{'bias_corrected' if bias_correct else 'raw'}"
