"""What every Store does to keep people out and records in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.errors import Conflict, IepError, IllegalMove
from iepcore.ids import HoldId, new_uuid7
from iepcore.notices import OutboxState
from iepcore.ports import Store
from iepcore.testing import store_values as a
from iepcore.testing.contract_fixtures import StoreFixtures

HOUR = timedelta(hours=1)


class KeepingContract(StoreFixtures):
    """Disabled people, legal holds, and what a hold stops."""

    def test_one_suspension_in_force_at_a_time(self, store: Store, room: a.Classroom) -> None:
        """It is found while it lasts; a second one at once is refused, after its end a new one is not."""
        first = a.a_suspension(room.teacher.id)
        ended = replace(first, ended_at=a.NOW + HOUR, version=2)
        again = a.a_suspension(room.teacher.id, starts_at=a.NOW + HOUR)
        with store.write() as uow:
            uow.keeping.add_suspension(first)
        with pytest.raises(IepError, match="store_refused"), store.write() as uow:
            uow.keeping.add_suspension(again)
        with store.write() as uow:
            assert first == uow.keeping.suspension_of(room.teacher.id)
            assert uow.keeping.suspension_of(room.mother.id) is None
            uow.keeping.save_suspension(ended)
            assert uow.keeping.suspension_of(room.teacher.id) is None
            uow.keeping.add_suspension(again)
        with store.read() as uow:
            assert [ended, again] == list(uow.keeping.suspensions())

    def test_a_hold_is_found_by_its_child_and_by_every_child(self, store: Store, room: a.Classroom) -> None:
        """Its own and the site's; lifted ones are only listed; a stale version is a Conflict."""
        other = a.a_student()
        own, everyones = a.a_hold(room.student.id), a.a_hold(None, placed_at=a.NOW + HOUR)
        with store.write() as uow:
            uow.people.add_student(other)
            uow.keeping.add_hold(own)
            uow.keeping.add_hold(everyones)
        with store.read() as uow:
            assert [own, everyones] == list(uow.keeping.holds_on(room.student.id))
            assert [everyones] == list(uow.keeping.holds_on(other.id))
            assert own == uow.keeping.hold(own.id)
            assert uow.keeping.hold(HoldId(new_uuid7())) is None
        lifted = replace(own, lifted_at=a.NOW + HOUR, version=2)
        with store.write() as uow:
            uow.keeping.save_hold(lifted)
            with pytest.raises(Conflict):
                uow.keeping.save_hold(lifted)
        with store.read() as uow:
            assert [everyones] == list(uow.keeping.holds_on(room.student.id))
            assert [lifted, everyones] == list(uow.keeping.holds())

    @pytest.mark.parametrize("whole_site", [False, True], ids=["of_the_child", "of_the_site"])
    def test_nothing_under_a_hold_is_destroyed(
        self, store: Store, room: a.Classroom, whole_site: bool
    ) -> None:
        """Erasing is refused and old drafts stay; when the hold is lifted both go."""
        hold = a.a_hold(None if whole_site else room.student.id)
        other = a.a_student()
        theirs = a.a_draft(other.id)
        with store.write() as uow:
            uow.people.add_student(other)
            uow.family.save_draft(theirs)
            uow.family.save_draft(a.a_draft(room.student.id))
            uow.keeping.add_hold(hold)
        with pytest.raises(IllegalMove, match="legal_hold"), store.write() as uow:
            uow.archive.erase_student(room.student.id)
        with store.write() as uow:
            assert (0 if whole_site else 1) == uow.family.delete_drafts_before(a.NOW + HOUR)
            uow.keeping.save_hold(replace(hold, lifted_at=a.NOW + HOUR, version=2))
        with store.write() as uow:
            assert (2 if whole_site else 1) == uow.family.delete_drafts_before(a.NOW + HOUR)
            assert 1 == uow.archive.erase_student(room.student.id)["student"]

    def test_open_items_of_an_adult_are_found_on_both_sides(self, store: Store, room: a.Classroom) -> None:
        """Queued and waiting ones to the adult or in the adult's name, and what was held, by its reason."""
        queued = a.an_item(room.message, recipient_id=room.mother.id)
        waiting = replace(
            a.an_item(room.message, state=OutboxState.WAITING, created_at=a.NOW + HOUR),
            recipient_id=room.mother.id,
        )
        held = a.an_item(room.message, state=OutboxState.HELD, reason="person_disabled")
        others = [
            a.an_item(room.message, state=OutboxState.LEASED),
            a.an_item(room.message, state=OutboxState.HELD, reason="sender_left_team"),
            a.an_item(room.message, sender_id=a.an_adult().id, recipient_id=a.an_adult().id),
        ]
        with store.write() as uow:
            for item in (waiting, queued, held, *others):
                uow.outbox.add(item)
        with store.read() as uow:
            assert [queued, waiting] == list(uow.outbox.open_of(queued.sender_id))
            assert [queued, waiting] == list(uow.outbox.open_of(queued.recipient_id))
            found = uow.outbox.held_of_students({room.student.id}, reason="person_disabled")
            assert [held] == list(found)
            assert [] == list(uow.outbox.held_of_students(set(), reason="person_disabled"))
