"""The chart of a goal as one SVG picture that stands alone: for documents, mail and print.

It draws what a ``Chart`` holds and knows no language: every word and number format is passed in. The
picture carries its own paper and colours, light ones as attributes (so that they hold where styles are taken
away) and dark ones for readers who ask for dark. Nothing is told by colour alone: each part has a shape of
its own. It runs no script and asks for nothing from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from html import escape

from iepcore.progress.checks import refuse
from iepcore.reports.chart import BOTTOM, LEFT, RIGHT, Chart, Dot, Place

_IDENT = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIRST, _LAST = "\u2068", "\u2069"
"""Isolates: each label keeps its own direction."""

_NARROW = 480
_WIDE_SIZE, _NARROW_SIZE = 13.0, 15.5
"""Up to which width a drawing counts as narrow, and the size of its letters."""

_ROW, _KEY, _LETTER, _BETWEEN = 24.0, 34.0, 7.0, 18.0
"""The legend: height of a row, width of a shape, of a letter (about), and of the space behind a name."""

_STAR = "M0-9.5 2.4-3.3 9-2.9 3.9 1.3 5.6 7.7 0 4.1-5.6 7.7-3.9 1.3-9-2.9-2.4-3.3z"
_DIAMOND = "M0-7 7 0 0 7-7 0z"

_DARK = (
    ".paper{fill:#1d2125}.word{fill:#adb6bf}.name{fill:#edf0f2;stroke:#1d2125}.grid{stroke:#363d44}"
    ".axis{stroke:#86909a}.aim{stroke:#adb6bf}.run,.trend{stroke:#76cbc2}.dot{stroke:#76cbc2;fill:#1d2125}"
    ".band,.marked{fill:#76cbc2}.marked{stroke:#1d2125}.house{fill:#f1aa7b;stroke:#1d2125}"
    ".phase{stroke:#edf0f2}.goal{fill:#c5b2f5;stroke:#1d2125}"
)
_FORCED = (
    ".paper,.dot{fill:Canvas}.word,.name{fill:CanvasText;stroke:none}.grid,.axis,.aim,.phase{stroke:CanvasText}"
    ".run,.trend,.dot{stroke:Highlight}.marked,.house,.goal{fill:CanvasText}.band{fill:GrayText}"
)


class ChartPart(StrEnum):
    """What can have a name in the legend, in the order in which it stands there."""

    SCORE = "score"
    MARKED = "marked"
    HOME = "home"
    AIM = "aim"
    BAND = "band"
    GOAL = "goal"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartLabels:
    """Every word of a picture, in the reader's language.

    ``title`` says what the picture shows, ``desc`` what a person would say who looks at it. ``day`` and
    ``value`` write a day and a score. ``goal`` stands at the star; when the goal ends beyond the drawing, put
    its day in, for it then stands above the plot. ``phases`` names each phase line by its key. Parts without
    a name in ``legend`` are left out of it. ``lang`` is the tag of the language ("" when not known).
    """

    title: str
    desc: str
    day: Callable[[date], str]
    value: Callable[[float], str]
    goal: str
    phases: Mapping[str, str] = field(default_factory=dict)
    legend: Mapping[ChartPart, str] = field(default_factory=dict)
    lang: str = ""


def svg_of(chart: Chart, labels: ChartLabels, *, ident: str = "chart", marked: Collection[date] = ()) -> str:
    """Return ``chart`` as the text of one ``<svg>`` element, ready for a file or for the body of a page.

    ``marked`` are days whose scores get another shape, such as those that a rule looked at. ``ident`` begins
    the ids of title and description: give each picture of one page its own.

    Raises:
        InvalidValue: ``not_a_key`` when ``ident`` is not a letter followed by letters, digits and hyphens.
    """
    if not _IDENT.fullmatch(ident):
        raise refuse("not_a_key", "ident")
    legend, height = _legend(chart, labels, frozenset(marked))
    whole = chart.height + height
    lang = f' lang="{_said(labels.lang)}"' if labels.lang else ""
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="goal-plot" role="img"{lang} direction="ltr"'
            f' viewBox="0 0 {chart.width} {whole:g}" width="{chart.width}" height="{whole:g}"'
            f' aria-labelledby="{ident}-title {ident}-desc"'
            f' font-family="system-ui, sans-serif" font-size="{_size(chart):g}">',
            f'<title id="{ident}-title">{_said(labels.title)}</title>',
            f'<desc id="{ident}-desc">{_said(labels.desc)}</desc>',
            _style(),
            f'<rect class="paper" width="{chart.width}" height="{whole:g}" rx="8" fill="#ffffff"/>',
            *_frame(chart, labels),
            *_data(chart, labels, frozenset(marked)),
            *legend,
            "</svg>",
        )
    )


def _size(chart: Chart) -> float:
    return _NARROW_SIZE if chart.width <= _NARROW else _WIDE_SIZE


def _frame(chart: Chart, labels: ChartLabels) -> Iterable[str]:
    """The grid with its values, and the axis with its days."""
    bottom, right = chart.height - BOTTOM, chart.width - RIGHT
    for y, value in chart.y_ticks:
        yield _line("grid", LEFT, y, right, y)
        yield _text("word", LEFT - 6, y + 4.5, labels.value(value), "end")
    yield _line("axis", LEFT, bottom, right, bottom)
    for x, on in chart.x_ticks:
        yield _line("axis", x, bottom, x, bottom + 5)
        anchor = "end" if x > right - 24 else "start" if x < LEFT + 16 else "middle"
        yield _text("word", x, chart.height - 8, labels.day(on), anchor)


def _data(chart: Chart, labels: ChartLabels, marked: frozenset[date]) -> Iterable[str]:
    """Everything that is about the child, the newest layer on top."""
    middle = chart.width / 2
    for number, phase in enumerate(chart.phases):
        # Names stand in two rows by turns, so that neighbours do not touch; a goal beyond takes the first.
        low = 16.0 if chart.star is None else 16.0 * (number % 2)
        is_late = phase.x > chart.width * 0.6
        yield _line("phase", phase.x, 8 + low, phase.x, chart.height - BOTTOM)
        name = labels.phases.get(phase.key, "")
        yield _text("name", phase.x + (-6 if is_late else 6), 17 + low, name, "end" if is_late else "start")
    if chart.band:
        yield f'<polygon {_DRESS["band"]} points="{_points(chart.band)}"/>'
    yield from (_polyline("aim", piece) for piece in chart.aims)
    if chart.trend:
        yield _polyline("trend", chart.trend)
    yield from (_polyline("run", run) for run in chart.segments)
    for dot in chart.dots:
        yield _dot(dot, labels, is_marked=dot.on in marked)
    for mark in chart.home:
        yield _shape("house", mark.x, mark.y, labels.day(mark.on))
    if chart.star is None:
        yield _shape("goal", chart.width - RIGHT - 8, 17, labels.goal)
        yield _text("name", chart.width - RIGHT - 24, 22, labels.goal, "end")
    else:
        is_right = chart.star.x > middle
        yield _shape("goal", chart.star.x, chart.star.y, labels.goal)
        beside = chart.star.x + (8 if is_right else -8)
        yield _text("name", beside, chart.star.y - 14, labels.goal, "end" if is_right else "start")


def _legend(chart: Chart, labels: ChartLabels, marked: frozenset[date]) -> tuple[list[str], float]:
    """The shapes with their names, in rows below the plot, and the height they take."""
    there = {
        ChartPart.SCORE: bool(chart.dots),
        ChartPart.MARKED: any(dot.on in marked for dot in chart.dots),
        ChartPart.HOME: bool(chart.home),
        ChartPart.AIM: bool(chart.aims),
        ChartPart.BAND: bool(chart.band),
        ChartPart.GOAL: True,
    }
    drawn: list[str] = []
    letter = _LETTER * _size(chart) / _WIDE_SIZE
    x, row = LEFT, 0
    for part in ChartPart:
        name = labels.legend.get(part)
        if not name or not there[part]:
            continue
        width = _KEY + letter * len(name) + _BETWEEN
        if x > LEFT and x + width - _BETWEEN > chart.width:
            x, row = LEFT, row + 1
        y = chart.height + _ROW * row + 10
        drawn += (*_key(part, x + 13, y), _text("word", x + _KEY, y + 4.5, name, "start"))
        x += width
    return drawn, _ROW * (row + 1) + 2 if drawn else 0.0


def _key(part: ChartPart, x: float, y: float) -> Iterable[str]:
    """The shape of one part, as it stands in the legend."""
    along = ((x - 13, y), (x + 13, y))
    match part:
        case ChartPart.SCORE:
            yield _polyline("run", along)
            yield f'<circle cx="{x:g}" cy="{y:g}" {_DRESS["dot"]} r="4.5"/>'
        case ChartPart.AIM:
            yield _polyline("aim", along)
        case ChartPart.BAND:
            yield f'<rect {_DRESS["band"]} x="{x - 13:g}" y="{y - 6:g}" width="26" height="12"/>'
            yield _polyline("trend", along)
        case ChartPart.MARKED:
            yield _shape("marked", x, y)
        case ChartPart.HOME:
            yield _shape("house", x, y)
        case _:
            yield _shape("goal", x, y)


_DRESS = {
    "grid": 'class="grid" stroke="#e5ddcf"',
    "axis": 'class="axis" stroke="#8a8172" stroke-width="1.25"',
    "phase": 'class="phase" stroke="#1f2a33" stroke-width="1.25"',
    "aim": 'class="aim" fill="none" stroke="#545f6b" stroke-width="2" stroke-dasharray="7 5"',
    "trend": 'class="trend" fill="none" stroke="#0b625c" stroke-width="1.25" stroke-dasharray="2 3"',
    "run": 'class="run" fill="none" stroke="#0b625c" stroke-width="2.25" stroke-linejoin="round"',
    "dot": 'class="dot" fill="#ffffff" stroke="#0b625c" stroke-width="2.5"',
    "marked": 'class="marked" fill="#0b625c" stroke="#ffffff" stroke-width="1"',
    "band": 'class="band" fill="#0b625c" fill-opacity="0.15"',
    "house": 'class="house" fill="#9c430b" stroke="#ffffff" stroke-width="1.5"',
    "goal": 'class="goal" fill="#573a98" stroke="#ffffff" stroke-width="1.5"',
    "word": 'class="word" fill="#545f6b"',
    "name": 'class="name" fill="#1f2a33" font-weight="600" paint-order="stroke" stroke="#ffffff"'
    ' stroke-width="4" stroke-linejoin="round"',
}
"""How each part looks on light paper."""

_SHAPES = {
    "house": '<rect {} x="{:g}" y="{:g}" width="12" height="12" rx="2">{}</rect>',
    "goal": f'<path {{}} transform="translate({{:g}} {{:g}})" d="{_STAR}">{{}}</path>',
    "marked": f'<path {{}} transform="translate({{:g}} {{:g}})" d="{_DIAMOND}">{{}}</path>',
}


def _style() -> str:
    """The colours for dark readers and for those who bring their own, kept to this kind of picture."""
    dark, forced = (re.sub(r"(?<=[},])\.|^\.", ".goal-plot .", rules) for rules in (_DARK, _FORCED))
    return (
        f"<style>@media screen and (prefers-color-scheme:dark){{{dark}}}"
        f"@media (forced-colors:active){{{forced}}}</style>"
    )


def _dot(dot: Dot, labels: ChartLabels, *, is_marked: bool) -> str:
    said = f"{labels.day(dot.on)}: {labels.value(dot.value)}"
    if is_marked:
        return _shape("marked", dot.x, dot.y, said)
    return f'<circle {_DRESS["dot"]} cx="{dot.x:g}" cy="{dot.y:g}" r="5">{_tip(said)}</circle>'


def _shape(part: str, x: float, y: float, said: str = "") -> str:
    corner = 6 if part == "house" else 0
    return _SHAPES[part].format(_DRESS[part], x - corner, y - corner, _tip(said))


def _tip(said: str) -> str:
    return f"<title>{_said(said)}</title>" if said else ""


def _line(part: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line {_DRESS[part]} x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"/>'


def _polyline(part: str, places: Sequence[Place]) -> str:
    return f'<polyline {_DRESS[part]} points="{_points(places)}"/>'


def _points(places: Sequence[Place]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)


def _text(part: str, x: float, y: float, words: str, anchor: str) -> str:
    if not words:
        return ""
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}"'
    return f"<text {_DRESS[part]} {place}>{_FIRST}{_said(words)}{_LAST}</text>"


def _said(words: str) -> str:
    """Words as the text of an element: escaped, without characters that XML cannot hold."""
    return escape(_NOT_XML.sub("", words))
