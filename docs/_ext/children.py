"""The invented children of the pictures: their scores, their goals, and which points a rule looked at.

Nobody here exists. The lists of scores are those of the examples on the pages (a test compares them), and
what is marked is what the rule itself says it used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta

from drawing import (
    COUNT,
    PERCENT,
    RATE,
    START,
    Picture,
    Scores,
    a_goal,
    changed,
    drawn,
    seen_at_home,
    week,
    weekly,
)

from iepcore.plan import Goal
from iepcore.progress import (
    ConsecutiveCriterion,
    MasteryCriterion,
    Observation,
    ScoredPoint,
    Series,
    baseline_median,
    consecutive_point_rule,
    default_report,
    four_point_flag,
    four_point_rule,
    median_rule,
    period_status,
)

STANDING_STILL = [41, 44, 40, 43, 42, 44, 41, 45, 43, 44]
JUMPING = [43, 40, 52, 38, 55, 44, 47, 58, 46, 57]
BEFORE, AFTER = [12, 14, 11, 13], [14, 17, 19, 18, 22, 21]
ONE_GOOD_DAY = [12, 21, 11, 13]


def _series(scores: Scores) -> Series:
    return Series.of(weekly(scores))


def _days(points: Iterable[ScoredPoint]) -> list[date]:
    return [point.on for point in points]


def _everything() -> Picture:
    scores = [41, 43, 42, None, 44, 43, 45, 46, 48, 47, 50, 52, 51, 54]
    goal = changed(a_goal(40, 60, 24), week(5.5), "in pairs", 43)
    seen = seen_at_home(goal, [week(3.4), week(9.3), week(13)])
    picture = drawn("Reading aloud", goal, weekly(scores), home=seen, with_trend=True)
    # It shows what a picture can hold; its page has another example.
    return replace(picture, scores=())


def _absence() -> Picture:
    scores = [41, 44, 42, None, 46, 45]
    return drawn("A week without a score", a_goal(40, 60, 20), weekly(scores))


def _rising() -> Picture:
    scores = [41, 44, None, 40, 43, 45, 47]
    return drawn("Rising, or luck?", a_goal(40, 60, 20), weekly(scores))


def _baseline() -> Picture:
    scores = [44, 38, 41, 47, 40]
    dated = [(START - timedelta(days=14 - 3 * place), score) for place, score in enumerate(scores)]
    goal = a_goal(baseline_median(scores), 60, 16)
    days = [on for on, _ in dated]
    return drawn("Five probes before the goal begins", goal, dated, marked=days, marked_name="baseline")


def _segments() -> Picture:
    scores = [41, 40, 42, 41, 43, 41, 42, 42, 43, 42, 44, 46, 47, 49, 50, 52]
    goal = changed(a_goal(40, 60, 30), week(10), "pairs, every day", baseline_median(scores[7:10]))
    return drawn("An aim line in two pieces", goal, weekly(scores))


def _finding() -> Picture:
    scores = [42, 44, 43, 47, 46, 49, 47, 51, 50, 52]
    goal = a_goal(40, 70, 24)
    found = period_status(
        _series(scores), goal.aimline, goal.direction, ConsecutiveCriterion(k=3), (START, week(10))
    )
    used = _days(found.points_used)
    return drawn("Close to the line", goal, weekly(scores), marked=used, marked_name="the last three")


def _flag() -> Picture:
    scores = [41, 40, 43, 44]
    goal = a_goal(40, 70, 20)
    flag = four_point_flag(_series(scores), goal.aimline, goal.direction)
    return drawn(
        "Four scores short of the line",
        goal,
        weekly(scores),
        marked=_days(flag.points_used),
        marked_name="looked at by the flag",
    )


def _mastery() -> Picture:
    scores = [60, 85, None, 80, 90, 70, 85, 60, 50]
    dated = weekly(scores)
    found = MasteryCriterion(threshold=80, k=4, n=5).evaluate(
        [Observation(on=on, score=score) for on, score in dated]
    )
    place = found.first_met_index
    met = [on for on, score in dated[: place + 1] if score is not None][-5:]
    goal = a_goal(60, 80, 16, measure=PERCENT)
    return drawn("Four of five at 80 percent", goal, dated, marked=met, marked_name="first met here")


def _by_rule(
    title: str, goal: Goal, scores: Scores, rule: Callable[..., object], *, with_trend: bool = False
) -> Picture:
    found = rule(_series(scores), goal.aimline, goal.direction)
    used = _days(getattr(found, "four_point", found).points_used)
    return drawn(title, goal, weekly(scores), marked=used, with_trend=with_trend)


def _default_report() -> Picture:
    title = "Standing still under a rising line"
    return _by_rule(title, a_goal(40, 85, 30), STANDING_STILL, default_report, with_trend=True)


def _four_points() -> Picture:
    scores = [44, 43, 47, 46, 45, 46, 47, 46]
    return _by_rule("Four points short of the line", a_goal(40, 70, 20), scores, four_point_rule)


def _consecutive() -> Picture:
    scores = [42, 41, 46, 48, 47, 50, 49, 51, 52]
    goal = a_goal(40, 70, 20)
    found = consecutive_point_rule(_series(scores), goal.aimline, goal.direction)
    used = _days(found.points_used)[-int(found.numbers["k"]) :]
    return drawn("Three points short of the line", goal, weekly(scores), marked=used)


def _median() -> Picture:
    scores = [43, 44, 42, 46, 45, 47, 49, 48, 61]
    return _by_rule("The middle of the last three", a_goal(42, 70, 21), scores, median_rule)


def _trend() -> Picture:
    return drawn("A trend with its band", a_goal(40, 85, 30), weekly(JUMPING), with_trend=True)


def _outlier() -> Picture:
    scores = [40, 43, None, 46, 44, 90, 47, 52]
    return drawn("One wild score", a_goal(40, 60, 12), weekly(scores), with_trend=True)


def _forecast() -> Picture:
    return drawn("Where the trend leads", a_goal(40, 70, 20), weekly(JUMPING), with_trend=True)


def _two_phases(title: str, before: Scores, after: Scores, goal: tuple[float, float]) -> Picture:
    taught = week(len(before) + 0.5)
    child = a_goal(*goal, 14, taught_from=taught)
    return drawn(title, child, weekly([*before, *after]), before, after)


def _phases() -> Picture:
    return _two_phases("Before and after a change", BEFORE, AFTER, (13, 30))


def _one_good_day() -> Picture:
    return _two_phases("One good day before the change", ONE_GOOD_DAY, AFTER, (13, 30))


def _half_way() -> Picture:
    return _two_phases("Half of the way", [20, 22, 21], [40, 44, 41, 43], (21, 60))


def _old_line() -> Picture:
    scores = [1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.1, 2.2]
    goal = a_goal(1, 3, 16, measure=RATE, taught_from=week(6.5))
    return drawn("Rising as before", goal, weekly(scores))


def _call_outs() -> Picture:
    before, after = [20, 24, 22], [11, 9, 12, 8]
    goal = a_goal(22, 4, 12, measure=COUNT, falls=True, taught_from=week(3.5))
    return drawn("Fewer call-outs", goal, weekly([*before, *after]), before, after)


PICTURES: dict[str, Callable[[], Picture]] = {
    "everything": _everything,
    "absence": _absence,
    "rising": _rising,
    "baseline": _baseline,
    "segments": _segments,
    "finding": _finding,
    "flag": _flag,
    "mastery": _mastery,
    "default-report": _default_report,
    "four-points": _four_points,
    "consecutive": _consecutive,
    "median": _median,
    "trend": _trend,
    "outlier": _outlier,
    "forecast": _forecast,
    "projected": _trend,
    "phases": _phases,
    "one-good-day": _one_good_day,
    "half-way": _half_way,
    "old-line": _old_line,
    "call-outs": _call_outs,
}
"""Each picture that a page can ask for with ``{chart} name``."""
