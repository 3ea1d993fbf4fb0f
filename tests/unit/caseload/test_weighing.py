"""The page for specialists: for whoever reads every point, with an access event; a line for the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iepcore.access import AuditKind
from iepcore.errors import NotFound, NotPermitted
from iepcore.ids import GoalId, new_uuid7
from iepcore.plan import GoalState, move_goal
from iepcore.testing import a_key
from tests.unit.caseload.town import Town


def test_every_point_of_every_recorder_is_weighed(each_town: Town) -> None:
    """And opening it stands in the trail."""
    each_town.caseload("aide").progress.record(each_town.goal.id, {"correct": 1, "trials": 2}, a_key())
    each_town.caseload("manager").progress.record(each_town.goal.id, {"correct": 2, "trials": 2}, a_key())

    page = each_town.caseload("manager").weighing.numbers(each_town.goal.id)

    assert page.evidence is not None
    assert (each_town.maya.id, each_town.goal.id, 2) == (
        page.student.id,
        page.goal.id,
        page.evidence.report.n,
    )
    seen = [one for one in each_town.trail(each_town.maya.id) if one.what == "numbers"]
    assert [(AuditKind.READ, each_town.id("manager"))] == [(one.kind, one.actor_id) for one in seen]


def test_who_reads_own_points_gets_no_numbers_made_of_others(town: Town) -> None:
    """An aide may open the goal; what it rests on stays closed."""
    town.caseload("manager").progress.record(town.goal.id, {"correct": 1, "trials": 2}, a_key())

    assert town.caseload("aide").weighing.numbers(town.goal.id).evidence is None


def test_strangers_and_unknown_goals_are_refused(town: Town) -> None:
    """The refusal is in the trail; a goal that is not there looks the same outside."""
    with pytest.raises(NotPermitted):
        town.caseload("stranger").weighing.numbers(town.goal.id)
    with pytest.raises(NotFound):
        town.caseload("manager").weighing.numbers(GoalId(new_uuid7()))
    assert AuditKind.REFUSED in [one.kind for one in town.trail(town.maya.id) if one.what == "numbers"]


def test_a_goal_s_page_has_the_report_only_for_who_reads_every_point(town: Town) -> None:
    """Trend and rules are made of everybody's scores."""
    town.caseload("manager").progress.record(town.goal.id, {"correct": 1, "trials": 2}, a_key())

    manager, aide = (town.caseload(name).goals.goal(town.goal.id) for name in ("manager", "aide"))

    assert manager.report is not None
    assert (1, None) == (manager.report.n, aide.report)


def test_a_letter_about_no_goal_offers_those_in_use(town: Town) -> None:
    """Their screens have sentences; a closed goal and a letter about one goal offer none."""
    writing = town.caseload("manager").writing

    offered = writing.compose(town.maya.id, None).goals
    assert town.goal.id in {goal.id for goal in offered}
    assert () == writing.compose(town.maya.id, town.goal.id).goals
    with town.store.write() as uow:
        goal = uow.plan.goal(town.goal.id)
        assert goal is not None
        uow.plan.save_goal(replace(move_goal(goal, GoalState.DISCONTINUED)))
    assert town.goal.id not in {goal.id for goal in writing.compose(town.maya.id, None).goals}
