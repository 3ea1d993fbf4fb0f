"""The conversation: originals and their language, translations with a name, delivery in words, answers."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import uuid4

import pytest

from iepcore.family import HomeAnswer
from iepcore.ids import ClientKey
from iepcore.language import FreeText
from iepcore.notices import OutboxItem, OutboxState, hold_item, lease_item, mark_unknown
from tests.unit.screens.conftest import House
from tests.unit.screens.letters_of import TRICK, form_of, write

DARI = "پروانه هر شب با مادرش می‌خواند."


def _path(house: House, child: str) -> str:
    return f"/app/g/{house.goal(child)}/talk"


def _reply(house: House, child: str, who: str, text: str, lang: str = "en") -> None:
    house.caseload(who).conversation.reply(
        house.student(child), house.goal(child), FreeText(text=text, lang=lang), ClientKey(uuid4())
    )


def _ask_form(page: str, button: str) -> dict[str, list[str]]:
    """Return the small form around a button."""
    forms = re.findall(r"<form[^>]*>.*?</form>", page, flags=re.S)
    return form_of(next(form for form in forms if button in form))


def _item(house: House, item: OutboxItem) -> None:
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        uow.outbox.save(item)


def test_family_reads_the_sentences_in_their_language_and_own_words_as_written(house: House) -> None:
    """Spanish sentences, English words with their language and mark, and Sofía by name to ask."""
    write(house, "lucia", "elena")

    page = house.get(_path(house, "lucia"), as_="elena").text

    assert 'lang="es" dir="ltr">Buenas noticias' in page
    assert 'lang="en" dir="ltr">She read the bridge story alone.' in page
    assert "Sofía Ruiz" in page


def test_family_sees_nothing_of_delivery_and_of_others(house: House) -> None:
    """Who opened what and where notices stand is for staff; Laila does not learn that Farid got it too."""
    write(house, "parwana", "farid", "laila")

    page = house.get(_path(house, "parwana"), as_="laila").text

    assert "deliver" not in page
    assert "Farid" not in page


def test_a_named_interpreter_is_asked_by_one_tap_and_the_words_come_back(house: House) -> None:
    """Elena asks Sofía; the translation stands with her name, the original one tap away."""
    write(house, "lucia", "elena")
    form = _ask_form(house.get(_path(house, "lucia"), as_="elena").text, "Sofía Ruiz")

    asked = house.post("/app/talk/ask", form, as_="elena")

    assert (_path(house, "lucia"), "translation_asked") == (
        asked.headers["Rapport-Goto"],
        asked.headers["Rapport-Said"],
    )
    (task,) = house.caseload("ruiz").interpreting.tasks()
    house.caseload("ruiz").interpreting.answer(task.request.id, "Leyó sola el cuento del puente.")
    page = house.get(_path(house, "lucia"), as_="elena").text
    shown, original = page.index("Leyó sola el cuento"), page.index("She read the bridge story alone.")
    assert shown < original
    assert 'lang="es" dir="ltr">Leyó sola' in page
    assert 'class="badge done"' in page


def test_asking_twice_makes_one_task(house: House) -> None:
    """A double tap on the button is harmless."""
    write(house, "lucia", "elena")
    form = _ask_form(house.get(_path(house, "lucia"), as_="elena").text, "Sofía Ruiz")

    for _ in range(2):
        house.post("/app/talk/ask", form, as_="elena")

    assert 1 == len(house.caseload("ruiz").interpreting.tasks())


def test_staff_see_dari_in_its_direction_with_badge_and_interpreter(house: House) -> None:
    """A teacher who does not read Dari sees the original, its language, and whom to ask."""
    _reply(house, "parwana", "farid", DARI, "prs")

    page = house.get(_path(house, "parwana"), as_="halloran").text

    assert f'lang="prs" dir="rtl">{DARI}' in page
    assert "Dari, not translated yet" in page
    assert "Ask Yalda Karimi to translate" in page
    assert "Ask Sofía Ruiz" not in page


def test_staff_see_the_translation_first_and_the_original_one_tap_away(house: House) -> None:
    """After Yalda's answer the teacher reads English, with her name beside it."""
    _reply(house, "parwana", "farid", DARI, "prs")
    form = _ask_form(house.get(_path(house, "parwana"), as_="halloran").text, "Yalda Karimi")
    house.post("/app/talk/ask", form, as_="halloran")
    assert "Yalda Karimi is asked" in house.get(_path(house, "parwana"), as_="halloran").text
    (task,) = house.caseload("karimi").interpreting.tasks()
    house.caseload("karimi").interpreting.answer(task.request.id, "Parwana reads every night.")

    page = house.get(_path(house, "parwana"), as_="halloran").text

    assert page.index("Parwana reads every night.") < page.index(DARI)
    assert "Translated by Yalda Karimi" in page
    assert "Show the original (Dari)" in page


