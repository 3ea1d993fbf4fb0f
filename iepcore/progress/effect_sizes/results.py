"""The record every effect size returns, and the steps they all share: dropping what is missing, refusing
what is out of range, building the answer.

Undefined is None with a reason code, never 0, NaN, an infinity or an exception. Only a wrong argument of the
caller (a direction or a variant that does not exist) is an error.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

from iepcore.progress.checks import MAGNITUDE_LIMIT, refuse
from iepcore.progress.comparison import Direction
from iepcore.progress.distributions import normal_quantile
from iepcore.progress.pairing import check_share, numbers_of

_PLAIN = {float, int}


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectSize:
    """How two phases differ, in one number, with what is known about its precision.

    ``value`` is oriented so that larger means improvement, except where a function says otherwise.
    ``se`` is its standard error and ``ci`` its confidence interval; None where the index has none.
    ``n_a`` and ``n_b`` count the scores used. ``reason`` says why ``value`` (or only ``se``) is None:
    ``insufficient_data``, ``not_a_number`` (text, NaN or an infinity among the scores), ``too_large``,
    ``no_spread`` (nothing to divide by: equal scores, one session only), ``no_ratio`` (a mean without a
    logarithm), ``out_of_range``, ``goal_at_baseline``, ``goal_behind_baseline``, ``not_computable`` (past
    the floats), ``one_point_phase`` (only the error is missing); None when nothing is missing.
    """

    value: float | None
    se: float | None
    ci: tuple[float, float] | None
    n_a: int
    n_b: int
    variant: str
    direction: Direction
    reason: str | None


@dataclass(frozen=True, slots=True)
class Phases:
    """The scores of the two phases, missing ones dropped; ``problem`` is set when they cannot be used."""

    a: list[float]
    b: list[float]
    direction: Direction
    problem: str | None

    @property
    def oriented(self) -> tuple[list[float], list[float]]:
        """The scores with the sign that makes larger better."""
        if self.direction is Direction.INCREASE:
            return self.a, self.b
        return [-score for score in self.a], [-score for score in self.b]

    def answer(
        self,
        variant: str,
        value: float,
        se: float | None = None,
        ci: tuple[float, float] | None = None,
        reason: str | None = None,
    ) -> EffectSize:
        """Build the result; a number past what a float can hold is not an answer."""
        if not isfinite(value) or (se is not None and not isfinite(se)):
            return self.undefined(variant, "not_computable")
        return EffectSize(
            value=value,
            se=se,
            ci=ci,
            n_a=len(self.a),
            n_b=len(self.b),
            variant=variant,
            direction=self.direction,
            reason=reason,
        )

    def undefined(self, variant: str, reason: str) -> EffectSize:
        """Build the result that has no value."""
        return EffectSize(
            value=None,
            se=None,
            ci=None,
            n_a=len(self.a),
            n_b=len(self.b),
            variant=variant,
            direction=self.direction,
            reason=reason,
        )


def phases(
    baseline: Sequence[float | None],
    intervention: Sequence[float | None],
    direction: Direction | str,
    *,
    least_a: int = 1,
) -> Phases:
    """Return the scores to compare; None is missing. Each phase needs a score, the baseline ``least_a``.

    Raises:
        InvalidValue: ``unknown_direction``.
    """
    a, a_problem = scores_of(baseline)
    b, b_problem = scores_of(intervention)
    problem = a_problem or b_problem
    if problem is None and (len(a) < least_a or not b):
        problem = "insufficient_data"
    return Phases(a, b, direction_of(direction), problem)


def scores_of(values: Sequence[float | None]) -> tuple[list[float], str | None]:
    """Return the scores that are there, and what is wrong with them: ``numbers_of``, with a shorter way
    through for plain numbers without gaps."""
    try:
        if values and set(map(type, values)) <= _PLAIN:
            numbers: list[float] = list(map(float, values))  # type: ignore[arg-type]  # no None, just seen
            # One pass finds what is too large and what is not a number: neither leaves such a sum.
            if sum(map(abs, numbers)) <= MAGNITUDE_LIMIT:
                return numbers, None
    except OverflowError:
        pass
    careful = numbers_of(values)
    return careful.values, careful.reason


def direction_of(direction: Direction | str) -> Direction:
    """Return the direction meant.

    Raises:
        InvalidValue: ``unknown_direction``.
    """
    if direction == "increase":
        return Direction.INCREASE
    if direction == "decrease":
        return Direction.DECREASE
    raise refuse("unknown_direction", "direction")


@lru_cache(maxsize=64)
def z_of(confidence: float) -> float:
    """Return the normal quantile of a two-sided interval.

    Raises:
        InvalidValue: ``probability_out_of_range`` unless 0 < confidence < 1.
    """
    # A level nearer to 1 than floats are to each other there counts as the last one below 1.
    return normal_quantile(min((1 + check_share(confidence, "confidence")) / 2, 1 - 2.0**-53))


def check_choice(value: str, allowed: Collection[str], field: str) -> None:
    """Refuse a word that names no variant.

    Raises:
        InvalidValue: ``unknown_variant``.
    """
    if value not in allowed:
        raise refuse("unknown_variant", field)
