"""0007: disabled people and legal holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant

revision = "0007_keeping"
down_revision = "0006_installs"


def upgrade() -> None:
    op.create_table(
        "suspension",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("adult_id", IdColumn, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by_id", IdColumn),
        sa.Column("ended_at", Instant),
        sa.Column("ended_by", IdColumn),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["site_id", "adult_id"], ["adult.site_id", "adult.id"]),
    )
    op.create_index(
        "ix_suspension_in_force",
        "suspension",
        ["site_id", "adult_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "legal_hold",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("student_id", IdColumn),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("placed_at", Instant, nullable=False),
        sa.Column("placed_by", IdColumn),
        sa.Column("lifted_at", Instant),
        sa.Column("lifted_by", IdColumn),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_legal_hold_site_id_student_id", "legal_hold", ["site_id", "student_id"])
