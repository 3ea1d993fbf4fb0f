"""0019: school years, a site's choices, and the dates of children."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant

revision = "0019_calendars"
down_revision = "0018_whose_rights"


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _dates(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Date, nullable=False) for name in names]


def _switches(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Boolean, nullable=False) for name in names]


def _ids(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, IdColumn, nullable=False) for name in names]


def _site() -> sa.Column[Any]:
    return sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True)


def upgrade() -> None:
    op.create_table(
        "school_year",
        _site(),
        sa.Column("id", IdColumn, primary_key=True),
        *_text("kind", "name", "weekdays", "days"),
        *_dates("first_day", "last_day"),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("changed_by", IdColumn),
        *_numbers("version"),
        sa.UniqueConstraint("site_id", "kind", "name", name="uq_school_year_site_id_kind_name"),
    )
    op.create_table(
        "site_choices",
        _site(),
        sa.Column("version", sa.Integer, primary_key=True),
        *_text("state", "rules", "state_holidays", "counsel"),
        sa.Column("official_plan", sa.Text),
        *_switches("student_voice", "staff_names_shown"),
        *_numbers("minutes_days", "reply_days", "quiet_days"),
        sa.Column("changed_at", Instant),
        sa.Column("changed_by", IdColumn),
    )
    op.create_table(
        "timeline_event",
        _site(),
        sa.Column("id", IdColumn, primary_key=True),
        *_ids("student_id", "recorded_by", "client_key"),
        *_text("kind"),
        *_dates("dated_on"),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("supersedes", IdColumn),
        *_switches("withdrawn"),
        sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"]),
        sa.UniqueConstraint(
            "site_id",
            "recorded_by",
            "client_key",
            name="uq_timeline_event_site_id_recorded_by_client_key",
        ),
    )
    op.create_index(
        "ix_timeline_event_site_id_student_id_dated_on",
        "timeline_event",
        ["site_id", "student_id", "dated_on"],
    )
