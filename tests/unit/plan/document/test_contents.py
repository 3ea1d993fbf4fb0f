"""What a plan says: parts in their form, and what is lacking told with its rule."""

from __future__ import annotations

from datetime import date

import pytest

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.plan.document import (
    Assessment,
    AssessmentKind,
    EsyAnswer,
    EsyDecision,
    FactorAnswer,
    Lack,
    Missing,
    Objective,
    ObjectiveState,
    ParentConcern,
    Placement,
    PlanContents,
    PresentLevel,
    SpecialFactor,
    SupportKind,
    TransitionPlan,
    lacks,
    move_objective,
)
from tests.unit.plan.document.plans import BEGINS, ENDS, RULES, contents, goal, speech, words

TEN = date(2016, 5, 1)


def lacking(what: PlanContents, born_on: date | None = TEN, **more: bool) -> list[Lack]:
    """Return what contents lack in a plan of a year."""
    found = lacks(what, begins_on=BEGINS, ends_on=ENDS, born_on=born_on, rules=RULES, **more)
    assert all(one.citation.startswith("34 CFR 300.") for one in found)
    return [one.lack for one in found]


def test_complete_contents_lack_nothing() -> None:
    """And a concern that was asked for and not given is no lack."""
    assert [] == lacking(contents())
    assert [] == lacking(contents(concern=ParentConcern(asked_on=date(2026, 9, 29))))


def test_empty_contents_lack_everything_that_every_plan_holds() -> None:
    """Each with the paragraph that asks for it."""
    found = lacking(PlanContents())
    always = set(Lack) - {
        Lack.OBJECTIVES, Lack.SERVICE_OUTSIDE, Lack.WHY_APART, Lack.WHY_ALTERNATE, Lack.TRANSITION,
        Lack.RIGHTS_TOLD, Lack.LINE, Lack.ENDS_LATE,
    }  # fmt: skip
    assert always == set(found)
    assert 5 == found.count(Lack.FACTORS)


@pytest.mark.parametrize(
    ("what", "lack"),
    [
        (contents(placement=Placement(week_minutes=1800, with_peers=1650)), Lack.WHY_APART),
        (contents(assessment=Assessment(kind=AssessmentKind.ALTERNATE, why=words())), Lack.OBJECTIVES),
        (contents(esy=EsyDecision(answer=EsyAnswer.NEEDED, on=BEGINS)), Lack.ESY),
        (contents(services=(speech(begins_on=date(2026, 9, 29)),)), Lack.SERVICE_OUTSIDE),
        (contents(services=(speech(ends_on=date(2027, 9, 29)),)), Lack.SERVICE_OUTSIDE),
    ],
)
def test_one_thing_is_lacking(what: PlanContents, lack: Lack) -> None:
    """Exactly that one is told."""
    assert [lack] == lacking(what)


def test_an_alternate_assessment_asks_for_objectives_and_a_reason() -> None:
    """Per goal, with the goal named; with both there is nothing left to say."""
    bare = contents(assessment=Assessment(kind=AssessmentKind.ALTERNATE))
    assert [Lack.WHY_ALTERNATE, Lack.OBJECTIVES] == lacking(bare)
    stepped = goal(objectives=(Objective(words=words("first step")),))
    full = contents(
        assessment=Assessment(kind=AssessmentKind.ALTERNATE, why=words("learns by touch")), goals=(stepped,)
    )
    assert [] == lacking(full)
    assert [Lack.OBJECTIVES] == lacking(contents(), objectives_for_all=True)


def test_a_decision_about_the_summer_may_come_later() -> None:
    """With the day by which it comes; and services of the summer may lie after the plan's year."""
    assert [] == lacking(contents(esy=EsyDecision(answer=EsyAnswer.LATER, on=date(2027, 4, 1))))
    summer = speech(ends_on=date(2027, 12, 1), is_extended_year=True)
    assert [] == lacking(contents(services=(summer,)))


def test_placement_with_peers_all_week_needs_no_reason() -> None:
    """Nothing is apart, so nothing is explained."""
    assert [] == lacking(contents(placement=Placement(week_minutes=1800, with_peers=1800)))


def test_age_asks_for_more() -> None:
    """Sixteen before the plan ends: transition. A year before majority: the rights to come. Else nothing."""
    sixteen = date(2011, 9, 28)
    assert [Lack.TRANSITION] == lacking(contents(), sixteen)
    assert [] == lacking(contents(), date(2011, 9, 29))
    assert [Lack.TRANSITION, Lack.RIGHTS_TOLD] == lacking(contents(), date(2010, 9, 28))
    assert [] == lacking(contents(), None)
    ready = contents(
        transition=TransitionPlan(postsecondary_goals=(words(),), services=(words(),)), rights_told_on=BEGINS
    )
    assert [] == lacking(ready, date(2010, 9, 28))


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: contents(goals=(goal(), goal())), "goal_twice"),
        (lambda: contents(goals=(goal(levels=("math",)),)), "goal_level_unknown"),
        (
            lambda: contents(levels=(PresentLevel(area="reading", strengths=words(), now=words()),) * 2),
            "level_twice",
        ),
        (
            lambda: contents(factors=(FactorAnswer(factor=SpecialFactor.BRAILLE, is_needed=True),) * 2),
            "factor_twice",
        ),
        (lambda: contents(services=(speech(), speech())), "service_twice"),
        (lambda: goal(levels=()), "goal_without_level"),
        (lambda: PresentLevel(area=" ", strengths=words(), now=words()), "area_empty"),
        (lambda: Placement(week_minutes=100, with_peers=101), "placement_minutes"),
        (lambda: Placement(week_minutes=0, with_peers=0), "placement_minutes"),
        (lambda: TransitionPlan(postsecondary_goals=(words(),), services=()), "transition_empty"),
    ],
)
def test_what_cannot_be_is_refused(make: object, code: str) -> None:
    """Each with a code that says what to mend."""
    with pytest.raises(InvalidValue, match=code):
        make()  # type: ignore[operator]


def test_accommodations_and_modifications_are_never_one_list() -> None:
    """Each kind is asked for by itself."""
    assert 1 == len(contents().supports_of(SupportKind.ACCOMMODATION))
    assert () == contents().supports_of(SupportKind.MODIFICATION)


def test_a_missing_part_knows_its_rule() -> None:
    """The citation comes with it."""
    assert "34 CFR 300.320(a)(2)(ii)" == Missing(lack=Lack.OBJECTIVES).citation


def test_an_objective_goes_forward_only() -> None:
    """From not introduced to met by way of being worked on; nothing comes back."""
    begun = move_objective(ObjectiveState.NOT_INTRODUCED, ObjectiveState.IN_PROGRESS)
    assert ObjectiveState.MET is move_objective(begun, ObjectiveState.MET)
    for state, to in (
        (ObjectiveState.NOT_INTRODUCED, ObjectiveState.MET),
        (ObjectiveState.MET, ObjectiveState.IN_PROGRESS),
    ):
        with pytest.raises(IllegalMove, match="objective_state"):
            move_objective(state, to)