def test_staff_see_what_became_of_their_own_words_in_the_familys_language(house: House) -> None:
    """Under the teacher's letter: Spanish, not translated yet, and whom to ask."""
    write(house, "lucia", "elena")

    page = house.get(_path(house, "lucia"), as_="halloran").text

    assert re.search(r"Spanish:</span> <span class=\"badge open\">not translated yet", page)
    assert "Ask Sofía Ruiz to translate" in page


def test_opened_is_said_and_never_understood(house: House) -> None:
    """Elena's screen showed it: that much is known, and no more is said."""
    write(house, "lucia", "elena")
    assert "Opened by" not in house.get(_path(house, "lucia"), as_="halloran").text

    house.get(_path(house, "lucia"), as_="elena")

    page = house.get(_path(house, "lucia"), as_="halloran").text
    assert "Opened by Elena Duarte" in page
    assert not re.search(r"\b(read by|seen by|understood)\b", page, flags=re.I)


def test_delivery_is_said_in_words_with_the_next_thing_to_do(house: House) -> None:
    """Waiting, not sure, stopped: each with its reason; only the sender may act."""
    sent = write(house, "parwana", "farid", "laila")
    now = house.clock()
    first, second = sorted(sent.items, key=lambda item: item.recipient_id == house.adult("laila"))
    _item(house, hold_item(first, reason="connect_canvas", at=now, waiting=True))
    leased = lease_item(second, until=now)
    _item(house, leased)
    _item(house, mark_unknown(leased, at=now))

    page = house.get(_path(house, "parwana"), as_="halloran").text

    assert "Something must be connected first" in page
    assert 'data-popup="/app/canvas"' in page
    assert "Not sure it was sent: look first" in page
    assert f"/app/outbox/{second.id}/again" in page
    again = house.post(
        f"/app/outbox/{second.id}/again",
        {"back_kind": "g", "back": str(house.goal("parwana"))},
        as_="halloran",
    )
    assert _path(house, "parwana") == again.headers["Rapport-Goto"]
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        assert OutboxState.QUEUED == uow.outbox.item(second.id).state  # type: ignore[union-attr]


def test_only_the_sender_sends_again(house: House) -> None:
    """A colleague's or a parent's attempt finds nothing."""
    sent = write(house, "maya", "dana")
    leased = lease_item(sent.items[0], until=house.clock())
    _item(house, leased)
    _item(house, mark_unknown(leased, at=house.clock()))

    for who in ("eklund", "dana"):
        form = {"back_kind": "g", "back": str(house.goal("maya"))}
        answer = house.post(f"/app/outbox/{leased.id}/again", form, as_=who)
        assert 404 == answer.status_code


def test_an_unknown_reason_gets_plain_words(house: House) -> None:
    """A code another system made is never shown raw."""
    sent = write(house, "lucia", "elena")
    _item(house, replace(hold_item(sent.items[0], reason="x_77", at=house.clock())))

    page = house.get(_path(house, "lucia"), as_="halloran").text

    assert "x_77" not in page
    assert "Something stands in the way of sending." in page


def test_a_parent_answers_and_staff_can_answer_back(house: House) -> None:
    """Two fields and one tap; the teacher's screen offers to answer exactly these words."""
    write(house, "lucia", "elena")
    page = house.get(_path(house, "lucia"), as_="elena").text
    form = _ask_form(page, "<textarea") | {"text": "Gracias, ¿hay más cuentos?"}

    answer = house.post(_path(house, "lucia"), form, as_="elena")

    assert "reply_sent" == answer.headers["Rapport-Said"]
    staff = house.get(_path(house, "lucia"), as_="halloran").text
    assert 'lang="es" dir="ltr">Gracias, ¿hay más cuentos?' in staff
    assert re.search(r'/write\?to=[0-9a-f-]{36}"', staff)


