"""A goal's chart in the reader's language: the domain's geometry with the labels the chart macro wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from iepcore.caseload import GoalCard
from iepcore.family import HomeAnswer, HomeObservation
from iepcore.family.updates import value_phrase
from iepcore.ids import AdultId
from iepcore.language import Phrase, format_day, format_number, render
from iepcore.plan import DataPoint, Goal
from iepcore.reports import TEACHING, Chart, ChartRow, HomeMark, PhaseLine, Place, chart_of, sparkline_of
from lti_app.screens.bubbles import same_language
from lti_app.screens.page import Frame

Label = tuple[float, str]
Mark = tuple[float, float, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnChart:
    """What ``components/chart.html`` draws; see its words for every field."""

    width: int
    height: int
    x_ticks: tuple[Label, ...]
    y_ticks: tuple[Label, ...]
    aims: tuple[str, ...]
    segments: tuple[str, ...]
    dots: tuple[Mark, ...]
    home: tuple[Mark, ...]
    phases: tuple[Label, ...]
    goal: Mark | None
    title: str
    desc: str
    columns: tuple[str, str, str, str]
    rows: tuple[tuple[str, str, str, str], ...]
    onward: str
    trend: str = ""
    band: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalCharts:
    """The same chart for a wide and for a narrow box, and the names of its parts."""

    wide: DrawnChart
    phone: DrawnChart
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnSpark:
    """What the sparkline macro draws. ``kind`` is the finding's word."""

    points: str
    aim: str
    end: Place
    kind: str


def goal_charts(
    frame: Frame,
    goal: Goal,
    points: Sequence[DataPoint],
    observations: Sequence[HomeObservation],
    *,
    title: str,
    names: Mapping[AdultId, str] | None = None,
    with_trend: bool = True,
) -> GoalCharts:
    """Return a goal's chart for both boxes. ``title`` is the finding as a sentence.

    ``names`` say who recorded or saw something; whoever is not named is "at school" or "at home". A family's
    chart goes without the trend.
    """
    known = names or {}
    wide = chart_of(goal, points, observations, width=720, height=300, with_trend=with_trend)
    phone = chart_of(goal, points, observations, width=360, height=280, compact=True, with_trend=with_trend)
    return GoalCharts(
        wide=_drawn(frame, goal, wide, title, known),
        phone=_drawn(frame, goal, phone, title, known),
        words={
            "school": frame.words("at school"),
            "home": frame.words("seen at home"),
            "aim": frame.words("the path to the goal"),
            "goal": frame.words("goal"),
            "band": frame.words("the trend, and where it likely lies"),
            "table": frame.words("Show as a table"),
        },
    )


def spark(card: GoalCard) -> DrawnSpark | None:
    """Return the small line of a card, or None when there is no score to draw."""
    line = sparkline_of(card.goal, card.points)
    if line is None:
        return None
    return DrawnSpark(
        points=_line(line.points), aim=_line(line.aim), end=line.end, kind=card.finding.word.value
    )


def value_words(frame: Frame, goal: Goal, value: float) -> str:
    """Return a score with its unit as plain text, such as "58 words in a minute"."""
    return render(value_phrase(goal, value), frame.lang, isolate=False).text


def answer_words(frame: Frame, answer: HomeAnswer) -> str:
    """Return what was answered at home as plain text."""
    return render(Phrase(key=f"home.{answer.value}"), frame.lang, isolate=False).text


