"""0009: words that travel to a gradebook, and whether a school lets them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant

revision = "0009_gradebook"
down_revision = "0008_again"


def upgrade() -> None:
    op.add_column("site", sa.Column("gradebook_words", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "gradebook_word",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("by_id", IdColumn, nullable=False),
        sa.Column("column", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("client_key", IdColumn, nullable=False),
        sa.Column("written_at", Instant, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sent_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint(
            "site_id", "by_id", "client_key", name="uq_gradebook_word_site_id_by_id_client_key"
        ),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_index(
        "ix_gradebook_word_site_id_student_id_written_at",
        "gradebook_word",
        ["site_id", "student_id", "written_at"],
    )
