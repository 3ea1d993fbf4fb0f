"""The goals of a plan and the goals with data: they follow it, and what was decided before keeps its line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iepcore.errors import IllegalMove, NotFound
from iepcore.plan import GoalState
from iepcore.plan.document import (
    PlanPart,
    part_hash,
)
from iepcore.testing.document_values import a_line, a_plan_goal
from iepcore.testing.store_values import a_point
from tests.unit.caseload.plan_town import DAY, PlanTown, said


@pytest.fixture
def town() -> PlanTown:
    """A town in memory that keeps its plans here."""
    return PlanTown()


def test_another_way_of_measuring_is_another_goal(town: PlanTown) -> None:
    """Earlier scores would change their meaning; a goal of another child is not there."""
    first = town.in_effect()
    goal = first.contents.goals[0]
    draft = town.manager.drafting.amend(town.maya.id, town.amendment())
    about = str(goal.goal_id)
    other = replace(goal, line=a_line(baseline=80.0, target=80.0, direction="decrease"))
    put = town.manager.drafting.put
    stands = part_hash(draft.contents, PlanPart.GOAL, about)
    draft = put(draft.id, PlanPart.GOAL, other, started_from=stands, about=about)
    proposed = town.proposed(draft)
    town.go_to(proposed.begins_on)
    with pytest.raises(IllegalMove, match="goal_measure_differs"):
        town.manager.proposing.take_effect(proposed.id)
    assert first.id == town.manager.plans.page(town.maya.id).current.id  # type: ignore[union-attr]


def test_a_goal_of_another_child_is_not_there(town: PlanTown) -> None:
    """Ivo's goal cannot be drawn into Maya's plan."""
    contents = town.contents(goals=[a_plan_goal(goal_id=town.ivos_goal.id)])
    town.consent()
    proposed = town.proposed(town.draft(contents))
    town.go_to(proposed.begins_on)
    with pytest.raises(NotFound):
        town.manager.proposing.take_effect(proposed.id)


def test_a_goal_that_lives_already_goes_on(town: PlanTown) -> None:
    """A plan may take up a goal that has data: its line stays, and what ends before the plan does not."""
    contents = town.contents(goals=[a_plan_goal(goal_id=town.goal.id, line=None, words=town.goal.text)])
    first = town.in_effect(town.draft(contents))
    with town.store.read() as uow:
        living = uow.plan.goal(town.goal.id)
    assert living is not None
    assert (town.goal.target, first.ends_on) == (living.line.target, living.line.ends_on)
    assert (town.goal.baseline, town.goal.text) == (living.baseline, living.text)


def test_a_goals_new_piece_of_line_begins_where_the_scores_are(town: PlanTown) -> None:
    """At the middle of the last three scores, or where the author says; a long reason is cut."""
    first = town.in_effect()
    goal = first.contents.goals[0]
    line, about = goal.line, str(goal.goal_id)
    assert line is not None
    with town.store.read() as uow:
        living = uow.plan.goal(goal.goal_id)
    assert living is not None
    with town.store.write() as uow:
        for place, value in enumerate((30.0, 50.0, 40.0)):
            point = a_point(living, score=value, observed_on=town.today, observed_at=town.clock.now())
            uow.plan.add_point(replace(point, observed_at=point.observed_at + place * DAY))
    for changes, level in (({"target": 90.0}, 40.0), ({"target": 95.0, "baseline": 55.0}, 55.0)):
        draft = town.manager.drafting.amend(town.maya.id, town.amendment(why=said("Because " * 20)))
        changed = replace(draft.contents.goals[0], line=replace(line, **changes))
        stands = part_hash(draft.contents, PlanPart.GOAL, about)
        draft = town.manager.drafting.put(draft.id, PlanPart.GOAL, changed, started_from=stands, about=about)
        town.manager.proposing.take_effect(town.passed(draft).id)
        with town.store.read() as uow:
            now = uow.plan.goal(goal.goal_id)
        assert now is not None
        assert (level, changes["target"]) == (now.line.baseline, now.line.target)
        assert 80 >= len(now.phases[-1].words.text)


def test_a_goal_that_is_met_or_left_out_of_the_tool_stays_so(town: PlanTown) -> None:
    """A plan that came with a child may name goals without a line: they are words until somebody measures."""
    days = town.days(begins_on=town.today)
    unmeasured = a_plan_goal(line=None)
    with town.store.write() as uow:
        uow.plan.save_goal(replace(town.goal, state=GoalState.MET, version=town.goal.version + 1))
    met = a_plan_goal(goal_id=town.goal.id, line=None)
    town.manager.proposing.receive(town.maya.id, town.contents(goals=[unmeasured, met]), days)
    with town.store.read() as uow:
        assert uow.plan.goal(unmeasured.goal_id) is None
        still = uow.plan.goal(town.goal.id)
    assert still is not None
    assert GoalState.MET is still.state
