"""The forms of every measure over real HTTP: what they ask, what they refuse, and corrections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from iepcore.caseload import NewGoal
from iepcore.ids import ClientKey, GoalId
from iepcore.language import FreeText
from iepcore.plan import DataPoint, Goal, GoalState, move_goal
from iepcore.progress import (
    CbmTask,
    ConsecutiveCriterion,
    Direction,
    Measure,
    MeasureKind,
    Reading,
    raw_of,
    reading_from_raw,
)
from lti_app.screens.reading_fields import places_of, raw_of_form, several_of, start_of, typed_of
from tests.unit.screens.conftest import House

K = MeasureKind

MEASURES: dict[str, tuple[Measure, dict[str, str], dict[str, object]]] = {
    "percent": (
        Measure(kind=K.PERCENT_CORRECT, trials_per_set=8),
        {"correct": "7", "trials": "8"},
        {"correct": 7, "trials": 8},
    ),
    "frequency": (Measure(kind=K.FREQUENCY, observation_seconds=1800), {"count": "4"}, {"count": 4}),
    "rate": (Measure(kind=K.RATE), {"count": "6", "minutes": "2.5"}, {"count": 6, "minutes": 2.5}),
    "duration": (
        Measure(kind=K.DURATION),
        {"minutes": "3", "seconds": "25"},
        {"seconds": [205]},
    ),
    "share": (
        Measure(kind=K.DURATION, as_share_of_session=True),
        {"minutes": "10", "seconds": "", "observed_minutes": "20"},
        {"seconds": [600], "observed_seconds": 1200},
    ),
    "latency": (
        Measure(kind=K.LATENCY, ceiling_seconds=30),
        {"seconds": "4,5"},
        {"seconds": 4.5, "ceiling": 30},
    ),
    "silence": (
        Measure(kind=K.LATENCY, ceiling_seconds=30),
        {"seconds": "", "no_response": "1"},
        {"seconds": None, "ceiling": 30},
    ),
    "partial": (
        Measure(kind=K.PARTIAL_INTERVAL, intervals=20, interval_seconds=15),
        {"scored": "6", "intervals": "20"},
        {"scored": 6, "intervals": 20},
    ),
    "whole": (
        Measure(kind=K.WHOLE_INTERVAL),
        {"scored": "6", "intervals": "10"},
        {"scored": 6, "intervals": 10},
    ),
    "momentary": (
        Measure(kind=K.MOMENTARY_TIME_SAMPLE, intervals=12),
        {"scored": "9", "samples": "12"},
        {"scored": 9, "samples": 12},
    ),
    "prompts": (
        Measure(kind=K.PROMPT_LEVEL, prompt_levels=("hand", "gesture", "alone"), trials_per_set=3),
        {"level": "2", "level-2": "0", "level-3": "none"},
        {"levels": [2, 0, None]},
    ),
    "rubric": (Measure(kind=K.RUBRIC, rubric_top=4), {"level": "3"}, {"level": 3}),
    "steps": (
        Measure(kind=K.TASK_ANALYSIS, steps=("take the soap", "rinse", "dry")),
        {"step": "independent", "step-2": "prompted", "step-3": "not_applicable"},
        {"steps": ["independent", "prompted", "not_applicable"]},
    ),
    "cbm": (
        Measure(kind=K.CBM, cbm_task=CbmTask.ORAL_READING),
        {"correct": "58", "errors": "3", "seconds": "60"},
        {"correct": 58, "errors": 3, "seconds": 60},
    ),
    "cbm without errors": (
        Measure(kind=K.CBM, cbm_task=CbmTask.MAZE, probe_seconds=180),
        {"correct": "12", "errors": "", "seconds": "180"},
        {"correct": 12, "seconds": 180},
    ),
}


def test_every_kind_has_its_form() -> None:
    """All twelve ways of measuring stand in the examples below."""
    assert set(MeasureKind) == {measure.kind for measure, _, _ in MEASURES.values()}


def goal_with(house: House, measure: Measure) -> Goal:
    """A new goal of Maya's with this measure."""
    new = NewGoal(
        area="reading",
        text=FreeText(text="A goal for this test.", lang="en"),
        measure=measure,
        baseline=0.0,
        target=1.0,
        direction=Direction.INCREASE,
        criterion=ConsecutiveCriterion(k=3),
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 6, 1),
        skill_key="daily_living_steps",
        introduced_on=date(2026, 9, 1),
    )
    return house.caseload("halloran").goals.add(house.student("maya"), new)


