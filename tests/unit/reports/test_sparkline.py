"""The small line of a row."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from iepcore.reports import sparkline_of
from tests.unit.reports.goals import day, scored, the_goal


def test_no_score_gives_no_line() -> None:
    """Nothing, or only a day without a chance to try: there is nothing to draw."""
    goal = the_goal()
    assert sparkline_of(goal, []) is None
    assert sparkline_of(goal, scored(goal, [(7, None)])) is None


def test_one_score_is_a_dot_on_its_way() -> None:
    """A line begins where its first score stands between start and end."""
    goal = the_goal()
    line = sparkline_of(goal, scored(goal, [(140, 60.0)]))
    assert line is not None
    assert (((44.0, 14.0),), (44.0, 14.0)) == (line.points, line.end)


def test_the_last_twelve_scores_are_drawn_beside_the_aim() -> None:
    """Older ones would only make it thin."""
    goal = the_goal()
    line = sparkline_of(goal, scored(goal, [(7 * week, 40.0 + week) for week in range(20)]))
    assert line is not None
    assert 12 == len(line.points)
    assert [4.0, 84.0] == [line.points[0][0], line.end[0]]
    assert [4.0, 84.0] == [x for x, _ in line.aim]


def test_scores_before_the_goal_have_no_aim_beside_them() -> None:
    """Baseline scores stand alone."""
    goal = the_goal()
    line = sparkline_of(goal, scored(goal, [(-20, 30.0), (-10, 31.0)]))
    assert line is not None
    assert () == line.aim


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(-50, 600), st.floats(0, 1e9)), min_size=1, max_size=20))
def test_it_stays_in_its_box(pairs: list[tuple[int, float]]) -> None:
    """Whatever the scores."""
    goal = the_goal()
    line = sparkline_of(goal, scored(goal, pairs))
    assert line is not None
    assert all(4 <= x <= 84 and 4 <= y <= 24 for x, y in (*line.points, *line.aim))
    assert sorted(x for x, _ in line.points) == [x for x, _ in line.points]
    assert day(0) == goal.starts_on
