"""0008: a login in flight knows how to start again in a window of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_again"
down_revision = "0007_keeping"


def upgrade() -> None:
    op.add_column("launch_state", sa.Column("again", sa.Text))
