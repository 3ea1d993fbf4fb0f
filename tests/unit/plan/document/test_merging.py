"""Two who wrote from the same contents: every word of both is in the result or in a clash, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.ids import GoalId
from iepcore.language import FreeText
from iepcore.plan.document import (
    EsyAnswer,
    FactorAnswer,
    MergedContents,
    ParentConcern,
    PlanContents,
    PlanGoal,
    PlanPart,
    PresentLevel,
    SpecialFactor,
    Support,
    SupportKind,
    key_of,
    merge_contents,
    part_hash,
    part_of,
    pieces_of,
    put_part,
    value_hash,
)
from tests.unit.plan.document.plans import contents, goal, speech, words

AREAS = ("reading", "math", "speech")
WORDS = st.sampled_from(["one", "two", "three", "four"]).map(words)


def texts(value: object) -> Iterator[str]:
    """Yield every word that people wrote in a value."""
    if isinstance(value, FreeText):
        yield value.text
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from texts(getattr(value, one.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)


@st.composite
def some(draw: st.DrawFn) -> PlanContents:
    """Return contents with a few pieces of each part."""
    areas = draw(st.lists(st.sampled_from(AREAS), unique=True, max_size=2))
    levels = tuple(PresentLevel(area=area, strengths=draw(WORDS), now=draw(WORDS)) for area in areas)
    numbers = draw(st.lists(st.integers(1, 3), unique=True, max_size=2)) if areas else []
    goals = tuple(
        PlanGoal(
            goal_id=GoalId(UUID(int=number)),
            kind=goal().kind,
            words=draw(WORDS),
            levels=tuple(draw(st.lists(st.sampled_from(areas), unique=True, min_size=1))),
        )
        for number in numbers
    )
    supports = draw(
        st.lists(st.tuples(st.sampled_from(SupportKind), WORDS, st.sampled_from("ab")), max_size=2)
    )
    factors = draw(st.lists(st.sampled_from(SpecialFactor), unique=True, max_size=2))
    asked = ParentConcern(asked_on=date(2026, 9, 29), words=draw(st.none() | WORDS))
    return PlanContents(
        family_wish=draw(st.none() | WORDS),
        concern=draw(st.none() | st.just(asked)),
        levels=levels,
        goals=goals,
        supports=tuple(Support(kind=kind, words=said, where=where) for kind, said, where in supports),
        services=tuple(speech(minutes) for minutes in draw(st.lists(st.sampled_from([30, 45]), unique=True))),
        factors=tuple(FactorAnswer(factor=one, is_needed=True, words=draw(WORDS)) for one in factors),
        report_on=draw(st.just(()) | st.just((date(2026, 12, 18),))),
    )


def held(merged: MergedContents) -> set[str]:
    """Return every word in the result and in its clashes."""
    found = set(texts(merged.contents))
    for clash in merged.clashes:
        for side in (clash.theirs, clash.mine):
            found |= set(texts(side))
    return found


@given(before=some(), theirs=some(), mine=some())
def test_nobodys_words_are_lost(before: PlanContents, theirs: PlanContents, mine: PlanContents) -> None:
    """A piece that somebody wrote or changed stands in the result, or in a clash beside the other's."""
    merged = merge_contents(before, theirs=theirs, mine=mine)
    clashes = {(clash.part, clash.about): clash for clash in merged.clashes}
    for part in PlanPart:
        if part is PlanPart.OBJECTIVE:
            continue
        was, result = pieces_of(before, part), pieces_of(merged.contents, part)
        for name, side in (("theirs", theirs), ("mine", mine)):
            for about, value in pieces_of(side, part).items():
                if was.get(about) != value:
                    clash = clashes.get((part, about))
                    shown = clash is not None and getattr(clash, name) == value
                    assert result.get(about) == value or shown
    new = (set(texts(theirs)) | set(texts(mine))) - set(texts(before))
    assert new <= held(merged)


@given(before=some(), theirs=some(), mine=some())
def test_what_one_did_not_touch_is_the_others(
    before: PlanContents, theirs: PlanContents, mine: PlanContents
) -> None:
    """Without a change of mine the result is theirs, and the other way round; equal changes never clash."""
    untouched = merge_contents(before, theirs=theirs, mine=before)
    assert (theirs, ()) == (untouched.contents, untouched.clashes)
    alone = merge_contents(before, theirs=before, mine=mine)
    assert () == alone.clashes
    for part in PlanPart:
        if part is not PlanPart.OBJECTIVE:
            assert pieces_of(mine, part) == pieces_of(alone.contents, part)
    assert () == merge_contents(before, theirs=mine, mine=mine).clashes


