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
    services_from: date | None = None,
    objectives_for_all: bool = False,
) -> tuple[Missing, ...]:
    """Return what the contents lack, then goals that cannot be measured (neither a line of their own nor one
    that lives already), then a last day after the next annual review is due.

    ``services_from``: the first day of the plan that an amendment belongs to. Its services go on.
    """
    contents = version.contents
    found = [
        one
        for one in lacks(
            contents,
            begins_on=version.begins_on,
            ends_on=version.ends_on,
            born_on=born_on,
            rules=rules,
            objectives_for_all=objectives_for_all,
        )
        if one.lack is not Lack.SERVICE_OUTSIDE or _is_outside(version, one.about, services_from)
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


def _is_outside(version: PlanVersion, service_id: str, services_from: date | None) -> bool:
    """Whether a service lies outside the plan as a whole, of which the version is a part."""
    service = next(one for one in version.contents.services if str(one.id) == service_id)
    begins_on = min(services_from or version.begins_on, version.begins_on)
    too_long = service.ends_on > version.ends_on and not service.is_extended_year
    return service.begins_on < begins_on or too_long
