"""What a version as a whole still lacks before it can be proposed: its contents, its dates, its new goals."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from iepcore.calendars import DeadlineRules
from iepcore.ids import GoalId
from iepcore.plan.document.contents import Lack, Missing, lacks
from iepcore.plan.document.versions import PlanVersion


def version_lacks(
    version: PlanVersion,
    *,
    born_on: date | None,
    rules: DeadlineRules,
    living_goals: Collection[GoalId],
    objectives_for_all: bool = False,
) -> tuple[Missing, ...]:
    """Return what the contents lack, then goals that cannot be measured (neither a line of their own nor one
    that lives already), then a last day after the next annual review is due.
    """
    contents = version.contents
    found = [
        *lacks(
            contents,
            begins_on=version.begins_on,
            ends_on=version.ends_on,
            born_on=born_on,
            rules=rules,
            objectives_for_all=objectives_for_all,
        )
    ]
    found += [
        Missing(lack=Lack.LINE, about=str(goal.goal_id))
        for goal in contents.goals
        if goal.line is None and goal.goal_id not in living_goals
    ]
    due_on = rules.annual_review(version.reviewed_on).due_on
    if due_on is not None and version.ends_on > due_on:
        found.append(Missing(lack=Lack.ENDS_LATE))
    return tuple(found)
