"""Letters, answers, observations, contacts, translations: who may say what to whom; repeats do no harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from iepcore.caseload import Letter
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.family import HomeAnswer, MessageKind, TranslationMethod, source_hash
from iepcore.ids import MessageId, TranslationId, new_uuid7
from iepcore.language import FreeText, Phrase
from iepcore.people import AddressKind, SiteRole
from iepcore.testing import a_key, a_parent, words
from iepcore.testing.store_values import a_contact
from tests.unit.caseload.town import START, Town


def _letter(town: Town, *readers: str, **changes: Any) -> Letter:
    whole: dict[str, Any] = {
        "parts": (words(),),
        "recipient_ids": frozenset(town.id(name) for name in readers),
    }
    return Letter(**whole | changes)


# --------------------------------------------------------------------------------------------- writing


def test_writing_screen_has_all_it_needs(each_town: Town) -> None:
    """The child, the finding's sentences, each adult with the road or the reason, and what is answered."""
    asked = each_town.answer("mother")
    page = each_town.caseload("teacher").writing.compose(
        each_town.maya.id, each_town.goal.id, answering=asked.id
    )

    assert (each_town.maya, asked, None) == (page.student, page.answering, page.draft)
    assert page.card is not None
    assert each_town.goal == page.card.goal
    assert all(isinstance(part, Phrase) for part in page.suggested)
    assert [("Father Person", "", AddressKind.MAIL), ("Mother Person", "", AddressKind.MAIL)] == [
        (one.adult.name, one.refusal, one.channel) for one in page.readers[:2]
    ]
    assert [("Revoked Person", "records_right_revoked")] == [
        (one.adult.name, one.refusal) for one in page.readers[2:]
    ]
    general = each_town.caseload("teacher").writing.compose(each_town.maya.id, None)
    assert (None, (), None) == (general.card, general.suggested, general.answering)


def test_only_words_one_may_read_are_answered(town: Town) -> None:
    """A general teacher answers what answers her; a colleague's conversation is not shown to her."""
    theirs, mine = town.write_to("mother", by="teacher"), town.write_to("mother", by="general")
    to_her = town.answer("mother", in_reply_to=mine.message.id)
    to_them = town.answer("mother", in_reply_to=theirs.message.id)
    alone = town.answer("mother")
    compose = town.caseload("general").writing.compose

    def answering(message_id: MessageId) -> object:
        return compose(town.maya.id, town.goal.id, answering=message_id).answering

    assert to_her == answering(to_her.id)
    assert [None] * 3 == [answering(one) for one in (to_them.id, alone.id, MessageId(new_uuid7()))]
    with pytest.raises(NotFound):
        town.write_to("mother", by="general", in_reply_to=to_them.id)
    assert MessageKind.REPLY is town.write_to("mother", by="general", in_reply_to=to_her.id).message.kind


def test_reader_with_an_old_and_a_new_relationship_is_one_reader(town: Town) -> None:
    """The one in force counts: an ended row beside it neither hides the adult nor stops the letter."""
    with town.store.write() as uow:
        ended = a_parent(
            town.maya, town.adults["mother"], valid_from=START - timedelta(days=9), valid_to=START
        )
        uow.people.add_relationship(ended)
        gone = a_parent(town.maya, town.adults["stranger"], valid_from=START, valid_to=START)
        uow.people.add_relationship(gone)
        later = a_parent(town.maya, town.adults["interpreter"], valid_from=START + timedelta(days=300))
        uow.people.add_relationship(later)
    readers = town.caseload("teacher").writing.compose(town.maya.id, None).readers

    assert {"Mother Person": "", "Stranger Person": "relationship_ended"}.items() <= {
        one.adult.name: one.refusal for one in readers
    }.items()
    assert 4 == len(readers)
    assert 1 == len(town.write_to("mother").items)


def test_letter_is_one_message_with_an_item_per_reader(each_town: Town) -> None:
    """Repeated by its key it is the same message and the same items, and no second notice."""
    send, key = each_town.caseload("teacher").writing.send, a_key()
    letter = _letter(each_town, "mother", "father")
    first = send(each_town.maya.id, each_town.goal.id, letter, key)
    again = send(each_town.maya.id, each_town.goal.id, letter, key)

    assert first.message == again.message
    assert {one.id for one in first.items} == {one.id for one in again.items}
    assert (2, MessageKind.UPDATE) == (len(first.items), first.message.kind)
    assert 2 == len(each_town.job().delivery.lease())
    assert MessageKind.NOTE is each_town.write_to("mother", about=None).message.kind
    with pytest.raises(InvalidValue, match="key_used_elsewhere"):
        send(each_town.maya.id, each_town.second.id, letter, key)


