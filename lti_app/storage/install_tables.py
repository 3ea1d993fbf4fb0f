"""Tables of connecting platforms: invites, how each came about, the last launches. No child's data."""

from __future__ import annotations

import sqlalchemy as sa

from lti_app.storage.metadata import IdColumn, Instant, Json, owned_table

install_invite = owned_table(
    "install_invite",
    sa.Column("code_hash", sa.Text, primary_key=True),
    sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), nullable=False),
    sa.Column("made_by", IdColumn),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
    personal_data="the administrator who made the link, by id",
    erased_by="its use, or the next invite after its end",
)

installation = owned_table(
    "installation",
    sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), primary_key=True),
    sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), nullable=False),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("frames", Json, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("claim_until", Instant),
    sa.Column("inside", sa.Boolean, nullable=False),
    personal_data="none: which platform a site connected",
    erased_by="the administrator who removes the platform",
)

launch_note = owned_table(
    "launch_note",
    sa.Column("id", IdColumn, primary_key=True),
    sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), nullable=False),
    sa.Column("deployment_id", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Index(None, "registration_id", "at"),
    personal_data="none: when a platform sent somebody, and what came of it; nobody is named",
    erased_by="the next launches: the newest hundred of a platform stay",
)
