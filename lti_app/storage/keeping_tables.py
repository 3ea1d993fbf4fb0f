"""Tables of what keeps a person out and a record in: disabled people and legal holds."""

from __future__ import annotations

import sqlalchemy as sa

from lti_app.storage.metadata import Instant
from lti_app.storage.site_tables import ADULT_END, column, id_column, part_of, site_table

_IN_FORCE = sa.text("ended_at IS NULL")

suspension = site_table(
    "suspension",
    id_column("id", key=True),
    id_column("adult_id"),
    column("starts_at", Instant),
    column("reason", sa.Text),
    id_column("by_id", optional=True),
    column("ended_at", Instant, optional=True),
    id_column("ended_by", optional=True),
    column("version", sa.Integer),
    part_of("adult_id", "adult"),
    sa.Index(
        "ix_suspension_in_force",
        "site_id",
        "adult_id",
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    ),
    personal_data="the adult who was disabled, by id, and who did it: when and why",
    erased_by=ADULT_END,
)

legal_hold = site_table(
    "legal_hold",
    id_column("id", key=True),
    id_column("student_id", optional=True),
    column("reason", sa.Text),
    column("placed_at", Instant),
    id_column("placed_by", optional=True),
    column("lifted_at", Instant, optional=True),
    id_column("lifted_by", optional=True),
    column("version", sa.Integer),
    sa.Index(None, "site_id", "student_id"),
    personal_data="the child, by id, and who placed and lifted the hold: when and why",
)
