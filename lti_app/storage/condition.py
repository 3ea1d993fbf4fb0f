"""Questions to the database that only somebody who looks after it asks. None of them changes anything."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from iepcore.errors import IepError
from iepcore.notices import OutboxState
from lti_app.storage.delivery_tables import outbox_item
from lti_app.storage.door_tables import site
from lti_app.storage.engine import Engines
from lti_app.storage.metadata import Secret
from lti_app.storage.schema import metadata
from lti_app.storage.vault import Vault


def database_file(url: str) -> Path | None:
    """Return the file of an SQLite database, None for a server."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def try_writing(engines: Engines) -> None:
    """Begin a write, change no row, and end it.

    Raises:
        Busy: ``store_read_only``, ``store_full``, ``store_locked`` or ``store_down``.
    """
    with engines.writing() as connection:
        connection.execute(sa.update(site).where(sa.false()).values(name=site.c.name))


def count_secrets(engines: Engines, vault: Vault, first: Vault) -> tuple[int, int, int]:
    """Return how many secrets are stored, how many no key of ``vault`` opens, and how many of the others the
    key of ``first`` alone does not open.

    Raises:
        Busy: the database is away.
    """
    stored = lost = old = 0
    with engines.reading() as connection:
        for table in metadata.sorted_tables:
            secrets = [column for column in table.columns if isinstance(column.type, Secret)]
            rows = connection.execute(sa.select(*secrets)).all() if secrets else []
            for sealed in (cell for row in rows for cell in row if cell is not None):
                stored += 1
                lost += not _opens(vault, sealed)
                old += _opens(vault, sealed) and not _opens(first, sealed)
    return stored, lost, old


def count_overdue(engines: Engines, *, before: datetime) -> int:
    """Return how many notices of all sites were due before then and have not been taken.

    Raises:
        Busy: the database is away.
    """
    c = outbox_item.c
    due = sa.or_(
        sa.and_(c.state == OutboxState.QUEUED, c.not_before <= before),
        sa.and_(c.state == OutboxState.LEASED, c.lease_until <= before),
    )
    with engines.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(outbox_item).where(due)).scalar_one()


def _opens(vault: Vault, sealed: str) -> bool:
    try:
        vault.open(sealed)
    except IepError:
        return False
    return True
