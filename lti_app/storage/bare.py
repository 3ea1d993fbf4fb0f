"""Bare: transactions on the driver's own connection, for prepared sentences.

SQLAlchemy's pool, dialects and column types stay; its ``Connection``, which costs more than the transaction
itself, is left out where nothing needs it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect, Engine

from lti_app.storage.failures import store_failures


@dataclass(frozen=True, slots=True)
class Bare:
    """What a prepared sentence needs of a connection."""

    dialect: Dialect
    connection: Any


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


@contextmanager
def bare_reading(kept: KeptOpen, engine: Engine) -> Iterator[Bare]:
    """Give a connection for one sentence that reads: each sees one moment without a transaction around it.

    Raises:
        Busy: the store is away, or locked by a schema change.
    """
    with store_failures():
        connection, sound = kept.take(engine), False
        try:
            yield Bare(engine.dialect, connection)
            sound = True
        finally:
            kept.give(engine, connection, sound=sound)


@contextmanager
def bare_writing(kept: KeptOpen, engine: Engine, words: str | None) -> Iterator[Bare]:
    """Give a connection inside one write transaction: committed on a clean exit, rolled back otherwise.

    ``words`` begin it; None where the driver does that by itself.

    Raises:
        Busy: the store is locked, read-only, full or away.
    """
    dialect = engine.dialect
    with store_failures():
        connection, sound = kept.take(engine), False
        try:
            if words is not None:
                begin(dialect, connection, words)
            yield Bare(dialect, connection)
            try:
                connection.commit()
            except dialect.loaded_dbapi.Error as error:
                raise said_by_driver(dialect, "COMMIT", error) from error
            sound = True
        finally:
            if not sound:
                with suppress(dialect.loaded_dbapi.Error):  # broken: what broke it is already on its way
                    connection.rollback()
            kept.give(engine, connection, sound=sound)


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