def test_a_double_answer_is_harmless(house: House) -> None:
    """The same form twice makes one message."""
    form = {"text": "Gracias", "client_key": str(uuid4())}

    for _ in range(2):
        house.post(_path(house, "lucia"), form, as_="elena")

    assert 1 == house.get(_path(house, "lucia"), as_="halloran").text.count(">Gracias<")


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 20_001])
def test_an_empty_or_endless_answer_comes_back_with_advice(house: House, text: str) -> None:
    """The box keeps what was typed; the error stands in the summary and at the box."""
    answer = house.post(_path(house, "maya"), {"text": text, "client_key": str(uuid4())}, as_="dana")

    assert 422 == answer.status_code
    assert 'href="#text"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_markup_and_direction_tricks_are_shown_as_text(house: House) -> None:
    """Whatever a person writes stays text, inside an element with its own direction."""
    _reply(house, "maya", "dana", TRICK)

    page = house.get(_path(house, "maya"), as_="halloran").text

    assert "<script>alert" not in page
    assert 'lang="en" dir="ltr">Hola &lt;script&gt;alert(1)&lt;/script&gt;' in page


def test_home_observations_stand_between_the_messages(house: House) -> None:
    """What Farid saw, in his words and direction, with the mark that nobody has translated them."""
    house.caseload("farid").conversation.observe(
        house.goal("parwana"),
        HomeAnswer.WITH_HELP,
        ClientKey(uuid4()),
        words=FreeText(text=DARI, lang="prs"),
    )

    staff = house.get(_path(house, "parwana"), as_="halloran").text
    assert "Farid Nazari</bdi></b> saw at home:" in staff
    assert "Yes, with help" in staff
    assert "Dari, not translated yet" in staff
    assert DARI not in house.get(_path(house, "parwana"), as_="laila").text


def test_another_household_never_sees_an_answer(house: House) -> None:
    """Osei lives apart from Renee: her words, and that there were any, stay hers and the team's."""
    _reply(house, "amara", "renee", "Only for school.")

    assert "Only for school." in house.get(_path(house, "amara"), as_="renee").text
    assert "Only for school." in house.get(_path(house, "amara"), as_="halloran").text
    other = house.get(_path(house, "amara"), as_="osei").text
    assert "Only for school." not in other
    assert "Renee" not in other


@pytest.mark.parametrize("who", ["carl", "elena"])
def test_who_has_no_right_gets_the_same_refusal_as_for_nothing(house: House, who: str) -> None:
    """A revoked right, another child's parent, a conversation that is not there: the same bytes."""
    refused = house.get(_path(house, "jonah"), as_=who)
    absent = house.get(f"/app/g/{uuid4()}/talk", as_=who)
    posted = house.post(_path(house, "jonah"), {"text": "x", "client_key": str(uuid4())}, as_=who)

    assert (404, 404, 404) == (refused.status_code, absent.status_code, posted.status_code)
    assert refused.data == absent.data == posted.data


def test_staff_do_not_answer_through_the_familys_box(house: House) -> None:
    """A letter has readers; the family's box has none, so a staff post comes back with advice."""
    answer = house.post(_path(house, "maya"), {"text": "Hello", "client_key": str(uuid4())}, as_="halloran")

    assert 422 == answer.status_code


def test_general_conversation_of_a_child_is_its_own(house: House) -> None:
    """Words about the child in general are not mixed with a goal's."""
    place = f"/app/c/{house.student('lucia')}/talk"
    house.post(place, {"text": "Mañana llegamos tarde.", "client_key": str(uuid4())}, as_="elena")

    assert "Mañana llegamos tarde." in house.get(place, as_="halloran").text
    assert "Mañana llegamos tarde." not in house.get(_path(house, "lucia"), as_="halloran").text


def test_broken_small_forms_change_nothing(house: House) -> None:
    """A form without ids is refused as a whole."""
    for form in ({"part": "0"}, {"part": "x", "message_id": str(uuid4()), "interpreter_id": str(uuid4())}):
        assert 400 < house.post("/app/talk/ask", form, as_="halloran").status_code < 500


def test_who_has_just_sent_learns_at_once_that_canvas_must_be_connected(house: House) -> None:
    """Before any outbox job has looked at it, the notice says what it will wait for, with the button."""
    write(house, "lucia", "elena")

    shown = house.get(f"/app/g/{house.goal('lucia')}/talk", as_="halloran").text

    assert "Something must be connected first" in shown
    assert 'data-popup="/app/canvas"' in shown
