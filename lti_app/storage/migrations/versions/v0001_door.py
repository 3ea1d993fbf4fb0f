"""0001: what the doors remember."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant, Json, Secret

revision = "0001_door"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "registration",
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("auth_url", sa.Text, nullable=False),
        sa.Column("token_url", sa.Text, nullable=False),
        sa.Column("jwks_url", sa.Text, nullable=False),
        sa.Column("auth_audience", sa.Text),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.UniqueConstraint("issuer", "client_id", name="uq_registration_issuer_client_id"),
    )
    op.create_table(
        "resume_secret",
        sa.Column("secret_hash", sa.Text, primary_key=True),
        sa.Column("tab_hash", sa.Text, primary_key=True),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
    )
    op.create_index("ix_resume_secret_ends_at", "resume_secret", ["ends_at"])
    op.create_index("ix_resume_secret_token_hash", "resume_secret", ["token_hash"])
    op.create_table(
        "site",
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("lms_name", sa.Text, nullable=False),
        sa.Column("lms_url", sa.Text, nullable=False),
    )
    op.create_table(
        "tool_key",
        sa.Column("kid", sa.Text, primary_key=True),
        sa.Column("private_pem", Secret, nullable=False),
        sa.Column("public_jwk", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant),
    )
    op.create_table(
        "api_client",
        sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), primary_key=True),
        sa.Column("base_url", sa.Text, nullable=False),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("client_secret", Secret, nullable=False),
    )
    op.create_table(
        "api_grant",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("adult_id", IdColumn, primary_key=True),
        sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), nullable=False),
        sa.Column("access_token", Secret, nullable=False),
        sa.Column("refresh_token", Secret, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("platform_user_id", sa.Text, nullable=False),
        sa.Column("lost", sa.Boolean, nullable=False),
    )
    op.create_table(
        "deployment",
        sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), primary_key=True),
        sa.Column("deployment_id", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id")),
    )
    op.create_table(
        "grant_state",
        sa.Column("state_hash", sa.Text, primary_key=True),
        sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), nullable=False),
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("adult_id", IdColumn, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
    )
    op.create_index("ix_grant_state_expires_at", "grant_state", ["expires_at"])
    op.create_table(
        "launch_state",
        sa.Column("state_hash", sa.Text, primary_key=True),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), nullable=False),
        sa.Column("target_link_uri", sa.Text, nullable=False),
        sa.Column("storage_target", sa.Text),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
    )
    op.create_index("ix_launch_state_expires_at", "launch_state", ["expires_at"])
    op.create_table(
        "notice_link",
        sa.Column("link_hash", sa.Text, primary_key=True),
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
    )
    op.create_index("ix_notice_link_expires_at", "notice_link", ["expires_at"])
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.Text, primary_key=True),
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id")),
        sa.Column("deployment_id", sa.Text),
        sa.Column("door", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("adult_id", IdColumn),
        sa.Column("family", sa.Boolean, nullable=False),
        sa.Column("context_id", sa.Text),
        sa.Column("context_title", sa.Text),
        sa.Column("roster_url", sa.Text),
        sa.Column("launch_roles", Json, nullable=False),
        sa.Column("observees", Json, nullable=False),
        sa.Column("canvas_user_id", sa.Text),
        sa.Column("display_name", sa.Text),
        sa.Column("locale", sa.Text),
        sa.Column("masquerade", sa.Boolean, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("idle_until", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("revoked_at", Instant),
    )
    op.create_index("ix_web_session_ends_at", "web_session", ["ends_at"])
    op.create_index("ix_web_session_site_id_adult_id", "web_session", ["site_id", "adult_id"])
