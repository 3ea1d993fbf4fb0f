"""0020: the trail as a chain; who outside got what; requests to see a record; openings with a reason.

Rows that were there before are sealed as they are found, in the order of their time. A row behind them says
how many there were: for those, the chain says that nothing changed since this day, and nothing of before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from iepcore.access import BEGUN, AuditKind, ChainHead, ChainName, genesis
from iepcore.access.chain import Plain, head_at, plain_id, plain_instant, seal
from iepcore.ids import SiteId, new_uuid7
from lti_app.storage.metadata import IdColumn, Instant
from lti_app.storage.trail_guards import guard

revision = "0020_chain"
down_revision = "0019_calendars"

ROWS_AT_ONCE = 1_000
_LINK = (("seq", sa.BigInteger), ("prior", sa.Text), ("hash", sa.Text), ("mark", sa.Text))


def upgrade() -> None:
    op.create_table(
        "chain_head",
        _site(),
        sa.Column("chain", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    _disclosures()
    _requests()
    _openings()
    for name, kind in (*_LINK, ("salt", sa.Text), ("erased_in", sa.BigInteger)):
        op.add_column("audit_event", sa.Column(name, kind, nullable=True))
    _seal_what_is_there(op.get_bind())
    with op.batch_alter_table("audit_event") as table:
        for name, kind in _LINK:
            table.alter_column(name, existing_type=kind(), nullable=False)
        table.create_unique_constraint("uq_audit_event_site_id_seq", ["site_id", "seq"])
    guard(op.get_bind())


def _site() -> sa.Column[object]:
    return sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True)


def _student() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["site_id", "student_id"], ["student.site_id", "student.id"])


def _disclosures() -> None:
    op.create_table(
        "disclosure",
        _site(),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("noted_at", Instant, nullable=False),
        sa.Column("noted_by", IdColumn),
        sa.Column("student_id", IdColumn),
        sa.Column("on", sa.Date),
        *(sa.Column(name, sa.Text) for name in ("party", "what", "why", "basis")),
        sa.Column("given", sa.Boolean),
        sa.Column("consent_id", IdColumn),
        sa.Column("consent_paper", sa.Text),
        sa.Column("told_to_keep", sa.Boolean),
        sa.Column("seal", sa.Text),
        sa.Column("corrects", IdColumn),
        *(sa.Column(name, kind, nullable=False) for name, kind in _LINK),
        sa.Column("salt", sa.Text),
        sa.Column("erased_in", sa.BigInteger),
        sa.UniqueConstraint("site_id", "seq"),
        _student(),
    )
    op.create_index("ix_disclosure_site_id_student_id", "disclosure", ["site_id", "student_id"])


def _requests() -> None:
    op.create_table(
        "record_request",
        _site(),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("asked_by", IdColumn, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("noted_at", Instant, nullable=False),
        sa.Column("noted_by", IdColumn, nullable=False),
        sa.Column("client_key", IdColumn, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        *(sa.Column(name, sa.Date) for name in ("meeting_on", "hearing_on", "agreed_to")),
        sa.Column("agreed_note", sa.Text, nullable=False),
        sa.Column("answered_on", sa.Date),
        sa.Column("answer", sa.Text),
        sa.Column("ended_on", sa.Date),
        sa.Column("end", sa.Text),
        sa.Column("end_words", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("site_id", "noted_by", "client_key"),
        _student(),
    )
    op.create_index("ix_record_request_site_id_student_id", "record_request", ["site_id", "student_id"])


def _openings() -> None:
    op.create_table(
        "break_glass",
        _site(),
        sa.Column("id", IdColumn, primary_key=True),
        sa.Column("student_id", IdColumn, nullable=False),
        sa.Column("adult_id", IdColumn, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("client_key", IdColumn, nullable=False),
        sa.Column("closed_at", Instant),
        sa.Column("seen_by", IdColumn),
        sa.Column("seen_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("site_id", "adult_id", "client_key"),
        _student(),
    )
    op.create_index("ix_break_glass_site_id_student_id", "break_glass", ["site_id", "student_id"])
    op.create_index("ix_break_glass_site_id_adult_id_until", "break_glass", ["site_id", "adult_id", "until"])


_EVENT = sa.table(
    "audit_event",
    sa.column("site_id", IdColumn),
    sa.column("id", IdColumn),
    sa.column("at", Instant),
    *(sa.column(name, sa.Text) for name in ("kind", "what", "reason", "citation")),
    sa.column("actor_id", IdColumn),
    sa.column("job", sa.Text),
    sa.column("student_id", IdColumn),
    *(sa.column(name, sa.Text) for name in ("object_id", "bucket", "prior", "hash", "mark", "salt")),
    sa.column("seq", sa.BigInteger),
)
_HEAD = sa.table(
    "chain_head",
    sa.column("site_id", IdColumn),
    sa.column("chain", sa.Text),
    sa.column("seq", sa.BigInteger),
    sa.column("hash", sa.Text),
)


def _seal_what_is_there(connection: sa.Connection) -> None:
    for site_id in connection.execute(sa.select(_EVENT.c.site_id).distinct()).scalars().all():
        _seal_site(connection, SiteId(site_id))


def _seal_site(connection: sa.Connection, site_id: SiteId) -> None:
    """Give every row its place, a thousand at a time; then the row that says where the chain began."""
    c, head = _EVENT.c, genesis(site_id, ChainName.TRAIL)
    change = (
        sa.update(_EVENT)
        .where(c.site_id == sa.bindparam("of_site"), c.id == sa.bindparam("of_id"))
        .values({name: sa.bindparam(f"to_{name}") for name in ("seq", "prior", "hash", "mark", "salt")})
    )
    after: tuple[datetime, UUID] | None = None
    while True:
        query = sa.select(_EVENT).where(c.site_id == site_id).order_by(c.at, c.id).limit(ROWS_AT_ONCE)
        if after is not None:
            query = query.where(sa.or_(c.at > after[0], sa.and_(c.at == after[0], c.id > after[1])))
        rows = connection.execute(query).mappings().all()
        if not rows:
            break
        changes = []
        for row in rows:
            private = (plain_id(row["student_id"]), row["object_id"], row["bucket"])
            link = seal(head, _public(dict(row)), private)
            head = head_at(link)
            names = ("seq", "prior", "hash", "mark", "salt")
            changes.append(
                {"of_site": site_id, "of_id": row["id"]} | {f"to_{n}": getattr(link, n) for n in names}
            )
        connection.execute(change, changes)
        after = (rows[-1]["at"], rows[-1]["id"])
    head = _begin(connection, site_id, head)
    connection.execute(
        sa.insert(_HEAD).values(site_id=site_id, chain=ChainName.TRAIL.value, seq=head.seq, hash=head.hash)
    )


def _begin(connection: sa.Connection, site_id: SiteId, head: ChainHead) -> ChainHead:
    row: dict[str, Any] = {
        "site_id": site_id,
        "id": new_uuid7(),
        "at": datetime.now(UTC),
        "kind": AuditKind.WRITE.value,
        "what": BEGUN,
        "reason": "sealed_as_found",
        "citation": "product rule: the chain begins here",
        "actor_id": None,
        "job": "migration",
        "student_id": None,
        "object_id": str(head.seq),
        "bucket": None,
    }
    link = seal(head, _public(row), (None, row["object_id"], None))
    names = ("seq", "prior", "hash", "mark", "salt")
    connection.execute(sa.insert(_EVENT).values(**row, **{name: getattr(link, name) for name in names}))
    return head_at(link)


def _public(row: Mapping[str, Any]) -> tuple[Plain, ...]:
    words = tuple(row[name] for name in ("kind", "what", "reason", "citation"))
    return (plain_id(row["id"]), plain_instant(row["at"]), *words, plain_id(row["actor_id"]), row["job"])
