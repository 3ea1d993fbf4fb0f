"""Rows of one site in one transaction: every sentence names the site, so no query can forget the tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from iepcore.errors import Conflict, IepError, NotFound
from iepcore.ids import SiteId
from lti_app.storage.failures import store_failures
from lti_app.storage.prepared import Prepared
from lti_app.storage.rows import insert, insert_any_new, upsert

V = TypeVar("V")
Where = sa.ColumnElement[bool]


class Mapped(Generic[V]):
    """A table and the value class of its rows: columns are named as the fields, and speak their types."""

    def __init__(
        self,
        table: sa.Table,
        of: type[V],
        *,
        extras: Mapping[str, Callable[[V], object]] | None = None,
        but: str = "",
    ) -> None:
        """``extras`` are columns that are no field: made from the value, never read back. ``but`` is a field
        that is no column of its own."""
        self.table = table
        self.of = of
        self.kind = table.name
        self.names = tuple(one.name for one in fields(of) if one.name != but)  # type: ignore[arg-type]
        self.columns = tuple(table.c[name] for name in self.names)
        self.key = tuple(column for column in table.primary_key if column.name != "site_id")
        self._extras = dict(extras or {})

    def row(self, site_id: SiteId, value: V) -> dict[str, Any]:
        """Return the row of ``value``."""
        row = {name: getattr(value, name) for name in self.names}
        row.update((name, made(value)) for name, made in self._extras.items())
        row["site_id"] = site_id
        return row

    def value(self, row: Iterable[Any]) -> V:
        """Return the value of a row of ``columns``."""
        return self.of(**dict(zip(self.names, row, strict=True)))

    def same(self, value: V) -> list[Where]:
        """Return what finds the row with the key of ``value``."""
        return [column == getattr(value, column.name) for column in self.key]


def found_by(of: Mapped[Any], *keys: str, only: Where | None = None) -> Prepared:
    """Return the sentence that finds the rows of one site by the values of ``keys`` and that are ``only`` so.

    For the few queries by key that every launch asks; what it returns is ordered by key.
    """
    columns = of.table.c
    where = [columns[key] == sa.bindparam(key, type_=columns[key].type) for key in ("site_id", *keys)]
    query = sa.select(*of.columns).where(*where, *([] if only is None else [only]))
    return Prepared(query.order_by(*of.key), of.columns)


class SiteRows:
    """The sentences of the repositories."""

    def __init__(self, connection: Connection, site_id: SiteId) -> None:
        self.connection = connection
        self.site_id = site_id

    @property
    def is_postgres(self) -> bool:
        """Tell whether the database locks single rows."""
        return self.connection.dialect.name == "postgresql"

    def select(self, of: Mapped[V], *where: Where) -> sa.Select[Any]:
        """Return the query for rows of this site."""
        return sa.select(*of.columns).where(of.table.c.site_id == self.site_id, *where)

    def run(self, of: Mapped[V], query: sa.Select[Any]) -> tuple[V, ...]:
        """Return the values of a query made by ``select``."""
        with store_failures():
            return tuple(map(of.value, self.connection.execute(query).all()))

    def find(self, of: Mapped[V], sentence: Prepared, **values: object) -> tuple[V, ...]:
        """Return the values a sentence of :func:`found_by` finds, of this site."""
        with store_failures():
            found = sentence.rows(self.connection, {**values, "site_id": self.site_id})
        return tuple(map(of.value, found))

    def all(self, of: Mapped[V], *where: Where, order: Iterable[Any] = ()) -> tuple[V, ...]:
        """Return values in ``order``, and by key where that leaves a choice."""
        return self.run(of, self.select(of, *where).order_by(*order, *of.key))

    def one(self, of: Mapped[V], *where: Where) -> V | None:
        """Return the only value, or None."""
        found = self.run(of, self.select(of, *where))
        return found[0] if found else None

    def add(self, of: Mapped[V], *values: V) -> None:
        """Insert values that are not there yet.

        Raises:
            IepError: ``store_refused`` when one is there, or lacks what it belongs to.
        """
        with store_failures():
            insert(self.connection, of.table, *(of.row(self.site_id, value) for value in values))

    def add_first(self, of: Mapped[V], value: V, *same: Where) -> V:
        """Insert ``value`` unless there is one that is the ``same``; return what is stored.

        Raises:
            IepError: ``store_refused`` when something else is in its way.
        """
        with store_failures():
            if insert_any_new(self.connection, of.table, of.row(self.site_id, value)):
                return value
        stored = self.one(of, *same)
        if stored is None:
            raise IepError("store_refused", params={"kind": of.kind})
        return stored

    def put(self, of: Mapped[V], value: V) -> None:
        """Insert ``value`` or replace the one with its key."""
        with store_failures():
            upsert(self.connection, of.table, of.row(self.site_id, value))

    def change(self, of: Mapped[V], /, *where: Where, **values: object) -> int:
        """Update columns; return how many rows."""
        statement = sa.update(of.table).where(of.table.c.site_id == self.site_id, *where).values(**values)
        with store_failures():
            return self.connection.execute(statement).rowcount

    def save(self, of: Mapped[V], value: V, *, version: int) -> None:
        """Store ``value``, whose version is ``version``, over the one before.

        Raises:
            Conflict: another version is stored.
            NotFound: none is.
        """
        where = [*of.same(value), of.table.c.version == version - 1]
        if self.change(of, *where, **of.row(self.site_id, value)) == 1:
            return
        stored = self.one(of, *of.same(value))
        if stored is None:
            raise NotFound(of.kind)
        raise Conflict(of.kind, current=stored, yours=value)

    def delete(self, of: Mapped[V], *where: Where) -> int:
        """Delete rows; return how many."""
        statement = sa.delete(of.table).where(of.table.c.site_id == self.site_id, *where)
        with store_failures():
            return self.connection.execute(statement).rowcount
