"""Bare: transactions on the driver's own connection, for prepared sentences.

SQLAlchemy's pool, dialects and column types stay; its ``Connection``, which costs more than the transaction
itself, is left out where nothing needs it.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Dialect, Engine

from lti_app.storage.failures import raise_ours


@dataclass(slots=True)
class Bare:
    """What a prepared sentence needs of a connection."""

    dialect: Dialect
    connection: Any


class Lockable(Protocol):
    """What lets one writer through at a time."""

    def take(self) -> None:
        """Wait for it; raises ``Busy`` when it takes too long."""
        ...

    def give(self) -> None:
        """Give it back."""
        ...


class KeptOpen:
    """SQLite's connections between two bare transactions. Each is used by one thread at a time.

    A file needs none of what a pool does for a server: asking whether it is still there, and clearing what
    the last user left. PostgreSQL's come from the pool each time and go back to it.
    """

    def __init__(self) -> None:
        self._free: dict[Engine, deque[Any]] = {}

    def take(self, engine: Engine) -> Any:
        """Return a connection nobody uses.

        Raises:
            DBAPIError: the driver's error; also SQLAlchemy's when every one of a pool is taken.
        """
        if engine.dialect.name == "sqlite":
            try:
                return self._free[engine].pop()
            except (KeyError, IndexError):
                pass
        try:
            connection = engine.raw_connection()
        except engine.dialect.loaded_dbapi.Error as error:
            raise said_by_driver(engine.dialect, "CONNECT", error) from error
        if engine.dialect.name != "sqlite":
            return connection
        own = connection.dbapi_connection
        connection.detach()
        return own

    def give(self, engine: Engine, connection: Any, *, sound: bool = True) -> None:
        """Take a connection back; one that is not ``sound`` is closed."""
        if sound and engine.dialect.name == "sqlite":
            self._free.setdefault(engine, deque()).append(connection)
        else:
            connection.close()

    def close(self) -> None:
        """Close those that nobody uses now."""
        for free in self._free.values():
            while free:
                free.pop().close()


class BareReading:
    """Gives a connection for sentences that only read: each sees one moment, without a transaction around it.

    Entering and leaving raise :class:`iepcore.errors.Busy` when the store is away or locked. A class and not
    a generator, because every launch goes through it several times.
    """

    __slots__ = ("_connection", "_engine", "_kept")

    def __init__(self, kept: KeptOpen, engine: Engine) -> None:
        self._kept = kept
        self._engine = engine

    def __enter__(self) -> Bare:
        try:
            self._connection = self._kept.take(self._engine)
        except Exception as error:
            raise_ours(error)
            raise
        return Bare(self._engine.dialect, self._connection)

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._kept.give(self._engine, self._connection, sound=error is None)
        if error is not None:
            raise_ours(error)


class BareWriting:
    """Gives a connection inside one write transaction: committed on a clean exit, rolled back otherwise.

    ``words`` begin it; None where the driver does that by itself. Entering and leaving raise
    :class:`iepcore.errors.Busy` when the store is locked, read-only, full or away.
    """

    __slots__ = ("_connection", "_engine", "_kept", "_lock", "_words")

    def __init__(self, kept: KeptOpen, engine: Engine, words: str | None, lock: Lockable | None) -> None:
        self._kept = kept
        self._engine = engine
        self._words = words
        self._lock = lock

    def __enter__(self) -> Bare:
        if self._lock is not None:
            self._lock.take()
        try:
            self._begin()
        except BaseException as error:
            if self._lock is not None:
                self._lock.give()
            raise_ours(error)
            raise
        return Bare(self._engine.dialect, self._connection)

    def _begin(self) -> None:
        self._connection = self._kept.take(self._engine)
        if self._words is not None:
            try:
                begin(self._engine.dialect, self._connection, self._words)
            except BaseException:
                self._kept.give(self._engine, self._connection, sound=False)
                raise

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            failure = error or self._commit()
            if failure is not None:
                with suppress(self._engine.dialect.loaded_dbapi.Error):  # what broke it is on its way already
                    self._connection.rollback()
            self._kept.give(self._engine, self._connection, sound=failure is None)
        finally:
            if self._lock is not None:
                self._lock.give()
        if failure is not None:
            raise_ours(failure)
        if failure is not None and failure is not error:
            raise failure  # of the commit, and none of ours

    def _commit(self) -> BaseException | None:
        try:
            self._connection.commit()
        except self._engine.dialect.loaded_dbapi.Error as error:
            return said_by_driver(self._engine.dialect, "COMMIT", error)
        return None


def begin(dialect: Dialect, connection: Any, words: str) -> None:
    """Say the words that begin a transaction.

    Raises:
        DBAPIError: the driver's error.
    """
    try:
        connection.cursor().execute(words)
    except dialect.loaded_dbapi.Error as error:
        raise said_by_driver(dialect, words, error) from error


def said_by_driver(dialect: Dialect, text: str, error: Exception) -> BaseException:
    """Return a driver's error as SQLAlchemy itself would say it, without any value."""
    failures = dialect.loaded_dbapi.Error
    return sa.exc.DBAPIError.instance(text, (), error, failures, hide_parameters=True, dialect=dialect)
