"""A forecast says where the trend leads and how sure that is, or why it says nothing."""

from __future__ import annotations

import random
from math import isfinite
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import (
    Direction,
    Forecast,
    forecast,
    slope_standard_error,
    t_quantile,
    trend_line,
    weeks_needed,
)

UP, DOWN = Direction.INCREASE, Direction.DECREASE
SCORES = [40, 43, 41, 46, 44, 49, 47, 52]


def ahead(ys: Any = SCORES, *, at: float = 12, goal: float = 55, **settings: Any) -> Forecast:
    """Forecast from one score a week."""
    return forecast(range(len(ys)), ys, **{"at": at, "goal": goal, "direction": UP, **settings})


def foretold(result: Forecast) -> list[Any]:
    """Return everything a forecast foretells."""
    return [
        result.prediction, result.shown, result.interval, result.line_interval, result.plain_interval,
        result.se_score, result.se_line, result.p_single_score_meets_goal, result.p_trend_meets_goal,
        result.r1, result.r1_used,
    ]  # fmt: skip


def test_a_forecast_carries_the_line_on() -> None:
    """The prediction is the line's, its intervals lie around it, the one for a score is the wider one."""
    result = ahead(autocorrelation="none")
    assert result.line.value_at(12) == result.prediction == result.shown
    assert (8, None, ("few_points",)) == (result.n, result.reason, result.flags)
    assert result.interval == result.plain_interval
    assert result.prediction is not None
    assert result.interval is not None
    assert result.line_interval is not None
    assert result.interval[0] < result.line_interval[0] < result.prediction
    half = t_quantile(0.9, 6) * (result.se_score or 0)
    assert pytest.approx(result.prediction + half) == result.interval[1]


def test_the_goal_met_exactly_has_even_chances() -> None:
    """A line that ends on the goal reaches it or not with one chance in two."""
    on_it = ahead().prediction
    assert on_it is not None
    result = ahead(goal=on_it)
    assert (0.5, 0.5) == (result.p_single_score_meets_goal, result.p_trend_meets_goal)


def test_likeness_of_neighbours_widens_the_interval() -> None:
    """Scores that wander in waves say less than scattered ones; the plain interval stays to compare."""
    waves = [40, 42, 45, 47, 48, 47, 45, 44, 45, 48, 51, 53, 54, 53]
    result, plain = ahead(waves, at=20), ahead(waves, at=20, autocorrelation="none")
    assert (0.8, 0.0) == (result.r1_used, plain.r1_used)
    assert plain.interval == result.plain_interval
    assert (result.se_score or 0) > (plain.se_score or 0)
    assert () == result.flags


@pytest.mark.parametrize(
    ("ys", "at", "reason"),
    [
        ([], 3, "insufficient_data"),
        ([40], 3, "insufficient_data"),
        ([40, 41], 3, "insufficient_data"),
        ([40, None, 43, 41, 46, 47], 6, "insufficient_data"),
        ([40, 41, 42, 43, 44, 45], 6, "no_scatter"),
        ([40] * 6, 6, "no_scatter"),
        (SCORES, 22, "long_extrapolation"),
        ([40, 41, float("nan"), 43, 44, 46], 6, "not_a_number"),
        ([40, 41, 1e305, 43, 44, 46], 6, "too_large"),
    ],
)
def test_a_forecast_that_is_not_made_has_a_reason(ys: Any, at: float, reason: str) -> None:
    """Nothing is foretold then, and the line it would rest on stays."""
    result = ahead(ys, at=at)
    assert (reason, 6, [None] * 11) == (result.reason, result.minimum, foretold(result))
    assert ("long_extrapolation" in result.flags) == (reason == "long_extrapolation")


def test_one_day_makes_no_forecast() -> None:
    """Six probes of one day have no spread."""
    result = forecast([3] * 6, SCORES[:6], at=9, goal=50, direction="increase")
    assert ("no_spread", None) == (result.reason, result.prediction)


def test_twice_the_span_is_the_furthest() -> None:
    """Seven weeks of scores reach fourteen weeks further, and no more."""
    assert None is ahead(at=21).reason
    assert "long_extrapolation" == ahead(at=21.01).reason


def test_what_is_shown_stays_on_the_scale() -> None:
    """The number is computed past 100 and shown as 100, with a flag."""
    high = ahead([80, 85, 84, 91, 93, 96], at=9, scale=(0, 100))
    assert (high.prediction or 0) > 100
    assert (100, True) == (high.shown, "leaves_scale" in high.flags)
    low = ahead([12, 9, 10, 6, 5, 3], at=9, goal=0, direction=DOWN, scale=(0, None))
    assert (0, True) == (low.shown, "leaves_scale" in low.flags)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"direction": "sideways"}, "unknown_direction"),
        ({"autocorrelation": "ar1"}, "unknown_autocorrelation"),
        ({"confidence": 1}, "probability_out_of_range"),
        ({"at": float("nan")}, "not_a_number"),
        ({"goal": 1e301}, "too_large"),
    ],
)
def test_unknown_wishes_are_refused(settings: dict[str, Any], code: str) -> None:
    """A caller's mistake is an error."""
    with pytest.raises(InvalidValue, match=code):
        ahead(**settings)


WHOLE = st.lists(st.integers(0, 60), min_size=6, max_size=14)


