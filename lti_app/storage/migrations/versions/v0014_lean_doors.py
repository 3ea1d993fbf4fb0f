"""0014: what every launch writes lies in as few pages as can be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant

revision = "0014_lean_doors"
down_revision = "0013_google"

INDEXES = {
    "launch_state": ("expires_at",),
    "resume_secret": ("ends_at", "token_hash"),
    "web_session": ("ends_at", "site_id_adult_id"),
}


def upgrade() -> None:
    for table, columns in INDEXES.items():
        for column in columns:
            op.drop_index(f"ix_{table}_{column}", table)
    if op.get_bind().dialect.name == "sqlite":
        _by_key(
            "launch_state",
            sa.Column("state_hash", sa.Text, nullable=False),
            sa.Column("nonce", sa.Text, nullable=False),
            sa.Column("registration_id", IdColumn, nullable=False),
            sa.Column("target_link_uri", sa.Text, nullable=False),
            sa.Column("storage_target", sa.Text),
            sa.Column("created_at", Instant, nullable=False),
            sa.Column("expires_at", Instant, nullable=False),
            sa.Column("again", sa.Text),
            sa.PrimaryKeyConstraint("state_hash", name="pk_launch_state"),
            sa.ForeignKeyConstraint(
                ["registration_id"], ["registration.id"], name="fk_launch_state_registration_id"
            ),
        )
        _by_key(
            "resume_secret",
            sa.Column("secret_hash", sa.Text, nullable=False),
            sa.Column("tab_hash", sa.Text, nullable=False),
            sa.Column("token_hash", sa.Text, nullable=False),
            sa.Column("created_at", Instant, nullable=False),
            sa.Column("ends_at", Instant, nullable=False),
            sa.PrimaryKeyConstraint("secret_hash", "tab_hash", name="pk_resume_secret"),
        )


def _by_key(table: str, *parts: sa.schema.SchemaItem) -> None:
    """Make a table anew, without a row id, and move its rows."""
    op.rename_table(table, "old_" + table)
    op.create_table(table, *parts, sqlite_with_rowid=False)
    names = [part.name for part in parts if isinstance(part, sa.Column)]
    new = sa.table(table, *map(sa.column, names))
    old = sa.table("old_" + table, *map(sa.column, names))
    op.execute(sa.insert(new).from_select(names, sa.select(*old.c)))
    op.drop_table("old_" + table)
