"""The family's side of the plan: who stands there towards one child, and which versions they read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from iepcore.access import Decision, Outcome
from iepcore.caseload.desk import Desk
from iepcore.caseload.standing import may_read_records
from iepcore.ids import PlanVersionId, StudentId
from iepcore.people import Relationship
from iepcore.plan.document import PlanState, PlanVersion, Voice
from iepcore.ports import UnitOfWork

_NEVER_HELD = frozenset({PlanState.PROPOSED, PlanState.REJECTED, PlanState.PARTLY_ACCEPTED})


def require_family(desk: Desk, student_id: StudentId, what: str) -> tuple[Relationship, ...]:
    """Return how the actor stands towards the child as family today. A place on the team opens the staff's
    screens, not these.

    Raises:
        NotPermitted: ``family_only``, and it is in the trail.
    """
    day = desk.clock.today()
    with desk.store.read() as uow:
        held = family_standings(uow, desk, student_id, day)
    if not held:
        rule = "product rule: families have screens of their own"
        denied = Decision(outcome=Outcome.DENY, reason="family_only", citation=rule)
        desk.refuse(what, denied, student_id)
    return held


def family_standings(
    uow: UnitOfWork, desk: Desk, student_id: StudentId, day: date
) -> tuple[Relationship, ...]:
    """Return the actor's relationships that open this child's record on a day."""
    return tuple(
        one
        for one in uow.people.relationships_of_adult(desk.adult_id)
        if one.student_id == student_id and may_read_records(one, day)
    )


def voice_of(held: Sequence[Relationship]) -> Voice:
    """Return whose voice the holder of these relationships speaks with; without any, it is the school's."""
    if not held:
        return Voice.STAFF
    return Voice.STUDENT if all(one.is_the_student for one in held) else Voice.FAMILY


def shown_to_family(versions: Iterable[PlanVersion]) -> tuple[PlanVersion, ...]:
    """Return the versions a family reads, by number: all that were ever proposed or in force, no draft."""
    found = [one for one in versions if one.state is not PlanState.DRAFT]
    return tuple(sorted(found, key=lambda one: one.number))


def version_before(version: PlanVersion, versions: Iterable[PlanVersion]) -> PlanVersion | None:
    """Return the version that this one changes: the one it amends, or the last before it that held."""
    earlier = [one for one in versions if one.number < version.number and one.state not in _NEVER_HELD]
    amended: PlanVersionId | None = version.amendment.of if version.amendment is not None else None
    for one in earlier:
        if one.id == amended:
            return one
    return max(earlier, key=lambda one: one.number, default=None)


def version_for(versions: Sequence[PlanVersion], on: date) -> PlanVersion | None:
    """Return what is read first: what is proposed, else in force, else what comes next or was last."""
    proposed = [one for one in versions if one.state is PlanState.PROPOSED]
    holding = [one for one in versions if one.was_in_force(on)]
    held = [one for one in versions if one.state not in _NEVER_HELD]
    return next((found[-1] for found in (proposed, holding, held, list(versions)) if found), None)
