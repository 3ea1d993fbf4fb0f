"""The chart of a goal as geometry: numbers and days only; words and number formats come with the reader.

A line of scores is broken where nobody looked for more than three weeks and where a day had nothing to score
(an absence): a line across a gap would claim what nobody saw. What a family saw at home has no score; it
stands on a lane of its own below the scale. One day of several home answers is one mark.

The trend is drawn only where the default report has one (6 scores or more of the current phase), from its
first score to its last and no further, with the band in which the line itself lies at the report's
confidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from iepcore.family import HomeAnswer, HomeObservation
from iepcore.ids import AdultId
from iepcore.language import FreeText
from iepcore.plan import DataPoint, Goal, current_points, phase_of
from iepcore.plan.current_report import current_report
from iepcore.progress import MeasureKind, t_quantile
from iepcore.reports.scales import Box, DayScale, ValueScale, value_scale

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


TEACHING = "teaching"
"""The key of the phase line where teaching for the goal began."""

_BAND_STEPS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseLine:
    """The day teaching began or changed. ``key`` is ``teaching``, or ``change-1``, ``change-2``, ... for the
    noted changes, whose ``words`` are staff's own."""

    x: float
    on: date
    key: str
    words: FreeText | None = None


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

    ``star`` is None when the goal ends beyond the days that are drawn. ``aims`` has a straight piece of two
    places for each line in force within the window. ``segments`` have two places or more each; a gap, an
    absence or a new phase ends one. ``trend`` has two places or none, ``band`` is the outline around it.
    """

    width: int
    height: int
    first_on: date
    last_on: date
    x_ticks: tuple[tuple[float, date], ...]
    y_ticks: tuple[tuple[float, float], ...]
    aims: tuple[tuple[Place, Place], ...]
    trend: tuple[Place, ...]
    band: tuple[Place, ...]
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
    with_trend: bool = True,
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
    pieces = tuple(_aim_pieces(goal, first, last))
    ends = [end for piece in pieces for end in piece]
    scores = [point.score for point in shown if point.score is not None]
    values = value_scale(
        [*scores, *(value for _, value in ends)] or [goal.line.baseline, goal.line.target],
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
    line = goal.line
    if first <= line.ends_on <= last:
        star = GoalStar(
            x=days.place(line.ends_on), y=values.place(line.target), on=line.ends_on, value=line.target
        )
    trend, band = _trend(goal, own, days, values) if with_trend else ((), ())
    return Chart(
        width=width,
        height=height,
        first_on=first,
        last_on=last,
        x_ticks=tuple((days.place(on), on) for on in days.ticks(apart=72.0 if compact else 78.0)),
        y_ticks=tuple((values.place(value), value) for value in values.ticks),
        aims=tuple(
            (
                (days.place(start[0]), values.place(start[1])),
                (days.place(end[0]), values.place(end[1])),
            )
            for start, end in pieces
        ),
        trend=trend,
        band=band,
        segments=tuple(_segments(goal, dots, absences)),
        dots=dots,
        home=tuple(_home_marks(at_home, days, y=height - BOTTOM - LANE / 2)),
        star=star,
        phases=tuple(_phase_lines(goal, own, days)),
        rows=tuple(_rows(goal, own, observations)),
    )


def _window(
    goal: Goal, points: Sequence[DataPoint], seen: Sequence[HomeObservation], *, compact: bool
) -> tuple[date, date]:
    """Return the first and last day to draw; the last is always later."""
    days = [point.observed_on for point in points] + [one.observed_on for one in seen]
    first, last = min([goal.starts_on, *days]), max([goal.line.ends_on, *days])
    least, most = _COMPACT_WEEKS if compact else _WIDE_WEEKS
    span = (last - first).days
    if span <= most * 7:
        return first, last
    newest = (max(days, default=goal.starts_on) - first).days
    end = min(span, max(newest + _AHEAD_WEEKS * 7, least * 7))
    return first + timedelta(days=max(0, end - most * 7)), first + timedelta(days=end)


def _aim_pieces(
    goal: Goal, first: date, last: date
) -> Iterable[tuple[tuple[date, float], tuple[date, float]]]:
    """Each line in force with the days and values between which it is drawn; none that is out of sight."""
    lines = goal.lines
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        start, end = max(first, line.starts_on), min(last, line.ends_on)
        if following is not None:
            end = min(end, following.starts_on)
        at_start, at_end = line.value_at(start), line.value_at(end)
        if start < end and at_start is not None and at_end is not None:
            yield (start, at_start), (end, at_end)


def _phase_lines(goal: Goal, points: Sequence[DataPoint], days: DayScale) -> Iterable[PhaseLine]:
    """Where teaching began, when scores were taken before it, and every noted change; those within sight."""
    begun = goal.introduced_on
    if (
        begun is not None
        and days.first < begun <= days.last
        and any(point.observed_on < begun and point.score is not None for point in points)
    ):
        yield PhaseLine(x=days.place(begun), on=begun, key=TEACHING)
    for number, phase in enumerate(goal.phases, start=1):
        if days.first <= phase.starts_on <= days.last:
            yield PhaseLine(
                x=days.place(phase.starts_on), on=phase.starts_on, key=f"change-{number}", words=phase.words
            )


def _trend(
    goal: Goal, points: Sequence[DataPoint], days: DayScale, values: ValueScale
) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Return the trend of the default report and the outline of its band, both empty without a trend."""
    known = [*(point.observed_on for point in points), *(phase.starts_on for phase in goal.phases)]
    if not known:
        return (), ()
    report = current_report(goal, points, on=max(known))
    if report.line is None or report.segment is None:
        return (), ()
    start, line = report.segment.starts_on, report.line
    first, last = max(report.points[0].on, days.first), min(report.points[-1].on, days.last)
    if first >= last:
        return (), ()
    from_, to = (first - start).days / 7, (last - start).days / 7
    t = t_quantile((1 + report.confidence) / 2, report.n - 2)
    middle: list[Place] = []
    upper: list[Place] = []
    lower: list[Place] = []
    left, right = days.place(first), days.place(last)
    for step in range(_BAND_STEPS + 1):
        share = step / _BAND_STEPS
        x = round(left + share * (right - left), 1)
        week = from_ + share * (to - from_)
        value, error = line.value_at(week), line.se_mean_at(week)
        assert value is not None  # between the scores, which are within the floats
        assert error is not None  # a line of six scores or more has one
        middle.append((x, values.place(value)))
        upper.append((x, values.place(value + t * error)))
        lower.append((x, values.place(value - t * error)))
    return (middle[0], middle[-1]), (*upper, *reversed(lower))


def _segments(goal: Goal, dots: Sequence[Dot], absences: Sequence[date]) -> Iterable[tuple[Place, ...]]:
    run: list[Place] = [(dots[0].x, dots[0].y)] if dots else []
    for before, after in pairwise(dots):
        if _is_gap(before.on, after.on, absences) or phase_of(goal, before.on) != phase_of(goal, after.on):
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
