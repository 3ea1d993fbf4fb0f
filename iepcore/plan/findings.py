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
    first_value: float | None
    previous_value: float | None

    @property
    def n_in_period(self) -> int:
        """Number of scored points in the period."""
        return self.status.n_in_period

    @property
    def last_value(self) -> float | None:
        """The last score on the plan's line, whether or not it lies in the period."""
        return self.status.last_score

    @property
    def last_on(self) -> date | None:
        """The day of the last score."""
        return self.status.last_on

    @property
    def expected(self) -> float | None:
        """What the line from baseline to target says for that day."""
        return self.status.expected_value

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


def phase_of(goal: Goal, on: date) -> int:
    """Return in which phase a day lies: -1 before teaching began, 0 from then on, and one more with each
    noted change."""
    if goal.introduced_on is None or on < goal.introduced_on:
        return -1
    return sum(phase.starts_on <= on for phase in goal.phases)


def phased_series(goal: Goal, points: Sequence[DataPoint]) -> Series:
    """Return the series of the standing points with each one's phase as its label."""
    return Series(
        Observation(on=one.observed_on, score=one.score, phase=str(phase_of(goal, one.observed_on)))
        for one in current_points(points)
        if one.goal_id == goal.id
    )


def points_until(goal: Goal, points: Sequence[DataPoint], on: date) -> tuple[DataPoint, ...]:
    """Return the goal's standing points up to a day, oldest first.

    Corrected points go before the day is asked for: a correction may have moved a point beyond it.
    """
    return tuple(
        one
        for one in current_points([one for one in points if one.goal_id == goal.id])
        if one.observed_on <= on
    )


def default_period(goal: Goal, on: date, policy: FindingPolicy) -> tuple[date, date]:
    """Return the days a finding looks at when no report period is given: the policy's window, inside the
    goal."""
    first = max(goal.starts_on, on - timedelta(days=policy.period_days))
    return min(first, on), on  # a goal that begins later has had no period yet: the day itself


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
    series = series_of(points_until(goal, points, on))
    status = period_status(
        series,
        goal.aimline,
        goal.direction,
        goal.criterion,
        window,
        introduced=goal.introduced_on is not None and goal.introduced_on <= on,
        minimum=rules.minimum,
    )
    judged = series.between(max(window[0], goal.starts_on), window[1]).scored
    return Finding(
        goal_id=goal.id,
        goal_version=goal.version,
        period=window,
        word=finding_word(status, goal.aimline, goal.direction, close_share=rules.close_share),
        status=status,
        flag=four_point_flag(series, goal.aimline, goal.direction),
        first_value=judged[0].score if judged else None,
        previous_value=judged[-2].score if len(judged) > 1 else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """From one score to a later one. ``is_gain``: the goal's way, not only a difference."""

    before: float
    before_on: date
    now: float
    now_on: date
    is_gain: bool


def growth_since(goal: Goal, points: Sequence[DataPoint], day: date, *, on: date) -> Growth | None:
    """Return how the scores moved since ``day``: from the last one up to then to the newest up to ``on``.

    None when there was no score up to that day, or none after it.
    """
    scored = series_of(points_until(goal, points, on)).between(goal.starts_on, None).scored
    before = [one for one in scored if one.on <= day]
    after = [one for one in scored if one.on > day]
    if not before or not after:
        return None
    first, last = before[-1], after[-1]
    return Growth(
        before=first.score,
        before_on=first.on,
        now=last.score,
        now_on=last.on,
        is_gain=(last.score - first.score) * goal.direction.sign > 0,
    )


def is_second_not_yet(
    goal: Goal, points: Sequence[DataPoint], *, on: date, policy: FindingPolicy | None = None
) -> bool:
    """Tell whether this period and the one before it both came to "not yet", after two whole periods of
    teaching.

    Only then may staff choose to tell the family that the team will look at the plan with them.
    """
    rules = policy or FindingPolicy()
    begun = max(goal.starts_on, goal.introduced_on) if goal.introduced_on is not None else None
    if begun is None or (on - begun).days < 2 * rules.period_days:
        return False
    earlier = default_period(goal, on, rules)[0] - timedelta(days=1)
    return all(find(goal, points, on=day, policy=rules).word is FindingWord.NOT_YET for day in (on, earlier))