def send(house: House, goal_id: object, typed: Mapping[str, str], *, who: str = "halloran") -> Any:
    """Post a form as a browser would: every field, a key, the day."""
    fields = {"client_key": str(uuid4()), "observed_on": "2026-11-23", "note": "", "probes": "1", **typed}
    return house.post(f"/app/g/{goal_id}/point", fields, as_=who)


def history(house: House, goal_id: object) -> list[DataPoint]:
    """Every point of a goal in the order received."""
    return list(house.caseload("halloran").goals.goal(GoalId(goal_id)).history)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", MEASURES)
def test_a_reading_goes_through_its_form(house: House, key: str) -> None:
    """The form asks for exactly the fields of its measure, and what is typed becomes the reading."""
    measure, typed, raw = MEASURES[key]
    goal = goal_with(house, measure)
    text = house.get(f"/app/g/{goal.id}/point", as_="halloran").get_data(as_text=True)
    answer = send(house, goal.id, typed)
    (point,) = history(house, goal.id)

    assert set(typed) <= set(re.findall(r'name="([a-z_]+(?:-\d)?)"', text))
    assert f"/app/g/{goal.id}" == answer.headers["Rapport-Goto"]
    assert "point_saved" == answer.headers["Rapport-Said"]
    assert raw == raw_of(point.reading)
    assert "2026-11-23" == point.observed_on.isoformat()


@pytest.mark.parametrize("key", MEASURES)
def test_a_stored_reading_comes_back_into_its_form(key: str) -> None:
    """Correcting begins with what stands: typed again, it is the same reading."""
    measure, _, raw = MEASURES[key]
    reading: Reading = reading_from_raw(measure, raw)
    several = several_of(measure, reading=reading)
    typed = typed_of(reading)

    assert set(typed) <= {place.name for place in places_of(measure, several=several)} | {"ceiling"}
    assert reading == reading_from_raw(measure, raw_of_form(measure, typed, several=several))


@pytest.mark.parametrize("key", MEASURES)
def test_an_empty_form_is_refused_at_its_first_place(house: House, key: str) -> None:
    """Nothing typed is not zero."""
    measure, typed, _ = MEASURES[key]
    goal = goal_with(house, measure)
    answer = send(house, goal.id, dict.fromkeys(typed, ""))

    assert 422 == answer.status_code
    assert "One entry is missing" in answer.get_data(as_text=True)
    assert "-error" in answer.get_data(as_text=True)
    assert [] == history(house, goal.id)


def test_the_plan_fills_in_what_it_knows() -> None:
    """Tries, intervals and seconds are planned; a result never is."""
    assert {"trials": "8"} == start_of(MEASURES["percent"][0])
    assert {"intervals": "20"} == start_of(MEASURES["partial"][0])
    assert {"samples": "12"} == start_of(MEASURES["momentary"][0])
    assert {"seconds": "60"} == start_of(MEASURES["cbm"][0])
    assert {"minutes": "30"} == start_of(Measure(kind=K.RATE, observation_seconds=1800))


BAD = [
    ("percent", {"correct": "9"}, "correct", "There are more right answers than tries. Check both numbers."),
    ("percent", {"correct": "many"}, "correct", "Write a number, such as 58 or 58.5."),
    ("percent", {"correct": "-1"}, "correct", "The number cannot be below zero."),
    ("percent", {"correct": "2.5"}, "correct", "Write a whole number, such as 8."),
    ("latency", {"seconds": "31"}, "seconds", "longer"),
    ("duration", {"seconds": "-5"}, "seconds", "The number cannot be below zero."),
    ("cbm", {"seconds": "0"}, "seconds", "The number must be above zero."),
    ("steps", {"step-2": "perfectly"}, "step-2", "That result is not one of the choices. Choose again."),
    ("prompts", {"level-2": "7"}, "level-2", ""),
    ("rubric", {"level": "5"}, "level", ""),
    ("percent", {"observed_on": "2026-11-24"}, "observed_on", "That day has not come yet."),
    ("percent", {"observed_on": "2026-08-31"}, "observed_on", "That day is before the goal starts."),
    ("percent", {"observed_on": "yesterday"}, "observed_on", "Choose a day from the calendar."),
    ("percent", {"note": "x" * 2001}, "note", "The text is too long."),
]


