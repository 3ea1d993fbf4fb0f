"""0016: whether a platform may be in a private network. Those connected before may, as they could."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_inside"
down_revision = "0015_key_sets"


def upgrade() -> None:
    with op.batch_alter_table("installation") as table:
        table.add_column(sa.Column("inside", sa.Boolean, nullable=False, server_default=sa.true()))
    with op.batch_alter_table("installation") as table:
        table.alter_column("inside", server_default=None)
