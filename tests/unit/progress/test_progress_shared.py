"""Agreement with the shared reference cases and scenarios (skipped where the shared folder is absent)."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from iepcore.progress import (
    Aimline,
    ConsecutiveCriterion,
    Criterion,
    Direction,
    NOfMCriterion,
    Observation,
    Series,
    consecutive_point_rule,
    four_point_flag,
    four_point_rule,
    period_status,
)
from tests.unit.progress.builders import START, day, week, weekly


def load(folder: Path, name: str) -> Any:
    """Read one JSON file of the shared folder, or skip."""
    path = folder / name
    if not path.is_file():
        pytest.skip(f"the shared material beside this checkout has no {name}")
    return json.loads(path.read_text(encoding="utf-8"))


def test_decision_rules_agree_with_the_reference(shared_folder: Path) -> None:
    """Each hand-checkable case gives the same decision, the same n, the same sides and the same median."""
    cases = load(shared_folder, "reference/progress/decision_rules.json")["cases"]
    for case in cases:
        (x0, baseline), (x1, target) = case["baseline"], case["goal"]
        line = Aimline(baseline=baseline, target=target, starts_on=week(x0), ends_on=week(x1))
        direction = Direction(case["direction"])
        series = Series.of((week(x), y) for x, y in zip(case["x"], case["y"], strict=True))
        for name, rule in (
            ("four_point", four_point_rule),
            ("three_below_six_above", consecutive_point_rule),
        ):
            expected, got = case["expected"][name], rule(series, line, direction)
            shown = (got.decision.value, got.n, list(got.sides))
            assert (expected["decision"], expected["n"], expected.get("sides_last", [])) == shown, case["id"]
        median = case["expected"]["median_of_last_3"]
        if "median_last3" in median:
            status = period_status(
                series, line, direction, ConsecutiveCriterion(k=99), (week(x0), week(case["x"][-1]))
            )
            assert (median["median_last3"], median["aim_at_last"]) == (
                status.median_of_last_three,
                pytest.approx(status.expected_value, rel=1e-12),
            ), case["id"]
    assert len(cases) >= 11


def test_mastery_agrees_with_the_reference(shared_folder: Path) -> None:
    """k of n with a full window and early, and k in a row where k is n."""
    cases = load(shared_folder, "reference/progress/mastery.json")["cases"]
    for case in cases:
        k, n, direction = case["k"], case["n"], Direction(case["direction"])
        series = weekly(*case["values"], first_week=0)

        def index(criterion: Criterion, case: Any = case, series: Series = series) -> int | None:
            met_on = criterion.met_on(series, case["criterion"], Direction(case["direction"]))
            return None if met_on is None else (met_on - START).days // 7

        expected = case["expected"]
        assert expected["index_full_window"] == index(NOfMCriterion(n=k, m=n)), case["id"]
        assert expected["index_early"] == index(NOfMCriterion(n=k, m=n, early=True)), case["id"]
        if k == n:
            assert expected["index_full_window"] == index(ConsecutiveCriterion(k=k)), case["id"]
        assert direction in Direction
    assert len(cases) >= 9


def test_published_series_keep_their_points(shared_folder: Path) -> None:
    """Missing and repeated sessions are kept, phases are told apart, the order is by session."""
    folder = shared_folder / "reference" / "progress"
    if not (folder / "series.csv").is_file():
        pytest.skip("the shared material beside this checkout has no series.csv")
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (folder / "series.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["case_id"]].append(row)
    with (folder / "cases.csv").open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    for case in cases:
        mine = rows[case["case_id"]]
        series = Series(
            Observation(
                on=day(int(float(row["session"]))),
                score=float(row["value"]) if row["value"] else None,
                phase=row["phase"],
            )
            for row in reversed(mine)
        )
        missing = len(series) - len(series.scored)
        current = series.current_phase()
        assert (len(mine), int(case["n_missing"])) == (len(series), missing), case["case_id"]
        assert (int(case["n_A"]), int(case["n_B"])) == (
            sum(point.phase == "A" for point in series),
            len(current),
        ), case["case_id"]
        days = [point.on for point in series]
        assert sorted(days) == days
    assert 61 == len(cases)


def criterion_of(raw: dict[str, Any]) -> Criterion:
    """Build the criterion of a scenario goal."""
    if raw["type"] == "consecutive":
        return ConsecutiveCriterion(k=raw["k"])
    return NOfMCriterion(n=raw["n"], m=raw["m"])


def test_scenarios_have_the_status_and_flag_they_expect(shared_folder: Path) -> None:
    """Each goal whose status is written down has it, and every other goal gets some status."""
    scenarios = load(shared_folder, "domain/scenarios.json")["scenarios"]
    checked = 0
    for scenario in scenarios:
        expectations = scenario.get("expected", {}).get("goal_status") or {}
        as_of = date.fromisoformat(scenario["as_of"])
        for goal in scenario.get("goals", []):
            line = Aimline(
                baseline=goal["baseline"],
                target=goal["target"],
                starts_on=date.fromisoformat(goal["start"]),
                ends_on=date.fromisoformat(goal["end"]),
            )
            direction = Direction(goal["direction"])
            series = Series.of((date.fromisoformat(on), value) for on, value in goal["data"])
            expected = expectations.get(goal["id"])
            period = (
                (as_of - timedelta(days=60), as_of)
                if expected is None
                else (date.fromisoformat(expected["period"][0]), date.fromisoformat(expected["period"][1]))
            )
            result = period_status(series, line, direction, criterion_of(goal["criterion"]), period)
            flag = four_point_flag(series.between(None, as_of), line, direction)
            if expected is not None:
                where = f"{scenario['id']} {goal['id']}"
                assert (expected["status"], expected["four_point_flag"]) == (
                    result.status.value,
                    flag.is_flagged,
                ), where
                checked += 1
    assert checked >= 9
