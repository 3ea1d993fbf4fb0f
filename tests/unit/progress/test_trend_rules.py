"""Trend, median and projected goal rules, the default report, and the sentences that tell them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.language import Phrase, render
from iepcore.progress import (
    AimlineSegments,
    DataLevel,
    Decision,
    DecisionResult,
    Direction,
    Series,
    consecutive_point_rule,
    default_report,
    four_point_rule,
    median_rule,
    projected_goal_rule,
    trend_rule,
)
from tests.unit.progress.builders import aimline, week, weekly
from tests.unit.progress.test_decision_rules import OPPOSITE, SCORES

UP, DOWN = Direction.INCREASE, Direction.DECREASE
FLAT = (41, 44, 40, 43, 42, 44, 41, 45, 43, 44)
STEEP = (44, 49, 50, 57, 58, 65, 66, 71, 76, 77)
PARALLEL = (43, 44.5, 46, 47.5, 49, 50.5, 52, 53.5, 55, 56.5)
NOISY = (43, 40, 52, 38, 55, 44, 47, 58, 46, 57)
WAVES = tuple(40 + 1.5 * number + (3 if number % 2 else -3) for number in range(1, 17))
FEW: dict[str, Any] = {"minimum": 1, "minimum_weeks": None}
Rule = Callable[..., DecisionResult]


@pytest.mark.parametrize(
    ("scores", "settings", "decision", "reason"),
    [
        (FLAT, {}, Decision.CHANGE_INSTRUCTION, "flatter"),
        (STEEP, {}, Decision.RAISE_GOAL, "steeper"),
        (PARALLEL, {}, Decision.CONTINUE, "parallel"),
        (NOISY, {}, Decision.CHANGE_INSTRUCTION, "flatter"),
        (FLAT, {"ci": 0.8}, Decision.CHANGE_INSTRUCTION, "flatter"),
        (STEEP, {"ci": 0.8}, Decision.RAISE_GOAL, "steeper"),
        (PARALLEL, {"ci": 0.8}, Decision.CONTINUE, "parallel"),
        (NOISY, {"ci": 0.8}, Decision.CONTINUE, "not_told_apart"),
        (FLAT, {"method": "theil_sen"}, Decision.CHANGE_INSTRUCTION, "flatter"),
        (STEEP, {"method": "theil_sen", "ci": 0.8}, Decision.RAISE_GOAL, "steeper"),
        (FLAT, {"method": "tukey"}, Decision.CHANGE_INSTRUCTION, "flatter"),
        (FLAT[:7], {}, Decision.INSUFFICIENT_DATA, "too_few_points"),
        (FLAT[:7], {"minimum": 7}, Decision.CHANGE_INSTRUCTION, "flatter"),
        (FLAT[:2], {**FEW, "minimum": 2, "ci": 0.8}, Decision.INSUFFICIENT_DATA, "no_standard_error"),
        (FLAT[:1], FEW, Decision.INSUFFICIENT_DATA, "too_few_points"),
    ],
)  # fmt: skip
def test_the_trend_rule(scores: Any, settings: dict[str, Any], decision: Decision, reason: str) -> None:
    """Flatter changes, steeper raises; with an interval only when the whole of it is on one side."""
    result = trend_rule(weekly(*scores), aimline(), UP, **settings)
    assert ("trend_rule", decision, reason, len(scores)) == (
        result.rule,
        result.decision,
        result.reason,
        result.n,
    )
    assert (0 if decision is Decision.INSUFFICIENT_DATA else len(scores)) == len(result.points_used)


def test_the_trend_rule_tells_its_numbers() -> None:
    """Rates in 10 weeks, the interval around the trend's, and the confidence in percent."""
    numbers = trend_rule(weekly(*FLAT), aimline(), UP, ci=0.8).numbers
    assert (15.0, 10, 80.0) == (numbers["needed"], numbers["n"], numbers["confidence"])
    assert numbers["low"] < numbers["trend"] < numbers["high"]  # type: ignore[operator]


