"""The chart of a goal as geometry: numbers and days only; words and number formats come with the reader.

A line of scores is broken where nobody looked for more than three weeks and where a day had nothing to score
(an absence): a line across a gap would claim what nobody saw. What a family saw at home has no score; it
stands on a lane of its own below the scale. One day of several home answers is one mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from iepcore.family import HomeAnswer, HomeObservation
from iepcore.ids import AdultId
from iepcore.plan import DataPoint, Goal, current_points
from iepcore.progress import MeasureKind
from iepcore.reports.scales import Box, DayScale, value_scale

GAP_DAYS = 21
"""More days than this between two scores break the line."""

LANE = 26.0
"""Height of the lane for what was seen at home, in SVG units."""

LEFT, RIGHT, TOP, BOTTOM = 44.0, 14.0, 38.0, 30.0
"""The margins of the drawing: labels of values stand left, phase names above, days below."""

_AHEAD_WEEKS = 4
_WIDE_WEEKS, _COMPACT_WEEKS = (20, 40), (8, 20)
"""The least and the most weeks that a drawing shows of a longer goal."""
_WHOLE = frozenset({MeasureKind.RUBRIC, MeasureKind.FREQUENCY})

Place = tuple[float, float]
"""x and y in SVG units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One score on the chart."""

    x: float
    y: float
    on: date
    value: float
    recorder_id: AdultId


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeMark:
    """What was seen at home on one day, by one adult or several."""

    x: float
    y: float
    on: date
    observations: tuple[HomeObservation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalStar:
    """The target on the day the goal ends."""

    x: float
    y: float
    on: date
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseLine:
    """The day something about the teaching changed. ``key`` names the phase in its room."""

    x: float
    on: date
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartRow:
    """One line of the table beside the chart, oldest first.

    At school ``value`` is the score (None: nothing to score that day) and ``answer`` None; at home it is the
    other way round. ``expected`` is what the line from baseline to target says for that day, None before it.
    """

    on: date
    value: float | None
    expected: float | None
    answer: HomeAnswer | None
    adult_id: AdultId


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing of ``width`` x ``height`` units. ``first_on`` to ``last_on`` are the days it spans.

    ``star`` is None when the goal ends beyond the days that are drawn. ``aim`` has two places, or none
    when the line does not reach into the window. ``segments`` have two places or more each.
    """

    width: int
    height: int
    first_on: date
    last_on: date
    x_ticks: tuple[tuple[float, date], ...]
    y_ticks: tuple[tuple[float, float], ...]
    aim: tuple[Place, ...]
    segments: tuple[tuple[Place, ...], ...]
    dots: tuple[Dot, ...]
    home: tuple[HomeMark, ...]
    star: GoalStar | None
    phases: tuple[PhaseLine, ...]
    rows: tuple[ChartRow, ...]


