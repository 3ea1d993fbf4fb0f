"""The words of a plan: its parts, states, kinds, what it lacks; the same for staff and families, in plain
words.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from iepcore.language import FreeText, Phrase, Value, format_number
from iepcore.plan import Delivery, Interval, ServicePrescription
from iepcore.plan.document import (
    AssessmentKind,
    EsyAnswer,
    GoalKind,
    Lack,
    MeasuredLine,
    Missing,
    ObjectiveState,
    PlanContents,
    PlanPart,
    PlanState,
    SpecialFactor,
    SupportKind,
)
from lti_app.screens.findings import html
from lti_app.screens.page import Frame


def part_words(frame: Frame, part: PlanPart) -> str:
    """Return the heading of a part of the plan. Staff read the word of the field, families what it means."""
    if frame.family and part in _FOR_STAFF:
        return {
            PlanPart.LEVEL: frame.words("How it is going now"),
            PlanPart.PLACEMENT: frame.words("Time with other children"),
            PlanPart.ESY: frame.words("Help in the summer"),
            PlanPart.TRANSITION: frame.words("Life after school"),
        }[part]
    return {
        PlanPart.FAMILY_WISH: frame.words("What the family hopes for"),
        PlanPart.CONCERN: frame.words("What concerns the family"),
        PlanPart.STUDENT_WORDS: frame.words("In the student’s own words"),
        PlanPart.LEVEL: frame.words("Present levels"),
        PlanPart.GOAL: frame.words("Goals"),
        PlanPart.OBJECTIVE: frame.words("Steps toward a goal"),
        PlanPart.SERVICE: frame.words("Services"),
        PlanPart.SUPPORT: frame.words("Supports"),
        PlanPart.FACTOR: frame.words("Five things every team thinks about"),
        PlanPart.PLACEMENT: frame.words("Time with peers (placement)"),
        PlanPart.ASSESSMENT: frame.words("State tests"),
        PlanPart.ESY: frame.words("Summer (extended school year)"),
        PlanPart.TRANSITION: frame.words("After school (transition)"),
        PlanPart.REPORTS: frame.words("When progress is reported"),
        PlanPart.RIGHTS_TOLD: frame.words("Rights when the student comes of age"),
    }[part]


_FOR_STAFF = frozenset({PlanPart.LEVEL, PlanPart.PLACEMENT, PlanPart.ESY, PlanPart.TRANSITION})


def plan_state_words(frame: Frame, state: PlanState) -> str:
    """Return where a version stands."""
    return {
        PlanState.DRAFT: frame.words("Being written"),
        PlanState.PROPOSED: frame.words("Proposed"),
        PlanState.REJECTED: frame.words("Not accepted"),
        PlanState.PARTLY_ACCEPTED: frame.words("Accepted in part"),
        PlanState.IN_EFFECT: frame.words("In effect"),
        PlanState.AMENDED: frame.words("Changed by a newer version"),
        PlanState.SUPERSEDED: frame.words("Replaced by a newer plan"),
        PlanState.ENDED_BY_EXIT: frame.words("Ended: services no longer needed"),
        PlanState.ENDED_BY_REVOCATION: frame.words("Ended: the family took consent back"),
        PlanState.TRANSFERRED_OUT: frame.words("Ended: moved to another school"),
        PlanState.TRANSFERRED_IN: frame.words("From the school before: services go on"),
        PlanState.ADOPTED: frame.words("In effect (taken over from the school before)"),
    }[state]


def support_kind_words(frame: Frame, kind: SupportKind) -> str:
    """Return the heading of one kind of support; a change in how is never mixed with a change in what."""
    return {
        SupportKind.ACCOMMODATION: frame.words("Accommodations: how the student learns and shows it"),
        SupportKind.MODIFICATION: frame.words("Modifications: what is taught or expected"),
        SupportKind.AID: frame.words("Aids and services in class"),
        SupportKind.STAFF_SUPPORT: frame.words("Help for staff"),
    }[kind]


def support_words(frame: Frame, kind: SupportKind) -> str:
    """Return the kind of one support, within a sentence."""
    return {
        SupportKind.ACCOMMODATION: frame.words("accommodation"),
        SupportKind.MODIFICATION: frame.words("modification"),
        SupportKind.AID: frame.words("aid or service in class"),
        SupportKind.STAFF_SUPPORT: frame.words("help for staff"),
    }[kind]


def factor_words(frame: Frame, factor: SpecialFactor) -> str:
    """Return one of the five factors as the question a team asks."""
    return {
        SpecialFactor.BEHAVIOR: frame.words("Behavior that gets in the way of learning"),
        SpecialFactor.ENGLISH_LEARNER: frame.words("Still learning English"),
        SpecialFactor.BRAILLE: frame.words("Blind or low vision: braille"),
        SpecialFactor.COMMUNICATION: frame.words("Communication; deaf or hard of hearing"),
        SpecialFactor.ASSISTIVE_TECHNOLOGY: frame.words("Assistive technology"),
    }[factor]


def goal_kind_words(frame: Frame, kind: GoalKind) -> str:
    """Return what a goal is about."""
    return {
        GoalKind.ACADEMIC: frame.words("School work"),
        GoalKind.FUNCTIONAL: frame.words("Daily life"),
        GoalKind.TRANSITION: frame.words("Life after school"),
    }[kind]


def objective_state_words(frame: Frame, state: ObjectiveState) -> str:
    """Return where a step toward a goal stands."""
    return {
        ObjectiveState.NOT_INTRODUCED: frame.words("not begun"),
        ObjectiveState.IN_PROGRESS: frame.words("being learned"),
        ObjectiveState.MET: frame.words("reached"),
        ObjectiveState.NOT_MET: frame.words("not reached"),
    }[state]


def assessment_words(frame: Frame, kind: AssessmentKind) -> str:
    """Return how a student takes state tests."""
    return {
        AssessmentKind.REGULAR: frame.words("Takes the regular state tests"),
        AssessmentKind.ACCOMMODATED: frame.words("Takes the regular state tests with accommodations"),
        AssessmentKind.ALTERNATE: frame.words("Takes the alternate state assessment"),
    }[kind]


def esy_words(frame: Frame, answer: EsyAnswer) -> str:
    """Return the decision about the summer."""
    return {
        EsyAnswer.NEEDED: frame.words("Services go on in the summer"),
        EsyAnswer.NOT_NEEDED: frame.words("No services in the summer"),
        EsyAnswer.LATER: frame.words("Will be decided later"),
    }[answer]


def frequency_words(frame: Frame, frequency: int, interval: Interval) -> str:
    """Return how often: "3 times a week"."""
    times = format_number(frequency, frame.lang)
    if interval is Interval.WEEK:
        return frame.count_words("once a week", "%(times)s times a week", frequency, times=times)
    return frame.count_words("once a month", "%(times)s times a month", frequency, times=times)


def minutes_words(frame: Frame, minutes: int) -> str:
    """Return a length: "30 minutes"."""
    return frame.count_words(
        "%(count)s minute", "%(count)s minutes", minutes, count=format_number(minutes, frame.lang)
    )


def delivery_words(frame: Frame, delivery: Delivery) -> str:
    """Return for whom a service is."""
    if delivery is Delivery.DIRECT:
        return frame.words("with the student")
    return frame.words("with staff about the student")


def service_words(frame: Frame, service: ServicePrescription) -> str:
    """Return a service in one line: "3 times a week, 30 minutes, with the student"."""
    told = [
        frequency_words(frame, service.frequency, service.interval),
        minutes_words(frame, service.minutes),
        delivery_words(frame, service.delivery),
    ]
    if service.in_group:
        told.append(frame.words("in a small group"))
    if service.is_extended_year:
        told.append(frame.words("in the summer"))
    return frame.words(", ").join(told)


def measured_words(frame: Frame, line: MeasuredLine) -> Markup:
    """Return how a goal is measured: from where to where."""
    unit = line.measure.unit_key
    return html(
        frame,
        "from %(before)s to %(after)s",
        before=frame.say(_score(unit, line.baseline)),
        after=frame.say(_score(unit, line.target)),
    )


def lack_words(frame: Frame, missing: Missing, contents: PlanContents | None = None) -> Markup:
    """Return one thing a plan lacks and what to do about it. The rule stands in ``missing.citation``."""
    words = {
        Lack.CONCERN: frame.words(
            "Ask the parents what concerns them and write it down, or that they had none to tell."
        ),
        Lack.LEVELS: frame.words("Describe at least one present level: how it is going now."),
        Lack.GOALS: frame.words("Write at least one goal for the year."),
        Lack.OBJECTIVES: frame.words("This goal needs steps toward it."),
        Lack.LINE: frame.words("Say how this goal is measured: where it starts and where it goes."),
        Lack.ENDS_LATE: frame.words(
            "The plan ends after its next yearly review is due. Choose an earlier last day."
        ),
        Lack.SERVICES: frame.words("Add at least one service."),
        Lack.SERVICE_OUTSIDE: frame.words("This service has days outside the plan. Change its days."),
        Lack.FACTORS: frame.words("Answer whether the student needs something here."),
        Lack.PLACEMENT: frame.words("Write down the minutes of a school week and those with peers."),
        Lack.WHY_APART: frame.words("Explain why part of the week is apart from peers."),
        Lack.ASSESSMENT: frame.words("Say how the student takes state tests."),
        Lack.WHY_ALTERNATE: frame.words("Explain why the regular test does not fit."),
        Lack.ESY: frame.words("Decide about services in the summer, and what the decision rests on."),
        Lack.TRANSITION: frame.words(
            "Write the plan for after school: goals, services, courses. The student’s age asks for it."
        ),
        Lack.RIGHTS_TOLD: frame.words(
            "Tell the student which rights come at the age of majority; note the day."
        ),
    }[missing.lack]
    about = _about(frame, missing, contents)
    return html(frame, "%(about)s: %(words)s", about=about, words=words) if about else escape(words)


LACKS_IN: dict[Lack, PlanPart] = {
    Lack.CONCERN: PlanPart.CONCERN,
    Lack.LEVELS: PlanPart.LEVEL,
    Lack.GOALS: PlanPart.GOAL,
    Lack.OBJECTIVES: PlanPart.GOAL,
    Lack.LINE: PlanPart.GOAL,
    Lack.SERVICES: PlanPart.SERVICE,
    Lack.SERVICE_OUTSIDE: PlanPart.SERVICE,
    Lack.FACTORS: PlanPart.FACTOR,
    Lack.PLACEMENT: PlanPart.PLACEMENT,
    Lack.WHY_APART: PlanPart.PLACEMENT,
    Lack.ASSESSMENT: PlanPart.ASSESSMENT,
    Lack.WHY_ALTERNATE: PlanPart.ASSESSMENT,
    Lack.ESY: PlanPart.ESY,
    Lack.TRANSITION: PlanPart.TRANSITION,
    Lack.RIGHTS_TOLD: PlanPart.RIGHTS_TOLD,
}
"""Where each lack is mended; one that is not here concerns the days of the whole plan."""


def written(text: str) -> Markup:
    """Return words of a person without a language of their own, such as the name of a service."""
    return Markup("<bdi>{}</bdi>").format(text)


def quoted(frame: Frame, text: Value) -> Markup:
    """Return somebody's own words between quotation marks, in their language."""
    return html(frame, "“%(words)s”", words=frame.say(text))


def in_a_row(frame: Frame, parts: Iterable[Markup | str]) -> Markup:
    """Return parts with commas between them."""
    return escape(frame.words(", ")).join(parts)


def _about(frame: Frame, missing: Missing, contents: PlanContents | None) -> Markup | str:
    if not missing.about:
        return ""
    if missing.lack is Lack.FACTORS:
        return factor_words(frame, SpecialFactor(missing.about))
    if contents is None:
        return ""
    goal = next((one for one in contents.goals if str(one.goal_id) == missing.about), None)
    if goal is not None:
        return frame.say(short(goal.words))
    service = next((one for one in contents.services if str(one.id) == missing.about), None)
    return written(service.service) if service is not None else ""


def short(text: FreeText, limit: int = 90) -> FreeText:
    """Return the beginning of a text: what a reader knows a goal by."""
    line = " ".join(text.text.split())
    if len(line) <= limit:
        return FreeText(text=line, lang=text.lang)
    return FreeText(text=line[:limit].rsplit(" ", 1)[0] + "…", lang=text.lang)


def _score(unit: str, value: float) -> Value:
    return Phrase(key=f"value.{unit}", params={"value": round(value, 1)})
