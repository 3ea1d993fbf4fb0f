"""0010: whose API a key is for, so that a school may have Canvas and Google."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_api_kind"
down_revision = "0009_gradebook"


def upgrade() -> None:
    op.add_column("api_client", sa.Column("kind", sa.Text, nullable=False, server_default="canvas"))
