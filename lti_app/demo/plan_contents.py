"""The contents of a plan of the demonstration, from a row of ``plans.json`` and the child's living goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from iepcore.ids import AdultId, GoalId, ServiceId, StudentId
from iepcore.language import FreeText
from iepcore.plan import Delivery, Goal, Interval, ServicePrescription
from iepcore.plan.document import (
    Assessment,
    AssessmentKind,
    EsyAnswer,
    EsyDecision,
    FactorAnswer,
    GoalKind,
    Objective,
    ObjectiveState,
    ParentConcern,
    Placement,
    PlanContents,
    PlanGoal,
    PresentLevel,
    SpecialFactor,
    Support,
    SupportKind,
    TransitionPlan,
)
from lti_app.demo.caseload import demo_id

WEEK_MINUTES = 1800
_ACADEMIC = ("reading", "math", "writing", "vocabulary", "literacy")


def said(text: str) -> FreeText:
    """Return words of the school."""
    return FreeText(text=text, lang="en")


def supposed_contents(
    row: Mapping[str, Any], student_id: StudentId, goals: Sequence[Goal], *, begins_on: date, ends_on: date
) -> PlanContents:
    """Return what a child's plan says."""
    met_on = begins_on - timedelta(days=1)
    concern = row["concern"]
    unmeasured = [(area, said(words)) for area, words in row.get("goals", ())]
    areas = dict.fromkeys([*(goal.area for goal in goals), *(area for area, _ in unmeasured)])
    return PlanContents(
        family_wish=FreeText(text=row["wish"][0], lang=row["wish"][1]) if row.get("wish") else None,
        concern=ParentConcern(
            asked_on=met_on,
            words=FreeText(text=concern, lang=row.get("concern_lang", "en")) if concern else None,
        ),
        student_words=said(row["student"]) if row.get("student") else None,
        levels=tuple(_level(row, area) for area in areas),
        goals=(
            *(_goal(row, goal) for goal in goals),
            *(_unmeasured(row["child"], area, words) for area, words in unmeasured),
        ),
        supports=tuple(
            Support(kind=SupportKind(kind), words=said(words), where=where, in_state_tests=in_tests)
            for kind, words, where, in_tests in row["supports"]
        ),
        services=tuple(
            _service(row["child"], place, one, student_id, begins_on, ends_on)
            for place, one in enumerate(row["services"])
        ),
        factors=tuple(_factor(row, factor) for factor in SpecialFactor),
        placement=Placement(
            week_minutes=WEEK_MINUTES,
            with_peers=row["peers"],
            why_apart=said(row["apart"]) if row["apart"] else None,
        ),
        assessment=_assessment(row),
        esy=EsyDecision(
            answer=EsyAnswer.NEEDED if row.get("summer") else EsyAnswer.NOT_NEEDED,
            on=met_on,
            basis=said(row.get("summer") or "What was learned before the last break was still there after."),
        ),
        transition=_transition(row),
    )


def _level(row: Mapping[str, Any], area: str) -> PresentLevel:
    return PresentLevel(
        area=area,
        strengths=said(row["strengths"]),
        now=said(row["now"]),
        needs=said(row["needs"]) if row.get("needs") else None,
    )


def _goal(row: Mapping[str, Any], goal: Goal) -> PlanGoal:
    steps = row.get("objectives", ())
    academic = any(word in goal.area for word in _ACADEMIC)
    return PlanGoal(
        goal_id=goal.id,
        kind=GoalKind.TRANSITION
        if row.get("transition")
        else GoalKind.ACADEMIC
        if academic
        else GoalKind.FUNCTIONAL,
        words=goal.text,
        levels=(goal.area,),
        objectives=tuple(
            Objective(
                words=said(words),
                state=ObjectiveState.IN_PROGRESS if place == 0 else ObjectiveState.NOT_INTRODUCED,
            )
            for place, words in enumerate(steps)
        ),
        wish=FreeText(text=row["wish"][0], lang=row["wish"][1]) if row.get("wish") else None,
    )


def _unmeasured(child: str, area: str, words: FreeText) -> PlanGoal:
    """Return a goal that nobody measures in the tool yet."""
    goal_id = GoalId(demo_id("goal", child, area))
    return PlanGoal(goal_id=goal_id, kind=GoalKind.FUNCTIONAL, words=words, levels=(area,))


def _service(
    child: str, place: int, one: Sequence[Any], student_id: StudentId, begins_on: date, ends_on: date
) -> ServicePrescription:
    service, frequency, minutes, interval, delivery, provider, in_group = one
    line_id = ServiceId(demo_id("service", child, str(place)))
    return ServicePrescription(
        id=line_id,
        line_id=line_id,
        student_id=student_id,
        service=service,
        delivery=Delivery(delivery),
        frequency=frequency,
        interval=Interval(interval),
        minutes=minutes,
        begins_on=begins_on,
        ends_on=ends_on,
        setting="resource room" if delivery == "direct" else "",
        in_group=in_group,
        provider_id=AdultId(demo_id("adult", provider)),
    )


def _factor(row: Mapping[str, Any], factor: SpecialFactor) -> FactorAnswer:
    words = row.get("factors", {}).get(factor.value)
    return FactorAnswer(factor=factor, is_needed=words is not None, words=said(words) if words else None)


def _assessment(row: Mapping[str, Any]) -> Assessment:
    if row.get("alternate"):
        return Assessment(kind=AssessmentKind.ALTERNATE, why=said(row["alternate"]))
    with_support = any(in_tests for *_, in_tests in row["supports"])
    return Assessment(kind=AssessmentKind.ACCOMMODATED if with_support else AssessmentKind.REGULAR)


def _transition(row: Mapping[str, Any]) -> TransitionPlan | None:
    if not row.get("transition"):
        return None
    goals, services, courses = row["transition"]
    return TransitionPlan(
        postsecondary_goals=tuple(map(said, goals)),
        services=tuple(map(said, services)),
        courses_of_study=said(courses),
    )
