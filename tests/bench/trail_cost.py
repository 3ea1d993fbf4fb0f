"""What a row of the trail costs with its chain, beside a write without one, on the same database.

    python tests/bench/trail_cost.py [postgresql://...] [--rows 400] [--threads 4]

Without an address a new SQLite file in a temporary folder is used. Prints microseconds for each write: a unit
that changes nothing, one that adds a row to the trail, one whose read is folded, and many threads at once.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from cryptography.fernet import Fernet

from iepcore.caseload import verify_chains
from iepcore.ids import SiteId, new_uuid7
from iepcore.testing import store_values as a
from lti_app.doors.records import Site
from lti_app.storage import trail_tables as t
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import Engines, open_engines
from lti_app.storage.migrate import upgrade
from lti_app.storage.rows import insert_any_new
from lti_app.storage.store import SqlStore
from lti_app.storage.vault import Vault


def timed(times: int, work: Callable[[int], None]) -> list[float]:
    """Return the microseconds of each turn."""
    spent = []
    for turn in range(times):
        start = time.perf_counter()
        work(turn)
        spent.append((time.perf_counter() - start) * 1e6)
    return spent


def told(name: str, spent: list[float]) -> None:
    """Print the middle and the ninety-fifth of a hundred."""
    ordered = sorted(spent)
    print(
        f"{name:42s} median {statistics.median(ordered):8.0f} us"
        f"   p95 {ordered[len(ordered) * 95 // 100]:8.0f} us"
    )


def main() -> None:
    """Measure."""
    words = argparse.ArgumentParser()
    words.add_argument("url", nargs="?")
    words.add_argument("--rows", type=int, default=400)
    words.add_argument("--threads", type=int, default=4)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engines = open_engines(given.url or f"sqlite:///{Path(folder) / 'bench.sqlite'}")
        upgrade(engines)
        site_id = SiteId(new_uuid7())
        vault = Vault([Fernet.generate_key().decode()])
        SqlDoorStore(engines, vault).add_site(Site(id=site_id, name="Bench", zone="UTC"))
        measure(engines, SqlStore(engines, site_id), given.rows, given.threads)
        engines.close()


def measure(engines: Engines, store: SqlStore, rows: int, threads: int) -> None:
    """Run each way and print it."""
    student = a.a_student()
    with store.write() as uow:
        uow.people.add_student(student)
    plain = sa.Table(
        "plain_event", sa.MetaData(), *(sa.Column(c.name, c.type) for c in t.audit_event.columns)
    )
    plain.append_constraint(sa.PrimaryKeyConstraint("site_id", "id"))
    plain.append_constraint(sa.UniqueConstraint("site_id", "bucket"))
    with engines.writing() as connection:
        plain.create(connection, checkfirst=True)

    def nothing(turn: int) -> None:
        with store.write():
            pass

    def without(turn: int) -> None:
        event = a.an_event(student.id, bucket=f"w {turn}")
        names = ("id", "at", "kind", "what", "reason", "citation", "actor_id", "student_id", "bucket")
        with engines.writing() as connection:
            row = {"site_id": store.site_id} | {name: getattr(event, name) for name in names}
            insert_any_new(connection, plain, row)

    def chained(turn: int) -> None:
        with store.write() as uow:
            uow.audit.add(a.an_event(student.id, bucket=f"c {turn}"))

    def folded(turn: int) -> None:
        with store.write() as uow:
            uow.audit.add(a.an_event(student.id, bucket="c 0"))

    def folded_before(turn: int) -> None:
        event = a.an_event(student.id, bucket="w 0")
        with engines.writing() as connection:
            names = ("id", "at", "kind", "what", "reason", "citation", "bucket")
            row = {"site_id": store.site_id} | {name: getattr(event, name) for name in names}
            insert_any_new(connection, plain, row)

    for work in (nothing, without, chained, folded):
        timed(20, lambda turn, work=work: work(-turn - 1))
    told("a write unit that changes nothing", timed(rows, nothing))
    told("a row without a chain (as before)", timed(rows, without))
    told("a row with its chain", timed(rows, chained))
    told("a folded read without a chain (as before)", timed(rows, folded_before))
    told("a folded read", timed(rows, folded))

    spent: list[float] = []
    start = time.perf_counter()
    workers = [
        threading.Thread(
            target=lambda number=number: spent.extend(
                timed(rows // threads, lambda turn: chained(turn + 1_000_000 * (number + 1)))
            )
        )
        for number in range(threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    wall = time.perf_counter() - start
    told(f"a row with its chain, {threads} threads at once", spent)
    print(f"{'':42s} {len(spent) / wall:8.0f} writes a second")
    start = time.perf_counter()
    with store.read() as uow:
        reports = verify_chains(uow, store.site_id)
    count = sum(report.rows for report in reports.values())
    print(
        f"verify: {count / (time.perf_counter() - start):8.0f} rows a second; "
        f"holds: {all(report.holds for report in reports.values())}"
    )


if __name__ == "__main__":
    main()
