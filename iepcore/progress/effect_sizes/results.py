"""The record every effect size returns, and the checks of what a caller may ask for.

Undefined is None with a reason code, never 0, NaN, an infinity or an exception. Only a wrong argument of the
caller (a direction or a variant that does not exist) is an error.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from iepcore.progress.checks import refuse
from iepcore.progress.comparison import Direction
from iepcore.progress.distributions import normal_quantile
from iepcore.progress.pairing import check_share

Scores = Sequence[float | None]
"""One phase: its scores in their order, None where one is missing."""

INSUFFICIENT = "insufficient_data"


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
