"""Writing to a family: what is filled in, who may be chosen, what arrives in which language, and the send."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from iepcore.family import MessageKind
from iepcore.language import FreeText, Phrase
from iepcore.notices import Urgency
from tests.unit.screens.conftest import House
from tests.unit.screens.letters_of import TRICK, form_of, write


def _path(house: House, child: str = "lucia") -> str:
    return f"/app/g/{house.goal(child)}"


def _form(house: House, child: str = "lucia", **changes: Any) -> dict[str, Any]:
    page = house.get(f"{_path(house, child)}/write", as_="halloran").text
    return {**form_of(page), **changes}


def _messages(house: House, child: str = "lucia") -> list[Any]:
    found = house.caseload("halloran").conversation.page(house.student(child), house.goal(child))
    return [entry.message for entry in found.entries]


def test_page_shows_each_sentence_beside_what_the_family_reads(house: House) -> None:
    """Lucía's growth stands in English, and under it as Elena will read it in Spanish."""
    page = house.get(f"{_path(house)}/write", as_="halloran").text

    assert "Good news about reading aloud: <bdi>Lucía</bdi> went from 45" in page
    assert "Elena Duarte reads this in Spanish" in page
    assert 'lang="es" dir="ltr">Buenas noticias sobre la lectura en voz alta' in page
    assert "Elena Duarte will see these words in English, marked “not translated yet”." in page
    assert "Spanish: Drafted, not yet reviewed by a native speaker." in page


def test_page_shows_dari_from_right_to_left(house: House) -> None:
    """Parwana's sentences stand in Dari, with their direction, for both parents."""
    page = house.get(f"{_path(house, 'parwana')}/write", as_="halloran").text

    assert "Farid Nazari, Laila Nazari reads this in Dari" in page
    assert 'lang="prs" dir="rtl">خبر خوش' in page


def test_two_taps_send_everything_that_was_filled_in(house: House) -> None:
    """Write, Send: every sentence goes out as a phrase, to every adult who may read, not urgent."""
    answer = house.post(f"{_path(house)}/write", _form(house), as_="halloran")

    assert f"{_path(house)}/talk" == answer.headers["Rapport-Goto"]
    assert "note_sent" == answer.headers["Rapport-Said"]
    (message,) = _messages(house)
    assert all(isinstance(part, Phrase) for part in message.parts)
    assert "update.growth" == message.parts[0].key
    assert frozenset({house.adult("elena")}) == message.recipient_ids
    assert (MessageKind.UPDATE, Urgency.NOT_URGENT) == (message.kind, message.urgency)


def test_a_sentence_can_be_left_out(house: House) -> None:
    """What is not ticked does not go out."""
    form = _form(house)
    form["keep"] = form["keep"][:1]

    house.post(f"{_path(house)}/write", form, as_="halloran")

    assert ["update.growth"] == [part.key for part in _messages(house)[0].parts]


def test_an_edited_sentence_is_free_text_from_then_on(house: House) -> None:
    """It goes out in the writer's language at the place of the sentence, and no phrase stands in for it."""
    form = _form(house)
    form[f"words-{form['keep'][0]}"] = "Lucía reads like a bird flies."

    house.post(f"{_path(house)}/write", form, as_="halloran")

    first = _messages(house)[0].parts[0]
    assert FreeText(text="Lucía reads like a bird flies.", lang="en") == first


def test_own_words_stand_under_their_headings_strengths_first(house: House) -> None:
    """Growth, what went well, the other sentences, what school does next, one thing for home, a question."""
    form = _form(
        house,
        went_well="She read alone.",
        next_step="We read in pairs.",
        at_home="Ten minutes of echo reading.",
    )

    house.post(f"{_path(house)}/write", form, as_="halloran")

    said = [part.key if isinstance(part, Phrase) else part.text for part in _messages(house)[0].parts]
    assert [
        "update.growth",
        "update.label.went_well",
        "She read alone.",
        "update.path",
        "family.on_track",
        "update.label.next_step",
        "We read in pairs.",
        "update.label.at_home",
        "Ten minutes of echo reading.",
        "update.question",
    ] == said


