"""The contents of one version of a plan, and what they still lack, with the rule (34 CFR 300.320)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from iepcore.calendars import DeadlineRules
from iepcore.errors import InvalidValue
from iepcore.language import FreeText
from iepcore.plan.document.parts import (
    Assessment,
    AssessmentKind,
    EsyAnswer,
    EsyDecision,
    FactorAnswer,
    ParentConcern,
    Placement,
    PlanGoal,
    PresentLevel,
    SpecialFactor,
    Support,
    SupportKind,
    TransitionPlan,
)
from iepcore.plan.services import ServicePrescription


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanContents:
    """What a plan says. The family's answer and concerns and the child's strengths stand first, on purpose.

    ``family_wish`` is the family's own answer to what the child should be able to do a year from now.
    ``report_on`` are the days progress is reported; empty means every report-card day. ``rights_told_on`` is
    when the student was told of the rights to come (300.320(c)).

    Raises:
        InvalidValue: ``level_twice``, ``goal_twice``, ``factor_twice``, ``service_twice`` for two of one
        kind; ``goal_level_unknown`` for a goal that builds on an area nobody described.
    """

    family_wish: FreeText | None = None
    concern: ParentConcern | None = None
    student_words: FreeText | None = None
    levels: tuple[PresentLevel, ...] = ()
    goals: tuple[PlanGoal, ...] = ()
    supports: tuple[Support, ...] = ()
    services: tuple[ServicePrescription, ...] = ()
    factors: tuple[FactorAnswer, ...] = ()
    placement: Placement | None = None
    assessment: Assessment | None = None
    esy: EsyDecision | None = None
    transition: TransitionPlan | None = None
    report_on: tuple[date, ...] = ()
    rights_told_on: date | None = None

    def __post_init__(self) -> None:
        areas = [level.area for level in self.levels]
        for keys, code in (
            (areas, "level_twice"),
            ([goal.goal_id for goal in self.goals], "goal_twice"),
            ([answer.factor for answer in self.factors], "factor_twice"),
            ([service.id for service in self.services], "service_twice"),
        ):
            if len(set(keys)) < len(keys):
                raise InvalidValue(code)
        if any(area not in areas for goal in self.goals for area in goal.levels):
            raise InvalidValue("goal_level_unknown", field="levels")

    def supports_of(self, kind: SupportKind) -> tuple[Support, ...]:
        """Return the supports of one kind, in the plan's order."""
        return tuple(support for support in self.supports if support.kind is kind)


class Lack(StrEnum):
    """What a plan lacks. Each has its rule in :data:`RULES`."""

    CONCERN = "concern_not_asked"
    LEVELS = "levels_missing"
    GOALS = "goals_missing"
    OBJECTIVES = "objectives_missing"
    LINE = "goal_not_measured"
    ENDS_LATE = "ends_after_review"
    SERVICES = "services_missing"
    SERVICE_OUTSIDE = "service_outside_plan"
    FACTORS = "factors_not_considered"
    PLACEMENT = "placement_missing"
    WHY_APART = "why_apart_missing"
    ASSESSMENT = "assessment_missing"
    WHY_ALTERNATE = "why_alternate_missing"
    ESY = "esy_not_decided"
    TRANSITION = "transition_missing"
    RIGHTS_TOLD = "rights_statement_missing"


