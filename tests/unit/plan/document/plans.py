"""Builders of a plan with everything in it, each with defaults for what a test does not care about."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from iepcore.calendars import FEDERAL, DeadlineRules
from iepcore.ids import AdultId, GoalId, PlanId, PlanVersionId, ServiceId, StudentId
from iepcore.language import FreeText
from iepcore.plan import Delivery, Interval, ServicePrescription
from iepcore.plan.document import (
    Assessment,
    AssessmentKind,
    EsyAnswer,
    EsyDecision,
    FactorAnswer,
    GoalKind,
    ParentConcern,
    Placement,
    PlanContents,
    PlanGoal,
    PlanVersion,
    PresentLevel,
    SpecialFactor,
    Support,
    SupportKind,
)

BEGINS, ENDS = date(2026, 9, 30), date(2027, 9, 28)
RULES = DeadlineRules(profile=FEDERAL)


def words(text: str = "reads aloud with joy") -> FreeText:
    """Return words in English."""
    return FreeText(text=text, lang="en")


def goal(number: int = 1, **more: object) -> PlanGoal:
    """Return a reading goal."""
    given: dict[str, object] = {
        "goal_id": GoalId(UUID(int=number)),
        "kind": GoalKind.ACADEMIC,
        "words": words(f"goal {number}"),
        "levels": ("reading",),
    }
    return PlanGoal(**given | more)  # type: ignore[arg-type]


def speech(minutes: int = 30, begins_on: date = BEGINS, **more: object) -> ServicePrescription:
    """Return a weekly speech service."""
    given: dict[str, object] = {
        "id": ServiceId(UUID(int=100 + minutes)),
        "line_id": ServiceId(UUID(int=100)),
        "student_id": StudentId(UUID(int=5)),
        "service": "speech",
        "delivery": Delivery.DIRECT,
        "frequency": 2,
        "interval": Interval.WEEK,
        "ends_on": ENDS,
    }
    return ServicePrescription(minutes=minutes, begins_on=begins_on, **given | more)  # type: ignore[arg-type]


def contents(**more: object) -> PlanContents:
    """Return complete contents for a child of ten."""
    given: dict[str, object] = {
        "family_wish": words("read a whole book"),
        "concern": ParentConcern(asked_on=date(2026, 9, 29), words=words("she hides her book")),
        "levels": (PresentLevel(area="reading", strengths=words(), now=words("42 words a minute")),),
        "goals": (goal(),),
        "services": (speech(),),
        "supports": (Support(kind=SupportKind.ACCOMMODATION, words=words("more time"), in_state_tests=True),),
        "factors": tuple(FactorAnswer(factor=factor, is_needed=False) for factor in SpecialFactor),
        "placement": Placement(week_minutes=1800, with_peers=1650, why_apart=words("speech in a small room")),
        "assessment": Assessment(kind=AssessmentKind.ACCOMMODATED),
        "esy": EsyDecision(answer=EsyAnswer.NOT_NEEDED, on=date(2026, 9, 29), basis=words("kept her skills")),
    }
    return PlanContents(**given | more)  # type: ignore[arg-type]


def version(number: int = 1, begins_on: date = BEGINS, **more: object) -> PlanVersion:
    """Return a draft of a year."""
    given: dict[str, object] = {
        "id": PlanVersionId(UUID(int=1000 + number)),
        "plan_id": PlanId(UUID(int=7)),
        "student_id": StudentId(UUID(int=5)),
        "contents": contents(),
        "reviewed_on": date(2026, 9, 29),
        "ends_on": ENDS,
        "written_by": AdultId(UUID(int=9)),
    }
    return PlanVersion(number=number, begins_on=begins_on, **given | more)  # type: ignore[arg-type]
