"""The family's screens: the answer first, in their language, and nothing of anybody else's."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import uuid4

import pytest

from iepcore.family import HomeAnswer, HomeObservation
from iepcore.ids import RelationshipId
from iepcore.people import Relationship
from tests.unit.screens.conftest import House
from tests.unit.screens.letters_of import TRICK, form_of, write


def _words(page: str) -> str:
    """Return a page as it is read: without tags, spaces joined."""
    main = page[page.index('<main id="page"') : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def _home_form(page: str, goal: object) -> dict[str, list[str]]:
    form = re.search(rf'<form[^>]*id="seen-{goal}".*?</form>', page, flags=re.S)
    assert form is not None
    return form_of(form.group())


def _seen(house: House, child: str) -> tuple[HomeObservation, ...]:
    return house.caseload("halloran").goals.goal(house.goal(child)).observations


def test_elena_reads_the_answer_in_spanish_growth_first(house: House) -> None:
    """One child: her page at once, in Spanish, growth before the number beside the plan's path."""
    answer = house.get("/app/my", as_="elena")
    said = _words(answer.text)

    assert 200 == answer.status_code
    assert '<html lang="es" dir="ltr"' in answer.text
    assert "<h1><bdi>Lucía</bdi></h1>" in answer.text
    assert "Va por buen camino" in said
    assert said.index("Buenas noticias sobre") < said.index("el camino del plan estaba en")


def test_farid_reads_from_right_to_left_with_names_isolated(house: House) -> None:
    """Dari all through, its own digits, and the Latin name in an isolate of its own."""
    page = house.get("/app/my", as_="farid").text

    assert '<html lang="prs" dir="rtl"' in page
    assert "خبر خوش" in page
    assert "<bdi>Parwana</bdi>" in page
    assert "۳۶" in page


def test_language_switch_is_always_there_and_a_choice_is_kept(house: House) -> None:
    """Three links by their own names; choosing one makes it the language of letters from then on."""
    page = house.get("/app/my", as_="farid").text
    for tag, name in (("en", "English"), ("es", "Español"), ("prs", "دری")):
        assert f'href="/app/my?lang={tag}"' in page
        assert name in page

    house.get("/app/my?lang=en", as_="farid")

    assert '<html lang="en" dir="ltr"' in house.get("/app/my", as_="farid").text
    (reader,) = [
        one
        for one in house.caseload("halloran").writing.compose(house.student("parwana"), None).readers
        if one.adult.id == house.adult("farid")
    ]
    assert "en" == reader.adult.reads


def test_a_choice_that_is_no_language_here_changes_nothing(house: House) -> None:
    """An unknown tag is left alone, and staff do not change what they read by looking."""
    house.get("/app/my?lang=xx", as_="farid")

    assert '<html lang="prs"' in house.get("/app/my", as_="farid").text


def test_newest_note_stands_there_without_saying_the_same_twice(house: House) -> None:
    """The teacher's own words are on the page; the sentences the page says already are not repeated."""
    write(house, "lucia", "elena")

    page = house.get("/app/my", as_="elena").text

    assert "She read the bridge story alone." in page
    assert 1 == _words(page).count("Buenas noticias sobre la lectura en voz alta")
    assert "¿Cómo le va a" in page


def test_showing_a_note_counts_as_opened(house: House) -> None:
    """The sender learns that it was opened from the page it stands on; the list has no new message then."""
    write(house, "lucia", "elena")
    assert 1 == house.caseload("elena").home.children()[0].unread

    house.get("/app/my", as_="elena")

    assert 0 == house.caseload("elena").home.children()[0].unread
    talk = house.get(f"/app/g/{house.goal('lucia')}/talk", as_="halloran").text
    assert "Opened by Elena Duarte" in talk


def test_two_taps_tell_what_was_seen_at_home(house: House) -> None:
    """An answer and the button: four choices, no words needed, and the page thanks."""
    page = house.get("/app/my", as_="elena").text
    for answer in HomeAnswer:
        assert f'value="{answer.value}"' in page
    form = _home_form(page, house.goal("lucia")) | {"answer": ["with_help"]}

    told = house.post(f"/app/my/{house.student('lucia')}/seen", form, as_="elena")

    assert f"/app/my/{house.student('lucia')}" == told.headers["Rapport-Goto"]
    assert [HomeAnswer.WITH_HELP] == [one.answer for one in _seen(house, "lucia")]
    assert "Sí, con ayuda" in house.get("/app/my", as_="elena").text


def test_words_may_go_with_the_answer_in_the_familys_language(house: House) -> None:
    """Farid's words are kept as Dari, tricks and all, and shown as text."""
    form = {
        "goal_id": str(house.goal("parwana")),
        "answer": "yes_alone",
        "words": TRICK,
        "client_key": str(uuid4()),
    }

    for _ in range(2):  # a double tap is harmless
        house.post(f"/app/my/{house.student('parwana')}/seen", form, as_="farid")

    (one,) = _seen(house, "parwana")
    assert one.words is not None
    assert "prs" == one.words.lang
    assert "<script>alert" not in house.get(f"/app/g/{house.goal('parwana')}", as_="halloran").text


@pytest.mark.parametrize("answer", ["", "always"])
def test_no_answer_chosen_keeps_the_words_and_says_what_is_missing(house: House, answer: str) -> None:
    """The error stands at the question, the typed words stay."""
    form = {
        "goal_id": str(house.goal("maya")),
        "answer": answer,
        "words": "She read to her sister.",
        "client_key": str(uuid4()),
    }

    refused = house.post(f"/app/my/{house.student('maya')}/seen", form, as_="dana")

    assert 422 == refused.status_code
    assert "She read to her sister.</textarea>" in refused.text
    assert f'href="#answer-{house.goal("maya")}"' in refused.text
    assert () == _seen(house, "maya")


