"""The readable difference of two versions: complete, exact, the family's part first."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from iepcore.plan.document import (
    ChangeKind,
    EsyAnswer,
    EsyDecision,
    FieldChange,
    Objective,
    ParentConcern,
    Placement,
    PlanChange,
    PlanContents,
    PlanPart,
    PresentLevel,
    Support,
    SupportKind,
    differences,
)
from iepcore.plan.document.parts import FactorAnswer, SpecialFactor
from tests.unit.plan.document.plans import contents, goal, speech, words


def test_minutes_that_change_are_one_line() -> None:
    """Speech from 30 to 45 minutes, from a day on."""
    found = differences(contents(), contents(services=(speech(45, date(2026, 10, 3)),)))
    expected = PlanChange(
        part=PlanPart.SERVICE,
        kind=ChangeKind.CHANGED,
        about="speech",
        fields=(
            FieldChange(name="minutes", before=30, after=45),
            FieldChange(name="begins_on", before=date(2026, 9, 30), after=date(2026, 10, 3)),
        ),
    )
    assert (expected,) == found


def test_the_family_comes_first() -> None:
    """Whatever changed, the wish and the concern are read before the rest."""
    found = differences(
        contents(),
        contents(
            family_wish=words("ride the bus alone"),
            concern=ParentConcern(asked_on=date(2026, 12, 1)),
            esy=EsyDecision(answer=EsyAnswer.NEEDED, on=date(2026, 12, 1), basis=words("lost skills")),
            placement=Placement(week_minutes=1800, with_peers=1800),
            goals=(),
        ),
    )
    assert [PlanPart.FAMILY_WISH, PlanPart.CONCERN, PlanPart.GOAL, PlanPart.PLACEMENT, PlanPart.ESY] == [
        one.part for one in found
    ]
    assert (
        FieldChange(name="", before=words("read a whole book"), after=words("ride the bus alone"))
        in found[0].fields
    )


def test_what_comes_and_goes_is_named() -> None:
    """A goal by its words, a support by its words, a level by its area, a factor by its name."""
    before = contents(goals=(goal(1), goal(2)))
    after = contents(
        goals=(goal(2, words=words("two, higher")), goal(3)),
        supports=(Support(kind=SupportKind.MODIFICATION, words=words("fewer problems")),),
        levels=(
            PresentLevel(area="reading", strengths=words(), now=words("42 words a minute")),
            PresentLevel(area="math", strengths=words(), now=words("adds to ten")),
        ),
        factors=(FactorAnswer(factor=SpecialFactor.BEHAVIOR, is_needed=True),),
        rights_told_on=date(2026, 12, 1),
    )
    found = {
        (one.part, one.kind, str(getattr(one.about, "text", one.about))) for one in differences(before, after)
    }
    assert found >= {
        (PlanPart.GOAL, ChangeKind.REMOVED, "goal 1"),
        (PlanPart.GOAL, ChangeKind.CHANGED, "two, higher"),
        (PlanPart.GOAL, ChangeKind.ADDED, "goal 3"),
        (PlanPart.SUPPORT, ChangeKind.REMOVED, "more time"),
        (PlanPart.SUPPORT, ChangeKind.ADDED, "fewer problems"),
        (PlanPart.LEVEL, ChangeKind.ADDED, "math"),
        (PlanPart.FACTOR, ChangeKind.CHANGED, "behavior"),
        (PlanPart.FACTOR, ChangeKind.REMOVED, "braille"),
        (PlanPart.RIGHTS_TOLD, ChangeKind.ADDED, ""),
    }


def test_objectives_of_a_goal_that_stays_are_told_apart() -> None:
    """Two with the same words each keep their place; those of a new goal come with it."""
    step = Objective(words=words("one step"))
    before = contents(goals=(goal(1, objectives=(step, step)),))
    after = contents(
        goals=(goal(1, objectives=(step, Objective(words=words("two steps")))), goal(2, objectives=(step,)))
    )
    found = [(one.part, one.kind) for one in differences(before, after)]
    assert [
        (PlanPart.GOAL, ChangeKind.ADDED),
        (PlanPart.OBJECTIVE, ChangeKind.REMOVED),
        (PlanPart.OBJECTIVE, ChangeKind.ADDED),
    ] == found


def test_a_line_with_two_prescriptions_keeps_both() -> None:
    """Autumn at 30, spring at 45: a change of the spring is told for the spring alone."""
    autumn, spring = speech(30, ends_on=date(2027, 1, 10)), speech(45, date(2027, 1, 11))
    later = speech(60, date(2027, 1, 11))
    (change,) = differences(contents(services=(autumn, spring)), contents(services=(autumn, later)))
    assert (ChangeKind.CHANGED, (FieldChange(name="minutes", before=45, after=60),)) == (
        change.kind,
        change.fields,
    )


PARTS = st.fixed_dictionaries(
    {},
    optional={
        "family_wish": st.sampled_from([None, words("a"), words("b")]),
        "concern": st.sampled_from([None, ParentConcern(asked_on=date(2026, 9, 1))]),
        "goals": st.lists(st.integers(1, 4), unique=True, max_size=3).map(
            lambda ns: tuple(goal(n) for n in ns)
        ),
        "services": st.sampled_from([(), (speech(30),), (speech(45),)]),
        "supports": st.sampled_from([(), (Support(kind=SupportKind.AID, words=words("slant board")),)]),
        "placement": st.sampled_from([None, Placement(week_minutes=1800, with_peers=1500)]),
        "report_on": st.sampled_from([(), (date(2027, 1, 22),)]),
    },
)


@given(first=PARTS, second=PARTS)
def test_there_is_a_difference_exactly_where_contents_differ(
    first: dict[str, object], second: dict[str, object]
) -> None:
    """Equal ones have none; the way back has as many, added and removed changing places."""
    before, after = contents(**first), contents(**second)
    there, back = differences(before, after), differences(after, before)
    order = first.get("goals") is not None and second.get("goals") is not None
    if before == after:
        assert () == there
    elif not order:
        assert there
    assert len(there) == len(back)
    turned = {ChangeKind.ADDED: ChangeKind.REMOVED, ChangeKind.REMOVED: ChangeKind.ADDED}
    assert sorted(one.kind.value for one in there) == sorted(
        turned.get(one.kind, one.kind).value for one in back
    )
    for change in there:
        assert all(one.before != one.after for one in change.fields)
        assert change.fields


def test_an_empty_plan_and_a_full_one_differ_in_every_part() -> None:
    """Nothing that was written is left out of the list."""
    found = {one.part for one in differences(PlanContents(), contents(rights_told_on=date(2026, 12, 1)))}
    assert set(PlanPart) - found == {
        PlanPart.STUDENT_WORDS, PlanPart.OBJECTIVE, PlanPart.TRANSITION, PlanPart.REPORTS
    }  # fmt: skip
