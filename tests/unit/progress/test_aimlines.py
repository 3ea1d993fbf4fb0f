"""The aimline is straight by calendar days, exact on whole numbers, and keeps old segments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import Aimline, AimlineSegments, Direction
from tests.unit.progress.builders import aimline, day, week

NUMBERS = st.floats(min_value=-1e300, max_value=1e300)
UP, DOWN = Direction.INCREASE, Direction.DECREASE


def test_the_line_runs_from_baseline_to_target() -> None:
    """None before the start, the baseline on the first day, the target from the end on."""
    line = aimline(40, 85, weeks=30)
    expected = [None, 40, 40 + 1.5 / 7, 47.5, 85, 85]
    assert expected == [line.value_at(on) for on in (day(-1), day(0), day(1), week(5), week(30), week(40))]


def test_the_rate_needed_is_per_week() -> None:
    """The rate is (target - baseline) / weeks and is negative on the way down."""
    assert (1.5, 30, 45) == (aimline(40, 85).weekly_rate, aimline().weeks, aimline(40, 85).span)
    assert -0.9 == aimline(20, 2, weeks=20).weekly_rate


def test_a_flat_line_is_a_maintenance_goal() -> None:
    """Target equal to baseline is legal, and exact everywhere."""
    line = aimline(0.1, 0.1)
    assert (0.1, 0.0) == (line.value_at(day(11)), line.span)
    assert 0 == line.side(day(11), 0.1, UP)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": week(0)}, "ends_before_start"),
        ({"ends_on": week(-1)}, "ends_before_start"),
        ({"target": float("nan")}, "not_a_number"),
        ({"baseline": None}, "not_a_number"),
        ({"starts_on": "2026-09-07"}, "not_a_date"),
    ],
)
def test_a_line_that_cannot_be_is_refused(changes: dict[str, object], code: str) -> None:
    """A line needs two numbers and an end after its start."""
    fields: dict[str, object] = {"baseline": 1, "target": 2, "starts_on": week(0), "ends_on": week(9)}
    with pytest.raises(InvalidValue, match=code):
        Aimline(**{**fields, **changes})  # type: ignore[arg-type]


def test_a_point_on_the_line_is_on_neither_side() -> None:
    """On the line is 0 also where binary rounding would say otherwise; sides turn with the direction."""
    line = aimline(0.1, 0.4, weeks=3)
    assert 0 == line.side(week(2), 0.3, UP)
    assert (1, -1) == (line.side(week(2), 0.31, UP), line.side(week(2), 0.31, DOWN))
    assert line.side(day(-1), 5, UP) is None
    assert (None, line) == (line.segment_at(day(-1)), line.segment_at(day(0)))
    assert (None, week(0)) == (line.target_held_since(day(-1)), line.target_held_since(week(2)))


def test_each_segment_holds_until_the_next_one_starts() -> None:
    """What was expected before a change of goal stays as it was."""
    first, second = aimline(40, 60, weeks=20), aimline(50, 90, first_week=10, weeks=20)
    path = AimlineSegments((first, second))
    assert [None, 40, 49, 50, 52, 90] == [
        path.value_at(on) for on in (day(-1), week(0), week(9), week(10), week(11), week(99))
    ]
    assert [None, first, second] == [path.segment_at(on) for on in (day(-1), week(9), week(10))]
    assert [None, 0, -1] == [path.side(on, 49, UP) for on in (day(-1), week(9), week(10))]


def test_a_new_phase_with_the_same_target_does_not_restart_the_target() -> None:
    """Only a change of target starts a new count towards it."""
    path = AimlineSegments(
        (
            aimline(40, 60),
            aimline(45, 60, first_week=5),
            aimline(50, 90, first_week=9),
            aimline(60, 90, first_week=12),
        )
    )
    days = (day(-1), week(4), week(6), week(10), week(20))
    assert [None, week(0), week(0), week(9), week(9)] == [path.target_held_since(on) for on in days]


@pytest.mark.parametrize(
    ("segments", "code"),
    [
        ((), "too_few"),
        ((aimline(), aimline()), "not_in_order"),
        ((aimline(first_week=3), aimline()), "not_in_order"),
    ],
)
def test_segments_come_in_order(segments: tuple[Aimline, ...], code: str) -> None:
    """There is at least one, and each starts later than the one before."""
    with pytest.raises(InvalidValue, match=code):
        AimlineSegments(segments)


@given(NUMBERS, NUMBERS, st.integers(1, 4000), st.integers(-10, 5000))
def test_expected_values_stay_between_baseline_and_target(
    baseline: float, target: float, length: int, offset: int
) -> None:
    """No finite line gives NaN, an infinity or a value outside; its mirror image gives minus the value."""
    ends_on = day(length)
    line = Aimline(baseline=baseline, target=target, starts_on=day(0), ends_on=ends_on)
    value = line.value_at(day(0) + timedelta(days=offset))
    mirrored = Aimline(baseline=-baseline, target=-target, starts_on=day(0), ends_on=ends_on)
    if value is None:
        assert offset < 0
    else:
        assert min(baseline, target) <= value <= max(baseline, target)
        assert -value == mirrored.value_at(day(offset))
    assert abs(line.weekly_rate) < float("inf")


@given(st.integers(-500, 500), st.integers(-500, 500), st.integers(-10_000, 10_000), st.integers(1, 400))
def test_moving_the_line_moves_every_value(baseline: int, target: int, shift: int, length: int) -> None:
    """The side of a point does not depend on where zero is."""
    plain = Aimline(baseline=baseline, target=target, starts_on=day(0), ends_on=day(length))
    moved = Aimline(baseline=baseline + shift, target=target + shift, starts_on=day(0), ends_on=day(length))
    middle = day(length // 2)
    for each in range(-3, 4):
        score = round(plain.value_at(middle) or 0) + each
        assert plain.side(middle, score, UP) == moved.side(middle, score + shift, UP)
