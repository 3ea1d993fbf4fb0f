"""The outbox in memory."""

# ruff: noqa: D102 -- the words stand on the Protocols these classes implement

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from iepcore.ids import AdultId, MessageId, OutboxId, StudentId
from iepcore.memory.rows import MemoryRows
from iepcore.notices import OutboxItem, OutboxState, lease_item
from iepcore.people import AddressKind


class MemoryOutbox:
    """``OutboxRepository`` over one unit of work."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows

    def add(self, item: OutboxItem) -> None:
        self._rows.add(item)

    def save(self, item: OutboxItem) -> None:
        self._rows.save(item, version=item.version)

    def item(self, item_id: OutboxId) -> OutboxItem | None:
        return self._rows.get(OutboxItem, item_id)

    def of_messages(self, message_ids: Collection[MessageId]) -> Sequence[OutboxItem]:
        wanted = set(message_ids)
        return self._rows.all(
            OutboxItem, lambda one: one.message_id in wanted, order=lambda one: one.created_at
        )

    def waiting_of(self, sender_id: AdultId) -> Sequence[OutboxItem]:
        return self._rows.all(
            OutboxItem,
            lambda one: one.state is OutboxState.WAITING and one.sender_id == sender_id,
            order=lambda one: one.created_at,
        )

    def open_of(self, adult_id: AdultId) -> Sequence[OutboxItem]:
        return self._rows.all(
            OutboxItem,
            lambda one: (
                one.state in (OutboxState.QUEUED, OutboxState.WAITING)
                and adult_id in (one.sender_id, one.recipient_id)
            ),
            order=lambda one: one.created_at,
        )

    def held_of_students(self, student_ids: Collection[StudentId], *, reason: str) -> Sequence[OutboxItem]:
        wanted = set(student_ids)
        return self._rows.all(
            OutboxItem,
            lambda one: one.state is OutboxState.HELD and one.reason == reason and one.student_id in wanted,
            order=lambda one: one.created_at,
        )

    def lease_due(self, *, at: datetime, until: datetime, limit: int) -> Sequence[OutboxItem]:
        due = self._rows.all(
            OutboxItem,
            lambda one: one.state is OutboxState.QUEUED and one.not_before <= at,
            order=lambda one: (one.not_before, one.created_at),
        )
        leased = tuple(lease_item(item, until=until) for item in due[:limit])
        for item in leased:
            self.save(item)
        return leased

    def vanished(self, *, at: datetime) -> Sequence[OutboxItem]:
        return self._rows.all(
            OutboxItem,
            lambda one: (
                one.state is OutboxState.LEASED and one.lease_until is not None and one.lease_until <= at
            ),
            order=lambda one: one.lease_until,
        )

    def waiting_for(self, reasons: Collection[str]) -> Sequence[OutboxItem]:
        return self._rows.all(
            OutboxItem,
            lambda one: one.state is OutboxState.WAITING and one.reason in reasons,
            order=lambda one: one.created_at,
        )

    def open_or_since(self, since: datetime, *, limit: int) -> Sequence[OutboxItem]:
        found = self._rows.all(
            OutboxItem,
            lambda one: not one.is_final or (one.settled_at is not None and one.settled_at >= since),
            order=lambda one: (one.created_at, one.id),
        )
        return tuple(reversed(found))[:limit]

    def answerable(self, channel: AddressKind, since: datetime) -> Sequence[OutboxItem]:
        return self._rows.all(
            OutboxItem,
            lambda one: (
                one.channel is channel
                and one.state in (OutboxState.SENT, OutboxState.UNKNOWN)
                and one.settled_at is not None
                and one.settled_at >= since
            ),
            order=lambda one: one.created_at,
        )

    def unlooked(self) -> Sequence[OutboxItem]:
        return self._rows.all(
            OutboxItem,
            lambda one: one.state is OutboxState.UNKNOWN and one.looked_at is None,
            order=lambda one: one.created_at,
        )

    def counts(self) -> Mapping[str, int]:
        found = Counter(item.state for item in self._rows.all(OutboxItem))
        return {state.value: found[state] for state in OutboxState}
