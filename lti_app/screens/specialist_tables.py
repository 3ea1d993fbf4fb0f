"""Tables of the page for specialists: trend, forecast, phases, effect sizes; each number with its range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from iepcore.language import Phrase, format_day, format_number
from iepcore.plan import Goal
from iepcore.progress import DecisionResult, EffectSize
from lti_app.screens.page import Frame
from lti_app.screens.rates import decimals_for, fixed_number, weekly
from lti_app.screens.specialist_words import chance, decision_words, percent, reason_words, size_words

if TYPE_CHECKING:
    from iepcore.plan.weighing import Evidence, PhaseContrast, PhaseSpan

Cell = str | Markup
_NONE = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of numbers: its caption, its columns, and rows whose first cell is their name."""

    caption: Cell
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """One rule: what it points to, its sentence with its numbers, and the scores it looked at."""

    name: str
    points_to: str
    sentence: Markup
    used: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two phases in a row; ``older`` are the sizes kept for older reports."""

    title: Markup
    main: Table
    older: Table


def rule_view(frame: Frame, name: str, result: DecisionResult) -> RuleView:
    """Return one rule as it stands."""
    scores = ", ".join(format_number(point.score, frame.lang) for point in result.points_used)
    used = frame.words(
        "Scores looked at, oldest first: %(scores)s. n = %(n)s, at least %(minimum)s needed.",
        scores=scores or _NONE,
        n=format_number(result.n, frame.lang),
        minimum=format_number(result.minimum, frame.lang),
    )
    return RuleView(
        name=name,
        points_to=decision_words(frame, result.decision),
        sentence=frame.say(Phrase(key=result.sentence_key, params=dict(result.numbers))),
        used=used,
    )


def trend_table(frame: Frame, goal: Goal, found: Evidence) -> Table:
    """Return the trend with its range, what it rests on, and whether the scores rise or fall at all."""
    words = frame.words
    report, test = found.report, found.tendency
    rows: list[tuple[Cell, ...]] = []
    pace = goal.line.weekly_rate
    if report.line is not None and report.line.slope is not None and report.slope_interval is not None:
        slope, (low, high) = report.line.slope, report.slope_interval
        decimals = max(2, decimals_for(slope, low, high))
        rows.append(
            (
                words("Growth, least squares"),
                weekly(frame, goal, slope, decimals),
                words(
                    "%(share)s interval %(low)s to %(high)s, standard error %(se)s",
                    share=percent(frame, report.confidence * 100),
                    low=fixed_number(low, frame.lang, decimals),
                    high=fixed_number(high, frame.lang, decimals),
                    se=_number(frame, report.line.se),
                ),
            )
        )
        rows.append(
            (
                words("Scatter around the trend (SEE)"),
                _number(frame, report.line.see),
                words("in the unit of the scores"),
            )
        )
    else:
        rows.append((words("Growth"), _NONE, words("told from 6 scores on")))
    rows.append((words("Aim line"), weekly(frame, goal, pace, max(2, decimals_for(pace, 0, 0))), ""))
    rows.append(
        (
            words("Scores"),
            words(
                "%(n)s of %(usual)s",
                n=format_number(report.n, frame.lang),
                usual=format_number(report.usual, frame.lang),
            ),
            words("usually needed for a dependable trend (Christ, Zopluoglu et al. 2012)"),
        )
    )
    rows.append(
        (
            words("Weeks needed"),
            _NONE if found.weeks_for_trend is None else format_number(found.weeks_for_trend, frame.lang),
            words("of one score a week, for an interval of half the aim line’s pace to each side"),
        )
    )
    if test.z is None:
        rows.append((words("Mann-Kendall"), _NONE, reason_words(frame, test.reason or "")))
    else:
        rows.append(
            (
                words("Mann-Kendall"),
                f"S = {format_number(test.s or 0, frame.lang)}, {_p(frame, test.p)}",
                words(
                    "does it rise or fall at all? tau-b %(tau)s; exact: %(exact)s",
                    tau=_number(frame, test.tau_b),
                    exact=_p(frame, test.p_exact),
                ),
            )
        )
    rows.append(
        (
            words("Autocorrelation, lag 1"),
            _number(frame, found.at_end.r1),
            words(
                "of what the trend leaves over; %(used)s widens the forecast",
                used=_number(frame, found.at_end.r1_used),
            ),
        )
    )
    return Table(
        caption=words("Trend of the scores since the line’s newest start"),
        columns=_columns(frame),
        rows=tuple(rows),
    )


def ahead_table(frame: Frame, goal: Goal, found: Evidence) -> Table:
    """Return where the trend leads by the end of the line, with both chances and what each answers."""
    words = frame.words
    ahead = found.at_end
    caption = words(
        "If the trend goes on to %(day)s, the end of the line; the goal is %(goal)s",
        day=format_day(found.ends_on, frame.lang),
        goal=format_number(found.target, frame.lang),
    )
    if ahead.p_single_score_meets_goal is None or ahead.p_trend_meets_goal is None:
        missing = (words("Forecast"), _NONE, reason_words(frame, ahead.reason or ""))
        return Table(caption=caption, columns=_columns(frame), rows=(missing,))
    share = percent(frame, ahead.confidence * 100)
    rows = (
        (words("The trend stands at"), _score(frame, ahead.shown), ""),
        (
            words("One score that day, %(share)s interval", share=share),
            _range(frame, ahead.interval),
            words("widened for scores that resemble their neighbours"),
        ),
        (
            words("The same, plain"),
            _range(frame, ahead.plain_interval),
            words("as if every score were independent"),
        ),
        (
            words("The trend itself, %(share)s interval", share=share),
            _range(frame, ahead.line_interval),
            words("widened in the same way"),
        ),
        (
            words("Chance for a single score"),
            chance(frame, ahead.p_single_score_meets_goal),
            words("answers: will one score on that day reach the goal?"),
        ),
        (
            words("Chance for the trend"),
            chance(frame, ahead.p_trend_meets_goal),
            words("answers: will the line under the scores have reached the goal?"),
        ),
    )
    return Table(caption=caption, columns=_columns(frame), rows=rows)


def phases_table(frame: Frame, found: Evidence) -> Table:
    """Return each phase that has a score."""
    return Table(
        caption=frame.words("Scores of each phase"),
        columns=(
            frame.words("Phase"),
            frame.words("From"),
            "n",
            frame.words("Mean"),
            frame.words("Median"),
        ),
        rows=tuple(
            (
                _phase(frame, span),
                format_day(span.starts_on, frame.lang),
                format_number(span.n, frame.lang),
                _score(frame, span.mean),
                _score(frame, span.median),
            )
            for span in found.spans
        ),
    )


def comparison_view(frame: Frame, one: PhaseContrast) -> Comparison:
    """Return how two phases in a row differ."""
    title = escape(frame.words("%(before)s (n = %(m)s), then %(after)s (n = %(n)s)")) % {
        "before": _phase(frame, one.before),
        "m": format_number(one.before.n, frame.lang),
        "after": _phase(frame, one.after),
        "n": format_number(one.after.n, frame.lang),
    }
    return Comparison(
        title=title,
        main=_sizes(frame, Markup("{}: {}").format(frame.words("Effect sizes"), title), one.main),
        older=_sizes(frame, Markup("{}: {}").format(frame.words("Older effect sizes"), title), one.legacy),
    )


def _sizes(frame: Frame, caption: Markup, sizes: Sequence[tuple[str, EffectSize]]) -> Table:
    columns = (
        frame.words("Effect size"),
        frame.words("Value"),
        frame.words("Standard error"),
        frame.words("95%% interval") % (),
        frame.words("Variant, or why it is missing"),
    )
    return Table(
        caption=caption, columns=columns, rows=tuple(_size(frame, name, size) for name, size in sizes)
    )


def _size(frame: Frame, name: str, size: EffectSize) -> tuple[Cell, ...]:
    variant = Markup('<code translate="no">{}</code>').format(size.variant)
    why = escape(reason_words(frame, size.reason)) if size.reason else Markup("")
    return (
        size_words(frame, name),
        _number(frame, size.value),
        _number(frame, size.se),
        _range(frame, size.ci, decimals=3),
        Markup("{} {}").format(variant, why) if why else variant,
    )


def _phase(frame: Frame, span: PhaseSpan) -> Cell:
    if span.words is not None:
        return Markup('<q lang="{}" dir="{}">{}</q>').format(span.words.lang, span.words.dir, span.words.text)
    return frame.words("Before teaching") if span.index < 0 else frame.words("First teaching")


def _columns(frame: Frame) -> tuple[str, ...]:
    return frame.words("Number"), frame.words("Value"), frame.words("What it says")


def _number(frame: Frame, value: float | None) -> str:
    return _NONE if value is None else fixed_number(value, frame.lang, 3)


def _p(frame: Frame, p: float | None) -> str:
    """Return a p value; no test makes one 0."""
    if p is None:
        return _NONE
    least = 0.001
    return f"p < {_number(frame, least)}" if p < least else f"p = {_number(frame, p)}"


def _score(frame: Frame, value: float | None) -> str:
    return _NONE if value is None else format_number(value, frame.lang)


def _range(frame: Frame, ends: tuple[float, float] | None, *, decimals: int = 1) -> str:
    if ends is None:
        return _NONE
    low, high = (fixed_number(end, frame.lang, decimals) for end in ends)
    return frame.words("%(low)s to %(high)s", low=low, high=high)
