"""An annual goal: measurable, with its line from baseline to target (34 CFR 300.320(a)(2))."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from math import isfinite

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import AdultId, GoalId, StudentId
from iepcore.language import FreeText
from iepcore.plan.skills import COUNTED_IN, SKILL_KEYS
from iepcore.progress import Aimline, Criterion, Direction, Measure, MeasureKind


class GoalState(StrEnum):
    """Where a goal stands (domain guide, section 3)."""

    DRAFT = "draft"
    ACTIVE = "active"
    MET = "met"
    DISCONTINUED = "discontinued"
    CONTINUED = "continued"
    SUPERSEDED = "superseded"


_MOVES: dict[GoalState, frozenset[GoalState]] = {
    GoalState.DRAFT: frozenset({GoalState.ACTIVE}),
    GoalState.ACTIVE: frozenset(
        {GoalState.MET, GoalState.DISCONTINUED, GoalState.CONTINUED, GoalState.SUPERSEDED}
    ),
    GoalState.MET: frozenset(),
    GoalState.DISCONTINUED: frozenset(),
    GoalState.CONTINUED: frozenset(),
    GoalState.SUPERSEDED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One goal of one child.

    ``text`` is the whole measurable sentence as the team wrote it; ``skill_key`` names the skill from the
    catalogue, or ``skill_words`` says it in the author's own words (exactly one of the two). Baseline and
    target are on the measure's scale. ``introduced_on`` None: teaching has not begun.

    Raises:
        InvalidValue: ``dates_reversed``, ``out_of_scale`` (field ``baseline`` or ``target``),
        ``wrong_direction``
            when the target lies on the other side of the baseline, ``skill_missing``, ``version_range``.
    """

    id: GoalId
    student_id: StudentId
    area: str
    text: FreeText
    measure: Measure
    baseline: float
    target: float
    direction: Direction
    criterion: Criterion
    starts_on: date
    ends_on: date
    created_by: AdultId
    created_at: datetime
    skill_key: str | None = None
    skill_words: FreeText | None = None
    introduced_on: date | None = None
    state: GoalState = GoalState.ACTIVE
    version: int = 1

    def __post_init__(self) -> None:
        if self.ends_on <= self.starts_on:
            raise InvalidValue("dates_reversed", field="ends_on")
        low, high = self.measure.scale_bounds
        for field, value in (("baseline", self.baseline), ("target", self.target)):
            if not isfinite(value) or value < low or (high is not None and value > high):
                raise InvalidValue("out_of_scale", field=field)
        rising = self.direction is Direction.INCREASE
        if (self.target < self.baseline) if rising else (self.target > self.baseline):
            raise InvalidValue("wrong_direction", field="target")
        if (self.skill_key is None) == (self.skill_words is None):
            raise InvalidValue("skill_missing", field="skill")
        if self.skill_key is not None and self.skill_key not in SKILL_KEYS:
            raise InvalidValue("skill_missing", field="skill")
        if self.version < 1:
            raise InvalidValue("version_range", field="version")

    @property
    def unit_key(self) -> str:
        """What the scores are counted in, as the catalogues name it: words, letters, percent, ..."""
        if self.measure.kind is MeasureKind.FREQUENCY and self.skill_key in COUNTED_IN:
            return COUNTED_IN[self.skill_key]
        return self.measure.unit_key

    @property
    def aimline(self) -> Aimline:
        """The line from baseline at the start to target at the end."""
        return Aimline(
            baseline=self.baseline, target=self.target, starts_on=self.starts_on, ends_on=self.ends_on
        )


def move_goal(goal: Goal, state: GoalState) -> Goal:
    """Return the goal in its next state, one version on.

    Raises:
        IllegalMove: ``goal_state`` when the machine has no such step.
    """
    if state not in _MOVES[goal.state]:
        raise IllegalMove("goal_state", params={"from": goal.state.value, "to": state.value})
    return replace(goal, state=state, version=goal.version + 1)