def test_points_must_spread_over_weeks() -> None:
    """Ten probes in ten days are not four weeks; all on one day are no trend."""
    daily = Series.of([(date(2026, 9, 8 + number), 40 + number) for number in range(10)])
    result = trend_rule(daily, aimline(), UP)
    assert ("too_few_weeks", "rule.too_few_weeks") == (result.reason, result.sentence_key)
    one_day = Series.of([(week(5), 40 + number) for number in range(10)])
    for rule in (trend_rule, projected_goal_rule):
        assert "no_spread" == rule(one_day, aimline(), UP).reason


def test_only_lines_with_an_interval_can_be_asked_for_one() -> None:
    """Tukey's line has none, and confidence is a share."""
    with pytest.raises(InvalidValue, match="no_interval"):
        trend_rule(weekly(*FLAT), aimline(), UP, method="tukey", ci=0.8)
    for rule in (trend_rule, projected_goal_rule):
        with pytest.raises(InvalidValue, match="probability_out_of_range"):
            rule(weekly(*FLAT), aimline(), UP, ci=80)
    with pytest.raises(InvalidValue, match="unknown_method"):
        trend_rule(weekly(), aimline(), UP, method="eye")


@pytest.mark.parametrize(
    ("scores", "decision", "reason", "key"),
    [
        (
            (90, 90, 90, 90, 1, 48, 90),
            Decision.CHANGE_INSTRUCTION,
            "median_short_of_line",
            "change_instruction",
        ),
        ((1, 1, 1, 1, 90, 51, 1), Decision.RAISE_GOAL, "median_past_line", "raise_goal"),
        ((1, 1, 1, 1, 90, 50.5, 1), Decision.CONTINUE, "median_on_line", "continue"),
        ((1, 1, 1, 1, 90), Decision.INSUFFICIENT_DATA, "too_few_points", "insufficient_data"),
    ],
)  # fmt: skip
def test_the_median_rule(scores: Any, decision: Decision, reason: str, key: str) -> None:
    """The middle of the last three against the line on the last day; strictly."""
    result = median_rule(weekly(*scores), aimline(), UP)
    assert (decision, reason, f"rule.median_rule.{key}") == (
        result.decision,
        result.reason,
        result.sentence_key,
    )
    if reason != "too_few_points":
        assert (50.5, week(7), 3) == (
            result.numbers["expected"],
            result.numbers["day"],
            len(result.points_used),
        )


@pytest.mark.parametrize(
    ("scores", "settings", "decision", "reason"),
    [
        (FLAT, {}, Decision.CHANGE_INSTRUCTION, "short_of_goal"),
        (STEEP, {}, Decision.RAISE_GOAL, "past_goal"),
        (FLAT, {"ci": 0.8}, Decision.CHANGE_INSTRUCTION, "short_of_goal"),
        (STEEP, {"ci": 0.8}, Decision.RAISE_GOAL, "past_goal"),
        (NOISY, {"ci": 0.8}, Decision.CONTINUE, "not_told_apart"),
        (NOISY, {"ci": 0.8, "autocorrelation": "none"}, Decision.CONTINUE, "not_told_apart"),
        (PARALLEL, {}, Decision.INSUFFICIENT_DATA, "no_scatter"),
        (FLAT, {"on": week(29)}, Decision.INSUFFICIENT_DATA, "long_extrapolation"),
        (FLAT[:5], {}, Decision.INSUFFICIENT_DATA, "too_few_points"),
        (FLAT, {"minimum_weeks": 11}, Decision.INSUFFICIENT_DATA, "too_few_weeks"),
    ],
)
def test_the_projected_goal_rule(
    scores: Any, settings: dict[str, Any], decision: Decision, reason: str
) -> None:
    """Where the trend leads by the review day, against the goal; with an interval only when it is clear."""
    result = projected_goal_rule(weekly(*scores), aimline(target=70, weeks=20), UP, **settings)
    assert (decision, reason) == (result.decision, result.reason)
    if decision is Decision.CHANGE_INSTRUCTION:
        assert 0 <= result.numbers["chance"] < 50  # type: ignore[operator]
        assert week(20) == result.numbers["day"]


