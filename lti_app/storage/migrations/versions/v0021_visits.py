"""0021: a login and the session it becomes are one row, so that a launch writes one row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant, Json

revision = "0021_visits"
down_revision = "0020_chain"

_CARRIED = [
    "token_hash",
    "site_id",
    "registration_id",
    "deployment_id",
    "door",
    "subject",
    "adult_id",
    "family",
    "context_id",
    "context_title",
    "roster_url",
    "launch_roles",
    "observees",
    "canvas_user_id",
    "display_name",
    "locale",
    "masquerade",
    "created_at",
    "seen_at",
    "idle_until",
    "ends_at",
    "revoked_at",
    "offers",
]


def upgrade() -> None:
    """Open sessions go on, until their page is loaded anew; logins in flight are done again."""
    op.create_table(
        "visit",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("registration_id", IdColumn),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("nonce", sa.Text),
        sa.Column("target_link_uri", sa.Text),
        sa.Column("storage_target", sa.Text),
        sa.Column("again", sa.Text),
        sa.Column("token_hash", sa.Text),
        sa.Column("secret_hash", sa.Text, nullable=False, server_default=""),
        sa.Column("tab_hash", sa.Text, nullable=False, server_default=""),
        sa.Column("site_id", IdColumn),
        sa.Column("deployment_id", sa.Text),
        sa.Column("door", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("adult_id", IdColumn),
        sa.Column("family", sa.Boolean),
        sa.Column("context_id", sa.Text),
        sa.Column("context_title", sa.Text),
        sa.Column("roster_url", sa.Text),
        sa.Column("launch_roles", Json),
        sa.Column("observees", Json),
        sa.Column("canvas_user_id", sa.Text),
        sa.Column("display_name", sa.Text),
        sa.Column("locale", sa.Text),
        sa.Column("masquerade", sa.Boolean),
        sa.Column("seen_at", Instant),
        sa.Column("idle_until", Instant),
        sa.Column("revoked_at", Instant),
        sa.Column("offers", Json),
        sa.PrimaryKeyConstraint("key", name="pk_visit"),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name="fk_visit_registration_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_visit_site_id"),
        sa.CheckConstraint("token_hash IS NULL OR site_id IS NOT NULL", name="ck_visit_session"),
        sa.CheckConstraint("token_hash IS NOT NULL OR nonce IS NOT NULL", name="ck_visit_login"),
    )
    old, new = (sa.table(name, *map(sa.column, _CARRIED)) for name in ("web_session", "visit"))
    new.append_column(sa.column("key"))
    op.execute(sa.insert(new).from_select([*_CARRIED, "key"], sa.select(*old.c, old.c.token_hash)))
    for table in ("resume_secret", "web_session", "launch_state"):
        op.drop_table(table)