def _drawn(frame: Frame, goal: Goal, chart: Chart, title: str, names: Mapping[AdultId, str]) -> DrawnChart:
    lang = frame.lang
    unit = render(Phrase(key=f"unit.{goal.unit_key}"), lang, isolate=False).text
    target = format_number(goal.line.target, lang)
    star, onward = None, ""
    if chart.star is not None:
        star = (chart.star.x, chart.star.y, frame.words("Goal %(value)s", value=target))
    else:
        end = format_day(goal.line.ends_on, lang)
        onward = frame.words("Goal %(value)s on %(day)s", value=target, day=end)
    return DrawnChart(
        width=chart.width,
        height=chart.height,
        x_ticks=tuple((x, format_day(on, lang, style="short")) for x, on in chart.x_ticks),
        y_ticks=tuple((y, format_number(value, lang)) for y, value in chart.y_ticks),
        aims=tuple(_line(piece) for piece in chart.aims),
        trend=_line(chart.trend),
        band=_line(chart.band),
        segments=tuple(_line(run) for run in chart.segments),
        dots=tuple(
            (dot.x, dot.y, f"{format_day(dot.on, lang)}: {value_words(frame, goal, dot.value)}")
            for dot in chart.dots
        ),
        home=tuple((mark.x, mark.y, _home_label(frame, mark, names)) for mark in chart.home),
        phases=tuple((one.x, phase_words(frame, one)) for one in chart.phases),
        goal=star,
        onward=onward,
        title=title,
        desc=_description(frame, goal, chart),
        columns=(frame.words("Day"), unit, frame.words("Expected"), frame.words("Where")),
        rows=tuple(_row(frame, row, names) for row in chart.rows),
    )


def phase_words(frame: Frame, phase: PhaseLine) -> str:
    """Return the name of a phase line: staff's own words to who reads their language, ours to others."""
    if phase.words is not None and same_language(phase.words.lang, frame.lang):
        return phase.words.text
    return frame.words("Teaching begins") if phase.key == TEACHING else frame.words("Teaching changes")


def _description(frame: Frame, goal: Goal, chart: Chart) -> str:
    """What a person would say who looks at it: how many scores, from what to what, the path beside, and what
    changed on the way."""
    lang = frame.lang
    said = [frame.words("No score yet.")]
    if chart.dots:
        said = [
            frame.count_words(
                "%(number)s score, from %(first)s to %(last)s.",
                "%(number)s scores, from %(first)s to %(last)s.",
                len(chart.dots),
                first=format_number(chart.dots[0].value, lang),
                last=format_number(chart.dots[-1].value, lang),
            )
        ]
    for line in goal.lines:
        said.append(
            frame.words(
                "The path goes from %(baseline)s on %(start)s to %(target)s on %(end)s.",
                baseline=format_number(line.baseline, lang),
                start=format_day(line.starts_on, lang),
                target=format_number(line.target, lang),
                end=format_day(line.ends_on, lang),
            )
        )
    said += [
        frame.words("%(day)s: %(change)s.", day=format_day(one.on, lang), change=phase_words(frame, one))
        for one in chart.phases
    ]
    if chart.trend:
        said.append(frame.words("The trend of the scores is drawn with a band around it."))
    return " ".join(said)


def _home_label(frame: Frame, mark: HomeMark, names: Mapping[AdultId, str]) -> str:
    said = [
        f"{names[one.adult_id]}: {answer_words(frame, one.answer)}"
        if one.adult_id in names
        else answer_words(frame, one.answer)
        for one in mark.observations
    ]
    return f"{format_day(mark.on, frame.lang)}: {'; '.join(said)}"


def _row(frame: Frame, row: ChartRow, names: Mapping[AdultId, str]) -> tuple[str, str, str, str]:
    lang = frame.lang
    place = frame.words("At school") if row.answer is None else frame.words("At home")
    name = names.get(row.adult_id)
    expected = "" if row.expected is None else format_number(row.expected, lang)
    if row.answer is not None:
        value, expected = answer_words(frame, row.answer), ""
    elif row.value is None:
        value = frame.words("No chance to try")
    else:
        value = format_number(row.value, lang)
    return format_day(row.on, lang), value, expected, f"{place} · {name}" if name else place


def _line(places: Sequence[Place]) -> str:
    """Return places as SVG wants them: "x,y x,y"."""
    return " ".join(f"{x:g},{y:g}" for x, y in places)
