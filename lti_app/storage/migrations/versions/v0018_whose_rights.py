"""0018: papers of rights, whose rights they are from 18 on, windows for people from outside, substitutes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant

revision = "0018_whose_rights"
down_revision = "0017_plans"


def _site() -> sa.Column[object]:
    return sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True)


def upgrade() -> None:
    with op.batch_alter_table("relationship") as table:
        table.add_column(sa.Column("document", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("agreed_by", IdColumn))
    with op.batch_alter_table("relationship") as table:
        table.alter_column("document", server_default=None)
    with op.batch_alter_table("assignment") as table:
        table.add_column(sa.Column("stands_in_for", IdColumn))
    op.create_table(
        "rights_transfer",
        _site(),
        sa.Column("student_id", IdColumn, primary_key=True),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("student_told_on", sa.Date),
        sa.Column("parents_told_on", sa.Date),
        sa.Column("parents_may_write", sa.Boolean, nullable=False),
        sa.Column("noted_by", IdColumn, nullable=False),
        sa.Column("noted_at", Instant, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_table(
        "access_window",
        _site(),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("adult_id", IdColumn, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("opens_at", Instant, nullable=False),
        sa.Column("closes_at", Instant, nullable=False),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("noted_by", IdColumn, nullable=False),
        sa.Column("noted_at", Instant, nullable=False),
        sa.Column("agreed_by", IdColumn),
        sa.Column("ended_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
        sa.ForeignKeyConstraint(["site_id", "adult_id"], ["adult.site_id", "adult.id"]),
    )
    op.create_index("ix_access_window_site_id_student_id", "access_window", ["site_id", "student_id"])
    op.create_index("ix_access_window_site_id_adult_id", "access_window", ["site_id", "adult_id"])
