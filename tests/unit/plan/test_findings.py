"""The finding of a goal: the same words for the same data, whatever else is stored beside them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.plan import Finding, FindingPolicy, Goal, correct_point, find, growth_since
from iepcore.plan.findings import default_period
from iepcore.progress import FindingWord
from iepcore.testing import a_goal, points_of

START = date(2026, 9, 7)
WEEK = timedelta(days=7)


def _goal(**changes: object) -> Goal:
    whole: dict[str, object] = {"baseline": 20, "target": 80, "starts_on": START}
    return a_goal(**whole | changes)  # type: ignore[arg-type]


def _found(*correct: int, goal: Goal | None = None, weeks: int = 0, **asked: object) -> Finding:
    """Return the finding of weekly scores of ten tries each, on the last one's day or some weeks later."""
    about = goal or _goal()
    days = {START + WEEK * (i + 1): {"correct": n, "trials": 10} for i, n in enumerate(correct)}
    on = START + WEEK * (len(correct) + weeks)
    return find(about, points_of(about, days), on=on, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scores", "word"),
    [
        ((), FindingWord.NOT_ENOUGH_DATA),
        ((3, 3), FindingWord.NOT_ENOUGH_DATA),
        ((3, 3, 3), FindingWord.ON_TRACK),
        ((2, 2, 2), FindingWord.CLOSE),
        ((1, 1, 1), FindingWord.NOT_YET),
        ((8, 8, 9), FindingWord.MET),
    ],
)
def test_word_follows_the_data(scores: tuple[int, ...], word: FindingWord) -> None:
    """Each of the fixed words, from a plain row of weekly scores."""
    assert word is _found(*scores).word


def test_teaching_that_has_not_begun_goes_before_the_data() -> None:
    """Staff say when teaching begins; until that day the word is theirs."""
    later = _goal(introduced_on=START + WEEK * 9)

    assert FindingWord.NOT_INTRODUCED is _found(3, 3, 3, goal=later).word
    assert FindingWord.NOT_INTRODUCED is _found(3, 3, 3, goal=_goal(introduced_on=None)).word
    assert FindingWord.ON_TRACK is _found(3, 3, 3, goal=_goal(introduced_on=START + WEEK * 3)).word


def test_goal_that_begins_next_month_has_a_finding_too() -> None:
    """A goal written ahead breaks no page: nothing is known yet, and the period is that day alone."""
    goal, today = _goal(), START - WEEK
    finding = find(goal, [], on=today)

    assert (FindingWord.NOT_INTRODUCED, (today, today)) == (finding.word, finding.period)
    assert (None, None, None, False) == (
        finding.first_value,
        finding.last_value,
        finding.expected,
        finding.review_suggested,
    )


def test_finding_carries_its_numbers() -> None:
    """First, previous and last value, their number, the day and what the line says for it."""
    finding = _found(2, 4, 3, weeks=1)

    assert (20.0, 40.0, 30.0, 3) == (
        finding.first_value,
        finding.previous_value,
        finding.last_value,
        finding.n_in_period,
    )
    assert START + WEEK * 3 == finding.last_on
    assert _goal().aimline.value_at(START + WEEK * 3) == finding.expected


def test_four_points_below_the_line_suggest_a_review() -> None:
    """The flag stands beside the word and never decides."""
    assert _found(0, 1, 1, 1).review_suggested
    assert not _found(0, 1, 1).review_suggested
    assert not _found(5, 1, 1, 1).review_suggested


def test_period_is_nine_weeks_back_and_never_before_the_goal() -> None:
    """Older points are no longer of the period; a report period of one's own is taken as given."""
    goal, policy = _goal(), FindingPolicy()
    on = START + WEEK * 20

    assert (on - timedelta(days=63), on) == default_period(goal, on, policy)
    assert (START, START + WEEK) == default_period(goal, START + WEEK, policy)
    assert FindingWord.NOT_ENOUGH_DATA is _found(3, 3, 3, weeks=20).word
    asked = (START, START + WEEK * 3)
    assert asked == _found(3, 3, 3, weeks=20, period=asked).period


def test_policy_may_ask_for_more_points() -> None:
    """A site that wants five points does not get a statement from four."""
    assert FindingWord.NOT_ENOUGH_DATA is _found(3, 3, 3, 3, policy=FindingPolicy(minimum=5)).word


def test_point_moved_beyond_the_day_counts_no_more() -> None:
    """A correction may say that it was seen later: until that day neither of the two is there."""
    goal = _goal()
    days = [START + WEEK * (i + 1) for i in range(3)]
    points = points_of(goal, {day: {"correct": 3, "trials": 10} for day in days})
    moved = points_of(goal, {days[2] + WEEK: {"correct": 9, "trials": 10}})[0]
    history = [*points, correct_point(points[2], moved)]

    assert find(goal, points[:2], on=days[2]) == find(goal, history, on=days[2])
    assert growth_since(goal, points[:2], days[0], on=days[2]) == growth_since(
        goal, history, days[0], on=days[2]
    )
    now = growth_since(goal, history, days[0], on=days[2] + WEEK)
    assert now is not None
    assert (90.0, True) == (now.now, now.is_gain)


@given(st.data())
def test_finding_is_the_same_whatever_lies_beside(data: st.DataObject) -> None:
    """Order, points of other goals, corrected points and the future change nothing."""
    goal, other = _goal(), _goal()
    scores = data.draw(st.lists(st.integers(0, 10), max_size=9))
    days = [START + WEEK * (i + 1) for i in range(len(scores))]
    on = START + WEEK * 10
    points = points_of(goal, {day: {"correct": n, "trials": 10} for day, n in zip(days, scores, strict=True)})
    plain = find(goal, points, on=on)
    noise = points_of(other, {day: {"correct": 0, "trials": 10} for day in days})
    noise += points_of(goal, {on + WEEK: {"correct": 10, "trials": 10}})
    if points:
        wrong = points_of(goal, {days[0]: {"correct": 1, "trials": 9}})[0]
        points[0] = correct_point(wrong, points[0])
        noise.append(wrong)

    assert plain == find(goal, data.draw(st.permutations(points + noise)), on=on)
