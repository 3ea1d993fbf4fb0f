"""The question before any draft: each adult's own answer, word for word, and nobody else's."""

from __future__ import annotations

import pytest

from iepcore.errors import IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import StudentId, new_uuid7
from iepcore.language import FreeText, Phrase
from iepcore.people import Relation
from iepcore.plan.document import Voice
from iepcore.testing import a_key, a_parent
from tests.unit.caseload.plan_town import PlanTown, said
from tests.unit.caseload.town import START, Town


@pytest.fixture
def town() -> PlanTown:
    """A town in memory."""
    return PlanTown()


def wish(town: Town, who: str, text: str = "Leer un cuento.", **more: object) -> object:
    """Answer the question for Maya."""
    town.clock.forward(seconds=1)
    words = FreeText(text=text, lang="es")
    return town.caseload(who).wishes.say(town.maya.id, words, a_key(), **more)  # type: ignore[arg-type]


def test_answer_is_kept_word_for_word(each_town: Town) -> None:
    """The newest counts, those before stay, taking back leaves none; the team reads what stands."""
    mother = each_town.caseload("mother").wishes
    assert (None, None, ()) == (
        mother.page(each_town.maya.id).wish,
        mother.page(each_town.maya.id).students_words,
        mother.page(each_town.maya.id).before,
    )
    first, second = wish(each_town, "mother", "Leer."), wish(each_town, "mother", "Leer un cuento.")
    page = mother.page(each_town.maya.id)
    assert (second, (first,), Voice.FAMILY, True) == (page.wish, page.before, page.voice, page.may_write)
    team = each_town.caseload("manager").wishes.of_child(each_town.maya.id)
    assert [(second, "Mother Person")] == [(row.wish, row.author.name) for row in team.rows]
    each_town.clock.forward(seconds=1)
    mother.say(each_town.maya.id, None, a_key())
    assert None is mother.page(each_town.maya.id).wish
    assert () == each_town.caseload("manager").wishes.of_child(each_town.maya.id).rows


def test_answer_sent_twice_is_one(town: PlanTown) -> None:
    """A repeated key returns the first; the same key about another child is refused."""
    key, mother = a_key(), town.caseload("mother").wishes
    first = mother.say(town.maya.id, said("Swim."), key)
    assert first == mother.say(town.maya.id, said("Dance."), key)
    with town.store.write() as uow:
        uow.people.add_relationship(a_parent(town.ivo, town.adults["mother"], valid_from=START))
    with pytest.raises(InvalidValue, match="key_used_elsewhere"):
        mother.say(town.ivo.id, said("Swim."), key)


def test_who_only_reads_may_wish_and_others_may_not(town: PlanTown) -> None:
    """A wish is no decision. Staff have none of their own; who has no right reads and says nothing."""
    wish(town, "father")
    assert town.caseload("father").wishes.page(town.maya.id).wish is not None
    for who in ("revoked", "stranger", "ivos_mother", "manager", "aide", "principal"):
        with pytest.raises(NotPermitted):
            wish(town, who)
        with pytest.raises(NotPermitted):
            town.caseload(who).wishes.page(town.maya.id)
    for who in ("mother", "father", "revoked", "aide", "sub", "stranger"):
        with pytest.raises(NotPermitted):
            town.caseload(who).wishes.of_child(town.maya.id)
    with pytest.raises(NotPermitted):
        town.caseload("mother", masquerade=True).wishes.say(town.maya.id, said("Swim."), a_key())


def test_each_adult_reads_only_their_own(town: PlanTown) -> None:
    """Neither the other household's answer nor that there is one."""
    wish(town, "mother", "Leer.")
    page = town.caseload("father").wishes.page(town.maya.id)
    assert (None, None, ()) == (page.wish, page.students_words, page.before)


def test_student_speaks_where_school_and_parent_let_them(town: PlanTown) -> None:
    """Off until the school switches it on; then by who decides. The words are the student's, written down."""
    with pytest.raises(IllegalMove, match="student_voice_off"):
        wish(town, "mother", for_student=True)
    town.keep_plans(student_voice=True)
    assert town.caseload("mother").wishes.page(town.maya.id).takes_student
    assert not town.caseload("father").wishes.page(town.maya.id).takes_student
    with pytest.raises(IllegalMove, match="student_voice_off"):
        wish(town, "father", for_student=True)
    theirs, own = wish(town, "mother", "Nadar.", for_student=True), wish(town, "mother", "Leer.")
    page = town.caseload("mother").wishes.page(town.maya.id)
    assert (own, theirs) == (page.wish, page.students_words)
    voices = [row.wish.voice for row in town.manager.wishes.of_child(town.maya.id).rows]
    assert [Voice.STUDENT, Voice.FAMILY] == voices
    town.clock.forward(seconds=1)
    town.keep_plans(student_voice=False)  # what was said can be taken back all the same
    town.caseload("mother").wishes.say(town.maya.id, None, a_key(), for_student=True)
    assert None is town.caseload("mother").wishes.page(town.maya.id).students_words


def test_family_is_asked_by_message(town: PlanTown) -> None:
    """Every adult who may read, once per key; outside the tool only that the school has written."""
    key = a_key()
    sent = town.manager.wishes.ask(town.maya.id, key)
    assert sent == town.manager.wishes.ask(town.maya.id, key)
    assert {town.id("mother"), town.id("father")} == sent.recipient_ids
    assert ["plan.ask_wish", "plan.ask_wish_where"] == [
        part.key for part in sent.parts if isinstance(part, Phrase)
    ]
    with town.store.read() as uow:
        assert sent.recipient_ids == {one.recipient_id for one in uow.outbox.of_messages({sent.id})}
    assert sent.sent_at == town.caseload("mother").wishes.page(town.maya.id).asked_at
    view = town.manager.wishes.of_child(town.maya.id)
    assert (sent.sent_at, True) == (view.asked_at, view.may_ask)
    for who in ("mother", "aide", "stranger"):
        with pytest.raises(NotPermitted):
            town.caseload(who).wishes.ask(town.maya.id, a_key())


def test_nobody_to_ask_is_said(town: PlanTown) -> None:
    """A child without a confirmed adult: the team is told to confirm the parents first."""
    town.set_rights("father", records=False)
    with town.store.write() as uow:
        for one in uow.people.relationships_of_student(town.ivo.id):
            assert one.relation is Relation.PARENT
    town.set_rights("mother", records=False)
    with pytest.raises(IllegalMove, match="nobody_to_ask"):
        town.manager.wishes.ask(town.maya.id, a_key())


def test_child_that_is_not_there(town: PlanTown) -> None:
    """An id of no child is refused like any other."""
    with pytest.raises((NotPermitted, NotFound)):
        town.caseload("mother").wishes.page(StudentId(new_uuid7()))
