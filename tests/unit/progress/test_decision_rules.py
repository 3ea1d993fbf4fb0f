"""The four-point flag and the data-point rules compare strictly and need what they need."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import (
    AimlineSegments,
    Decision,
    Direction,
    ScoredPoint,
    Series,
    consecutive_point_rule,
    four_point_flag,
    four_point_rule,
)
from tests.unit.progress.builders import aimline, week, weekly

UP, DOWN = Direction.INCREASE, Direction.DECREASE
OPPOSITE = {
    Decision.CHANGE_INSTRUCTION: Decision.RAISE_GOAL,
    Decision.RAISE_GOAL: Decision.CHANGE_INSTRUCTION,
    Decision.CONTINUE: Decision.CONTINUE,
    Decision.INSUFFICIENT_DATA: Decision.INSUFFICIENT_DATA,
}
SCORES = st.lists(st.none() | st.floats(-1e300, 1e300), max_size=14)


def test_four_points_below_raise_the_flag() -> None:
    """Only the last four count, absences between them do not matter, and the points are named."""
    result = four_point_flag(weekly(90, 41, None, 41, 42, None, 42), aimline(), UP)
    assert (True, "all_on_wrong_side", 5, (-1, -1, -1, -1)) == (
        result.is_flagged,
        result.reason,
        result.n,
        result.sides,
    )
    assert (week(2), week(4), week(5), week(7)) == tuple(point.on for point in result.points_used)


def test_a_point_on_the_line_takes_the_flag_away() -> None:
    """On the line is not on the wrong side."""
    result = four_point_flag(weekly(41, 41, 41, 46), aimline(), UP)
    assert (False, "not_all_on_wrong_side", (-1, -1, -1, 0)) == (
        result.is_flagged,
        result.reason,
        result.sides,
    )


def test_three_points_are_too_few_for_a_flag() -> None:
    """Fewer than four scored points since the start are no flag, with the reason."""
    result = four_point_flag(weekly(0, 0, 0, 0, 0, 0, first_week=-3), aimline(), UP)
    assert (False, "insufficient_data", 3) == (result.is_flagged, result.reason, result.n)
    assert (ScoredPoint(week(0), 0), ScoredPoint(week(1), 0), ScoredPoint(week(2), 0)) == result.points_used
    assert (-1, -1, -1) == result.sides


def test_the_flag_judges_each_point_by_the_line_of_its_day() -> None:
    """A raised goal does not turn earlier good points into bad ones."""
    path = AimlineSegments((aimline(40, 43), aimline(80, 90, first_week=4)))
    result = four_point_flag(weekly(50, 50, 50, 50), path, UP)
    assert (1, 1, 1, -1) == result.sides


@pytest.mark.parametrize(
    ("scores", "decision", "reason"),
    [
        ((41, 41, 41, 41, 41), Decision.INSUFFICIENT_DATA, "too_few_points"),
        ((90, 90, 41, 41, 41, 41), Decision.CHANGE_INSTRUCTION, "all_on_wrong_side"),
        ((0, 0, 90, 90, 90, 90), Decision.RAISE_GOAL, "all_on_good_side"),
        ((0, 0, 90, 0, 90, 90), Decision.CONTINUE, "neither"),
        ((0, 0, 0, 0, 0, 49), Decision.CONTINUE, "neither"),
    ],
)
def test_the_four_point_rule(scores: tuple[float, ...], decision: Decision, reason: str) -> None:
    """All four below change, all four above raise, anything else goes on; six points are needed."""
    result = four_point_rule(weekly(*scores), aimline(), UP)
    assert ("four_point_rule", decision, reason, len(scores), 6) == (
        result.rule,
        result.decision,
        result.reason,
        result.n,
        result.minimum,
    )
    used = 0 if decision is Decision.INSUFFICIENT_DATA else 4
    assert (used, used) == (len(result.points_used), len(result.sides))


@pytest.mark.parametrize("series", [weekly(), weekly(5, 5, first_week=-5)])
def test_without_points_on_the_line_there_is_no_decision(series: Series) -> None:
    """Nothing at all, or only points before the start, do not suffice."""
    result = four_point_rule(series, aimline(), UP)
    assert (Decision.INSUFFICIENT_DATA, 0, ()) == (result.decision, result.n, result.points_used)


def test_probes_of_the_baseline_day_are_not_points_after_it() -> None:
    """Three baseline probes and five later points are five points."""
    probes = Series.of([(week(0), score) for score in (39, 40, 41)])
    assert 5 == four_point_rule(Series([*probes, *weekly(1, 1, 1, 1, 1)]), aimline(), UP).n


def test_a_minimum_of_weeks_may_be_asked_for() -> None:
    """Six points in six days are not three weeks of data."""
    daily = Series.of([(week(0).replace(day=8 + number), 0) for number in range(7)])
    result = four_point_rule(daily, aimline(), UP, minimum_weeks=3)
    assert (Decision.INSUFFICIENT_DATA, "too_few_weeks") == (result.decision, result.reason)
    later = four_point_rule(weekly(0, 0, 0, 0, 0, 0), aimline(), UP, minimum_weeks=6)
    assert Decision.CHANGE_INSTRUCTION is later.decision


def test_only_the_current_phase_and_segment_count() -> None:
    """A new phase or a new goal starts the count again."""
    phases = Series([*weekly(0, 0, 0, 0, phase="A"), *weekly(0, 0, 0, phase="B", first_week=5)])
    assert 3 == four_point_rule(phases, aimline(), UP).n
    path = AimlineSegments((aimline(), aimline(50, 90, first_week=4)))
    assert 3 == four_point_rule(weekly(0, 0, 0, 0, 0, 0, 0), path, UP).n


@pytest.mark.parametrize(
    ("scores", "settings", "decision"),
    [
        ((0, 0, 0, 90, 90, 90), {}, Decision.CONTINUE),
        ((90, 90, 90, 0, 0, 0), {}, Decision.CHANGE_INSTRUCTION),
        ((90, 90, 90, 90, 90, 90), {}, Decision.RAISE_GOAL),
        ((0, 0, 0, 90, 90, 90), {"k_raise": 3}, Decision.RAISE_GOAL),
        ((90, 90, 90), {"minimum": 3}, Decision.CONTINUE),
        ((0, 0), {"minimum": 1}, Decision.INSUFFICIENT_DATA),
    ],
)
def test_the_consecutive_point_rule(
    scores: tuple[float, ...], settings: dict[str, Any], decision: Decision
) -> None:
    """Three below change and six above raise; both numbers may be set; a run is never shorter than asked."""
    assert decision is consecutive_point_rule(weekly(*scores), aimline(), UP, **settings).decision


@pytest.mark.parametrize(
    ("settings", "field"),
    [({"k_change": 0}, "k_change"), ({"k_raise": 0}, "k_raise"), ({"minimum": 0}, "minimum")],
)
def test_a_rule_needs_at_least_one_point(settings: dict[str, int], field: str) -> None:
    """Numbers of points start at 1."""
    with pytest.raises(InvalidValue) as caught:
        consecutive_point_rule(weekly(), aimline(), UP, **settings)
    assert ("too_small", field) == (caught.value.code, caught.value.field)


@given(SCORES, st.floats(-1e300, 1e300), st.floats(-1e300, 1e300))
def test_rules_mirror(scores: list[float | None], baseline: float, target: float) -> None:
    """Increase of y is decrease of -y, and turning the direction alone turns the decision."""
    series, mirrored = weekly(*scores), weekly(*(None if each is None else -each for each in scores))
    line, mirrored_line = aimline(baseline, target, weeks=9), aimline(-baseline, -target, weeks=9)
    flag, mirror_flag = four_point_flag(series, line, UP), four_point_flag(mirrored, mirrored_line, DOWN)
    assert (flag.is_flagged, flag.sides) == (mirror_flag.is_flagged, mirror_flag.sides)
    result, mirror = four_point_rule(series, line, UP), four_point_rule(mirrored, mirrored_line, DOWN)
    assert (result.decision, result.sides) == (mirror.decision, mirror.sides)
    assert OPPOSITE[result.decision] is four_point_rule(series, line, DOWN).decision


@given(
    st.lists(st.none() | st.integers(0, 100), max_size=14),
    st.integers(0, 50),
    st.integers(0, 100),
    st.integers(-1000, 1000),
    st.integers(-3, 3),
)
def test_rules_do_not_depend_on_zero_unit_or_missing_days(
    scores: list[int | None], baseline: int, target: int, shift: int, power: int
) -> None:
    """Adding, doubling and leaving missing days out change neither flag nor decision."""
    scale = 2.0**power
    line = aimline(baseline, target, weeks=9)
    changed_line = aimline((baseline + shift) * scale, (target + shift) * scale, weeks=9)
    series = weekly(*scores)
    changed = Series.of([(point.on, (point.score + shift) * scale) for point in series.scored])
    assert four_point_flag(series, line, UP).sides == four_point_flag(changed, changed_line, UP).sides
    result, again = four_point_rule(series, line, UP), four_point_rule(changed, changed_line, UP)
    assert (result.decision, result.n, result.sides) == (again.decision, again.n, again.sides)