@given(before=some(), theirs=some(), mine=some())
def test_who_comes_first_matters_for_clashes_only(
    before: PlanContents, theirs: PlanContents, mine: PlanContents
) -> None:
    """Turned round, the same pieces clash, with the sides changed over."""
    one = merge_contents(before, theirs=theirs, mine=mine)
    other = merge_contents(before, theirs=mine, mine=theirs)
    assert {(c.part, c.about, value_hash((c.theirs or (), c.mine or ()))) for c in one.clashes} == {
        (c.part, c.about, value_hash((c.mine or (), c.theirs or ()))) for c in other.clashes
    }


def test_two_parts_go_together() -> None:
    """One wrote the placement's reason, the other a goal: both stand, nothing clashes."""
    before = contents()
    assert before.placement is not None
    placement = replace(before.placement, why_apart=words("quiet room"))
    second = goal(2)
    theirs = put_part(before, PlanPart.PLACEMENT, "", placement)
    mine = put_part(before, PlanPart.GOAL, "", second)
    merged = merge_contents(before, theirs=theirs, mine=mine)
    assert () == merged.clashes
    assert placement == merged.contents.placement
    assert (*before.goals, second) == merged.contents.goals


def test_one_piece_in_two_ways_is_a_clash() -> None:
    """What stands is theirs; mine is beside it, with how it was."""
    before = contents()
    about = key_of(PlanPart.GOAL, before.goals[0])
    theirs, mine = replace(before.goals[0], words=words("a")), replace(before.goals[0], words=words("b"))
    merged = merge_contents(
        before,
        theirs=put_part(before, PlanPart.GOAL, about, theirs),
        mine=put_part(before, PlanPart.GOAL, about, mine),
    )
    (clash,) = merged.clashes
    assert (PlanPart.GOAL, about, before.goals[0], theirs, mine) == (
        clash.part,
        clash.about,
        clash.before,
        clash.theirs,
        clash.mine,
    )
    assert (theirs,) == merged.contents.goals


def test_a_level_that_a_goal_needs_is_not_dropped() -> None:
    """One takes a level away while the other writes a goal on it: the level stays, and both see it."""
    before = replace(contents(), goals=())
    theirs = put_part(before, PlanPart.LEVEL, "reading", None)
    mine = put_part(before, PlanPart.GOAL, "", goal(2))
    merged = merge_contents(before, theirs=theirs, mine=mine)
    assert [(PlanPart.LEVEL, "reading")] == [(clash.part, clash.about) for clash in merged.clashes]
    assert before.levels == merged.contents.levels


def test_a_piece_is_put_found_and_taken_away() -> None:
    """In its place, last when it is new, and gone with None; the hash follows what stands there."""
    before = contents()
    speech_key = str(before.services[0].id)
    longer = replace(before.services[0], minutes=45)
    changed = put_part(before, PlanPart.SERVICE, speech_key, longer)
    assert longer == part_of(changed, PlanPart.SERVICE, speech_key)
    assert part_hash(before, PlanPart.SERVICE, speech_key) != part_hash(changed, PlanPart.SERVICE, speech_key)
    assert (longer, speech(60)) == put_part(changed, PlanPart.SERVICE, "", speech(60)).services
    assert () == put_part(changed, PlanPart.SERVICE, speech_key, None).services
    assert "" == part_hash(before, PlanPart.SERVICE, "unknown")
    assert "" == part_hash(before, PlanPart.TRANSITION)
    reports = put_part(before, PlanPart.REPORTS, "", (date(2026, 12, 18),))
    assert {"": (date(2026, 12, 18),)} == pieces_of(reports, PlanPart.REPORTS)
    assert before == put_part(reports, PlanPart.REPORTS, "", None)
    assert put_part(before, PlanPart.ESY, "", None).esy is None
    assert "" == key_of(PlanPart.ESY, EsyAnswer.LATER)


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        (PlanPart.ESY, words(), "part_form"),
        (PlanPart.GOAL, words(), "part_form"),
        (PlanPart.OBJECTIVE, None, "part_unknown"),
        (PlanPart.LEVEL, None, "goal_level_unknown"),
    ],
)
def test_what_does_not_fit_is_refused(part: PlanPart, value: object, code: str) -> None:
    """A value of another part, a part that stands in its goal, a level that a goal builds on."""
    with pytest.raises(InvalidValue, match=code):
        put_part(contents(), part, "reading", value)


def test_a_hash_is_the_same_everywhere() -> None:
    """It is kept beside half-written forms, so it must not depend on the process."""
    assert "d30aae78" == value_hash((words(), date(2026, 1, 2), goal().goal_id, SupportKind.AID, 1.5))[:8]
