"""Six ways to draw a line, Mann-Kendall and autocorrelation: values or reasons, whatever the series holds."""

from __future__ import annotations

import random
from math import isfinite
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import (
    TrendLine,
    TrendMethod,
    autocorrelation,
    durbin_watson,
    mann_kendall,
    residual_autocorrelation,
    theil_sen_interval,
    trend_line,
)
from iepcore.progress.repeated_medians import siegel_slope
from iepcore.progress.slope_medians import pair_slopes, slopes_at

METHODS = list(TrendMethod)
ANYTHING = st.lists(
    st.tuples(
        st.none() | st.floats() | st.integers(-(10**400), 10**400), st.none() | st.floats() | st.integers()
    ),
    max_size=12,
)
SCORES = st.lists(st.integers(0, 60), min_size=5, max_size=14)


def fitted(ys: list[Any], method: str = "ols") -> TrendLine:
    """Fit a line to one score a week."""
    return trend_line(range(len(ys)), ys, method)


def numbers(line: TrendLine) -> list[float | None]:
    """Return every number of a line."""
    return [
        line.slope, line.intercept, line.se, line.see, line.r_squared, line.x_mean, line.x_spread,
        line.p_slope, line.se_intercept, line.value_at(3), line.se_mean_at(1e300), line.se_score_at(3),
        *(line.slope_interval() or ()),
    ]  # fmt: skip


def test_least_squares_by_hand() -> None:
    """Four points: slope 2, intercept 1.5, scatter 1 with two degrees of freedom."""
    line = trend_line([0, 1, None, 2, 3], [2, 3, 9, 5, 8])
    assert (4, 2.0, 1.5, 2) == (line.n, line.slope, line.intercept, line.df)
    assert (0.5**0.5, 0.1**0.5) == (line.see, pytest.approx(line.se))
    assert 1 - 1 / 21 == line.r_squared
    assert (5.5, 11.5) == (line.value_at(2), line.value_at(5))


def test_uncertainty_of_a_line_by_hand() -> None:
    """The same four points: 95 percent of Student's t with 2 degrees of freedom is 4.3027."""
    line = trend_line([0, 1, 2, 3], [2, 3, 5, 8])
    low, high = line.slope_interval() or (0, 0)
    assert pytest.approx((2 - 4.302652729911275 * 0.1**0.5, 2 + 4.302652729911275 * 0.1**0.5)) == (low, high)
    assert pytest.approx(1 - (40 / 42) ** 0.5) == line.p_slope
    assert pytest.approx((0.5 * (1 / 4 + 2.5**2 / 5)) ** 0.5) == line.se_mean_at(4)
    assert pytest.approx((0.5 * (1 + 1 / 4 + 2.5**2 / 5)) ** 0.5) == line.se_score_at(4)
    assert pytest.approx((0.5 * (1 / 4 + 1.5**2 / 5)) ** 0.5) == line.se_intercept


def test_neighbours_of_a_line_by_hand() -> None:
    """Residuals 0.5, -0.5, -0.5, 0.5: r1 is -0.25 and Durbin-Watson's d is 2."""
    assert pytest.approx(-0.25) == residual_autocorrelation([0, 1, 2, 3], [2, 3, 5, 8])
    assert pytest.approx(2.0) == durbin_watson([0, 1, 2, 3], [2, 3, 5, 8])


def test_separate_intercept_goes_through_the_medians() -> None:
    """As scipy's default does: the middle x and the middle y."""
    ys = [1, 3, 5, 7, 90, 11, 13, 15, 18]
    line = trend_line(range(9), ys, "theil_sen", intercept="separate")
    assert 11 - 4 * (line.slope or 0) == line.intercept


@pytest.mark.parametrize(
    ("method", "slope", "intercept"),
    [
        ("theil_sen", 2.0, 1.0),
        ("siegel", 2.0, 1.0),
        ("split_middle", 2.0, 1.0),
        ("quarter_intersect", 2.0, 1.0),
        ("tukey", 2.0, 1.0),
    ],
)
def test_one_outlier_moves_no_median_line(method: str, slope: float, intercept: float) -> None:
    """Least squares follow the outlier, the other methods do not."""
    ys = [1, 3, 5, 7, 90, 11, 13, 15, 17]
    line = fitted(ys, method)
    assert (slope, intercept, None, None) == (line.slope, line.intercept, line.se, line.reason)
    assert intercept + 5 < (fitted(ys).intercept or 0)


def test_outer_thirds_take_two_points_over() -> None:
    """Of 8 points the outer thirds have 3 each, of 7 they have 2."""
    assert (10 - 1) / (6 - 1) == fitted([0, 1, 2, 50, 50, 9, 10, 11], "tukey").slope
    assert (20 - 5) / (5.5 - 0.5) == fitted([0, 10, 50, 50, 50, 10, 30], "tukey").slope


