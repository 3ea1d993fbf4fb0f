"""The table of what leaves: the outbox."""

from __future__ import annotations

import sqlalchemy as sa

from iepcore.notices import OutboxState, Urgency
from iepcore.people import AddressKind
from lti_app.storage.metadata import Instant
from lti_app.storage.site_tables import Word, column, id_column, part_of, site_table

outbox_item = site_table(
    "outbox_item",
    id_column("id", key=True),
    id_column("message_id"),
    id_column("student_id"),
    id_column("recipient_id"),
    id_column("sender_id"),
    column("channel", Word(AddressKind)),
    column("language", sa.Text),
    column("urgency", Word(Urgency)),
    column("reference", sa.Text),
    column("link_secret", sa.Text),
    column("created_at", Instant),
    column("not_before", Instant),
    column("answer_by", sa.Date, optional=True),
    column("state", Word(OutboxState)),
    column("reason", sa.Text),
    column("attempts", sa.Integer),
    column("lease_until", Instant, optional=True),
    column("settled_at", Instant, optional=True),
    column("looked_at", Instant, optional=True),
    column("platform_id", sa.Text, optional=True),
    column("version", sa.Integer),
    part_of("message_id", "message"),
    part_of("student_id", "student"),
    sa.Index(None, "site_id", "state", "not_before"),
    sa.Index(None, "site_id", "message_id"),
    sa.Index(None, "site_id", "student_id"),
    personal_data="a parent and a sender, by id: that a notice was due and what became of it",
)
