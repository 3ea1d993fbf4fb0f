"""0006: invites, how each platform was connected, and its last launches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant, Json

revision = "0006_installs"
down_revision = "0005_offers"


def upgrade() -> None:
    op.create_table(
        "install_invite",
        sa.Column("code_hash", sa.Text, primary_key=True),
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("made_by", IdColumn),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
    )
    op.create_index("ix_install_invite_expires_at", "install_invite", ["expires_at"])
    op.create_table(
        "installation",
        sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), primary_key=True),
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("frames", Json, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("claim_until", Instant),
    )
    op.create_table(
        "launch_note",
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), nullable=False),
        sa.Column("deployment_id", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
    )
    op.create_index("ix_launch_note_registration_id_at", "launch_note", ["registration_id", "at"])
