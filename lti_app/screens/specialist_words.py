"""The words of the page for specialists: decisions, reasons, flags, sizes, and how often the rules err."""

from __future__ import annotations

from iepcore.language import format_number
from iepcore.progress import Decision
from lti_app.screens.page import Frame

ON_LINE_ONE_LOOK = (6, 10)
ON_LINE_EVERY_WEEK = ((10, 19, 24), (15, 32, 33), (20, 44, 39))
FLAT_ONE_LOOK = ((6, 21, 18), (8, 30, 25), (10, 40, 34), (12, 53, 45), (14, 64, 58))
"""Percent of simulated children told to change by the four-point rule and by the trend rule with an 80
percent interval, by week: docs/explanation/progress/rule-errors.md, made by tests/bench/rule_errors.py."""


def decision_words(frame: Frame, decision: Decision) -> str:
    """Return what a rule points to; never shown without its sentence and numbers."""
    return {
        Decision.CHANGE_INSTRUCTION: frame.words("Points to: a change in teaching"),
        Decision.RAISE_GOAL: frame.words("Points to: a goal that asks for more"),
        Decision.CONTINUE: frame.words("Points to: going on as now"),
        Decision.INSUFFICIENT_DATA: frame.words("Points to nothing yet"),
    }[decision]


def error_rows(frame: Frame) -> list[tuple[str, ...]]:
    """Return how often each rule is wrong, and how often it notices a child who stands still."""
    rows: list[tuple[str, ...]] = [
        (
            frame.words("On the line, one look: wrongly told to change"),
            *(percent(frame, share) for share in ON_LINE_ONE_LOOK),
        )
    ]
    rows += [
        (
            frame.words(
                "On the line, looked at every week: wrongly told to change at least once by week %(week)s",
                week=format_number(week, frame.lang),
            ),
            percent(frame, four),
            percent(frame, trend),
        )
        for week, four, trend in ON_LINE_EVERY_WEEK
    ]
    rows += [
        (
            frame.words(
                "Not growing, one look at week %(week)s: rightly told to change",
                week=format_number(week, frame.lang),
            ),
            percent(frame, four),
            percent(frame, trend),
        )
        for week, four, trend in FLAT_ONE_LOOK
    ]
    return rows


def percent(frame: Frame, share: float) -> str:
    """Return a share in percent as text."""
    return frame.words("%(number)s%%", number=format_number(round(share), frame.lang))


def chance(frame: Frame, probability: float) -> str:
    """Return a probability in percent; one next to 0 or 1 is told as a bound, for nothing is that sure."""
    share = probability * 100
    if share < 1:
        return frame.words("under %(number)s%%", number=format_number(1, frame.lang))
    if share > 99:
        return frame.words("over %(number)s%%", number=format_number(99, frame.lang))
    return percent(frame, share)


def size_words(frame: Frame, name: str) -> str:
    """Return the name of an effect size, its letters first."""
    return {
        "nap": frame.words("NAP, nonoverlap of all pairs"),
        "tau_bc": frame.words("Tau-BC, Tau corrected for the trend of the first phase"),
        "lrr": frame.words("LRR, log response ratio"),
        "pnd": frame.words("PND, share of nonoverlapping data"),
        "pem": frame.words("PEM, share exceeding the median"),
        "pand": frame.words("PAND, share of all nonoverlapping data"),
        "ird": frame.words("IRD, improvement rate difference"),
        "smd": frame.words("SMD, standardized mean difference"),
    }[name]


def reason_words(frame: Frame, reason: str) -> str:
    """Return why a number is missing."""
    words = {
        "insufficient_data": frame.words("too few scores"),
        "no_spread": frame.words("equal scores or one day only: nothing to divide by"),
        "no_ratio": frame.words("a mean without a logarithm"),
        "no_scatter": frame.words("the scores lie exactly on a line and say nothing about uncertainty"),
        "long_extrapolation": frame.words("the day is further ahead than twice the time the scores cover"),
        "no_variation": frame.words("every score is the same"),
        "one_point_phase": frame.words("a phase of one score has no standard error"),
        "out_of_range": frame.words("a score outside the scale"),
    }
    return words.get(reason) or frame.words("cannot be computed from these numbers")


def flag_words(frame: Frame, flag: str) -> str:
    """Return what a forecast is to be read with."""
    return {
        "few_points": frame.words("Fewer than 14 scores: read it with caution."),
        "long_extrapolation": frame.words("The day is far ahead of the scores."),
        "leaves_scale": frame.words("The line leaves the scale; it is shown at its end."),
    }[flag]