@pytest.mark.parametrize(("key", "wrong", "field", "words"), BAD)
def test_what_does_not_fit_comes_back(
    house: House, key: str, wrong: Mapping[str, str], field: str, words: str
) -> None:
    """The sentence stands at its field, and everything that was typed is still there."""
    measure, typed, _ = MEASURES[key]
    goal = goal_with(house, measure)
    answer = send(house, goal.id, {"note": "She asked for one more.", **typed, **wrong})
    text = answer.get_data(as_text=True)

    assert 422 == answer.status_code
    assert f'id="{field}-error"' in text
    assert f'href="#{field}"' in text
    assert words in text
    assert "She asked for one more." in text or "x" * 2001 in text
    assert [] == history(house, goal.id)


def test_the_same_form_sent_twice_is_one_point(house: House) -> None:
    """The key is made when the form is shown."""
    goal = goal_with(house, MEASURES["cbm"][0])
    typed = {**MEASURES["cbm"][1], "client_key": str(uuid4())}
    first, again = send(house, goal.id, typed), send(house, goal.id, typed)

    assert (200, 200) == (first.status_code, again.status_code)
    assert 1 == len(history(house, goal.id))


def test_a_form_without_its_key_gets_a_new_one(house: House) -> None:
    """A broken key comes back as an error with a form that works."""
    goal = goal_with(house, MEASURES["cbm"][0])
    answer = send(house, goal.id, {**MEASURES["cbm"][1], "client_key": "short"})

    assert 422 == answer.status_code
    assert re.search(r'name="client_key" value="[0-9a-f-]{36}"', answer.get_data(as_text=True))


def test_an_earlier_day_and_a_note_are_kept(house: House) -> None:
    """The note stays in the language it was written in; the box says who will read it."""
    goal = goal_with(house, MEASURES["cbm"][0])
    text = house.get(f"/app/g/{goal.id}/point", as_="halloran").get_data(as_text=True)
    send(house, goal.id, {**MEASURES["cbm"][1], "observed_on": "2026-11-20", "note": "She fixed two words."})
    (point,) = history(house, goal.id)

    assert "It is part of the school record." in text
    assert ("2026-11-20", FreeText(text="She fixed two words.", lang="en")) == (
        point.observed_on.isoformat(),
        point.note,
    )


def test_three_passages_are_one_reading(house: House) -> None:
    """A timed measure may be taken three times; the middle one counts."""
    goal = goal_with(house, MEASURES["cbm"][0])
    text = house.get(f"/app/g/{goal.id}/point?probes=3", as_="halloran").get_data(as_text=True)
    typed = {"probes": "3", "correct": "50", "correct-2": "58", "correct-3": "61"}
    typed |= {"seconds": "60", "seconds-2": "60", "seconds-3": "60", "errors": "2"}
    wrong = send(house, goal.id, typed | {"correct-3": ""})
    send(house, goal.id, typed)
    (point,) = history(house, goal.id)

    assert "Passage 3: Words read correctly" in text
    assert 'id="correct-3-error"' in wrong.get_data(as_text=True)
    assert 58.0 == point.score


def test_a_correction_shows_the_old_score_and_keeps_it(house: House) -> None:
    """Two points stand in the history; one counts."""
    goal = goal_with(house, MEASURES["cbm"][0])
    send(house, goal.id, MEASURES["cbm"][1])
    (old,) = history(house, goal.id)
    path = f"/app/point/{old.id}/correct"
    text = house.get(path, as_="halloran").get_data(as_text=True)
    typed = {"client_key": str(uuid4()), "correct": "85", "errors": "3", "seconds": "60", "note": "Misread."}
    answer = house.post(path, typed, as_="halloran")
    house.post(path, typed, as_="halloran")
    points = history(house, goal.id)

    assert "58 words" in text
    assert 'value="58"' in text
    assert "point_corrected" == answer.headers["Rapport-Said"]
    assert [58.0, 85.0] == [point.score for point in points]
    assert [None, old.id] == [point.supersedes for point in points]
    assert old.observed_on == points[-1].observed_on


def test_a_correction_that_does_not_fit_comes_back(house: House) -> None:
    """The same refusals as for a new score."""
    goal = goal_with(house, MEASURES["percent"][0])
    send(house, goal.id, MEASURES["percent"][1])
    (old,) = history(house, goal.id)
    typed = {"client_key": str(uuid4()), "correct": "9", "trials": "8", "note": ""}
    answer = house.post(f"/app/point/{old.id}/correct", typed, as_="halloran")

    assert 422 == answer.status_code
    assert 'value="9"' in answer.get_data(as_text=True)


