"""The status of a period and the fixed word for it follow domain guide 2.5."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import (
    AimlineSegments,
    AnyAimline,
    ConsecutiveCriterion,
    Direction,
    FindingWord,
    PeriodStatus,
    ScoredPoint,
    Series,
    StatusResult,
    finding_word,
    period_status,
)
from tests.unit.progress.builders import aimline, day, week, weekly

UP, DOWN = Direction.INCREASE, Direction.DECREASE
NEVER = ConsecutiveCriterion(k=99)
SCORES = st.lists(st.none() | st.floats(-1e300, 1e300), max_size=12)


def judge(series: Series, line: AnyAimline | None = None, **changes: Any) -> StatusResult:
    """Judge a series; by default upwards, never met, over weeks 1 to 10."""
    settings: dict[str, Any] = {
        "direction": UP,
        "criterion": NEVER,
        "period": (week(1), week(10)),
        **changes,
    }
    return period_status(series, line or aimline(), **settings)


def test_a_median_on_the_line_is_sufficient() -> None:
    """The median of the last three against the line at the last point; equal is enough."""
    result = judge(weekly(10, 44, 46, 90, None))
    assert (PeriodStatus.SUFFICIENT, "median_reaches_line") == (result.status, result.reason)
    assert (46, 90, week(4), 46.0, 46.0) == (
        result.median_of_last_three,
        result.last_score,
        result.last_on,
        result.expected_value,
        result.expected_shown,
    )
    assert (4, 3, (week(1), week(10))) == (result.n_in_period, result.minimum, result.period)
    assert (
        ScoredPoint(week(2), 44),
        ScoredPoint(week(3), 46),
        ScoredPoint(week(4), 90),
    ) == result.points_used


def test_a_median_short_of_the_line_is_insufficient() -> None:
    """One high last point does not make up for two low ones."""
    result = judge(weekly(44, 45.9, 90, 45.9))
    assert (PeriodStatus.INSUFFICIENT, "median_short_of_line") == (result.status, result.reason)


def test_expected_values_are_kept_in_full_and_shown_to_one_decimal() -> None:
    """The display never enters a comparison."""
    result = judge(Series.of([(day(10), 41), (day(11), 42), (day(12), 43)]))
    assert 40 + 45 * 12 / 210 == result.expected_value
    assert 42.6 == result.expected_shown


@pytest.mark.parametrize(
    ("series", "last_on", "n"),
    [(weekly(), None, 0), (weekly(None, None), None, 0), (weekly(41, None, 43), week(3), 2)],
)
def test_fewer_than_three_points_in_the_period_are_not_enough(
    series: Series, last_on: date | None, n: int
) -> None:
    """Missing days are not points; the last point known is still reported."""
    result = judge(series)
    assert (PeriodStatus.NOT_ENOUGH_DATA, "too_few_points") == (result.status, result.reason)
    assert (last_on, n, None, ()) == (
        result.last_on,
        result.n_in_period,
        result.median_of_last_three,
        result.points_used,
    )
    assert (last_on is None) == (result.expected_shown is None)


def test_the_last_point_may_lie_before_the_period() -> None:
    """An empty period says when data were last taken, and what was expected then."""
    result = judge(weekly(50, 51, 52), period=(week(5), week(9)))
    assert (PeriodStatus.NOT_ENOUGH_DATA, 0, week(3), 52, 44.5) == (
        result.status,
        result.n_in_period,
        result.last_on,
        result.last_score,
        result.expected_value,
    )


def test_points_outside_the_line_and_the_period_do_not_count() -> None:
    """Points before the start and after the period are not looked at; both days of the period are inside."""
    series = weekly(1, 2, 40, 41, 42, 99, first_week=-2)
    result = judge(series, period=(week(-9), week(2)))
    assert (3, week(2), 41) == (result.n_in_period, result.last_on, result.median_of_last_three)
    assert PeriodStatus.NOT_ENOUGH_DATA is judge(series, period=(week(-9), week(-1))).status


def test_the_needed_number_of_points_is_a_policy() -> None:
    """A district may ask for fewer or more."""
    assert PeriodStatus.SUFFICIENT is judge(weekly(60, 60), minimum=2).status
    assert PeriodStatus.NOT_ENOUGH_DATA is judge(weekly(60, 60, 60), minimum=4).status


def test_met_goes_first_and_stays() -> None:
    """A criterion met in an earlier period is met; what comes after the period is not known."""
    met: dict[str, Any] = {"criterion": ConsecutiveCriterion(k=2)}
    result = judge(weekly(85, 90, 10), **met, period=(week(3), week(9)))
    assert (PeriodStatus.MET, "criterion_met", week(2)) == (result.status, result.reason, result.met_on)
    assert PeriodStatus.NOT_ENOUGH_DATA is judge(weekly(85, 90, 10), **met, period=(week(0), week(1))).status


def test_points_before_the_start_do_not_meet_a_goal() -> None:
    """Points belong to the goal in force on their day."""
    assert judge(weekly(85, 90, first_week=-1), criterion=ConsecutiveCriterion(k=2)).met_on is None


def test_not_introduced_is_the_staffs_word() -> None:
    """It goes before the data, which are still reported."""
    result = judge(weekly(85, 90, 95), introduced=False, criterion=ConsecutiveCriterion(k=2))
    assert (PeriodStatus.NOT_INTRODUCED, "staff_not_introduced", week(2), 3) == (
        result.status,
        result.reason,
        result.met_on,
        result.n_in_period,
    )


def test_a_new_target_is_met_by_points_under_it_only() -> None:
    """After the goal is raised, the old points do not meet the new target nor count for it."""
    path = AimlineSegments((aimline(40, 50), aimline(50, 80, first_week=5)))
    two: dict[str, Any] = {"criterion": ConsecutiveCriterion(k=2)}
    series = weekly(50, 40, 50, 50, 81, 60)
    assert week(4) == judge(series, path, **two, period=(week(0), week(4))).met_on
    assert judge(series, path, **two).met_on is None
    assert week(7) == judge(weekly(0, 0, 0, 0, 0, 80, 80), path, **two).met_on


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"period": (week(2), week(1))}, "ends_before_start"),
        ({"period": ("a", week(1))}, "not_a_date"),
        ({"minimum": 0}, "too_small"),
    ],
)
def test_a_period_that_cannot_be_is_refused(changes: dict[str, Any], code: str) -> None:
    """A period has a first day, a last day and a number of points."""
    with pytest.raises(InvalidValue, match=code):
        judge(weekly(), **changes)


# The line at week 10 is 55; the whole way is 45, a tenth of it 4.5.
@pytest.mark.parametrize(
    ("scores", "word"),
    [
        ((56, 56, 56), FindingWord.ON_TRACK),
        ((55, 55, 55), FindingWord.ON_TRACK),
        ((54, 54, 54), FindingWord.CLOSE),
        ((50.5, 50.5, 50.5), FindingWord.CLOSE),
        ((50.4, 50.4, 50.4), FindingWord.NOT_YET),
        ((55, 55), FindingWord.NOT_ENOUGH_DATA),
        ((85, 85, 85), FindingWord.MET),
    ],
)
def test_each_status_has_its_word(scores: tuple[float, ...], word: FindingWord) -> None:
    """On track is sufficient; close is insufficient within a tenth of the way, the limit included."""
    line = aimline()
    result = judge(weekly(*scores, first_week=11 - len(scores)), criterion=ConsecutiveCriterion(k=3))
    assert word is finding_word(result, line, UP)


def test_not_introduced_has_its_word() -> None:
    """Staff's word is passed on."""
    assert FindingWord.NOT_INTRODUCED is finding_word(judge(weekly(), introduced=False), aimline(), UP)


