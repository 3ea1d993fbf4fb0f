"""Putting a backup back: into an empty database, or in place of what is there, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from iepcore.errors import IepError
from iepcore.notices import OutboxState
from lti_app.storage.backup import TYPES, BackupHead, Progress, TableHead, open_backup
from lti_app.storage.backup_file import BackupFault, BackupProblem
from lti_app.storage.delivery_tables import outbox_item
from lti_app.storage.engine import Engines
from lti_app.storage.metadata import Secret
from lti_app.storage.migrate import current_within, newest, upgrade_within
from lti_app.storage.schema import metadata
from lti_app.storage.vault import Vault

REASON = "restored"
"""Stands at notices of which nobody can know, after a restore, whether they were sent meanwhile."""

_BATCH = 500
_MAY_HAVE_LEFT = (OutboxState.QUEUED, OutboxState.LEASED, OutboxState.WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did. ``lost_secrets`` were sealed with a key that is not given any more."""

    head: BackupHead
    unsure_notices: int
    lost_secrets: int


def is_empty(engines: Engines) -> bool:
    """Tell whether the database holds no row of ours.

    Raises:
        Busy: the database is away.
    """
    with engines.reading() as connection:
        return not _has_rows(connection)


def restore_backup(
    engines: Engines,
    vault: Vault,
    file: BinaryIO,
    keys: Sequence[str],
    *,
    replace: bool,
    progress: Progress,
) -> Restored:
    """Put a backup back in one transaction and bring it to today's tables.

    Nobody is signed in afterwards. Notices that were waiting become "unknown, look first": they may have been
    sent after the backup was taken. Secrets are sealed again with the first key.

    Raises:
        BackupProblem: the file is not whole, or ``occupied`` (``replace`` is not given), or ``other_tables``;
            nothing was changed.
        Busy: the database cannot write now; nothing was changed.
    """
    head, rows = open_backup(file, keys)
    with engines.writing() as connection:
        _make_room(connection, replace=replace)
        upgrade_within(connection, head.revision)
        _insert(connection, head, rows, progress)
        upgrade_within(connection, "head")
        unsure = connection.execute(
            sa.update(outbox_item)
            .where(outbox_item.c.state.in_(_MAY_HAVE_LEFT))
            .values(
                state=OutboxState.UNKNOWN,
                reason=REASON,
                lease_until=None,
                looked_at=None,
                settled_at=head.made_at,
                version=outbox_item.c.version + 1,
            )
        ).rowcount
        lost = _seal_again(connection, vault)
    return Restored(head=head, unsure_notices=unsure, lost_secrets=lost)


def _our_tables(connection: Connection) -> list[str]:
    return [name for name in sa.inspect(connection).get_table_names() if name in metadata.tables]


def _has_rows(connection: Connection) -> bool:
    tables = (metadata.tables[name] for name in _our_tables(connection))
    return any(
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() for table in tables
    )


def _make_room(connection: Connection, *, replace: bool) -> None:
    if _has_rows(connection) and not replace:
        raise BackupProblem(BackupFault.OCCUPIED)
    if current_within(connection) not in (None, newest()):
        raise BackupProblem(BackupFault.OTHER_TABLES)
    metadata.drop_all(connection)
    connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))


def _insert(
    connection: Connection,
    head: BackupHead,
    rows: Iterator[tuple[TableHead, list[Any]]],
    progress: Progress,
) -> None:
    count = 0
    tables = {one.name: one for one in head.tables}
    for name, run in groupby(rows, key=_name_of_table):
        columns = [sa.Column(column, TYPES[kind]()) for column, kind in tables[name].columns]
        table = sa.Table(name, sa.MetaData(), *columns)
        names = [column.name for column in columns]
        while batch := [dict(zip(names, cells, strict=True)) for _, cells in islice(run, _BATCH)]:
            connection.execute(sa.insert(table), batch)
            count += len(batch)
            progress(count)


def _name_of_table(row: tuple[TableHead, list[Any]]) -> str:
    return row[0].name


def _seal_again(connection: Connection, vault: Vault) -> int:
    """Seal every secret with the first key; return how many no key opens."""
    lost = 0
    for table in metadata.sorted_tables:
        secrets = [column for column in table.columns if isinstance(column.type, Secret)]
        keys = list(table.primary_key)
        for row in connection.execute(sa.select(*keys, *secrets)).mappings().all() if secrets else ():
            where = [key == row[key.name] for key in keys]
            for column in secrets:
                try:
                    again = vault.reseal(row[column.name])
                except IepError:
                    lost += 1
                    continue
                connection.execute(sa.update(table).where(*where).values({column.name: again}))
    return lost
