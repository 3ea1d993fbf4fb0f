"""Connecting platforms in SQL: invites, installations and launch notes, each call one short transaction."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from lti_app.doors.installs import MOST_NOTES, Installation, Invite, LaunchNote
from lti_app.storage import door_tables as d
from lti_app.storage import install_tables as t
from lti_app.storage.engine import Engines
from lti_app.storage.rows import fetch, fetch_one, insert, upsert


def _installation(row: RowMapping) -> Installation:
    return Installation(**{**row, "frames": tuple(row["frames"])})


class SqlInstallStore:
    """``InstallStore`` over SQLite or PostgreSQL. Raises ``Busy`` when the database cannot answer."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def add_invite(self, invite: Invite) -> None:
        over = sa.delete(t.install_invite).where(t.install_invite.c.expires_at <= invite.created_at)
        with self._engines.writing() as connection:
            connection.execute(over)
            upsert(connection, t.install_invite, asdict(invite))

    def invite(self, code_hash: str, *, at: datetime) -> Invite | None:
        column = t.install_invite.c
        statement = sa.select(t.install_invite).where(column.code_hash == code_hash, column.expires_at > at)
        with self._engines.reading() as connection:
            row = fetch_one(connection, statement)
        return Invite(**row) if row else None

    def take_invite(self, code_hash: str, *, at: datetime) -> Invite | None:
        gone = sa.delete(t.install_invite).where(t.install_invite.c.code_hash == code_hash)
        with self._engines.writing() as connection:
            row = fetch_one(connection, gone.returning(*t.install_invite.c))
        return Invite(**row) if row and row["expires_at"] > at else None

    def save_installation(self, installation: Installation) -> None:
        row = {**asdict(installation), "frames": list(installation.frames)}
        with self._engines.writing() as connection:
            upsert(connection, t.installation, row)

    def installation(self, registration_id: UUID) -> Installation | None:
        statement = sa.select(t.installation).where(t.installation.c.registration_id == registration_id)
        with self._engines.reading() as connection:
            row = fetch_one(connection, statement)
        return _installation(row) if row else None

    def installations(self) -> Sequence[Installation]:
        statement = sa.select(t.installation).order_by(t.installation.c.registration_id)
        with self._engines.reading() as connection:
            return tuple(_installation(row) for row in fetch(connection, statement))

    def note_launch(self, note: LaunchNote) -> None:
        column = t.launch_note.c
        mine = column.registration_id == note.registration_id
        newest = (
            sa.select(column.id).where(mine).order_by(column.at.desc(), column.id.desc()).limit(MOST_NOTES)
        )
        with self._engines.writing() as connection:
            insert(connection, t.launch_note, asdict(note))
            connection.execute(sa.delete(t.launch_note).where(mine, column.id.not_in(newest)))

    def launch_notes(self, registration_id: UUID, *, limit: int) -> Sequence[LaunchNote]:
        column = t.launch_note.c
        statement = sa.select(t.launch_note).where(column.registration_id == registration_id)
        ordered = statement.order_by(column.at.desc(), column.id.desc()).limit(limit)
        with self._engines.reading() as connection:
            return tuple(LaunchNote(**row) for row in fetch(connection, ordered))

    def remove_unused(self, registration_id: UUID) -> bool:
        """Delete a registration that never led to a site, with all that hangs on it; say whether it was one.

        One that did is kept: people's identities hang on it. It can be turned off.
        """
        tables = (t.launch_note, t.installation, d.visit, d.deployment, d.api_client)
        used = sa.select(d.deployment.c.deployment_id).where(
            d.deployment.c.registration_id == registration_id, d.deployment.c.site_id.is_not(None)
        )
        with self._engines.writing() as connection:
            if connection.execute(used.limit(1)).first() is not None:
                return False
            for table in tables:
                connection.execute(sa.delete(table).where(table.c.registration_id == registration_id))
            gone = sa.delete(d.registration).where(d.registration.c.id == registration_id)
            return connection.execute(gone).rowcount > 0
