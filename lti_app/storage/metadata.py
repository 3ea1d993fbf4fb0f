"""The one MetaData and the column types that keep our promises: instants, ids, documents, ciphertext.

Each table says whose personal data it holds and what erases it, in ``Table.info``; ``owned_table`` refuses to
build one that does not say.
"""

# ruff: noqa: D102 -- the methods are SQLAlchemy's own hooks

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.schema import SchemaItem

from lti_app.storage.vault import Sealed

V = TypeVar("V")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = sa.MetaData(naming_convention=NAMING)

Reader: TypeAlias = Callable[[Any], V | None] | None
"""What SQLAlchemy calls for each value read, directly: a decorator's usual way costs three calls."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware moment in UTC, to the microsecond: TIMESTAMPTZ on PostgreSQL, integer microseconds on SQLite.

    Integers because they sort, compare and index as they are; a text form would need one agreed spelling.
    """

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True, precision=6))
        return dialect.type_descriptor(sa.BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        microseconds = _microseconds_of(value)
        if value is None or dialect.name != "postgresql":
            return microseconds
        return value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return super().bind_processor(dialect) if dialect.name == "postgresql" else _microseconds_of

    def result_processor(self, dialect: Dialect, coltype: object) -> Reader[datetime]:
        return _instant_of


def _microseconds_of(value: datetime | None) -> int | None:
    """Return a moment as whole microseconds since 1970.

    Raises:
        ValueError: it says no zone.
    """
    if value is None:
        return None
    if value.tzinfo is None or value.utcoffset() is None:
        raise ValueError("a naive datetime has no place on the time line: give it a zone")
    return (value - _EPOCH) // _MICROSECOND


def _instant_of(value: Any) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return _EPOCH + timedelta(microseconds=value)


class IdColumn(sa.types.TypeDecorator[UUID]):
    """One of our UUIDs: native on PostgreSQL, 16 bytes on SQLite, where it sorts as UUIDv7 is meant to."""

    impl = sa.LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID(as_uuid=True))
        return dialect.type_descriptor(sa.LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else _bytes_of(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return super().bind_processor(dialect) if dialect.name == "postgresql" else _bytes_of

    def result_processor(self, dialect: Dialect, coltype: object) -> Reader[UUID]:
        return None if dialect.name == "postgresql" else _uuid_of


def _bytes_of(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


@lru_cache(maxsize=32_768)
def _uuid_of(value: bytes | None) -> UUID | None:
    """Return the id behind 16 bytes. A chart's points share goal, child and recorder, so most are known."""
    return None if value is None else UUID(bytes=value)


class Json(sa.types.TypeDecorator[Any]):
    """A document of plain JSON values: JSONB on PostgreSQL, compact text with sorted keys on SQLite."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.JSONB(none_as_null=True))
        return dialect.type_descriptor(sa.Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else _json_of(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return super().bind_processor(dialect) if dialect.name == "postgresql" else _json_of

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return json.loads(value)


_COMPACT = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _json_of(value: Any) -> str | None:
    return None if value is None else _COMPACT.encode(value)


class Secret(sa.types.TypeDecorator[Sealed]):
    """Ciphertext at rest. Takes what a ``Vault`` sealed and nothing else; the vault opens it again."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("this column stores sealed text only: seal it with the Vault first")
        return str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Sealed | None:
        return None if value is None else Sealed(value)


def owned_table(
    name: str, *parts: SchemaItem, personal_data: str, erased_by: str, by_key: bool = False
) -> sa.Table:
    """Declare a table of the one MetaData, with whose personal data it holds and what erases it.

    ``by_key``: small rows found by their key only, which SQLite then keeps in one tree instead of two.

    Raises:
        ValueError: either sentence is empty.
    """
    if not personal_data or not erased_by:
        raise ValueError(f"table {name} must say whose personal data it holds and what erases it")
    info = {"personal_data": personal_data, "erased_by": erased_by}
    return sa.Table(name, metadata, *parts, info=info, sqlite_with_rowid=not by_key)
