"""The contents of one version of a plan, from what a scenario tells of goals, services and supports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from iepcore.language import FreeText
from iepcore.plan import Interval, ServicePrescription
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
from iepcore.testing.scenarios.form import Facts, FormError
from iepcore.testing.scenarios.site import Site, said

WEEK = 1_800
"""Minutes of a school week; the form names none."""
_FACTORS = (
    ("braille", SpecialFactor.BRAILLE),
    ("behavio", SpecialFactor.BEHAVIOR),
    ("english", SpecialFactor.ENGLISH_LEARNER),
    ("communication", SpecialFactor.COMMUNICATION),
    ("assistive", SpecialFactor.ASSISTIVE_TECHNOLOGY),
)
_ESY = {
    "eligible": EsyAnswer.NEEDED,
    "needed": EsyAnswer.NEEDED,
    "not_eligible": EsyAnswer.NOT_NEEDED,
    "not_needed": EsyAnswer.NOT_NEEDED,
    "later": EsyAnswer.LATER,
}


def contents_of(
    site: Site, told: Facts, begins: date, until: date, ends: date, first_day: date
) -> PlanContents:
    """Return what a version says that is in force from ``begins`` until ``until`` and planned to ``ends``;
    the plan it belongs to began on ``first_day``.
    """
    reviewed = told.needed_day("annual_review_meeting")
    goals = list(_goals(site, begins, until))
    services = tuple(_services(site, begins, until, ends, first_day))
    supports = tuple(_supports(site))
    _assume(site, told)
    return PlanContents(
        concern=ParentConcern(asked_on=reviewed, words=_words(told.text("parent_concerns", None))),
        levels=tuple(_level(area) for area in dict.fromkeys(one.levels[0] for one in goals))
        or (_level("whole"),),
        goals=tuple(goals),
        supports=supports,
        services=services,
        factors=tuple(_factors(told)),
        placement=_placement(services),
        assessment=_assessment(told, supports),
        esy=_esy(told, reviewed),
        transition=_transition(told),
        rights_told_on=told.day("transfer_statement_date"),
    )


def _assume(site: Site, told: Facts) -> None:
    path = told.path
    if not told.has("parent_concerns"):
        site.reading.assume(path, "parents asked about concerns at the review, none given")
    if not told.has("esy"):
        site.reading.assume(path, "the summer is decided later")
    site.reading.assume(
        path, f"present levels in a few words, {WEEK} minutes of school a week, factors considered"
    )


def _words(text: str | None) -> FreeText | None:
    return None if text is None else said(text)


def _level(area: str) -> PresentLevel:
    return PresentLevel(
        area=area, strengths=said("as the plan says"), now=said("as the goal's baseline says")
    )


def _goals(site: Site, begins: date, until: date) -> Iterator[PlanGoal]:
    """Yield the goals that stand in the version: begun by its last day, and not replaced before its first."""
    starts = {one["id"]: one["start"] for one in site.facts.told("goals") if one["id"] in site.goals}
    for raw in site.facts.told("goals"):
        if raw["id"] not in site.goals or raw.get("student", "student") != "student":
            continue
        if date.fromisoformat(raw["start"]) > until:
            continue
        successor = raw.get("superseded_by")
        if successor in starts and date.fromisoformat(starts[successor]) <= begins:
            continue
        one = Facts(raw, f"{site.facts.path}.goals[{raw['id']}]", site.reading)
        one.label("end", "superseded_by", "student")
        kind = one.text("kind", "transition" if one.text("area") == "employment" else "academic")
        yield PlanGoal(
            goal_id=site.goals[one.text("id")],
            kind=GoalKind(kind),
            words=said(one.text("text")),
            levels=(one.text("area"),),
            objectives=tuple(_objective(step) for step in one.each("benchmarks")),
        )


def _objective(one: Facts) -> Objective:
    one.label("id")
    one.leave("target", "an objective is words, a day and a state; its number stands in its words")
    state = one.text("state", "not_introduced")
    if state not in set(ObjectiveState):
        raise FormError(f"{one.path}.state", f"{state} is no state of an objective")
    return Objective(words=said(one.text("text")), by=one.day("by"), state=ObjectiveState(state))


def _services(
    site: Site, begins: date, until: date, ends: date, first_day: date
) -> Iterator[ServicePrescription]:
    """Yield the services that are in force while the version is. One that began under the version before
    keeps its first day; none is promised beyond the plan, but for a summer.
    """
    for service in site.services.values():
        if service.student_id != site.student_id or service.begins_on > until or service.ends_on < begins:
            continue
        last = service.ends_on if service.is_extended_year else min(service.ends_on, ends)
        yield replace(service, begins_on=max(service.begins_on, first_day), ends_on=last)


def _supports(site: Site) -> Iterator[Support]:
    for key, kind in (
        ("accommodations", SupportKind.ACCOMMODATION),
        ("modifications", SupportKind.MODIFICATION),
    ):
        for one in site.facts.each(key):
            one.label("id")
            where = one.texts("setting")
            yield Support(
                kind=kind,
                words=said(one.text("text")),
                where=", ".join(place for place in where if place != "state_assessment"),
                in_state_tests="state_assessment" in where,
                responsible=one.text("responsible", "") or "",
            )


def _factors(told: Facts) -> Iterator[FactorAnswer]:
    """Yield all five factors: those a scenario speaks of as needed, in its words."""
    spoken = list(told.texts("special_factors"))
    if told.has("communication_plan"):
        spoken.append(f"communication: {told.text('communication_plan')}")
    for word, factor in _FACTORS:
        words = next((text for text in spoken if word in text.lower()), None)
        yield FactorAnswer(factor=factor, is_needed=words is not None, words=_words(words))


def _placement(services: tuple[ServicePrescription, ...]) -> Placement:
    apart = sum(
        one.minutes_per_interval
        for one in services
        if one.setting == "special_education" and one.interval is Interval.WEEK and not one.is_extended_year
    )
    return Placement(
        week_minutes=WEEK,
        with_peers=max(0, WEEK - apart),
        why_apart=said("for the services of the plan") if apart else None,
    )


def _assessment(told: Facts, supports: tuple[Support, ...]) -> Assessment:
    inner = told.inner("alternate_assessment")
    if inner is not None and inner.flag("participates"):
        why = " ".join(inner.text(key, "") or "" for key in ("why_not_regular", "why_appropriate")).strip()
        return Assessment(kind=AssessmentKind.ALTERNATE, why=_words(why or None))
    tests = any(one.in_state_tests for one in supports)
    return Assessment(kind=AssessmentKind.ACCOMMODATED if tests else AssessmentKind.REGULAR)


def _esy(told: Facts, reviewed: date) -> EsyDecision:
    inner = told.inner("esy")
    if inner is None:
        return EsyDecision(answer=EsyAnswer.LATER, on=reviewed)
    answer = inner.text("decision")
    if answer not in _ESY:
        raise FormError(f"{inner.path}.decision", f"one of {', '.join(_ESY)} is needed")
    inner.leave("evidence_previous_goal", "the data behind the decision stand in its words")
    return EsyDecision(
        answer=_ESY[answer],
        on=inner.day("decided_on") or reviewed,
        basis=_words(inner.text("basis", None)),
    )


def _transition(told: Facts) -> TransitionPlan | None:
    inner = told.inner("transition")
    if inner is None:
        return None
    return TransitionPlan(
        postsecondary_goals=tuple(map(said, inner.texts("postsecondary_goals"))),
        services=tuple(map(said, inner.texts("services"))),
        courses_of_study=_words(inner.text("courses_of_study", None)),
    )
