"""Numbers are checked as typed; computed values that differ by rounding only are ties."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import Direction, is_tie, meets, side_of
from iepcore.progress.checks import check_amount, check_day, check_number, check_positive, check_whole

FINITE = st.floats(min_value=-1e300, max_value=1e300)


@pytest.mark.parametrize("value", [True, False, "8", None, float("nan"), float("inf"), -float("inf"), [8]])
def test_what_is_not_a_number_is_refused(value: object) -> None:
    """True, text, NaN and infinities are not numbers; the error names the field and never the value."""
    with pytest.raises(InvalidValue) as caught:
        check_number(value, "count", index=3)
    assert ("not_a_number", "count") == (caught.value.code, caught.value.field)
    assert {"field": "count", "index": 3} == caught.value.params


@pytest.mark.parametrize("value", [1e301, -1e301, 10**400])
def test_a_number_beyond_the_limit_is_refused(value: float) -> None:
    """Numbers stay so small that differences and sums are finite."""
    with pytest.raises(InvalidValue, match="too_large"):
        check_number(value, "score")


def test_amounts_are_bounded_on_both_sides() -> None:
    """An amount is neither negative nor absurd, a positive one is not 0."""
    with pytest.raises(InvalidValue, match="negative"):
        check_amount(-1, "count")
    with pytest.raises(InvalidValue, match="too_large"):
        check_amount(1_000_000_001, "count")
    with pytest.raises(InvalidValue, match="not_positive"):
        check_positive(0, "minutes")
    assert 2.5 == check_positive(2.5, "minutes")


def test_whole_numbers_are_whole() -> None:
    """8.0 is 8, 8.5 is refused, and a lower limit is kept."""
    eight = check_whole(8.0, "count")
    assert (8, int) == (eight, type(eight))
    with pytest.raises(InvalidValue, match="not_whole"):
        check_whole(8.5, "count")
    with pytest.raises(InvalidValue, match="too_small"):
        check_whole(0, "k", low=1)


@pytest.mark.parametrize("value", [datetime(2026, 9, 7, tzinfo=UTC), "2026-09-07", None])
def test_only_a_plain_day_is_a_day(value: object) -> None:
    """An instant has no day of its own, and text is not a date."""
    with pytest.raises(InvalidValue, match="not_a_date"):
        check_day(value, "on")


def test_rounding_noise_is_a_tie_and_a_typed_difference_is_not() -> None:
    """0.1 + 0.2 equals 0.3, 79.9 does not equal 80."""
    assert is_tie(0.1 + 0.2, 0.3)
    assert not is_tie(79.9, 80)
    assert not is_tie(79.99999, 80, span=40)
    assert is_tie(79.99999999, 80, span=40)
    assert is_tie(1e-12, 0.0, magnitude=1e4)


def test_meeting_a_target_includes_the_target() -> None:
    """Exactly at the target counts in both directions, and so does a sum that only rounding lifts above."""
    assert meets(80, 80, Direction.INCREASE)
    assert meets(0.1 + 0.2, 0.3, Direction.DECREASE)
    assert not meets(79.9, 80, Direction.INCREASE)
    assert not meets(2.1, 2, Direction.DECREASE)


@given(FINITE, FINITE)
def test_sides_mirror_between_increase_and_decrease(value: float, mark: float) -> None:
    """Turning all signs and the direction changes nothing; turning the direction alone turns the side."""
    side = side_of(value, mark, Direction.INCREASE)
    assert side == side_of(-value, -mark, Direction.DECREASE)
    assert side == -side_of(value, mark, Direction.DECREASE)
    assert side == -side_of(mark, value, Direction.INCREASE)
