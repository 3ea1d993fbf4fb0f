"""Tables of the family: conversations, observations at home, contacts, translations, drafts."""

from __future__ import annotations

import sqlalchemy as sa

from iepcore.family import (
    ContactDirection,
    ContactMethod,
    ContactResult,
    HomeAnswer,
    MessageKind,
    TranslationMethod,
)
from iepcore.notices import Urgency
from lti_app.storage.metadata import Instant
from lti_app.storage.site_tables import Document, Word, column, id_column, part_of, site_table


def _without_goal(name: str, *columns: str) -> sa.Index:
    """Return a unique index for rows about no goal: NULLs would not collide in an ordinary one."""
    where = sa.text("goal_id IS NULL")
    return sa.Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


thread = site_table(
    "thread",
    id_column("id", key=True),
    id_column("student_id"),
    id_column("goal_id", optional=True),
    column("created_at", Instant),
    part_of("student_id", "student"),
    sa.UniqueConstraint("site_id", "student_id", "goal_id"),
    _without_goal("ix_thread_without_goal", "site_id", "student_id"),
    personal_data="the child: that there is a conversation",
)

message = site_table(
    "message",
    id_column("id", key=True),
    id_column("thread_id"),
    id_column("student_id"),
    id_column("goal_id", optional=True),
    id_column("author_id"),
    column("from_family", sa.Boolean),
    column("kind", Word(MessageKind)),
    column("parts", Document("parts")),
    column("recipient_ids", Document("ids")),
    id_column("client_key"),
    column("sent_at", Instant),
    column("to_staff", sa.Boolean),
    column("urgency", Word(Urgency)),
    column("answer_by", sa.Date, optional=True),
    id_column("in_reply_to", optional=True),
    part_of("thread_id", "thread"),
    part_of("student_id", "student"),
    sa.UniqueConstraint("site_id", "author_id", "client_key"),
    sa.Index(None, "site_id", "thread_id", "sent_at"),
    sa.Index(None, "site_id", "student_id", "sent_at"),
    personal_data="the child, the author and the readers: what was written",
)

message_opened = site_table(
    "message_opened",
    id_column("message_id", key=True),
    id_column("adult_id", key=True),
    column("opened_at", Instant),
    part_of("message_id", "message"),
    personal_data="the adult: when a message was on the screen",
)

draft = site_table(
    "draft",
    id_column("id", key=True),
    id_column("author_id"),
    id_column("student_id"),
    id_column("goal_id", optional=True),
    column("parts", Document("parts")),
    column("language", sa.Text),
    column("saved_at", Instant),
    column("version", sa.Integer),
    part_of("student_id", "student"),
    sa.UniqueConstraint("site_id", "author_id", "student_id", "goal_id"),
    _without_goal("ix_draft_without_goal", "site_id", "author_id", "student_id"),
    sa.Index(None, "site_id", "saved_at"),
    personal_data="the author and the child: unfinished words, outside the record",
    erased_by="sending, 30 days, or erasure of the child",
)

home_observation = site_table(
    "home_observation",
    id_column("id", key=True),
    id_column("student_id"),
    id_column("goal_id"),
    id_column("adult_id"),
    column("answer", Word(HomeAnswer)),
    column("observed_on", sa.Date),
    id_column("client_key"),
    column("received_at", Instant),
    column("words", Document("free_text"), optional=True),
    part_of("goal_id", "goal"),
    part_of("student_id", "student"),
    sa.UniqueConstraint("site_id", "adult_id", "client_key"),
    sa.Index(None, "site_id", "goal_id", "received_at"),
    sa.Index(None, "site_id", "student_id"),
    personal_data="the child and a parent: what was seen at home",
)

contact = site_table(
    "contact",
    id_column("id", key=True),
    id_column("student_id"),
    column("at", Instant),
    column("direction", Word(ContactDirection)),
    column("method", Word(ContactMethod)),
    id_column("by_id"),
    id_column("with_id"),
    column("language", sa.Text),
    column("result", Word(ContactResult)),
    id_column("client_key"),
    column("purpose", sa.Text),
    column("summary", Document("free_text"), optional=True),
    column("interpreter", sa.Text, optional=True),
    id_column("message_id", optional=True),
    column("follow_up_on", sa.Date, optional=True),
    id_column("follow_up_owner_id", optional=True),
    part_of("student_id", "student"),
    sa.UniqueConstraint("site_id", "by_id", "client_key"),
    sa.Index(None, "site_id", "student_id", "at"),
    personal_data="the child, a parent and a staff member: that they were in contact, and a short line",
)

translation_request = site_table(
    "translation_request",
    id_column("id", key=True),
    id_column("message_id"),
    id_column("student_id"),
    column("part", sa.Integer),
    column("to_language", sa.Text),
    id_column("interpreter_id"),
    id_column("asked_by"),
    column("asked_at", Instant),
    column("done_at", Instant, optional=True),
    part_of("message_id", "message"),
    part_of("student_id", "student"),
    sa.UniqueConstraint("site_id", "message_id", "part", "to_language"),
    sa.Index(None, "site_id", "interpreter_id"),
    sa.Index(None, "site_id", "student_id"),
    personal_data="the interpreter: what was asked of them, by id",
)

translation = site_table(
    "translation",
    id_column("message_id", key=True),
    column("part", sa.Integer, key=True),
    column("lang", sa.Text, key=True),
    column("made_at", Instant, key=True),
    column("text", Document("free_text")),
    column("method", Word(TranslationMethod)),
    id_column("by_id", optional=True),
    column("by_name", sa.Text),
    column("source_hash", sa.Text),
    part_of("message_id", "message"),
    personal_data="the child and the author of the original: the same words in another language",
)
