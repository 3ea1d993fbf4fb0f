"""The scores of two phases made ready once: what several effect sizes need of one pair is worked out once.

``compare_phases`` asks nine indices of one ``Phases``; a single index makes its own.
"""

from __future__ import annotations

from math import isfinite

from iepcore.progress.comparison import Direction, direction_from
from iepcore.progress.effect_sizes.dominance import Dominance, balance_of, dominance
from iepcore.progress.effect_sizes.moments import Moments, moments_of
from iepcore.progress.effect_sizes.results import INSUFFICIENT, EffectSize, Scores
from iepcore.progress.pairing import numbers_of


class Phases:
    """The scores of the two phases, missing ones dropped; ``problem`` is set when they cannot be used.

    ``up_a`` and ``up_b`` are the scores with the sign that makes larger better. No list is changed once it
    has been handed out.
    """

    __slots__ = ("_counts", "_moments", "_ordered", "a", "b", "direction", "problem", "up_a", "up_b")

    def __init__(self, a: list[float], b: list[float], direction: Direction, problem: str | None) -> None:
        self.a, self.b, self.direction, self.problem = a, b, direction, problem
        if direction is Direction.DECREASE:
            a, b = [-score for score in a], [-score for score in b]
        self.up_a, self.up_b = a, b
        self._ordered: tuple[list[float], list[float]] | None = None
        self._counts: Dominance | None = None
        self._moments: tuple[Moments, Moments] | None = None

    @property
    def ordered(self) -> tuple[list[float], list[float]]:
        """The two phases, larger is better, each from its lowest score to its highest."""
        if self._ordered is None:
            self._ordered = sorted(self.up_a), sorted(self.up_b)
        return self._ordered

    @property
    def counts(self) -> Dominance:
        """All pairs of the two phases, counted."""
        if self._counts is None:
            self._counts = dominance(*self.ordered)
        return self._counts

    @property
    def balance(self) -> int:
        """The pairs that rose less the pairs that fell."""
        if self._counts is None:
            return balance_of(*self.ordered)
        return self._counts.total - len(self.a) * len(self.b)

    @property
    def moments(self) -> tuple[Moments, Moments]:
        """Mean and variance of each phase as it was given, in its own unit."""
        if self._moments is None:
            self._moments = moments_of(self.a), moments_of(self.b)
        return self._moments

    def answer(
        self,
        variant: str,
        value: float,
        se: float | None = None,
        ci: tuple[float, float] | None = None,
        reason: str | None = None,
    ) -> EffectSize:
        """Build the result."""
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

    def around(self, variant: str, value: float, se: float | None, z: float) -> EffectSize:
        """Build the result with its interval ``value`` +- ``z`` standard errors.

        A number past what a float can hold is not an answer.
        """
        spread = 0.0 if se is None else z * se
        low, high = value - spread, value + spread
        if not isfinite(high - low):
            return self.undefined(variant, "not_computable")
        if se is None:
            return self.answer(variant, value, reason="one_point_phase")
        return self.answer(variant, value, se, (low, high))

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


def phases(baseline: Scores, intervention: Scores, direction: Direction | str) -> Phases:
    """Return the scores to compare; None is missing. Each phase needs a score.

    Raises:
        InvalidValue: ``unknown_direction``.
    """
    way = direction_from(direction)
    a, a_problem = numbers_of(baseline)
    b, b_problem = numbers_of(intervention)
    problem = a_problem or b_problem
    if problem is None and not (a and b):
        problem = INSUFFICIENT
    return Phases(a, b, way, problem)
