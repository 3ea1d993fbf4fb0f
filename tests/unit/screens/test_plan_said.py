"""What was said to a plan, for the team: each remark with its answer, a word to every family, yes and no."""

from __future__ import annotations

from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from iepcore.plan.document import PlanState, PlanVersion, Voice
from tests.unit.screens.conftest import House


def proposed(house: House) -> PlanVersion:
    """Return the change that is proposed for Luca."""
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        found = uow.plans.versions_of(house.student("luca"))
    return next(one for one in found if one.state is PlanState.PROPOSED)


def path(house: House, child: str = "luca") -> str:
    """Return the page of what was said to that change."""
    return f"/app/c/{house.student(child)}/said/{proposed(house).id}"


def send(house: House, to: object, words: str = "Yes.", **more: object) -> TestResponse:
    """Say something as the case manager."""
    form = {"to": to, "words": words, "client_key": uuid4()}
    return house.post(path(house), form | more, as_="halloran")


def test_today_leads_to_what_waits_and_the_answer_ends_it(house: House) -> None:
    """A remark without an answer stands on Today; after the answer it does not; the family reads it."""
    today = house.get("/app/today", as_="halloran", lang="en").text
    assert "Said about a plan" in today
    assert path(house) in today
    page = house.get(path(house), as_="halloran", lang="en").text
    assert "waits for an answer" in page
    assert "says yes" in page
    waiting = house.caseload("halloran").answering.waiting()
    (mine,) = [one for one in waiting if one.student.id == house.student("luca")]
    answer = send(house, mine.comment.id, "Yes, on Friday.")
    assert path(house) == answer.headers["Rapport-Goto"]
    assert "waits for an answer" not in house.get(path(house), as_="halloran", lang="en").text
    assert path(house) not in house.get("/app/today", as_="halloran").text
    family = house.get(f"/app/my/{house.student('luca')}/doc", as_="bruna", lang="en").text
    assert "Yes, on Friday." in family


def test_word_to_every_family(house: House) -> None:
    """It answers nobody, and says so."""
    send(house, "", "We meet on Friday.")
    page = house.get(f"{path(house)}?said=remark_answered", as_="halloran", lang="en").text
    assert "to every family" in page
    assert "Sent. The notice goes out on its own." in page
    said = house.caseload("halloran").answering.said(proposed(house).id).remarks
    assert Voice.STAFF is said[-1].comment.voice


def test_empty_words_come_back_at_their_box(house: House) -> None:
    """With the error at it, whoever it is to."""
    first = house.caseload("halloran").answering.said(proposed(house).id).remarks[0].comment.id
    for to in ("", first):
        answer = send(house, to, " ")
        assert 422 == answer.status_code
        assert f'href="#words-{to or "all"}"' in answer.text
    assert 422 == send(house, "", "Yes.", client_key="bent").status_code


@pytest.mark.parametrize("who", ["moss", "bruna", "eklund"])
def test_nobody_else_reads_it(house: House, who: str) -> None:
    """Neither an aide nor a family, nor staff of other children."""
    assert 404 == house.get(path(house), as_=who).status_code
    assert 404 == house.post(path(house), {"words": "x", "client_key": uuid4()}, as_=who).status_code


def test_other_ids_find_nothing(house: House) -> None:
    """A remark that is not there; a version under another child."""
    assert 404 == send(house, uuid4()).status_code
    assert 404 == house.get(path(house, "maya"), as_="halloran").status_code
