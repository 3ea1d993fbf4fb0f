"""The rate of improvement a goal needs, and three ways to set a goal (NCII; progress science, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from iepcore.progress.checks import MAGNITUDE_LIMIT, check_number, check_positive
from iepcore.progress.comparison import Direction, direction_from, side_of
from iepcore.progress.trends import trend_line

OWN_GROWTH_FACTOR = 1.5
OWN_GROWTH_MINIMUM = 8


class GoalOption(StrEnum):
    """What a proposed goal rests on."""

    BENCHMARK = "benchmark"
    NORM_RATE = "norm_rate"
    OWN_RATE = "own_rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalProposal:
    """A goal that a team may choose, with the weekly rate it needs, or the reason why there is none.

    ``reason``: ``insufficient_data`` (the child's own rate needs ``minimum`` points), ``not_better`` (the
    goal would not lie on the good side of the baseline), ``no_spread``, ``not_a_number``, ``too_large``.
    ``own_rate`` is the slope the child showed, with the option of that name.
    """

    option: GoalOption
    baseline: float
    weeks: float
    goal: float | None = None
    rate: float | None = None
    reason: str | None = None
    own_rate: float | None = None
    n: int | None = None
    minimum: int | None = None


def rate_of_improvement(baseline: float, goal: float, weeks: float) -> float:
    """Return the weekly rate from baseline to goal: (goal - baseline) / weeks, negative when going down.

    The rate a child showed is the slope of ``trend_line`` over weeks.

    Raises:
        InvalidValue: ``not_positive`` for weeks, or a number's own code.
    """
    check_positive(weeks, "weeks")
    return (check_number(goal, "goal") - check_number(baseline, "baseline")) / weeks


def goal_from_benchmark(
    baseline: float, benchmark: float, weeks: float, *, direction: Direction | str = "increase"
) -> GoalProposal:
    """Propose the benchmark of the child's grade as the goal.

    Raises:
        InvalidValue: as ``rate_of_improvement``, and ``unknown_direction``.
    """
    rate = rate_of_improvement(baseline, benchmark, weeks)
    return _proposal(GoalOption.BENCHMARK, baseline, weeks, benchmark, rate, direction)


def goal_from_norm(
    baseline: float, weekly_rate: float, weeks: float, *, direction: Direction | str = "increase"
) -> GoalProposal:
    """Propose the goal that a norm's weekly rate leads to: baseline + rate * weeks.

    ``weekly_rate`` is signed: negative where the number should go down.

    Raises:
        InvalidValue: as ``rate_of_improvement``, and ``unknown_direction``.
    """
    check_number(weekly_rate, "weekly_rate")
    check_positive(weeks, "weeks")
    goal = check_number(baseline, "baseline") + weekly_rate * weeks
    return _proposal(GoalOption.NORM_RATE, baseline, weeks, goal, weekly_rate, direction)


def goal_from_own_rate(
    baseline: float,
    weeks_measured: Sequence[float | None],
    scores: Sequence[float | None],
    weeks: float,
    *,
    direction: Direction | str = "increase",
    factor: float = OWN_GROWTH_FACTOR,
    minimum: int = OWN_GROWTH_MINIMUM,
) -> GoalProposal:
    """Propose baseline + 1.5 * own rate * weeks: the least-squares slope of the child's own 8 or more scores.

    ``weeks_measured`` says when each score was taken, in weeks from any day.

    Raises:
        InvalidValue: as ``rate_of_improvement``, ``lengths_differ``, ``unknown_direction``.
    """
    check_positive(weeks, "weeks")
    check_positive(factor, "factor")
    check_number(baseline, "baseline")
    line = trend_line(weeks_measured, scores)
    unusable = line.reason in ("not_a_number", "too_large")
    if line.slope is None or line.n < minimum:
        return GoalProposal(
            option=GoalOption.OWN_RATE,
            baseline=baseline,
            weeks=weeks,
            reason=line.reason if unusable or line.n >= minimum else "insufficient_data",
            n=line.n,
            minimum=minimum,
        )
    rate = factor * line.slope
    return _proposal(
        GoalOption.OWN_RATE,
        baseline,
        weeks,
        baseline + rate * weeks,
        rate,
        direction,
        line.slope,
        line.n,
        minimum,
    )


def ambition(rate: float, typical_rate: float) -> float | None:
    """Return how many times the typical growth a rate is; 1 to 2 is realistic (NCII). None of typical 0.

    Raises:
        InvalidValue: a number's own code.
    """
    check_number(rate, "rate")
    if not check_number(typical_rate, "typical_rate"):
        return None
    times = rate / typical_rate
    return times if isfinite(times) else None


def _proposal(
    option: GoalOption,
    baseline: float,
    weeks: float,
    goal: float,
    rate: float,
    direction: Direction | str,
    own_rate: float | None = None,
    n: int | None = None,
    minimum: int | None = None,
) -> GoalProposal:
    direction = direction_from(direction)
    reason = None
    if not abs(goal) <= MAGNITUDE_LIMIT:
        reason = "too_large"
    elif side_of(goal, baseline, direction) != 1:
        reason = "not_better"
    return GoalProposal(
        option=option,
        baseline=baseline,
        weeks=weeks,
        goal=goal if reason is None else None,
        rate=rate if reason is None else None,
        reason=reason,
        own_rate=own_rate,
        n=n,
        minimum=minimum,
    )
