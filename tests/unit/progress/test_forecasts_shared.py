"""Forecasts, norms, standard errors, rules and mastery agree with the shared reference."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest

from iepcore.progress import (
    Aimline,
    Direction,
    MasteryCriterion,
    Series,
    forecast,
    growth_norms,
    median_rule,
    orf_norms,
    residual_autocorrelation,
    slope_standard_error,
    t_cdf,
    t_quantile,
    trend_line,
    trend_rule,
)
from iepcore.progress.forecasting import unbiased_autocorrelation
from tests.unit.progress.builders import week, weekly
from tests.unit.progress.reference_rows import Reference, Row
from tests.unit.progress.test_trends_shared import NEAR_PERFECT, ROUNDING

AHEAD = 10
ADJUSTED = "forecast_autocorrelation_adjusted_xmax_plus_10"
PLAIN_P = "forecast_p_meet_goal_xmax_plus_10"


@pytest.fixture(scope="module")
def reference(shared_folder: Path) -> Reference:
    """Open the reference."""
    return Reference(shared_folder)


def rows(shared: Path, name: str) -> list[dict[str, str]]:
    """Read one table of the reference, or skip."""
    path = shared / "reference" / "progress" / name
    if not path.is_file():
        pytest.skip(f"the shared material beside this checkout has no {name}")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_lines_carried_on_agree_with_r(reference: Reference) -> None:
    """The line's value ten sessions ahead, its two standard errors and the intervals of R's predict."""
    for row in reference.segment_rows("ols_forecast_xmax_plus_10"):
        xs, ys = reference.points(row)
        line = trend_line(xs, ys)
        at = _last(xs, ys) + AHEAD
        got: float | None
        match row["field"]:
            case "df":
                got = line.df
            case "fit":
                got = line.value_at(at)
            case "se_mean":
                got = line.se_mean_at(at)
            case "se_pred":
                got = line.se_score_at(at)
            case field:
                value, error = line.value_at(at), line.se_score_at(at)
                assert value is not None
                assert error is not None
                level = 0.9 if "80" in field else 0.975
                half = t_quantile(level, line.n - 2) * error
                got = value - half if field.endswith("lower") else value + half
        why = NEAR_PERFECT if line.see == 0 else None
        reference.check(row, got, noise=ROUNDING * reference.size(row), why=why)
    assert [] == reference.unexplained
    assert sum(reference.agreed.values()) >= 1400


def _last(xs: tuple[float, ...], ys: tuple[float | None, ...]) -> float:
    return max(x for x, y in zip(xs, ys, strict=True) if y is not None)


def test_forecasts_agree_with_the_definition(reference: Reference) -> None:
    """Adjusted intervals and both chances of reaching the goal, through forecast() wherever it answers."""
    before = sum(reference.agreed.values())
    answered = 0
    for row in reference.segment_rows(ADJUSTED, PLAIN_P):
        got, through = _forecast_value(reference, row)
        answered += through
        reference.check(row, got)
    assert [] == reference.unexplained
    assert sum(reference.agreed.values()) - before >= 680
    assert answered >= 500


def _forecast_value(reference: Reference, row: Row) -> tuple[float | None, bool]:
    """What forecast() says; where it declines (few points, too far ahead), the same from the line."""
    case = reference.cases[row["case_id"]]
    xs, ys = reference.points(row)
    at, goal = _last(xs, ys) + AHEAD, float(case["goal"] or 0)
    adjusted = row["statistic"] == ADJUSTED
    direction = Direction(case["improvement"])
    found = forecast(
        xs, ys, at=at, goal=goal, direction=direction, autocorrelation="adjusted" if adjusted else "none"
    )
    if found.reason is None:
        low, high = found.interval or (None, None)
        return {
            "p_single_score_meets_goal": found.p_single_score_meets_goal,
            "p_single_score": found.p_single_score_meets_goal,
            "p_trend_line": found.p_trend_meets_goal,
            "pi80_lower": low,
            "pi80_upper": high,
            "r1_bias_corrected_clipped": found.r1_used,
            "r1_residual": found.r1,
            "se_pred": found.se_score,
        }[row["field"]], True
    line, r1 = trend_line(xs, ys), residual_autocorrelation(xs, ys)
    value, leverage = line.value_at(at), line.leverage_at(at)
    assert found.reason in ("insufficient_data", "long_extrapolation")
    assert None is found.prediction
    assert value is not None
    assert leverage is not None
    assert line.see is not None
    assert r1 is not None
    used = unbiased_autocorrelation(r1, line.n) if adjusted else 0.0
    se_line = line.see * (leverage * (1 + used) / (1 - used)) ** 0.5
    se_score = (line.see**2 + se_line**2) ** 0.5
    half = t_quantile(0.9, line.n - 2) * se_score
    away = direction.sign * (value - goal)
    return {
        "p_single_score_meets_goal": t_cdf(away / se_score, line.n - 2),
        "p_single_score": t_cdf(away / se_score, line.n - 2),
        "p_trend_line": t_cdf(away / se_line, line.n - 2),
        "pi80_lower": value - half,
        "pi80_upper": value + half,
        "r1_bias_corrected_clipped": used,
        "r1_residual": r1,
        "se_pred": se_score,
    }[row["field"]], False


def test_standard_errors_of_slopes_agree(shared_folder: Path) -> None:
    """Christ's design: 2 to 20 weeks, 1 to 3 probes a week, scatter 2 to 18."""
    table = rows(shared_folder, "slope_standard_error.csv")
    for row in table:
        got = slope_standard_error(float(row["see"]), int(row["weeks"]), int(row["probes_per_week"]))
        assert pytest.approx(float(row["se_slope_per_week"]), rel=1e-12) == got
    assert len(table) >= 500


