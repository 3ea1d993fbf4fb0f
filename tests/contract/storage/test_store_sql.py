"""What only an SQL store can show: waiting, skipping, losing a race, and refusing when it cannot write."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from iepcore.errors import Busy, InvalidValue
from iepcore.ids import SiteId, new_uuid7
from iepcore.ports import Store
from iepcore.testing import store_values as a
from iepcore.testing.archive_contract import everything
from lti_app.doors.records import Site
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import Engines, open_engines
from lti_app.storage.schema import metadata
from lti_app.storage.store import SqlStore
from lti_app.storage.vault import Vault

SITE = SiteId(new_uuid7())


def site_store(engines: Engines, vault: Vault) -> SqlStore:
    """Make the site known to the doors and open its store."""
    SqlDoorStore(engines, vault).add_site(Site(id=SITE, name="A school", zone="UTC"))
    return SqlStore(engines, SITE)


@pytest.fixture
def store(engines: Engines, vault: Vault) -> SqlStore:
    """A store in each database in turn."""
    return site_store(engines, vault)


@pytest.fixture
def room(store: Store) -> a.Classroom:
    """A child with everything around it."""
    classroom = a.a_classroom()
    with store.write() as uow:
        uow.archive.restore(classroom.values)
    return classroom


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Make the calls from threads released together; return answers or exceptions, in the calls' order."""
    barrier = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def one(place: int, call: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            answers[place] = call()
        except Exception as problem:
            answers[place] = problem

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


class TestRaces:
    def test_one_tap_sent_by_eight_requests_is_one_point(self, store: Store, room: a.Classroom) -> None:
        """All eight get the same stored point, whoever came first."""
        key, recorder = a.a_key(), room.teacher.id

        def tap() -> object:
            with store.write() as uow:
                return uow.plan.add_point(a.a_point(room.goal, client_key=key, recorder_id=recorder))

        answers = at_once(*[tap] * 8)
        with store.read() as uow:
            stored = list(uow.plan.history_of_goal(room.goal.id))
        assert stored * 8 == answers

    def test_two_first_messages_share_one_conversation(self, store: Store, room: a.Classroom) -> None:
        """Two adults open the child's general conversation at once: one thread."""

        def begin() -> object:
            with store.write() as uow:
                return uow.family.add_thread(a.a_thread(room.student.id))

        first, *others = at_once(*[begin] * 6)
        assert [first] * 5 == others

    def test_of_two_changes_to_one_version_one_is_a_conflict(self, store: Store, room: a.Classroom) -> None:
        """Both read version 1; one stores version 2, the other is told. Nothing is overwritten unseen."""

        def change(area: str) -> Callable[[], str]:
            def call() -> str:
                with store.write() as uow:
                    uow.plan.save_goal(replace(room.goal, area=area, version=2))
                return area

            return call

        answers = at_once(*[change(f"area {number}") for number in range(6)])
        won = [answer for answer in answers if isinstance(answer, str)]
        with store.read() as uow:
            stored = uow.plan.goal(room.goal.id)
        assert stored is not None
        assert [stored.area] == won
        assert {"Conflict"} == {type(answer).__name__ for answer in answers if not isinstance(answer, str)}

    @pytest.mark.postgres
    def test_a_second_worker_does_not_wait_for_the_first(
        self, postgres_engines: Engines, vault: Vault
    ) -> None:
        """While one worker's transaction is open, another leases other rows at once (SKIP LOCKED)."""
        store = site_store(postgres_engines, vault)
        classroom = a.a_classroom()
        items = [a.an_item(classroom.message) for _ in range(3)]
        with store.write() as uow:
            uow.archive.restore([*classroom.values, *items])
        with store.write() as first:
            mine = first.outbox.lease_due(at=a.NOW, until=a.NOW, limit=2)
            with store.write() as second:
                theirs = second.outbox.lease_due(at=a.NOW, until=a.NOW, limit=2)
        assert (2, 1) == (len(mine), len(theirs))
        assert {item.id for item in items} == {item.id for item in (*mine, *theirs)}


class TestBusy:
    def test_a_locked_store_refuses_and_keeps_nothing(
        self, sqlite_engines: Engines, vault: Vault, tmp_path: Path
    ) -> None:
        """Another process holds the write lock: ``store_locked``, reading goes on, a repeat works."""
        site_store(sqlite_engines, vault)
        engines = open_engines(f"sqlite:///{tmp_path / 'store.sqlite'}", busy_milliseconds=20)
        store = SqlStore(engines, SITE)
        other = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        student = a.a_student()
        with pytest.raises(Busy, match="store_locked"), store.write() as uow:
            uow.people.add_student(student)
        assert everything(store) == []
        other.execute("ROLLBACK")
        other.close()
        with store.write() as uow:
            uow.people.add_student(student)
        assert everything(store) == [student]
        engines.close()

    def test_a_read_only_store_still_reads(
        self, sqlite_engines: Engines, vault: Vault, tmp_path: Path
    ) -> None:
        """A file system gone read-only: ``store_read_only`` for writes, and what is stored is shown."""
        student = a.a_student()
        with site_store(sqlite_engines, vault).write() as uow:
            uow.people.add_student(student)
        engines = open_engines(f"sqlite:///file:{tmp_path / 'store.sqlite'}?mode=ro&uri=true")
        store = SqlStore(engines, SITE)
        with pytest.raises(Busy, match="store_read_only"), store.write() as uow:
            uow.people.add_student(a.a_student())
        assert everything(store) == [student]
        engines.close()

    def test_an_error_inside_a_unit_is_already_ours(self, store: Store, room: a.Classroom) -> None:
        """Code that catches an error inside a unit never meets a driver's words."""
        spoiled = a.a_student(preferred_name="x\ud800y")
        with pytest.raises(InvalidValue, match="not_storable") as caught, store.write() as uow:
            uow.people.add_student(spoiled)
        assert "ud800" not in ascii(str(caught.value))


def test_every_key_of_a_site_table_starts_with_the_site() -> None:
    """Primary keys, unique keys and foreign keys of a site's tables name the site first."""
    unbound = {
        constraint.table.name
        for table in metadata.sorted_tables
        if "site_id" in table.c and table.name not in DOORS
        for constraint in table.constraints
        if isinstance(constraint, sa.PrimaryKeyConstraint | sa.UniqueConstraint | sa.ForeignKeyConstraint)
        if next(iter(constraint.columns)).name != "site_id"
    }
    assert set() == unbound


DOORS = {
    "deployment",
    "visit",
    "grant_state",
    "notice_link",
    "api_grant",
    "installation",
    "install_invite",
    "google_consent",
}
"""Tables of the doors are found by a hash or a platform before anybody knows the site."""
