"""The outbox: one item per recipient, written with the thing it announces, and its state machine.

::

    queued ──lease──> leased ──settle──> sent | refused | queued (nothing was sent, later) | unknown
    queued ──hold──> held (right revoked, stopped by a person)
    sent | unknown ──came back──> refused (the mailbox does not take it)
    leased ──lease ran out──> unknown ──look──> sent | unknown (looked) ──person──> queued
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from iepcore.errors import IllegalMove
from iepcore.ids import AdultId, MessageId, OutboxId, StudentId
from iepcore.notices.notice import Receipt, ReceiptState, Urgency
from iepcore.people import AddressKind


class OutboxState(StrEnum):
    """Where an item stands. ``waiting``: nothing is wrong, something must be connected first (see
    ``reason``)."""

    QUEUED = "queued"
    LEASED = "leased"
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    HELD = "held"


_FINAL = frozenset({OutboxState.SENT, OutboxState.REFUSED, OutboxState.HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """One notice to one adult. It names ids only; its words are made at delivery from the site and the
    sender.

    ``channel`` is the road chosen when it was queued; ``reference`` random and printed in the notice;
    ``link_secret`` the random part of ``/n/<random>`` (kept until delivery, then cleared). ``looked_at`` is
    when an
    unknown outcome was last looked up.
    """

    id: OutboxId
    message_id: MessageId
    student_id: StudentId
    recipient_id: AdultId
    sender_id: AdultId
    channel: AddressKind
    language: str
    urgency: Urgency
    reference: str
    link_secret: str
    created_at: datetime
    not_before: datetime
    answer_by: date | None = None
    state: OutboxState = OutboxState.QUEUED
    reason: str = ""
    attempts: int = 0
    lease_until: datetime | None = None
    settled_at: datetime | None = None
    looked_at: datetime | None = None
    platform_id: str | None = None
    version: int = 1

    @property
    def is_final(self) -> bool:
        """Tell whether the worker is done with it."""
        return self.state in _FINAL


def lease_item(item: OutboxItem, *, until: datetime) -> OutboxItem:
    """Return the item taken by a worker until ``until``.

    Raises:
        IllegalMove: ``outbox_state`` unless it is queued.
    """
    _expect(item, OutboxState.QUEUED)
    return replace(
        item,
        state=OutboxState.LEASED,
        lease_until=until,
        attempts=item.attempts + 1,
        version=item.version + 1,
    )


def settle_item(item: OutboxItem, receipt: Receipt, *, retry_at: datetime) -> OutboxItem:
    """Return the item after a channel's receipt. A retryable refusal queues it again for ``retry_at``.

    Raises:
        IllegalMove: ``outbox_state`` unless it is leased or unknown; an unknown one is never queued again by
            a receipt, only by a person.
    """
    _expect(item, OutboxState.LEASED, OutboxState.UNKNOWN)
    if receipt.state is ReceiptState.REFUSED and receipt.retryable:
        _expect(item, OutboxState.LEASED)
        return replace(
            item,
            state=OutboxState.QUEUED,
            reason=receipt.reason,
            not_before=retry_at,
            lease_until=None,
            version=item.version + 1,
        )
    return replace(
        item,
        state=OutboxState(receipt.state.value),
        reason=receipt.reason,
        lease_until=None,
        settled_at=receipt.at,
        looked_at=receipt.at if item.state is OutboxState.UNKNOWN else item.looked_at,
        platform_id=receipt.platform_id,
        # Only an unknown one may be sent again, with the same link; of the others the secret is not needed
        # any more.
        link_secret=item.link_secret if receipt.state is ReceiptState.UNKNOWN else "",
        version=item.version + 1,
    )


def mark_unknown(item: OutboxItem, *, at: datetime) -> OutboxItem:
    """Return a leased item whose worker vanished: it may or may not have been sent, so look first.

    Raises:
        IllegalMove: ``outbox_state`` unless it is leased.
    """
    _expect(item, OutboxState.LEASED)
    return replace(
        item,
        state=OutboxState.UNKNOWN,
        reason="worker_vanished",
        lease_until=None,
        settled_at=at,
        version=item.version + 1,
    )


def hold_item(item: OutboxItem, *, reason: str, at: datetime, waiting: bool = False) -> OutboxItem:
    """Return the item stopped before delivery: for good (``held``), or until something is connected
    (``waiting``).

    Raises:
        IllegalMove: ``outbox_state`` when it is final already or with the other side.
    """
    _expect(item, OutboxState.QUEUED, OutboxState.LEASED, OutboxState.WAITING)
    state = OutboxState.WAITING if waiting else OutboxState.HELD
    return replace(
        item, state=state, reason=reason, lease_until=None, settled_at=at, version=item.version + 1
    )


def come_back(item: OutboxItem, *, reason: str, at: datetime, final: bool = True) -> OutboxItem:
    """Return an item of which the road itself said later that it was not delivered. Nothing sends it again.

    Not ``final``: the road goes on trying by itself, so it stays as it is, with the reason.

    Raises:
        IllegalMove: ``outbox_state`` unless it is sent or unknown.
    """
    _expect(item, OutboxState.SENT, OutboxState.UNKNOWN)
    state = OutboxState.REFUSED if final else item.state
    return replace(item, state=state, reason=reason, settled_at=at, looked_at=at, version=item.version + 1)


def requeue_item(item: OutboxItem, *, at: datetime) -> OutboxItem:
    """Return a waiting item queued again, or an unknown one that a person decided to send again.

    What was looked up before says nothing of the next try: ``looked_at`` is cleared.

    Raises:
        IllegalMove: ``outbox_state`` for any other state.
    """
    _expect(item, OutboxState.WAITING, OutboxState.UNKNOWN)
    return replace(
        item,
        state=OutboxState.QUEUED,
        reason="",
        not_before=at,
        settled_at=None,
        looked_at=None,
        version=item.version + 1,
    )


def _expect(item: OutboxItem, *states: OutboxState) -> None:
    if item.state not in states:
        raise IllegalMove("outbox_state", params={"from": item.state.value})