def test_reading_norms_agree(shared_folder: Path) -> None:
    """Every score as published, every weekly improvement as computed and never as misprinted."""
    table = rows(shared_folder, "orf_norms_hasbrouck_tindal_2017.csv")
    mine = {(norm.grade, norm.percentile): norm for norm in orf_norms()}
    misprinted = 0
    for row in table:
        norm = mine.pop((int(row["grade"]), int(row["percentile"])))
        fall = int(row["fall_wcpm"]) if row["fall_wcpm"] else None
        assert (fall, int(row["winter_wcpm"]), int(row["spring_wcpm"])) == (
            norm.fall,
            norm.winter,
            norm.spring,
        )
        assert float(row["weekly_improvement_computed"]) == norm.weekly_improvement
        misprinted += abs(float(row["weekly_improvement_printed_on_web"]) - norm.weekly_improvement) > 0.0501
    assert {} == mine
    assert 3 == misprinted


def test_growth_norms_agree(shared_folder: Path) -> None:
    """Each number with its source, year, population and grade."""
    table = rows(shared_folder, "weekly_growth_norms_orf.csv")
    mine = {
        (f"{norm.source} {norm.year}", norm.population, norm.standard, norm.grade): norm.words_per_week
        for norm in growth_norms()
    }
    theirs = {
        (row["source"], row["population"], row["standard"], int(row["grade"])): float(row["words_per_week"])
        for row in table
    }
    assert theirs == mine


def test_trend_and_median_rules_agree(shared_folder: Path) -> None:
    """Each hand-checkable case gives the same decision, n, slopes and median."""
    path = shared_folder / "reference" / "progress" / "decision_rules.json"
    if not path.is_file():
        pytest.skip("the shared material beside this checkout has no decision_rules.json")
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
        (x0, baseline), (x1, target) = case["baseline"], case["goal"]
        line = Aimline(baseline=baseline, target=target, starts_on=week(x0), ends_on=week(x1))
        series = Series.of((week(x), y) for x, y in zip(case["x"], case["y"], strict=True))
        direction = Direction(case["direction"])
        trend, wanted = trend_rule(series, line, direction), case["expected"]["trend_vs_aimline_ols"]
        assert (wanted["decision"], wanted["n"]) == (trend.decision, trend.n), case["id"]
        if "trend_slope" in wanted:
            assert pytest.approx(wanted["trend_slope"] * 10) == trend.numbers["trend"]
            assert pytest.approx(wanted["aimline_slope"] * 10) == trend.numbers["needed"]
        median, wanted = median_rule(series, line, direction), case["expected"]["median_of_last_3"]
        assert (wanted["decision"], wanted["n"]) == (median.decision, median.n), case["id"]
        if "median_last3" in wanted:
            assert pytest.approx(wanted["aim_at_last"]) == median.numbers["expected"]
            assert wanted["median_last3"] == median.numbers["median"]


def test_mastery_criteria_agree(shared_folder: Path) -> None:
    """Full window, early, and absences that break, for bare scores and for dated ones."""
    path = shared_folder / "reference" / "progress" / "mastery.json"
    if not path.is_file():
        pytest.skip("the shared material beside this checkout has no mastery.json")
    forms = {
        "full_window": {},
        "early": {"early": True},
        "missing_breaks": {"missing": "breaks"},
    }
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
        for form, settings in forms.items():
            criterion = MasteryCriterion(
                threshold=case["criterion"],
                k=case["k"],
                n=case["n"],
                direction=case["direction"],
                **settings,  # type: ignore[arg-type]
            )
            result = criterion.evaluate(case["values"])
            dated = criterion.evaluate(weekly(*case["values"], first_week=0))
            index = case["expected"][f"index_{form}"]
            assert (case["expected"][f"met_{form}"], index) == (result.is_met, result.first_met_index), case[
                "id"
            ]
            assert (None if index is None else week(0) + timedelta(weeks=index)) == dated.first_met_on
            if form == "full_window":
                assert result.best_window is not None
                assert case["expected"]["best_count_in_window"] == result.best_window.met, case["id"]
