"""The finding of a goal: "is this good?" in fixed words, with the rule, numbers and dates that made it.

A finding states data, rule and uncertainty only. It never says what school will do next: that is chosen or
written by staff, with their name, or left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from iepcore.ids import GoalId
from iepcore.plan.goals import Goal
from iepcore.plan.points import DataPoint, current_points
from iepcore.progress import (
    FindingWord,
    FlagResult,
    Observation,
    Series,
    StatusResult,
    finding_word,
    four_point_flag,
    period_status,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPolicy:
    """The numbers a site may change. ``period_days``: how far back "the period" reaches when no report date
    says
    so (product default: nine school weeks); ``minimum``: points needed for a statement (domain guide 2.5);
    ``close_share``: how near the line still counts as close, as a share of the way from baseline to
    target."""

    period_days: int = 63
    minimum: int = 3
    close_share: float = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the data say about one goal in one period.

    ``word`` is what people read; ``status`` holds the numbers and the reason; ``review_suggested`` is the
    domain's
    four-point flag, independent of the word. ``previous_value`` is the last score before the last one.
    """

    goal_id: GoalId
    goal_version: int
    period: tuple[date, date]
    word: FindingWord
    status: StatusResult
    flag: FlagResult
    n_in_period: int
    first_value: float | None
    last_value: float | None
    last_on: date | None
    previous_value: float | None
    expected: float | None

    @property
    def review_suggested(self) -> bool:
        """Tell whether the last four points all lie on the wrong side: "team review suggested", never
        decided."""
        return self.flag.is_flagged


def series_of(points: Sequence[DataPoint]) -> Series:
    """Return the scored series of a goal's standing points (corrected ones left out)."""
    return Series(
        observations=tuple(
            Observation(on=point.observed_on, score=point.score) for point in current_points(points)
        )
    )


def default_period(goal: Goal, on: date, policy: FindingPolicy) -> tuple[date, date]:
    """Return the days a finding looks at when no report period is given: the policy's window, inside the
    goal."""
    return max(goal.starts_on, on - timedelta(days=policy.period_days)), on


def find(
    goal: Goal,
    points: Sequence[DataPoint],
    *,
    on: date,
    period: tuple[date, date] | None = None,
    policy: FindingPolicy | None = None,
) -> Finding:
    """Return the finding of ``goal`` on day ``on``, the same way every time.

    ``points`` may hold points of every version and corrected ones; only standing points of this goal up to
    ``on``
    are looked at. The period defaults to :func:`default_period`.
    """
    rules = policy or FindingPolicy()
    window = period or default_period(goal, on, rules)
    series = series_of([point for point in points if point.goal_id == goal.id and point.observed_on <= on])
    status = period_status(
        series,
        goal.aimline,
        goal.direction,
        goal.criterion,
        window,
        introduced=goal.introduced_on is not None and goal.introduced_on <= on,
        minimum=rules.minimum,
    )
    scored = [(seen.on, seen.score) for seen in series.observations if seen.score is not None]
    inside = [score for day, score in scored if window[0] <= day <= window[1]]
    last = scored[-1] if scored else None
    return Finding(
        goal_id=goal.id,
        goal_version=goal.version,
        period=window,
        word=finding_word(status, goal.aimline, goal.direction, close_share=rules.close_share),
        status=status,
        flag=four_point_flag(series, goal.aimline, goal.direction),
        n_in_period=len(inside),
        first_value=inside[0] if inside else None,
        last_value=last[1] if last else None,
        last_on=last[0] if last else None,
        previous_value=scored[-2][1] if len(scored) > 1 else None,
        expected=goal.aimline.value_at(last[0]) if last else None,
    )