def test_a_writer_may_write_in_the_familys_language(house: House) -> None:
    """Words that are said to be Spanish arrive as Spanish, without the mark."""
    form = _form(house, went_well="Leyó sola el cuento.", lang="es")

    house.post(f"{_path(house)}/write", form, as_="halloran")

    own = [part for part in _messages(house)[0].parts if isinstance(part, FreeText)]
    assert [FreeText(text="Leyó sola el cuento.", lang="es")] == own
    assert "not translated yet" not in house.get(f"{_path(house)}/talk", as_="elena").text


def test_a_parent_without_the_right_cannot_be_chosen_and_the_page_says_why(house: House) -> None:
    """Carl's tile is switched off with its reason, and a forged form that names him sends nothing."""
    path = _path(house, "jonah")
    page = house.get(f"{path}/write", as_="halloran").text
    carl = f'value="{house.adult("carl")}"'
    assert "The right to see the record has ended, so this person cannot be chosen." in page
    assert " disabled" in page[page.index(carl) : page.index(carl) + 80]

    form = _form(house, "jonah", reader=[str(house.adult("carl"))])
    answer = house.post(f"{path}/write", form, as_="halloran")

    assert 422 == answer.status_code
    assert "One person you chose may not read this." in answer.text
    assert [] == _messages(house, "jonah")


def test_nobody_to_read_is_said_beside_the_readers_and_keeps_the_words(house: House) -> None:
    """An empty choice comes back with the error tied to the readers, and what was typed."""
    form = _form(house, reader=[], went_well="She read <b>alone</b>.")

    answer = house.post(f"{_path(house)}/write", form, as_="halloran")

    assert 422 == answer.status_code
    assert "Choose at least one person to read this." in answer.text
    assert "She read &lt;b&gt;alone&lt;/b&gt;.</textarea>" in answer.text
    assert f'href="#reader-{house.adult("elena")}"' in answer.text


def test_an_empty_letter_is_refused_in_words(house: House) -> None:
    """Nothing kept and nothing written: nothing goes out."""
    answer = house.post(f"{_path(house)}/write", _form(house, keep=[]), as_="halloran")

    assert (422, True) == (answer.status_code, "Write something, or choose a sentence" in answer.text)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("", "Choose the day by which you hope for an answer."),
        ("2026-11-22", "Choose today or a later day."),
        ("soon", "Choose the day by which you hope for an answer."),
    ],
)
def test_a_day_for_an_answer_must_be_a_day_to_come(house: House, day: str, words: str) -> None:
    """A missing, past or unreadable day is refused beside its field."""
    form = _form(house, urgency="please_answer", answer_by=day)

    answer = house.post(f"{_path(house)}/write", form, as_="halloran")

    assert (422, True) == (answer.status_code, words in answer.text)
    assert 'href="#answer_by"' in answer.text


def test_please_answer_by_a_day_travels_with_the_message(house: House) -> None:
    """The day is kept, and the family reads it in words."""
    form = _form(house, urgency="please_answer", answer_by="2026-11-30")

    house.post(f"{_path(house)}/write", form, as_="halloran")

    assert Urgency.PLEASE_ANSWER == _messages(house)[0].urgency
    assert "30 de noviembre de 2026" in house.get(f"{_path(house)}/talk", as_="elena").text


def test_a_double_send_is_harmless(house: House) -> None:
    """The same form twice makes one message and one notice."""
    form = _form(house)

    first = house.post(f"{_path(house)}/write", form, as_="halloran")
    second = house.post(f"{_path(house)}/write", form, as_="halloran")

    assert first.headers["Rapport-Goto"] == second.headers["Rapport-Goto"]
    assert 1 == len(_messages(house))


def test_sentences_that_the_writer_did_not_see_are_not_sent(house: House) -> None:
    """New data came in while she wrote: her words are kept, the newest sentences shown, nothing sent."""
    form = _form(house, went_well="A good week.", keep=["0123456789ab"])

    answer = house.post(f"{_path(house)}/write", form, as_="halloran")

    assert 409 == answer.status_code
    assert "newer data came in" in answer.text
    assert "A good week.</textarea>" in answer.text
    assert [] == _messages(house)


