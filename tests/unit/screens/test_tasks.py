"""The interpreter's screen: one text each, nothing else, and each answered once."""

from __future__ import annotations

import pytest

from iepcore.family import TranslationRequest
from tests.unit.screens.conftest import House
from tests.unit.screens.letters_of import TRICK, write


@pytest.fixture
def asked(house: House) -> TranslationRequest:
    """A teacher's words about Lucía, for Sofía to put into Spanish."""
    message = write(house, "lucia", "elena", text=f"A good week. {TRICK}").message
    part = len(message.parts) - 1
    return house.caseload("halloran").interpreting.ask(message.id, part, "es", house.adult("ruiz"))


def test_a_task_is_one_text_and_nothing_else(house: House, asked: TranslationRequest) -> None:
    """The words and two languages; no child, no goal, no sender, no reader, no script."""
    page = house.get("/app/tasks", as_="ruiz").text

    assert "A good week." in page
    assert 'lang="en" dir="ltr"' in page
    for name in (
        "Lucía",
        "Lucia",
        "Elena",
        "Halloran",
        "reading",
        str(asked.message_id),
        str(asked.student_id),
    ):
        assert name not in page
    assert "<script>alert" not in page


def test_answering_takes_the_text_away(house: House, asked: TranslationRequest) -> None:
    """The translation is kept with the interpreter's name, and the screen is empty again."""
    answer = house.post(f"/app/tasks/{asked.id}", {"text": "Una buena semana."}, as_="ruiz")

    assert ("/app/tasks", "translation_done") == (
        answer.headers["Rapport-Goto"],
        answer.headers["Rapport-Said"],
    )
    assert "A good week." not in house.get("/app/tasks", as_="ruiz").text
    page = house.get(f"/app/g/{house.goal('lucia')}/talk", as_="elena").text
    assert "Una buena semana." in page
    assert "Sofía Ruiz" in page


def test_an_empty_answer_comes_back_beside_its_text(house: House, asked: TranslationRequest) -> None:
    """The error stands at the box of this text."""
    answer = house.post(
        f"/app/tasks/{asked.id}",
        {"text": " "},
        as_="ruiz",
    )

    assert 422 == answer.status_code
    assert f'id="text-{asked.id}-error"' in answer.text


def test_a_second_answer_says_that_it_is_done(house: House, asked: TranslationRequest) -> None:
    """Nothing is overwritten, and the page says so."""
    house.post(f"/app/tasks/{asked.id}", {"text": "Una buena semana."}, as_="ruiz")

    again = house.post(f"/app/tasks/{asked.id}", {"text": "Otra cosa."}, as_="ruiz")

    assert 409 == again.status_code
    assert "Otra cosa." not in house.get(f"/app/g/{house.goal('lucia')}/talk", as_="elena").text


def test_a_task_of_another_interpreter_is_not_there(house: House, asked: TranslationRequest) -> None:
    """Yalda neither sees nor answers Sofía's text."""
    assert "A good week." not in house.get("/app/tasks", as_="karimi").text
    assert 404 == house.post(f"/app/tasks/{asked.id}", {"text": "x"}, as_="karimi").status_code


def test_the_screen_speaks_the_interpreters_language(house: House) -> None:
    """Yalda reads Dari from right to left, and an empty screen says what will stand there."""
    page = house.get("/app/tasks", as_="karimi").text

    assert '<html lang="prs" dir="rtl"' in page
    assert 'class="empty"' in page


def test_an_interpreter_without_a_team_begins_at_the_texts(house: House) -> None:
    """Sofía's first page are her texts; a teacher's is Today."""
    assert "/app/tasks" == house.get("/app/", as_="ruiz").headers["Rapport-Goto"]
    assert "/app/today" == house.get("/app/", as_="halloran").headers["Rapport-Goto"]