def test_split_middle_has_half_of_the_points_above() -> None:
    """The same slope as quarter-intersect, moved."""
    ys = [4, 9, 2, 8, 3, 6, 12, 5]
    split, quarter = fitted(ys, "split_middle"), fitted(ys, "quarter_intersect")
    assert split.slope == quarter.slope
    assert split.intercept != quarter.intercept
    above = sum(y > (split.value_at(x) or 0) for x, y in enumerate(ys))
    assert 4 == above


@pytest.mark.parametrize(
    ("xs", "ys", "method", "reason", "minimum"),
    [
        ([], [], "ols", "insufficient_data", 2),
        ([1], [4], "ols", "insufficient_data", 2),
        ([1, 2], [4, None], "theil_sen", "insufficient_data", 2),
        ([1, 2], [4, 5], "siegel", "insufficient_data", 3),
        ([1, 2, 3], [4, 5, 6], "split_middle", "insufficient_data", 4),
        ([1, 2], [4, 5], "tukey", "insufficient_data", 3),
        ([2, 2, 2, 2], [4, 5, 6, 7], "ols", "no_spread", 2),
        ([1, 2, 2, 2, 2, 2, 2, 2, 3], range(9), "tukey", "no_spread", 3),
        ([1, 2, 2, 2, 2], [4, 5, 6, 7, 8], "split_middle", None, 4),
        ([1, 2, 3], [4, float("nan"), 6], "ols", "not_a_number", 2),
        ([1, 2, 3], [4, "5", 6], "ols", "not_a_number", 2),
        ([1, 2, 3], [4, True, 6], "ols", "not_a_number", 2),
        ([1, float("inf"), 3], [4, 5, 6], "ols", "not_a_number", 2),
        ([1, 2, 3], [4, 1e301, 6], "ols", "too_large", 2),
        ([1, 2, 3], [4, 10**400, 6], "ols", "too_large", 2),
        ([0, 1e-300, 2e-300], [-1e300, 0, 1e300], "ols", "too_large", 2),
        ([0, 1e-300, 2e-300], [-1e300, 0, 1e300], "theil_sen", "too_large", 2),
        ([0, 1e-320, 2e-320], [0, 1, -1], "ols", "too_large", 2),
        ([0, 1e-10, 2e-10], [1e300, -1e300, 1e300], "ols", "too_large", 2),
    ],
)
def test_a_line_that_is_not_there_has_a_reason(
    xs: Any, ys: Any, method: str, reason: str | None, minimum: int
) -> None:
    """Too few points, no spread, no numbers, or past the floats."""
    line = trend_line(xs, ys, method)
    assert (reason, minimum, reason is None) == (line.reason, line.minimum, line.slope is not None)
    if reason:
        assert [None] * len(numbers(line)) == numbers(line)


def test_halves_without_spread_have_no_line() -> None:
    """Two medians of x in one place make no slope."""
    xs = [1, 2, 2, 2, 2, 3]
    assert "no_spread" == trend_line(xs, [1, 2, 3, 4, 5, 6], "quarter_intersect").reason


def test_two_points_are_a_line_without_error() -> None:
    """Exact, and silent about its uncertainty."""
    line = trend_line([1, 3], [4, 8])
    assert (2.0, 2.0, None, "no_standard_error") == (line.slope, line.intercept, line.se, line.reason)
    assert (None, None, None) == (line.slope_interval(), line.df, line.se_score_at(4))


def test_constant_scores_have_slope_nought() -> None:
    """Slope 0, no scatter, no r squared: nothing varies."""
    for value in (0.1, 1e300, -3, 1e9 + 0.1):
        line = fitted([value] * 7)
        assert (0.0, 0.0, 0.0, None, value) == (
            line.slope,
            line.se,
            line.see,
            line.r_squared,
            line.intercept,
        )
        assert (None, (0.0, 0.0)) == (line.p_slope, line.slope_interval())


def test_a_line_of_tenths_has_no_scatter() -> None:
    """0.1, 0.2, 0.3 as typed lie on a line, whatever their binary digits."""
    line = fitted([each / 10 for each in range(12)])
    assert (0.0, 0.0, 1.0) == (line.see, line.intercept, line.r_squared)
    assert None is residual_autocorrelation(range(12), [each / 10 for each in range(12)])
    assert None is durbin_watson(range(12), [each / 10 for each in range(12)])


