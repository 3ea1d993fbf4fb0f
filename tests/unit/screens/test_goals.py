"""One goal: the finding first, the chart and its table, who recorded when."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from iepcore.caseload import NewPhase
from iepcore.family import HomeAnswer
from iepcore.ids import ClientKey
from iepcore.language import FreeText
from iepcore.plan import Goal, GoalState, ReportCodes, TrialOutcome, move_goal
from tests.unit.screens.conftest import House


def page_of(house: House, child: str, as_: str, key: str = "main", lang: str | None = None) -> str:
    """Return the goal's HTML, which must have come out well."""
    answer = house.get(f"/app/g/{house.goal(child, key)}", as_=as_, lang=lang)
    assert 200 == answer.status_code
    return answer.get_data(as_text=True)


def words_of(html: str) -> str:
    """Return what stands on a page, without marks and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def change_goal(house: House, child: str, **changes: object) -> Goal:
    """Store a goal changed, as another screen would have."""
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        goal = uow.plan.goal(house.goal(child))
        assert goal is not None
        changed = replace(goal, version=goal.version + 1, **changes)  # type: ignore[arg-type]
        uow.plan.save_goal(changed)
    return changed


def test_the_finding_is_the_headline(house: House) -> None:
    """The fixed word, the number beside what was expected, the rule in small print, one why."""
    html = page_of(house, "maya", "halloran")
    heading = words_of(html[html.index("<h1") : html.index("</h1>")])
    assert "On track 58 words in a minute, expected 55.6" == heading
    said = words_of(html)
    assert "The middle of the last three scores is 57. The aim line expects 55.6 on 16 November 2026" in said
    assert 1 == html.count("Why does it say so?")
    assert "Met when 3 scores in a row are 92 words in a minute or more, by 13 October 2027." in said


def test_the_chart_has_a_table_twin_and_says_what_it_shows(house: House) -> None:
    """Title, description, and a row for every score with what was expected that day."""
    html = page_of(house, "maya", "halloran")
    assert '<title id="chart-title">On track: 58 words in a minute, expected 55.6</title>' in html
    assert "5 scores, from 51 to 58. The path goes from 52 on 14 October 2026 to 92" in html
    assert '<th scope="row">16 November 2026</th><td>58</td><td>55.6</td>' in html
    assert "At school · Priya Halloran" in html
    assert "Goal 92 on 13 October 2027" in html


@pytest.mark.parametrize(
    ("correct", "sentence"),
    [
        (30, "On track 30 words in a minute, expected 55.6; the middle of the last three is 57"),
        (57, "On track 57 words in a minute, expected 55.6"),
    ],
)
def test_a_last_score_that_tells_another_story_brings_the_middle_with_it(
    house: House, correct: int, sentence: str
) -> None:
    """One bad day does not turn the finding, and the headline must not look like a mistake."""
    halloran = house.caseload("halloran")
    points = halloran.goals.goal(house.goal("maya")).history
    raw = {"correct": 58, "errors": 0, "seconds": 60}
    halloran.progress.correct(points[-3].id, raw, house.key())
    halloran.progress.correct(points[-1].id, {**raw, "correct": correct}, house.key())
    html = page_of(house, "maya", "halloran")
    assert sentence == words_of(html[html.index("<h1") : html.index("</h1>")])


def test_a_goal_that_goes_down_is_met_by_less(house: House) -> None:
    """No word says below when down is good."""
    said = words_of(page_of(house, "callum", "halloran"))
    assert "12 times, expected 9.5" in said
    assert "Met when 4 of 5 scores in a row are 2 times or less" in said
    assert "below" not in said


def test_four_scores_short_of_the_line_suggest_a_look(house: House) -> None:
    """Suggested, never decided."""
    html = page_of(house, "callum", "halloran")
    assert "The team may want to look" in html
    assert "is the team’s to choose" in html
    assert "The team may want to look" not in page_of(house, "maya", "halloran")


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (0, "Next score: today."),
        (-3, "Next score by Monday, 23 November 2026."),
        (9, "A score has been due since Monday, 23 November 2026."),
    ],
)
def test_the_next_day_of_data_is_said(house: House, days: int, sentence: str) -> None:
    """A week after the last score."""
    house.clock.forward(days=days)
    house.tokens.clear()
    assert sentence in page_of(house, "maya", "halloran")


def test_a_correction_stays_beside_what_it_corrects(house: House) -> None:
    """Both stand in the history, marked; the chart and the finding use the new one."""
    halloran = house.caseload("halloran")
    last = halloran.goals.goal(house.goal("maya")).history[-1]
    halloran.progress.correct(
        last.id,
        {"correct": 60, "errors": 1, "seconds": 60},
        house.key(),
        note=FreeText(text="leyó", lang="es"),
    )
    html = page_of(house, "maya", "halloran")
    said = words_of(html)
    assert "60 words in a minute 16 November 2026 · Priya Halloran Correction of 58 words in a minute" in said
    assert "58 words in a minute 16 November 2026 · Priya Halloran Corrected" in said
    assert '<q lang="es" dir="ltr">leyó</q> <span class="badge">Spanish</span>' in html
    assert "On track 60 words in a minute" in said
    assert f"/app/point/{last.id}/correct" not in html
    assert 5 == html.count(">Correct this<")


def test_an_aide_learns_that_her_score_was_corrected(house: House) -> None:
    """By somebody whose score she does not see."""
    moss, halloran = house.caseload("moss").progress, house.caseload("halloran").progress
    hers = moss.record(house.goal("maya", "words"), {"correct": 5, "trials": 5}, house.key())
    halloran.correct(hers.point.id, {"correct": 4, "trials": 5}, house.key())
    html = page_of(house, "maya", "moss", "words")
    assert "5 of 5 (100 percent right) 23 November 2026 · Lia Moss Corrected" in words_of(html)
    assert "4 of 5 (80" not in html
    assert ">Correct this<" not in html


def test_before_a_goal_begins_nothing_is_expected(house: House) -> None:
    """No number is made up for a day before the line."""
    assert "Expected today" in page_of(house, "maya", "halloran")
    change_goal(house, "maya", starts_on=date(2026, 12, 1))
    html = page_of(house, "maya", "halloran")
    assert "Expected today" not in html
    assert "Not enough data" in html
    assert 200 == house.get("/app/today", as_="halloran").status_code


def test_tries_are_shown_as_they_were_taken(house: House) -> None:
    """4 of 5 says more than 80 percent; older scores are folded."""
    said = words_of(page_of(house, "maya", "halloran", "words"))
    assert "4 of 5 (80 percent right)" in said
    assert "3 earlier scores" in said


def test_a_day_without_a_chance_is_no_zero(house: House) -> None:
    """No tries: it is said, and it is no score."""
    house.caseload("halloran").progress.record(
        house.goal("maya", "words"), {"correct": 0, "trials": 0}, house.key()
    )
    html = page_of(house, "maya", "halloran", "words")
    assert "No chance to try" in html
    assert "80 percent right, expected 52" in words_of(html)


def test_what_was_seen_at_home_stands_apart(house: House) -> None:
    """In the chart on its lane, in the table, and in words with who said it."""
    for number in range(6):
        house.caseload("elena").conversation.observe(
            house.goal("lucia"),
            HomeAnswer.YES_ALONE if number else HomeAnswer.WITH_HELP,
            house.key(),
            words=FreeText(text="Leyó sola.", lang="es"),
            observed_on=date(2026, 11, 15 + number),
        )
    html = page_of(house, "lucia", "halloran")
    assert "seen at home" in html
    assert '<q lang="es" dir="ltr">Leyó sola.</q> <span class="badge">Spanish</span>' in html
    assert '<rect class="house"' in html
    assert "<td>Yes, with help</td><td></td><td>At home · " in html
    assert "2 more" in words_of(html)


def test_an_aide_sees_her_own_scores_and_is_told_so(house: House) -> None:
    """The finding counts everybody's; the points of others stay closed, home and letters too."""
    html = page_of(house, "maya", "moss", "words")
    assert "You see the scores you recorded. The finding counts everybody’s." in html
    assert "None of the scores is yours yet" in html
    for absent in ("Priya Halloran", "Seen at home", "Write to the family", "Who recorded when"):
        assert absent not in html
    house.caseload("moss").progress.record(
        house.goal("maya", "words"), {"correct": 5, "trials": 5}, house.key()
    )
    mine = page_of(house, "maya", "moss", "words")
    assert "5 of 5 (100 percent right)" in words_of(mine)
    assert 2 == mine.count('r="5"><title>23 November 2026: 100 percent right</title>')