def test_reader_without_a_road_waits_in_the_tool(town: Town) -> None:
    """A site with Canvas alone tells nobody by mail; the message is there all the same."""
    town.policy = replace(town.policy, channels=(AddressKind.CANVAS,))
    sent = town.write_to("mother")

    assert () == sent.items
    assert 1 == town.caseload("mother").home.children()[0].unread


@pytest.mark.parametrize(
    ("readers", "code"),
    [
        ((), "nobody_to_read"),
        (("revoked",), "recipient_has_no_right"),
        (("mother", "stranger"), "recipient_has_no"),
    ],
)
def test_letter_goes_to_adults_with_a_right_only(
    each_town: Town, readers: tuple[str, ...], code: str
) -> None:
    """One reader too many and nothing of the letter is kept."""
    before = each_town.messages()
    with pytest.raises(InvalidValue, match=code):
        each_town.write_to(*readers)
    assert before == each_town.messages()


@pytest.mark.parametrize("name", ["mother", "father", "stranger", "ivos_teacher", "officer", "interpreter"])
def test_letters_come_from_the_team(town: Town, name: str) -> None:
    """Neither screen nor draft nor send is open to a family: it would show who else reads."""
    writing, maya = town.caseload(name).writing, town.maya.id
    for attempt in (
        lambda: writing.compose(maya, town.goal.id),
        lambda: writing.save_draft(maya, None, (words(),), language="en", version=0),
        lambda: writing.send(maya, None, _letter(town, "mother"), a_key()),
    ):
        with pytest.raises(NotPermitted, match="letters_come_from_the_team"):
            attempt()


def test_letter_about_another_childs_goal_is_refused(town: Town) -> None:
    """A goal of a child next door never becomes a conversation of this one."""
    writing = town.caseload("teacher").writing
    with pytest.raises(NotFound):
        writing.send(town.maya.id, town.ivos_goal.id, _letter(town, "mother"), a_key())
    with pytest.raises(NotFound):
        writing.save_draft(town.maya.id, town.ivos_goal.id, (words(),), language="en", version=0)


def test_draft_is_the_authors_and_goes_with_the_letter(each_town: Town) -> None:
    """Saved by version, seen by nobody else, gone when sent; a late repeat of the send takes no newer one."""
    maya, goal = each_town.maya.id, each_town.goal.id
    writing, key = each_town.caseload("teacher").writing, a_key()
    first = writing.save_draft(maya, goal, (words("one"),), language="es", version=0)
    second = writing.save_draft(maya, goal, (words("two"),), language="es", version=first.version)
    assert (first.id, 2) == (second.id, second.version)
    with pytest.raises(Conflict) as stale:
        writing.save_draft(maya, goal, (words("three"),), language="es", version=1)
    assert second == stale.value.current
    assert each_town.caseload("manager").writing.compose(maya, goal).draft is None
    writing.send(maya, goal, _letter(each_town, "mother"), key)
    assert writing.compose(maya, goal).draft is None
    each_town.clock.forward(seconds=1)
    newer = writing.save_draft(maya, goal, (words("next"),), language="es", version=0)
    writing.send(maya, goal, _letter(each_town, "mother"), key)
    assert newer == writing.compose(maya, goal).draft


# ------------------------------------------------------------------------------------------ conversations


def test_answer_reaches_staff_and_nobody_else(each_town: Town) -> None:
    """Kept once by its key; it names no other reader; staff answer by letters instead."""
    key, text = a_key(), FreeText(text="Gracias", lang="es")
    sent = each_town.write_to("mother")
    reply = each_town.caseload("mother").conversation.reply
    details = {"in_reply_to": sent.message.id}
    first = reply(each_town.maya.id, each_town.goal.id, text, key, **details)
    assert first == reply(each_town.maya.id, each_town.goal.id, text, key, **details)
    assert (frozenset(), True, sent.message.id) == (first.recipient_ids, first.from_family, first.in_reply_to)
    with pytest.raises(InvalidValue, match="staff_write_letters"):
        each_town.caseload("teacher").conversation.reply(each_town.maya.id, None, text, a_key())
    to_father = each_town.write_to("father").message
    for unseen in (to_father.id, MessageId(new_uuid7())):
        with pytest.raises(NotFound):
            each_town.answer("mother", in_reply_to=unseen)
    assert reply(each_town.maya.id, None, text, a_key()).goal_id is None