def test_a_named_interpreter_is_asked_with_the_send(house: House) -> None:
    """One tick: each of the writer's own words becomes a text on Sofía's screen, in the family's language."""
    form = _form(house, went_well="She read alone.", at_home="Read together.")
    form["ask"] = [f"es|{house.adult('ruiz')}"]

    house.post(f"{_path(house)}/write", form, as_="halloran")

    tasks = house.caseload("ruiz").interpreting.tasks()
    assert {"She read alone.", "Read together."} == {task.text.text for task in tasks}


def test_a_broken_choice_of_interpreter_does_not_stop_the_letter(house: House) -> None:
    """The letter is what matters; asking stays one tap away."""
    form = _form(house, went_well="She read alone.", ask=["es|nobody", f"es|{house.adult('dana')}", "|"])

    answer = house.post(f"{_path(house)}/write", form, as_="halloran")

    assert "note_sent" == answer.headers["Rapport-Said"]


def test_page_shows_what_leaves_the_building(house: House) -> None:
    """The neutral notice, in Spanish and English, without the child's name; it waits for Canvas."""
    page = house.get(f"{_path(house)}/write", as_="halloran").text
    notice = page[page.index('class="leaves"') :]
    notice = notice[: notice.index("</div>")]

    assert "Cedar Hollow School" in notice
    assert "Lucía" not in notice
    assert 'data-popup="/app/canvas"' in page
    assert "waits until your own Canvas inbox is connected" in page


def test_an_answer_starts_with_the_familys_words_and_their_author(house: House) -> None:
    """`?to=` shows what was written, chooses its author only, and ticks no sentence."""
    house.caseload("dana").conversation.reply(
        house.student("maya"),
        house.goal("maya"),
        FreeText(text=TRICK, lang="en"),
        uuid4(),  # type: ignore[arg-type]
    )
    asked = _messages(house, "maya")[-1]
    page = house.get(f"{_path(house, 'maya')}/write?to={asked.id}", as_="halloran").text
    form = form_of(page)

    assert "<h1>Answer Dana Ortega-Lind</h1>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert ([str(house.adult("dana"))], None) == (form["reader"], form.get("keep"))

    house.post(f"{_path(house, 'maya')}/write", {**form, "words": "Yes, gladly."}, as_="halloran")
    newest = _messages(house, "maya")[-1]
    assert (MessageKind.REPLY, asked.id) == (newest.kind, newest.in_reply_to)
    assert (FreeText(text="Yes, gladly.", lang="en"),) == newest.parts


def test_words_of_another_childs_family_cannot_be_answered_here(house: House) -> None:
    """An id of somebody else's message, or no id at all, shows the plain screen."""
    other = write(house, "lucia", "elena").message

    for wrong in (other.id, "not-an-id", uuid4()):
        page = house.get(f"{_path(house, 'maya')}/write?to={wrong}", as_="halloran").text
        assert "Write to the family of Maya" in page
        assert "bridge story" not in page


def test_a_general_teacher_cannot_read_others_words_by_answering_them(house: House) -> None:
    """A reply to the case manager stays closed to a colleague who took no part."""
    reply = _messages(house, "maya")[-1]

    page = house.get(f"{_path(house, 'maya')}/write?to={reply.id}", as_="eklund").text

    assert "echo reading. Can we get" not in page


def test_a_note_about_a_child_in_general_has_no_data_sentences(house: House) -> None:
    """Without a goal one writes in one's own words only."""
    path = f"/app/c/{house.student('lucia')}"
    page = house.get(f"{path}/write", as_="halloran").text
    form = {**form_of(page), "words": "Hello!", "question": "How was the weekend?"}

    answer = house.post(f"{path}/write", form, as_="halloran")

    assert "keep" not in form
    assert f"{path}/talk" == answer.headers["Rapport-Goto"]
    assert "How was the weekend?" in house.get(f"{path}/talk", as_="elena").text


def test_screen_speaks_the_staffs_spanish(house: House) -> None:
    """A teacher who reads Spanish sees the sentences once, for the family reads the same."""
    page = house.get(f"{_path(house)}/write", as_="halloran", lang="es").text

    assert "Buenas noticias" in page
    assert 'class="reads-as"' not in page


