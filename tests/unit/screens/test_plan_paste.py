"""A plan brought in by its words: each line shown, said yes to, and put into the draft all together."""

from __future__ import annotations

import html
import io
import json
import re

import pytest

from iepcore.language import FreeText
from iepcore.plan.document import PlanContents, PlanPart, PlanVersion, PresentLevel, SupportKind
from iepcore.progress import MeasureKind
from lti_app.demo.browser import Page, _Reader
from tests.unit.screens.conftest import House
from tests.unit.screens.plans import CHILD, begun, keep_plans_here

WORDS = """Measurable Annual Goal 1: By 6/14/2027, given a new grade 4 passage, Imani will read aloud at 92
words correct per minute on 3 consecutive weekly probes.
Baseline: 52 wcpm
Special Education Services
Specially designed reading, 5 x 30 min weekly, 12/14/2026 - 12/15/2027
Speech therapy, 150 minutes per quarter
Accommodations:
- Extended time on tests
Parent concerns: She tires quickly.
"""


def path(house: House) -> str:
    """Where words are pasted."""
    return f"/app/c/{house.student(CHILD)}/doc/paste"


def fields(text: str) -> dict[str, str]:
    """The form with the lines, as it was rendered."""
    page = Page(url="http://127.0.0.1/", status=200, html=text)
    reader = _Reader(page)
    reader.feed(text)
    reader.close()
    return dict(next(form for form in page.forms if "r0_part" in dict(form.fields)).fields)


def read(house: House, words: str = WORDS) -> str:
    """Paste and tap "Read it"."""
    answer = house.post(path(house), {"pasted": words, "do": "read"}, as_="halloran")
    assert 200 == answer.status_code
    return html.unescape(answer.text)


def contents(house: House) -> PlanContents:
    """What stands in the draft now."""
    found = house.caseload("halloran").plans.page(house.student(CHILD))
    assert found.draft is not None
    return found.draft.contents


@pytest.fixture
def draft(house: House) -> PlanVersion:
    """A first draft without a line."""
    keep_plans_here(house)
    return begun(house)


def test_each_line_is_shown_with_what_was_read(house: House, draft: PlanVersion) -> None:
    """Lines without a doubt are ticked; a doubt is said and waits; what is left over is shown."""
    text = read(house)
    form = fields(text)
    assert ["goal", "service", "service", "support"] == [form[f"r{number}_part"] for number in range(4)]
    assert ["1", "1", None, "1"] == [form.get(f"r{number}_take") for number in range(4)]
    assert "A quarter or a year is counted here in weeks or months." in text
    assert "Left over: 1 lines" in text
    assert "Parent concerns: She tires quickly." in text
    assert () == contents(house).goals  # nothing is kept yet


def test_ticked_lines_go_into_the_draft_together(house: House, draft: PlanVersion) -> None:
    """A goal with its line on a new present level that begins with strengths, a service, a support."""
    form = fields(read(house))
    form |= {"strengths": "She loves stories.", "r1_take": "1", "do": "take"}
    answer = house.post(path(house), form, as_="halloran")
    assert (f"/app/c/{house.student(CHILD)}/doc/draft", "plan_pasted") == (
        answer.headers["Rapport-Goto"],
        answer.headers["Rapport-Said"],
    )
    stands = contents(house)
    [goal], [level] = stands.goals, stands.levels
    assert goal.line is not None
    assert (MeasureKind.CBM, 52, 92) == (goal.line.measure.kind, goal.line.baseline, goal.line.target)
    assert (False, "Not looked at yet: these words were copied from another system.") == (
        goal.serves_wish,
        goal.wish.text if goal.wish else "",
    )
    assert ((level.area,), "She loves stories.") == (goal.levels, level.strengths.text)
    assert [("Specially designed reading", 5, 30)] == [
        (one.service, one.frequency, one.minutes) for one in stands.services
    ]
    assert [(SupportKind.ACCOMMODATION, "Extended time on tests")] == [
        (one.kind, one.words.text) for one in stands.supports
    ]


def test_strengths_are_asked_for_and_nothing_is_lost(house: House, draft: PlanVersion) -> None:
    """Without what goes well nothing goes in; the page comes back as it was."""
    form = fields(read(house)) | {"r0_target": "95", "strengths": "", "do": "take"}
    answer = house.post(path(house), form, as_="halloran")
    assert 422 == answer.status_code
    assert "a present level begins with strengths" in answer.text
    assert "95" == fields(answer.text)["r0_target"]
    assert () == contents(house).supports