def test_answering_from_the_page_leads_back_to_it(house: House) -> None:
    """Journey 9: the page, the words, Send; the teacher has them."""
    write(house, "lucia", "elena")
    page = house.get("/app/my", as_="elena").text
    reply = re.search(rf'<form[^>]*action="/app/g/{house.goal("lucia")}/talk".*?</form>', page, flags=re.S)
    assert reply is not None
    form = form_of(reply.group()) | {"text": ["¡Qué alegría!"]}

    sent = house.post(f"/app/g/{house.goal('lucia')}/talk", form, as_="elena")

    assert f"/app/my/{house.student('lucia')}" == sent.headers["Rapport-Goto"]
    assert "¡Qué alegría!" in house.get(f"/app/g/{house.goal('lucia')}/talk", as_="halloran").text


def test_every_box_says_who_reads_it_and_that_nobody_watches(house: House) -> None:
    """Under each text box the two lines, tied to it for a screen reader; no box promises privacy."""
    write(house, "maya", "dana", goal=True)

    page = house.get("/app/my", as_="dana").text

    for box in re.findall(r"<textarea[^>]*>", page):
        name = re.search(r'id="([^"]+)"', box)
        assert name is not None
        assert f"{name.group(1)}-readers {name.group(1)}-watched" in box
    assert "It is part of the school record." in page
    assert "Not watched outside school hours. Emergency: <bdi>911</bdi>" in page
    assert not re.search(r"\b(private|confidential|secret)\b", page, flags=re.I)


def test_how_we_measure_and_whom_to_turn_to_are_there(house: House) -> None:
    """The goal's own sentence with its language, what is counted, the staff by name, the telephone."""
    page = house.get("/app/my", as_="elena").text

    assert "Esto es lo que contamos" in page
    assert 'class="quote written" lang="en" dir="ltr"' in page
    assert "Priya Halloran" in page
    assert 'href="tel:555-0100"' in page


def test_rights_are_never_shown_as_a_verdict(house: House) -> None:
    """Osei may read and not decide: his page says nothing of it."""
    page = house.get("/app/my", as_="osei").text

    assert "Amara" in page
    assert not re.search(r"decide|decision|rights|custody", _words(page), flags=re.I)


def test_list_of_children(house: House) -> None:
    """A parent of two children sees both names and how many messages are new."""
    theo, tess = house.student("theo"), house.student("tess")
    site = house.wired.doors.sites()[0].id
    with house.wired.store(site).write() as uow:
        held = next(
            one for one in uow.people.relationships_of_adult(house.adult("elise")) if one.may_access_records
        )
        for student in (theo, tess):
            uow.people.add_relationship(_same_right(held, student))

    page = house.get("/app/my", as_="elise").text

    for name, student in (("Theo", theo), ("Tess", tess), ("Jonah", house.student("jonah"))):
        assert f'href="/app/my/{student}"' in page
        assert name in page
    assert "goal" not in _words(page).lower()
    one = house.get(f"/app/my/{theo}", as_="elise").text
    assert 'href="/app/my"' in one


def _same_right(held: Relationship, student: object) -> Relationship:
    return replace(held, id=RelationshipId(uuid4()), student_id=student)  # type: ignore[arg-type]


def test_a_revoked_right_gets_the_same_bytes_as_a_stranger(house: House) -> None:
    """Carl's right ended: the neutral page for the first screen, the common refusal for the child's."""
    stranger = house.get("/app/my", as_="pell")
    carl = house.get("/app/my", as_="carl")

    assert 200 == carl.status_code
    assert stranger.data == carl.data
    assert b"Jonah" not in carl.data

    for who in ("carl", "elena"):
        refused = house.get(f"/app/my/{house.student('jonah')}", as_=who)
        absent = house.get(f"/app/my/{uuid4()}", as_=who)
        assert (404, absent.data) == (refused.status_code, refused.data)


def test_a_revoked_right_cannot_tell_anything_either(house: House) -> None:
    """A form kept open from before is refused."""
    form = {"goal_id": str(house.goal("jonah")), "answer": "yes_alone", "client_key": str(uuid4())}

    answer = house.post(f"/app/my/{house.student('jonah')}/seen", form, as_="carl")

    assert 404 == answer.status_code
    assert () == _seen(house, "jonah")


def test_another_household_never_sees_what_was_seen_at_home(house: House) -> None:
    """Renee's answer stands on her page and on the team's, not on Osei's, who lives apart."""
    form = {
        "goal_id": str(house.goal("amara")),
        "answer": "tried_not_yet",
        "words": "Monday at dinner.",
        "client_key": str(uuid4()),
    }
    house.post(f"/app/my/{house.student('amara')}/seen", form, as_="renee")

    assert "Tried, not yet." in _words(house.get("/app/my", as_="renee").text)
    other = house.get("/app/my", as_="osei").text
    assert "Monday at dinner." not in other
    assert "You told us" not in other


def test_a_note_to_the_other_household_is_not_shown(house: House) -> None:
    """A letter to Renee alone never stands on Osei's page."""
    write(house, "amara", "renee", text="For Renee only.")

    assert "For Renee only." in house.get("/app/my", as_="renee").text
    assert "For Renee only." not in house.get("/app/my", as_="osei").text


def test_title_and_addresses_say_nothing_of_a_plan(house: House) -> None:
    """What a browser's history or a shared screen shows is neutral."""
    page = house.get("/app/my", as_="elena").text
    title = re.search(r"<title>(.*?)</title>", page)

    assert title is not None
    assert "Mi hijo o hija · Cedar Hollow School" == title.group(1)
