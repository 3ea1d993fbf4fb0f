"""What every ArchiveRepository does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from iepcore.errors import IepError, InvalidValue, NotFound
from iepcore.family import Draft
from iepcore.ids import SiteId, StudentId, new_uuid7
from iepcore.people import Adult, Identity, RosterMember, Student
from iepcore.ports import Store
from iepcore.testing import store_values as a
from iepcore.testing.contract_fixtures import OpenStore, StoreFixtures
from iepcore.testing.store_samples import every_value


def everything(store: Store) -> list[object]:
    """Return all values of a store."""
    with store.read() as uow:
        return list(uow.archive.values())


def are_same(given: Sequence[object], found: Sequence[object]) -> bool:
    """Tell whether two collections hold equal values, in whatever order."""
    return len(given) == len(found) and all(value in found for value in given)


class ArchiveContract(StoreFixtures):
    """Everything, for export, import and erasure."""

    def test_every_kind_of_value_comes_back_equal(self, store: Store) -> None:
        """Each kind, each form of reading and measure, each optional field: put in, taken out, equal."""
        given = every_value()
        with store.write() as uow:
            assert len(given) == uow.archive.restore(given)
        assert are_same(given, everything(store))

    def test_what_is_taken_out_can_be_put_into_another_place(self, open_store: OpenStore) -> None:
        """The order of an export is one in which an empty store takes it, and it gives the same again."""
        first, second = open_store(SiteId(new_uuid7())), open_store(SiteId(new_uuid7()))
        with first.write() as uow:
            uow.archive.restore(every_value())
        exported = everything(first)
        with second.write() as uow:
            uow.archive.restore(exported)
        assert exported == everything(second)

    def test_a_restore_is_all_or_nothing(self, store: Store) -> None:
        """A value that is there, or is no value of ours, refuses the whole."""
        student = a.a_student()
        with pytest.raises(IepError, match="store_refused"), store.write() as uow:
            uow.archive.restore([student, student])
        with pytest.raises(InvalidValue, match="unknown_kind"), store.write() as uow:
            uow.archive.restore([student, "text"])
        assert everything(store) == []

    def test_one_childs_export_holds_that_child_only(self, store: Store) -> None:
        """The child, its team and its record; no other child, no address book, no unsent draft."""
        given = every_value()
        child, other = (value for value in given if isinstance(value, Student))
        stranger = a.an_adult()
        with store.write() as uow:
            uow.archive.restore([*given, stranger, a.a_goal(other.id)])
        with store.read() as uow:
            found = list(uow.archive.values(student_id=child.id))
        ids = {getattr(value, "student_id", child.id) for value in found}
        assert {child.id} == ids
        assert [child] == [value for value in found if isinstance(value, Student)]
        assert not any(isinstance(value, RosterMember | Draft) for value in found)
        assert stranger not in found
        assert 2 == sum(isinstance(value, Adult) for value in found)
        assert [child.id] == [value.person_id for value in found if isinstance(value, Identity)]

    def test_an_erased_child_leaves_places_in_the_chains_and_nothing_else(self, store: Store) -> None:
        """The child and all that hangs on it go and are counted; others stay, and the trail without names."""
        given = every_value()
        child, other = (value for value in given if isinstance(value, Student))
        theirs = (a.a_goal(other.id), a.a_draft(other.id))
        with store.write() as uow:
            uow.archive.restore([*given, *theirs])
        with store.write() as uow:
            removed = uow.archive.erase_student(child.id)
        with store.read() as uow:
            assert 0 == len(uow.audit.of_student(child.id))
            assert [] == list(uow.archive.values(student_id=child.id))
        left = [value for value in everything(store) if getattr(value, "reason", "") != "record_erased"]
        assert all(value in left for value in (other, *theirs))
        assert len(given) + 2 - len(left) == sum(removed.values())
        assert (1, 1, 1) == (removed["student"], removed["identity"], removed["roster_member"])
        assert "adult" not in removed

    def test_a_stranger_cannot_be_erased(self, store: Store) -> None:
        """An unknown child is NotFound."""
        with pytest.raises(NotFound), store.write() as uow:
            uow.archive.erase_student(StudentId(new_uuid7()))

    def test_kinds_are_together_in_an_export(self, store: Store) -> None:
        """Values of one kind follow each other, so that a file may have a part for each."""
        with store.write() as uow:
            uow.archive.restore(every_value())
        kinds = [type(value) for value in everything(store)]
        changes = sum(before is not after for before, after in pairwise(kinds))
        assert len(set(kinds)) - 1 == changes