def test_a_goal_without_scores_begins_with_one(house: House) -> None:
    """The empty place teaches; somebody who may not record is told what will stand there."""
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        goal = uow.plan.goal(house.goal("luca", "next"))
        assert goal is not None
        uow.plan.save_goal(replace(goal, introduced_on=goal.starts_on, version=goal.version + 1))
    html = page_of(house, "luca", "halloran", "next")
    assert "Record the first score" in html
    assert "No score yet" in html


def test_a_goal_that_has_not_begun_asks_for_no_score(house: House) -> None:
    """Teaching first."""
    html = page_of(house, "luca", "halloran", "next")
    assert "Scores begin when the teaching does." in html
    assert "Next score" not in html


def test_a_goal_not_introduced_says_so(house: House) -> None:
    """Staff's own statement goes before what data say."""
    change_goal(house, "maya", introduced_on=None)
    assert "Not started yet Teaching for this goal has not started." in words_of(
        page_of(house, "maya", "halloran")
    )


def test_a_met_goal_says_when(house: House) -> None:
    """Met, on a day, and why."""
    change_goal(house, "maya", target=53.0)
    said = words_of(page_of(house, "maya", "halloran"))
    assert "Met 58 words in a minute; met on 9 November 2026" in said
    assert "The goal’s criterion was met on 9 November 2026." in said


