"""What every FamilyRepository does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.errors import Conflict, NotFound
from iepcore.ids import (
    AdultId,
    ContactId,
    DraftId,
    MessageId,
    ObservationId,
    ThreadId,
    TranslationId,
    new_uuid7,
)
from iepcore.ports import Store
from iepcore.testing import store_values as a
from iepcore.testing.contract_fixtures import StoreFixtures

MINUTE = timedelta(minutes=1)


class FamilyContract(StoreFixtures):
    """Conversations, observations at home, contacts, translations, drafts."""

    def test_one_conversation_per_goal_and_one_for_the_child(self, store: Store, room: a.Classroom) -> None:
        """A second thread about the same goal, or about no goal, gives the first one."""
        general = a.a_thread(room.student.id)
        with store.write() as uow:
            family = uow.family
            assert room.thread == family.add_thread(a.a_thread(room.student.id, room.goal.id))
            assert general == family.add_thread(general)
            assert general == family.add_thread(a.a_thread(room.student.id))
        with store.read() as uow:
            family = uow.family
            assert room.thread == family.thread(room.thread.id)
            assert room.thread == family.thread_of(room.student.id, room.goal.id)
            assert general == family.thread_of(room.student.id, None)
            assert {room.thread, general} == set(family.threads_of_students([room.student.id]))
            assert family.thread(ThreadId(new_uuid7())) is None

    def test_a_repeated_send_gives_the_first_message(self, store: Store, room: a.Classroom) -> None:
        """The author's key twice stores one message; messages come oldest first."""
        first = a.a_message(room.thread, sent_at=a.NOW - MINUTE)
        again = replace(first, id=MessageId(new_uuid7()), parts=(a.words("Other"),))
        with store.write() as uow:
            assert [first, first] == [uow.family.add_message(first), uow.family.add_message(again)]
        with store.read() as uow:
            family = uow.family
            assert room.message == family.message(room.message.id)
            assert [first, room.message] == list(family.messages_of_thread(room.thread.id))
            assert [first, room.message] == list(family.messages_of_students([room.student.id]))
            recent = family.messages_of_students([room.student.id], since=a.NOW)
            assert [room.message] == list(recent)
            assert family.message(again.id) is None

    def test_the_first_opening_counts(self, store: Store, room: a.Classroom) -> None:
        """A message opened twice keeps the first time; another adult has their own."""
        first = a.an_opening(room.message)
        other = a.an_opening(room.message, opened_at=a.NOW + MINUTE)
        with store.write() as uow:
            for opened in (first, replace(first, opened_at=a.NOW + MINUTE), other):
                uow.family.add_opened(opened)
        with store.read() as uow:
            assert [first, other] == list(uow.family.opened_of([room.message.id]))
            assert [] == list(uow.family.opened_of([]))

    def test_a_draft_is_replaced_by_the_next_version_only(self, store: Store, room: a.Classroom) -> None:
        """One draft per author, child and goal; a stale one is a Conflict that carries what is stored."""
        first = a.a_draft(room.student.id, room.goal.id)
        second = replace(first, id=DraftId(new_uuid7()), parts=(a.words("Longer"),), version=2)
        with store.write() as uow:
            uow.family.save_draft(first)
            uow.family.save_draft(first)
            uow.family.save_draft(second)
        for stale in (first, replace(second, parts=(a.words("Other"),)), replace(second, version=4)):
            with pytest.raises(Conflict) as caught, store.write() as uow:
                uow.family.save_draft(stale)
            assert (second, stale) == (caught.value.current, caught.value.yours)
        with pytest.raises(NotFound), store.write() as uow:
            uow.family.save_draft(a.a_draft(room.student.id, version=2))

    def test_a_draft_is_its_authors_and_ends(self, store: Store, room: a.Classroom) -> None:
        """Drafts of two authors do not meet; they end by being sent or by age."""
        author = AdultId(new_uuid7())
        general = a.a_draft(room.student.id, author_id=author)
        about = a.a_draft(room.student.id, room.goal.id, author_id=author, saved_at=a.NOW + MINUTE)
        other = a.a_draft(room.student.id, saved_at=a.NOW + MINUTE)
        with store.write() as uow:
            for draft in (general, about, other):
                uow.family.save_draft(draft)
            assert general == uow.family.draft_of(author, room.student.id, None)
            assert about == uow.family.draft_of(author, room.student.id, room.goal.id)
            uow.family.delete_draft(about.id)
            assert uow.family.draft_of(author, room.student.id, room.goal.id) is None
            assert uow.family.delete_drafts_before(a.NOW + MINUTE) == 1
            assert uow.family.draft_of(author, room.student.id, None) is None
            assert other == uow.family.draft_of(other.author_id, room.student.id, None)

    def test_observations_at_home_are_kept_once(self, store: Store, room: a.Classroom) -> None:
        """A repeated tap gives the first observation; they come by goal, oldest first."""
        first = a.an_observation(room.goal)
        early = a.an_observation(room.goal, observed_on=a.TODAY - timedelta(days=1))
        again = replace(first, id=ObservationId(new_uuid7()))
        other = a.a_goal(room.student.id)
        with store.write() as uow:
            uow.plan.add_goal(other)
            assert [first, first] == [uow.family.add_observation(one) for one in (first, again)]
            assert early == uow.family.add_observation(early)
        with store.read() as uow:
            found = uow.family.observations_of_goals([room.goal.id, other.id])
            assert {room.goal.id: [early, first], other.id: []} == {k: list(v) for k, v in found.items()}

    def test_contacts_are_kept_once(self, store: Store, room: a.Classroom) -> None:
        """A repeated entry gives the first; they come by child, oldest first."""
        first, early = a.a_contact(room.student.id), a.a_contact(room.student.id, at=a.NOW - MINUTE)
        again = replace(first, id=ContactId(new_uuid7()))
        with store.write() as uow:
            assert [first, first] == [uow.family.add_contact(one) for one in (first, again)]
            assert early == uow.family.add_contact(early)
        with store.read() as uow:
            assert [early, first] == list(uow.family.contacts_of_students([room.student.id]))

    def test_an_interpreter_is_asked_once(self, store: Store, room: a.Classroom) -> None:
        """One request per message, part and language; it is found by interpreter and message, then done."""
        first = a.a_request(room.message)
        second = a.a_request(room.message, to_language="fa", interpreter_id=first.interpreter_id)
        again = a.a_request(room.message)
        with store.write() as uow:
            assert [first, first, second] == [uow.family.add_request(one) for one in (first, again, second)]
        done = replace(first, done_at=a.NOW + MINUTE)
        with store.write() as uow:
            uow.family.save_request(done)
            with pytest.raises(NotFound):
                uow.family.save_request(again)
        with store.read() as uow:
            family = uow.family
            assert done == family.request(first.id)
            assert {done, second} == set(family.requests_of_interpreter(first.interpreter_id))
            assert {done, second} == set(family.requests_of_messages([room.message.id]))
            assert family.request(TranslationId(new_uuid7())) is None
            assert [] == list(family.requests_of_interpreter(again.interpreter_id))

    def test_translations_stand_beside_each_other(self, store: Store, room: a.Classroom) -> None:
        """A later translation does not remove an earlier one; they come oldest first."""
        later = a.a_translation(room.message, made_at=a.NOW + MINUTE)
        first, persian = a.a_translation(room.message), a.a_translation(room.message, part=0)
        with store.write() as uow:
            for translation in (later, first, first, persian):
                uow.family.add_translation(translation)
        with store.read() as uow:
            found = list(uow.family.translations_of([room.message.id]))
            assert {first, persian} == set(found[:2])
            assert [later] == found[2:]
