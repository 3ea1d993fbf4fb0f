"""Tables of what may leave a site, of consents to text messages, and of what came back by the roads."""

from __future__ import annotations

import sqlalchemy as sa

from iepcore.notices import ConsentWay, ReplyKind, ReplyState, RoadConsentState, SendingMode
from iepcore.people import AddressKind
from lti_app.storage.metadata import Instant
from lti_app.storage.site_tables import ADULT_END, Document, Word, column, id_column, part_of, site_table

site_sending = site_table(
    "site_sending",
    column("mode", Word(SendingMode)),
    column("stopped", sa.Boolean),
    column("listed", Document("addresses")),
    column("changed_at", Instant, optional=True),
    id_column("changed_by", optional=True),
    column("version", sa.Integer),
    personal_data="none: a school's mode, test addresses of its own staff, who changed it by id",
    erased_by="the end of the site",
)

road_consent = site_table(
    "road_consent",
    id_column("id", key=True),
    id_column("adult_id"),
    column("road", Word(AddressKind)),
    column("value", sa.Text),
    column("state", Word(RoadConsentState)),
    column("way", Word(ConsentWay)),
    column("at", Instant),
    id_column("noted_by", optional=True),
    part_of("adult_id", "adult"),
    sa.Index(None, "site_id", "adult_id", "at"),
    sa.Index(None, "site_id", "road", "value"),
    personal_data="the adult: which number they agreed to be written to at, when, and how they said so",
    erased_by=ADULT_END,
)

kept_reply = site_table(
    "kept_reply",
    id_column("id", key=True),
    column("road", Word(AddressKind)),
    column("platform_id", sa.Text),
    column("kind", Word(ReplyKind)),
    column("state", Word(ReplyState)),
    column("received_at", Instant),
    column("kept_at", Instant),
    column("sender", sa.Text),
    column("text", sa.Text),
    column("reason", sa.Text),
    id_column("item_id", optional=True),
    id_column("student_id", optional=True),
    id_column("adult_id", optional=True),
    id_column("handler_id", optional=True),
    id_column("message_id", optional=True),
    id_column("settled_by", optional=True),
    column("settled_at", Instant, optional=True),
    column("version", sa.Integer),
    part_of("student_id", "student"),
    sa.UniqueConstraint("site_id", "road", "platform_id"),
    sa.Index(None, "site_id", "state", "received_at"),
    sa.Index(None, "site_id", "message_id"),
    sa.Index(None, "site_id", "student_id"),
    personal_data="whoever answered a notice; address and words only while a person has to look",
    erased_by="setting it aside (words and address), erasure of the child, or the end of the site",
)

road_fetch = site_table(
    "road_fetch",
    column("road", Word(AddressKind), key=True),
    column("fetched_at", Instant),
    personal_data="none: when a road was last read",
    erased_by="the end of the site",
)
