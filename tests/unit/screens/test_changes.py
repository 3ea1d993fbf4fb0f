"""A change in teaching: two taps and a few words, taken back by one, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date

import pytest

from iepcore.caseload import NewPhase
from iepcore.ids import GoalId
from iepcore.language import FreeText
from iepcore.plan import Goal
from tests.unit.screens.conftest import House
from tests.unit.screens.test_goals import change_goal, page_of, words_of


def path_of(house: House, child: str = "maya") -> str:
    """Return the address of the form."""
    return f"/app/g/{house.goal(child)}/change"


def form_of(html: str) -> dict[str, str]:
    """Return what the form sends when nothing is touched but the words."""
    part = html[html.index('<form method="post"') :]
    part = part[: part.index("</form>")]
    fields = {}
    for field in re.findall(r"<input[^>]*>", part):
        name, value = re.search(r'name="(\w+)"', field), re.search(r'value="([^"]*)"', field)
        assert name is not None
        fields[name.group(1)] = value.group(1) if value else ""
    return fields


def goal_of(house: House, child: str = "maya") -> Goal:
    """Return the goal as it is stored."""
    return house.caseload("halloran").goals.goal(GoalId(house.goal(child))).card.goal


def test_the_goal_leads_to_the_form_for_who_may_change_it(house: House) -> None:
    """The case manager; an aide and a closed goal have no such link."""
    link = f'href="{path_of(house)}"'
    assert link in page_of(house, "maya", "halloran")
    assert f'href="/app/g/{house.goal("maya", "words")}/change"' not in page_of(
        house, "maya", "moss", "words"
    )
    assert 404 == house.get(path_of(house), as_="moss").status_code


def test_the_form_is_filled_in_but_for_the_words(house: House) -> None:
    """Today, the middle of the last three scores, and who will read the words."""
    html = house.get(path_of(house), as_="halloran").text
    assert {
        "do": "note",
        "version": "1",
        "suggested": "57",
        "words": "",
        "starts_on": "2026-11-23",
        "baseline": "57",
    } == form_of(html)
    assert "The line starts again at 57, the middle of the last 3 scores" in html
    assert 'placeholder="Echo reading begins"' in html
    assert (
        "so does a family that reads English; in another language the chart says “Teaching changes”" in html
    )
    assert 'min="2026-10-15" max="2026-11-23"' in html


def test_two_taps_and_the_words_note_a_change(house: House) -> None:
    """Back on the goal it stands in the chart, and one tap takes it back."""
    sent = {**form_of(house.get(path_of(house), as_="halloran").text), "words": "Echo reading begins"}
    answer = house.post(path_of(house), sent, as_="halloran")
    goal = f"/app/g/{house.goal('maya')}"
    assert (goal, "change_noted") == (answer.headers["Rapport-Goto"], answer.headers["Rapport-Said"])
    phase = goal_of(house).phases[-1]
    assert ("Echo reading begins", "en", 57.0) == (phase.words.text, phase.words.lang, phase.baseline)

    html = house.get(f"{goal}?said=change_noted", as_="halloran").text
    said = words_of(html)
    assert "Noted: Echo reading begins, from 23 November 2026. The line starts again at 57." in said
    assert "Start 57 23 November 2026" in said
    assert "The first line went from 52 on 14 October 2026 to 92 on 13 October 2027." in said
    assert '<q lang="en" dir="ltr">Echo reading begins</q>. The line started again at 57.' in html
    assert "Take it back" not in house.get(goal, as_="halloran").text

    taken = house.post(path_of(house), {"do": "back", "version": "2"}, as_="halloran")
    assert "change_back" == taken.headers["Rapport-Said"]
    assert () == goal_of(house).phases
    assert "Taken back." in house.get(f"{goal}?said=change_back", as_="halloran").text


def test_a_second_tap_on_take_it_back_is_harmless(house: House) -> None:
    """It is taken back already."""
    answer = house.post(path_of(house), {"do": "back", "version": "1"}, as_="halloran")
    assert "change_back" == answer.headers["Rapport-Said"]
    change_goal(house, "maya")
    assert () == goal_of(house).phases


def test_the_change_noted_last_can_be_taken_back_later(house: House) -> None:
    """On the form, with its words."""
    html = house.get(path_of(house, "rosenda"), as_="halloran").text
    assert '<q lang="en" dir="ltr">Picture cards begin</q>' in html
    assert "From 23 July 2026; the line starts again at 16." in html
    version = re.findall(r'name="version" value="(\d+)"', html)[-1]
    house.post(path_of(house, "rosenda"), {"do": "back", "version": version}, as_="halloran")
    assert () == goal_of(house, "rosenda").phases


def test_an_earlier_day_brings_the_scores_before_it(house: House) -> None:
    """A start that nobody touched follows the day; one that was typed stays, with a comma too."""
    sent = {**form_of(house.get(path_of(house), as_="halloran").text), "words": "Echo reading begins"}
    house.post(path_of(house), {**sent, "starts_on": "2026-11-02"}, as_="halloran")
    assert 53 == goal_of(house).phases[-1].baseline
    house.post(path_of(house), {"do": "back", "version": "2"}, as_="halloran")
    house.post(path_of(house), {**sent, "baseline": "55,5", "version": "3"}, as_="halloran")
    assert 55.5 == goal_of(house).phases[-1].baseline


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"words": " "}, "words", "Write a few words first."),
        ({"words": "x" * 81}, "words", "Keep it under 80 characters"),
        ({"starts_on": ""}, "starts_on", "Choose a day from the calendar."),
        ({"starts_on": "2026-12-24"}, "starts_on", "That day has not come yet."),
        ({"starts_on": "2026-10-14"}, "starts_on", "not later than the start of the line in use"),
        ({"baseline": "many"}, "baseline", "Write a number, such as 58 or 58.5."),
        ({"baseline": "-4"}, "baseline", "outside what this way of measuring can give"),
        ({"version": "x"}, "words", "The page is out of step."),
    ],
)
def test_bad_input_comes_back_with_what_was_typed(
    house: House, wrong: dict[str, str], field: str, words: str
) -> None:
    """The error stands at its field and in the summary; nothing is stored."""
    sent = {**form_of(house.get(path_of(house), as_="halloran").text), "words": "Echo reading", **wrong}
    answer = house.post(path_of(house), sent, as_="halloran")
    assert 422 == answer.status_code
    assert words in words_of(answer.text)
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}-error"' in answer.text
    typed = {**form_of(answer.text)}
    assert sent["words"].strip() == typed["words"]
    assert {sent["starts_on"], sent["baseline"]} == {typed["starts_on"], typed["baseline"]}
    assert () == goal_of(house).phases


def test_two_windows_show_both_changes(house: House) -> None:
    """What another window noted stands above; what was typed is kept and saved by the next tap."""
    sent = {**form_of(house.get(path_of(house), as_="halloran").text), "words": "Echo reading begins"}
    house.caseload("halloran").changes.add(
        GoalId(house.goal("maya")),
        NewPhase(starts_on=date(2026, 11, 9), words=FreeText(text="New passages", lang="en")),
        version=1,
    )
    answer = house.post(path_of(house), sent, as_="halloran")
    assert 409 == answer.status_code
    assert "the goal was changed in another window" in answer.text
    assert '<q lang="en" dir="ltr">New passages</q>' in answer.text
    again = form_of(answer.text)
    assert ("Echo reading begins", "2") == (again["words"], again["version"])
    assert 200 == house.post(path_of(house), again, as_="halloran").status_code
    assert ["New passages", "Echo reading begins"] == [one.words.text for one in goal_of(house).phases]


def test_a_line_of_today_cannot_begin_again_today(house: House) -> None:
    """The form says when it can."""
    change_goal(house, "maya", starts_on=date(2026, 11, 23))
    html = house.get(path_of(house), as_="halloran").text
    assert "A change can be noted from tomorrow on." in html
    assert "Save the change" not in html


@pytest.mark.parametrize(
    ("child", "key", "words"),
    [
        ("luca", "next", "The line starts again at 5"),
        ("ivo", "words", "The line starts again at 50, the middle of the last 2 scores"),
    ],
)
def test_few_scores_are_told_as_what_they_are(house: House, child: str, key: str, words: str) -> None:
    """Two have a middle; none leaves the line where it stands."""
    html = house.get(f"/app/g/{house.goal(child, key)}/change", as_="halloran").text
    assert words in html


def test_scores_past_the_goal_are_told_as_that(house: House) -> None:
    """The line begins at the goal then: it is not the middle of the scores, and the form does not say so."""
    change_goal(house, "maya", target=55.0)
    html = house.get(path_of(house), as_="halloran").text
    assert "The line starts again at 55; the last scores are past it" in html
    assert "the middle of" not in html


def test_the_form_speaks_spanish(house: House) -> None:
    """Every word of it."""
    html = house.get(path_of(house), as_="halloran", lang="es").text
    assert "Anotar un cambio en la enseñanza" in html
    assert "Save the change" not in html
