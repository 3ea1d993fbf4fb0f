"""A goal that is pasted: read, shown with what is worth a look, and added in two more taps."""

from __future__ import annotations

import html
from uuid import uuid4

import pytest

from iepcore.ids import ClientKey
from iepcore.language import FreeText
from iepcore.progress import CbmTask, ConsecutiveCriterion, MeasureKind, NOfMCriterion
from lti_app.screens.goal_pasted import fields_of
from tests.unit.screens.conftest import House
from tests.unit.screens.test_goal_setup import added, fields, path, sent

WHOLE = (
    "Annual Goal 1: By 10/14/2027, given a new grade 4 passage, Maya will read aloud at 92 words correct per "
    "minute on 3 consecutive weekly probes.\nBaseline: 52 wcpm"
)


def read(house: House, text: str) -> tuple[int, str]:
    """Paste and tap "Read it"."""
    answer = house.post(path(house), {"pasted": text, "do": "read"}, as_="halloran")
    return answer.status_code, html.unescape(answer.text)


def test_a_whole_goal_is_one_tap_from_added(house: House) -> None:
    """Its words stay as they were; the line, the criterion and the family's words stand beside them."""
    status, text = read(house, WHOLE)
    assert 200 == status
    assert "From 52 to 92 by" in text
    assert "The family reads:" in text
    assert "Reading aloud: now 52" in text
    form = fields(text)
    assert form["text"].startswith("By 10/14/2027, given a new grade 4 passage, Maya will read aloud")
    page = added(house, form)
    goal = page.card.goal
    assert (MeasureKind.CBM, CbmTask.ORAL_READING) == (goal.measure.kind, goal.measure.cbm_task)
    assert (52, 92, ConsecutiveCriterion(k=3)) == (goal.baseline, goal.target, goal.criterion)
    assert form["text"] == goal.text.text


def test_what_is_missing_waits_in_the_form(house: House) -> None:
    """No baseline in the words: the form is shown with all the rest filled in, and no error yet."""
    status, text = read(house, "By 5/10/2027 Maya will ask for help with 80% accuracy in 4 of 5 sessions.")
    assert 200 == status
    assert "The words do not say where the child is now." in text
    assert "Please look at this again" not in text
    form = fields(text)
    assert ("80", "of_several", "4", "5", "2027-05-10", "asking_for_help") == tuple(
        form[name] for name in ("target", "way", "n", "m", "ends_on", "skill_key")
    )
    page = added(house, {**form, "baseline": "30"})
    assert NOfMCriterion(n=4, m=5) == page.card.goal.criterion


def test_another_measure_keeps_what_is_typed(house: House) -> None:
    """Choosing another way of measuring loses nothing that both have."""
    _, text = read(house, WHOLE)
    status, text = sent(house, {**fields(text), "other_kind": "rubric", "baseline": "1"}, "measure")
    form = fields(text)
    assert (200, "rubric", "1", "92") == (status, form["kind"], form["baseline"], form["target"])
    assert "rubric_top" in form


def test_an_empty_or_endless_paste_is_refused_with_words(house: House) -> None:
    """The question comes again, with what was pasted and what to do."""
    status, text = read(house, "  ")
    assert 422 == status
    assert "How will you measure it?" in text
    status, text = read(house, "a" * 200_001)
    assert 422 == status
    assert "too much text at once" in text


def test_vague_words_get_a_hint_and_may_stay(house: House) -> None:
    """Hints, never a wall: the goal can be added as it is."""
    _, text = read(house, "By 6/1/2027 Maya will improve math facts from 20% to 80%, 3 sessions in a row.")
    assert "A colleague cannot see" in text
    assert "Say when or with what" in text
    assert 80 == added(house, fields(text)).card.goal.target


@pytest.mark.parametrize(
    ("words", "skill"),
    [
        ("By 2027-06-01 she will solve 18 of 20 word problems.", "math_problems"),
        ("By 2027-06-01 Callum's call-outs will be 2 or fewer.", "calling_out"),
        ("By 2027-06-01 she will water the plants in 4 of 5 weeks.", "water the plants"),
        ("Something else.", ""),
    ],
)
def test_the_skill_is_of_the_list_or_in_the_goals_own_words(words: str, skill: str) -> None:
    """A skill of the list comes in the family's language; other words stay as they are."""
    typed = fields_of(words).typed
    assert skill == (typed.get("skill_key") or typed.get("skill_words") or "")


def test_a_goal_that_names_another_child_is_asked_about(house: House) -> None:
    """A paste on the wrong child's page is seen before it is added; pronouns and the own name say nothing."""
    _, text = read(house, WHOLE.replace("Maya", "Theo"))
    assert "The words name Theo, and this is the page of Maya. Whose goal is it?" in text
    for name in ("Maya", "she", "the student", "The student"):
        _, text = read(house, WHOLE.replace("Maya", name))
        assert "The words name" not in text


def test_several_goals_in_one_paste_are_said(house: House) -> None:
    """The first is shown, and that there are more."""
    _, text = read(house, f"{WHOLE}\nAnnual Goal 2: By 10/14/2027 Maya will write 5 sentences.")
    assert "2 goals were pasted. This is the first." in text


def test_the_familys_wish_stands_on_top_word_for_word(house: House) -> None:
    """On the first question and on the form, before anything of ours."""
    wish = FreeText(text="Que lea sola su libro de dinosaurios.", lang="es")
    house.caseload("dana").wishes.say(house.student("maya"), wish, ClientKey(uuid4()))
    first = house.get(path(house), as_="halloran").text
    assert first.index("libro de dinosaurios") < first.index("Paste the goal")
    _, form = read(house, WHOLE)
    assert form.index("libro de dinosaurios") < form.index("The whole goal in one sentence")


def test_only_who_may_write_goals_may_paste(house: House) -> None:
    """An aide finds nothing here."""
    answer = house.post(path(house), {"pasted": WHOLE, "do": "read"}, as_="moss")
    assert 404 == answer.status_code
