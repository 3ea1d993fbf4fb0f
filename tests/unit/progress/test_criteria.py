"""A criterion is met on the day of the point that completes it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import ConsecutiveCriterion, Criterion, Direction, NOfMCriterion, Series
from tests.unit.progress.builders import week, weekly

UP, DOWN = Direction.INCREASE, Direction.DECREASE
THREE_IN_A_ROW = ConsecutiveCriterion(k=3)
FOUR_OF_FIVE = NOfMCriterion(n=4, m=5)


@pytest.mark.parametrize(
    ("criterion", "series", "target", "direction", "expected"),
    [
        (THREE_IN_A_ROW, weekly(), 80, UP, None),
        (THREE_IN_A_ROW, weekly(80, 90, 70, 80, 80, 100), 80, UP, week(6)),
        (THREE_IN_A_ROW, weekly(80, 80, 80, 10), 80, UP, week(3)),
        (THREE_IN_A_ROW, weekly(80, None, 80, 79.9, 80), 80, UP, None),
        (THREE_IN_A_ROW, weekly(80, None, 80, None, 80), 80, UP, week(5)),
        (THREE_IN_A_ROW, weekly(3, 2, 1, 0), 2, DOWN, week(4)),
        (FOUR_OF_FIVE, weekly(60, 70, 80, 85, 75, 80, 90), 80, UP, week(7)),
        (FOUR_OF_FIVE, weekly(90, 90, 85, 80), 80, UP, None),
        (NOfMCriterion(n=4, m=5, early=True), weekly(90, 90, 85, 80), 80, UP, week(4)),
        (FOUR_OF_FIVE, weekly(90, 90, 85, 80, 10), 80, UP, week(5)),
        (FOUR_OF_FIVE, weekly(90, 10, 90, 10, 90, 90), 80, UP, None),
        (FOUR_OF_FIVE, weekly(5, 3, 2, 2, 1, 4, 0), 2, DOWN, week(7)),
        (ConsecutiveCriterion(k=1), weekly(10, 90), 80, UP, week(2)),
    ],
)
def test_met_on_the_completing_point(
    criterion: Criterion, series: Series, target: float, direction: Direction, expected: date | None
) -> None:
    """Missing days neither break nor fill; at the target counts; later points change nothing."""
    assert expected == criterion.met_on(series, target, direction)


@pytest.mark.parametrize(
    ("n", "m", "code"), [(0, 5, "too_small"), (6, 5, "n_over_m"), (2.5, 5, "not_whole"), (1, -1, "negative")]
)
def test_a_criterion_that_cannot_be_is_refused(n: int, m: int, code: str) -> None:
    """n is at least 1 and at most m."""
    with pytest.raises(InvalidValue, match=code):
        NOfMCriterion(n=n, m=m)


def test_a_run_has_at_least_one_point() -> None:
    """Zero in a row is no criterion."""
    with pytest.raises(InvalidValue, match="too_small"):
        ConsecutiveCriterion(k=0)


@given(st.lists(st.none() | st.floats(-1e6, 1e6), max_size=30), st.floats(-1e6, 1e6), st.integers(1, 5))
def test_criteria_mirror_and_agree(scores: list[float | None], target: float, k: int) -> None:
    """Turned signs and direction change nothing, k in a row is k of k, more points take no date away."""
    series, mirrored = weekly(*scores), weekly(*(None if each is None else -each for each in scores))
    met_on = ConsecutiveCriterion(k=k).met_on(series, target, UP)
    assert met_on == ConsecutiveCriterion(k=k).met_on(mirrored, -target, DOWN)
    assert met_on == NOfMCriterion(n=k, m=k).met_on(series, target, UP)
    assert met_on == NOfMCriterion(n=k, m=k, early=True).met_on(series, target, UP)
    if met_on is not None:
        assert met_on == ConsecutiveCriterion(k=k).met_on(series.between(None, met_on), target, UP)
