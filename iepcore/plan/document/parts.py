"""The parts of a plan's contents (34 CFR 300.320), each a value in the words of who wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import GoalId
from iepcore.language import FreeText
from iepcore.plan.goals import check_line, check_skill
from iepcore.progress import Criterion, Direction, Measure


class GoalKind(StrEnum):
    """What a goal is about (300.320(a)(2), (b)(1))."""

    ACADEMIC = "academic"
    FUNCTIONAL = "functional"
    TRANSITION = "transition"


class ObjectiveState(StrEnum):
    """Where a short-term objective or benchmark stands."""

    NOT_INTRODUCED = "not_introduced"
    IN_PROGRESS = "in_progress"
    MET = "met"
    NOT_MET = "not_met"


_OBJECTIVE_MOVES: dict[ObjectiveState, frozenset[ObjectiveState]] = {
    ObjectiveState.NOT_INTRODUCED: frozenset({ObjectiveState.IN_PROGRESS}),
    ObjectiveState.IN_PROGRESS: frozenset({ObjectiveState.MET, ObjectiveState.NOT_MET}),
    ObjectiveState.MET: frozenset(),
    ObjectiveState.NOT_MET: frozenset(),
}


def move_objective(state: ObjectiveState, to: ObjectiveState) -> ObjectiveState:
    """Return the next state of an objective.

    Raises:
        IllegalMove: ``objective_state`` for a step the machine does not have.
    """
    if to not in _OBJECTIVE_MOVES[state]:
        raise IllegalMove("objective_state", params={"from": state.value, "to": to.value})
    return to


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """A step toward a goal; federal law asks for them with an alternate assessment (300.320(a)(2)(ii))."""

    words: FreeText
    by: date | None = None
    state: ObjectiveState = ObjectiveState.NOT_INTRODUCED


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredLine:
    """How a goal is measured: from where to where, and when it is met. See :class:`iepcore.plan.Goal` for
    ranges.

    Raises:
        InvalidValue: ``out_of_scale``, ``wrong_direction``, ``skill_missing``.
    """

    measure: Measure
    baseline: float
    target: float
    direction: Direction
    criterion: Criterion
    skill_key: str | None = None
    skill_words: FreeText | None = None

    def __post_init__(self) -> None:
        check_line(self.measure, self.baseline, self.target, self.direction)
        check_skill(self.skill_key, self.skill_words)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanGoal:
    """A goal as it stands in one version. ``goal_id`` joins it to the living goal with its line and its data.

    ``levels`` are the areas of the present levels it builds on; ``wish`` what of the family's wishes it
    serves, or, with ``serves_wish`` False, why not yet. ``line`` says how it is measured: a new goal needs
    it, one that lives already goes on along its own line when it is None.

    Raises:
        InvalidValue: ``goal_without_level``.
    """

    goal_id: GoalId
    kind: GoalKind
    words: FreeText
    levels: tuple[str, ...]
    objectives: tuple[Objective, ...] = ()
    wish: FreeText | None = None
    serves_wish: bool = True
    line: MeasuredLine | None = None

    def __post_init__(self) -> None:
        if not self.levels:
            raise InvalidValue("goal_without_level", field="levels")


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentLevel:
    """How a child does in one area now: strengths first, then what is measured, then what is hard
    (300.320(a)(1)).

    Raises:
        InvalidValue: ``area_empty``.
    """

    area: str
    strengths: FreeText
    now: FreeText
    needs: FreeText | None = None

    def __post_init__(self) -> None:
        if not self.area.strip():
            raise InvalidValue("area_empty", field="area")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentConcern:
    """What the parents are concerned about (300.324(a)(1)(ii)). ``words`` None says: asked on this day, none
    given.
    """

    asked_on: date
    words: FreeText | None = None


class SpecialFactor(StrEnum):
    """The five factors a team considers (300.324(a)(2))."""

    BEHAVIOR = "behavior"
    ENGLISH_LEARNER = "english_learner"
    BRAILLE = "braille"
    COMMUNICATION = "communication"
    ASSISTIVE_TECHNOLOGY = "assistive_technology"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorAnswer:
    """One factor considered: whether the child needs something of the kind, and what."""

    factor: SpecialFactor
    is_needed: bool
    words: FreeText | None = None


class SupportKind(StrEnum):
    """How a child learns (accommodation), what is expected (modification), aids, and help for staff. They are
    never
    one list: a modification changes what a mark means.
    """

    ACCOMMODATION = "accommodation"
    MODIFICATION = "modification"
    AID = "aid"
    STAFF_SUPPORT = "staff_support"


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """One support (300.320(a)(4), (a)(6)). ``where`` in the words of the plan; ``in_state_tests`` whether it
    also
    holds there; ``responsible`` the role that sees to it.
    """

    kind: SupportKind
    words: FreeText
    where: str = ""
    in_state_tests: bool = False
    responsible: str = ""


class AssessmentKind(StrEnum):
    """How a child takes part in state tests (300.320(a)(6))."""

    REGULAR = "regular"
    ACCOMMODATED = "accommodated"
    ALTERNATE = "alternate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Taking part in state tests; an alternate one says why the regular does not fit (300.320(a)(6)(ii))."""

    kind: AssessmentKind
    why: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Minutes of a school week, and of them those with peers without disabilities; ``why_apart`` explains the
    rest
    (300.320(a)(5)).

    Raises:
        InvalidValue: ``placement_minutes`` unless 0 <= with peers <= week <= 3,000.
    """

    week_minutes: int
    with_peers: int
    why_apart: FreeText | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.with_peers <= self.week_minutes <= 3_000 or not self.week_minutes:
            raise InvalidValue("placement_minutes", field="with_peers")


class EsyAnswer(StrEnum):
    """Whether the child needs services in the summer (300.106): decided one by one, never by category."""

    NEEDED = "needed"
    NOT_NEEDED = "not_needed"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class EsyDecision:
    """The decision, when it was made and on what it rests. ``LATER`` says by ``on`` when it will be made."""

    answer: EsyAnswer
    on: date
    basis: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionPlan:
    """Goals for after school, the services towards them, and the courses of study (300.320(b)).

    Raises:
        InvalidValue: ``transition_empty`` without a goal or a service.
    """

    postsecondary_goals: tuple[FreeText, ...]
    services: tuple[FreeText, ...]
    courses_of_study: FreeText | None = None

    def __post_init__(self) -> None:
        if not self.postsecondary_goals or not self.services:
            raise InvalidValue("transition_empty", field="transition")
