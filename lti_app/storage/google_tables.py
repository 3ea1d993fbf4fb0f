"""Tables of what a school and its adults let us do at Google beside the sign-in."""

from __future__ import annotations

import sqlalchemy as sa

from lti_app.storage.metadata import IdColumn, Instant, Json, Secret, owned_table

google_access = owned_table(
    "google_access",
    sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), primary_key=True),
    sa.Column("uses", Json, nullable=False),
    sa.Column("service_key", Secret, nullable=False),
    sa.Column("subjects", Json, nullable=False),
    personal_data="addresses of the few staff a service account may act for; its key, encrypted",
    erased_by="the administrator (iep google service-account --remove)",
)

google_consent = owned_table(
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
    personal_data="the adult who granted it: number and address of her Google account, encrypted tokens",
    erased_by="the adult who withdraws it, or erasure of the adult",
)