def test_unknown_wishes_are_refused() -> None:
    """A caller's mistake is an error, a series' is a reason."""
    with pytest.raises(InvalidValue, match="unknown_method"):
        trend_line([1], [1], "lasso")
    with pytest.raises(InvalidValue, match="unknown_intercept"):
        trend_line([1], [1], intercept="joint")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="lengths_differ"):
        trend_line([1], [1, 2])
    with pytest.raises(InvalidValue, match="probability_out_of_range"):
        fitted([1, 2, 4]).slope_interval(1)


@given(ANYTHING, st.sampled_from(METHODS))
def test_anything_gives_values_or_a_reason(points: list[Any], method: TrendMethod) -> None:
    """Never NaN, never infinity, never an exception."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    line = trend_line(xs, ys, method)
    assert all(value is None or isfinite(value) for value in numbers(line))
    assert (line.slope is None) <= (line.reason is not None)
    assert all(isfinite(end) for end in theil_sen_interval(xs, ys) or ())
    order = mann_kendall(ys)
    assert (order.p is None) == (order.reason is not None)
    for value in (autocorrelation(ys), residual_autocorrelation(xs, ys), durbin_watson(xs, ys)):
        assert value is None or isfinite(value)


@given(SCORES, st.sampled_from(METHODS), st.integers(-50, 50), st.sampled_from([0.25, 1, 8]))
def test_lines_follow_shift_and_scale(ys: list[int], method: TrendMethod, shift: int, scale: float) -> None:
    """Adding moves the intercept, doubling doubles the slope, turning turns it, gaps change nothing."""
    line = fitted(ys, method)
    changed = fitted([scale * (y + shift) for y in ys], method)
    turned = fitted([-y for y in ys], method)
    gaps = trend_line([*range(len(ys)), 99, None], [*ys, None, 5], method)
    assert line.slope is not None
    assert line.intercept is not None
    assert pytest.approx(scale * line.slope, abs=1e-9) == changed.slope
    assert pytest.approx(scale * (line.intercept + shift), abs=1e-9) == changed.intercept
    assert pytest.approx(-line.slope, abs=1e-9) == turned.slope
    assert (line.slope, line.intercept, line.n) == (gaps.slope, gaps.intercept, gaps.n)


@given(SCORES, st.randoms(use_true_random=False), st.sampled_from(METHODS))
def test_the_order_given_does_not_matter(ys: list[int], dice: random.Random, method: TrendMethod) -> None:
    """A line knows x, not the order in which points came."""
    points = list(enumerate(ys))
    dice.shuffle(points)
    shuffled = trend_line([x for x, _ in points], [y for _, y in points], method)
    assert pytest.approx(fitted(ys, method).slope, abs=1e-9) == shuffled.slope


@given(SCORES)
def test_repeating_every_point_keeps_least_squares(ys: list[int]) -> None:
    """Two probes a day with the same score draw the same line."""
    twice = trend_line([*range(len(ys))] * 2, ys * 2)
    assert pytest.approx(fitted(ys).slope, abs=1e-9) == twice.slope


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=25), st.data())
def test_the_search_finds_the_slope_of_any_rank(points: list[tuple[int, int]], data: st.DataObject) -> None:
    """What long series use agrees with writing every slope down, with ties on both sides."""
    xs, ys = [float(x) for x, _ in points], [float(y) for _, y in points]
    slopes = sorted(pair_slopes(xs, ys))
    if slopes and max(ys) > min(ys):
        rank = data.draw(st.integers(0, len(slopes) - 1))
        assert pytest.approx(slopes[rank], rel=1e-12, abs=1e-12) == slopes_at(rank, xs, ys)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=25))
def test_the_search_finds_the_repeated_median(points: list[tuple[int, int]]) -> None:
    """What long series use agrees with every point's own median, with ties on both sides."""
    xs, ys = [float(x) for x, _ in points], [float(y) for _, y in points]
    if min(xs) < max(xs):
        expected = siegel_slope(xs, ys)
        assert pytest.approx(expected, rel=1e-12, abs=1e-12) == siegel_slope(xs, ys, searched_from=0)


@pytest.mark.parametrize(
    "xs",
    [
        range(12),
        range(736000, 736084, 7),
        [0, 2, 1, 3],
        [0.5, 1.5, 2.5],
        [5, 4, 3],
        [0, 1e300, 2e300],
        [3, 3],
    ],
)
def test_pair_slopes_are_rises_over_distances(xs: list[float]) -> None:
    """Evenly spaced or not: the very quotients."""
    days = [float(x) for x in xs]
    ys = [float(index * 7 % 5) / 3 for index in range(len(days))]
    pairs = [(i, j) for i in range(len(days)) for j in range(i) if days[i] != days[j]]
    assert sorted((ys[i] - ys[j]) / (days[i] - days[j]) for i, j in pairs) == sorted(pair_slopes(days, ys))


