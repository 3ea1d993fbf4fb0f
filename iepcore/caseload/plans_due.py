"""The job that brings proposed plans into effect on their day, when nothing and nobody stands against it."""

from __future__ import annotations

from iepcore.access import System
from iepcore.calendars import PolicyKey
from iepcore.caseload.desk import Desk
from iepcore.caseload.plan_rules import plan_rules
from iepcore.caseload.proposing import ProposingDesk
from iepcore.plan.document import (
    AnswerKind,
    ConsentKind,
    ParentConsentState,
    PlanState,
    PlanVersion,
    standing_answers,
)
from iepcore.ports import UnitOfWork

PLANS_TAKE_EFFECT = System(job="plans_take_effect")
_OPEN = frozenset({AnswerKind.NOT_ACCEPTED, AnswerKind.QUESTION})


def bring_into_effect(desk: Desk) -> int:
    """Take the step for every proposed version whose first day has come; return how many took effect.

    One waits for a person when a parent said no to a part or asked about it, when the state asks for an
    answer to the plan (D11) and no signature is on record, or when any rule of the step refuses it.
    """
    today = desk.clock.today()
    with desk.store.read() as uow:
        due = [
            one.id
            for one in uow.plans.versions_in({PlanState.PROPOSED})
            if one.begins_on <= today and not _waits(uow, one)
        ]
    proposing = ProposingDesk(desk)
    return sum(proposing.take_effect_if_due(version_id) is not None for version_id in due)


def _waits(uow: UnitOfWork, version: PlanVersion) -> bool:
    if any(one.answer in _OPEN for one in standing_answers(uow.plans.answers_of(version.id))):
        return True
    if plan_rules(uow).choices.profile.at(PolicyKey.RESPONSE_TO_PLAN, version.begins_on) is None:
        return False
    return not any(
        one.version_id == version.id
        and one.kind is ConsentKind.PLAN
        and one.state is ParentConsentState.GIVEN
        for one in uow.plans.consents_of(version.student_id)
    )
