"""Prepared: sentences built and compiled once, for the few that every launch asks.

Building a query out of expressions and running it through SQLAlchemy's machinery costs ten times what SQLite
needs to answer one by key. Here the machinery runs once for each dialect; then the text goes straight to the
driver, and each value through the processors of its column type, as always.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect

from lti_app.storage.bare import Bare, said_by_driver

T = TypeVar("T")
Processor: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    text: str
    binds: tuple[tuple[str, Processor | None], ...]
    by_place: bool
    names: tuple[str, ...]
    reads: tuple[tuple[int, Processor], ...]

    def given(self, bound: list[Any]) -> Any:
        """Return values as the driver takes them."""
        return bound if self.by_place else dict(zip(self.names, bound, strict=True))


class Prepared:
    """One sentence. Its values are bound by name; ``reads`` are the columns it returns, in order."""

    def __init__(self, statement: Any, reads: Sequence[sa.Column[Any]] = ()) -> None:
        self._statement = statement
        self._reads = tuple(reads)
        self.names = tuple(column.name for column in self._reads)
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection | Bare, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it and return what it found.

        Raises:
            DBAPIError: what the driver raised, as SQLAlchemy itself would say it, without any value.
        """
        found = self._run(connection, values, _all if self._reads else _nothing)
        reads = self._compiled[connection.dialect.name].reads
        return [_read(row, reads) for row in found] if reads else found

    def changed(self, connection: Connection | Bare, values: Mapping[str, Any]) -> int:
        """Run it and return how many rows it changed.

        Raises:
            DBAPIError: as :meth:`rows`.
        """
        return self._run(connection, values, _count)

    def _run(self, connection: Connection | Bare, values: Mapping[str, Any], take: Callable[[Any], T]) -> T:
        dialect = connection.dialect
        ready = self._compiled.get(dialect.name)
        if ready is None:
            ready = self._compiled[dialect.name] = self._compile(dialect)
        bound = [values[name] if process is None else process(values[name]) for name, process in ready.binds]
        cursor = connection.connection.cursor()
        try:
            cursor.execute(ready.text, ready.given(bound))
            return take(cursor)
        except dialect.loaded_dbapi.Error as error:
            raise said_by_driver(dialect, ready.text, error) from error
        finally:
            cursor.close()

    def first(self, connection: Connection | Bare, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """Run it and return the first row by name, or None."""
        found = self.rows(connection, values)
        return dict(zip(self.names, found[0], strict=True)) if found else None

    def _compile(self, dialect: Dialect) -> _Compiled:
        made = self._statement.compile(dialect=dialect)
        names = made.positiontup if made.positional else tuple(made.binds)
        return _Compiled(
            text=str(made),
            binds=tuple(
                (name, made.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names
            ),
            by_place=made.positional,
            names=tuple(names),
            reads=_readers(self._reads, dialect),
        )


def _all(cursor: Any) -> list[Any]:
    return list(cursor.fetchall())


def _nothing(_: Any) -> list[Any]:
    return []


def _count(cursor: Any) -> int:
    count: int = cursor.rowcount
    return count


def _readers(columns: Sequence[sa.Column[Any]], dialect: Dialect) -> tuple[tuple[int, Processor], ...]:
    readers = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
    return tuple((place, reader) for place, reader in enumerate(readers) if reader is not None)


def as_stored(columns: Sequence[sa.Column[Any]]) -> tuple[sa.ColumnElement[Any], ...]:
    """Return the same columns, to be read as the driver gives them; :func:`reader_of` reads them later."""
    return tuple(sa.type_coerce(column, sa.types.NullType()).label(column.name) for column in columns)


def reader_of(
    columns: Sequence[sa.Column[Any]], dialect: Dialect
) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Return what reads a row of ``columns`` that came as stored."""
    readers = _readers(columns, dialect)
    return lambda row: _read(row, readers)


def _read(row: Sequence[Any], readers: tuple[tuple[int, Processor], ...]) -> tuple[Any, ...]:
    values = list(row)
    for place, reader in readers:
        values[place] = reader(values[place])
    return tuple(values)


def select_by(table: sa.Table, *keys: str, columns: Sequence[sa.Column[Any]] = ()) -> Prepared:
    """Return the sentence that finds rows of ``table`` by the values of ``keys``, ordered by primary key."""
    wanted = tuple(columns) or tuple(table.c)
    where = [table.c[key] == sa.bindparam(key, type_=table.c[key].type) for key in keys]
    return Prepared(sa.select(*wanted).where(*where).order_by(*table.primary_key), wanted)


def insert_into(table: sa.Table) -> Prepared:
    """Return the sentence that adds one whole row."""
    return Prepared(sa.insert(table))
