"""A fitted trend line: its numbers, the scores it expects, and how uncertain it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import hypot, isfinite, sqrt

from iepcore.progress.distributions import t_quantile, t_tail
from iepcore.progress.pairing import check_share


class TrendMethod(StrEnum):
    """How a line is drawn through points (progress science, section 4)."""

    OLS = "ols"
    THEIL_SEN = "theil_sen"
    SIEGEL = "siegel"
    SPLIT_MIDDLE = "split_middle"
    QUARTER_INTERSECT = "quarter_intersect"
    TUKEY = "tukey"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendLine:
    """A line ``intercept + slope * x`` through ``n`` points, or the reason why there is none.

    ``reason`` is None, or ``insufficient_data`` (fewer than ``minimum`` points), ``no_spread`` (every x the
    same), ``not_a_number`` or ``too_large`` (in the data, or the line itself leaves the floats). With least
    squares through two points the line is there and ``reason`` is ``no_standard_error``: two points say
    nothing about uncertainty.

    Least squares also give ``se`` (of the slope), ``see`` (the scatter of the points around the line, with
    n - 2 degrees of freedom), ``r_squared`` (None when every y is the same), ``x_mean`` and ``x_spread``
    (the root of the sum of squares of x). Every other method leaves them None.
    """

    method: TrendMethod
    n: int
    minimum: int
    slope: float | None = None
    intercept: float | None = None
    se: float | None = None
    reason: str | None = None
    see: float | None = None
    r_squared: float | None = None
    x_mean: float | None = None
    x_spread: float | None = None

    @property
    def df(self) -> int | None:
        """Degrees of freedom of the scatter, n - 2; None without a standard error."""
        return None if self.se is None else self.n - 2

    @property
    def p_slope(self) -> float | None:
        """The two-sided p of "no slope" by Student's t; None without scatter or standard error."""
        if self.slope is None or not self.se:
            return None
        return min(1.0, 2 * t_tail(min(abs(self.slope) / self.se, 1e300), self.n - 2))

    @property
    def se_intercept(self) -> float | None:
        """The standard error of the intercept: of the line at x = 0."""
        return self.se_mean_at(0)

    def value_at(self, x: float) -> float | None:
        """Return the score the line expects at ``x``; None without a line or past the floats."""
        if self.slope is None or self.intercept is None:
            return None
        return _finite(self.intercept + self.slope * x)

    def se_mean_at(self, x: float) -> float | None:
        """Return the standard error of the line itself at ``x`` (least squares only)."""
        leverage = self.leverage_at(x)
        return None if leverage is None or self.see is None else _finite(self.see * sqrt(leverage))

    def se_score_at(self, x: float) -> float | None:
        """Return the standard error of one new score at ``x``: of the line and of the scatter."""
        leverage = self.leverage_at(x)
        return None if leverage is None or self.see is None else _finite(self.see * hypot(1, sqrt(leverage)))

    def leverage_at(self, x: float) -> float | None:
        """Return 1/n + (x - mean x)^2 / sum of squares of x; None without a standard error."""
        if self.x_mean is None or not self.x_spread or self.se is None:
            return None
        away = (x - self.x_mean) / self.x_spread
        return 1 / self.n + min(abs(away), 1e150) ** 2

    def slope_interval(self, confidence: float = 0.95) -> tuple[float, float] | None:
        """Return the two-sided interval of the slope by Student's t; None without a standard error.

        Raises:
            InvalidValue: ``probability_out_of_range`` unless 0 < confidence < 1.
        """
        level = (1 + check_share(confidence, "confidence")) / 2
        if self.slope is None or self.se is None:
            return None
        half = t_quantile(min(level, 1 - 2.0**-53), self.n - 2) * self.se
        low, high = _finite(self.slope - half), _finite(self.slope + half)
        return None if low is None or high is None else (low, high)


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
