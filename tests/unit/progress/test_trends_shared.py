"""Trend lines, Mann-Kendall and autocorrelation agree with R, scipy and the independent definitions."""

from __future__ import annotations

from functools import cache
from math import erfc, sqrt
from pathlib import Path

import pytest

from iepcore.progress import (
    MannKendall,
    TrendLine,
    autocorrelation,
    durbin_watson,
    mann_kendall,
    residual_autocorrelation,
    theil_sen_interval,
    trend_line,
)
from tests.unit.progress.reference_rows import Points, Reference, Row

ROUNDING = 1e-13
"""Times the largest score: what R's and scipy's own rounding amounts to where the exact value is 0."""

NEAR_PERFECT = "the points lie on a line: R divides rounding by rounding, here the scatter is 0"
FIELDS = {
    "intercept_joint": "intercept",
    "intercept_separate": "intercept",
    "intercept_median_residual": "intercept",
    "intercept_quarter_intersect": "intercept",
    "intercept_split_middle": "intercept",
    "se_slope": "se",
    "r2": "r_squared",
}
METHODS = {
    "ols": "ols",
    "theil_sen": "theil_sen",
    "theilslopes": "theil_sen",
    "siegel_repeated_medians": "siegel",
    "tukey_thirds": "tukey",
    "split_middle": "split_middle",
}


@pytest.fixture(scope="module")
def reference(shared_folder: Path) -> Reference:
    """Open the reference."""
    return Reference(shared_folder)


@cache
def line(points: Points, method: str, form: str = "residual") -> TrendLine:
    """Fit each line once."""
    return trend_line(*points, method, intercept=form)  # type: ignore[arg-type]


def test_lines_agree(reference: Reference) -> None:
    """Slopes, intercepts and standard errors of every method; missing scores are dropped with their x."""
    for row in reference.segment_rows(*METHODS):
        field, points = row["field"], reference.points(row)
        if field == "intercept_mblm" or (row["tool"] == "mblm" and field == "intercept"):
            why = "mblm takes the median of the intercepts of pairs; ours is the median of y - slope x"
            reference.check(row, line(points, METHODS[row["statistic"]]).intercept, why=why)
            continue
        method = "quarter_intersect" if field == "intercept_quarter_intersect" else METHODS[row["statistic"]]
        fitted = line(points, method, "separate" if field == "intercept_separate" else "residual")
        reference.check(
            row,
            _of_line(row, fitted, points),
            noise=ROUNDING * reference.size(row),
            why=_why_line(row, fitted),
        )
    assert [] == reference.unexplained
    assert sum(reference.agreed.values()) >= 4300


def _of_line(row: Row, fitted: TrendLine, points: Points) -> float | None:
    field = row["field"]
    if field.startswith(("ci95", "slope_ci95")):
        is_ols = row["statistic"] == "ols"
        interval = fitted.slope_interval() if is_ols else theil_sen_interval(*points)
        return None if interval is None else interval[field.endswith("upper")]
    value: float | None = getattr(fitted, FIELDS.get(field, field))
    return value


def _why_line(row: Row, fitted: TrendLine) -> str | None:
    if row["tool"] == "R-stats" and fitted.see == 0:
        return NEAR_PERFECT
    return "repeated medians of two points: ours need three" if fitted.n == 2 else None


def test_orders_agree(reference: Reference) -> None:
    """S, its variance, z, p and tau, with ties and without."""
    before = sum(reference.agreed.values())
    for row in reference.segment_rows("mann_kendall", "kendalltau", "original_test"):
        points = reference.points(row)
        found = mann_kendall(points[1])
        single = row["tool"] == "Kendall"
        reference.check(
            row,
            _of_order(row, found, points),
            rel=2e-6 if single else 1e-9,
            # Single precision in package Kendall; pymannkendall takes p as 2 (1 - area).
            noise={"Kendall": 2e-7, "pymannkendall": 2e-15}.get(row["tool"], 0.0),
            why="package Kendall answers 1 for three points" if single and found.n == 3 else None,
        )
    assert [] == reference.unexplained
    assert sum(reference.agreed.values()) - before >= 2200


def _of_order(row: Row, found: MannKendall, points: Points) -> float | None:
    match row["field"]:
        case "p_auto":
            return _scipy_p(found)
        case "p" if row["tool"] == "Kendall" and _is_exact(row, found):
            return found.p_exact
        case "p" | "p_two_sided_normal":
            return found.p
        case "S" | "s":
            return found.s
        case "var_S" | "var_S_tie_corrected":
            return found.var_s
        case "z_continuity":
            return found.z
        case "tau_b":
            return found.tau_b
        case _:
            there = [y for y in points[1] if y is not None]
            return trend_line(range(len(there)), there, "theil_sen").slope


def _is_exact(row: Row, found: MannKendall) -> bool:
    """Package Kendall counts orders for few points without ties, and does not say when."""
    if found.p_exact is None or found.p is None:
        return False
    expected = float(row["value"])
    return abs(found.p_exact - expected) < abs(found.p - expected)


def _scipy_p(found: MannKendall) -> float | None:
    """Scipy's rule: exact without ties up to 33 points, else normal without continuity correction."""
    assert found.s is not None
    assert found.var_s is not None
    few = (found.n * (found.n - 1) // 2 - abs(found.s)) // 2 <= 1
    if not found.has_ties and (found.n <= 33 or few):
        return found.p_exact
    return erfc(abs(found.s) / sqrt(2 * found.var_s))


def test_autocorrelations_agree(reference: Reference) -> None:
    """Raw at lags 1 to 3, of the residuals at lag 1, and Durbin-Watson's d."""
    before = sum(reference.agreed.values())
    names = ("autocorrelation_raw", "autocorrelation_ols_residual", "durbin_watson")
    for row in reference.segment_rows(*names):
        xs, ys = reference.points(row)
        match row["statistic"]:
            case "autocorrelation_raw":
                got = autocorrelation(ys, lag=int(row["field"].removeprefix("lag")))
            case "durbin_watson":
                got = durbin_watson(xs, ys)
            case _:
                got = residual_autocorrelation(xs, ys)
        reference.check(row, got, noise=1e-12)
    assert [] == reference.unexplained
    assert sum(reference.agreed.values()) - before >= 780
