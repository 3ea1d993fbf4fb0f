"""Effect sizes on a ratio: the log response ratio in its two forms, and the log odds ratio.

Definitions, edge rules and sources: progress science, section 8 (Pustejovsky 2018). They need scores with a
true zero; a rubric or a prompt level has none.
"""

from __future__ import annotations

from math import log, sqrt
from typing import Literal, NamedTuple

from iepcore.progress.checks import check_positive
from iepcore.progress.comparison import Direction
from iepcore.progress.effect_sizes.moments import Moments, moments_of, plain_moments
from iepcore.progress.effect_sizes.phases import Phases, phases
from iepcore.progress.effect_sizes.results import INSUFFICIENT, EffectSize, Scores, check_choice, z_of

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
    floor = resolution(scale, intervals, observation_length)
    data = phases(baseline, intervention, direction)
    return log_ratio_of(data, Direction.INCREASE, scale, floor, bias_correct, z_of(confidence))


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
    floor = resolution(scale, intervals, observation_length)
    data = phases(baseline, intervention, direction)
    return log_ratio_of(data, Direction.DECREASE, scale, floor, bias_correct, z_of(confidence))


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


class _Level(NamedTuple):
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


def log_ratio_of(
    data: Phases, form: Direction, scale: RatioScale, floor: float | None, bias_correct: bool, z: float
) -> EffectSize:
    """The log response ratio of one pair in the form for something to increase, or to decrease."""
    variant = variant_of(scale, bias_correct)
    problem = data.problem or _too_few(data, bias_correct)
    if problem:
        return data.undefined(variant, problem)
    moments, sign = data.moments, 1
    if data.direction is not form:
        if scale in CEILING:
            ceiling = CEILING[scale]
            moments = moments_of([ceiling - y for y in data.a]), moments_of([ceiling - y for y in data.b])
        else:
            sign = -1
    one, two = _ratio(moments[0], len(data.a), floor), _ratio(moments[1], len(data.b), floor)
    return _difference(data, variant, one, two, sign, bias_correct, z)


def _ratio(moments: Moments, n: int, floor: float | None) -> _Level | None:
    """The log of a phase's mean; None when there is none."""
    mean, variance, factor = moments
    if mean < 0:
        return None
    if floor is not None:
        mean = max(mean, factor / (2 * floor * n))
        smallest = factor / floor
        variance = None if variance is None else max(variance, smallest * smallest / n**3)
    if mean <= 0:
        return None
    relative = None if variance is None else variance / mean / mean / n
    level = log(mean) if factor == 1.0 else log(mean) - log(factor)
    return _Level(level, 0.0 if relative is None else -relative / 2, relative)


def _odds(shares: list[float], floor: float | None) -> _Level | None:
    """The log odds of a phase's mean; None when there are none."""
    n = len(shares)
    mean, variance = plain_moments(shares)
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
    return data.around(variant, sign * value, error, z)


def _too_few(data: Phases, bias_correct: bool) -> str | None:
    return INSUFFICIENT if bias_correct and min(len(data.a), len(data.b)) < 2 else None


def variant_of(scale: str, bias_correct: bool) -> str:
    """Name the form of a result."""
    return f"{scale}:{'bias_corrected' if bias_correct else 'raw'}"
