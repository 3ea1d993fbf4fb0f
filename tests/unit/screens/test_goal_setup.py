"""The goal form: twelve measures, suggestions, the sentence, the line in words, errors without loss."""

from __future__ import annotations

import html
import re
from datetime import date
from uuid import UUID

import pytest

from iepcore.caseload import GoalPage
from iepcore.ids import GoalId
from iepcore.progress import ConsecutiveCriterion, Direction, MeasureKind, NOfMCriterion
from lti_app.demo.browser import Page, _Reader
from lti_app.screens.goal_form import a_year_after
from tests.unit.screens.conftest import House


def path(house: House) -> str:
    """The page of a new goal for Maya."""
    return f"/app/c/{house.student('maya')}/new"


def fields(text: str) -> dict[str, str]:
    """What the form of a page holds."""
    page = Page(url="http://127.0.0.1/", status=200, html=text)
    reader = _Reader(page)
    reader.feed(text)
    reader.close()
    return dict(next(form for form in page.forms if form.action.endswith("/new")).fields)


def started(house: House, kind: str = "percent_correct", **typed: str) -> dict[str, str]:
    """The form of a kind with its suggestions and what is typed."""
    form = fields(house.get(f"{path(house)}?kind={kind}", as_="halloran").text)
    return {**form, "skill_key": "math_facts", "baseline": "40", "target": "80", **typed}


def sent(house: House, form: dict[str, str], do: str) -> tuple[int, str]:
    """Send the form; return status and page."""
    answer = house.post(path(house), {**form, "do": do}, as_="halloran")
    return answer.status_code, answer.text


def added(house: House, form: dict[str, str]) -> GoalPage:
    """Read the goal once and add it; return its page."""
    status, text = sent(house, form, "next")
    assert 200 == status, re.findall(r'class="error".*?</p>', text, re.DOTALL)
    answer = house.post(path(house), {**fields(text), "do": "add"}, as_="halloran")
    leads = answer.headers["Rapport-Goto"]
    assert "goal_added" == answer.headers["Rapport-Said"]
    return house.caseload("halloran").goals.goal(GoalId(UUID(leads.rsplit("/", 1)[1])))


# the first question


def test_all_twelve_measures_are_offered(house: House) -> None:
    """One tap each, with an example, those used most first."""
    text = house.get(path(house), as_="halloran").text
    offered = re.findall(r"\?kind=([a-z_]+)", text)
    assert {kind.value for kind in MeasureKind} == set(offered)
    assert ["percent_correct", "cbm", "frequency"] == offered[:3]
    assert "a colleague would write down the same score" in text


def test_unknown_measure_asks_again(house: House) -> None:
    """A kind we do not know leads to the question; as a form it is refused."""
    text = house.get(f"{path(house)}?kind=magic", as_="halloran").text
    assert "How will you measure it?" in text
    assert 422 == house.post(path(house), {"kind": "magic"}, as_="halloran").status_code


@pytest.mark.parametrize("key", ["eklund", "moss", "dana"])
def test_only_who_may_write_goals(house: House, key: str) -> None:
    """A general teacher, an aide and a parent find nothing here and can add nothing."""
    assert 404 == house.get(path(house), as_=key).status_code
    assert 404 == house.post(path(house), started(house), as_=key).status_code


# suggestions and settings

SHOWN = {
    MeasureKind.CBM: {"cbm_task", "material", "probe_seconds"},
    MeasureKind.PERCENT_CORRECT: {"trials_per_set"},
    MeasureKind.LATENCY: {"ceiling_seconds"},
    MeasureKind.TASK_ANALYSIS: {"steps"},
    MeasureKind.RUBRIC: {"rubric_top"},
}


@pytest.mark.parametrize("kind", list(SHOWN))
def test_form_asks_only_what_the_measure_needs(house: House, kind: MeasureKind) -> None:
    """Settings of other measures are not there."""
    form = fields(house.get(f"{path(house)}?kind={kind.value}", as_="halloran").text)
    everything = set().union(*SHOWN.values())
    assert SHOWN[kind] == everything & set(form)


def test_dates_and_criterion_are_suggested(house: House) -> None:
    """Today to the same day next year, three scores in a row, teaching begun."""
    form = started(house)
    assert ("2026-11-23", "2027-11-23") == (form["starts_on"], form["ends_on"])
    assert ("in_a_row", "3", "1") == (form["way"], form["k"], form["taught"])


