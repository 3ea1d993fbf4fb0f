"""0015: the last good key set of each platform outlives a restart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import Instant

revision = "0015_key_sets"
down_revision = "0014_lean_doors"


def upgrade() -> None:
    op.create_table(
        "platform_key_set",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("fetched_at", Instant, nullable=False),
        sa.Column("fresh_seconds", sa.Integer, nullable=False),
    )
