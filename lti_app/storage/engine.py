"""Opening the database: one engine that writes, one that cannot, on SQLite or PostgreSQL.

SQLite: WAL, ``synchronous=FULL`` (the last commit survives a power cut), foreign keys on, every write
transaction begins with BEGIN IMMEDIATE under one lock per process and file, because a deferred transaction
that turns into a write fails at once under load whatever the time-out. Reads run on ``query_only``
connections.
PostgreSQL through psycopg 3: reads run in READ ONLY, REPEATABLE READ transactions of the same pool.
Open engines after a fork, never before.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine

from iepcore.errors import Busy, InvalidValue
from lti_app.storage.bare import Bare, BareReading, BareWriting, KeptOpen, begin
from lti_app.storage.failures import LOCKED, store_failures

BUSY_MILLISECONDS = 5_000
"""How long a write waits for another one before it gives up with ``Busy``."""
IMMEDIATE = "BEGIN IMMEDIATE"
CHECKPOINT_PAGES = 4_000
"""So many pages (16 MB) wait beside the file before a writer carries them over: each time costs two waits for
the disk, and a page that many launches changed is carried once."""


class WriteLock:
    """At most one writer of this process at a time. A writer that asks twice is told so and does not wait."""

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._seconds = seconds
        self._owner: int | None = None

    def take(self) -> None:
        """Take the lock.

        Raises:
            Busy: ``store_locked`` when it is not free in time.
            RuntimeError: this thread holds it already: a write inside a write.
        """
        me = threading.get_ident()
        if self._owner == me:
            raise RuntimeError("a write transaction inside a write transaction of the same store")
        if not self._lock.acquire(timeout=self._seconds):
            raise Busy(LOCKED)
        self._owner = me

    def give(self) -> None:
        """Give the lock back."""
        self._owner = None
        self._lock.release()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock; raises as :meth:`take`."""
        self.take()
        try:
            yield
        finally:
            self.give()


_LOCKS: dict[str, WriteLock] = {}
_LOCKS_GUARD = threading.Lock()


