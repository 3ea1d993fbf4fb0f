"""Tables of a site's calendar and choices, and of the dates of its children."""

from __future__ import annotations

import sqlalchemy as sa

from iepcore.calendars import TermKind, TimelineKind
from lti_app.storage.metadata import Instant
from lti_app.storage.site_tables import Document, Word, column, id_column, part_of, site_table

SITE_END = "the end of the site"

school_year = site_table(
    "school_year",
    id_column("id", key=True),
    column("kind", Word(TermKind)),
    column("name", sa.Text),
    column("first_day", sa.Date),
    column("last_day", sa.Date),
    column("weekdays", Document("weekdays")),
    column("days", Document("calendar_days")),
    column("changed_at", Instant),
    id_column("changed_by", optional=True),
    column("version", sa.Integer),
    sa.UniqueConstraint("site_id", "kind", "name"),
    personal_data="the adult who changed the calendar last, by id",
    erased_by=SITE_END,
)

site_choices = site_table(
    "site_choices",
    column("version", sa.Integer, key=True),
    column("state", sa.Text),
    column("rules", Document("policy_rules")),
    column("state_holidays", Document("dates")),
    column("official_plan", Document("official_plan"), optional=True),
    column("student_voice", sa.Boolean),
    column("staff_names_shown", sa.Boolean),
    column("minutes_days", sa.Integer),
    column("reply_days", sa.Integer),
    column("quiet_days", sa.Integer),
    column("counsel", Document("counsel")),
    column("changed_at", Instant, optional=True),
    id_column("changed_by", optional=True),
    personal_data="the adult who made each version of the choices, by id",
    erased_by=SITE_END,
)

timeline_event = site_table(
    "timeline_event",
    id_column("id", key=True),
    id_column("student_id"),
    column("kind", Word(TimelineKind)),
    column("dated_on", sa.Date),
    id_column("recorded_by"),
    column("recorded_at", Instant),
    id_column("client_key"),
    column("note", Document("free_text"), optional=True),
    id_column("supersedes", optional=True),
    column("withdrawn", sa.Boolean),
    part_of("student_id", "student"),
    sa.Index(None, "site_id", "student_id", "dated_on"),
    sa.UniqueConstraint("site_id", "recorded_by", "client_key"),
    personal_data="the child: what happened on which day of the plan's life, and a note; who wrote it down",
)
