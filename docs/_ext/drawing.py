"""From an invented child's scores to a picture: a real goal, real points, the library's own chart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from iepcore.family import HomeAnswer, HomeObservation
from iepcore.ids import AdultId, ClientKey, GoalId, ObservationId, PointId, StudentId
from iepcore.language import FreeText
from iepcore.plan import DataPoint, Goal, GoalPhase
from iepcore.progress import CbmTask, ConsecutiveCriterion, CountReading, Direction, Measure, MeasureKind
from iepcore.reports import TEACHING, Chart, ChartLabels, ChartPart, chart_of

Scores = Sequence[float | None]
Dated = Sequence[tuple[date, float | None]]

START = date(2026, 9, 7)
READING = Measure(kind=MeasureKind.CBM, cbm_task=CbmTask.ORAL_READING)
RATE = Measure(kind=MeasureKind.RATE)
COUNT = Measure(kind=MeasureKind.FREQUENCY)
PERCENT = Measure(kind=MeasureKind.PERCENT_CORRECT)

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOON = datetime.combine(START, time(12), tzinfo=UTC)
_NOBODY = AdultId(UUID(int=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The drawings for wide and narrow pages with their words; ``scores`` are as the page shows them."""

    wide: Chart
    narrow: Chart
    labels: ChartLabels
    marked: frozenset[date]
    scores: tuple[Scores, ...]


def day_words(on: date) -> str:
    """Return a day as these pages write it."""
    return f"{on.day} {_MONTHS[on.month - 1]}"


def week(number: float) -> date:
    """Return the day so many weeks after the first Monday of September."""
    return START + timedelta(days=round(7 * number))


def weekly(scores: Scores, first: int = 1) -> list[tuple[date, float | None]]:
    """Return one score a week from week ``first`` on."""
    return [(week(number), score) for number, score in enumerate(scores, first)]


def a_goal(
    baseline: float,
    target: float,
    weeks: int,
    *,
    measure: Measure = READING,
    falls: bool = False,
    taught_from: date | None = None,
) -> Goal:
    """Return a goal from the first Monday of September on; teaching begins with it, or when it is said."""
    return Goal(
        id=GoalId(UUID(int=2)),
        student_id=StudentId(UUID(int=3)),
        area="academic",
        text=FreeText(text="An invented goal.", lang="en"),
        measure=measure,
        baseline=baseline,
        target=target,
        direction=Direction.DECREASE if falls else Direction.INCREASE,
        criterion=ConsecutiveCriterion(k=3),
        starts_on=START,
        ends_on=week(weeks),
        created_by=_NOBODY,
        created_at=_NOON,
        skill_words=FreeText(text="Invented.", lang="en"),
        introduced_on=taught_from or START,
    )


def changed(goal: Goal, on: date, words: str, baseline: float) -> Goal:
    """Return the goal with a change of teaching: a new piece of line from ``baseline`` to the same target."""
    change = GoalPhase(
        starts_on=on,
        words=FreeText(text=words, lang="en"),
        baseline=baseline,
        target=goal.target,
        ends_on=goal.ends_on,
        noted_by=_NOBODY,
        noted_at=_NOON,
    )
    return replace(goal, phases=(*goal.phases, change))


def points_of(goal: Goal, dated: Dated) -> list[DataPoint]:
    """Return the recorded points of dated scores."""
    return [
        DataPoint(
            id=PointId(UUID(int=100 + number)),
            goal_id=goal.id,
            goal_version=goal.version,
            student_id=goal.student_id,
            recorder_id=_NOBODY,
            client_key=ClientKey(UUID(int=100 + number)),
            reading=CountReading(count=0),
            score=score,
            observed_on=on,
            observed_at=_NOON,
            received_at=_NOON,
        )
        for number, (on, score) in enumerate(dated)
    ]


def seen_at_home(goal: Goal, days: Sequence[date]) -> list[HomeObservation]:
    """Return what a family saw on some days."""
    return [
        HomeObservation(
            id=ObservationId(UUID(int=200 + number)),
            student_id=goal.student_id,
            goal_id=goal.id,
            adult_id=_NOBODY,
            answer=HomeAnswer.YES_ALONE,
            observed_on=on,
            client_key=ClientKey(UUID(int=200 + number)),
            received_at=_NOON,
        )
        for number, on in enumerate(days)
    ]


def drawn(
    title: str,
    goal: Goal,
    dated: Dated,
    *shown: Scores,
    marked: Collection[date] = (),
    marked_name: str = "looked at by the rule",
    home: Sequence[HomeObservation] = (),
    with_trend: bool = False,
) -> Picture:
    """Return the picture of dated scores. ``shown`` are the lists that the page's example uses."""
    points = points_of(goal, dated)
    there = [score for _, score in dated if score is not None]
    names = {TEACHING: "teaching begins"}
    names |= {f"change-{number}": phase.words.text for number, phase in enumerate(goal.phases, 1)}
    wide = chart_of(goal, points, home, width=720, height=280, with_trend=with_trend)
    said = [f"{len(there)} scores, the first {there[0]:g}, the last {there[-1]:g}."]
    said += [
        f"The aim line goes from {line.baseline:g} on {day_words(line.starts_on)} to {line.target:g} on"
        f" {day_words(line.ends_on)}."
        for line in goal.lines
    ]
    said += [f"{day_words(line.on)}: {names[line.key]}." for line in wide.phases]
    if home:
        said.append(f"Seen at home on {', '.join(day_words(one.observed_on) for one in home)}.")
    if marked:
        said.append(f"Marked: {', '.join(day_words(on) for on in sorted(marked))}.")
    labels = ChartLabels(
        title=title,
        desc=" ".join(said),
        day=day_words,
        value=lambda value: f"{value:g}",
        goal=f"Goal {goal.line.target:g}" + ("" if wide.star else f" on {day_words(goal.line.ends_on)}"),
        phases=names,
        legend={
            ChartPart.SCORE: "score",
            ChartPart.MARKED: marked_name,
            ChartPart.HOME: "seen at home",
            ChartPart.AIM: "aim line",
            ChartPart.BAND: "trend, 80 percent",
            ChartPart.GOAL: "goal",
        },
        lang="en",
    )
    return Picture(
        wide=wide,
        narrow=chart_of(goal, points, home, width=360, height=280, compact=True, with_trend=with_trend),
        labels=labels,
        marked=frozenset(marked),
        scores=shown or ([score for _, score in dated],),
    )
