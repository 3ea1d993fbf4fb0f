"""One student, as the people around the child see the page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from iepcore.caseload import NewGoal
from iepcore.language import FreeText
from iepcore.plan import GoalState, move_goal
from iepcore.progress import ConsecutiveCriterion, Direction, Measure, MeasureKind
from tests.unit.screens.conftest import House


def page_of(house: House, child: str, as_: str, lang: str | None = None, query: str = "") -> str:
    """Return the student's HTML, which must have come out well."""
    answer = house.get(f"/app/c/{house.student(child)}{query}", as_=as_, lang=lang)
    assert 200 == answer.status_code
    return answer.get_data(as_text=True)


def words_of(html: str) -> str:
    """Return what stands on a page, without marks and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def links_of(html: str) -> set[str]:
    """Return where the page leads."""
    return set(re.findall(r'href="(/app/[^"?]*)', html))


def test_goals_stand_with_finding_line_and_last_score(house: House) -> None:
    """Each goal: skill, number beside what was expected, word, small line, and the day of the last score."""
    html = page_of(house, "maya", "halloran")
    said = words_of(html)
    assert "Maya Ortega-Lind · grade 4 · home language: English" in said
    assert "Reading aloud 58 words in a minute, expected 55.6 Last score on 16 November 2026" in said
    assert 2 == html.count('<svg class="spark on-track"')
    assert f"/app/g/{house.goal('maya')}" in links_of(html)


def test_the_next_action_is_a_score_when_one_is_due(house: House) -> None:
    """A week has passed: record. Tries go to the tapping screen, readings to their form."""
    html = page_of(house, "maya", "halloran")
    assert f'href="/app/g/{house.goal("maya")}/point"' in html
    assert f'href="/app/record?g={house.goal("maya", "words")}"' in html


def test_the_next_action_is_a_word_home_when_scores_are_fresh(house: House) -> None:
    """Callum's last score is six days old."""
    html = page_of(house, "callum", "halloran")
    assert f'href="/app/g/{house.goal("callum")}/write"' in html
    assert "Write home" in html


def test_a_goal_that_has_not_begun_has_no_next_action(house: House) -> None:
    """Luca's next goal waits for its day; the other one asks."""
    html = page_of(house, "luca", "halloran")
    assert "Teaching for this goal has not started." in html
    assert f"/app/g/{house.goal('luca', 'next')}/write" not in html
    assert f"/app/g/{house.goal('luca', 'next')}/point" not in html


def test_an_aide_has_no_next_action_when_scores_are_fresh(house: House) -> None:
    """Letters are not hers, and no score is due."""
    html = page_of(house, "callum", "moss")
    assert "Write home" not in html
    assert "Record a score" not in html


def test_the_case_manager_gets_every_link(house: House) -> None:
    """Write, talk, record, team, family, new goal."""
    links = links_of(page_of(house, "maya", "halloran"))
    place = f"/app/c/{house.student('maya')}"
    wanted = {f"{place}/write", f"{place}/talk", f"{place}/team", f"{place}/family", f"{place}/new"}
    assert {*wanted, "/app/record"} <= links


def test_an_aide_sees_goals_recording_plan_and_dates_only(house: House) -> None:
    """No team, no family, no letters, no new goal; who carries a plan out reads it (34 CFR 300.323(d))."""
    html = page_of(house, "maya", "moss")
    place = f"/app/c/{house.student('maya')}"
    ways = {link for link in links_of(html) if link.startswith(f"{place}/")}
    assert {f"{place}/dates", f"{place}/doc"} == ways
    assert "/app/record" in links_of(html)
    assert "Ortega-Lind" in html
    assert "Dana" not in html
    assert "Eklund" not in html


def test_two_rights_are_two_facts(house: House) -> None:
    """Jonah's adults: one with both, one who may read only, one with neither."""
    said = words_of(page_of(house, "jonah", "halloran"))
    family = said[said.index("Family and rights") :]
    assert "May read the record May decide" in family
    assert "May read the record May not decide" in family
    assert "May not read the record May not decide" in family
    assert "Address protected" in family


