"""Taking a backup: every row of every table as one moment of the database holds them, on either engine.

Rows and not the database's own file, so that one program reads it back, checks it and puts it into SQLite or
PostgreSQL, and so that a backup taken before an update can be put back after it: each table says its columns
and their kinds, and nothing needs to be as it is today.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from lti_app.storage.backup_file import BackupFault, BackupProblem, BackupWriter, read_lines
from lti_app.storage.engine import Engines
from lti_app.storage.metadata import IdColumn, Instant, Json, Secret
from lti_app.storage.migrate import current_within, knows, newest
from lti_app.storage.schema import metadata
from lti_app.storage.site_tables import Document, Word

LEFT_OUT = frozenset({"visit", "grant_state", "install_invite"})
"""What is in flight and what keeps somebody signed in: none of it may come back with a restore."""

TYPES: Mapping[str, Callable[[], sa.types.TypeEngine[Any]]] = {
    "instant": Instant,
    "id": IdColumn,
    "json": Json,
    "text": sa.Text,
    "date": sa.Date,
    "boolean": sa.Boolean,
    "integer": sa.BigInteger,
    "number": sa.Double,
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ROWS_AT_ONCE = 1_000

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableHead:
    """One table of a backup: its columns in the order of each row, with their kinds, and how many rows."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupHead:
    """What a backup says of itself before its rows."""

    made_at: datetime
    revision: str
    tables: tuple[TableHead, ...]

    @property
    def rows(self) -> int:
        """How many rows it holds."""
        return sum(table.rows for table in self.tables)


def write_backup(
    engines: Engines, file: BinaryIO, keys: Sequence[str], *, at: datetime, progress: Progress
) -> BackupHead:
    """Write the whole database into ``file`` while it goes on being used; return what was written.

    ``progress`` is called with the number of rows so far.

    Raises:
        BackupProblem: ``other_tables`` when the database has not the tables of this program.
        Busy: the database is away.
    """
    writer = BackupWriter(file, keys)
    with engines.reading() as connection:  # one snapshot: SQLite's WAL, or REPEATABLE READ
        revision = current_within(connection)
        if revision is None or revision != newest():
            raise BackupProblem(BackupFault.OTHER_TABLES)
        tables = [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]
        head = BackupHead(
            made_at=at, revision=revision, tables=tuple(_head_of(connection, table) for table in tables)
        )
        writer.line(_head_line(head))
        count = 0
        for table, about in zip(tables, head.tables, strict=True):
            for row in _rows_of(connection, table, about):
                writer.line(row)
                count += 1
                if count % _ROWS_AT_ONCE == 0:
                    progress(count)
        writer.line(json.dumps({"end": count}))
    writer.close()
    return head


def open_backup(
    file: BinaryIO, keys: Sequence[str]
) -> tuple[BackupHead, Iterator[tuple[TableHead, list[Any]]]]:
    """Return the head of a backup and its rows, each with its table. Nothing is sure before the last row.

    Raises:
        BackupProblem: here, or while the rows are read.
    """
    lines = read_lines(file, keys)
    head = _read_head_line(next(lines, ""))
    return head, _read_rows(lines, head)


def check_backup(file: BinaryIO, keys: Sequence[str], *, progress: Progress) -> BackupHead:
    """Read a backup to its end and return its head.

    Raises:
        BackupProblem: when it could not be put back.
    """
    head, rows = open_backup(file, keys)
    for count, _ in enumerate(rows, start=1):
        if count % _ROWS_AT_ONCE == 0:
            progress(count)
    return head


def kind_of(column: sa.Column[Any]) -> str:
    """Return the kind of a column's values.

    Raises:
        TypeError: for a type that no backup can hold yet.
    """
    kinds: tuple[tuple[Any, str], ...] = (
        (Instant, "instant"),
        (IdColumn, "id"),
        (Json, "json"),
        ((Word, Document, Secret, sa.Text), "text"),
        (sa.Date, "date"),
        (sa.Boolean, "boolean"),
        (sa.Integer, "integer"),
        (sa.Float, "number"),
    )
    for types, kind in kinds:
        if isinstance(column.type, types):
            return kind
    raise TypeError(f"no backup for a column like {column}")


def _head_of(connection: Connection, table: sa.Table) -> TableHead:
    rows = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    return TableHead(
        name=table.name,
        columns=tuple((column.name, kind_of(column)) for column in table.columns),
        rows=rows,
    )


def _rows_of(connection: Connection, table: sa.Table, about: TableHead) -> Iterator[str]:
    # Read by kind and not by the column's own type: a sealed secret stays sealed, a document stays text.
    columns = [sa.type_coerce(table.c[name], TYPES[kind]()).label(name) for name, kind in about.columns]
    query = sa.select(*columns).order_by(*table.primary_key)
    for row in connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}):
        cells = [_cell(value) for value in row]
        yield json.dumps(cells, ensure_ascii=False, separators=(",", ":"))


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value - _EPOCH) // _MICROSECOND
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if isinstance(value, date) else value


_FROM_CELL: Mapping[str, Callable[[Any], Any]] = {
    "instant": lambda cell: _EPOCH + timedelta(microseconds=cell),
    "id": UUID,
    "date": date.fromisoformat,
}


def _head_line(head: BackupHead) -> str:
    tables = [{"name": one.name, "columns": one.columns, "rows": one.rows} for one in head.tables]
    return json.dumps({"made_at": head.made_at.isoformat(), "revision": head.revision, "tables": tables})


def _read_head_line(line: str) -> BackupHead:
    try:
        told = json.loads(line)
        head = BackupHead(
            made_at=datetime.fromisoformat(told["made_at"]),
            revision=told["revision"],
            tables=tuple(
                TableHead(
                    name=one["name"],
                    columns=tuple((name, kind) for name, kind in one["columns"]),
                    rows=one["rows"],
                )
                for one in told["tables"]
            ),
        )
    except (ValueError, KeyError, TypeError):
        raise BackupProblem(BackupFault.DAMAGED) from None
    if not knows(head.revision):
        raise BackupProblem(BackupFault.NEWER_TABLES)
    return head


def _read_rows(lines: Iterator[str], head: BackupHead) -> Iterator[tuple[TableHead, list[Any]]]:
    for table in head.tables:
        makes = [_FROM_CELL.get(kind) for _, kind in table.columns]
        for _ in range(table.rows):
            cells = json.loads(next(lines, "null"))
            if not isinstance(cells, list) or len(cells) != len(makes):
                raise BackupProblem(BackupFault.DAMAGED)
            yield (
                table,
                [
                    cell if make is None or cell is None else make(cell)
                    for make, cell in zip(makes, cells, strict=True)
                ],
            )
    if [json.dumps({"end": head.rows})] != list(lines):
        raise BackupProblem(BackupFault.DAMAGED)
