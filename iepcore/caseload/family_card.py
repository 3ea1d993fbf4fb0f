"""The few lines about the plan on the family's first page: what waits for this adult, and whether they were
heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.caseload.family_side import shown_to_family
from iepcore.ids import StudentId
from iepcore.plan.document import (
    ParentConsent,
    ParentConsentState,
    PlanState,
    standing_answers,
    standing_wishes,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCard:
    """``proposed_from``: the first day of a proposal (None: none waits), ``answered``: to how many of its
    parts this adult has said something; ``to_sign``: how many signatures are asked of them; ``has_plan``:
    there is something to read; ``has_wished``: their answer to the first question stands.
    """

    proposed_from: date | None
    answered: int
    to_sign: int
    has_plan: bool
    has_wished: bool
    may_answer: bool
    may_wish: bool


def open_for(consents: tuple[ParentConsent, ...], adult_id: object) -> tuple[ParentConsent, ...]:
    """Return the consents that are asked of an adult and not answered; one asked of nobody by name is asked
    of each who may decide.
    """
    return tuple(
        one for one in consents if one.state is ParentConsentState.REQUESTED and one.of_id in {None, adult_id}
    )


def plan_card(desk: Desk, student_id: StudentId) -> PlanCard | None:
    """Return the lines for an adult who may read the plan; None for anybody else. The page they stand on has
    opened the record.
    """
    me = desk.adult_id
    with desk.store.read() as uow:
        judge = desk.judge(uow)
        plan = Resource(kind=ResourceKind.IEP, student_id=student_id)
        if not judge.may(Action.READ, plan):
            return None
        may_answer = judge.may(Action.DECIDE, plan)
        wish = Resource(kind=ResourceKind.FAMILY_WISH, student_id=student_id, owner_id=me)
        versions = shown_to_family(uow.plans.versions_of(student_id))
        proposed = next((one for one in reversed(versions) if one.state is PlanState.PROPOSED), None)
        answers = uow.plans.answers_of(proposed.id) if proposed is not None else ()
        may_sign = may_answer and not uow.calendars.choices().is_kept_elsewhere
        consents = tuple(uow.plans.consents_of(student_id)) if may_sign else ()
        wishes = standing_wishes(uow.plans.wishes_of(student_id))
        return PlanCard(
            proposed_from=proposed.begins_on if proposed is not None else None,
            answered=sum(one.adult_id == me for one in standing_answers(answers)),
            to_sign=len(open_for(consents, me)),
            has_plan=bool(versions),
            has_wished=any(one.author_id == me for one in wishes),
            may_answer=may_answer,
            may_wish=judge.may(Action.WRITE, wish),
        )