def test_a_line_that_does_not_fit_refuses_all_of_them(house: House, draft: PlanVersion) -> None:
    """The error stands at its field; no other line is taken then."""
    form = fields(read(house)) | {"strengths": "Stories", "r2_take": "1", "do": "take"}
    answer = house.post(path(house), form, as_="halloran")
    assert 422 == answer.status_code
    assert (
        re.search(r'id="r2_frequency"[^>]*aria-invalid="true"', answer.text) or "r2_frequency" in answer.text
    )
    assert () == contents(house).goals


def test_a_goal_builds_on_a_level_that_is_there(house: House, draft: PlanVersion) -> None:
    """Where the draft describes the area, no strengths are asked for."""
    words = FreeText(text="Loves stories", lang="en")
    level = PresentLevel(area="Reading", strengths=words, now=words)
    house.caseload("halloran").drafting.add(draft.id, [(PlanPart.LEVEL, level)])
    text = read(house)
    assert "Strengths first" not in text
    form = fields(text) | {"do": "take"}
    assert "Rapport-Goto" in house.post(path(house), form, as_="halloran").headers
    assert [("Reading",)] == [goal.levels for goal in contents(house).goals]
    again = house.post(path(house), form, as_="halloran")
    assert "Rapport-Goto" in again.headers
    assert 1 == len(contents(house).goals)  # a second send is harmless


def test_words_without_a_line_are_told_so(house: House, draft: PlanVersion) -> None:
    """An empty paste, a whole book, and words that hold nothing of a plan."""
    assert 422 == house.post(path(house), {"pasted": " ", "do": "read"}, as_="halloran").status_code
    assert 422 == house.post(path(house), {"pasted": "a" * 200_001, "do": "read"}, as_="halloran").status_code
    assert "No goal, service or support was found" in read(house, "We met on Tuesday.")
    assert 200 == house.get(path(house), as_="halloran").status_code
    assert "Pegar un plan" in house.get(f"{path(house)}?lang=es", as_="halloran").text


def test_a_template_filled_in_is_read_with_its_errors(house: House, draft: PlanVersion) -> None:
    """Our own columns, pasted or as a file; every wrong cell is told and nothing is taken in."""
    form = fields(
        read(house, "service,times,interval,minutes,first_day,last_day\nOT,1,week,45,2027-01-04,2027-06-04\n")
    )
    assert ("OT", "1", "1") == (form["r0_service"], form["r0_frequency"], form["r0_take"])
    wrong = house.post(path(house), {"pasted": "support,kind\n,toy\n", "do": "read"}, as_="halloran")
    assert 422 == wrong.status_code
    assert "line 2: kind" in wrong.text
    assert "Nothing was taken in" in wrong.text


def test_an_ed_fi_file_is_read_line_by_line(house: House, draft: PlanVersion) -> None:
    """Early access, and the page says so; a field nobody may ask is named, never shown."""
    goal = {
        "iepGoalDetails": "Given a text, she will read 92 words correct per minute.",
        "citizenship": "Xland",
    }
    text = read(house, json.dumps({"studentIEPGoals": [goal]}))
    assert "early access" in text
    assert "Not read: studentIEPGoals.citizenship." in text
    assert "goal" == fields(text)["r0_part"]
    bad = house.post(path(house), {"pasted": '{"studentIEPGoals": 1}', "do": "read"}, as_="halloran")
    assert 422 == bad.status_code


def test_a_file_is_read_like_a_paste(house: House, draft: PlanVersion) -> None:
    """As text; a picture is refused with words, and so is a file without end."""
    for data, status in ((WORDS.encode(), 200), (b"\xff\xd8\xff\xe0", 422), (b"a" * 300_000, 422)):
        sent = {"do": "read", "file": (io.BytesIO(data), "plan.txt")}
        assert status == house.post(path(house), sent, as_="halloran").status_code


def test_without_a_draft_there_is_nothing_to_paste_into(house: House) -> None:
    """The page is only there while a plan is being written, for who writes it."""
    keep_plans_here(house)
    assert 404 == house.get(path(house), as_="halloran").status_code
    begun(house)
    assert 404 == house.get(path(house), as_="moss").status_code
    assert 404 == house.post(path(house), {"pasted": WORDS, "do": "read"}, as_="dana").status_code
