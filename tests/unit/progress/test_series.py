"""A series is sorted by day and keeps duplicates and missing days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import Observation, ScoredPoint, Series, baseline_median, median_of
from tests.unit.progress.builders import day, week, weekly

SCORES = st.floats(min_value=-1e300, max_value=1e300)


def test_points_are_sorted_and_nothing_is_lost() -> None:
    """Two probes of one day keep their order, a missing day stays missing."""
    series = Series.of([(day(7), 2), (day(0), 5), (day(7), 1), (day(3), None)])
    assert [(day(0), 5), (day(3), None), (day(7), 2), (day(7), 1)] == [
        (each.on, each.score) for each in series
    ]
    assert 4 == len(series)
    assert (ScoredPoint(day(0), 5), ScoredPoint(day(7), 2), ScoredPoint(day(7), 1)) == series.scored


def test_two_series_with_the_same_points_are_equal() -> None:
    """A series is a value."""
    assert Series.of([(day(1), 1), (day(0), 0)]) == Series.of([(day(0), 0), (day(1), 1)])


def test_a_span_of_days_includes_both_ends() -> None:
    """Either end may be left open."""
    series = weekly(1, 2, 3, 4)
    assert weekly(2, 3, first_week=2) == series.between(week(2), week(3))
    assert weekly(1, 2) == series.between(None, week(2))
    assert weekly(3, 4, first_week=3) == series.between(week(3), None)


def test_the_current_phase_goes_back_to_the_last_change() -> None:
    """In A, B, A the current phase is the second A only."""
    first, second = weekly(1, 2, phase="A"), weekly(3, phase="B", first_week=3)
    third = weekly(4, 5, phase="A", first_week=4)
    assert third == Series([*first, *second, *third]).current_phase()
    assert first == first.current_phase()
    assert Series() == Series().current_phase()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"score": float("nan")}, "not_a_number"),
        ({"score": True}, "not_a_number"),
        ({"on": "2026-09-07"}, "not_a_date"),
        ({"opportunities": -1}, "negative"),
    ],
)
def test_an_observation_checks_itself(fields: dict[str, object], code: str) -> None:
    """No NaN, no text date and no negative number of trials enters a series."""
    with pytest.raises(InvalidValue, match=code):
        Observation(**{"on": date(2026, 9, 7), "score": 5.0, **fields})  # type: ignore[arg-type]


def test_an_observation_knows_how_many_trials_stand_behind_it() -> None:
    """Thin sessions can be told from full ones."""
    assert 8 == Observation(on=day(0), score=50, opportunities=8).opportunities


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([], None), ([None], None), ([7], 7), ([9, None, 4], 6.5), ([52, 49, 60], 52), ([3, 1, 2, 10], 2.5)],
)
def test_the_baseline_is_the_median(scores: list[float | None], expected: float | None) -> None:
    """An even count gives the mean of the two middle scores; missing scores are dropped."""
    assert expected == baseline_median(scores)


def test_a_baseline_of_no_number_is_refused() -> None:
    """NaN does not become a baseline."""
    with pytest.raises(InvalidValue, match="not_a_number"):
        baseline_median([float("nan")])


@given(st.lists(SCORES, min_size=1))
def test_a_median_is_between_the_extremes_and_ignores_order(scores: list[float]) -> None:
    """The median never leaves the range, mirrors, and does not depend on the order."""
    middle = median_of(scores)
    assert middle is not None
    assert min(scores) <= middle <= max(scores)
    assert middle == median_of(scores[::-1])
    assert -middle == median_of([-each for each in scores])
