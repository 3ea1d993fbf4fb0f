"""The conservative dual criterion: points beyond both the baseline's level and its trend, as a visual aid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from iepcore.progress.comparison import Direction, side_of
from iepcore.progress.effect_sizes.moments import plain_moments, within_reach
from iepcore.progress.effect_sizes.results import INSUFFICIENT, EffectSize, Scores
from iepcore.progress.effect_sizes.timing import Timed, with_time
from iepcore.progress.trends import trend_line

_QUARTER = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class DualCriterion(EffectSize):
    """The conservative dual criterion: ``value`` intervention points lie beyond both lines.

    ``p`` is the chance of as many or more if each point were as likely above as below (binomial).
    """

    p: float | None


def cdc(
    baseline: Scores,
    intervention: Scores,
    *,
    direction: Direction | str = "increase",
    baseline_sessions: Sequence[float | None] | None = None,
    intervention_sessions: Sequence[float | None] | None = None,
) -> DualCriterion:
    """Count the intervention points beyond the baseline's mean line and its least-squares line (Fisher 2003).

    Both lines are moved by a quarter of the baseline's standard deviation towards improvement. A point on a
    line is not beyond it. At least two baseline points of different sessions; sessions as in ``tau_bc``.

    Raises:
        InvalidValue: ``unknown_direction`` or ``lengths_differ``.
    """
    timed = with_time(baseline, intervention, (baseline_sessions, intervention_sessions), direction)
    data = timed.data
    problem = data.problem or (INSUFFICIENT if len(data.a) < 2 else None)
    count, reason = (None, problem) if problem else _beyond_both(timed)
    n = len(data.b)
    return DualCriterion(
        value=None if count is None else float(count),
        p=None if count is None else _chance_of(count, n),
        se=None,
        ci=None,
        n_a=len(data.a),
        n_b=n,
        variant="least_squares",
        direction=data.direction,
        reason=reason,
    )


def _beyond_both(timed: Timed) -> tuple[int | None, str | None]:
    """Count the points beyond the mean line and the trend line, each moved by a quarter deviation."""
    data = timed.data
    (a, b), _ = within_reach(data.a, data.b)
    line = trend_line(timed.xa, a, "ols")
    if line.slope is None or line.intercept is None:
        return None, "not_computable" if line.reason == "too_large" else line.reason
    mean, variance = plain_moments(a)
    assert variance is not None  # two points at least
    shift = data.direction.sign * _QUARTER * sqrt(variance)
    span = max(max(a), max(b)) - min(min(a), min(b))
    count = 0
    for x, y in zip(timed.xb, b, strict=True):
        expected = line.value_at(x)
        if expected is None:
            return None, "not_computable"
        size = max(abs(line.slope * x), abs(line.intercept), abs(y))
        count += (
            side_of(y, mean + shift, data.direction, span=span, magnitude=size) > 0
            and side_of(y, expected + shift, data.direction, span=span, magnitude=size) > 0
        )
    return count, None


def _chance_of(count: int, n: int) -> float:
    """The chance of ``count`` or more of ``n`` fair coins."""
    ways = total = 1
    for heads in range(n, count, -1):
        # From all heads downwards: the ways to have one head less.
        ways = ways * heads // (n - heads + 1)
        total += ways
    return total / (1 << n)
