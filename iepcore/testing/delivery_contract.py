"""What every OutboxRepository and AuditRepository does."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.errors import Conflict
from iepcore.ids import OutboxId, new_uuid7
from iepcore.notices import OutboxState
from iepcore.ports import Store
from iepcore.testing import store_values as a
from iepcore.testing.contract_fixtures import StoreFixtures

MINUTE = timedelta(minutes=1)


class OutboxContract(StoreFixtures):
    """What leaves, one recipient at a time."""

    def test_items_are_found_and_guarded_by_version(self, store: Store, room: a.Classroom) -> None:
        """An item comes back by id and message; a stale version is a Conflict."""
        item = a.an_item(room.message)
        held = replace(item, state=OutboxState.HELD, reason="revoked", version=2)
        with store.write() as uow:
            uow.outbox.add(item)
            uow.outbox.save(held)
            with pytest.raises(Conflict):
                uow.outbox.save(replace(item, state=OutboxState.SENT, version=2))
        with store.read() as uow:
            assert held == uow.outbox.item(item.id)
            assert [held] == list(uow.outbox.of_messages([room.message.id]))
            assert uow.outbox.item(OutboxId(new_uuid7())) is None

    def test_due_items_are_leased_oldest_first(self, store: Store, room: a.Classroom) -> None:
        """Queued and due, oldest first, no more than asked for; what is leased is not due again."""
        items = [a.an_item(room.message, not_before=a.NOW - MINUTE * age) for age in (3, 2, 1)]
        future = a.an_item(room.message, not_before=a.NOW + MINUTE)
        waiting = a.an_item(room.message, state=OutboxState.WAITING)
        with store.write() as uow:
            for item in (future, waiting, *reversed(items)):
                uow.outbox.add(item)
        until = a.NOW + 5 * MINUTE
        with store.write() as uow:
            leased = uow.outbox.lease_due(at=a.NOW, until=until, limit=2)
        assert [item.id for item in items[:2]] == [item.id for item in leased]
        states = {(item.state, item.attempts, item.lease_until, item.version) for item in leased}
        assert states == {(OutboxState.LEASED, 1, until, 2)}
        with store.write() as uow:
            rest = uow.outbox.lease_due(at=a.NOW, until=until, limit=9)
            assert [items[2].id] == [item.id for item in rest]
            assert [] == list(uow.outbox.lease_due(at=a.NOW, until=until, limit=9))
        with store.read() as uow:
            assert leased[0] == uow.outbox.item(leased[0].id)

    def test_two_workers_never_lease_the_same_item(self, store: Store, room: a.Classroom) -> None:
        """Four workers empty a queue of forty: forty leases, forty items."""
        with store.write() as uow:
            for _ in range(40):
                uow.outbox.add(a.an_item(room.message))
        leased: list[OutboxId] = []
        barrier = threading.Barrier(4)

        def work() -> None:
            barrier.wait()
            while True:
                with store.write() as uow:
                    got = uow.outbox.lease_due(at=a.NOW, until=a.NOW + MINUTE, limit=3)
                if not got:
                    return
                leased.extend(item.id for item in got)

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert (40, 40) == (len(leased), len(set(leased)))

    def test_the_worker_finds_what_needs_a_look(self, store: Store, room: a.Classroom) -> None:
        """Vanished leases, unknown outcomes nobody looked at, and what waits for its sender."""
        leased = a.an_item(room.message, state=OutboxState.LEASED, lease_until=a.NOW)
        unknown = a.an_item(room.message, state=OutboxState.UNKNOWN)
        looked = a.an_item(room.message, state=OutboxState.UNKNOWN, looked_at=a.NOW)
        waiting = a.an_item(room.message, state=OutboxState.WAITING)
        with store.write() as uow:
            for item in (leased, unknown, looked, waiting):
                uow.outbox.add(item)
        with store.read() as uow:
            outbox = uow.outbox
            assert [leased] == list(outbox.vanished(at=a.NOW))
            assert [] == list(outbox.vanished(at=a.NOW - MINUTE))
            assert [unknown] == list(outbox.unlooked())
            assert [waiting] == list(outbox.waiting_of(waiting.sender_id))
            assert [] == list(outbox.waiting_of(room.mother.id))
            expected = {state.value: 0 for state in OutboxState}
            assert {**expected, "leased": 1, "unknown": 2, "waiting": 1} == dict(outbox.counts())


class AuditContract(StoreFixtures):
    """The trail."""

    def test_the_trail_of_a_child_is_newest_first(self, store: Store, room: a.Classroom) -> None:
        """Events of one child, newest first, no more than asked for."""
        events = [a.an_event(room.student.id, at=a.NOW + MINUTE * number) for number in range(3)]
        with store.write() as uow:
            for event in (*events, a.an_event(None), a.an_event(a.a_student().id)):
                uow.audit.add(event)
        with store.read() as uow:
            assert events[::-1] == list(uow.audit.of_student(room.student.id))
            assert events[:0:-1] == list(uow.audit.of_student(room.student.id, limit=2))

    def test_a_filled_bucket_adds_nothing(self, store: Store, room: a.Classroom) -> None:
        """Repeated reads fold into the first row; events without a bucket never do."""
        first = a.an_event(room.student.id, bucket="x")
        plain = [a.an_event(room.student.id) for _ in range(2)]
        with store.write() as uow:
            for event in (first, a.an_event(room.student.id, bucket="x"), *plain):
                uow.audit.add(event)
        with store.read() as uow:
            assert {first, *plain} == set(uow.audit.of_student(room.student.id))