def test_a_close_goal_explains_close(house: House) -> None:
    """How near is near."""
    assert "“Close” means within 10 percent" in page_of(house, "amara", "halloran")


def test_too_few_scores_are_counted(house: House) -> None:
    """How many, since when, and how many are needed."""
    said = words_of(page_of(house, "ivo", "halloran", "words"))
    assert re.search(r"Not enough data 2 scores since \d+ \w+; 3 are needed", said)
    assert "At least 3 are needed." in said


def test_a_closed_goal_asks_for_nothing(house: House) -> None:
    """No recording, no next day; the history stays."""
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        goal = uow.plan.goal(house.goal("maya"))
        assert goal is not None
        uow.plan.save_goal(move_goal(goal, GoalState.DISCONTINUED))
    html = page_of(house, "maya", "halloran")
    assert '<span class="badge">Closed</span>' in html
    for absent in ("Record a score", "Next score", ">Correct this<"):
        assert absent not in html
    assert "Who recorded when" in html


def test_a_draft_goal_is_marked(house: House) -> None:
    """Not in use yet."""
    change_goal(house, "maya", state=GoalState.DRAFT)
    assert '<span class="badge">Draft</span>' in page_of(house, "maya", "halloran")


def test_an_open_set_is_gone_on_with(house: House) -> None:
    """Who left in the middle finds the tries where they were."""
    house.caseload("halloran").progress.tap(
        house.goal("maya", "words"),
        ClientKey(house.key()),
        ClientKey(house.key()),
        TrialOutcome.CORRECT,
        at=datetime(2026, 11, 23, 16, 29, tzinfo=UTC),
    )
    assert "Go on recording" in page_of(house, "maya", "halloran", "words")


def test_a_provider_corrects_her_own_scores_only(house: House) -> None:
    """She reads all; what others wrote is theirs to correct."""
    html = page_of(house, "theo", "abara")
    assert "Who recorded when" in html
    assert ">Correct this<" not in html


