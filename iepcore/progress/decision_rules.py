"""Rules that compare the last points with the aimline: the four-point flag, data-point rules, median rule.

A point exactly on the line is on neither side. Missing days do not break a run of scored points.
The flag (domain guide 2.5) only says "team review suggested"; the rules (progress science, section 5)
need more data and answer with one of four decisions. They are independent of each other.
"""

from __future__ import annotations

from dataclasses import dataclass

from iepcore.progress.aimlines import AnyAimline
from iepcore.progress.checks import check_whole
from iepcore.progress.comparison import Direction
from iepcore.progress.judging import insufficient, judged_points, sides_of_points
from iepcore.progress.rule_results import DECISION_OF_SIDE, Decision, DecisionResult
from iepcore.progress.series import ScoredPoint, Series
from iepcore.progress.slope_medians import middle_of

_FOUR = 4
_MEDIAN_POINTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagResult:
    """Whether the last four points are all on the wrong side.

    ``reason`` is ``all_on_wrong_side``, ``not_all_on_wrong_side`` or ``insufficient_data``; ``sides`` holds
    -1 (wrong side), 0 (on the line) or 1 for each of ``points_used``; ``n`` counts all points judged.
    """

    is_flagged: bool
    reason: str
    n: int
    points_used: tuple[ScoredPoint, ...]
    sides: tuple[int, ...]


def four_point_flag(series: Series, aimline: AnyAimline, direction: Direction) -> FlagResult:
    """Flag a goal whose last four scored points all lie strictly on the wrong side of the aimline.

    Each point is compared with the line in force on its day; points before the line starts are not judged.
    """
    points, sides = sides_of_points(series, aimline, direction)
    used, last = points[-_FOUR:], sides[-_FOUR:]
    if len(used) < _FOUR:
        flagged, reason = False, "insufficient_data"
    elif _run_length(last, -1) == _FOUR:
        flagged, reason = True, "all_on_wrong_side"
    else:
        flagged, reason = False, "not_all_on_wrong_side"
    return FlagResult(is_flagged=flagged, reason=reason, n=len(points), points_used=used, sides=last)


def four_point_rule(
    series: Series,
    aimline: AnyAimline,
    direction: Direction,
    *,
    minimum: int = 6,
    minimum_weeks: int | None = None,
) -> DecisionResult:
    """Decide by the last four scored points: all on the wrong side, change; all on the good side, raise.

    At least ``minimum`` points after the baseline day are needed, in the current segment of the aimline and
    the current phase, and ``minimum_weeks`` from that day to the last point where given (usually 3). Checked
    every week, the rule raises a false alarm for about 19 % of children exactly on the line by week 10 and
    44 % by week 20 (progress science, section 5): show it with the trend and its uncertainty.

    Raises:
        InvalidValue: a number's own code for ``minimum`` or ``minimum_weeks``.
    """
    return _run_rule("four_point_rule", series, aimline, direction, _FOUR, _FOUR, minimum, minimum_weeks)


def consecutive_point_rule(
    series: Series,
    aimline: AnyAimline,
    direction: Direction,
    *,
    k_change: int = 3,
    k_raise: int = 6,
    minimum: int = 6,
    minimum_weeks: int | None = None,
) -> DecisionResult:
    """Decide like ``four_point_rule`` by the last ``k_change`` points to change and ``k_raise`` to raise.

    Presets: (3, 6) University of Minnesota, (3, 3) U.S. Department of Education workshop.

    Raises:
        InvalidValue: a number's own code for the settings.
    """
    check_whole(k_change, "k_change", low=1)
    check_whole(k_raise, "k_raise", low=1)
    return _run_rule(
        "consecutive_point_rule", series, aimline, direction, k_change, k_raise, minimum, minimum_weeks
    )


def median_rule(
    series: Series,
    aimline: AnyAimline,
    direction: Direction,
    *,
    minimum: int = 6,
    minimum_weeks: int | None = None,
) -> DecisionResult:
    """Decide by the median of the last 3 scored points against the line on the day of the last one.

    On the wrong side, change; on the good side, raise; exactly on the line, continue (Ardoin et al. 2013; Van
    Norman & Christ 2016). One outlier among the three does not turn it.

    Raises:
        InvalidValue: a number's own code for ``minimum`` or ``minimum_weeks``.
    """
    needed = max(check_whole(minimum, "minimum", low=1), _MEDIAN_POINTS)
    judged = judged_points(series, aimline, direction)
    short = insufficient("median_rule", judged, needed, minimum_weeks)
    if short is not None:
        return short
    last = judged.points[-_MEDIAN_POINTS:]
    middle, day = middle_of([point.score for point in last]), last[-1].on
    # Points are judged by their line only: it is there on their days.
    assert judged.segment is not None
    side, expected = judged.segment.side(day, middle, direction), judged.segment.value_at(day)
    assert side is not None
    assert expected is not None
    return DecisionResult(
        rule="median_rule",
        decision=DECISION_OF_SIDE[side],
        reason={-1: "median_short_of_line", 0: "median_on_line", 1: "median_past_line"}[side],
        n=judged.n,
        minimum=needed,
        points_used=last,
        sides=judged.sides[-_MEDIAN_POINTS:],
        numbers={"n": judged.n, "median": middle, "expected": expected, "day": day},
    )


def _run_rule(
    rule: str,
    series: Series,
    aimline: AnyAimline,
    direction: Direction,
    k_change: int,
    k_raise: int,
    minimum: int,
    minimum_weeks: int | None,
) -> DecisionResult:
    longest = max(k_change, k_raise)
    needed = max(check_whole(minimum, "minimum", low=1), min(k_change, k_raise))
    judged = judged_points(series, aimline, direction)
    short = insufficient(rule, judged, needed, minimum_weeks)
    if short is not None:
        return short

    def result(decision: Decision, reason: str, k: int) -> DecisionResult:
        return DecisionResult(
            rule=rule,
            decision=decision,
            reason=reason,
            n=judged.n,
            minimum=needed,
            points_used=judged.points[-longest:],
            sides=judged.sides[-longest:],
            numbers={"n": judged.n, "k": k},
        )

    if _run_length(judged.sides, -1) >= k_change:
        return result(Decision.CHANGE_INSTRUCTION, "all_on_wrong_side", k_change)
    if _run_length(judged.sides, 1) >= k_raise:
        return result(Decision.RAISE_GOAL, "all_on_good_side", k_raise)
    return result(Decision.CONTINUE, "neither", longest)


def _run_length(sides: tuple[int, ...], side: int) -> int:
    length = 0
    while length < len(sides) and sides[-1 - length] == side:
        length += 1
    return length
