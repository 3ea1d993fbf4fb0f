"""Trend lines by six methods, for one series of points (progress science, section 4).

Least squares is the only method that Christ et al. found adequate for reading probes, and the only one with a
standard error here; Theil-Sen and Siegel bear outliers; the others are what teams draw by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum, isfinite, sqrt
from typing import Literal, TypeAlias

from iepcore.progress.checks import refuse
from iepcore.progress.comparison import is_tie
from iepcore.progress.distributions import normal_quantile
from iepcore.progress.pairing import centred, check_share, pairs_of
from iepcore.progress.repeated_medians import siegel_slope
from iepcore.progress.slope_medians import (
    ALL_PAIRS_LIMIT,
    middle_of,
    pair_count,
    pair_slopes,
    scaled_back,
    slopes_at,
    theil_sen_slope,
    tie_groups,
)
from iepcore.progress.trend_lines import TrendLine, TrendMethod

Numbers: TypeAlias = Sequence[float | None]
InterceptForm: TypeAlias = Literal["residual", "separate"]

NO_SCATTER = 1e-20
"""A share of scatter (sum of squares about the line, of that about the mean) that is rounding only."""

_NO_RELATION = 2.0**-48
"""A correlation so small is rounding only: the slope is 0."""

_MINIMUM = {
    TrendMethod.OLS: 2,
    TrendMethod.THEIL_SEN: 2,
    TrendMethod.SIEGEL: 3,
    TrendMethod.SPLIT_MIDDLE: 4,
    TrendMethod.QUARTER_INTERSECT: 4,
    TrendMethod.TUKEY: 3,
}
_TWO = 2


def trend_line(
    xs: Numbers, ys: Numbers, method: TrendMethod | str = "ols", *, intercept: InterceptForm = "residual"
) -> TrendLine:
    """Fit a line through the points; a point with a missing x or y is left out.

    - ``ols``: least squares. At least 2 points, 3 for a standard error.
    - ``theil_sen``: the median of all pair slopes. At least 2 different x.
    - ``siegel``: the median of each point's median slope. At least 3 points.
    - ``quarter_intersect``: through the medians of the two halves (an odd middle point left out).
    - ``split_middle``: the same slope, moved so that half of the points lie above. At least 4 points.
    - ``tukey``: through the medians of the outer thirds (one point over goes to the middle third, two to
      the outer ones). At least 3 points.

    The intercept of ``theil_sen`` and ``siegel`` is the median of y - slope x; ``intercept="separate"`` takes
    median y - slope * median x, as scipy does by default. Units: the slope is in units of y per unit of x.

    Raises:
        InvalidValue: ``lengths_differ``, ``unknown_method``, ``unknown_intercept``.
    """
    if method not in _MINIMUM:
        raise refuse("unknown_method", "method")
    if intercept not in ("residual", "separate"):
        raise refuse("unknown_intercept", "intercept")
    method = TrendMethod(method)
    pairs = pairs_of(xs, ys)
    n, minimum = len(pairs.xs), _MINIMUM[method]
    reason = pairs.reason
    if reason is None and n < minimum:
        reason = "insufficient_data"
    if reason is None and pairs.xs[0] == pairs.xs[-1] and min(pairs.xs) == max(pairs.xs):
        reason = "no_spread"
    if reason is not None:
        return TrendLine(method=method, n=n, minimum=minimum, reason=reason)
    if method is TrendMethod.OLS:
        return _least_squares(pairs.xs, pairs.ys)
    slope, height = _DRAWN[method](pairs.xs, pairs.ys, intercept)
    if slope is None:
        return TrendLine(method=method, n=n, minimum=minimum, reason="no_spread")
    if not (isfinite(slope) and isfinite(height)):
        return TrendLine(method=method, n=n, minimum=minimum, reason="too_large")
    return TrendLine(method=method, n=n, minimum=minimum, slope=slope + 0.0, intercept=height)


def theil_sen_interval(xs: Numbers, ys: Numbers, confidence: float = 0.95) -> tuple[float, float] | None:
    """Return the interval of the Theil-Sen slope from the tie-corrected variance of Kendall's S (Sen 1968).

    For outliers, not for coverage: with autocorrelated scores it is too narrow (progress science, section 9).
    None where ``trend_line`` gives no slope.

    Raises:
        InvalidValue: ``lengths_differ``, ``probability_out_of_range``.
    """
    z = normal_quantile((1 + check_share(confidence, "confidence")) / 2)
    pairs = pairs_of(xs, ys)
    n, count = len(pairs.xs), pair_count(pairs.xs)
    if not count:
        return None
    ties = sum(t * (t - 1) * (2 * t + 5) for side in (pairs.xs, pairs.ys) for _, t in tie_groups(side))
    # Ties on both sides can take more than there is: the variance is no less than 0.
    sigma = sqrt(max(0, n * (n - 1) * (2 * n + 5) - ties) / 18)
    upper = min(round((count + z * sigma) / 2), count - 1)
    lower = max(round((count - z * sigma) / 2) - 1, 0)
    if n <= ALL_PAIRS_LIMIT:
        slopes = sorted(pair_slopes(pairs.xs, pairs.ys))
        low, high = slopes[lower], slopes[upper]
    else:
        low, high = slopes_at(lower, pairs.xs, pairs.ys), slopes_at(upper, pairs.xs, pairs.ys)
    return (low, high) if isfinite(low) and isfinite(high) else None


def _least_squares(xs: list[float], ys: list[float]) -> TrendLine:
    n = len(xs)
    x0, y0 = xs[0], ys[0]
    along = centred(xs, fsum([x - x0 for x in xs]))
    up = centred(ys, fsum([y - y0 for y in ys]))
    us, vs = along.values, up.values
    x_squares = fsum([u * u for u in us])
    y_squares = fsum([v * v for v in vs])
    scaled = fsum([u * v for u, v in zip(us, vs, strict=True)]) / x_squares
    if abs(scaled) * sqrt(x_squares) <= _NO_RELATION * sqrt(y_squares):
        scaled = 0.0
    scatter = fsum([(v - scaled * u) ** 2 for u, v in zip(us, vs, strict=True)])
    if scatter <= NO_SCATTER * y_squares:
        scatter = 0.0

    slope = scaled_back(scaled + 0.0, up.exponent - along.exponent)
    height = _height(along.mean, up.mean, slope)
    if not (isfinite(slope) and isfinite(height)):
        return TrendLine(method=TrendMethod.OLS, n=n, minimum=_TWO, reason="too_large")
    see = se = None
    if n > _TWO:
        see_scaled = sqrt(scatter / (n - 2))
        see = scaled_back(see_scaled, up.exponent)
        se = scaled_back(see_scaled / sqrt(x_squares), up.exponent - along.exponent)
    if se is not None and not isfinite(se):
        return TrendLine(method=TrendMethod.OLS, n=n, minimum=_TWO, reason="too_large")
    return TrendLine(
        method=TrendMethod.OLS,
        n=n,
        minimum=_TWO,
        slope=slope,
        intercept=height,
        se=se,
        reason="no_standard_error" if se is None else None,
        see=see,
        r_squared=1 - scatter / y_squares if y_squares else None,
        x_mean=along.mean,
        x_spread=scaled_back(sqrt(x_squares), along.exponent),
    )


Drawn: TypeAlias = tuple[float | None, float]
"""A slope and an intercept; no slope when the two ends lie above one x."""


def _height(x: float, y: float, slope: float) -> float:
    """Where the line through (x, y) meets x = 0; a difference within rounding is 0."""
    rise = slope * x
    return 0.0 if is_tie(y, rise) else y - rise


def _median_height(xs: list[float], ys: list[float], slope: float) -> float:
    """The median of y - slope x; within rounding of the largest y it is 0."""
    middle = middle_of([y - slope * x for x, y in zip(xs, ys, strict=True)])
    return 0.0 if is_tie(middle, 0.0, magnitude=max(max(ys), -min(ys))) else middle


def _robust(slope: float, xs: list[float], ys: list[float], form: InterceptForm) -> Drawn:
    if form == "residual":
        return slope, _median_height(xs, ys, slope)
    return slope, _height(middle_of([*xs]), middle_of([*ys]), slope)


def _theil_sen(xs: list[float], ys: list[float], form: InterceptForm) -> Drawn:
    return _robust(theil_sen_slope(xs, ys), xs, ys, form)


def _siegel(xs: list[float], ys: list[float], form: InterceptForm) -> Drawn:
    return _robust(siegel_slope(xs, ys), xs, ys, form)


def _quarter_intersect(xs: list[float], ys: list[float], form: InterceptForm) -> Drawn:
    return _through_ends(xs, ys, len(xs) // 2)


def _split_middle(xs: list[float], ys: list[float], form: InterceptForm) -> Drawn:
    slope, _ = _through_ends(xs, ys, len(xs) // 2)
    return (None, 0.0) if slope is None else (slope, _median_height(xs, ys, slope))


def _tukey(xs: list[float], ys: list[float], form: InterceptForm) -> Drawn:
    third, over = divmod(len(xs), 3)
    return _through_ends(xs, ys, third + (over == _TWO))


def _through_ends(xs: list[float], ys: list[float], size: int) -> Drawn:
    """The line through the median points of the first and last ``size`` points in order of x."""
    points = sorted(zip(xs, ys, strict=True))
    first, last = points[:size], points[-size:]
    x1, x2 = middle_of([x for x, _ in first]), middle_of([x for x, _ in last])
    y1, y2 = middle_of([y for _, y in first]), middle_of([y for _, y in last])
    if x1 == x2:
        return None, 0.0
    slope = (y2 - y1) / (x2 - x1)
    return slope, _height(x1, y1, slope)


_DRAWN: dict[TrendMethod, Callable[[list[float], list[float], InterceptForm], Drawn]] = {
    TrendMethod.THEIL_SEN: _theil_sen,
    TrendMethod.SIEGEL: _siegel,
    TrendMethod.QUARTER_INTERSECT: _quarter_intersect,
    TrendMethod.SPLIT_MIDDLE: _split_middle,
    TrendMethod.TUKEY: _tukey,
}
