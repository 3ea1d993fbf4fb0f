"""The outbox in SQL. Workers share the outbox: a due row goes to exactly one of them."""

# ruff: noqa: D102 -- the words stand on the Protocols these classes implement

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from iepcore.ids import AdultId, MessageId, OutboxId, StudentId
from iepcore.notices import OutboxItem, OutboxState, lease_item
from iepcore.people import AddressKind
from lti_app.storage import delivery_tables as t
from lti_app.storage.failures import store_failures
from lti_app.storage.site_rows import Mapped, SiteRows

ITEMS = Mapped(t.outbox_item, OutboxItem)


class OutboxRows:
    """``OutboxRepository`` over one transaction."""

    def __init__(self, rows: SiteRows) -> None:
        self._rows = rows

    def add(self, item: OutboxItem) -> None:
        self._rows.add(ITEMS, item)

    def save(self, item: OutboxItem) -> None:
        self._rows.save(ITEMS, item, version=item.version)

    def item(self, item_id: OutboxId) -> OutboxItem | None:
        return self._rows.one(ITEMS, t.outbox_item.c.id == item_id)

    def of_messages(self, message_ids: Collection[MessageId]) -> Sequence[OutboxItem]:
        c = t.outbox_item.c
        return self._rows.all(ITEMS, c.message_id.in_(message_ids), order=(c.created_at,))

    def waiting_of(self, sender_id: AdultId) -> Sequence[OutboxItem]:
        c = t.outbox_item.c
        where = (c.state == OutboxState.WAITING, c.sender_id == sender_id)
        return self._rows.all(ITEMS, *where, order=(c.created_at,))

    def open_of(self, adult_id: AdultId) -> Sequence[OutboxItem]:
        c = t.outbox_item.c
        where = (
            c.state.in_((OutboxState.QUEUED, OutboxState.WAITING)),
            sa.or_(c.sender_id == adult_id, c.recipient_id == adult_id),
        )
        return self._rows.all(ITEMS, *where, order=(c.created_at,))

    def held_of_students(self, student_ids: Collection[StudentId], *, reason: str) -> Sequence[OutboxItem]:
        c = t.outbox_item.c
        where = (c.state == OutboxState.HELD, c.reason == reason, c.student_id.in_(student_ids))
        return self._rows.all(ITEMS, *where, order=(c.created_at,))

    def lease_due(self, *, at: datetime, until: datetime, limit: int) -> Sequence[OutboxItem]:
        c = t.outbox_item.c
        due = self._rows.select(ITEMS, c.state == OutboxState.QUEUED, c.not_before <= at)
        due = due.order_by(c.not_before, c.created_at, c.id).limit(limit)
        if self._rows.is_postgres:
            due = due.with_for_update(skip_locked=True)  # SQLite has one writer at a time anyway
        leased = tuple(lease_item(item, until=until) for item in self._rows.run(ITEMS, due))
        for item in leased:
            self.save(item)
        return leased

    def vanished(self, *, at: datetime) -> Sequence[OutboxItem]:
        c = t.outbox_item.c
        where = (c.state == OutboxState.LEASED, c.lease_until <= at)
        return self._rows.all(ITEMS, *where, order=(c.lease_until,))

    def waiting_for(self, reasons: Collection[str]) -> Sequence[OutboxItem]:
        c = t.outbox_item.c
        where = (c.state == OutboxState.WAITING, c.reason.in_(reasons))
        return self._rows.all(ITEMS, *where, order=(c.created_at,))

    def open_or_since(self, since: datetime, *, limit: int) -> Sequence[OutboxItem]:
        c = t.outbox_item.c
        final = (OutboxState.SENT, OutboxState.REFUSED, OutboxState.HELD)
        query = self._rows.select(ITEMS, sa.or_(c.state.not_in(final), c.settled_at >= since))
        return self._rows.run(ITEMS, query.order_by(c.created_at.desc(), c.id.desc()).limit(limit))

    def answerable(self, channel: AddressKind, since: datetime) -> Sequence[OutboxItem]:
        c = t.outbox_item.c
        left = (OutboxState.SENT, OutboxState.UNKNOWN)
        where = (c.state.in_(left), c.channel == channel, c.settled_at >= since)
        return self._rows.all(ITEMS, *where, order=(c.created_at,))

    def unlooked(self) -> Sequence[OutboxItem]:
        c = t.outbox_item.c
        where = (c.state == OutboxState.UNKNOWN, c.looked_at.is_(None))
        return self._rows.all(ITEMS, *where, order=(c.created_at,))

    def counts(self) -> Mapping[str, int]:
        c = t.outbox_item.c
        query = sa.select(c.state, sa.func.count()).where(c.site_id == self._rows.site_id).group_by(c.state)
        with store_failures():
            found = {state.value: count for state, count in self._rows.connection.execute(query)}
        return {state.value: found.get(state.value, 0) for state in OutboxState}
