"""Rules that compare the last points with the aimline: the four-point flag and the data-point rules.

A point exactly on the line is on neither side. Missing days do not break a run of scored points.
The flag (domain guide 2.5) only says "team review suggested"; the rules (progress science, section 5)
need more data and answer with one of four decisions. They are independent of each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from iepcore.progress.aimlines import AnyAimline
from iepcore.progress.checks import check_whole
from iepcore.progress.comparison import Direction
from iepcore.progress.series import ScoredPoint, Series

_FOUR = 4


class Decision(StrEnum):
    """What a decision rule says about instruction and goal."""

    CHANGE_INSTRUCTION = "change_instruction"
    RAISE_GOAL = "raise_goal"
    CONTINUE = "continue"
    INSUFFICIENT_DATA = "insufficient_data"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionResult:
    """A decision with the rule, the points and the numbers that made it.

    ``reason`` is ``all_on_wrong_side``, ``all_on_good_side``, ``neither``, ``too_few_points`` or
    ``too_few_weeks``. ``points_used`` are the last points the rule looked at, empty when data do not
    suffice; ``sides`` as in ``FlagResult``. ``n`` counts the points judged, ``minimum`` those needed.
    """

    rule: str
    decision: Decision
    reason: str
    n: int
    minimum: int
    points_used: tuple[ScoredPoint, ...] = ()
    sides: tuple[int, ...] = ()


def four_point_flag(series: Series, aimline: AnyAimline, direction: Direction) -> FlagResult:
    """Flag a goal whose last four scored points all lie strictly on the wrong side of the aimline.

    Each point is compared with the line in force on its day; points before the line starts are not judged.
    """
    points, sides = _judged(series, aimline, direction)
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
    weeks = 0 if minimum_weeks is None else check_whole(minimum_weeks, "minimum_weeks")
    points, sides = _after_baseline(series, aimline, direction)

    def result(decision: Decision, reason: str, keep: int) -> DecisionResult:
        return DecisionResult(
            rule=rule,
            decision=decision,
            reason=reason,
            n=len(points),
            minimum=needed,
            points_used=points[max(0, len(points) - keep) :],
            sides=sides[max(0, len(sides) - keep) :],
        )

    if len(points) < needed:
        return result(Decision.INSUFFICIENT_DATA, "too_few_points", 0)
    segment = aimline.segment_at(points[-1].on)
    if segment is not None and points[-1].on < segment.starts_on + timedelta(weeks=weeks):
        return result(Decision.INSUFFICIENT_DATA, "too_few_weeks", 0)
    if _run_length(sides, -1) >= k_change:
        return result(Decision.CHANGE_INSTRUCTION, "all_on_wrong_side", longest)
    if _run_length(sides, 1) >= k_raise:
        return result(Decision.RAISE_GOAL, "all_on_good_side", longest)
    return result(Decision.CONTINUE, "neither", longest)


def _after_baseline(
    series: Series, aimline: AnyAimline, direction: Direction
) -> tuple[tuple[ScoredPoint, ...], tuple[int, ...]]:
    """The scored points of the current phase, later than the day the current segment starts on.

    Points of that day itself are the baseline probes, from which the line was drawn.
    """
    phase = series.current_phase()
    segment = aimline.segment_at(phase.observations[-1].on) if len(phase) else None
    if segment is None:
        return (), ()
    return _judged(phase.between(segment.starts_on + timedelta(days=1), None), segment, direction)


def _run_length(sides: tuple[int, ...], side: int) -> int:
    length = 0
    while length < len(sides) and sides[-1 - length] == side:
        length += 1
    return length


def _judged(
    series: Series, aimline: AnyAimline, direction: Direction
) -> tuple[tuple[ScoredPoint, ...], tuple[int, ...]]:
    points: list[ScoredPoint] = []
    sides: list[int] = []
    for point in series.scored:
        side = aimline.side(point.on, point.score, direction)
        if side is not None:
            points.append(point)
            sides.append(side)
    return tuple(points), tuple(sides)
