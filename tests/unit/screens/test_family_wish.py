"""The wish page: one question, the answer kept word for word and taken back; the student's own words."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from iepcore.plan.document import Voice
from tests.unit.screens.conftest import House


def path(house: House, child: str = "maya") -> str:
    """Return the wish page of a child."""
    return f"/app/my/{house.student(child)}/wish"


def say(house: House, words: str = "", *, as_: str = "rui", **more: object) -> object:
    """Answer the question about Maya."""
    return house.post(path(house), {"words": words, "client_key": uuid4()} | more, as_=as_)


def test_answer_is_kept_word_for_word(house: House) -> None:
    """Asked, answered, said in another way, what was said before, taken back."""
    assert "Keep this answer" in house.get(path(house), as_="rui", lang="en").text
    kept = say(house, "Sleep over at a friend’s.")
    assert ("wish_kept", path(house)) == (kept.headers["Rapport-Said"], kept.headers["Rapport-Goto"])
    house.clock.forward(minutes=1)
    say(house, "Sleep over at grandma’s.")
    page = house.get(f"{path(house)}?said=wish_kept", as_="rui", lang="en").text
    for words in (
        "Kept, word for word.",
        "Sleep over at grandma’s.",
        "Say it in another way",
        "What you said before",
    ):
        assert words in page
    house.clock.forward(minutes=1)
    back = say(house, act="back")
    assert "wish_back" == back.headers["Rapport-Said"]
    assert "Taken back." in house.get(f"{path(house)}?said=wish_back", as_="rui", lang="en").text
    assert "rocket" not in house.get(path(house), as_="rui", lang="en").text  # what Dana said is hers


def test_empty_answer_comes_back(house: House) -> None:
    """The form, the error at its box, a summary on top; a bent key, too."""
    for answer in (say(house, "  "), say(house, "Swim.", client_key="bent")):
        assert 422 == answer.status_code
        assert 'role="alert"' in answer.text


def test_student_speaks_where_it_is_switched_on(house: House) -> None:
    """The second box is there for who decides, and keeps the words as the student's."""
    assert "In your child’s own words" not in house.get(path(house), as_="rui", lang="en").text
    site = house.wired.doors.sites()[0].id
    with house.wired.store(site).write() as uow:
        now = uow.calendars.choices()
        uow.calendars.add_choices(
            replace(now, student_voice=True, version=now.version + 1, changed_at=house.clock())
        )
    assert "In your child’s own words" in house.get(path(house), as_="rui", lang="en").text
    assert 422 == say(house, "", of="student").status_code
    say(house, "A rocket of my own.", of="student")
    page = house.get(path(house), as_="rui", lang="en").text
    assert "Your child said" in page
    assert "A rocket of my own." in page
    rows = house.caseload("halloran").wishes.of_child(house.student("maya")).rows
    assert Voice.STUDENT in {row.wish.voice for row in rows}


def test_asked_by_the_school_says_when(house: House) -> None:
    """The day of the school's question stands on the page."""
    house.caseload("halloran").wishes.ask(house.student("maya"), uuid4())  # type: ignore[arg-type]
    assert "The school asked on 23 November 2026." in house.get(path(house), as_="rui", lang="en").text


def test_nobody_else_reads_or_answers(house: House) -> None:
    """Staff, another family and who has no right: nothing there."""
    for who in ("halloran", "ilona", "eklund"):
        assert 404 == house.get(path(house), as_=who).status_code
        assert 404 == say(house, "x", as_=who).status_code
    assert 404 == house.get(path(house, "jonah"), as_="carl").status_code
