"""0013: what a school lets us do at Google beside the sign-in, and the consents of its adults."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant, Json, Secret

revision = "0013_google"
down_revision = "0012_sending"


def upgrade() -> None:
    op.create_table(
        "google_access",
        sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), primary_key=True),
        sa.Column("uses", Json, nullable=False),
        sa.Column("service_key", Secret, nullable=False),
        sa.Column("subjects", Json, nullable=False),
    )
    op.create_table(
        "google_consent",
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("adult_id", IdColumn, primary_key=True),
        sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("access_token", Secret, nullable=False),
        sa.Column("refresh_token", Secret, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("domain", sa.Text, nullable=False),
        sa.Column("lost", sa.Boolean, nullable=False),
    )
