"""What the scores of one goal can carry, for specialists: rules, trend, forecast, and phases held against
each other.

Everything rests on the scores of the current phase, apart from the comparisons, which put each phase beside
the one before it (progress science, sections 5, 8 and 9). Numbers with their n, never a label alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import inf

from iepcore.language import FreeText
from iepcore.plan.current_report import current_report
from iepcore.plan.findings import phased_series, points_until
from iepcore.plan.goals import Goal
from iepcore.plan.points import DataPoint
from iepcore.progress import (
    DefaultReport,
    Direction,
    EffectSize,
    Forecast,
    MannKendall,
    Measure,
    MeasureKind,
    Series,
    forecast,
    ird,
    lrr_decrease,
    lrr_increase,
    mann_kendall,
    median_of,
    nap,
    pand,
    pem,
    pnd,
    smd,
    tau_bc,
    weeks_needed,
)

K = MeasureKind

_PERCENTAGES = frozenset(
    {
        K.PERCENT_CORRECT,
        K.PARTIAL_INTERVAL,
        K.WHOLE_INTERVAL,
        K.MOMENTARY_TIME_SAMPLE,
        K.TASK_ANALYSIS,
    }
)
_RANKS_ONLY = frozenset({K.RUBRIC, K.PROMPT_LEVEL, K.LATENCY})
"""Ordered levels, and times that end at a ceiling: no means, so no SMD and no log ratio by default."""

_HOPELESS = 1e6
"""With so much scatter no number of weeks that anybody would wait shows the growth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseSpan:
    """One phase with its scores in brief. ``index`` -1 is before teaching, 0 the first teaching, then 1 for
    the first noted change. ``words`` are staff's own for a noted change. Mean and median None: no score."""

    index: int
    starts_on: date
    words: FreeText | None
    n: int
    mean: float | None
    median: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseContrast:
    """Two phases in a row and how they differ: the sizes shown first, and those kept for older reports.

    ``main`` holds ``nap``, ``tau_bc`` and, for a ratio scale, ``lrr``; ``legacy`` holds ``pnd``, ``pem``,
    ``pand``, ``ird`` and, where means make sense, ``smd``. None of them knows about autocorrelation.
    """

    before: PhaseSpan
    after: PhaseSpan
    main: tuple[tuple[str, EffectSize], ...]
    legacy: tuple[tuple[str, EffectSize], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The whole of it on one day. ``at_end`` looks ahead to the day the line ends; it has a reason of its own
    when nothing can be said. ``tendency`` is Mann and Kendall's test over the scores the rules look at.

    ``weeks_for_trend``: so many weeks of one score a week would show the growth to within half of what the
    line asks for, if scores go on varying as they do; None when that cannot be said.
    """

    goal_version: int
    on: date
    report: DefaultReport
    at_end: Forecast
    ends_on: date
    target: float
    tendency: MannKendall
    weeks_for_trend: int | None
    spans: tuple[PhaseSpan, ...]
    comparisons: tuple[PhaseContrast, ...]


def evidence(goal: Goal, points: Sequence[DataPoint], *, on: date) -> Evidence:
    """Return what the scores up to ``on`` carry. Points of other goals and corrected ones are left out."""
    series = phased_series(goal, points_until(goal, points, on))
    report = current_report(goal, points, on=on)
    line = report.segment or goal.aimline.segment_at(on) or goal.first_line
    weeks = [(point.on - line.starts_on).days / 7 for point in report.points]
    scores = [point.score for point in report.points]
    see = report.line.see if report.line is not None else None
    spans = _spans(goal, series)
    return Evidence(
        goal_version=goal.version,
        on=on,
        report=report,
        at_end=forecast(
            weeks,
            scores,
            at=line.weeks,
            goal=line.target,
            direction=goal.direction,
            scale=goal.measure.scale_bounds,
        ),
        ends_on=line.ends_on,
        target=line.target,
        tendency=mann_kendall(scores),
        weeks_for_trend=_weeks_for_trend(see, abs(line.weekly_rate)),
        spans=tuple(span for span, _ in spans),
        comparisons=tuple(_compared(goal, *pair) for pair in pairwise(spans)),
    )


def _weeks_for_trend(see: float | None, pace: float) -> int | None:
    """Return in how many weeks of scores the growth shows to within half of ``pace``.

    Asked in units of that half, for a line may be almost flat and a scale of any size.
    """
    halves = 2 * see / pace if see and pace else inf
    return weeks_needed(halves, 1) if halves < _HOPELESS else None


def _spans(goal: Goal, series: Series) -> list[tuple[PhaseSpan, list[float]]]:
    """Return the phases that have a score, oldest first, with their scores."""
    scores: dict[int, list[float]] = {}
    first: dict[int, date] = {}
    for one in series:
        if one.score is not None:
            index = int(one.phase)
            scores.setdefault(index, []).append(one.score)
            first.setdefault(index, one.on)
    spans = []
    for index in sorted(scores):
        held = scores[index]
        phase = goal.phases[index - 1] if index > 0 else None
        span = PhaseSpan(
            index=index,
            starts_on=_begun(goal, index) or first[index],
            words=phase.words if phase is not None else None,
            n=len(held),
            mean=sum(held) / len(held),
            median=median_of(held),
        )
        spans.append((span, held))
    return spans


def _begun(goal: Goal, index: int) -> date | None:
    """Return the day a phase began. A change from before teaching holds in teaching from its first day on."""
    if index < 0 or goal.introduced_on is None:
        return None
    return max([goal.introduced_on, *(phase.starts_on for phase in goal.phases[:index])])


def _compared(
    goal: Goal, before: tuple[PhaseSpan, list[float]], after: tuple[PhaseSpan, list[float]]
) -> PhaseContrast:
    a, b, way = before[1], after[1], goal.direction
    main: list[tuple[str, EffectSize]] = [
        ("nap", nap(a, b, direction=way)),
        ("tau_bc", tau_bc(a, b, direction=way)),
    ]
    legacy: list[tuple[str, EffectSize]] = [
        (name, index(a, b, direction=way)) for name, index in _LEGACY.items()
    ]
    if goal.measure.kind not in _RANKS_ONLY:
        main.append(("lrr", _log_ratio(goal.measure, a, b, way)))
        legacy.append(("smd", smd(a, b, direction=way)))
    return PhaseContrast(before=before[0], after=after[0], main=tuple(main), legacy=tuple(legacy))


_LEGACY: dict[str, Callable[..., EffectSize]] = {"pnd": pnd, "pem": pem, "pand": pand, "ird": ird}


def _log_ratio(measure: Measure, a: list[float], b: list[float], way: Direction) -> EffectSize:
    """The log response ratio on the measure's own scale, so that means of zero are held away from it."""
    ratio = lrr_increase if way is Direction.INCREASE else lrr_decrease
    if measure.kind in _PERCENTAGES or measure.as_share_of_session:
        parts = measure.trials_per_set or measure.intervals or len(measure.steps) or None
        return ratio(a, b, direction=way, scale="percentage", intervals=parts)
    if measure.kind is K.FREQUENCY:
        return ratio(a, b, direction=way, scale="count")
    if measure.kind is K.RATE and measure.observation_seconds:
        return ratio(a, b, direction=way, scale="rate", observation_length=measure.observation_seconds / 60)
    return ratio(a, b, direction=way)