def test_a_trend_that_leads_to_the_goal_goes_on() -> None:
    """Exactly at the goal is neither short of it nor past it."""
    result = projected_goal_rule(weekly(3, 5, 3, 5, 3, 5, 4), aimline(4, 4, weeks=9), UP, on=week(9))
    zero = weekly(1, -1, 0, 0, -1, 1)
    level = projected_goal_rule(zero, aimline(0, 0, weeks=9), UP, on=week(9))
    assert Decision.CONTINUE is level.decision
    assert ("at_goal", 50.0) == (level.reason, level.numbers["chance"])
    assert result.n == 7


def test_a_line_past_the_floats_makes_no_decision() -> None:
    """Scores near the largest float give the reason."""
    huge = weekly(*[sign * 1e300 for sign in (-1, 1, -1, 1, 1, -1, -1, 1)])
    line = aimline(-1e300, 1e300, weeks=9)
    assert Decision.CONTINUE is trend_rule(huge, line, UP, ci=0.8).decision
    few = weekly(-1e300, 1e300, -1e300)
    result = trend_rule(few, line, UP, ci=1 - 2.0**-53, **FEW)
    assert ("too_large", "rule.too_large") == (result.reason, result.sentence_key)


def test_results_are_values() -> None:
    """The same series gives equal results that can be kept in a set."""
    first, second = (trend_rule(weekly(*FLAT), aimline(), UP) for _ in range(2))
    assert {first} == {second}


@given(SCORES, st.floats(-1e300, 1e300), st.floats(-1e300, 1e300), st.sampled_from([None, 0.8]))
def test_rules_mirror(scores: list[float | None], baseline: float, target: float, ci: float | None) -> None:
    """Increase of y is decrease of -y, and turning the direction alone turns the decision."""
    series, mirrored = weekly(*scores), weekly(*(None if each is None else -each for each in scores))
    line, mirrored_line = aimline(baseline, target, weeks=15), aimline(-baseline, -target, weeks=15)
    rules: list[tuple[Rule, dict[str, Any]]] = [
        (median_rule, {}), (trend_rule, {"ci": ci}), (projected_goal_rule, {"ci": ci}),
    ]  # fmt: skip
    for rule, settings in rules:
        result = rule(series, line, UP, **settings)
        assert result.decision is rule(mirrored, mirrored_line, DOWN, **settings).decision
        assert OPPOSITE[result.decision] is rule(series, line, DOWN, **settings).decision


@given(
    st.lists(st.none() | st.integers(0, 100), max_size=14),
    st.integers(0, 50),
    st.integers(0, 100),
    st.integers(-1000, 1000),
    st.sampled_from([0.25, 1, 8]),
)
def test_rules_do_not_depend_on_zero_unit_or_missing_days(
    scores: list[int | None], baseline: int, target: int, shift: int, scale: float
) -> None:
    """Adding, doubling and leaving missing days out change no decision of the trend and median rules."""
    line = aimline(baseline, target, weeks=15)
    changed_line = aimline((baseline + shift) * scale, (target + shift) * scale, weeks=15)
    series = weekly(*scores)
    changed = Series.of([(point.on, (point.score + shift) * scale) for point in series.scored])
    for rule in (median_rule, trend_rule):
        assert rule(series, line, UP).decision is rule(changed, changed_line, UP).decision