@pytest.mark.parametrize("who", ["moss", "elena", "dana", "carl"])
def test_who_may_not_write_gets_nothing(house: House, who: str) -> None:
    """An aide and parents of this or another child neither open the screen nor keep a draft nor send."""
    if who != "moss":
        assert 404 == house.get(f"{_path(house)}/write", as_=who).status_code
    for way in ("write", "draft"):
        answer = house.post(f"{_path(house)}/{way}", {"went_well": "x", "client_key": str(uuid4())}, as_=who)
        assert 404 == answer.status_code
    assert [] == _messages(house)


def test_a_parent_never_sees_the_readers_of_another_household(house: House) -> None:
    """Amara's father may read her record, but not the list of her adults and their rights."""
    for path in (_path(house, "amara"), f"/app/c/{house.student('amara')}"):
        answer = house.get(f"{path}/write", as_="osei")
        assert (404, False) == (answer.status_code, "Renee" in answer.text)


# -- the draft


def test_a_draft_is_kept_and_comes_back(house: House) -> None:
    """Own words, a left-out sentence and an edited one stand there again; only their author sees them."""
    form = _form(house, went_well="She read alone.")
    edited, left_out = form["keep"][0], form["keep"][1]
    form["keep"] = [mark for mark in form["keep"] if mark != left_out]
    form[f"words-{edited}"] = "Lucía flies."

    kept = house.post(f"{_path(house)}/draft", form, as_="halloran")

    assert {"words": "Draft kept, 10:30", "version": 1} == kept.json
    page = house.get(f"{_path(house)}/write", as_="halloran").text
    again = form_of(page)
    assert "Your draft from 10:30." in page
    assert "She read alone.</textarea>" in page
    assert "Lucía flies.</textarea>" in page
    assert form["keep"] == again["keep"]
    assert ["1"] == again["version"]
    assert "Lucía flies" not in house.get(f"{_path(house)}/write", as_="daly").text


def test_a_stale_draft_is_kept_beside_the_newer_one(house: House) -> None:
    """Another window was faster: both are there, and nothing was overwritten."""
    form = _form(house, went_well="First window.")
    house.post(f"{_path(house)}/draft", form, as_="halloran")

    answer = house.post(f"{_path(house)}/draft", {**form, "went_well": "Second window."}, as_="halloran")

    assert 409 == answer.status_code
    assert answer.json is not None
    assert 1 == answer.json["version"]
    assert "First window." in [line["text"] for line in answer.json["other"]]
    assert "First window." in house.get(f"{_path(house)}/write", as_="halloran").text


def test_sending_never_throws_a_newer_draft_away(house: House) -> None:
    """A send from an old window stops, shows both, and goes out when it is sent again."""
    form = _form(house, went_well="Old window.")
    house.post(f"{_path(house)}/draft", {**form, "went_well": "New window."}, as_="halloran")

    stopped = house.post(f"{_path(house)}/write", form, as_="halloran")

    assert 409 == stopped.status_code
    assert "New window." in stopped.text
    assert "Old window.</textarea>" in stopped.text
    assert [] == _messages(house)
    again = {**form, "version": form_of(stopped.text)["version"]}
    assert "note_sent" == house.post(f"{_path(house)}/write", again, as_="halloran").headers["Rapport-Said"]


def test_sending_ends_the_draft(house: House) -> None:
    """After the send the screen is fresh."""
    form = _form(house, went_well="A good week.")
    house.post(f"{_path(house)}/draft", form, as_="halloran")

    house.post(f"{_path(house)}/write", {**form, "version": "1"}, as_="halloran")

    assert "A good week." not in house.get(f"{_path(house)}/write", as_="halloran").text


def test_a_draft_that_is_too_long_says_so(house: House) -> None:
    """The line beside the button carries the advice; nothing half is kept."""
    answer = house.post(f"{_path(house)}/draft", _form(house, went_well="x" * 20_001), as_="halloran")

    assert 422 == answer.status_code
    assert answer.json is not None
    assert "too long" in answer.json["words"]
