"""Where the line starts again after a change: by the last scores, on the scale, not past the goal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from iepcore.errors import InvalidValue
from iepcore.plan import Goal, correct_point
from iepcore.progress import Measure, MeasureKind
from iepcore.testing.store_values import a_point
from tests.unit.caseload.test_changes import CHANGE, new_phase, open_goal, stored, take_scores
from tests.unit.caseload.town import START, Town

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def _level(town: Town, goal: Goal | None = None, **changes: Any) -> float:
    about = goal or town.goal
    return town.caseload("manager").changes.add(about.id, new_phase(**changes), version=1).phases[-1].baseline


def test_line_starts_at_the_middle_of_the_last_three_scores(town: Town) -> None:
    """Scores of the day itself are the newest of them; what came later, or before the goal, is not asked."""
    take_scores(town, (-3, 90.0), (7, 30.0), (42, 44.0), (42, 48.0), (42, 46.0), (49, 10.0))

    assert 46.0 == _level(town)


def test_two_scores_give_their_mean_and_none_the_old_line(town: Town) -> None:
    """A day without an opportunity is no score."""
    take_scores(town, (7, 30.0), (14, None), (21, 41.0))
    other = open_goal(town)
    take_scores(town, (7, None), goal=other)

    assert 35.5 == _level(town)
    assert other.aimline.value_at(CHANGE) == _level(town, other)


def test_corrected_score_starts_no_line(town: Town) -> None:
    """The point that stands is the one that counts."""
    wrong = a_point(town.goal, score=90.0, observed_on=START + DAY)
    right = a_point(town.goal, score=35.0, observed_on=START + DAY)
    with town.store.write() as uow:
        uow.plan.add_point(wrong)
        uow.plan.add_point(correct_point(wrong, right))

    assert 35.0 == _level(town)


def test_line_starts_on_the_scale(town: Town) -> None:
    """A watch that ran longer than planned gives a score above the scale; the line begins at its top."""
    minutes = Measure(kind=MeasureKind.DURATION, observation_seconds=600)
    less = open_goal(town, measure=minutes, baseline=500, target=100)
    take_scores(town, (7, 700.0), (14, 800.0), goal=less)
    count = Measure(kind=MeasureKind.FREQUENCY)
    fewer = open_goal(town, measure=count, baseline=50, target=10)
    take_scores(town, (7, 1e15), goal=fewer)

    assert (600.0, 1e12) == (_level(town, less), _level(town, fewer))


@pytest.mark.parametrize(
    ("baseline", "target", "scores"),
    [(20, 80, (88.0, 92.0, 90.0)), (80, 20, (4.0, 12.0, 8.0))],
    ids=["rising", "falling"],
)
def test_line_never_asks_for_more_than_the_goal(
    town: Town, baseline: float, target: float, scores: tuple[float, ...]
) -> None:
    """Scores past the target start a level line at it: a child beyond the goal is not behind a path."""
    goal = open_goal(town, baseline=baseline, target=target)
    take_scores(town, *((7 * week, score) for week, score in enumerate(scores, start=3)), goal=goal)
    page = town.caseload("manager").changes.opening(goal.id)
    assert target == page.suggested

    changed = town.caseload("manager").changes.add(goal.id, new_phase(), version=1)
    assert {target} == {changed.aimline.value_at(CHANGE + WEEK * week) for week in range(0, 60, 5)}


def test_staff_may_say_where_the_line_starts(town: Town) -> None:
    """A level of one's own counts as given, and stays on the scale."""
    take_scores(town, (7, 30.0))

    assert 55.0 == _level(town, baseline=55)
    with pytest.raises(InvalidValue, match="out_of_scale"):
        town.caseload("manager").changes.add(town.goal.id, new_phase(CHANGE + DAY, baseline=100.5), version=2)


@pytest.mark.parametrize(
    ("starts_on", "code"),
    [
        (START, "phase_order"),
        (START - WEEK, "phase_order"),
        (date(2026, 11, 25), "in_future"),
        (START + WEEK * 8, "ends_before_start"),
        (START + WEEK * 9, "ends_before_start"),
    ],
    ids=["the first day", "before it", "tomorrow", "the last day", "after it"],
)
def test_day_outside_the_line_is_refused_and_named(town: Town, starts_on: date, code: str) -> None:
    """The field is the day that was typed; nothing is kept."""
    goal = open_goal(town, ends_on=START + WEEK * 8)
    about = town.goal if code == "in_future" else goal
    with pytest.raises(InvalidValue) as refused:
        town.caseload("manager").changes.add(about.id, new_phase(starts_on), version=1)

    assert (code, "starts_on") == (refused.value.code, refused.value.field)
    assert about == stored(town, about)


def test_today_is_the_schools(town: Town) -> None:
    """Late in the evening it is still today in the school's zone, whatever the day in Greenwich."""
    town.clock.at = town.clock.at.replace(hour=23)
    today = town.clock.today()
    changed = town.caseload("manager").changes.add(town.goal.id, new_phase(today), version=1)

    assert (date(2026, 11, 24), date(2026, 11, 24)) == (today, changed.phases[0].starts_on)
