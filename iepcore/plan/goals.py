"""An annual goal: measurable, with its line from baseline to target (34 CFR 300.320(a)(2))."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import AdultId, GoalId, StudentId
from iepcore.language import FreeText
from iepcore.plan.phases import GoalPhase
from iepcore.plan.skills import COUNTED_IN, SKILL_KEYS
from iepcore.progress import (
    Aimline,
    AimlineSegments,
    AnyAimline,
    Criterion,
    Direction,
    Measure,
    MeasureKind,
)

OPEN_SCALE_TOP = 1e12
"""No baseline or target of an open scale, such as a count, is more than this."""


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
    target are on the measure's scale (an open one ends at 1e12). ``introduced_on`` None: teaching has not
    begun. ``phases`` are the changes since, oldest first; baseline, target and days stay as they were agreed
    at first.

    Raises:
        InvalidValue: ``dates_reversed``, ``out_of_scale`` (field ``baseline`` or ``target``),
        ``wrong_direction``
            when the target lies on the other side of the baseline, ``skill_missing``, ``version_range``,
        ``phase_order`` (field ``starts_on``) when a change is not later than the start and the one before.
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
    phases: tuple[GoalPhase, ...] = ()

    def __post_init__(self) -> None:
        if self.ends_on <= self.starts_on:
            raise InvalidValue("dates_reversed", field="ends_on")
        check_line(self.measure, self.baseline, self.target, self.direction)
        before = self.starts_on
        for phase in self.phases:
            if phase.starts_on <= before:
                raise InvalidValue("phase_order", field="starts_on")
            # A change may begin past the target: what was reached is kept, and the line leads back to it.
            _check_scale(self.measure, phase.baseline, phase.target)
            before = phase.starts_on
        check_skill(self.skill_key, self.skill_words)
        if self.version < 1:
            raise InvalidValue("version_range", field="version")

    @property
    def unit_key(self) -> str:
        """What the scores are counted in, as the catalogues name it: words, letters, percent, ..."""
        if self.measure.kind is MeasureKind.FREQUENCY and self.skill_key in COUNTED_IN:
            return COUNTED_IN[self.skill_key]
        return self.measure.unit_key

    @property
    def first_line(self) -> Aimline:
        """The line as agreed at first, from baseline at the start to target at the end."""
        return Aimline(
            baseline=self.baseline, target=self.target, starts_on=self.starts_on, ends_on=self.ends_on
        )

    @property
    def line(self) -> Aimline:
        """The newest line, begun by the last change; the first one without any."""
        return self.phases[-1].line if self.phases else self.first_line

    @property
    def lines(self) -> tuple[Aimline, ...]:
        """Every line in order of its start: the first, and one for each change."""
        return (self.first_line, *(phase.line for phase in self.phases))

    @property
    def aimline(self) -> AnyAimline:
        """What every score is held against: on each day the line that was in force then."""
        return AimlineSegments(self.lines) if self.phases else self.first_line


def check_line(measure: Measure, baseline: float, target: float, direction: Direction) -> None:
    """Refuse a line that its measure cannot have.

    Raises:
        InvalidValue: ``out_of_scale`` (field ``baseline`` or ``target``), ``wrong_direction``.
    """
    _check_scale(measure, baseline, target)
    rising = direction is Direction.INCREASE
    if (target < baseline) if rising else (target > baseline):
        raise InvalidValue("wrong_direction", field="target")


def check_skill(skill_key: str | None, skill_words: FreeText | None) -> None:
    """Refuse anything but one skill of the catalogue, or one in the author's own words.

    Raises:
        InvalidValue: ``skill_missing`` (field ``skill``).
    """
    if (skill_key is None) == (skill_words is None):
        raise InvalidValue("skill_missing", field="skill")
    if skill_key is not None and skill_key not in SKILL_KEYS:
        raise InvalidValue("skill_missing", field="skill")


def _check_scale(measure: Measure, baseline: float, target: float) -> None:
    low, high = measure.scale_bounds
    for field, value in (("baseline", baseline), ("target", target)):
        # Asked this way round, what is no number is outside, too.
        if not low <= value <= (OPEN_SCALE_TOP if high is None else high):
            raise InvalidValue("out_of_scale", field=field)


def move_goal(goal: Goal, state: GoalState) -> Goal:
    """Return the goal in its next state, one version on.

    Raises:
        IllegalMove: ``goal_state`` when the machine has no such step.
    """
    if state not in _MOVES[goal.state]:
        raise IllegalMove("goal_state", params={"from": goal.state.value, "to": state.value})
    return replace(goal, state=state, version=goal.version + 1)


def begin_phase(goal: Goal, phase: GoalPhase) -> Goal:
    """Return the goal with one more change, one version on.

    Raises:
        IllegalMove: ``goal_not_active``.
        InvalidValue: ``phase_order`` unless the change is later than the start and every earlier change,
            ``out_of_scale``.
    """
    if goal.state is not GoalState.ACTIVE:
        raise IllegalMove("goal_not_active", params={"state": goal.state.value})
    return replace(goal, phases=(*goal.phases, phase), version=goal.version + 1)


def withdraw_phase(goal: Goal) -> Goal:
    """Return the goal without its last change (noted by mistake), one version on.

    Raises:
        IllegalMove: ``goal_not_active``, or ``no_phase`` when there is none.
    """
    if goal.state is not GoalState.ACTIVE:
        raise IllegalMove("goal_not_active", params={"state": goal.state.value})
    if not goal.phases:
        raise IllegalMove("no_phase")
    return replace(goal, phases=goal.phases[:-1], version=goal.version + 1)
