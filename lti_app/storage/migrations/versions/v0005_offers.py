"""0005: what else a launch offered stays with its session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import Json

revision = "0005_offers"
down_revision = "0004_phases"


def upgrade() -> None:
    op.add_column("web_session", sa.Column("offers", Json))
