"""Observer agreement: what each index says of the same session, and when it says nothing."""

from __future__ import annotations

from collections.abc import Callable
from math import nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import (
    Agreement,
    cohen_kappa,
    ioa_exact_count_per_interval,
    ioa_interval_by_interval,
    ioa_mean_count_per_interval,
    ioa_mean_duration_per_occurrence,
    ioa_scored_interval,
    ioa_total_count,
    ioa_total_duration,
    ioa_trial_by_trial,
    ioa_unscored_interval,
)

AMOUNTS: list[Callable[..., Agreement]] = [
    ioa_total_count,
    ioa_total_duration,
    ioa_mean_count_per_interval,
    ioa_mean_duration_per_occurrence,
    ioa_exact_count_per_interval,
]
MARKS: list[Callable[..., Agreement]] = [
    ioa_trial_by_trial,
    ioa_interval_by_interval,
    ioa_scored_interval,
    ioa_unscored_interval,
    cohen_kappa,
]


def test_totals_hide_what_intervals_show() -> None:
    """The same total from other intervals: 100 percent of nothing in common."""
    one, two = [1, 1, 1, 2] + [0] * 11, [0, 0, 0, 1] + [0] * 10 + [4]
    assert 100.0 == ioa_total_count(one, two).value
    assert pytest.approx(70) == ioa_mean_count_per_interval(one, two).value
    assert pytest.approx(200 / 3) == ioa_exact_count_per_interval(one, two).value
    assert (15, "total_count") == (ioa_total_count(one, two).n, ioa_total_count(one, two).index)


def test_durations_are_compared_by_ratio() -> None:
    """Shorter over longer, of the sum and of each occurrence; two zeros agree."""
    assert 80.0 == ioa_total_duration([30, 10], [40, 10]).value
    assert 87.5 == ioa_mean_duration_per_occurrence([30, 10], [40, 10]).value
    assert 100.0 == ioa_total_duration([0, 0], [0, 0]).value


def test_rare_and_frequent_behaviour_need_their_own_index() -> None:
    """One interval scored by each, not the same: 80 percent alike, none of the scored ones."""
    one, two = [1] + [0] * 9, [0, 1] + [0] * 8
    assert (80.0, 0.0, 80.0) == (
        ioa_interval_by_interval(one, two).value,
        ioa_scored_interval(one, two).value,
        ioa_unscored_interval(one, two).value,
    )


def test_nothing_scored_is_not_zero_agreement() -> None:
    """Without a scored interval there is nothing to agree on, and the same at the other end."""
    assert (None, "none_scored", 3) == (
        ioa_scored_interval([0, 0, 0], [0, 0, 0]).value,
        ioa_scored_interval([0, 0, 0], [0, 0, 0]).reason,
        ioa_scored_interval([0, 0, 0], [0, 0, 0]).n,
    )
    assert "none_unscored" == ioa_unscored_interval([1, 1], [1, 1]).reason


def test_kappa_takes_chance_away() -> None:
    """By hand: 8 of 10 alike, .52 expected; complete agreement is 1; complete by chance is undefined."""
    one, two = [1, 1, 0, 1, 0, 0, 1, 1, 0, 1], [1, 0, 0, 1, 0, 1, 1, 1, 0, 1]
    result = cohen_kappa(one, two)
    assert (pytest.approx(7 / 12), pytest.approx(0.52)) == (result.value, result.expected)
    assert 1.0 == cohen_kappa(["+", "-", "P"], ["+", "-", "P"]).value
    assert ("no_chance_left", 1.0) == (
        cohen_kappa([1, 1], [1, 1]).reason,
        cohen_kappa([1, 1], [1, 1]).expected,
    )


def test_weights_forgive_near_misses() -> None:
    """One level apart counts less than three; quadratic more so; the order of levels can be given."""
    one, two = [0, 1, 2, 3, 3, 0], [1, 1, 2, 2, 3, 0]
    plain, linear, quadratic = (
        cohen_kappa(one, two, weights=weights).value  # type: ignore[arg-type]
        for weights in ("none", "linear", "quadratic")
    )
    assert plain is not None
    assert linear is not None
    assert quadratic is not None
    assert plain < linear < quadratic < 1
    levels = ["full", "partial", "gesture", "alone"]
    named = cohen_kappa([levels[x] for x in one], [levels[x] for x in two], weights="linear", levels=levels)
    assert pytest.approx(linear) == named.value
    assert "unknown_level" == cohen_kappa(["full"], ["song"], levels=levels).reason


def test_weighted_kappa_by_hand() -> None:
    """Linear weights of a 3 x 3 table: 1 - 3 * sum / chance."""
    one, two = [0, 0, 1, 2], [0, 1, 1, 1]
    rows, columns = {0: 2, 1: 1, 2: 1}, {0: 1, 1: 3, 2: 0}
    chance = sum(rows[i] * columns[j] * abs(i - j) for i in rows for j in columns)
    assert pytest.approx(1 - 4 * 2 / chance) == cohen_kappa(one, two, weights="linear").value


@pytest.mark.parametrize("index", [*AMOUNTS, *MARKS])
def test_what_one_observer_did_not_record_is_left_out(index: Callable[..., Agreement]) -> None:
    """A pair with a gap is no pair; only gaps are not enough; different lengths are a mistake."""
    assert index([1, 0, 1], [1, 1, 0]) == index([1, None, 0, 1, 5], [1, 7, 1, 0, None])
    assert ("insufficient_data", 0, None) == (index([None], [1]).reason, index([], []).n, index([], []).value)
    with pytest.raises(InvalidValue, match="lengths_differ"):
        index([1], [1, 2])


@pytest.mark.parametrize("index", AMOUNTS)
def test_amounts_must_be_amounts(index: Callable[..., Agreement]) -> None:
    """Negative, not a number, past the limit: None with the reason."""
    for wrong, reason in (
        (-1, "negative"),
        (nan, "not_a_number"),
        ("x", "not_a_number"),
        (1e300, "too_large"),
    ):
        assert (None, reason) == (index([1, wrong], [1, 2]).value, index([1, wrong], [1, 2]).reason)


def test_wrong_arguments_of_kappa_are_refused() -> None:
    """An unknown weight, levels twice, marks without an order."""
    for code, settings in (
        ("unknown_variant", {"weights": "cubic"}),
        ("duplicate", {"levels": [1, 1, 0]}),
        ("levels_needed", {"weights": "linear"}),
    ):
        with pytest.raises(InvalidValue, match=code):
            cohen_kappa([1, "x"], ["x", 1], **settings)  # type: ignore[arg-type]


@given(pairs=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_agreement_does_not_ask_who_was_first(pairs: list[tuple[int, int]]) -> None:
    """Every index is the same with the observers exchanged, within its scale, and complete with oneself."""
    one, two = [a for a, _ in pairs], [b for _, b in pairs]
    for index in (*AMOUNTS, *MARKS):
        forth, back = index(one, two), index(two, one)
        assert (forth.reason, forth.n) == (back.reason, back.n)
        assert forth.value is None or forth.value == pytest.approx(back.value)
        low: float = -1 if index is cohen_kappa else 0
        assert forth.value is None or low <= forth.value <= 100
        itself: Any = index(one, one).value
        assert itself in (None, 1.0 if index is cohen_kappa else 100.0)
