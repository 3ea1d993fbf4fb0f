"""0004: changes on the way to a goal, and a school's own codes for findings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import Json

revision = "0004_phases"
down_revision = "0003_family"


def upgrade() -> None:
    op.add_column("goal", sa.Column("phases", sa.Text, nullable=False, server_default="[]"))
    op.add_column("site", sa.Column("report_codes", Json, nullable=False, server_default="{}"))