def chart_of(
    goal: Goal,
    points: Sequence[DataPoint],
    observations: Sequence[HomeObservation],
    *,
    width: int = 720,
    height: int = 300,
    compact: bool = False,
) -> Chart:
    """Return the chart of a goal's standing points (corrected ones are left out) and home observations.

    A goal of up to forty weeks (``compact``, a phone: twenty) is drawn whole. Of a longer one the drawing
    shows that many weeks at most, ending a month after the newest day, so that early scores are not squeezed
    into a corner; it then has no star. The table always holds everything.
    """
    own = [point for point in current_points(points) if point.goal_id == goal.id]
    seen = [one for one in observations if one.goal_id == goal.id and one.is_plotted]
    first, last = _window(goal, own, seen, compact=compact)
    shown = [point for point in own if first <= point.observed_on <= last]
    at_home = [one for one in seen if first <= one.observed_on <= last]

    box = Box(left=LEFT, right=width - RIGHT, top=TOP, bottom=height - BOTTOM - (LANE if seen else 0.0))
    days = DayScale(first=first, last=last, box=box)
    ends = [
        (on, value) for on in _aim_days(goal, first, last) if (value := goal.aimline.value_at(on)) is not None
    ]
    scores = [point.score for point in shown if point.score is not None]
    values = value_scale(
        [*scores, *(value for _, value in ends)] or [goal.baseline, goal.target],
        box,
        bounds=goal.measure.scale_bounds,
        most_ticks=5 if compact else 7,
        whole=goal.measure.kind in _WHOLE,
    )
    dots = tuple(
        Dot(
            x=days.place(point.observed_on),
            y=values.place(point.score),
            on=point.observed_on,
            value=point.score,
            recorder_id=point.recorder_id,
        )
        for point in shown
        if point.score is not None
    )
    absences = [point.observed_on for point in shown if point.score is None]
    star = None
    if first <= goal.ends_on <= last:
        star = GoalStar(
            x=days.place(goal.ends_on), y=values.place(goal.target), on=goal.ends_on, value=goal.target
        )
    return Chart(
        width=width,
        height=height,
        first_on=first,
        last_on=last,
        x_ticks=tuple((days.place(on), on) for on in days.ticks(apart=72.0 if compact else 78.0)),
        y_ticks=tuple((values.place(value), value) for value in values.ticks),
        aim=tuple((days.place(on), values.place(value)) for on, value in ends),
        segments=tuple(_segments(dots, absences)),
        dots=dots,
        home=tuple(_home_marks(at_home, days, y=height - BOTTOM - LANE / 2)),
        star=star,
        phases=(),
        rows=tuple(_rows(goal, own, observations)),
    )


def _window(
    goal: Goal, points: Sequence[DataPoint], seen: Sequence[HomeObservation], *, compact: bool
) -> tuple[date, date]:
    """Return the first and last day to draw; the last is always later."""
    days = [point.observed_on for point in points] + [one.observed_on for one in seen]
    first, last = min([goal.starts_on, *days]), max([goal.ends_on, *days])
    least, most = _COMPACT_WEEKS if compact else _WIDE_WEEKS
    span = (last - first).days
    if span <= most * 7:
        return first, last
    newest = (max(days, default=goal.starts_on) - first).days
    end = min(span, max(newest + _AHEAD_WEEKS * 7, least * 7))
    return first + timedelta(days=max(0, end - most * 7)), first + timedelta(days=end)


def _aim_days(goal: Goal, first: date, last: date) -> tuple[date, ...]:
    """The two days between which the line from baseline to target is drawn, none when it is out of sight."""
    start, end = max(first, goal.starts_on), min(last, goal.ends_on)
    return (start, end) if start < end else ()


def _segments(dots: Sequence[Dot], absences: Sequence[date]) -> Iterable[tuple[Place, ...]]:
    run: list[Place] = [(dots[0].x, dots[0].y)] if dots else []
    for before, after in pairwise(dots):
        if _is_gap(before.on, after.on, absences):
            if len(run) > 1:
                yield tuple(run)
            run = []
        run.append((after.x, after.y))
    if len(run) > 1:
        yield tuple(run)


def _is_gap(before: date, after: date, absences: Sequence[date]) -> bool:
    return (after - before).days > GAP_DAYS or any(before < day < after for day in absences)


def _home_marks(seen: Sequence[HomeObservation], days: DayScale, *, y: float) -> Iterable[HomeMark]:
    ordered = sorted(seen, key=lambda one: (one.observed_on, one.received_at, one.id))
    for on, group in groupby(ordered, key=lambda one: one.observed_on):
        yield HomeMark(x=days.place(on), y=y, on=on, observations=tuple(group))


def _rows(goal: Goal, points: Sequence[DataPoint], observations: Sequence[HomeObservation]) -> list[ChartRow]:
    at_school = [
        ChartRow(
            on=point.observed_on,
            value=point.score,
            expected=goal.aimline.value_at(point.observed_on),
            answer=None,
            adult_id=point.recorder_id,
        )
        for point in points
    ]
    at_home = [
        ChartRow(
            on=one.observed_on,
            value=None,
            expected=goal.aimline.value_at(one.observed_on),
            answer=one.answer,
            adult_id=one.adult_id,
        )
        for one in sorted(observations, key=lambda one: (one.received_at, one.id))
        if one.goal_id == goal.id
    ]
    return sorted(at_school + at_home, key=lambda row: row.on)