def test_a_year_after_a_leap_day() -> None:
    """29 February has no next year; the 28th stands for it."""
    assert date(2029, 2, 28) == a_year_after(date(2028, 2, 29))
    assert date(2027, 11, 23) == a_year_after(date(2026, 11, 23))


def test_every_measure_becomes_a_goal(house: House) -> None:
    """With its suggestions, two numbers and a skill each of the twelve is two taps from added."""
    for kind in MeasureKind:
        form = started(house, kind.value, baseline="1", target="3")
        if kind is MeasureKind.TASK_ANALYSIS:
            form["steps"] = "Open the tap\n\nUse soap\nDry hands"
        page = added(house, form)
        assert kind is page.card.goal.measure.kind
    goals = house.caseload("halloran").goals.student(house.student("maya")).cards
    assert ("Open the tap", "Use soap", "Dry hands") == next(
        card.goal.measure.steps for card in goals if card.goal.measure.kind is MeasureKind.TASK_ANALYSIS
    )


# reading it once


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        pytest.param({"target": "92"}, "From 52 to 92 by 23 November 2027: about 0.8 a week.", id="up"),
        pytest.param(
            {"target": "10"}, "From 52 down to 10 by 23 November 2027: about 0.8 less a week.", id="down"
        ),
        pytest.param({"target": "54"}, "From 52 to 54 by 23 November 2027: about 0.04 a week.", id="slow"),
        pytest.param({"target": "52"}, "Stays at 52 until 23 November 2027.", id="flat"),
    ],
)
def test_line_in_words(house: House, typed: dict[str, str], line: str) -> None:
    """The line says start, goal, day and growth a week."""
    text = sent(house, started(house, baseline="52", **typed), "next")[1]
    assert line in text
    assert "Met when 3 scores in a row are" in text


def test_direction_comes_from_the_numbers(house: House) -> None:
    """Less than the start means down; a flat goal goes where the form says."""
    down = added(house, started(house, "frequency", baseline="8", target="2"))
    assert Direction.DECREASE is down.card.goal.direction
    flat = added(house, started(house, "frequency", baseline="2", target="2", direction="decrease"))
    assert Direction.DECREASE is flat.card.goal.direction


def test_sentence_is_made_from_the_parts(house: House) -> None:
    """Condition, child, numbers, skill, day and criterion are in it; own words stay as written."""
    form = started(
        house, skill_key="", skill_words="reading maps", given="a new map", way="of_several", baseline="40,5"
    )
    page = added(house, form)
    assert (
        "Given a new map, Maya goes from 40.5 to 80 percent right in reading maps by 23 November 2027, "
        "on 4 of 5 scores in a row."
    ) == page.card.goal.text.text
    assert NOfMCriterion(n=4, m=5) == page.card.goal.criterion
    assert page.card.goal.skill_words is not None
    assert "other" == page.card.goal.area


def test_own_sentence_is_kept(house: House) -> None:
    """What the team writes itself is the goal; changing a part afterwards does not overwrite it."""
    form = fields(sent(house, started(house), "next")[1])
    form["text"] = "Maya knows her facts by heart, 80 of 100."
    form = fields(sent(house, {**form, "target": "90"}, "next")[1])
    assert "Maya knows her facts by heart, 80 of 100." == form["text"]
    answer = house.post(path(house), {**form, "do": "add"}, as_="halloran")
    assert "Rapport-Goto" in answer.headers


def test_our_sentence_follows_the_parts(house: House) -> None:
    """A sentence nobody touched is made anew when a part changes, and is read again before it is added."""
    form = fields(sent(house, started(house), "next")[1])
    status, text = sent(house, {**form, "target": "90"}, "add")
    assert 200 == status
    assert "to 90 percent right" in fields(text)["text"]
    assert "The goal is added" not in text


def test_goal_is_filed_by_its_skill(house: House) -> None:
    """The area follows the skill unless another is chosen; teaching may begin later."""
    assert "math" == added(house, started(house)).card.goal.area
    later = started(house, area="daily living")
    del later["taught"]
    goal = added(house, later).card.goal
    assert ("daily living", None) == (goal.area, goal.introduced_on)


def test_form_sent_twice_is_one_goal(house: House) -> None:
    """A repeated send leads to the goal it opened."""
    form = fields(sent(house, started(house), "next")[1])
    first, again = (
        house.post(path(house), {**form, "do": "add"}, as_="halloran").headers["Rapport-Goto"] for _ in "12"
    )
    assert first == again


