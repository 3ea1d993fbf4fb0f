"""The chains in a database: many writers at once, a database that refuses to bend, and rows bent all the
same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from iepcore.access import BEGUN, ChainFault, ChainName, TrailQuery
from iepcore.errors import IepError
from iepcore.ids import SiteId, new_uuid7
from iepcore.testing import store_values as a
from iepcore.testing import trail_values as b
from iepcore.testing.trail_contract import chains_of
from lti_app.doors.records import Site
from lti_app.storage import trail_tables as t
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import Engines, open_engines
from lti_app.storage.migrate import upgrade
from lti_app.storage.schema import metadata
from lti_app.storage.store import SqlStore
from lti_app.storage.trail_guards import STAYS, guard, missing_guards
from lti_app.storage.vault import Vault
from tests.contract.storage.test_store_sql import at_once


def new_store(engines: Engines, vault: Vault) -> SqlStore:
    """Make a site and open its store."""
    site_id = SiteId(new_uuid7())
    SqlDoorStore(engines, vault).add_site(Site(id=site_id, name="A school", zone="UTC"))
    return SqlStore(engines, site_id)


@pytest.fixture
def store(engines: Engines, vault: Vault) -> SqlStore:
    """A store in each database in turn."""
    return new_store(engines, vault)


@pytest.fixture
def room(store: SqlStore) -> a.Classroom:
    """A child with everything around it, and a trail of six rows and two disclosures."""
    classroom = a.a_classroom()
    with store.write() as uow:
        uow.archive.restore(classroom.values)
        for number in range(6):
            uow.audit.add(a.an_event(classroom.student.id, object_id=str(number)))
        for _ in range(2):
            uow.disclosures.add(b.a_disclosure(classroom.student.id))
    return classroom


@contextmanager
def unguarded(engines: Engines) -> Iterator[sa.Connection]:
    """Give a connection of somebody who owns the database and drops the guards."""
    with engines.writing() as connection:
        for name in missing_names(engines):
            table = name.rsplit("_stays", 1)[0].rsplit("_is_", 1)[0]
            of_table = f" ON {table}" if engines.dialect == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER {name}{of_table}")
        yield connection
        guard(connection)


def missing_names(engines: Engines) -> list[str]:
    """Return the names of all guards."""
    names = (
        ("stays", "is_kept", "is_not_emptied") if engines.dialect == "postgresql" else ("stays", "is_kept")
    )
    return [f"{table}_{name}" for table in STAYS for name in names]


class TestManyWriters:
    def test_writers_at_once_leave_one_chain(self, store: SqlStore, room: a.Classroom) -> None:
        """Eight threads, each with folded reads, plain rows and disclosures: one chain, no row lost or
        doubled."""

        def work(number: int) -> Callable[[], None]:
            def call() -> None:
                for turn in range(6):
                    with store.write() as uow:
                        uow.audit.add(a.an_event(room.student.id, bucket=f"shared {turn}"))
                        uow.audit.add(a.an_event(room.student.id, object_id=f"{number} {turn}"))
                        if turn % 3 == 0:
                            uow.disclosures.add(b.a_disclosure(room.student.id))

            return call

        answers = at_once(*[work(number) for number in range(8)])
        assert [None] * 8 == answers
        reports = chains_of(store)
        assert all(report.holds for report in reports.values())
        assert 6 + 6 + 8 * 6 == reports[ChainName.TRAIL].rows
        assert 2 + 8 * 2 == reports[ChainName.DISCLOSURES].rows

    def test_two_first_writers_agree_where_the_chain_begins(self, engines: Engines, vault: Vault) -> None:
        """A site's very first rows, from six threads at once."""
        store = new_store(engines, vault)

        def first() -> None:
            with store.write() as uow:
                uow.audit.add(a.an_event(None))

        assert [None] * 6 == at_once(*[first] * 6)
        assert (6, True) == (chains_of(store)[ChainName.TRAIL].rows, chains_of(store)[ChainName.TRAIL].holds)

    def test_two_workers_on_one_file_leave_one_chain(
        self, sqlite_engines: Engines, sqlite_url: str, vault: Vault
    ) -> None:
        """Two processes have each their own lock; the file's own lock orders them."""
        store = new_store(sqlite_engines, vault)
        others = open_engines(sqlite_url)
        second = SqlStore(others, store.site_id)

        def work(of: SqlStore) -> Callable[[], None]:
            def call() -> None:
                for _ in range(10):
                    with of.write() as uow:
                        uow.audit.add(a.an_event(None))

            return call

        try:
            assert [None] * 4 == at_once(work(store), work(second), work(store), work(second))
            report = chains_of(store)[ChainName.TRAIL]
            assert (40, True) == (report.rows, report.holds)
        finally:
            others.close()