RULES: dict[Lack, str] = {
    Lack.CONCERN: "34 CFR 300.324(a)(1)(ii)",
    Lack.LEVELS: "34 CFR 300.320(a)(1)",
    Lack.GOALS: "34 CFR 300.320(a)(2)(i)",
    Lack.OBJECTIVES: "34 CFR 300.320(a)(2)(ii)",
    Lack.LINE: "34 CFR 300.320(a)(2)(i)",
    Lack.ENDS_LATE: "34 CFR 300.324(b)(1)(i)",
    Lack.SERVICES: "34 CFR 300.320(a)(4)",
    Lack.SERVICE_OUTSIDE: "34 CFR 300.320(a)(7)",
    Lack.FACTORS: "34 CFR 300.324(a)(2)",
    Lack.PLACEMENT: "34 CFR 300.320(a)(5)",
    Lack.WHY_APART: "34 CFR 300.320(a)(5)",
    Lack.ASSESSMENT: "34 CFR 300.320(a)(6)(i)",
    Lack.WHY_ALTERNATE: "34 CFR 300.320(a)(6)(ii)",
    Lack.ESY: "34 CFR 300.106",
    Lack.TRANSITION: "34 CFR 300.320(b)",
    Lack.RIGHTS_TOLD: "34 CFR 300.320(c)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing a plan lacks, its rule, and which goal, area, factor or service it concerns ("" for the
    whole).
    """

    lack: Lack
    about: str = ""

    @property
    def citation(self) -> str:
        """Where the rule stands."""
        return RULES[self.lack]


def lacks(
    contents: PlanContents,
    *,
    begins_on: date,
    ends_on: date,
    born_on: date | None,
    rules: DeadlineRules,
    objectives_for_all: bool = False,
) -> tuple[Missing, ...]:
    """Return what contents lack for a plan from ``begins_on`` to ``ends_on``; none when they are complete.

    ``born_on`` None leaves out what depends on age, since nothing is guessed. ``objectives_for_all``: the
    state asks for objectives whatever the assessment.
    """
    found = [*_core(contents, objectives_for_all=objectives_for_all)]
    found += [
        Missing(lack=Lack.SERVICE_OUTSIDE, about=str(service.id))
        for service in contents.services
        if service.begins_on < begins_on or (service.ends_on > ends_on and not service.is_extended_year)
    ]
    if born_on is not None:
        found += _by_age(contents, begins_on=begins_on, ends_on=ends_on, born_on=born_on, rules=rules)
    return tuple(found)


def _core(contents: PlanContents, *, objectives_for_all: bool) -> Iterator[Missing]:
    if contents.concern is None:
        yield Missing(lack=Lack.CONCERN)
    if not contents.levels:
        yield Missing(lack=Lack.LEVELS)
    if not contents.goals:
        yield Missing(lack=Lack.GOALS)
    if not contents.services:
        yield Missing(lack=Lack.SERVICES)
    considered = {answer.factor for answer in contents.factors}
    for factor in SpecialFactor:
        if factor not in considered:
            yield Missing(lack=Lack.FACTORS, about=factor.value)
    if contents.placement is None:
        yield Missing(lack=Lack.PLACEMENT)
    elif contents.placement.with_peers < contents.placement.week_minutes and not contents.placement.why_apart:
        yield Missing(lack=Lack.WHY_APART)
    yield from _assessment(contents, objectives_for_all=objectives_for_all)
    if contents.esy is None or (contents.esy.answer is not EsyAnswer.LATER and contents.esy.basis is None):
        yield Missing(lack=Lack.ESY)


def _assessment(contents: PlanContents, *, objectives_for_all: bool) -> Iterator[Missing]:
    is_alternate = contents.assessment is not None and contents.assessment.kind is AssessmentKind.ALTERNATE
    if contents.assessment is None:
        yield Missing(lack=Lack.ASSESSMENT)
    elif is_alternate and contents.assessment.why is None:
        yield Missing(lack=Lack.WHY_ALTERNATE)
    if is_alternate or objectives_for_all:
        for goal in contents.goals:
            if not goal.objectives:
                yield Missing(lack=Lack.OBJECTIVES, about=str(goal.goal_id))


def _by_age(
    contents: PlanContents, *, begins_on: date, ends_on: date, born_on: date, rules: DeadlineRules
) -> Iterator[Missing]:
    needed = rules.needs_transition(born_on, plan_begins_on=begins_on, plan_ends_on=ends_on)
    if needed and contents.transition is None:
        yield Missing(lack=Lack.TRANSITION)
    told_by = rules.transfer_statement(born_on, on=begins_on).due_on
    if told_by is not None and told_by <= ends_on and contents.rights_told_on is None:
        yield Missing(lack=Lack.RIGHTS_TOLD)