def test_words_of_the_chart_follow_the_reader(house: House) -> None:
    """Spanish units and days."""
    html = page_of(house, "callum", "halloran", lang="es")
    assert "17 de noviembre de 2026" in html
    assert "Cuántas veces" in html


def test_a_goal_of_another_child_is_not_found(house: House) -> None:
    """The same for one that does not exist."""
    one = house.get(f"/app/g/{house.goal('lucia')}", as_="moss")
    other = house.get("/app/g/01890a5d-ac96-774b-bcce-b302099a8057", as_="moss")
    assert (404, 404) == (one.status_code, other.status_code)


def test_the_page_s_title_names_nobody(house: House) -> None:
    """Nor the skill: the history of a shared computer stays empty of them."""
    html = page_of(house, "maya", "halloran")
    title = html[html.index("<title>") : html.index("</title>")]
    assert "Maya" not in title
    assert "Reading" not in title


def test_growth_stands_with_its_range_and_how_many_scores_it_rests_on(house: House) -> None:
    """One line under the headline; the why tells it again with the confidence."""
    html = page_of(house, "rosenda", "halloran")
    said = words_of(html)
    assert (
        "Middle of the last 3 scores (34) against the aim line on 19 Nov (35.7). Growth 1.08 letters a week, "
        "likely between 0.94 and 1.21. 14 scores; 14 are usually needed." in said
    )
    assert "In 10 weeks the trend moves by 10.8 (between 9.4 and 12.1, with 80 percent confidence)." in said
    assert "8 of the 14 scores usually needed." in words_of(page_of(house, "lucia", "halloran"))


def test_below_six_scores_the_line_says_what_is_missing(house: House) -> None:
    """Nothing of growth."""
    said = words_of(page_of(house, "maya", "halloran"))
    assert (
        "Middle of the last 3 scores (57) against the aim line on 16 Nov (55.6). "
        "5 of the 14 scores usually needed; growth is told from 6 scores on." in said
    )
    assert "a week, likely" not in said


def test_a_number_that_should_fall_changes_instead_of_growing(house: House) -> None:
    """Away from the goal or towards it: a change, with its sign."""
    said = words_of(page_of(house, "callum", "halloran"))
    assert re.search(r"Change 0\.\d+ times a week, likely between -?0\.\d+ and 0\.\d+\.", said)


def test_a_change_without_scores_of_its_own_has_no_growth_yet(house: House) -> None:
    """What was before led to it and judges nothing any more; the facts are those of the new line."""
    halloran = house.caseload("halloran")
    halloran.changes.add(
        house.goal("lucia"),
        NewPhase(starts_on=date(2026, 11, 23), words=FreeText(text="New passages", lang="en")),
        version=1,
    )
    said = words_of(page_of(house, "lucia", "halloran"))
    assert "0 of the 14 scores usually needed; growth is told from 6 scores on." in said
    assert "Start 58 23 November 2026 Expected today 58 23 November 2026 Goal 84 4 June 2027" in said


def test_own_scores_alone_tell_no_growth(house: House) -> None:
    """An aide reads the finding; the trend would be made of scores she does not see."""
    assert "scores usually needed" not in words_of(page_of(house, "tess", "moss", "words"))


def test_the_report_card_s_code_is_a_fact_where_the_school_has_one(house: House) -> None:
    """The word stays the word."""
    site = house.wired.doors.sites()[0]
    assert "On the report card" not in page_of(house, "maya", "halloran")
    house.wired.doors.add_site(replace(site, report_codes=ReportCodes(on_track="SP")))
    assert "On the report card SP On track" in words_of(page_of(house, "maya", "halloran"))


def test_a_provider_is_offered_changes_of_her_own_goals_only(house: House) -> None:
    """Those of others she reads."""
    assert "Note a change in teaching" not in page_of(house, "theo", "abara")
    assert "Note a change in teaching" in page_of(house, "theo", "halloran")
