"""How a version of a plan begins: its days, what makes it an amendment, and what a new year takes along."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from iepcore.errors import IllegalMove
from iepcore.ids import ServiceId, new_uuid7
from iepcore.language import FreeText
from iepcore.plan.document import Amendment, AmendmentMethod, PlanContents, PlanVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDays:
    """The days of a version: the annual review meeting it rests on, its first and its last day.

    ``as_of``: the day on which a plan that another system keeps stood like this; None for a plan of our own.
    """

    reviewed_on: date
    begins_on: date
    ends_on: date
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAmendment:
    """What is said when a plan is to change between two annual reviews (300.324(a)(4), (a)(6))."""

    method: AmendmentMethod
    agreed_on: date
    why: FreeText
    begins_on: date
    team_informed_on: date | None = None
    copy_asked: bool = False
    as_of: date | None = None


def amendment_of(before: PlanVersion, new: NewAmendment) -> Amendment:
    """Return what a version says of itself as an amendment of another."""
    return Amendment(
        of=before.id,
        method=new.method,
        agreed_on=new.agreed_on,
        why=new.why,
        team_informed_on=new.team_informed_on,
        copy_asked=new.copy_asked,
    )


def check_amendment(before: PlanVersion, new: NewAmendment, review_due_on: date | None) -> None:
    """Refuse an amendment that the rules do not know; see :meth:`DraftingDesk.amend` for its errors."""
    if new.begins_on <= before.begins_on:
        raise IllegalMove("plan_overlap", params={"rule": "34 CFR 300.323(a)"})
    late = review_due_on is not None and new.agreed_on > review_due_on
    if new.method is AmendmentMethod.AGREEMENT and (late or new.agreed_on < before.reviewed_on):
        raise IllegalMove("amendment_without_meeting", params={"rule": "34 CFR 300.324(a)(4)"})


def next_year(contents: PlanContents, days: PlanDays) -> PlanContents:
    """Return what goes on into the next annual plan: each line of service for its whole time, no summer."""
    newest = {one.line_id: one for one in sorted(contents.services, key=lambda one: one.begins_on)}
    services = tuple(
        replace(one, id=ServiceId(new_uuid7()), begins_on=days.begins_on, ends_on=days.ends_on)
        for one in newest.values()
        if not one.is_extended_year
    )
    goals = tuple(replace(goal, line=None) for goal in contents.goals)
    return replace(contents, concern=None, esy=None, services=services, goals=goals, report_on=())
