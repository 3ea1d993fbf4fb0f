"""The status of a goal in one reporting period, and the fixed word that people read for it.

Rule (domain guide 2.5): met; else not enough data with fewer than 3 points in the period; else the median
of the last 3 points against the aimline at the date of the last one, equal counting as sufficient.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from iepcore.progress.aimlines import AnyAimline
from iepcore.progress.checks import check_day, check_number, check_whole, refuse
from iepcore.progress.comparison import Direction, is_tie
from iepcore.progress.criteria import Criterion
from iepcore.progress.measures import DEFAULT_MINIMUM
from iepcore.progress.series import ScoredPoint, Series, median_of

_MEDIAN_POINTS = 3
CLOSE_SHARE = 0.10
"""How far behind the aimline is still "close", as a share of |target - baseline| (a policy number)."""


class PeriodStatus(StrEnum):
    """The status of a goal in a period; ``not_introduced`` is set by staff, the others are computed."""

    MET = "met"
    SUFFICIENT = "sufficient"
    INSUFFICIENT = "insufficient"
    NOT_ENOUGH_DATA = "not_enough_data"
    NOT_INTRODUCED = "not_introduced"


class FindingWord(StrEnum):
    """ "Is this good?" in fixed words, computed the same way every time."""

    MET = "met"
    ON_TRACK = "on_track"
    CLOSE = "close"
    NOT_YET = "not_yet"
    NOT_ENOUGH_DATA = "not_enough_data"
    NOT_INTRODUCED = "not_introduced"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusResult:
    """A status with the numbers and days that made it.

    ``reason`` is one of ``staff_not_introduced``, ``criterion_met``, ``too_few_points``,
    ``median_reaches_line``, ``median_short_of_line``. ``points_used`` are the points the median was taken
    of. The last point and the expected value on its day are given even when the period has no points, so
    that a report can say when data were last taken.
    """

    status: PeriodStatus
    reason: str
    period: tuple[date, date]
    n_in_period: int
    minimum: int
    points_used: tuple[ScoredPoint, ...] = ()
    median_of_last_three: float | None = None
    last_score: float | None = None
    last_on: date | None = None
    expected_value: float | None = None
    met_on: date | None = None

    @property
    def expected_shown(self) -> float | None:
        """The expected value to one decimal, for display only."""
        return None if self.expected_value is None else round(self.expected_value, 1)


def period_status(
    series: Series,
    aimline: AnyAimline,
    direction: Direction,
    criterion: Criterion,
    period: tuple[date, date],
    *,
    introduced: bool = True,
    minimum: int = DEFAULT_MINIMUM,
) -> StatusResult:
    """Judge one period (both days included) by the rule above.

    Points before the aimline starts and after the period ends are not looked at; the criterion may have
    been met in an earlier period, with the target now in force. ``introduced=False`` is the staff's own
    statement and goes before what the data say.

    Raises:
        InvalidValue: ``ends_before_start`` for the period, or a number's own code for ``minimum``.
    """
    first, last = check_day(period[0], "period"), check_day(period[1], "period")
    if last < first:
        raise refuse("ends_before_start", "period")
    check_whole(minimum, "minimum", low=1)

    until_end = series.between(None, last)
    judged = [point for point in until_end.scored if aimline.segment_at(point.on) is not None]
    inside = [point for point in judged if point.on >= first]
    used = tuple(inside[-_MEDIAN_POINTS:]) if len(inside) >= minimum else ()
    middle = median_of([point.score for point in used])
    newest = judged[-1] if judged else None
    expected = None if newest is None else aimline.value_at(newest.on)
    met_on = _criterion_met_on(until_end, aimline, direction, criterion, last)

    if not introduced:
        status, reason = PeriodStatus.NOT_INTRODUCED, "staff_not_introduced"
    elif met_on is not None:
        status, reason = PeriodStatus.MET, "criterion_met"
    elif newest is None or middle is None or expected is None:
        status, reason = PeriodStatus.NOT_ENOUGH_DATA, "too_few_points"
    elif aimline.side(newest.on, middle, direction) == -1:
        status, reason = PeriodStatus.INSUFFICIENT, "median_short_of_line"
    else:
        status, reason = PeriodStatus.SUFFICIENT, "median_reaches_line"

    return StatusResult(
        status=status,
        reason=reason,
        period=(first, last),
        n_in_period=len(inside),
        minimum=minimum,
        points_used=used,
        median_of_last_three=middle,
        last_score=None if newest is None else newest.score,
        last_on=None if newest is None else newest.on,
        expected_value=expected,
        met_on=met_on,
    )


def finding_word(
    result: StatusResult, aimline: AnyAimline, direction: Direction, *, close_share: float = CLOSE_SHARE
) -> FindingWord:
    """Return the fixed word for a status; "close" is insufficient within ``close_share`` of the whole way.

    ``close_share`` (0 to 1) times |target - baseline| of the segment in force is how far behind the line
    the median may be and still count as close, the limit itself included. On a flat line nothing is close.

    Raises:
        InvalidValue: ``share_out_of_range``, ``not_a_number``.
    """
    if not 0 <= check_number(close_share, "close_share") <= 1:
        raise refuse("share_out_of_range", "close_share")
    match result.status:
        case PeriodStatus.SUFFICIENT:
            return FindingWord.ON_TRACK
        case PeriodStatus.INSUFFICIENT:
            close = _is_close(result, aimline, direction, close_share)
            return FindingWord.CLOSE if close else FindingWord.NOT_YET
        case _:
            return FindingWord(result.status.value)


def _is_close(result: StatusResult, aimline: AnyAimline, direction: Direction, close_share: float) -> bool:
    segment = None if result.last_on is None else aimline.segment_at(result.last_on)
    middle, expected = result.median_of_last_three, result.expected_value
    if segment is None or middle is None or expected is None or segment.span == 0:
        return False
    behind, allowed = direction.sign * (expected - middle), close_share * segment.span
    magnitude = max(abs(segment.baseline), abs(segment.target))
    return behind <= allowed or is_tie(behind, allowed, span=segment.span, magnitude=magnitude)


def _criterion_met_on(
    series: Series, aimline: AnyAimline, direction: Direction, criterion: Criterion, last: date
) -> date | None:
    segment = aimline.segment_at(last)
    if segment is None:
        return None
    counted = series.between(aimline.target_held_since(last), last)
    return criterion.met_on(counted, segment.target, direction)
