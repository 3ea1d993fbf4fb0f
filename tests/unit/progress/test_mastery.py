"""Mastery: k of the last n sessions, thin sessions passed over, absences as asked, strata each by itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import Direction, MasteryCriterion, NOfMCriterion, Observation, Series
from tests.unit.progress.builders import week, weekly


def criterion(k: int = 4, n: int = 5, **settings: Any) -> MasteryCriterion:
    """Return a criterion; by default 80 in 4 of 5 sessions."""
    return MasteryCriterion(**{"threshold": 80, "k": k, "n": n, **settings})


def test_met_kept_and_lost() -> None:
    """Met in week 6; the last five sessions no longer meet it."""
    kept = criterion().evaluate(weekly(60, 85, 80, 90, 70, 85))
    assert (True, 5, week(6), True, False) == (
        kept.is_met,
        kept.first_met_index,
        kept.first_met_on,
        kept.currently_met,
        kept.lost_after_mastery,
    )
    lost = criterion().evaluate(weekly(60, 85, 80, 90, 70, 85, 60, 50))
    assert (week(6), False, True, "criterion_met") == (
        lost.first_met_on,
        lost.currently_met,
        lost.lost_after_mastery,
        lost.reason,
    )


def test_best_window_is_the_earliest_with_most() -> None:
    """Two windows of three: the first is told, with its places and days."""
    best = criterion().evaluate(weekly(90, None, 10, 90, 90, 10, 90, 10)).best_window
    assert best is not None
    assert (3, 4, 0, 4, week(1), week(5)) == (
        best.met,
        best.scored,
        best.first,
        best.last,
        best.first_on,
        best.last_on,
    )
    assert None is criterion().evaluate([]).best_window


@pytest.mark.parametrize(
    ("scores", "settings", "index", "reason"),
    [
        ([], {}, None, "insufficient_data"),
        ([90, 90, 90, 90], {}, None, "insufficient_data"),
        ([90, 90, 90, 90], {"early": True}, 3, "criterion_met"),
        ([90, 90, 10, 10, 10], {}, None, "criterion_not_met"),
        ([90, None, 90, 90, 90, 10], {}, 5, "criterion_met"),
        ([90, None, 90, 90, 90, 10], {"missing": "breaks"}, None, "insufficient_data"),
        ([90, 90, 90, None], {"k": 3, "n": 3, "missing": "breaks"}, 2, "criterion_met"),
        ([10, 80], {"k": 1, "n": 1}, 1, "criterion_met"),
        ([3, 2, 1], {"k": 2, "n": 2, "direction": "decrease", "threshold": 2}, 2, "criterion_met"),
        ([0.1 + 0.2], {"k": 1, "n": 1, "threshold": 0.3}, 0, "criterion_met"),
        ([90, float("nan")], {}, None, "not_a_number"),
        ([90, "90"], {}, None, "not_a_number"),
        ([90, 1e301], {}, None, "too_large"),
    ],
)
def test_bare_scores(scores: Any, settings: dict[str, Any], index: int | None, reason: str) -> None:
    """Scores without days have places only."""
    result = criterion(**settings).evaluate(scores)
    assert (index, reason, None) == (result.first_met_index, result.reason, result.first_met_on)


def test_an_absence_at_the_end_ends_the_present() -> None:
    """With absences that break, nothing is currently met just after one."""
    result = criterion(k=2, n=2, missing="breaks").evaluate([90, 90, None])
    assert (True, False, True) == (result.is_met, result.currently_met, result.lost_after_mastery)


def test_thin_sessions_are_passed_over() -> None:
    """A session with fewer trials, or with none counted, is neither met nor failed."""
    rule = criterion(k=2, n=2, min_trials=5)
    result = rule.evaluate([90, 0, 90, 0, 80], trials=[10, 4, 5, None, 8])
    assert (2, 3) == (result.first_met_index, result.n_scored)
    dated = Series(
        Observation(on=week(number), score=score, opportunities=trials)
        for number, (score, trials) in enumerate([(90, 10), (0, 4), (90, 5)])
    )
    assert week(2) == rule.evaluate(dated).first_met_on


def test_each_stratum_must_meet_it() -> None:
    """Met at home and in class: on the day of the later one."""
    rule = criterion(k=2, n=2)
    both = rule.evaluate_each({"class": weekly(80, 90), "lunch": weekly(80, 10, 85, 95)})
    assert (True, week(4), True, ()) == (both.is_met, both.first_met_on, both.currently_met, both.missing)
    one = rule.evaluate_each({"class": weekly(80, 90), "lunch": weekly(80, 10)})
    assert (False, None, False, ("lunch",)) == (one.is_met, one.first_met_on, one.currently_met, one.missing)
    assert rule.evaluate_each({"class": [80, 90]}).is_met
    with pytest.raises(InvalidValue, match="too_few"):
        rule.evaluate_each({})


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"k": 6}, "k_over_n"),
        ({"k": 0}, "too_small"),
        ({"n": 0}, "too_small"),
        ({"min_trials": 0}, "too_small"),
        ({"missing": "ignore"}, "unknown_missing"),
        ({"direction": "up"}, "unknown_direction"),
        ({"threshold": float("inf")}, "not_a_number"),
    ],
)
def test_a_criterion_that_cannot_be_is_refused(settings: dict[str, Any], code: str) -> None:
    """k is at most n, and words are known ones."""
    with pytest.raises(InvalidValue, match=code):
        criterion(**settings)


def test_trials_belong_to_scores() -> None:
    """One number of trials for each score."""
    with pytest.raises(InvalidValue, match="lengths_differ"):
        criterion().evaluate([80, 90], trials=[5])


def test_ten_thousand_sessions() -> None:
    """Long series and wide windows are no trouble."""
    assert 9_999 == criterion(k=10_000, n=10_000).evaluate([80] * 10_000).first_met_index


@given(
    st.lists(st.none() | st.integers(0, 100), max_size=20),
    st.integers(1, 6),
    st.integers(0, 3),
    st.booleans(),
)
def test_mastery_mirrors_and_agrees(scores: list[int | None], k: int, more: int, early: bool) -> None:
    """Turned signs change nothing, skipped absences change no day, and the plan's own criterion agrees."""
    up = criterion(k=k, n=k + more, early=early)
    down = criterion(k=k, n=k + more, early=early, threshold=-80, direction="decrease")
    result = up.evaluate(weekly(*scores))
    turned = down.evaluate(weekly(*(None if score is None else -score for score in scores)))
    assert result == turned
    there = up.evaluate([score for score in scores if score is not None])
    assert (result.is_met, result.currently_met) == (there.is_met, there.currently_met)
    plain = NOfMCriterion(n=k, m=k + more, early=early).met_on(weekly(*scores), 80, Direction.INCREASE)
    assert plain == result.first_met_on