def test_staff_see_who_reads_and_who_opened(each_town: Town) -> None:
    """A teacher sees readers, languages, openings and the notice; a mother sees herself and the teacher."""
    each_town.write_to("mother", "father")
    mother = each_town.caseload("mother").conversation.page(each_town.maya.id, each_town.goal.id)
    each_town.caseload("mother").conversation.page(each_town.maya.id, each_town.goal.id)
    teacher = each_town.caseload("teacher").conversation.page(each_town.maya.id, each_town.goal.id)

    assert (("Mother Person",), (), (), "Teacher Person", False) == (
        mother.entries[0].recipients,
        mother.entries[0].opened_by,
        mother.entries[0].outbox,
        mother.entries[0].author_name,
        mother.entries[0].is_mine,
    )
    assert (True, {}, {each_town.id("mother"): "Mother Person"}, "es") == (
        mother.is_family,
        mother.languages,
        mother.names,
        mother.reads,
    )
    entry = teacher.entries[0]
    assert ({"Father Person", "Mother Person"}, ("Mother Person",), 2, True) == (
        set(entry.recipients),
        entry.opened_by,
        len(entry.outbox),
        entry.is_mine,
    )
    assert "es" == teacher.languages[each_town.id("mother")]
    empty = each_town.caseload("teacher").conversation.page(each_town.maya.id, None)
    assert ((), ()) == (empty.entries, empty.observations)


def test_general_teacher_sees_her_own_threads_and_nothing_from_home(town: Town) -> None:
    """Her letters and the answers to them; what a family saw at home is the plan team's to read."""
    town.write_to("mother", by="teacher")
    mine = town.write_to("mother", by="general")
    answer = town.answer("mother", in_reply_to=mine.message.id)
    town.answer("mother")
    town.caseload("mother").conversation.observe(town.goal.id, HomeAnswer.YES_ALONE, a_key())
    general = town.caseload("general").conversation.page(town.maya.id, town.goal.id)
    teacher = town.caseload("teacher").conversation.page(town.maya.id, town.goal.id)

    assert [mine.message.id, answer.id] == [entry.message.id for entry in general.entries]
    assert ((), 1, 4) == (general.observations, len(teacher.observations), len(teacher.entries))


def test_observation_is_kept_once_and_never_from_tomorrow(each_town: Town) -> None:
    """Two taps; a repeat is the first; a day to come is refused; only the child's family observes."""
    observe, key = each_town.caseload("mother").conversation.observe, a_key()
    first = observe(each_town.goal.id, HomeAnswer.WITH_HELP, key, words=words("at dinner"))
    assert first == observe(each_town.goal.id, HomeAnswer.YES_ALONE, key)
    assert each_town.clock.today() == first.observed_on
    yesterday = each_town.clock.today() - timedelta(days=1)
    assert (
        yesterday
        == observe(each_town.goal.id, HomeAnswer.NO_CHANCE, a_key(), observed_on=yesterday).observed_on
    )
    with pytest.raises(InvalidValue, match="in_future"):
        observe(each_town.goal.id, HomeAnswer.NO_CHANCE, a_key(), observed_on=yesterday + timedelta(days=2))
    for name in ("teacher", "ivos_mother", "revoked"):
        with pytest.raises(NotPermitted):
            each_town.caseload(name).conversation.observe(each_town.goal.id, HomeAnswer.YES_ALONE, a_key())


def test_contact_is_logged_by_who_made_it(each_town: Town) -> None:
    """One's own call to an adult of this child; a repeat is one line."""
    log = each_town.caseload("teacher").conversation.log_contact
    entry = a_contact(each_town.maya.id, by_id=each_town.id("teacher"), with_id=each_town.id("mother"))

    assert entry == log(entry) == log(replace(entry, purpose="again"))
    with pytest.raises(InvalidValue, match="not_your_contact"):
        log(replace(entry, by_id=each_town.id("manager")))
    with pytest.raises(InvalidValue, match="not_of_this_child"):
        log(replace(entry, with_id=each_town.id("ivos_mother")))
    with pytest.raises(NotPermitted):
        each_town.caseload("mother").conversation.log_contact(replace(entry, by_id=each_town.id("mother")))


# ------------------------------------------------------------------------------------------- translations


