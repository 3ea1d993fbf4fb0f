"""What a goal's own screen says beside the finding: its numbers in one line, the trend, where lines start."""

from __future__ import annotations

from markupsafe import Markup, escape

from iepcore.language import Phrase, format_day, format_number
from iepcore.plan import Finding, Goal
from iepcore.progress import DefaultReport, FindingWord
from iepcore.progress.trend_rules import SHOWN_WEEKS
from lti_app.screens.page import Frame


def middle_words(frame: Frame, finding: Finding) -> Markup | None:
    """Return the middle of the last three scores beside the aim line; None where another rule spoke."""
    status = finding.status
    if (
        finding.word is FindingWord.MET
        or status.median_of_last_three is None
        or status.expected_value is None
        or status.last_on is None
    ):
        return None
    return escape(
        frame.words(
            "Middle of the last 3 scores (%(median)s) against the aim line on %(day)s (%(expected)s).",
            median=format_number(status.median_of_last_three, frame.lang),
            day=format_day(status.last_on, frame.lang, style="short"),
            expected=format_number(status.expected_value, frame.lang),
        )
    )


def trend_lines(frame: Frame, report: DefaultReport) -> list[Markup]:
    """Return the trend with its interval, and how far so many scores carry it."""
    lines = []
    if report.line is not None and report.line.slope is not None and report.slope_interval is not None:
        low, high = report.slope_interval
        slots = {
            "weeks": SHOWN_WEEKS,
            "trend": report.line.slope * SHOWN_WEEKS,
            "low": low * SHOWN_WEEKS,
            "high": high * SHOWN_WEEKS,
            "confidence": report.confidence * 100,
        }
        lines.append(frame.say(Phrase(key="rule.trend", params=slots)))
    count = {"n": report.n, "usual": report.usual}
    return [*lines, frame.say(Phrase(key=f"rule.points.{report.level}", params=count))]


def start_lines(frame: Frame, goal: Goal) -> list[Markup]:
    """Return where the line ran before, and what staff noted at each new start; nothing without a change."""
    if not goal.phases:
        return []
    lang = frame.lang
    first = frame.words(
        "The first line went from %(baseline)s on %(start)s to %(target)s on %(end)s.",
        baseline=format_number(goal.baseline, lang),
        start=format_day(goal.starts_on, lang),
        target=format_number(goal.target, lang),
        end=format_day(goal.ends_on, lang),
    )
    lines = [escape(first)]
    for phase in goal.phases:
        own = Markup('<q lang="{}" dir="{}">{}</q>').format(
            phase.words.lang, phase.words.dir, phase.words.text
        )
        slots = {"day": format_day(phase.starts_on, lang), "words": own}
        slots["baseline"] = format_number(phase.baseline, lang)
        said = frame.words("From %(day)s: %(words)s. The line started again at %(baseline)s.")
        lines.append(escape(said) % slots)
    lines.append(
        escape(frame.words("Growth is counted from the newest start. Older scores stay on the chart."))
    )
    return lines
