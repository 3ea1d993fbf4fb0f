"""Three ways to a goal, and norms that carry their source and say nothing outside their table."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import (
    GoalOption,
    ambition,
    goal_from_benchmark,
    goal_from_norm,
    goal_from_own_rate,
    growth_norms,
    orf_band,
    orf_norm,
    orf_norms,
    rate_of_improvement,
)

WEEKS = range(9)
OWN = [20, 21, 20, 23, 22, 25, 24, 27, 26]


def test_the_rate_a_goal_needs() -> None:
    """From 40 to 85 in 30 weeks is 1.5 a week; down is negative."""
    assert (1.5, -0.9) == (rate_of_improvement(40, 85, 30), rate_of_improvement(20, 2, 20))
    with pytest.raises(InvalidValue, match="not_positive"):
        rate_of_improvement(40, 85, 0)


def test_three_options() -> None:
    """The grade's benchmark, a norm's rate, and 1.5 times the child's own rate."""
    benchmark = goal_from_benchmark(40, 100, 30)
    assert (GoalOption.BENCHMARK, 100, 2.0, None) == (
        benchmark.option,
        benchmark.goal,
        benchmark.rate,
        benchmark.reason,
    )
    norm = goal_from_norm(40, 1.5, 30)
    assert (GoalOption.NORM_RATE, 85, 1.5) == (norm.option, norm.goal, norm.rate)
    own = goal_from_own_rate(26, WEEKS, OWN, 20)
    assert (9, 8, GoalOption.OWN_RATE) == (own.n, own.minimum, own.option)
    assert own.own_rate is not None
    assert pytest.approx(26 + 1.5 * own.own_rate * 20) == own.goal
    assert pytest.approx(1.5 * own.own_rate) == own.rate


@pytest.mark.parametrize(
    ("weeks", "scores", "direction", "reason"),
    [
        (range(7), OWN[:7], "increase", "insufficient_data"),
        ([], [], "increase", "insufficient_data"),
        ([1] * 9, OWN, "increase", "no_spread"),
        (WEEKS, [*OWN[:8], float("nan")], "increase", "not_a_number"),
        (WEEKS, [*OWN[:8], 1e301], "increase", "too_large"),
        (WEEKS, OWN, "decrease", "not_better"),
        (WEEKS, [20] * 9, "increase", "not_better"),
        ([each * 1e-9 for each in WEEKS], [each * 1e299 for each in range(9)], "increase", "too_large"),
    ],
)
def test_an_own_rate_that_leads_nowhere_has_a_reason(
    weeks: Any, scores: Any, direction: str, reason: str
) -> None:
    """Too few points, no numbers, or growth the wrong way."""
    proposal = goal_from_own_rate(26, weeks, scores, 20, direction=direction)
    assert (reason, None, None) == (proposal.reason, proposal.goal, proposal.rate)


def test_a_goal_is_better_than_the_baseline() -> None:
    """A benchmark already reached is no goal; down is better where the number should go down."""
    assert "not_better" == goal_from_benchmark(60, 60, 10).reason
    assert 2 == goal_from_benchmark(20, 2, 10, direction="decrease").goal
    assert -5 == goal_from_norm(20, -2.5, 10, direction="decrease").goal
    with pytest.raises(InvalidValue, match="unknown_direction"):
        goal_from_norm(20, 1, 10, direction="up")


def test_ambition_is_a_multiple_of_typical_growth() -> None:
    """Between 1 and 2 is realistic; of no growth there is no multiple."""
    assert (1.5, None, None) == (ambition(1.5, 1), ambition(1, 0), ambition(1e300, 1e-300))


@given(st.integers(-100, 100), st.integers(-20, 20), st.integers(1, 40))
def test_options_mirror(baseline: int, rate: int, weeks: int) -> None:
    """What is a goal upwards is its mirror downwards."""
    up = goal_from_norm(baseline, rate, weeks)
    down = goal_from_norm(-baseline, -rate, weeks, direction="decrease")
    assert up.reason == down.reason
    assert (up.goal or 0) == -(down.goal or 0)


def test_norms_carry_their_source() -> None:
    """Source, year, measure and grade with every number; improvement is computed."""
    norm = orf_norm(6, 50)
    assert norm is not None
    assert ("Hasbrouck & Tindal", 2017, "oral_reading", 0.4375) == (
        norm.source,
        norm.year,
        norm.measure,
        norm.weekly_improvement,
    )
    first = orf_norm(1, 10)
    assert first is not None
    assert (None, 9, 18, 0.5625) == (
        first.at("fall"),
        first.at("winter"),
        first.at("spring"),
        first.weekly_improvement,
    )
    assert 30 == len(orf_norms())
    assert (None, None) == (orf_norm(7, 50), orf_norm(3, 60))
    with pytest.raises(InvalidValue, match="unknown_season"):
        first.at("summer")


@pytest.mark.parametrize(
    ("grade", "season", "score", "low", "high", "program"),
    [
        (3, "fall", 83, 50, 50, False),
        (3, "fall", 74, 25, 50, False),
        (3, "fall", 73, 25, 50, True),
        (3, "fall", 39, None, 10, True),
        (3, "spring", 170, 90, None, False),
        (1, "winter", 0, None, 10, True),
    ],
)
def test_a_score_lies_between_two_percentiles(
    grade: int, season: str, score: float, low: int | None, high: int | None, program: bool
) -> None:
    """Below the 10th is below the 10th; 10 words under the middle is the source's own mark."""
    band = orf_band(grade, season, score)
    assert band is not None
    assert (low, high, program) == (band.low, band.high, band.suggests_fluency_program)
    assert (grade, 2017) == (band.grade, band.year)


def test_outside_the_table_nothing_is_said() -> None:
    """Grade 7, and the fall of grade 1, have no norms."""
    assert (None, None) == (orf_band(7, "fall", 90), orf_band(1, "fall", 9))


def test_growth_norms_say_that_they_are_unchecked() -> None:
    """Four for each grade, none for a grade outside; each says it was not held against its paper."""
    second = growth_norms(2)
    assert [1.5, 2.0, 1.66, 0.57] == [norm.words_per_week for norm in second]
    assert {(2, False, "oral_reading")} == {(norm.grade, norm.is_checked, norm.measure) for norm in second}
    assert (24, ()) == (len(growth_norms()), growth_norms(7))