def test_points_on_one_line_need_no_second_look() -> None:
    """Slopes that differ by rounding only: the search stops, and the line is the line."""
    for count in (500, 501):
        line = fitted([each / 10 for each in range(count)], "siegel")
        assert (pytest.approx(0.1, rel=1e-14), 0.0) == (line.slope, line.intercept)
    assert 2.0 == fitted([2 * each for each in range(501)], "siegel").slope
    assert (0.0, 7.0) == (fitted([7] * 450, "siegel").slope, fitted([7] * 450, "siegel").intercept)


@pytest.mark.parametrize("method", METHODS)
def test_long_and_steep_has_a_reason(method: TrendMethod) -> None:
    """Twelve hundred points a hair apart that climb to the end of the floats: no float is so steep."""
    xs = [each * 1e-310 for each in range(1200)]
    line = trend_line(xs, [each * 1e290 for each in range(1200)], method)
    assert (None, "too_large") == (line.slope, line.reason)
    assert None is theil_sen_interval(xs, [each * 1e290 for each in range(1200)])


def test_ten_thousand_points() -> None:
    """Long series give values, in a second or so."""
    dice = random.Random(7)
    ys = [0.3 * week + dice.gauss(0, 10) for week in range(10_000)]
    assert pytest.approx(0.3, abs=1e-3) == fitted(ys).slope
    robust = fitted(ys, "theil_sen").slope
    low, high = theil_sen_interval(range(1200), ys[:1200]) or (0, 0)
    assert robust is not None
    assert low < robust < high
    assert pytest.approx(0.3, abs=1e-3) == robust
    assert pytest.approx(0.3, abs=1e-3) == fitted(ys, "siegel").slope
    assert 1 > (mann_kendall(ys).tau_b or 0) > 0.9
    assert abs(residual_autocorrelation(range(10_000), ys) or 1) < 0.05
    flat = fitted([5.0] * 10_000, "theil_sen")
    assert (0.0, 5.0) == (flat.slope, flat.intercept)
    assert 0.0 == fitted([0.0, 1.0] * 600, "theil_sen").slope
    assert 1.0 == fitted([week + week % 2 for week in range(1200)], "theil_sen").slope
    assert None is theil_sen_interval([1] * 10_000, ys)
    assert "no_spread" == trend_line([1] * 10_000, ys, "theil_sen").reason
    steps = [float(round(y / 100)) for y in ys[:3_000]]
    assert pytest.approx(0.003, abs=1e-4) == fitted(steps, "theil_sen").slope


def test_few_points_have_an_exact_p() -> None:
    """Of the 24 orders of four scores one rises throughout and one falls throughout."""
    rising = mann_kendall([1, 2, None, 3, 4])
    assert 6 == rising.s
    assert pytest.approx(2 / 24) == rising.p_exact
    assert None is mann_kendall([1, 1, 2]).p_exact
    assert None is mann_kendall([]).p_exact
    assert 1.0 == mann_kendall([1, 3, 2, 2.5]).p_exact or mann_kendall([1, 3, 2, 2.5]).s != 0


@pytest.mark.parametrize(
    ("ys", "s", "reason"),
    [
        ([], None, "insufficient_data"),
        ([3], 0, "insufficient_data"),
        ([3, 3, 3], 0, "no_variation"),
        ([1, float("nan")], None, "not_a_number"),
        ([1, 1e308], None, "too_large"),
    ],
)
def test_an_order_that_says_nothing_has_a_reason(ys: list[float], s: int | None, reason: str) -> None:
    """One score, equal scores, no numbers."""
    found = mann_kendall(ys)
    assert (s, None, None, reason) == (found.s, found.z, found.p, found.reason)


@given(st.lists(st.integers(0, 5), max_size=12))
def test_mann_kendall_mirrors(ys: list[int]) -> None:
    """Turned signs turn S, and S counts pairs."""
    found, turned = mann_kendall(ys), mann_kendall([-y for y in ys])
    pairs = [(a, b) for index, a in enumerate(ys) for b in ys[index + 1 :]]
    assert sum((b > a) - (b < a) for a, b in pairs) == (found.s or 0)
    assert (-(found.s or 0), found.var_s, found.p) == (turned.s or 0, turned.var_s, turned.p)


def test_autocorrelation_needs_scores_and_a_lag() -> None:
    """Too few, equal or no numbers are None; a lag below 1 is refused."""
    assert (None, None, None) == (autocorrelation([1]), autocorrelation([2, 2, 2]), autocorrelation([]))
    assert -1 < (autocorrelation([1, 5, 1, 5, 1]) or 0) < 0
    with pytest.raises(InvalidValue, match="too_small"):
        autocorrelation([1, 2], lag=0)
