"""Tables of plans as documents: versions, notices, consents, what people said, half-written forms, copies."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from iepcore.plan.document import (
    AnswerKind,
    ConsentKind,
    CopyFormat,
    CopyKind,
    CopyWay,
    NoticeStep,
    ParentConsentState,
    PlanPart,
    PlanState,
    Voice,
)
from lti_app.storage.metadata import Instant
from lti_app.storage.site_tables import Document, Word, column, id_column, part_of, site_table

_DRAFT = sa.text("state = 'draft'")
_NO_VERSION = sa.text("version_id IS NULL")


def _said(author: str) -> list[Any]:
    """Return the columns of something said once, by its author's client key."""
    return [
        id_column("id", key=True),
        id_column("student_id"),
        id_column(author),
        id_column("client_key"),
        part_of("student_id", "student"),
        sa.UniqueConstraint("site_id", author, "client_key"),
        sa.Index(None, "site_id", "student_id"),
    ]


plan_version = site_table(
    "plan_version",
    id_column("id", key=True),
    id_column("plan_id"),
    id_column("student_id"),
    column("number", sa.Integer),
    column("contents", Document("plan_contents")),
    column("reviewed_on", sa.Date),
    column("begins_on", sa.Date),
    column("ends_on", sa.Date),
    id_column("written_by"),
    column("state", Word(PlanState)),
    column("amendment", Document("amendment"), optional=True),
    id_column("notice_id", optional=True),
    column("ended_on", sa.Date, optional=True),
    column("version", sa.Integer),
    column("as_of", sa.Date, optional=True),
    column("kept_in", sa.Text),
    column("steps", Document("plan_steps")),
    part_of("student_id", "student"),
    sa.UniqueConstraint("site_id", "student_id", "number"),
    sa.Index(
        "ix_plan_version_draft",
        "site_id",
        "student_id",
        unique=True,
        sqlite_where=_DRAFT,
        postgresql_where=_DRAFT,
    ),
    sa.Index(None, "site_id", "state"),
    personal_data="the child: one version of the plan, who wrote it, and the steps it went through",
)

written_notice = site_table(
    "written_notice",
    id_column("id", key=True),
    id_column("student_id"),
    column("parts", Document("notice_parts"), optional=True),
    column("language", sa.Text),
    id_column("written_by"),
    column("sent_on", sa.Date, optional=True),
    column("told_aloud_on", sa.Date, optional=True),
    column("evidence_of_telling", Document("free_text"), optional=True),
    column("version", sa.Integer),
    column("step", Word(NoticeStep)),
    id_column("version_id", optional=True),
    column("kept_in", sa.Text),
    part_of("student_id", "student"),
    sa.Index(None, "site_id", "student_id"),
    personal_data="the child: what the school proposes or refuses and why, who wrote it, when it was sent",
)

parent_consent = site_table(
    "parent_consent",
    id_column("id", key=True),
    id_column("student_id"),
    column("kind", Word(ConsentKind)),
    column("requested_on", sa.Date),
    column("scope", sa.Text),
    column("state", Word(ParentConsentState)),
    column("decided_on", sa.Date, optional=True),
    column("revoked_on", sa.Date, optional=True),
    column("signature", Document("signature"), optional=True),
    column("version", sa.Integer),
    column("text", Document("free_text"), optional=True),
    id_column("asked_by", optional=True),
    id_column("of_id", optional=True),
    id_column("version_id", optional=True),
    column("kept_in", sa.Text),
    part_of("student_id", "student"),
    sa.Index(None, "site_id", "student_id", "requested_on"),
    personal_data="the child and the adult asked: consent, with signer, way, time and hash of the words",
)

family_wish = site_table(
    "family_wish",
    *_said("author_id"),
    column("voice", Word(Voice)),
    column("words", Document("free_text"), optional=True),
    column("said_at", Instant),
    personal_data="the child, and the adult or student who said what the child should be able to do",
)

plan_comment = site_table(
    "plan_comment",
    *_said("author_id"),
    id_column("version_id"),
    column("voice", Word(Voice)),
    column("words", Document("free_text")),
    column("said_at", Instant),
    column("part", Word(PlanPart), optional=True),
    column("about", sa.Text),
    id_column("answers", optional=True),
    part_of("version_id", "plan_version"),
    sa.Index(None, "site_id", "version_id", "said_at"),
    personal_data="the child, and an adult's remark on a version of the plan",
)

part_answer = site_table(
    "part_answer",
    *_said("adult_id"),
    id_column("version_id"),
    column("part", Word(PlanPart)),
    column("answer", Word(AnswerKind)),
    column("answered_at", Instant),
    column("about", sa.Text),
    column("words", Document("free_text"), optional=True),
    part_of("version_id", "plan_version"),
    sa.Index(None, "site_id", "version_id", "answered_at"),
    personal_data="the child, and an adult's answer to a part of a proposed plan",
)

part_draft = site_table(
    "part_draft",
    id_column("id", key=True),
    id_column("student_id"),
    id_column("author_id"),
    column("form", sa.Text),
    column("fields", Document("raw_fields")),
    column("saved_at", Instant),
    id_column("version_id", optional=True),
    column("about", sa.Text),
    column("started_from", sa.Text),
    column("version", sa.Integer),
    part_of("student_id", "student"),
    part_of("version_id", "plan_version"),
    sa.UniqueConstraint(
        "site_id",
        "author_id",
        "student_id",
        "version_id",
        "form",
        "about",
        name="uq_part_draft_place",
    ),
    sa.Index(
        "ix_part_draft_without_version",
        "site_id",
        "author_id",
        "student_id",
        "form",
        "about",
        unique=True,
        sqlite_where=_NO_VERSION,
        postgresql_where=_NO_VERSION,
    ),
    sa.Index(None, "site_id", "saved_at"),
    sa.Index(None, "site_id", "student_id"),
    personal_data="the author and the child: an unfinished form about the plan, outside the record",
    erased_by="sending the form, 30 days, or erasure of the child",
)

duty_receipt = site_table(
    "duty_receipt",
    id_column("version_id", key=True),
    id_column("adult_id", key=True),
    id_column("student_id"),
    column("got_at", Instant),
    part_of("version_id", "plan_version"),
    part_of("student_id", "student"),
    sa.Index(None, "site_id", "student_id"),
    personal_data="a staff member, by id: that they know their duties to the child under a version",
)

copy_sent = site_table(
    "copy_sent",
    *_said("noted_by"),
    column("kind", Word(CopyKind)),
    id_column("to_id"),
    column("sent_on", sa.Date),
    column("way", Word(CopyWay)),
    column("language", sa.Text),
    column("noted_at", Instant),
    column("format", Word(CopyFormat)),
    id_column("version_id", optional=True),
    id_column("notice_id", optional=True),
    personal_data="the child, and the adult to whom a copy went: what, when, how, in which form",
)