class TestGuards:
    @pytest.mark.parametrize("table", [t.audit_event, t.disclosure], ids=lambda table: table.name)
    def test_no_row_is_changed_or_deleted(
        self, engines: Engines, store: SqlStore, room: a.Classroom, table: sa.Table
    ) -> None:
        """Not one cell, not one row; not to nothing, not the place, not by half an erasure."""
        attempts = [
            sa.delete(table),
            sa.update(table).values(student_id=None),
            sa.update(table).values(hash="0"),
            sa.update(table).values(what="x"),
            sa.update(table).values(salt=None, erased_in=1),
            sa.update(table).values(student_id=None, salt=None, erased_in=99),
        ]
        if engines.dialect == "postgresql":
            attempts.append(sa.text(f"TRUNCATE {table.name}"))
        for attempt in attempts:
            with pytest.raises(IepError), engines.writing() as connection:
                connection.execute(attempt)
        assert all(report.holds for report in chains_of(store).values())

    def test_a_blanked_row_is_not_blanked_again(self, engines: Engines, store: SqlStore) -> None:
        """What an erasure left stays as it is, even for another erasure."""
        student = a.a_student()
        with store.write() as uow:
            uow.people.add_student(student)
            uow.audit.add(a.an_event(student.id))
        with store.write() as uow:
            uow.archive.erase_student(student.id)
        c = t.audit_event.c
        with pytest.raises(IepError), engines.writing() as connection:
            connection.execute(sa.update(t.audit_event).where(c.erased_in.isnot(None)).values(erased_in=77))

    def test_a_dropped_guard_is_told(self, engines: Engines, store: SqlStore) -> None:
        """Whoever looks sees which one is not there."""
        with store.read() as uow:
            assert [] == list(uow.audit.missing_guards())
        with unguarded(engines) as connection:
            assert sorted(missing_names(engines)) == sorted(missing_guards(connection))
        with store.read() as uow:
            assert [] == list(uow.audit.missing_guards())


BENT: dict[str, tuple[Callable[[SiteId], Any], ChainName, ChainFault]] = {
    "changed": (
        lambda site: sa.update(t.audit_event).where(_at(t.audit_event, site, 3)).values(what="other"),
        ChainName.TRAIL,
        ChainFault.CHANGED,
    ),
    "somebody_else": (
        lambda site: sa.update(t.audit_event).where(_at(t.audit_event, site, 3)).values(actor_id=new_uuid7()),
        ChainName.TRAIL,
        ChainFault.CHANGED,
    ),
    "another_child": (
        lambda site: (
            sa.update(t.audit_event).where(_at(t.audit_event, site, 3)).values(student_id=new_uuid7())
        ),
        ChainName.TRAIL,
        ChainFault.SUBJECT,
    ),
    "removed": (
        lambda site: sa.delete(t.audit_event).where(_at(t.audit_event, site, 3)),
        ChainName.TRAIL,
        ChainFault.MISSING,
    ),
    "last_removed": (
        lambda site: sa.delete(t.audit_event).where(_at(t.audit_event, site, 6)),
        ChainName.TRAIL,
        ChainFault.TAIL,
    ),
    "all_removed": (
        lambda site: sa.delete(t.audit_event).where(t.audit_event.c.site_id == site),
        ChainName.TRAIL,
        ChainFault.TAIL,
    ),
    "party_changed": (
        lambda site: sa.update(t.disclosure).where(_at(t.disclosure, site, 1)).values(party="Nobody"),
        ChainName.DISCLOSURES,
        ChainFault.SUBJECT,
    ),
    "unsealed": (
        lambda site: sa.update(t.disclosure).where(_at(t.disclosure, site, 1)).values(seal="sealed"),
        ChainName.DISCLOSURES,
        ChainFault.SUBJECT,
    ),
    "disclosure_removed": (
        lambda site: sa.delete(t.disclosure).where(_at(t.disclosure, site, 2)),
        ChainName.DISCLOSURES,
        ChainFault.TAIL,
    ),
}


