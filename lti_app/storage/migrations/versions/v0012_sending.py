"""0012: what may leave a site, consents to text messages, what came back by the roads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant

revision = "0012_sending"
down_revision = "0011_rosters"


def _site() -> sa.Column[object]:
    return sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True)


def upgrade() -> None:
    op.create_table(
        "site_sending",
        _site(),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("stopped", sa.Boolean, nullable=False),
        sa.Column("listed", sa.Text, nullable=False),
        sa.Column("changed_at", Instant),
        sa.Column("changed_by", IdColumn),
        sa.Column("version", sa.Integer, nullable=False),
    )
    # Sites that stand already go on as they did: IEP_SENDING alone decided for them. New ones begin with off.
    op.execute(
        "INSERT INTO site_sending (site_id, mode, stopped, listed, version) "
        "SELECT id, 'live', false, '[]', 1 FROM site"
    )
    op.create_table(
        "road_consent",
        _site(),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("adult_id", IdColumn, nullable=False),
        sa.Column("road", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("noted_by", IdColumn),
        sa.ForeignKeyConstraint(["site_id", "adult_id"], ["adult.site_id", "adult.id"]),
    )
    op.create_index("ix_road_consent_site_id_adult_id_at", "road_consent", ["site_id", "adult_id", "at"])
    op.create_index("ix_road_consent_site_id_road_value", "road_consent", ["site_id", "road", "value"])
    op.create_table(
        "kept_reply",
        _site(),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("road", sa.Text, nullable=False),
        sa.Column("platform_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("kept_at", Instant, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("item_id", IdColumn),
        sa.Column("student_id", IdColumn),
        sa.Column("adult_id", IdColumn),
        sa.Column("handler_id", IdColumn),
        sa.Column("message_id", IdColumn),
        sa.Column("settled_by", IdColumn),
        sa.Column("settled_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("site_id", "road", "platform_id", name="uq_kept_reply_site_id_road_platform_id"),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_index(
        "ix_kept_reply_site_id_state_received_at", "kept_reply", ["site_id", "state", "received_at"]
    )
    op.create_index("ix_kept_reply_site_id_message_id", "kept_reply", ["site_id", "message_id"])
    op.create_index("ix_kept_reply_site_id_student_id", "kept_reply", ["site_id", "student_id"])
    op.create_table(
        "road_fetch",
        _site(),
        sa.Column("road", sa.Text, primary_key=True),
        sa.Column("fetched_at", Instant, nullable=False),
    )
