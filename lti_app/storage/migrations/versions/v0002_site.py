"""0002: people and plans of a site."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant

revision = "0002_site"
down_revision = "0001_door"


def upgrade() -> None:
    op.create_table(
        "adult",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("reads", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("speaks", sa.Text, nullable=False),
        sa.Column("needs_interpreter", sa.Boolean, nullable=False),
        sa.Column("came_as_staff", sa.Boolean, nullable=False),
        sa.Column("addresses", sa.Text, nullable=False),
        sa.Column("zone", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "identity",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("person_id", IdColumn, nullable=False),
    )
    op.create_index("ix_identity_site_id_person_id", "identity", ["site_id", "person_id"])
    op.create_table(
        "link_hint",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("observer_subject", sa.Text, primary_key=True),
        sa.Column("pupil_subject", sa.Text, primary_key=True),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
    )
    op.create_index(
        "ix_link_hint_site_id_source_pupil_subject", "link_hint", ["site_id", "source", "pupil_subject"]
    )
    op.create_table(
        "roster_member",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("context_id", sa.Text, nullable=False),
        sa.Column("context_title", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("channel_user_id", sa.Text),
        sa.UniqueConstraint(
            "site_id",
            "source",
            "context_id",
            "subject",
            name="uq_roster_member_site_id_source_context_id_subject",
        ),
    )
    op.create_index(
        "ix_roster_member_site_id_source_subject", "roster_member", ["site_id", "source", "subject"]
    )
    op.create_table(
        "student",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("legal_name", sa.Text, nullable=False),
        sa.Column("preferred_name", sa.Text, nullable=False),
        sa.Column("grade", sa.Text, nullable=False),
        sa.Column("home_language", sa.Text, nullable=False),
        sa.Column("created_by", IdColumn, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("born_on", sa.Date),
        sa.Column("left_on", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "appointment",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("adult_id", IdColumn, primary_key=True),
        sa.Column("role", sa.Text, primary_key=True),
        sa.Column("starts_on", sa.Date, primary_key=True),
        sa.Column("appointed_by", IdColumn),
        sa.Column("appointed_at", Instant, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.ForeignKeyConstraint(["site_id", "adult_id"], ["adult.site_id", "adult.id"]),
    )
    op.create_table(
        "assignment",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("adult_id", IdColumn, nullable=False),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("assigned_by", IdColumn, nullable=False),
        sa.Column("assigned_at", Instant, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["site_id", "adult_id"], ["adult.site_id", "adult.id"]),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_index("ix_assignment_site_id_adult_id", "assignment", ["site_id", "adult_id"])
    op.create_index("ix_assignment_site_id_student_id", "assignment", ["site_id", "student_id"])
    op.create_table(
        "goal",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("area", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("baseline", sa.Double, nullable=False),
        sa.Column("target", sa.Double, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("criterion", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("created_by", IdColumn, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("skill_key", sa.Text),
        sa.Column("skill_words", sa.Text),
        sa.Column("introduced_on", sa.Date),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_index("ix_goal_site_id_student_id", "goal", ["site_id", "student_id"])
    op.create_table(
        "relationship",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("adult_id", IdColumn, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("household", sa.Text, nullable=False),
        sa.Column("may_access_records", sa.Boolean, nullable=False),
        sa.Column("may_decide", sa.Boolean, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("verified_by", IdColumn, nullable=False),
        sa.Column("verified_at", Instant, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("address_protected", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["site_id", "adult_id"], ["adult.site_id", "adult.id"]),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_index("ix_relationship_site_id_adult_id", "relationship", ["site_id", "adult_id"])
    op.create_index("ix_relationship_site_id_student_id", "relationship", ["site_id", "student_id"])
    op.create_table(
        "data_point",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("goal_id", IdColumn, nullable=False),
        sa.Column("goal_version", sa.Integer, nullable=False),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("recorder_id", IdColumn, nullable=False),
        sa.Column("client_key", IdColumn, nullable=False),
        sa.Column("reading", sa.Text, nullable=False),
        sa.Column("score", sa.Double),
        sa.Column("observed_on", sa.Date, nullable=False),
        sa.Column("observed_at", Instant, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("supersedes", IdColumn),
        sa.Column("from_set", IdColumn),
        sa.ForeignKeyConstraint(["site_id", "goal_id"], ["goal.site_id", "goal.id"]),
        sa.UniqueConstraint(
            "site_id", "recorder_id", "client_key", name="uq_data_point_site_id_recorder_id_client_key"
        ),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_index(
        "ix_data_point_correction",
        "data_point",
        ["site_id", "goal_id", "supersedes"],
        sqlite_where=sa.text("supersedes IS NOT NULL"),
        postgresql_where=sa.text("supersedes IS NOT NULL"),
    )
    op.create_index(
        "ix_data_point_site_id_goal_id_observed_on_observed_at_id",
        "data_point",
        ["site_id", "goal_id", "observed_on", "observed_at", "id"],
    )
    op.create_index("ix_data_point_site_id_student_id", "data_point", ["site_id", "student_id"])
    op.create_table(
        "trial_set",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("goal_id", IdColumn, nullable=False),
        sa.Column("goal_version", sa.Integer, nullable=False),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("recorder_id", IdColumn, nullable=False),
        sa.Column("client_key", IdColumn, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("planned_trials", sa.Integer, nullable=False),
        sa.Column("ended_at", Instant),
        sa.ForeignKeyConstraint(["site_id", "goal_id"], ["goal.site_id", "goal.id"]),
        sa.UniqueConstraint(
            "site_id", "recorder_id", "client_key", name="uq_trial_set_site_id_recorder_id_client_key"
        ),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
    )
    op.create_index(
        "ix_trial_set_open",
        "trial_set",
        ["site_id", "recorder_id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_trial_set_site_id_student_id", "trial_set", ["site_id", "student_id"])
    op.create_table(
        "trial",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("set_id", IdColumn, nullable=False),
        sa.Column("client_key", IdColumn, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("undoes", IdColumn),
        sa.UniqueConstraint("site_id", "set_id", "client_key", name="uq_trial_site_id_set_id_client_key"),
        sa.ForeignKeyConstraint(["site_id", "set_id"], ["trial_set.site_id", "trial_set.id"]),
    )