def test_interpreter_sees_the_words_and_nothing_else(each_town: Town) -> None:
    """Asked by name, once; answered once, badged; the original stays; the record stays closed."""
    message = each_town.answer("mother", "Hoy leyó sola.")
    ask = each_town.caseload("teacher").interpreting.ask
    who = each_town.id("interpreter")
    first = ask(message.id, 0, "en", who)
    assert first == ask(message.id, 0, "en", who)
    desk = each_town.caseload("interpreter").interpreting
    task = desk.tasks()[0]
    assert ("Hoy leyó sola.", "en") == (task.text.text, task.request.to_language)
    with pytest.raises(NotPermitted):
        each_town.caseload("interpreter").goals.student(each_town.maya.id)
    with pytest.raises(NotPermitted):
        each_town.caseload("interpreter").conversation.page(each_town.maya.id, each_town.goal.id)
    done = desk.answer(task.request.id, "Today she read alone.")
    assert (TranslationMethod.PERSON, "Interpreter Person", source_hash(task.text)) == (
        done.method,
        done.by_name,
        done.source_hash,
    )
    assert desk.tasks() == ()
    with pytest.raises(IllegalMove, match="task_done"):
        desk.answer(task.request.id, "Again")
    entry = each_town.caseload("teacher").conversation.page(each_town.maya.id, each_town.goal.id).entries[0]
    assert ((done,), message) == (entry.translations, entry.message)


def test_what_may_not_be_asked(town: Town) -> None:
    """A phrase needs no translation; not everybody is an interpreter; unread words are not found."""
    ask = town.caseload("teacher").interpreting.ask
    sent = town.write_to("mother", parts=[Phrase(key="update.question"), words()])
    who = town.id("interpreter")
    for part in (0, -1, 2):
        with pytest.raises(InvalidValue, match="no_such_part"):
            ask(sent.message.id, part, "es", who)
    with pytest.raises(InvalidValue, match="not_an_interpreter"):
        ask(sent.message.id, 1, "es", town.id("manager"))
    with pytest.raises(NotFound):
        ask(MessageId(new_uuid7()), 0, "es", who)
    theirs = town.answer("father")
    with pytest.raises(NotFound):
        town.caseload("mother").interpreting.ask(theirs.id, 0, "es", who)
    with pytest.raises(NotPermitted):
        town.caseload("ivos_mother").interpreting.ask(sent.message.id, 1, "es", who)
    with pytest.raises(NotFound):
        town.caseload("stranger").interpreting.answer(TranslationId(new_uuid7()), "x")
    request = ask(sent.message.id, 1, "es", who)
    with pytest.raises(NotFound):
        town.caseload("manager").interpreting.answer(request.id, "x")


def test_second_household_asking_for_the_same_learns_of_no_first(town: Town) -> None:
    """One request serves both, and each is told only of their own asking."""
    sent = town.write_to("mother", "father")
    who = town.id("interpreter")
    requests = [
        town.caseload(name).interpreting.ask(sent.message.id, 0, "es", who) for name in ("mother", "father")
    ]

    assert requests[0].id == requests[1].id
    assert [town.id("mother"), town.id("father")] == [one.asked_by for one in requests]
    assert (
        town.id("mother") == town.caseload("teacher").interpreting.ask(sent.message.id, 0, "es", who).asked_by
    )
    page = town.caseload("father").conversation.page(town.maya.id, town.goal.id)
    assert () == page.entries[0].requests  # he reads English, and did not ask first


def test_task_asked_in_the_evening_opens_that_evening(town: Town) -> None:
    """Seven in Denver is tomorrow in UTC; the task is there now."""
    town.clock.at = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    sent = town.write_to("mother")
    town.caseload("teacher").interpreting.ask(sent.message.id, 0, "es", town.id("interpreter"))

    assert 1 == len(town.caseload("interpreter").interpreting.tasks())


def test_interpreter_whose_appointment_ended_reads_no_more(town: Town) -> None:
    """An open task opens nothing to somebody who is no interpreter any more."""
    sent = town.write_to("mother")
    request = town.caseload("teacher").interpreting.ask(sent.message.id, 0, "es", town.id("interpreter"))
    assert town.caseload("interpreter").interpreting.is_all_i_do()
    town.caseload("officer").staff.end(town.id("interpreter"), SiteRole.INTERPRETER)
    desk = town.caseload("interpreter").interpreting

    assert not desk.is_all_i_do()
    for attempt in (desk.tasks, lambda: desk.answer(request.id, "x")):
        with pytest.raises(NotPermitted, match="standing_not_current"):
            attempt()
    assert not town.caseload("teacher").interpreting.is_all_i_do()
