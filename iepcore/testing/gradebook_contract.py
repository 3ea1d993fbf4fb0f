"""What every Store does with words that go to a gradebook."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.errors import Conflict
from iepcore.notices import WordState
from iepcore.ports import Store
from iepcore.testing import store_values as a
from iepcore.testing.contract_fixtures import StoreFixtures


class GradebookContract(StoreFixtures):
    """One word per tap, in order, each with what became of it."""

    def test_a_word_is_kept_once_per_key(self, store: Store, room: a.Classroom) -> None:
        """The same person's key again returns the first word; another person may have the same key."""
        first = a.a_word(room.student.id, by_id=room.teacher.id)
        again = a.a_word(room.student.id, by_id=room.teacher.id, client_key=first.client_key, text="Other")
        others = a.a_word(
            room.student.id,
            by_id=room.mother.id,
            client_key=first.client_key,
            written_at=a.NOW - timedelta(hours=1),
        )
        with store.write() as uow:
            assert first == uow.gradebook.add(first)
            assert first == uow.gradebook.add(again)
            assert others == uow.gradebook.add(others)
        with store.read() as uow:
            assert [others, first] == list(uow.gradebook.of_student(room.student.id))

    def test_what_became_of_a_word(self, store: Store, room: a.Classroom) -> None:
        """It is stored over the word by version; a stale one is a Conflict."""
        word = a.a_word(room.student.id)
        sent = replace(word, state=WordState.SENT, sent_at=a.NOW, version=2)
        with store.write() as uow:
            uow.gradebook.add(word)
            uow.gradebook.save(sent)
        with store.write() as uow:
            assert [sent] == list(uow.gradebook.of_student(room.student.id))
            with pytest.raises(Conflict):
                uow.gradebook.save(replace(sent, state=WordState.UNKNOWN))
