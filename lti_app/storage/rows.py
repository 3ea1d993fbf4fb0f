"""The few SQL sentences every repository needs, written once for both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, RowMapping

Row = Mapping[str, Any]


def insert(connection: Connection, table: sa.Table, *rows: Row) -> None:
    """Insert rows that are not there yet; a duplicate is an error."""
    if rows:
        connection.execute(sa.insert(table), [dict(row) for row in rows])


def insert_new(connection: Connection, table: sa.Table, row: Row, *, unique: Sequence[str]) -> bool:
    """Insert ``row`` unless one with the same ``unique`` columns exists; say whether it was inserted."""
    statement: Any = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
    statement = statement.values(dict(row)).on_conflict_do_nothing(index_elements=list(unique))
    # RETURNING and not rowcount, which psycopg's dialect leaves at -1 for an INSERT
    return connection.execute(statement.returning(table.c[unique[0]])).first() is not None


def insert_any_new(connection: Connection, table: sa.Table, row: Row) -> bool:
    """Insert ``row`` unless any unique key of it is taken; say whether it was inserted."""
    statement: Any = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
    statement = statement.values(dict(row)).on_conflict_do_nothing()
    return connection.execute(statement.returning(next(iter(table.primary_key)))).first() is not None


def upsert(connection: Connection, table: sa.Table, row: Row) -> None:
    """Insert ``row`` or replace the one with the same primary key."""
    key = [column.name for column in table.primary_key]
    statement: Any = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
    statement = statement.values(dict(row))
    changes = {name: statement.excluded[name] for name in row if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changes))


def fetch(connection: Connection, statement: sa.Select[Any]) -> list[RowMapping]:
    """Return every row of ``statement`` by column name."""
    return list(connection.execute(statement).mappings())


def fetch_one(connection: Connection, statement: Any) -> RowMapping | None:
    """Return the one row of ``statement`` by column name, or None."""
    return connection.execute(statement).mappings().one_or_none()
