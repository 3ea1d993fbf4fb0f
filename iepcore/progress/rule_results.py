"""What a decision rule answers: one of four decisions, the points and numbers that made it, its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from iepcore.progress.series import ScoredPoint

Number: TypeAlias = float | date

_SHARED_REASONS = frozenset(
    {"too_few_weeks", "no_spread", "no_scatter", "long_extrapolation", "too_large", "no_standard_error"}
)


class Decision(StrEnum):
    """What a decision rule says about instruction and goal."""

    CHANGE_INSTRUCTION = "change_instruction"
    RAISE_GOAL = "raise_goal"
    CONTINUE = "continue"
    INSUFFICIENT_DATA = "insufficient_data"


DECISION_OF_SIDE = {
    -1: Decision.CHANGE_INSTRUCTION,
    0: Decision.CONTINUE,
    1: Decision.RAISE_GOAL,
}
"""What the wrong side, neither and the good side of a line come to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionResult:
    """A decision with the rule, the points and the numbers that made it.

    ``points_used`` are the points the rule looked at, empty when data do not suffice; ``n`` counts the points
    judged, ``minimum`` those needed. ``numbers`` are what the sentence ``sentence_key`` of the catalogue is
    filled with (scores in the unit of the series, rates in 10 weeks, days).

    ``reason``: data-point rules ``all_on_wrong_side``, ``all_on_good_side``, ``neither`` (``sides`` as in
    ``FlagResult``); the median rule ``median_short_of_line``, ``median_past_line``, ``median_on_line``; the
    trend rule ``flatter``, ``steeper``, ``parallel``; the projected goal rule ``short_of_goal``,
    ``past_goal``, ``at_goal``; both with an interval ``not_told_apart``. Without enough data:
    ``too_few_points``, ``too_few_weeks``, ``no_spread``, ``no_scatter``, ``long_extrapolation``,
    ``too_large``, ``no_standard_error``.
    """

    rule: str
    decision: Decision
    reason: str
    n: int
    minimum: int
    points_used: tuple[ScoredPoint, ...] = ()
    sides: tuple[int, ...] = ()
    numbers: Mapping[str, Number] = field(default_factory=dict, hash=False)

    @property
    def sentence_key(self) -> str:
        """The sentence of the catalogue that says what the rule found, for its ``numbers``."""
        if self.decision is not Decision.INSUFFICIENT_DATA:
            form = "_with_interval" if "confidence" in self.numbers else ""
            return f"rule.{self.rule}{form}.{self.decision}"
        return f"rule.{self.reason if self.reason in _SHARED_REASONS else f'{self.rule}.insufficient_data'}"