def test_nothing_is_close_to_a_flat_line() -> None:
    """A maintenance goal has no way to go of which to be within a share."""
    line = aimline(80, 80)
    assert FindingWord.NOT_YET is finding_word(judge(weekly(79.9, 79.9, 79.9), line), line, UP)


def test_how_close_is_close_is_a_policy() -> None:
    """The share may be set from 0 to 1."""
    line = aimline()
    behind = judge(weekly(50.4, 50.4, 50.4, first_week=8))
    assert FindingWord.CLOSE is finding_word(behind, line, UP, close_share=0.2)
    assert FindingWord.NOT_YET is finding_word(behind, line, UP, close_share=0)
    for share, code in (
        (-0.1, "share_out_of_range"),
        (1.1, "share_out_of_range"),
        (float("nan"), "not_a_number"),
    ):
        with pytest.raises(InvalidValue, match=code):
            finding_word(behind, line, UP, close_share=share)


@given(SCORES, st.floats(-1e300, 1e300), st.floats(-1e300, 1e300))
def test_every_finite_series_gets_a_status_and_its_mirror_the_same(
    scores: list[float | None], baseline: float, target: float
) -> None:
    """No exception, no NaN, no infinity; increase of y is decrease of -y, down to the word."""
    line, mirrored_line = aimline(baseline, target, weeks=9), aimline(-baseline, -target, weeks=9)
    two = ConsecutiveCriterion(k=2)
    result = judge(weekly(*scores), line, criterion=two)
    mirror = judge(
        weekly(*(None if each is None else -each for each in scores)),
        mirrored_line,
        criterion=two,
        direction=DOWN,
    )
    assert (result.status, result.reason, result.met_on) == (mirror.status, mirror.reason, mirror.met_on)
    assert finding_word(result, line, UP) is finding_word(mirror, mirrored_line, DOWN)
    for value in (result.median_of_last_three, result.expected_value, result.expected_shown):
        assert value is None or math.isfinite(value)


@given(
    st.lists(st.none() | st.integers(0, 100), max_size=12),
    st.integers(0, 50),
    st.integers(0, 100),
    st.integers(-1000, 1000),
    st.integers(-3, 3),
)
def test_status_and_word_do_not_depend_on_zero_or_unit(
    scores: list[int | None], baseline: int, target: int, shift: int, power: int
) -> None:
    """Adding a number to everything, or doubling and halving everything, changes no status and no word."""
    scale = 2.0**power

    def change(value: int) -> float:
        return (value + shift) * scale

    line, changed_line = (
        aimline(baseline, target, weeks=9),
        aimline(change(baseline), change(target), weeks=9),
    )
    two = ConsecutiveCriterion(k=2)
    result = judge(weekly(*scores), line, criterion=two)
    changed = judge(
        weekly(*(None if each is None else change(each) for each in scores)), changed_line, criterion=two
    )
    assert (result.status, result.met_on) == (changed.status, changed.met_on)
    assert finding_word(result, line, UP) is finding_word(changed, changed_line, UP)
