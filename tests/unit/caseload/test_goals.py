"""Goals and their pages: who adds one, and what each page shows to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from iepcore.caseload import NewGoal
from iepcore.errors import NotPermitted
from iepcore.plan import GoalState
from iepcore.progress import ConsecutiveCriterion, Direction, Measure, MeasureKind
from iepcore.testing import a_key, words
from tests.unit.caseload.town import START, Town, goal_with


def a_new_goal(**changes: Any) -> NewGoal:
    """What a case manager writes to open a goal."""
    whole: dict[str, Any] = {
        "area": "reading",
        "text": words("By June Maya will read 80 % of sight words."),
        "measure": Measure(kind=MeasureKind.PERCENT_CORRECT),
        "baseline": 20,
        "target": 80,
        "direction": Direction.INCREASE,
        "criterion": ConsecutiveCriterion(k=3),
        "starts_on": START,
        "ends_on": START + timedelta(days=300),
        "skill_key": "sight_words",
    }
    return NewGoal(**whole | changes)


def test_goal_is_added_and_has_a_page_at_once(each_town: Town) -> None:
    """With its finding, whom it may be recorded and changed by, and when the next score is wanted."""
    goal = each_town.caseload("teacher").goals.add(each_town.maya.id, a_new_goal(introduced_on=START))
    page = each_town.caseload("teacher").goals.goal(goal.id)

    assert goal == page.card.goal
    assert (True, True, True, True, True) == (
        page.may_record,
        page.may_write,
        page.may_change,
        page.sees_points,
        page.sees_home,
    )
    assert each_town.clock.today() == page.next_point_by
    recorded = each_town.caseload("aide").progress.record(goal.id, {"correct": 1, "trials": 2}, a_key())
    page = each_town.caseload("manager").goals.goal(goal.id)
    assert ((recorded.point,), each_town.clock.today() + timedelta(days=7)) == (
        page.history,
        page.next_point_by,
    )
    assert {each_town.id("aide"): "Aide Person"} == page.names


def test_goal_that_begins_next_month_breaks_no_page(town: Town) -> None:
    """Written ahead it is on every page with a finding, and not yet on the recording screen."""
    later = town.clock.today() + timedelta(days=30)
    new = a_new_goal(starts_on=later, ends_on=later + timedelta(days=300))
    goal = town.caseload("manager").goals.add(town.maya.id, new)

    assert 3 == len(town.caseload("teacher").today.page().children[0].cards)
    assert 3 == len(town.caseload("mother").home.child(town.maya.id).goals)
    assert goal.id not in {row.goal.id for row in town.caseload("teacher").progress.recordable()}


@pytest.mark.parametrize("name", ["general", "aide", "sub", "principal", "mother", "ivos_teacher"])
def test_others_add_no_goal(town: Town, name: str) -> None:
    """Reading a plan is not writing it."""
    with pytest.raises(NotPermitted):
        town.caseload(name).goals.add(town.maya.id, a_new_goal())


def test_student_page_shows_what_the_matrix_opens(town: Town) -> None:
    """A teacher sees team and family; an aide neither; a parent the team; ended goals are on no page."""
    with town.store.write() as uow:
        uow.plan.add_goal(goal_with(town.maya, state=GoalState.DISCONTINUED))
        uow.plan.add_goal(goal_with(town.maya, state=GoalState.DRAFT))
    teacher, aide, mother = (
        town.caseload(name).goals.student(town.maya.id) for name in ("teacher", "aide", "mother")
    )

    assert (7, 3, 3) == (len(teacher.team), len(teacher.family), len(teacher.cards))
    assert ((), (), False, True) == (aide.team, aide.family, aide.may_see_team, aide.may_record)
    assert (7, (), False, False) == (
        len(mother.team),
        mother.family,
        mother.may_see_family,
        mother.may_change,
    )


def test_own_points_only_for_those_who_write_their_own(town: Town) -> None:
    """An aide sees what she recorded; a teacher sees everybody's; the finding is the same for both."""
    for name in ("aide", "teacher"):
        town.caseload(name).progress.record(town.goal.id, {"correct": 1, "trials": 2}, a_key())
    aide, teacher = (town.caseload(name).goals.goal(town.goal.id) for name in ("aide", "teacher"))

    assert ({town.id("aide")}, 2) == ({one.recorder_id for one in aide.history}, len(teacher.history))
    assert (False, False) == (aide.sees_points, aide.sees_home)
    assert aide.card.finding == teacher.card.finding