def test_languages_of_a_parent_are_said(house: House) -> None:
    """What they read, what they speak where it differs, and that an interpreter is needed."""
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        farid = uow.people.adult(house.adult("farid"))
        assert farid is not None
        uow.people.save_adult(replace(farid, speaks="ps", needs_interpreter=True, version=farid.version + 1))
    said = words_of(page_of(house, "parwana", "halloran"))
    assert "reads Dari · speaks Pashto · needs an interpreter" in said


def test_a_child_without_goals_teaches_the_case_manager(house: House) -> None:
    """One thing to do."""
    html = page_of(house, "imani", "halloran")
    assert "No goal yet" in html
    assert f'href="/app/c/{house.student("imani")}/new"' in html
    assert "Add a goal" in html


def test_a_child_without_goals_tells_others_who_can_add_one(house: House) -> None:
    """A teacher on the team cannot; the case manager can."""
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        for goal in uow.plan.goals_of_students({house.student("tess")}):
            uow.plan.save_goal(move_goal(goal, GoalState.DISCONTINUED))
    html = page_of(house, "tess", "hart")
    assert "The case manager can add one." in html
    assert "/new" not in html


def test_a_met_goal_is_closed_and_asks_for_nothing(house: House) -> None:
    """It stays on the page, without a next action."""
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        goal = uow.plan.goal(house.goal("callum"))
        assert goal is not None
        uow.plan.save_goal(move_goal(goal, GoalState.MET))
    html = page_of(house, "callum", "halloran")
    assert '<span class="badge">Closed</span>' in html
    assert "Write home" not in html


def test_nobody_confirmed_says_what_that_means(house: House) -> None:
    """Nothing can be sent home, and no link pretends it could."""
    halloran = house.caseload("halloran")
    for row in halloran.families.view(house.student("callum")).rows:
        with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
            uow.people.save_relationship(
                replace(row.relationship, valid_to=date(2026, 11, 20), version=row.relationship.version + 1)
            )
    html = page_of(house, "callum", "halloran")
    assert "No parent is confirmed yet." in html
    assert f"/app/c/{house.student('callum')}/write" not in links_of(html)


def test_a_new_goal_without_scores_asks_for_the_first(house: House) -> None:
    """No line yet, a word, and what to do."""
    halloran = house.caseload("halloran")
    halloran.goals.add(
        house.student("imani"),
        NewGoal(
            area="reading",
            text=FreeText(text="Names letters.", lang="en"),
            measure=Measure(kind=MeasureKind.PERCENT_CORRECT),
            baseline=10,
            target=90,
            direction=Direction.INCREASE,
            criterion=ConsecutiveCriterion(k=1),
            starts_on=date(2026, 11, 2),
            ends_on=date(2027, 6, 1),
            introduced_on=date(2026, 11, 2),
            skill_words=FreeText(text="nombra letras", lang="es"),
        ),
    )
    html = page_of(house, "imani", "halloran")
    assert '“<bdi lang="es" dir="ltr">nombra letras</bdi>”' in html
    assert "No score since 2 Nov; 3 are needed" in html
    assert "No score yet" in html
    assert '<svg class="spark' not in html


@pytest.mark.parametrize("as_", ["ames", "pell", "ruiz", "abara"])
def test_somebody_without_a_place_gets_the_same_page_for_every_child(house: House, as_: str) -> None:
    """A record that is not theirs and one that does not exist look alike."""
    one = house.get(f"/app/c/{house.student('lucia')}", as_=as_)
    other = house.get("/app/c/01890a5d-ac96-774b-bcce-b302099a8057", as_=as_)
    assert (404, 404) == (one.status_code, other.status_code)
    assert "Lucía" not in one.get_data(as_text=True)


def test_what_was_done_is_said_once(house: House) -> None:
    """By a code in the address, never by words from outside."""
    assert "The goal is added." in page_of(house, "maya", "halloran", query="?said=goal_added")
    assert "notice good" not in page_of(house, "maya", "halloran", query="?said=<b>")


def test_the_page_s_title_names_no_child(house: House) -> None:
    """A shared computer's history shows no name."""
    html = page_of(house, "maya", "halloran")
    title = html[html.index("<title>") : html.index("</title>")]
    assert "Maya" not in title
    assert "Student" in title