def test_a_corrected_score_is_not_corrected_again(house: House) -> None:
    """The newest one is."""
    goal = goal_with(house, MEASURES["rubric"][0])
    send(house, goal.id, MEASURES["rubric"][1])
    (old,) = history(house, goal.id)
    path = f"/app/point/{old.id}/correct"
    house.post(path, {"client_key": str(uuid4()), "level": "2"}, as_="halloran")
    again = house.post(path, {"client_key": str(uuid4()), "level": "1"}, as_="halloran")

    assert (409, 409) == (again.status_code, house.get(path, as_="halloran").status_code)
    assert 2 == len(history(house, goal.id))


def test_an_aide_corrects_only_what_is_their_own(house: House) -> None:
    """Somebody else's score, a stranger's and one that is not there: the same bytes."""
    goal = house.goal("maya")
    teachers = house.caseload("halloran").goals.goal(goal).history[-1]
    own = house.caseload("moss").progress.record(
        goal, {"correct": 40, "errors": 2, "seconds": 60}, ClientKey(uuid4())
    )
    typed = {"client_key": str(uuid4()), "correct": "41", "errors": "2", "seconds": "60"}
    barred = house.get(f"/app/point/{teachers.id}/correct", as_="moss")
    absent = house.get(f"/app/point/{uuid4()}/correct", as_="moss")

    assert (404, absent.data) == (barred.status_code, barred.data)
    assert 404 == house.post(f"/app/point/{teachers.id}/correct", typed, as_="moss").status_code
    assert 404 == house.get(f"/app/point/{teachers.id}/correct", as_="daly").status_code
    assert 404 == house.get(f"/app/point/{teachers.id}/correct", as_="dana").status_code
    assert 200 == house.get(f"/app/point/{own.point.id}/correct", as_="moss").status_code
    assert 200 == house.post(f"/app/point/{own.point.id}/correct", typed, as_="moss").status_code


def test_the_old_address_of_a_correction_leads_on(house: House) -> None:
    """`?corrects=` of a goal's form goes to the correction."""
    key = uuid4()
    answer = house.get(f"/app/g/{house.goal('maya')}/point?corrects={key}", as_="halloran")

    assert f"/app/point/{key}/correct" == answer.headers["Rapport-Goto"]


def test_a_provider_reads_what_a_colleague_recorded_and_corrects_nothing_of_it(house: House) -> None:
    """Reading the data is not owning them."""
    teachers = house.caseload("halloran").goals.goal(house.goal("theo")).history[-1]

    assert 404 == house.get(f"/app/point/{teachers.id}/correct", as_="abara").status_code
    assert 200 == house.get(f"/app/point/{teachers.id}/correct", as_="halloran").status_code


def test_a_goal_that_is_met_takes_no_more_scores(house: House) -> None:
    """The page says that it moved on; nothing is stored."""
    goal = goal_with(house, MEASURES["cbm"][0])
    site = house.wired.doors.sites()[0]
    with house.wired.store(site.id).write() as uow:
        uow.plan.save_goal(move_goal(goal, GoalState.MET))

    assert 409 == house.get(f"/app/g/{goal.id}/point", as_="halloran").status_code
    assert 409 == send(house, goal.id, MEASURES["cbm"][1]).status_code
    assert [] == history(house, goal.id)


def test_several_durations_are_corrected_as_their_sum() -> None:
    """Two tantrums of a minute and a half and 40 seconds stand as 2:10."""
    reading = reading_from_raw(Measure(kind=K.DURATION), {"seconds": [90, 40]})

    assert {"minutes": "2", "seconds": "10"} == typed_of(reading)


def test_three_probes_come_back_as_three() -> None:
    """An old reading decides how many passages its form has."""
    measure = MEASURES["cbm"][0]
    probes = [{"correct": one, "errors": 1, "seconds": 60} for one in (50, 58, 61)]
    reading = reading_from_raw(measure, {"probes": probes})
    several = several_of(measure, reading=reading)

    assert 3 == several
    assert "61" == typed_of(reading)["correct-3"]
    assert reading == reading_from_raw(measure, raw_of_form(measure, typed_of(reading), several=several))
