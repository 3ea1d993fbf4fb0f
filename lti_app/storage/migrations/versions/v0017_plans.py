"""0017: plans as documents: versions, notices, consents, what people said, half-written forms, copies."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from lti_app.storage.metadata import IdColumn, Instant

revision = "0017_plans"
down_revision = "0016_inside"

_DRAFT = sa.text("state = 'draft'")
_NO_VERSION = sa.text("version_id IS NULL")


def _ids(*names: str, optional: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, IdColumn, nullable=optional) for name in names]


def _text(*names: str, optional: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=optional) for name in names]


def _days(*names: str, optional: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Date, nullable=optional) for name in names]


def _instants(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, Instant, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _part_of(field: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["site_id", field], [f"{parent}.site_id", f"{parent}.id"])


def _table(name: str, *parts: Any, key: tuple[str, ...] = ("id",)) -> None:
    """Create a table of what belongs to a child, with its indexes by child."""
    op.create_table(
        name,
        sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
        *(sa.Column(one, IdColumn, primary_key=True) for one in key),
        *_ids("student_id"),
        *parts,
        _part_of("student_id", "student"),
    )


def _index(table: str, *columns: str, name: str = "", **more: Any) -> None:
    op.create_index(name or f"ix_{table}_{'_'.join(columns)}", table, list(columns), **more)


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def upgrade() -> None:
    _versions()
    _agreements()
    _voices()
    _forms()


def _versions() -> None:
    _table(
        "plan_version",
        *_ids("plan_id", "written_by"),
        *_ids("notice_id", optional=True),
        *_numbers("number", "version"),
        *_text("contents", "state", "kept_in", "steps"),
        *_text("amendment", optional=True),
        *_days("reviewed_on", "begins_on", "ends_on"),
        *_days("ended_on", "as_of", optional=True),
        _once("plan_version", "site_id", "student_id", "number"),
    )
    _index(
        "plan_version",
        "site_id",
        "student_id",
        name="ix_plan_version_draft",
        unique=True,
        sqlite_where=_DRAFT,
        postgresql_where=_DRAFT,
    )
    _index("plan_version", "site_id", "state")


def _agreements() -> None:
    _table(
        "written_notice",
        *_ids("written_by"),
        *_ids("version_id", optional=True),
        *_numbers("version"),
        *_text("language", "step", "kept_in"),
        *_text("parts", "evidence_of_telling", optional=True),
        *_days("sent_on", "told_aloud_on", optional=True),
    )
    _index("written_notice", "site_id", "student_id")
    _table(
        "parent_consent",
        *_ids("asked_by", "of_id", "version_id", optional=True),
        *_numbers("version"),
        *_text("kind", "scope", "state", "kept_in"),
        *_text("signature", "text", optional=True),
        *_days("requested_on"),
        *_days("decided_on", "revoked_on", optional=True),
    )
    _index("parent_consent", "site_id", "student_id", "requested_on")


def _voices() -> None:
    _table(
        "family_wish",
        *_ids("author_id", "client_key"),
        *_text("voice"),
        *_text("words", optional=True),
        *_instants("said_at"),
        _once("family_wish", "site_id", "author_id", "client_key"),
    )
    _index("family_wish", "site_id", "student_id")
    _table(
        "plan_comment",
        *_ids("author_id", "client_key", "version_id"),
        *_ids("answers", optional=True),
        *_text("voice", "words", "about"),
        *_text("part", optional=True),
        *_instants("said_at"),
        _part_of("version_id", "plan_version"),
        _once("plan_comment", "site_id", "author_id", "client_key"),
    )
    _index("plan_comment", "site_id", "student_id")
    _index("plan_comment", "site_id", "version_id", "said_at")
    _table(
        "part_answer",
        *_ids("adult_id", "client_key", "version_id"),
        *_text("part", "answer", "about"),
        *_text("words", optional=True),
        *_instants("answered_at"),
        _part_of("version_id", "plan_version"),
        _once("part_answer", "site_id", "adult_id", "client_key"),
    )
    _index("part_answer", "site_id", "student_id")
    _index("part_answer", "site_id", "version_id", "answered_at")


def _forms() -> None:
    _table(
        "part_draft",
        *_ids("author_id"),
        *_ids("version_id", optional=True),
        *_numbers("version"),
        *_text("form", "fields", "about", "started_from"),
        *_instants("saved_at"),
        _part_of("version_id", "plan_version"),
        sa.UniqueConstraint(
            "site_id",
            "author_id",
            "student_id",
            "version_id",
            "form",
            "about",
            name="uq_part_draft_place",
        ),
    )
    _index(
        "part_draft",
        "site_id",
        "author_id",
        "student_id",
        "form",
        "about",
        name="ix_part_draft_without_version",
        unique=True,
        sqlite_where=_NO_VERSION,
        postgresql_where=_NO_VERSION,
    )
    _index("part_draft", "site_id", "saved_at")
    _index("part_draft", "site_id", "student_id")
    _table(
        "duty_receipt",
        *_instants("got_at"),
        _part_of("version_id", "plan_version"),
        key=("version_id", "adult_id"),
    )
    _index("duty_receipt", "site_id", "student_id")
    _table(
        "copy_sent",
        *_ids("noted_by", "client_key", "to_id"),
        *_ids("version_id", "notice_id", optional=True),
        *_text("kind", "way", "language", "format"),
        *_days("sent_on"),
        *_instants("noted_at"),
        _once("copy_sent", "site_id", "noted_by", "client_key"),
    )
    _index("copy_sent", "site_id", "student_id")
