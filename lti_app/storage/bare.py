"""Bare: transactions on the driver's own connection, for prepared sentences.

SQLAlchemy's pool, dialects and column types stay; its ``Connection``, which costs more than the transaction
itself, is left out where nothing needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.pool import PoolProxiedConnection

from lti_app.storage.failures import store_failures


@dataclass(frozen=True, slots=True)
class Bare:
    """What a prepared sentence needs of a connection."""

    dialect: Dialect
    connection: PoolProxiedConnection


@contextmanager
def bare_reading(engine: Engine) -> Iterator[Bare]:
    """Give a connection for one sentence that reads: each sees one moment without a transaction around it.

    Raises:
        Busy: the store is away, or locked by a schema change.
    """
    with store_failures():
        connection = _connection(engine)
        try:
            yield Bare(engine.dialect, connection)
        finally:
            connection.close()


@contextmanager
def bare_writing(engine: Engine, words: str | None) -> Iterator[Bare]:
    """Give a connection inside one write transaction: committed on a clean exit, rolled back otherwise.

    ``words`` begin it; None where the driver does that by itself.

    Raises:
        Busy: the store is locked, read-only, full or away.
    """
    dialect = engine.dialect
    with store_failures():
        connection = _connection(engine)
        try:
            if words is not None:
                begin(dialect, connection, words)
            yield Bare(dialect, connection)
            try:
                connection.commit()
            except dialect.loaded_dbapi.Error as error:
                raise said_by_driver(dialect, "COMMIT", error) from error
        except BaseException:
            connection.rollback()
            raise
        finally:
            connection.close()


def _connection(engine: Engine) -> PoolProxiedConnection:
    try:
        return engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        raise said_by_driver(engine.dialect, "CONNECT", error) from error


def begin(dialect: Dialect, connection: PoolProxiedConnection, words: str) -> None:
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
