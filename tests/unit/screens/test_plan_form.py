"""The forms of a plan's parts: everything that stands in a plan can be typed, and nothing odd gets in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from iepcore.language import FreeText
from iepcore.plan.document import (
    FactorAnswer,
    ParentConcern,
    PlanContents,
    PlanPart,
    SpecialFactor,
    pieces_of,
)
from iepcore.progress import Measure, MeasureKind, NOfMCriterion
from lti_app.screens.plan_fields import PartForm
from lti_app.screens.plan_form import read_part, typed_of
from lti_app.screens.plan_form_services import read_factors, typed_factors
from tests.unit.plan.document.plans import contents, goal, speech
from tests.unit.screens.test_plan_words import full


def form(before: object = None, *, areas: tuple[str, ...] = ("reading",)) -> PartForm:
    """A form of the child of the builders."""
    return PartForm(student_id=speech().student_id, lang="en", before=before, areas=areas)


def refusals(part: PlanPart, typed: dict[str, str]) -> dict[str, str]:
    """What is said of which field."""
    read = form()
    assert read_part(part, typed, read) is None
    return {name: error.code for name, error in read.errors.items()}


@pytest.mark.parametrize(
    "what", [full(), contents(), PlanContents(concern=ParentConcern(asked_on=date(2026, 9, 1)))]
)
def test_what_stands_in_a_plan_comes_back_as_it_was(what: PlanContents) -> None:
    """Opening a form and keeping it changes nothing, whatever the part."""
    for part in PlanPart:
        if part in {PlanPart.OBJECTIVE, PlanPart.FACTOR}:
            continue
        for piece in pieces_of(what, part).values():
            read = form(piece)
            assert piece == read_part(part, typed_of(part, piece), read)
            assert {} == read.errors


def test_factors_are_answered_on_one_page() -> None:
    """Five answers at once; one without an answer stays open."""
    before = {SpecialFactor.BRAILLE: FactorAnswer(factor=SpecialFactor.BRAILLE, is_needed=True)}
    found = read_factors(typed_factors(before) | {"behavior_needed": "no"}, form(), before)
    assert found is not None
    assert before[SpecialFactor.BRAILLE] == found[SpecialFactor.BRAILLE]
    assert FactorAnswer(factor=SpecialFactor.BEHAVIOR, is_needed=False) == found[SpecialFactor.BEHAVIOR]
    assert found[SpecialFactor.COMMUNICATION] is None
    assert read_factors({"behavior_words": "\0"}, form(), {}) is None


@pytest.mark.parametrize(
    ("part", "typed", "expected"),
    [
        (PlanPart.LEVEL, {}, {"strengths": "text_empty", "now": "text_empty", "area": "area_empty"}),
        (PlanPart.CONCERN, {"asked_on": "yesterday"}, {"words": "concern_or_none", "asked_on": "not_a_date"}),
        (
            PlanPart.PLACEMENT,
            {"week_minutes": "100", "with_peers": "200"},
            {"with_peers": "placement_minutes"},
        ),
        (
            PlanPart.PLACEMENT,
            {"week_minutes": "-1", "with_peers": "x"},
            {"week_minutes": "not_whole", "with_peers": "not_whole"},
        ),
        (PlanPart.ESY, {"answer": "perhaps", "on": ""}, {"answer": "answer_missing", "on": "not_a_date"}),
        (PlanPart.ASSESSMENT, {}, {"kind": "answer_missing"}),
        (PlanPart.TRANSITION, {}, {"transition": "transition_empty"}),
        (PlanPart.REPORTS, {"day_0": "soon"}, {"day_0": "not_a_date"}),
        (PlanPart.RIGHTS_TOLD, {}, {"told_on": "not_a_date"}),
        (PlanPart.SUPPORT, {"kind": "aid"}, {"words": "text_empty"}),
        (PlanPart.FAMILY_WISH, {"words": "a\0b"}, {"words": "text_form"}),
        (
            PlanPart.SERVICE,
            {"provider": "Ann"},
            {"delivery", "interval", "frequency", "minutes", "begins_on", "ends_on"},
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    part: PlanPart, typed: dict[str, str], expected: dict[str, str] | set[str]
) -> None:
    """Every refusal names the field, so that the page can say it there."""
    found = refusals(part, typed)
    assert expected == (found if isinstance(expected, dict) else set(found))


def service(**more: str) -> dict[str, str]:
    """A service as typed."""
    return typed_of(PlanPart.SERVICE, speech()) | more


def test_a_service_of_somebody_unknown_or_without_end_is_refused() -> None:
    """Ids and days are looked at, too."""
    assert {"provider": "not_an_id"} == refusals(PlanPart.SERVICE, service(provider="Ann"))
    assert {"ends_on": "service_order"} == refusals(PlanPart.SERVICE, service(ends_on="2020-01-01"))
    assert {"minutes": "minutes_range"} == refusals(PlanPart.SERVICE, service(minutes="900"))


def test_a_new_service_begins_a_line_of_its_own() -> None:
    """Without one before it, the service is the first of its line."""
    made = read_part(PlanPart.SERVICE, service(), form())
    assert made is not None
    assert made.id == made.line_id  # type: ignore[attr-defined]


def typed_goal(**more: str) -> dict[str, str]:
    """A goal as typed."""
    return typed_of(PlanPart.GOAL, goal()) | more


def test_a_goal_says_which_wish_it_serves_or_why_not_yet() -> None:
    """A goal that serves no wish yet says why."""
    assert {"wish": "why_not_yet"} == refusals(PlanPart.GOAL, typed_goal(serves="no"))
    assert {"serves": "answer_missing"} == refusals(PlanPart.GOAL, typed_goal(serves=""))
    read = form(areas=())
    assert read_part(PlanPart.GOAL, typed_goal(), read) is None
    assert ["levels"] == list(read.errors)
    assert {"words": "not_an_id"} == refusals(PlanPart.GOAL, typed_goal(goal_id="x"))


def test_a_measure_that_is_half_typed_is_refused_where_it_lacks() -> None:
    """A measure needs its numbers."""
    found = refusals(
        PlanPart.GOAL,
        typed_goal(measure="rubric", rubric_top="4", baseline="1", skill_key="clear_speech", k="3"),
    )
    assert {"target": "not_a_number"} == found


def test_measures_of_every_kind_come_back() -> None:
    """What a measure asks for stands in the form again, in the units of the form."""
    line = full().goals[0].line
    assert line is not None
    share = Measure(kind=MeasureKind.DURATION, observation_seconds=1800, as_share_of_session=True)
    levels = Measure(kind=MeasureKind.PROMPT_LEVEL, prompt_levels=("full", "alone"), trials_per_set=5)
    rubric = Measure(kind=MeasureKind.RUBRIC, rubric_top=4)
    several = NOfMCriterion(n=2, m=3)
    for measure, low, high in ((share, 10, 90), (levels, 10, 90), (rubric, 1, 3)):
        piece = goal(line=replace(line, measure=measure, baseline=low, target=high, criterion=several))
        assert piece == read_part(PlanPart.GOAL, typed_of(PlanPart.GOAL, piece), form(piece))


def test_words_nobody_touched_keep_their_language() -> None:
    """A wish in Dari stays in Dari; other words are in the language that was chosen."""
    wish = FreeText(text="کتاب بخواند", lang="prs")
    typed = typed_of(PlanPart.FAMILY_WISH, wish)
    assert wish == read_part(PlanPart.FAMILY_WISH, typed, form(wish))
    other = read_part(PlanPart.FAMILY_WISH, typed | {"words": "leer", "words_lang": "es"}, form(wish))
    assert FreeText(text="leer", lang="es") == other


def test_an_emptied_wish_is_taken_away() -> None:
    """Nothing typed and nothing wrong: the piece goes."""
    read = form()
    assert read_part(PlanPart.FAMILY_WISH, {"words": " "}, read) is None
    assert {} == read.errors
    assert typed_of(PlanPart.FAMILY_WISH, None) == {}