def _at(table: sa.Table, site: SiteId, seq: int) -> Any:
    return sa.and_(table.c.site_id == site, table.c.seq == seq)


@pytest.mark.parametrize("bent", sorted(BENT))
def test_a_bent_row_is_found(engines: Engines, store: SqlStore, room: a.Classroom, bent: str) -> None:
    """By somebody who owns the database and drops the guards: the other chain still holds."""
    change, chain, fault = BENT[bent]
    with unguarded(engines) as connection:
        connection.execute(change(store.site_id))
    reports = chains_of(store)
    assert fault is reports[chain].fault
    assert [name for name, report in reports.items() if not report.holds] == [chain]


def test_rows_put_behind_the_end_are_found(engines: Engines, store: SqlStore, room: a.Classroom) -> None:
    """A row that was written beside the program has no place the head knows of."""
    with store.write() as uow:
        uow.audit.add(a.an_event(None))
    with unguarded(engines) as connection:
        heads = t.chain_head
        back = sa.update(heads).where(heads.c.site_id == store.site_id, heads.c.chain == ChainName.TRAIL)
        connection.execute(back.values(seq=6))
    assert ChainFault.TAIL is chains_of(store)[ChainName.TRAIL].fault


def test_what_was_there_before_is_sealed_as_it_was_found(sqlite_url: str, vault: Vault) -> None:
    """The update gives old rows their places in the order of time, and a row behind them says how many."""
    engines = open_engines(sqlite_url)
    upgrade(engines, "0016_inside")
    site_id, other = new_uuid7(), new_uuid7()
    events = [a.an_event(None, at=a.NOW.replace(minute=number % 60)) for number in range(2_050)]
    old = sa.table(
        "audit_event",
        *(
            sa.column(one.name, one.type)
            for one in t.audit_event.columns
            if one.name in ("site_id", "id", "at", "kind", "what", "reason", "citation", "actor_id", "bucket")
        ),
    )
    names = ("id", "at", "kind", "what", "reason", "citation", "actor_id", "bucket")
    with engines.writing() as connection:
        for one in (site_id, other):
            site = metadata.tables["site"]
            row = {"id": one, "name": "A school", "zone": "UTC", "phone": "", "lms_name": "", "lms_url": ""}
            connection.execute(sa.insert(site).values(**row, report_codes={}, gradebook_words=False))
        rows = [{"site_id": site_id} | {name: getattr(event, name) for name in names} for event in events]
        connection.execute(sa.insert(old), rows)
    upgrade(engines)
    store = SqlStore(engines, SiteId(site_id))
    report = chains_of(store)[ChainName.TRAIL]
    assert (2_051, True) == (report.rows, report.holds)
    with store.read() as uow:
        newest, *found = uow.audit.search(TrailQuery(), limit=3_000)
        assert [] == list(uow.audit.missing_guards())
    assert (BEGUN, "2050") == (newest.what, newest.object_id)
    assert sorted(events, key=lambda one: (one.at, one.id), reverse=True) == found
    assert 0 == chains_of(SqlStore(engines, SiteId(other)))[ChainName.TRAIL].rows
    engines.close()


def test_a_place_is_given_by_the_store(store: SqlStore) -> None:
    """A link that came with a value counts for nothing."""
    event = a.an_event(None)
    with store.write() as uow:
        uow.audit.add(event)
    with store.read() as uow:
        (stored,) = uow.audit.search(TrailQuery())
    assert stored.link is not None
    with store.write() as uow:
        uow.audit.add(replace(a.an_event(None), link=stored.link))
    assert chains_of(store)[ChainName.TRAIL].holds