def _lock_of(path: str, seconds: float) -> WriteLock:
    with _LOCKS_GUARD:
        return _LOCKS.setdefault(path, WriteLock(seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """The ways into one database. ``lock`` is None where the database queues its writers itself.

    ``light`` writes what a power cut may take: on SQLite it does not wait for the disk. A write through
    ``write`` that comes after one is on the disk together with it.
    """

    write: Engine
    light: Engine
    read: Engine
    lock: WriteLock | None
    kept: KeptOpen = field(default_factory=KeptOpen)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.write.dialect.name

    @contextmanager
    def writing(self, *, light: bool = False) -> Iterator[Connection]:
        """Give a connection inside one write transaction: committed on a clean exit, rolled back otherwise.

        ``light`` is for what its person simply does again after a power cut, and for nothing else.

        Raises:
            Busy: the store is locked, read-only, full or away.
        """
        engine = self.light if light else self.write
        with store_failures():
            if self.lock is None:
                with engine.begin() as connection:
                    yield connection
            else:
                with self.lock.held(), engine.begin() as connection:
                    yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database and cannot change it.

        Raises:
            Busy: the store is away, or locked by a schema change.
        """
        with store_failures(), self.read.begin() as connection:
            yield connection

    def bare_writing(self, *, light: bool = False) -> AbstractContextManager[Bare]:
        """Give what ``writing`` gives, for prepared sentences only.

        Raises:
            Busy: the store is locked, read-only, full or away.
        """
        engine = self.light if light else self.write
        return BareWriting(self.kept, engine, None if self.lock is None else IMMEDIATE, self.lock)

    def bare_sentence(self, *, light: bool = False) -> AbstractContextManager[Bare]:
        """Give a connection for one prepared sentence that writes, which is a transaction by itself.

        Raises:
            Busy: the store is locked, read-only, full or away.
        """
        return BareWriting(self.kept, self.light if light else self.write, None, self.lock)

    def bare_reading(self, *, light: bool = False) -> AbstractContextManager[Bare]:
        """Give a connection for one prepared sentence that reads.

        ``light``: the connection that writes lightly, for what a light write comes after: SQLite keeps what a
        connection has read only until another connection writes.

        Raises:
            Busy: the store is away, or locked by a schema change.
        """
        return BareReading(self.kept, self.light if light else self.read)

    def close(self) -> None:
        """Close every pooled connection, and those kept open."""
        self.kept.close()
        self.write.dispose()
        self.light.dispose()
        self.read.dispose()


def open_engines(url: str, *, busy_milliseconds: int = BUSY_MILLISECONDS) -> Engines:
    """Return the engines of ``sqlite:///path`` or ``postgresql://...``. No connection is made yet.

    Raises:
        InvalidValue: ``not_a_database_url``, ``unknown_database``, or ``no_database_file`` (in memory).
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise InvalidValue("not_a_database_url", field="database_url") from None
    family = parsed.get_backend_name()
    if family == "sqlite":
        return _open_sqlite(parsed, busy_milliseconds)
    if family in {"postgresql", "postgres"}:
        return _open_postgres(parsed, busy_milliseconds)
    raise InvalidValue("unknown_database", field="database_url")


def _open_sqlite(url: URL, busy_milliseconds: int) -> Engines:
    database = url.database
    if not database or database == ":memory:":
        raise InvalidValue("no_database_file", field="database_url")
    url = url.set(drivername="sqlite+pysqlite")
    place = database if database.startswith("file:") else str(Path(database).resolve())
    _create_private(place)
    seconds = busy_milliseconds / 1000
    options: dict[str, Any] = {
        "connect_args": {"timeout": seconds},
        "hide_parameters": True,
        "pool_timeout": seconds,
    }
    write = sa.create_engine(url, pool_size=1, max_overflow=4, **options)
    light = sa.create_engine(url, pool_size=1, max_overflow=4, **options)
    read = sa.create_engine(url, pool_size=8, max_overflow=24, **options)

    def connect_writer(connection: Any, _record: object, synchronous: str = "FULL") -> None:
        connection.isolation_level = None  # we begin ourselves
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {busy_milliseconds}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        cursor.execute("PRAGMA secure_delete = ON")  # what is erased leaves no bytes in free pages
        cursor.close()

    def connect_light(connection: Any, record: object) -> None:
        connect_writer(connection, record, "NORMAL")

    def connect_reader(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {busy_milliseconds}")
        cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    sa.event.listen(write, "connect", connect_writer)
    sa.event.listen(light, "connect", connect_light)
    sa.event.listen(read, "connect", connect_reader)
    for writer in (write, light):
        sa.event.listen(writer, "begin", lambda one: begin(one.dialect, one.connection, IMMEDIATE))
    sa.event.listen(read, "begin", lambda one: begin(one.dialect, one.connection, "BEGIN"))
    return Engines(write=write, light=light, read=read, lock=_lock_of(place, seconds))


def _create_private(place: str) -> None:
    """Create a missing file readable by its owner only; SQLite gives -wal and -shm the same mode."""
    path = Path(place)
    if not place.startswith("file:") and path.parent.is_dir() and not path.exists():
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except OSError:  # made by another process meanwhile, or not ours to make: connecting will tell
            return


def _open_postgres(url: URL, busy_milliseconds: int) -> Engines:
    url = url.set(drivername="postgresql+psycopg")
    given = url.query.get("options", "")
    limits = f"-c lock_timeout={busy_milliseconds} -c statement_timeout=30000 -c timezone=UTC"
    write = sa.create_engine(
        url.difference_update_query(["options"]),
        connect_args={"options": f"{limits} {given if isinstance(given, str) else ' '.join(given)}".strip()},
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=24,
        pool_timeout=busy_milliseconds / 1000,
    )
    read = write.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(write=write, light=write, read=read, lock=None)
