"""Rules that look at the trend: its slope against the aimline's, and where it leads by a later day.

Both can ask for an interval: then a decision is made only when the whole interval lies on one side. Without
it the trend rule sends half of the children who are exactly on their line to a change (progress science,
section 5): show it with its interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from iepcore.progress.aimlines import AnyAimline
from iepcore.progress.checks import check_day, check_whole, refuse
from iepcore.progress.comparison import Direction, is_tie, side_of
from iepcore.progress.forecasting import FORECAST_MINIMUM, Autocorrelation, forecast
from iepcore.progress.judging import Judged, insufficient, judged_points
from iepcore.progress.pairing import check_share
from iepcore.progress.rule_results import DECISION_OF_SIDE, Decision, DecisionResult, Number
from iepcore.progress.series import Series
from iepcore.progress.trend_lines import TrendLine, TrendMethod
from iepcore.progress.trends import theil_sen_interval, trend_line

SHOWN_WEEKS = 10
"""Rates are told for so many weeks: a weekly rate in one decimal would hide small differences."""

_PERCENT = 100
_SLOPE_REASON = {-1: "flatter", 0: "parallel", 1: "steeper"}
_GOAL_REASON = {-1: "short_of_goal", 0: "at_goal", 1: "past_goal"}


def trend_rule(
    series: Series,
    aimline: AnyAimline,
    direction: Direction,
    *,
    method: TrendMethod | str = "ols",
    ci: float | None = None,
    minimum: int = 8,
    minimum_weeks: int | None = 4,
) -> DecisionResult:
    """Compare the slope of the trend with the aimline's: flatter, change; steeper, raise; equal, continue.

    The trend is drawn through all points of the current phase and segment, over weeks. With ``ci`` (0.8 is
    usual) a decision needs the slope's whole two-sided interval on one side of the aimline's slope (the
    critical-rate framework of Van Norman, Christ & Newell 2017); ``ols`` and ``theil_sen`` have intervals.

    Raises:
        InvalidValue: ``unknown_method``, ``no_interval`` (``ci`` with another method),
            ``probability_out_of_range``, or a number's own code.
    """
    if ci is not None:
        check_share(ci, "ci")
        if method not in (TrendMethod.OLS, TrendMethod.THEIL_SEN):
            raise refuse("no_interval", "method")
    needed = check_whole(minimum, "minimum", low=1)
    judged = judged_points(series, aimline, direction)
    short = insufficient("trend_rule", judged, needed, minimum_weeks)
    weeks, scores = judged.weeks, [point.score for point in judged.points]
    line = trend_line(weeks, scores, method)
    if short is not None:
        return short
    if line.slope is None or (ci is not None and line.reason is not None):
        return _without_line("trend_rule", judged, needed, line.reason or "too_large")
    # Points are judged by their line only: it is there on their days.
    assert judged.segment is not None
    rate = judged.segment.weekly_rate
    width = max(weeks) - min(weeks)
    span, magnitude = (max(scores) - min(scores)) / width, max(map(abs, scores)) / width
    numbers: dict[str, Number] = {
        "n": judged.n,
        "trend": line.slope * SHOWN_WEEKS,
        "needed": rate * SHOWN_WEEKS,
        "weeks": SHOWN_WEEKS,
    }
    if ci is None:
        side = side_of(line.slope, rate, direction, span=span, magnitude=magnitude)
        return _decided("trend_rule", judged, needed, side, _SLOPE_REASON[side], numbers)
    interval = _interval(line, weeks, scores, ci)
    if interval is None:
        return _without_line("trend_rule", judged, needed, "too_large")
    ends = [side_of(end, rate, direction, span=span, magnitude=magnitude) for end in interval]
    side = ends[0] if ends[0] == ends[1] else 0
    low, high = interval
    numbers |= {"low": low * SHOWN_WEEKS, "high": high * SHOWN_WEEKS, "confidence": ci * _PERCENT}
    reason = _SLOPE_REASON[side] if ends[0] == ends[1] else "not_told_apart"
    return _decided("trend_rule", judged, needed, side, reason, numbers)


def projected_goal_rule(
    series: Series,
    aimline: AnyAimline,
    direction: Direction,
    *,
    on: date | None = None,
    ci: float | None = None,
    autocorrelation: Autocorrelation = "adjusted",
    minimum: int = FORECAST_MINIMUM,
    minimum_weeks: int | None = None,
) -> DecisionResult:
    """Carry the trend on to the review day and compare it with the goal: short of it, change; past it, raise.

    ``on`` is the day the aimline ends unless given. Without ``ci`` the line itself decides, that is whether
    the chance of reaching the goal is below one half; with ``ci``, only when the whole interval of the line
    lies on one side of the goal. ``numbers["chance"]`` is that chance in percent.

    Raises:
        InvalidValue: ``not_a_date``, ``probability_out_of_range``, ``unknown_autocorrelation``, or a number's
            own code.
    """
    rule = "projected_goal_rule"
    needed = max(check_whole(minimum, "minimum", low=1), FORECAST_MINIMUM)
    confidence = 0.8 if ci is None else check_share(ci, "ci")
    judged = judged_points(series, aimline, direction)
    short = insufficient(rule, judged, needed, minimum_weeks)
    if short is not None:
        return short
    # Points are judged by their line only: it is there on their days.
    assert judged.segment is not None
    segment = judged.segment
    day = segment.ends_on if on is None else check_day(on, "on")
    found = forecast(
        judged.weeks,
        [point.score for point in judged.points],
        at=(day - segment.starts_on).days / 7,
        goal=segment.target,
        direction=direction,
        autocorrelation=autocorrelation,
        confidence=confidence,
    )
    if found.prediction is None or found.line_interval is None or found.p_trend_meets_goal is None:
        return _without_line(rule, judged, needed, found.reason or "too_large")
    scores = [abs(point.score) for point in judged.points]
    magnitude = max(*scores, abs(segment.target))
    numbers: dict[str, Number] = {
        "n": judged.n,
        "prediction": found.prediction,
        "goal": segment.target,
        "day": day,
        "chance": found.p_trend_meets_goal * _PERCENT,
    }
    side = side_of(found.prediction, segment.target, direction, magnitude=magnitude)
    if ci is None:
        return _decided(rule, judged, needed, side, _GOAL_REASON[side], numbers)
    low, high = found.line_interval
    numbers |= {"low": low, "high": high, "confidence": ci * _PERCENT}
    told_apart = not (
        low <= segment.target <= high or any(is_tie(end, segment.target) for end in (low, high))
    )
    side = side if told_apart else 0
    return _decided(
        rule, judged, needed, side, _GOAL_REASON[side] if told_apart else "not_told_apart", numbers
    )


def _interval(
    line: TrendLine, weeks: list[float], scores: list[float], ci: float
) -> tuple[float, float] | None:
    if line.method is TrendMethod.OLS:
        return line.slope_interval(ci)
    return theil_sen_interval(weeks, scores, ci)


def _without_line(rule: str, judged: Judged, minimum: int, reason: str) -> DecisionResult:
    return DecisionResult(
        rule=rule,
        decision=Decision.INSUFFICIENT_DATA,
        reason="too_few_points" if reason == "insufficient_data" else reason,
        n=judged.n,
        minimum=minimum,
        numbers={"n": judged.n, "minimum": minimum},
    )


def _decided(
    rule: str, judged: Judged, minimum: int, side: int, reason: str, numbers: Mapping[str, Number]
) -> DecisionResult:
    return DecisionResult(
        rule=rule,
        decision=DECISION_OF_SIDE[side],
        reason=reason,
        n=judged.n,
        minimum=minimum,
        points_used=judged.points,
        numbers=numbers,
    )
