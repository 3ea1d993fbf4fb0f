"""Bringing a database to today's schema, and asking where it stands."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from lti_app.storage.engine import Engines
from lti_app.storage.schema import metadata

_ADVISORY_LOCK = 7_273_001
"""Any number; two processes that start at once must pick the same one."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "lti_app.storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """Return the revision this code expects."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def current(engines: Engines) -> str | None:
    """Return the revision of the database, None for an empty one.

    Raises:
        Busy: the database is away.
    """
    with engines.reading() as connection:
        return current_within(connection)


def current_within(connection: Connection) -> str | None:
    """Return the revision that ``connection`` sees, None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engines: Engines, revision: str = "head") -> None:
    """Bring the database to ``revision`` in one transaction. Twice, or from two processes, is harmless.

    Raises:
        Busy: the database is locked, read-only, full or away; nothing was changed.
    """
    with engines.writing() as connection:
        upgrade_within(connection, revision)


def upgrade_within(connection: Connection, revision: str) -> None:
    """Bring the database to ``revision`` in the transaction of ``connection``, which stays open."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
    command.upgrade(_config(connection), revision)


def knows(revision: str) -> bool:
    """Tell whether this program has tables of ``revision``: a newer program's it has not."""
    return any(one.revision == revision for one in ScriptDirectory.from_config(_config()).walk_revisions())


def check(engines: Engines) -> Sequence[str]:
    """Return what differs between the database and the declared tables, a line each; empty when equal.

    Raises:
        Busy: the database is away.
    """
    with engines.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return tuple(repr(difference) for difference in compare_metadata(context, metadata))
