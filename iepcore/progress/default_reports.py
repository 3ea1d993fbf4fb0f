"""What a team sees by default: the four-point rule, the trend with its interval, and "n of 14 points".

The four-point rule is what teams know; alone it is wrong too often. The interval says how sure the trend is,
and the number of points why it is not surer (progress science, sections 5 and 6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from iepcore.progress.aimlines import Aimline, AnyAimline
from iepcore.progress.comparison import Direction
from iepcore.progress.decision_rules import four_point_rule
from iepcore.progress.forecasting import FORECAST_MINIMUM, USUAL_POINTS
from iepcore.progress.judging import judged_points
from iepcore.progress.rule_results import DecisionResult, Number
from iepcore.progress.series import ScoredPoint, Series
from iepcore.progress.trend_lines import TrendLine
from iepcore.progress.trend_rules import SHOWN_WEEKS, trend_rule
from iepcore.progress.trends import trend_line


class DataLevel(StrEnum):
    """How far the number of points carries a trend: none below 6, with caution below 14, as usual from 14."""

    NO_TREND = "no_trend"
    CAUTION = "caution"
    USUAL = "usual"


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultReport:
    """The two rules side by side with the trend they rest on.

    ``line`` is the least-squares trend over weeks from the start of the aimline's segment, and
    ``slope_interval`` its weekly slope's interval at ``confidence``; both None below 6 points or without a
    line. ``points`` are the scores that all of it looks at (of the current phase, after the day ``segment``
    starts on; no segment without any). ``sentences`` are catalogue keys with the numbers that fill them, in
    reading order.
    """

    four_point: DecisionResult
    trend: DecisionResult
    n: int
    level: DataLevel
    confidence: float
    usual: int = USUAL_POINTS
    points: tuple[ScoredPoint, ...] = ()
    segment: Aimline | None = None
    line: TrendLine | None = None
    slope_interval: tuple[float, float] | None = None
    sentences: tuple[tuple[str, Mapping[str, Number]], ...] = ()


def default_report(
    series: Series,
    aimline: AnyAimline,
    direction: Direction,
    *,
    confidence: float = 0.8,
    minimum_weeks: int | None = None,
) -> DefaultReport:
    """Report on the points of the current phase and segment.

    ``minimum_weeks`` is asked of the four-point rule; the trend rule asks for 8 points and 4 weeks.

    Raises:
        InvalidValue: ``probability_out_of_range`` for ``confidence``, or a number's own code.
    """
    four_point = four_point_rule(series, aimline, direction, minimum_weeks=minimum_weeks)
    trend = trend_rule(series, aimline, direction, ci=confidence)
    judged = judged_points(series, aimline, direction)
    line = trend_line(judged.weeks, [point.score for point in judged.points])
    has_trend = judged.n >= FORECAST_MINIMUM and line.slope is not None
    interval = line.slope_interval(confidence) if has_trend else None
    level = DataLevel.CAUTION if judged.n < USUAL_POINTS else DataLevel.USUAL
    if judged.n < FORECAST_MINIMUM:
        level = DataLevel.NO_TREND

    sentences: list[tuple[str, Mapping[str, Number]]] = [(four_point.sentence_key, four_point.numbers)]
    if "confidence" in trend.numbers:
        sentences.append((trend.sentence_key, trend.numbers))
    elif has_trend and line.slope is not None and interval is not None:
        low, high = interval
        shown = {"low": low * SHOWN_WEEKS, "high": high * SHOWN_WEEKS, "trend": line.slope * SHOWN_WEEKS}
        sentences.append(("rule.trend", {**shown, "weeks": SHOWN_WEEKS, "confidence": confidence * 100}))
    sentences.append((f"rule.points.{level}", {"n": judged.n, "usual": USUAL_POINTS}))
    return DefaultReport(
        four_point=four_point,
        trend=trend,
        n=judged.n,
        level=level,
        confidence=confidence,
        points=judged.points,
        segment=judged.segment,
        line=line if has_trend else None,
        slope_interval=interval,
        sentences=tuple(sentences),
    )
