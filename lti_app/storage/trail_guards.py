"""Triggers that keep chained rows as they are: no row is deleted, none is changed but by an erasure.

They stop a slip and a clumsy hand. Whoever owns the database can drop them; then the chain tells, and a head
that was kept outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

STAYS = {
    "audit_event": ("at", "kind", "what", "reason", "citation", "actor_id", "job"),
    "disclosure": ("noted_at", "noted_by"),
}
"""What an erasure leaves, beside the place in the chain."""
GOES = {
    "audit_event": ("student_id", "object_id", "bucket"),
    "disclosure": (
        *("student_id", "on", "party", "what", "why", "basis", "given"),
        *("consent_id", "consent_paper", "told_to_keep", "seal", "corrects"),
    ),
}
_PLACE = ("site_id", "id", "seq", "prior", "hash", "mark")
_MESSAGE = "rows of a chain are kept as they are"


def guard(connection: Connection) -> None:
    """Make the triggers that are not there."""
    for sentence in sentences(connection.dialect.name):
        connection.exec_driver_sql(sentence)


def missing_guards(connection: Connection) -> Sequence[str]:
    """Return the names of triggers that are not there, or are switched off."""
    if connection.dialect.name == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    there = set(connection.execute(sa.text(query)).scalars())
    return [name for table in STAYS for name in _names(table, connection.dialect.name) if name not in there]


def sentences(dialect: str) -> Iterator[str]:
    """Return what makes every trigger in a database of this kind; running it twice is harmless."""
    for table in STAYS:
        yield from _postgres(table) if dialect == "postgresql" else _sqlite(table)


def _names(table: str, dialect: str) -> tuple[str, ...]:
    both = (f"{table}_stays", f"{table}_is_kept")
    return (*both, f"{table}_is_not_emptied") if dialect == "postgresql" else both


def _sqlite(table: str) -> Iterator[str]:
    lawful = _lawful(table, same="{new} IS {old}")
    stays, kept = _names(table, "sqlite")
    yield (
        f"CREATE TRIGGER IF NOT EXISTS {stays} BEFORE UPDATE ON {table} WHEN NOT ({lawful})"
        f" BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
    )
    yield (
        f"CREATE TRIGGER IF NOT EXISTS {kept} BEFORE DELETE ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
    )


def _postgres(table: str) -> Iterator[str]:
    lawful = _lawful(table, same="{new} IS NOT DISTINCT FROM {old}")
    stays, kept, emptied = _names(table, "postgresql")
    yield (
        "CREATE OR REPLACE FUNCTION chained_row_stays() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for name, what in (
        (stays, f"BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NOT ({lawful}))"),
        (kept, f"BEFORE DELETE ON {table} FOR EACH ROW"),
        (emptied, f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"),
    ):
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        yield f"CREATE TRIGGER {name} {what} EXECUTE FUNCTION chained_row_stays()"


def _lawful(table: str, *, same: str) -> str:
    """Return the one change that is let through: what names the child goes, and the erasure is named."""
    stays = [same.format(new=f'NEW."{name}"', old=f'OLD."{name}"') for name in (*_PLACE, *STAYS[table])]
    goes = [f'NEW."{name}" IS NULL' for name in (*GOES[table], "salt")]
    return " AND ".join([*stays, *goes, "OLD.erased_in IS NULL", "NEW.erased_in > OLD.seq"])