def test_key_of_a_foreign_goal_opens_nothing(house: House) -> None:
    """The id of another child's goal cannot be used."""
    form = fields(sent(house, {**started(house), "key": str(house.goal("theo"))}, "next")[1])
    assert 404 == house.post(path(house), {**form, "do": "add"}, as_="halloran").status_code


# what does not fit


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        pytest.param("percent_correct", {"skill_key": ""}, "skill_key", id="no-skill"),
        pytest.param("percent_correct", {"skill_words": "maps"}, "skill_key", id="two-skills"),
        pytest.param("percent_correct", {"skill_key": "flying"}, "skill_key", id="unknown-skill"),
        pytest.param("percent_correct", {"baseline": "ten"}, "baseline", id="no-number"),
        pytest.param("percent_correct", {"baseline": "nan"}, "baseline", id="not-a-number"),
        pytest.param("percent_correct", {"target": "120"}, "target", id="over-the-scale"),
        pytest.param("percent_correct", {"direction": "decrease"}, "target", id="wrong-side"),
        pytest.param("percent_correct", {"starts_on": "soon"}, "starts_on", id="no-day"),
        pytest.param("percent_correct", {"ends_on": "2026-11-23"}, "ends_on", id="no-time"),
        pytest.param("percent_correct", {"trials_per_set": "2.5"}, "trials_per_set", id="half-a-try"),
        pytest.param("percent_correct", {"trials_per_set": "0"}, "trials_per_set", id="no-try"),
        pytest.param("percent_correct", {"k": "0"}, "k", id="never-met"),
        pytest.param("percent_correct", {"way": "of_several", "n": "6"}, "n", id="more-than-all"),
        pytest.param("percent_correct", {"way": "of_several", "m": "x"}, "m", id="out-of-what"),
        pytest.param("frequency", {"observation_minutes": "0"}, "observation_minutes", id="no-minutes"),
        pytest.param("latency", {"ceiling_seconds": ""}, "ceiling_seconds", id="setting-missing"),
        pytest.param("task_analysis", {"steps": "\n"}, "steps", id="no-steps"),
        pytest.param("prompt_level", {"prompt_levels": "Alone"}, "prompt_levels", id="one-level"),
        pytest.param("cbm", {"cbm_task": "singing"}, "cbm_task", id="unknown-task"),
    ],
)
def test_error_stands_at_its_field(house: House, kind: str, typed: dict[str, str], field: str) -> None:
    """The field and the summary name it; everything else typed is still there."""
    status, text = sent(house, started(house, kind, given="a quiet room", **typed), "next")
    assert 422 == status
    assert f'id="{field}-error"' in text
    assert f'href="#{field}"' in text
    assert "a quiet room" == fields(text)["given"]


def test_several_errors_come_together(house: House) -> None:
    """Whoever sends an empty form reads all of it at once."""
    text = sent(house, started(house, baseline="", target="", skill_key=""), "next")[1]
    summary = re.search(r'<div class="notice stop".*?</ul>', text, re.DOTALL)
    assert summary is not None
    assert ["skill_key", "baseline", "target"] == re.findall(r'href="#([a-z_]+)"', summary[0])
    assert "Now: Write a number" in html.unescape(summary[0])


def test_too_long_sentence_is_refused_and_kept(house: House) -> None:
    """A sentence that cannot be stored is said at its box, which still holds it."""
    form = fields(sent(house, started(house), "next")[1])
    status, text = sent(house, {**form, "text": "x" * 20_001}, "add")
    assert 422 == status
    assert 'id="text-error"' in text
    assert "x" * 20_001 == fields(text)["text"]


def test_criterion_in_a_row(house: House) -> None:
    """The number of scores in a row is as typed."""
    assert ConsecutiveCriterion(k=2) == added(house, started(house, k="2")).card.goal.criterion


@pytest.mark.parametrize("lang", ["en", "es"])
def test_pages_come_in_staff_languages(house: House, lang: str) -> None:
    """Both languages render the question and every form."""
    for query in ("", *(f"?kind={kind.value}" for kind in MeasureKind)):
        answer = house.get(path(house) + query, as_="halloran", lang=lang)
        assert 200 == answer.status_code
        assert f'<html lang="{lang}"' in answer.text
