"""0011: where rosters come from, how pulls went, what waits for a person; numbers and grades in rosters."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant

revision = "0011_rosters"
down_revision = "0010_api_kind"

_OPEN = sa.text("state IN ('asked', 'running', 'waiting')")


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _site() -> sa.Column[Any]:
    return sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True)


def _key(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, primary_key=True) for name in names]


def _of_feed() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["site_id", "feed_id"], ["roster_feed.site_id", "roster_feed.id"])


def upgrade() -> None:
    op.add_column("roster_member", sa.Column("sis_id", sa.Text))
    op.add_column(
        "roster_member",
        sa.Column("email_verified", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column("roster_member", sa.Column("grade", sa.Text))
    op.create_table(
        "roster_feed",
        _site(),
        sa.Column("id", IdColumn, primary_key=True),
        *_text("kind", "name", "source", "config"),
        sa.Column("connected_at", Instant, nullable=False),
        sa.Column("connected_by", IdColumn),
        sa.Column("nightly", sa.Boolean, nullable=False),
        sa.Column("accepted_at", Instant),
        sa.Column("accepted_by", IdColumn),
        sa.Column("ended_at", Instant),
        *_numbers("version"),
    )
    op.create_table(
        "roster_run",
        _site(),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("feed_id", IdColumn, nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("asked_by", IdColumn),
        *_text("state", "reason"),
        sa.Column("staged", sa.Boolean, nullable=False),
        *_numbers("of", "done", "pages", "rows", "tries", "version"),
        sa.Column("lease_until", Instant),
        sa.Column("ended_at", Instant),
        _of_feed(),
    )
    op.create_index(
        "ix_roster_run_site_id_feed_id_asked_at", "roster_run", ["site_id", "feed_id", "asked_at"]
    )
    op.create_index(
        "ix_roster_run_open",
        "roster_run",
        ["site_id", "feed_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "course_state",
        _site(),
        sa.Column("feed_id", IdColumn, primary_key=True),
        *_key("context_id"),
        sa.Column("run_id", IdColumn, nullable=False),
        *_text("title", "standing", "shortfalls"),
        sa.Column("pulled_at", Instant, nullable=False),
        *_numbers("people", "came", "left", "changed", "links", "unread"),
        _of_feed(),
    )
    op.create_table(
        "staged_course",
        _site(),
        sa.Column("feed_id", IdColumn, primary_key=True),
        *_key("context_id"),
        sa.Column("run_id", IdColumn, nullable=False),
        *_text("roster"),
        sa.Column("gone", sa.Boolean, nullable=False),
        _of_feed(),
    )
    op.create_index("ix_staged_course_site_id_run_id", "staged_course", ["site_id", "run_id"])
    op.create_table(
        "guardian_hint",
        _site(),
        *_key("source", "context_id", "guardian_subject", "student_subject"),
        *_text("relation"),
        sa.Column("seen_at", Instant, nullable=False),
    )
    op.create_index(
        "ix_guardian_hint_site_id_source_student_subject",
        "guardian_hint",
        ["site_id", "source", "student_subject"],
    )
    op.create_table(
        "match_doubt",
        _site(),
        sa.Column("id", IdColumn, primary_key=True),
        *_text("source", "subject", "kind", "reason", "state"),
        sa.Column("person_id", IdColumn, nullable=False),
        sa.Column("raised_at", Instant, nullable=False),
        sa.Column("decided_by", IdColumn),
        sa.Column("decided_at", Instant),
        *_numbers("version"),
        sa.UniqueConstraint(
            "site_id",
            "source",
            "subject",
            "person_id",
            name="uq_match_doubt_site_id_source_subject_person_id",
        ),
    )
