"""Growth since a day, and "not yet" for the second time: what the data say about two moments, not one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.plan import DataPoint, FindingPolicy, Goal, find, growth_since, is_second_not_yet
from iepcore.progress import Direction, FindingWord
from iepcore.testing import a_goal
from iepcore.testing.store_values import a_phase, a_point, an_adult

START = date(2026, 9, 7)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
PERIOD = FindingPolicy().period_days


def _goal(**changes: object) -> Goal:
    whole: dict[str, object] = {"baseline": 20, "target": 80, "starts_on": START}
    return a_goal(**whole | changes)  # type: ignore[arg-type]


def _scored(goal: Goal, *scores: float | None, every: timedelta = WEEK) -> list[DataPoint]:
    """Return a point with each score, the first one interval after the start."""
    return [
        a_point(goal, score=score, observed_on=START + every * number)
        for number, score in enumerate(scores, start=1)
    ]


# ----------------------------------------------------------------------------------- growth since a day


def test_growth_goes_from_the_last_score_up_to_the_day_to_the_newest() -> None:
    """A score of the day itself was known that day; scores of days to come are not looked at."""
    goal = _goal()
    points = _scored(goal, 30, 35, None, 50, 70)
    told = START + WEEK * 2
    found = growth_since(goal, points, told, on=START + WEEK * 4)

    assert found is not None
    assert (35, told, 50, START + WEEK * 4, True) == (
        found.before,
        found.before_on,
        found.now,
        found.now_on,
        found.is_gain,
    )


@pytest.mark.parametrize(
    ("day", "on"),
    [
        (START, START + WEEK * 3),
        (START + WEEK * 3, START + WEEK * 3),
        (START + WEEK * 3, START + WEEK * 2),
    ],
    ids=["no score before", "none after", "asked for a day before"],
)
def test_no_growth_without_a_score_on_both_sides(day: date, on: date) -> None:
    """One score is a level, not growth."""
    goal = _goal()

    assert growth_since(goal, _scored(goal, 30, 35, 40), day, on=on) is None


def test_scores_from_before_the_goal_are_not_its_growth() -> None:
    """What was measured before the line begins belongs to no update about it."""
    goal = _goal()
    early = a_point(goal, score=10.0, observed_on=START - DAY)

    assert growth_since(goal, [early, *_scored(goal, 30)], START, on=START + WEEK) is None


def test_several_scores_a_day_are_taken_in_the_order_they_were_seen() -> None:
    """The last of a morning counts as that day's, whatever order they lie in."""
    goal = _goal()
    first, second = _scored(goal, 30, 40, every=DAY * 0)
    second = replace(second, observed_at=first.observed_at + timedelta(minutes=5))
    (after,) = _scored(goal, 50)
    found = growth_since(goal, [after, second, first], START, on=START + WEEK)

    assert found is not None
    assert (40, 50) == (found.before, found.now)


@given(
    scores=st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=8),
    told=st.integers(0, 60),
    on=st.integers(0, 60),
)
def test_growth_mirrors_with_the_direction(scores: list[float | None], told: int, on: int) -> None:
    """Scores turned upside down on a goal that should fall tell the same growth with its signs turned."""
    up = _goal(baseline=0, target=100)
    down = replace(up, baseline=100.0, target=0.0, direction=Direction.DECREASE)
    points = _scored(up, *scores)
    turned = [
        replace(one, score=None if one.score is None else 100 - one.score, goal_id=down.id) for one in points
    ]
    rise = growth_since(up, points, START + DAY * told, on=START + DAY * on)
    fall = growth_since(down, turned, START + DAY * told, on=START + DAY * on)

    assert (rise is None) == (fall is None)
    if rise is not None and fall is not None:
        assert (rise.before_on, rise.now_on) == (fall.before_on, fall.now_on)
        assert (100 - rise.before, 100 - rise.now) == (fall.before, fall.now)
        against = growth_since(
            replace(up, baseline=50.0, target=50.0), points, rise.before_on, on=rise.now_on
        )
        assert rise == against  # the line is not asked
        if 100 - rise.before != 100 - rise.now:  # tiny scores vanish beside 100
            assert rise.is_gain == fall.is_gain
        assert rise.is_gain == (rise.now > rise.before)


# ------------------------------------------------------------------------------ not yet, a second time


def _low(goal: Goal, weeks: int) -> list[DataPoint]:
    return _scored(goal, *[5.0] * weeks)


def test_second_not_yet_comes_after_two_whole_periods() -> None:
    """The day before there is one period and a piece; a piece is no period."""
    goal = _goal()
    points = _low(goal, 30)
    last = START + DAY * 2 * PERIOD

    assert FindingWord.NOT_YET is find(goal, points, on=last - DAY).word
    assert not is_second_not_yet(goal, points, on=last - DAY)
    assert is_second_not_yet(goal, points, on=last)
    assert is_second_not_yet(goal, points, on=last, policy=FindingPolicy())


def test_periods_are_counted_from_the_day_teaching_began() -> None:
    """A goal written in September and taught from November has had no two periods in January."""
    begun = START + WEEK * 8
    goal = _goal(introduced_on=begun)
    points = _low(goal, 40)

    assert not is_second_not_yet(goal, points, on=begun + DAY * (2 * PERIOD - 1))
    assert is_second_not_yet(goal, points, on=begun + DAY * 2 * PERIOD)
    assert not is_second_not_yet(replace(goal, introduced_on=None), points, on=START + WEEK * 40)


@pytest.mark.parametrize("good", [range(9), range(9, 18)], ids=["the first", "the second"])
def test_one_good_period_is_enough_to_say_nothing(good: range) -> None:
    """Both periods must have come to "not yet"."""
    goal = _goal()
    points = _scored(goal, *[90.0 if week in good and week % 3 else 5.0 for week in range(18)])

    assert not is_second_not_yet(goal, points, on=START + DAY * 2 * PERIOD)


def test_site_with_shorter_periods_may_say_so_sooner() -> None:
    """The length of a period is the site's."""
    goal = _goal()
    policy = FindingPolicy(period_days=28)

    assert is_second_not_yet(goal, _low(goal, 8), on=START + WEEK * 8, policy=policy)
    assert not is_second_not_yet(goal, _low(goal, 8), on=START + WEEK * 8 - DAY, policy=policy)


@given(
    scores=st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=30),
    begun=st.integers(0, 100),
    on=st.integers(-30, 300),
    change=st.one_of(st.none(), st.integers(1, 300)),
)
def test_second_not_yet_is_never_said_before_two_periods(
    scores: list[float | None], begun: int, on: int, change: int | None
) -> None:
    """Whatever the scores and changes: not before two whole periods, nor when today is anything else."""
    goal = _goal(introduced_on=START + DAY * begun)
    if change is not None:
        phase = a_phase(an_adult().id, starts_on=START + DAY * change, ends_on=goal.ends_on)
        goal = replace(goal, phases=(phase,))
    points, day = _scored(goal, *scores), START + DAY * on
    if is_second_not_yet(goal, points, on=day):
        assert (day - (START + DAY * begun)).days >= 2 * PERIOD
        assert FindingWord.NOT_YET is find(goal, points, on=day).word
