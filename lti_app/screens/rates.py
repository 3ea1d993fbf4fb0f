"""Growth in words: so much a week, with decimals enough to tell the ends of its range apart."""

from __future__ import annotations

from iepcore.language import format_number
from iepcore.language.formats import number_format
from iepcore.plan import Goal
from iepcore.progress import DataLevel, DefaultReport, Direction
from iepcore.progress.forecasting import FORECAST_MINIMUM
from lti_app.screens.page import Frame

_MOST_DECIMALS = 3
_STEPS_IN_RANGE = 4


def decimals_for(value: float, low: float, high: float) -> int:
    """Return how many decimals (1 to 3) a rate needs, so that it is not shown as 0 and its range has ends."""
    size, width = abs(value), high - low
    for decimals in range(1, _MOST_DECIMALS):
        unit = 10.0**-decimals * (1 - 1e-9)  # 2.0 - 1.6 is a little less than 0.4
        if (not size or size >= unit) and (not width or width >= _STEPS_IN_RANGE * unit):
            return decimals
    return _MOST_DECIMALS


def fixed_number(value: float, lang: str, decimals: int) -> str:
    """Return a number with exactly so many decimals: 2.0 where 2 would say less than is known."""
    text, signs = format_number(value, lang, decimals=decimals), number_format(lang)
    whole, sign, fraction = text.partition(signs.decimal)
    if not decimals:
        return text
    return f"{whole}{sign or signs.decimal}{fraction}{signs.digits[0] * (decimals - len(fraction))}"


def weekly(frame: Frame, goal: Goal, rate: float, decimals: int) -> str:
    """Return a rate a week in the goal's unit, such as "1.8 words a week"."""
    slots = {"rate": fixed_number(rate, frame.lang, decimals)}
    words = {
        "words_correct_per_minute": frame.words("%(rate)s words a week", **slots),
        "words": frame.words("%(rate)s words a week", **slots),
        "letters": frame.words("%(rate)s letters a week", **slots),
        "problems": frame.words("%(rate)s problems a week", **slots),
        "sentences": frame.words("%(rate)s sentences a week", **slots),
        "steps": frame.words("%(rate)s steps a week", **slots),
        "assignments": frame.words("%(rate)s assignments a week", **slots),
        "digits_correct_per_minute": frame.words("%(rate)s digits a week", **slots),
        "count": frame.words("%(rate)s times a week", **slots),
        "seconds": frame.words("%(rate)s seconds a week", **slots),
        "rubric_level": frame.words("%(rate)s levels a week", **slots),
    }
    if goal.unit_key.startswith("percent"):
        return frame.words("%(rate)s percentage points a week", **slots)
    return words.get(goal.unit_key) or frame.words("%(rate)s a week", **slots)


def growth_words(frame: Frame, goal: Goal, report: DefaultReport) -> str:
    """Return how fast the scores move and how sure that is, then how many scores it rests on.

    Below 6 scores nothing is said of growth but what is missing for it.
    """
    return " ".join(filter(None, (_growth(frame, goal, report), _count(frame, report))))


def _growth(frame: Frame, goal: Goal, report: DefaultReport) -> str:
    if report.line is None or report.line.slope is None or report.slope_interval is None:
        return ""
    slope, (low, high) = report.line.slope, report.slope_interval
    decimals = decimals_for(slope, low, high)
    slots = {
        "rate": weekly(frame, goal, slope, decimals),
        "low": fixed_number(low, frame.lang, decimals),
        "high": fixed_number(high, frame.lang, decimals),
    }
    if goal.direction is Direction.INCREASE and slope > 0:
        return frame.words("Growth %(rate)s, likely between %(low)s and %(high)s.", **slots)
    return frame.words("Change %(rate)s, likely between %(low)s and %(high)s.", **slots)


def _count(frame: Frame, report: DefaultReport) -> str:
    slots = {
        "n": format_number(report.n, frame.lang),
        "usual": format_number(report.usual, frame.lang),
        "first": format_number(FORECAST_MINIMUM, frame.lang),
    }
    if report.level is DataLevel.NO_TREND:
        return frame.words(
            "%(n)s of the %(usual)s scores usually needed; growth is told from %(first)s scores on.", **slots
        )
    if report.level is DataLevel.CAUTION:
        return frame.words("%(n)s of the %(usual)s scores usually needed.", **slots)
    return frame.words("%(n)s scores; %(usual)s are usually needed.", **slots)
