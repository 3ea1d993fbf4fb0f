"""What a step of a plan rests on, looked up in the store: numbers of the site, notices, consents, lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from iepcore.access import Action, Decision, Outcome, Person, Resource, ResourceKind, decide
from iepcore.access.staff_rows import STAFF
from iepcore.calendars import DeadlineRules, PolicyKey, SiteChoices, school_calendar
from iepcore.caseload.desk import Desk
from iepcore.caseload.standing import relations_of
from iepcore.errors import IllegalMove, InvalidValue, NotFound
from iepcore.ids import AdultId, PlanVersionId, StudentId
from iepcore.people import Student
from iepcore.plan import Goal, GoalState
from iepcore.plan.document import (
    IN_FORCE,
    ConsentKind,
    Ground,
    Missing,
    NoticeStep,
    ParentConsentState,
    PlanState,
    PlanStep,
    PlanVersion,
    version_lacks,
)
from iepcore.ports import UnitOfWork

UNNAMED_SYSTEM = "-"
"""Stands in ``PlanVersion.kept_in`` while a site has not said what its system is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRules:
    """The choices of a site, and what computes due dates by them."""

    choices: SiteChoices
    deadlines: DeadlineRules

    @property
    def kept_in(self) -> str:
        """The system that keeps the official plan, "" when it is kept here."""
        official = self.choices.official_plan
        return "" if official is None else official.name or UNNAMED_SYSTEM

    def notice_days(self, takes_effect_on: date) -> int:
        """Return how many days before a step its notice must have gone: what a state or district fixed. Our
        own default is a suggestion and blocks nothing, since federal law says "a reasonable time".
        """
        rule = self.choices.profile.at(PolicyKey.PRIOR_WRITTEN_NOTICE, takes_effect_on)
        if rule is None or rule.is_product_default:
            return 0
        due_on = self.deadlines.prior_written_notice(takes_effect_on).due_on
        return rule.value if due_on is None else (takes_effect_on - due_on).days


def plan_rules(uow: UnitOfWork) -> PlanRules:
    """Return the rules of the site as they are now."""
    choices = uow.calendars.choices()
    school = school_calendar(uow.calendars.years())
    return PlanRules(choices=choices, deadlines=choices.deadline_rules(school))


def require_staff(desk: Desk, student_id: StudentId, *, what: str) -> None:
    """Open the child's plan for a member of staff; the access event is written first.

    Raises:
        NotPermitted: with reason and citation; ``staff_only`` to families, who have screens of their own,
            and to a substitute, who reads the duties.
    """
    resource = Resource(kind=ResourceKind.IEP, student_id=student_id)
    decision = desk.open_record(resource, what=what).decision
    is_staff = decision.party is None or decision.party in STAFF
    if not is_staff or decision.outcome is Outcome.REDACT:
        rule = "product rule: families and substitutes have screens of their own"
        desk.refuse(what, Decision(outcome=Outcome.DENY, reason="staff_only", citation=rule), student_id)


def student_of(uow: UnitOfWork, student_id: StudentId) -> Student:
    """Return the child.

    Raises:
        NotFound: there is none.
    """
    student = uow.people.student(student_id)
    if student is None:
        raise NotFound("student")
    return student


def version_of(uow: UnitOfWork, version_id: PlanVersionId) -> PlanVersion:
    """Return a version.

    Raises:
        NotFound: there is none.
    """
    version = uow.plans.version(version_id)
    if version is None:
        raise NotFound("plan_version")
    return version


def in_force_now(versions: Iterable[PlanVersion]) -> PlanVersion | None:
    """Return the version under which a child gets services, the last one of several."""
    held = [one for one in versions if one.state in IN_FORCE]
    return max(held, key=lambda one: one.number, default=None)


def in_force_on(versions: Iterable[PlanVersion], day: date) -> PlanVersion | None:
    """Return the version that was in force on a day."""
    held = [one for one in versions if one.was_in_force(day)]
    return max(held, key=lambda one: one.number, default=None)


def living_goals(uow: UnitOfWork, student_id: StudentId) -> tuple[Goal, ...]:
    """Return the child's goals in use."""
    found = uow.plan.goals_of_students({student_id})
    return tuple(goal for goal in found if goal.state is GoalState.ACTIVE)


def lacking_of(uow: UnitOfWork, version: PlanVersion, student: Student) -> tuple[Missing, ...]:
    """Return what a version still lacks, by the rules of the site."""
    rules = plan_rules(uow).deadlines
    others = uow.plans.versions_of(student.id)
    first_day = min(
        (one.begins_on for one in others if one.plan_id == version.plan_id), default=version.begins_on
    )
    return version_lacks(
        version,
        born_on=student.born_on,
        rules=rules,
        living_goals={goal.id for goal in living_goals(uow, student.id)},
        services_from=min(first_day, version.begins_on),
    )


def ground_of(uow: UnitOfWork, version: PlanVersion, step: NoticeStep, on: date) -> Ground:
    """Return what a step of a version on a day rests on: the notice of this very step and no other, consent
    to initial services, a revocation in writing.
    """
    sent = [
        one.sent_on
        for one in uow.plans.notices_of(version.student_id)
        if one.step is step and one.version_id == version.id and one.sent_on is not None
    ]
    consents = [
        one for one in uow.plans.consents_of(version.student_id) if one.kind is ConsentKind.INITIAL_SERVICES
    ]
    return Ground(
        notice_sent_on=min(sent, default=None),
        initial_consent=any(one.held_on(on) for one in consents),
        in_writing=any(one.state is ParentConsentState.REVOKED for one in consents),
        notice_days=plan_rules(uow).notice_days(on),
    )


def require_decider(desk: Desk, uow: UnitOfWork, student_id: StudentId, adult_id: AdultId, on: date) -> None:
    """Refuse a signature of somebody who may not decide for the child on that day.

    Raises:
        InvalidValue: ``signer_may_not_decide`` (field ``signer``; 34 CFR 300.30(b), 300.9).
    """
    person = Person(adult_id=adult_id)
    resource = Resource(kind=ResourceKind.CONSENT, student_id=student_id, of_adult_id=adult_id)
    standing = relations_of(uow, person, desk.clock.zone)
    if not decide(person, Action.DECIDE, resource, on, standing).is_allowed:
        raise InvalidValue("signer_may_not_decide", field="signer")


def require_day_came(desk: Desk, day: date) -> None:
    """Refuse a step whose day has not come.

    Raises:
        IllegalMove: ``plan_not_yet``.
    """
    if day > desk.clock.today():
        raise IllegalMove("plan_not_yet", params={"day": day.isoformat()})


def step_to(desk: Desk, state: PlanState) -> PlanStep:
    """Return the record of a step that is taken now; a job has no name."""
    by = desk.actor.adult_id if isinstance(desk.actor, Person) else None
    return PlanStep(state=state, on=desk.clock.today(), by=by)
