"""Tables of the trail and of who outside got what: chained rows, and the head of each chain."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from iepcore.access import AuditKind, DisclosureBasis, DisclosureSeal, OpeningReason
from iepcore.access.chain import ChainName
from iepcore.access.record_requests import RequestAnswer, RequestEnd, RequestWay
from lti_app.storage.metadata import Instant
from lti_app.storage.site_tables import Word, column, id_column, part_of, site_table

_CHAINED = "the end of the site; erasure of the child blanks what names it and leaves the row in its chain"


def _link_columns() -> tuple[sa.Column[Any], ...]:
    """Return the columns of a row's place in its chain; see ``iepcore.access.chain.Link``."""
    return (
        column("seq", sa.BigInteger),
        column("prior", sa.Text),
        column("hash", sa.Text),
        column("mark", sa.Text),
        column("salt", sa.Text, optional=True),
        column("erased_in", sa.BigInteger, optional=True),
    )


audit_event = site_table(
    "audit_event",
    id_column("id", key=True),
    column("at", Instant),
    column("kind", Word(AuditKind)),
    column("what", sa.Text),
    column("reason", sa.Text),
    column("citation", sa.Text),
    id_column("actor_id", optional=True),
    column("job", sa.Text, optional=True),
    id_column("student_id", optional=True),
    column("object_id", sa.Text, optional=True),
    column("bucket", sa.Text, optional=True),
    *_link_columns(),
    sa.UniqueConstraint("site_id", "bucket"),
    sa.UniqueConstraint("site_id", "seq"),
    sa.Index(None, "site_id", "student_id", "at"),
    personal_data="the actor and the child, by id only: who did what, when, by which rule",
    erased_by=_CHAINED,
)

disclosure = site_table(
    "disclosure",
    id_column("id", key=True),
    column("noted_at", Instant),
    id_column("noted_by", optional=True),
    id_column("student_id", optional=True),
    column("on", sa.Date, optional=True),
    column("party", sa.Text, optional=True),
    column("what", sa.Text, optional=True),
    column("why", sa.Text, optional=True),
    column("basis", Word(DisclosureBasis), optional=True),
    column("given", sa.Boolean, optional=True),
    id_column("consent_id", optional=True),
    column("consent_paper", sa.Text, optional=True),
    column("told_to_keep", sa.Boolean, optional=True),
    column("seal", Word(DisclosureSeal), optional=True),
    id_column("corrects", optional=True),
    *_link_columns(),
    sa.UniqueConstraint("site_id", "seq"),
    part_of("student_id", "student"),
    sa.Index(None, "site_id", "student_id"),
    personal_data="who outside asked for or got what of a child's record, when, why and by which right",
    erased_by=_CHAINED,
)

chain_head = site_table(
    "chain_head",
    column("chain", Word(ChainName), key=True),
    column("seq", sa.BigInteger),
    column("hash", sa.Text),
    personal_data="none",
    erased_by="the end of the site",
)

record_request = site_table(
    "record_request",
    id_column("id", key=True),
    id_column("student_id"),
    id_column("asked_by"),
    column("received_on", sa.Date),
    column("noted_at", Instant),
    id_column("noted_by"),
    id_column("client_key"),
    column("way", Word(RequestWay)),
    column("about", sa.Text),
    column("meeting_on", sa.Date, optional=True),
    column("hearing_on", sa.Date, optional=True),
    column("agreed_to", sa.Date, optional=True),
    column("agreed_note", sa.Text),
    column("answered_on", sa.Date, optional=True),
    column("answer", Word(RequestAnswer), optional=True),
    column("ended_on", sa.Date, optional=True),
    column("end", Word(RequestEnd), optional=True),
    column("end_words", sa.Text),
    column("version", sa.Integer),
    sa.UniqueConstraint("site_id", "noted_by", "client_key"),
    part_of("student_id", "student"),
    sa.Index(None, "site_id", "student_id"),
    personal_data="that an adult of a child's family asked to see the record, their words, and the answer",
)

break_glass = site_table(
    "break_glass",
    id_column("id", key=True),
    id_column("student_id"),
    id_column("adult_id"),
    column("why", Word(OpeningReason)),
    column("words", sa.Text),
    column("opened_at", Instant),
    column("until", Instant),
    id_column("client_key"),
    column("closed_at", Instant, optional=True),
    id_column("seen_by", optional=True),
    column("seen_at", Instant, optional=True),
    column("version", sa.Integer),
    sa.UniqueConstraint("site_id", "adult_id", "client_key"),
    part_of("student_id", "student"),
    sa.Index(None, "site_id", "student_id"),
    sa.Index(None, "site_id", "adult_id", "until"),
    personal_data="a member of staff who opened a child's record with a reason, and the reason",
)