@given(WHOLE, st.integers(0, 80), st.integers(0, 20))
def test_forecasts_mirror(ys: list[int], goal: int, at: int) -> None:
    """Increase of y is decrease of -y: the same chances, the interval turned round."""
    result, turned = ahead(ys, at=at, goal=goal), ahead([-y for y in ys], at=at, goal=-goal, direction=DOWN)
    assert result.reason == turned.reason
    if result.prediction is not None:
        assert result.interval is not None
        assert turned.interval is not None
        assert pytest.approx(result.prediction, abs=1e-9) == -(turned.prediction or 0)
        assert pytest.approx(result.interval[0], abs=1e-9) == -turned.interval[1]
        assert pytest.approx(result.p_single_score_meets_goal) == turned.p_single_score_meets_goal
        assert pytest.approx(result.p_trend_meets_goal) == turned.p_trend_meets_goal


@given(WHOLE, st.integers(-1000, 1000), st.sampled_from([0.25, 1, 8]))
def test_forecasts_follow_shift_and_scale(ys: list[int], shift: int, scale: float) -> None:
    """A new zero or unit moves the numbers and leaves the chances."""
    result = ahead(ys, goal=50)
    changed = ahead([(y + shift) * scale for y in ys], goal=(50 + shift) * scale)
    if result.prediction is not None:
        assert pytest.approx((result.prediction + shift) * scale, abs=1e-8) == changed.prediction
        assert pytest.approx(result.p_trend_meets_goal, abs=1e-9) == changed.p_trend_meets_goal


ODD = st.none() | st.floats() | st.integers(-(10**310), 10**310)


@given(
    st.lists(st.tuples(st.none() | st.floats(-1e300, 1e300) | st.integers(0, 20), ODD), max_size=12),
    st.floats(-1e300, 1e300),
    st.floats(-1e300, 1e300),
    st.floats(1e-9, 1 - 1e-9),
)
def test_anything_gives_a_forecast_or_a_reason(
    points: list[Any], at: float, goal: float, confidence: float
) -> None:
    """Never NaN, never infinity, never an exception."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    result = forecast(xs, ys, at=at, goal=goal, direction=UP, confidence=confidence)
    flat = [end for each in foretold(result) for end in (each if isinstance(each, tuple) else (each,))]
    assert all(value is None or isfinite(value) for value in flat)
    assert (result.prediction is None) == (result.reason is not None)


@pytest.mark.parametrize(
    ("xs", "ys", "at"),
    [
        (range(6), [1e300, -1e300, 1e300, -1e300, 1e300, -1e300], 15),
        ([0, 1, 2, 3, 4, 1e300], [1e299, -1e300, 1e300, -1e299, 1e300, 9e299], 1e300),
        (range(6), [0, 5e-324, 0, 5e-324, 0, 0], 8),
        (range(6), [1e-310, 3e-310, 2e-310, 5e-310, 4e-310, 6e-310], 8),
    ],
)
def test_sizes_at_the_ends_of_the_floats(xs: Any, ys: Any, at: float) -> None:
    """The largest and the smallest scores give a value or a reason."""
    result = forecast(xs, ys, at=at, goal=1, direction=UP, confidence=0.999)
    assert (result.prediction is None) == (result.reason is not None)
    assert all(isfinite(end) for end in result.interval or ())


def test_a_prediction_past_the_floats_is_too_large() -> None:
    """At the very x where the line is still there and its value a little further is not."""
    ys = [-1e300, -5e299, -3e299, 3e299, 5e299, 1e300]
    there, past = 1.0, 1e12
    while past - there > 1:
        middle = (there + past) // 2
        is_there = trend_line([middle + week for week in range(6)], ys).slope is not None
        there, past = (middle, past) if is_there else (there, middle)
    result = forecast([there + week for week in range(6)], ys, at=there + 14, goal=0, direction=UP)
    assert ("too_large", True) == (result.reason, result.line.slope is not None)


def test_ten_thousand_scores() -> None:
    """A long series has a narrow line and a wide score."""
    dice = random.Random(11)
    result = ahead([0.01 * week + dice.gauss(0, 10) for week in range(10_000)], at=10_400, goal=100)
    assert pytest.approx(104, abs=2) == result.prediction
    assert pytest.approx(10, abs=0.3) == result.se_score
    assert (result.se_line or 9) < 0.5


def test_standard_error_needs_two_probes() -> None:
    """One probe has no slope, a negative number of weeks is no design."""
    assert pytest.approx(10 / 82.5**0.5) == slope_standard_error(10, 10)
    with pytest.raises(InvalidValue, match="too_small"):
        slope_standard_error(10, 1)
    with pytest.raises(InvalidValue, match="negative"):
        slope_standard_error(10, -3)


@pytest.mark.parametrize(
    ("see", "half_width", "per_week", "weeks"),
    [(10, 1, 1, 14), (10, 1, 2, 11), (10, 0.5, 1, 21), (5, 1, 1, 9), (0, 1, 1, 3), (10, 1e-5, 1, None)],
)
def test_weeks_that_an_interval_needs(
    see: float, half_width: float, per_week: float, weeks: int | None
) -> None:
    """The first number of weeks whose interval is no wider than asked; None past 1,000."""
    found = weeks_needed(see, half_width, per_week)
    assert weeks == found
    if found is not None and see:
        n = int(found * per_week)
        assert t_quantile(0.9, n - 2) * slope_standard_error(see, found, per_week) <= half_width
        shorter = int((found - 1) * per_week)
        assert t_quantile(0.9, shorter - 2) * slope_standard_error(see, found - 1, per_week) > half_width


def test_weeks_needed_wants_sensible_numbers() -> None:
    """A scatter is not negative, a width is positive, confidence is a share."""
    for see, width, confidence, code in (
        (-1, 1, 0.8, "negative"),
        (1, 0, 0.8, "not_positive"),
        (1, 1, 80, "probability_out_of_range"),
    ):
        with pytest.raises(InvalidValue, match=code):
            weeks_needed(see, width, confidence=confidence)
