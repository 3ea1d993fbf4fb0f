"""Chained rows in SQL: appended at the end of a unit of work, so that writers wait for each other briefly.

What a unit appends is kept until its end; then the head of the chain is locked, the rows get their places and
are written together, and the head moves. A repeated read, which adds nothing, locks nothing.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from iepcore.access import (
    AuditEvent,
    BlankedDisclosure,
    ChainHead,
    ChainName,
    Disclosure,
    Sealed,
    genesis,
    sealed_rows,
)
from iepcore.access.chain import Link, Sealable, head_at, seal
from iepcore.access.trail import erasure_event
from iepcore.ids import EventId, StudentId, new_uuid7
from lti_app.storage import trail_tables as t
from lti_app.storage.failures import store_failures
from lti_app.storage.prepared import Prepared, insert_into
from lti_app.storage.rows import insert, insert_new
from lti_app.storage.site_rows import Mapped, SiteRows

V = TypeVar("V")

LINK = ("seq", "prior", "hash", "mark", "salt", "erased_in")
ROWS_AT_ONCE = 1_000


class Chained(Mapped[V]):
    """A table of chained rows: the columns of the value, and those of its place."""

    def __init__(self, table: sa.Table, of: type[V]) -> None:
        super().__init__(table, of, but="link")
        self.columns = tuple(table.c[name] for name in (*self.names, *LINK))

    def value(self, row: Iterable[Any]) -> V:
        """Return the value of a row of ``columns``."""
        cells = tuple(row)
        of_value = len(self.names)
        link = Link(**dict(zip(LINK, cells[of_value:], strict=True)))
        values = dict(zip(self.names, cells[:of_value], strict=True))
        return self.of(**values, link=link)  # type: ignore[call-arg]


EVENTS = Chained(t.audit_event, AuditEvent)
DISCLOSURES = Chained(t.disclosure, Disclosure)

_HEADS = t.chain_head
_HEAD_QUERY = sa.select(_HEADS.c.seq, _HEADS.c.hash).where(
    _HEADS.c.site_id == sa.bindparam("site_id", type_=_HEADS.c.site_id.type),
    _HEADS.c.chain == sa.bindparam("chain", type_=_HEADS.c.chain.type),
)
_HEAD = Prepared(_HEAD_QUERY, (_HEADS.c.seq, _HEADS.c.hash))
_HEAD_LOCKED = Prepared(_HEAD_QUERY.with_for_update(), (_HEADS.c.seq, _HEADS.c.hash))
_BUCKET = Prepared(
    sa.select(t.audit_event.c.bucket).where(
        t.audit_event.c.site_id == sa.bindparam("site_id", type_=t.audit_event.c.site_id.type),
        t.audit_event.c.bucket == sa.bindparam("bucket", type_=t.audit_event.c.bucket.type),
    ),
    (t.audit_event.c.bucket,),
)
_MOVE = Prepared(
    sa.update(_HEADS)
    .where(
        _HEADS.c.site_id == sa.bindparam("of_site", type_=_HEADS.c.site_id.type),
        _HEADS.c.chain == sa.bindparam("of_chain", type_=_HEADS.c.chain.type),
    )
    .values(
        seq=sa.bindparam("to_seq", type_=_HEADS.c.seq.type),
        hash=sa.bindparam("to_hash", type_=_HEADS.c.hash.type),
    )
)

_PRIVATE = {
    ChainName.TRAIL: ("student_id", "object_id", "bucket"),
    ChainName.DISCLOSURES: tuple(
        name for name in DISCLOSURES.names if name not in ("id", "noted_at", "noted_by")
    ),
}
_PUT = {
    ChainName.TRAIL: insert_into(t.audit_event),
    ChainName.DISCLOSURES: insert_into(t.disclosure),
}


class ChainRows:
    """The chains of one site in one transaction."""

    def __init__(self, rows: SiteRows) -> None:
        self._rows = rows
        self._pending: list[AuditEvent] = []
        self._buckets: set[str] = set()

    # what waits for the end of the unit
    def note(self, event: AuditEvent) -> None:
        """Keep an event for the end of the unit; one of a bucket that is kept already adds nothing."""
        if event.bucket is not None:
            if event.bucket in self._buckets:
                return
            self._buckets.add(event.bucket)
        self._pending.append(event)

    def finish(self) -> None:
        """Write what waits. To be called last: other writers of the site's trail wait from here on."""
        pending, self._pending = self._pending, []
        buckets, self._buckets = self._buckets, set()
        if buckets:
            pending = self._without_known(pending)
        if pending:
            head = self._locked(ChainName.TRAIL)
            if buckets and self._rows.is_postgres:  # another writer may have been there before the lock
                pending = self._without_known(pending)
            self._append(EVENTS, ChainName.TRAIL, head, pending)

    def _without_known(self, events: Sequence[AuditEvent]) -> list[AuditEvent]:
        with store_failures():
            return [
                one
                for one in events
                if one.bucket is None
                or not _BUCKET.rows(
                    self._rows.connection, {"site_id": self._rows.site_id, "bucket": one.bucket}
                )
            ]

    # appending
    def add(self, *values: Any) -> None:
        """Append values of one kind at once: events, or disclosures.

        Raises:
            IepError: ``store_refused`` when one is there already.
        """
        self.finish()
        if not values:
            return
        if isinstance(values[0], AuditEvent):
            self._append(EVENTS, ChainName.TRAIL, self._locked(ChainName.TRAIL), values)
        else:
            self._append(DISCLOSURES, ChainName.DISCLOSURES, self._locked(ChainName.DISCLOSURES), values)

    def _append(
        self, of: Chained[Any], chain: ChainName, head: ChainHead, values: Sequence[Sealable]
    ) -> None:
        rows = []
        site_id = self._rows.site_id
        for value in values:
            link = seal(head, value.public_parts(), value.private_parts())
            row = of.row(site_id, value)
            row.update((name, getattr(link, name)) for name in LINK)
            rows.append(row)
            head = head_at(link)
        with store_failures():
            if len(rows) == 1:
                _PUT[chain].rows(self._rows.connection, rows[0])
            else:
                insert(self._rows.connection, of.table, *rows)
            _MOVE.rows(
                self._rows.connection,
                {"of_site": site_id, "of_chain": chain, "to_seq": head.seq, "to_hash": head.hash},
            )

    def _locked(self, chain: ChainName) -> ChainHead:
        """Return where a chain ends, and let no other writer move it before this unit's end."""
        found = self._read(_HEAD_LOCKED if self._rows.is_postgres else _HEAD, chain)
        if found is not None:
            return found
        first = genesis(self._rows.site_id, chain)
        row = {"site_id": self._rows.site_id, "chain": chain, "seq": first.seq, "hash": first.hash}
        with store_failures():
            insert_new(self._rows.connection, _HEADS, row, unique=("site_id", "chain"))
        return self._read(_HEAD_LOCKED if self._rows.is_postgres else _HEAD, chain) or first

    def _read(self, sentence: Prepared, chain: ChainName) -> ChainHead | None:
        with store_failures():
            found = sentence.rows(self._rows.connection, {"site_id": self._rows.site_id, "chain": chain})
        return ChainHead(seq=found[0][0], hash=found[0][1]) if found else None

    # reading
    def head(self, chain: ChainName) -> ChainHead:
        """Return where a chain ends."""
        self.finish()
        return self._read(_HEAD, chain) or genesis(self._rows.site_id, chain)

    def sealed(self, chain: ChainName) -> Generator[Sealed, None, None]:
        """Return the rows of a chain, first to last, a few at a time."""
        self.finish()
        of: Chained[Any] = EVENTS if chain is ChainName.TRAIL else DISCLOSURES
        query = self._rows.select(of).order_by(of.table.c.seq)
        options = {"yield_per": ROWS_AT_ONCE}
        with store_failures(), self._rows.connection.execute(query, execution_options=options) as found:
            for row in found:
                yield from sealed_rows([EVENTS.value(row) if of is EVENTS else _disclosure_of(row)])

    # erasing
    def blank(self, student_id: StudentId) -> int:
        """Take away what names a child in both chains, and tell of it in the trail; return how many
        disclosures went. The guards of the tables let exactly this change through."""
        self.finish()
        gone = self._blank(DISCLOSURES, ChainName.DISCLOSURES, student_id)
        self._blank(EVENTS, ChainName.TRAIL, student_id)
        return gone

    def _blank(self, of: Chained[Any], chain: ChainName, student_id: StudentId) -> int:
        c, site_id = of.table.c, self._rows.site_id
        head = self._locked(ChainName.TRAIL)
        of_child = (c.site_id == site_id, c.student_id == student_id)
        with store_failures():
            hashes = list(
                self._rows.connection.execute(sa.select(c.hash).where(*of_child).order_by(c.seq)).scalars()
            )
            if not hashes:
                return 0
            emptied = dict.fromkeys((*_PRIVATE[chain], "salt"))
            self._rows.connection.execute(
                sa.update(of.table).where(*of_child).values(**emptied, erased_in=head.seq + 1)
            )
        begin = genesis(site_id, ChainName.TRAIL)
        event = erasure_event(EventId(new_uuid7()), datetime.now(UTC), begin, chain, head.seq + 1, hashes)
        self._append(EVENTS, ChainName.TRAIL, head, [event])
        return len(hashes)


def _disclosure_of(row: Iterable[Any]) -> Disclosure | BlankedDisclosure:
    cells = dict(zip((*DISCLOSURES.names, *LINK), row, strict=True))
    if cells["erased_in"] is None:
        return DISCLOSURES.value(cells.values())
    return BlankedDisclosure(
        id=cells["id"],
        noted_at=cells["noted_at"],
        noted_by=cells["noted_by"],
        link=Link(**{name: cells[name] for name in LINK}),
    )
