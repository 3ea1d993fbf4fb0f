"""The table of words that travelled to a gradebook."""

from __future__ import annotations

import sqlalchemy as sa

from iepcore.notices.gradebook import WordState
from lti_app.storage.metadata import Instant
from lti_app.storage.site_tables import Word, column, id_column, part_of, site_table

gradebook_word = site_table(
    "gradebook_word",
    id_column("id", key=True),
    id_column("student_id"),
    id_column("by_id"),
    column("column", sa.Text),
    column("text", sa.Text),
    id_column("client_key"),
    column("written_at", Instant),
    column("state", Word(WordState)),
    column("reason", sa.Text),
    column("sent_at", Instant, optional=True),
    column("version", sa.Integer),
    part_of("student_id", "student"),
    sa.UniqueConstraint("site_id", "by_id", "client_key"),
    sa.Index(None, "site_id", "student_id", "written_at"),
    personal_data="the child and the teacher, by id: which neutral word went to which gradebook column",
)