@pytest.mark.parametrize(
    ("scores", "level", "keys"),
    [
        ((), "no_trend", ["rule.four_point_rule.insufficient_data", "rule.points.no_trend"]),
        (FLAT[:5], "no_trend", ["rule.four_point_rule.insufficient_data", "rule.points.no_trend"]),
        (
            FLAT[:7],
            "caution",
            ["rule.four_point_rule.change_instruction", "rule.trend", "rule.points.caution"],
        ),
        (
            FLAT,
            "caution",
            [
                "rule.four_point_rule.change_instruction",
                "rule.trend_rule_with_interval.change_instruction",
                "rule.points.caution",
            ],
        ),
        (
            WAVES,
            "usual",
            [
                "rule.four_point_rule.continue",
                "rule.trend_rule_with_interval.continue",
                "rule.points.usual",
            ],
        ),
    ],
)  # fmt: skip
def test_the_default_report(scores: Any, level: str, keys: list[str]) -> None:
    """Four-point rule, trend with interval where there are six points, and how many of 14 there are."""
    report = default_report(weekly(*scores), aimline(), UP)
    assert (len(scores), DataLevel(level), 14) == (report.n, report.level, report.usual)
    assert keys == [key for key, _ in report.sentences]
    assert (level == "no_trend") == (report.line is None) == (report.slope_interval is None)


def test_the_default_report_counts_the_current_segment_only() -> None:
    """A raised goal starts the count again; points of one day have no trend to tell."""
    path = AimlineSegments((aimline(), aimline(50, 90, first_week=4)))
    assert 6 == default_report(weekly(*FLAT), path, UP).n
    one_day = default_report(Series.of([(week(5), 40 + number) for number in range(10)]), aimline(), UP)
    assert (None, 2) == (one_day.line, len(one_day.sentences))


RULES: list[tuple[Rule, dict[str, Any]]] = [
    (four_point_rule, {"minimum_weeks": 3}),
    (consecutive_point_rule, {}),
    (median_rule, {}),
    (trend_rule, {}),
    (trend_rule, {"ci": 0.8}),
    (trend_rule, {"ci": 0.8, "minimum": 2, "minimum_weeks": None}),
    (projected_goal_rule, {}),
    (projected_goal_rule, {"ci": 0.8}),
    (projected_goal_rule, {"on": week(40)}),
]


@pytest.mark.parametrize("lang", ["en", "es", "prs"])
def test_every_answer_has_a_sentence_in_every_language(lang: str) -> None:
    """Whatever a rule finds, its sentence is there with its numbers filled in."""
    series = [
        weekly(), weekly(*FLAT[:2]), weekly(*FLAT), weekly(*STEEP), weekly(*PARALLEL), weekly(*NOISY),
        Series.of([(week(2), 40 + number) for number in range(10)]),
    ]  # fmt: skip
    keys = set()
    for each in series:
        for rule, settings in RULES:
            result = rule(each, aimline(target=70, weeks=20), UP, **settings)
            shown = render(Phrase(key=result.sentence_key, params=result.numbers), lang)
            assert not shown.fallback
            assert shown.text
            keys.add(result.sentence_key)
        for key, numbers in default_report(each, aimline(), UP).sentences:
            assert not render(Phrase(key=key, params=numbers), lang).fallback
            keys.add(key)
    assert len(keys) >= 25


def test_sentences_tell_rule_and_numbers() -> None:
    """In English, as a teacher reads them."""
    result = trend_rule(weekly(*FLAT), aimline(), UP, ci=0.8)
    assert (
        "In 10 weeks the trend moves by 2.5 (between 0.1 and 4.9, with 80 percent confidence) and the aim "
        "line by 15. Even the best of this range does not keep up. This rule suggests a change in teaching."
    ) == render(Phrase(key=result.sentence_key, params=result.numbers), "en").text
    report = default_report(weekly(*FLAT), aimline(), UP)
    key, numbers = report.sentences[-1]
    assert "10 of the 14 scores usually needed: read the trend with caution." == (
        render(Phrase(key=key, params=numbers), "en").text
    )
