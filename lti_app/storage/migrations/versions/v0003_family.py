"""0003: the family's conversations, the outbox and the trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant

revision = "0003_family"
down_revision = "0002_site"


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("citation", sa.Text, nullable=False),
        sa.Column("actor_id", IdColumn),
        sa.Column("job", sa.Text),
        sa.Column("student_id", IdColumn),
        sa.Column("object_id", sa.Text),
        sa.Column("bucket", sa.Text),
        sa.UniqueConstraint("site_id", "bucket", name="uq_audit_event_site_id_bucket"),
    )
    op.create_index("ix_audit_event_site_id_student_id_at", "audit_event", ["site_id", "student_id", "at"])
    op.create_table(
        "contact",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("by_id", IdColumn, nullable=False),
        sa.Column("with_id", IdColumn, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("client_key", IdColumn, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("summary", sa.Text),
        sa.Column("interpreter", sa.Text),
        sa.Column("message_id", IdColumn),
        sa.Column("follow_up_on", sa.Date),
        sa.Column("follow_up_owner_id", IdColumn),
        sa.UniqueConstraint("site_id", "by_id", "client_key", name="uq_contact_site_id_by_id_client_key"),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_index("ix_contact_site_id_student_id_at", "contact", ["site_id", "student_id", "at"])
    op.create_table(
        "draft",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("author_id", IdColumn, nullable=False),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("goal_id", IdColumn),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("saved_at", Instant, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint(
            "site_id",
            "author_id",
            "student_id",
            "goal_id",
            name="uq_draft_site_id_author_id_student_id_goal_id",
        ),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_index("ix_draft_site_id_saved_at", "draft", ["site_id", "saved_at"])
    op.create_index(
        "ix_draft_without_goal",
        "draft",
        ["site_id", "author_id", "student_id"],
        unique=True,
        sqlite_where=sa.text("goal_id IS NULL"),
        postgresql_where=sa.text("goal_id IS NULL"),
    )
    op.create_table(
        "thread",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("goal_id", IdColumn),
        sa.Column("created_at", Instant, nullable=False),
        sa.UniqueConstraint("site_id", "student_id", "goal_id", name="uq_thread_site_id_student_id_goal_id"),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_index(
        "ix_thread_without_goal",
        "thread",
        ["site_id", "student_id"],
        unique=True,
        sqlite_where=sa.text("goal_id IS NULL"),
        postgresql_where=sa.text("goal_id IS NULL"),
    )
    op.create_table(
        "home_observation",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("goal_id", IdColumn, nullable=False),
        sa.Column("adult_id", IdColumn, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("observed_on", sa.Date, nullable=False),
        sa.Column("client_key", IdColumn, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("words", sa.Text),
        sa.UniqueConstraint(
            "site_id", "adult_id", "client_key", name="uq_home_observation_site_id_adult_id_client_key"
        ),
        sa.ForeignKeyConstraint(["site_id", "goal_id"], ["goal.site_id", "goal.id"]),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_index(
        "ix_home_observation_site_id_goal_id_received_at",
        "home_observation",
        ["site_id", "goal_id", "received_at"],
    )
    op.create_index("ix_home_observation_site_id_student_id", "home_observation", ["site_id", "student_id"])
    op.create_table(
        "message",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("thread_id", IdColumn, nullable=False),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("goal_id", IdColumn),
        sa.Column("author_id", IdColumn, nullable=False),
        sa.Column("from_family", sa.Boolean, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("recipient_ids", sa.Text, nullable=False),
        sa.Column("client_key", IdColumn, nullable=False),
        sa.Column("sent_at", Instant, nullable=False),
        sa.Column("to_staff", sa.Boolean, nullable=False),
        sa.Column("urgency", sa.Text, nullable=False),
        sa.Column("answer_by", sa.Date),
        sa.Column("in_reply_to", IdColumn),
        sa.UniqueConstraint(
            "site_id", "author_id", "client_key", name="uq_message_site_id_author_id_client_key"
        ),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
        sa.ForeignKeyConstraint(["site_id", "thread_id"], ["thread.site_id", "thread.id"]),
    )
    op.create_index("ix_message_site_id_student_id_sent_at", "message", ["site_id", "student_id", "sent_at"])
    op.create_index("ix_message_site_id_thread_id_sent_at", "message", ["site_id", "thread_id", "sent_at"])
    op.create_table(
        "message_opened",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("message_id", IdColumn, primary_key=True),
        sa.Column("adult_id", IdColumn, primary_key=True),
        sa.Column("opened_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["site_id", "message_id"], ["message.site_id", "message.id"]),
    )
    op.create_table(
        "outbox_item",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("message_id", IdColumn, nullable=False),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("recipient_id", IdColumn, nullable=False),
        sa.Column("sender_id", IdColumn, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("urgency", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("link_secret", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("not_before", Instant, nullable=False),
        sa.Column("answer_by", sa.Date),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease_until", Instant),
        sa.Column("settled_at", Instant),
        sa.Column("looked_at", Instant),
        sa.Column("platform_id", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["site_id", "message_id"], ["message.site_id", "message.id"]),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_index("ix_outbox_item_site_id_message_id", "outbox_item", ["site_id", "message_id"])
    op.create_index(
        "ix_outbox_item_site_id_state_not_before", "outbox_item", ["site_id", "state", "not_before"]
    )
    op.create_index("ix_outbox_item_site_id_student_id", "outbox_item", ["site_id", "student_id"])
    op.create_table(
        "translation",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("message_id", IdColumn, primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        sa.Column("lang", sa.Text, primary_key=True),
        sa.Column("made_at", Instant, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("by_id", IdColumn),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("source_hash", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["site_id", "message_id"], ["message.site_id", "message.id"]),
    )
    op.create_table(
        "translation_request",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("message_id", IdColumn, nullable=False),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("to_language", sa.Text, nullable=False),
        sa.Column("interpreter_id", IdColumn, nullable=False),
        sa.Column("asked_by", IdColumn, nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("done_at", Instant),
        sa.UniqueConstraint(
            "site_id",
            "message_id",
            "part",
            "to_language",
            name="uq_translation_request_site_id_message_id_part_to_language",
        ),
        sa.ForeignKeyConstraint(["site_id", "message_id"], ["message.site_id", "message.id"]),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_index(
        "ix_translation_request_site_id_interpreter_id", "translation_request", ["site_id", "interpreter_id"]
    )
    op.create_index(
        "ix_translation_request_site_id_student_id", "translation_request", ["site_id", "student_id"]
    )
