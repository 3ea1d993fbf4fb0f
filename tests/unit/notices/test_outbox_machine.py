"""The outbox under any order of deaths, receipts, looks and second thoughts: nothing is doubled unseen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from iepcore.errors import Conflict, IllegalMove
from iepcore.ids import SiteId, new_uuid7
from iepcore.memory import MemoryStore
from iepcore.notices import (
    OutboxItem,
    OutboxState,
    Receipt,
    ReceiptState,
    hold_item,
    lease_item,
    mark_unknown,
    requeue_item,
    settle_item,
)
from iepcore.testing import NOW, an_outbox_item
from iepcore.testing.store_values import a_classroom, an_item

S = OutboxState
LEASE = timedelta(minutes=2)


def _receipt(state: ReceiptState, **changes: object) -> Receipt:
    return Receipt(state=state, at=NOW, **changes)  # type: ignore[arg-type]


def _in(state: OutboxState) -> OutboxItem:
    return an_outbox_item(state=state, version=3)


MOVES = {
    "lease": (lambda item: lease_item(item, until=NOW + LEASE), {S.QUEUED}),
    "sent": (
        lambda item: settle_item(item, _receipt(ReceiptState.SENT), retry_at=NOW),
        {S.LEASED, S.UNKNOWN},
    ),
    "refused": (
        lambda item: settle_item(item, _receipt(ReceiptState.REFUSED), retry_at=NOW),
        {S.LEASED, S.UNKNOWN},
    ),
    "unknown": (
        lambda item: settle_item(item, _receipt(ReceiptState.UNKNOWN), retry_at=NOW),
        {S.LEASED, S.UNKNOWN},
    ),
    "retry": (
        lambda item: settle_item(item, _receipt(ReceiptState.REFUSED, retryable=True), retry_at=NOW),
        {S.LEASED},
    ),
    "vanish": (lambda item: mark_unknown(item, at=NOW), {S.LEASED}),
    "hold": (lambda item: hold_item(item, reason="x", at=NOW), {S.QUEUED, S.LEASED, S.WAITING}),
    "wait": (
        lambda item: hold_item(item, reason="x", at=NOW, waiting=True),
        {S.QUEUED, S.LEASED, S.WAITING},
    ),
    "requeue": (lambda item: requeue_item(item, at=NOW), {S.WAITING, S.UNKNOWN}),
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", OutboxState)
def test_move_is_allowed_from_its_states_only(move: str, state: OutboxState) -> None:
    """Every pair of state and move either follows the drawing, one version on, or is refused."""
    make, allowed = MOVES[move]
    if state in allowed:
        assert 4 == make(_in(state)).version
        return
    with pytest.raises(IllegalMove, match="outbox_state") as refused:
        make(_in(state))
    assert {"from": state.value} == refused.value.params


def test_final_states_are_three() -> None:
    """Sent, refused and held need nothing more from the worker; unknown and waiting do."""
    assert {S.SENT, S.REFUSED, S.HELD} == {state for state in S if _in(state).is_final}


def test_retryable_refusal_queues_again_later() -> None:
    """A dead platform means: nothing was sent, the same item at a later time, its reason kept."""
    later = NOW + timedelta(minutes=5)
    item = settle_item(
        _in(S.LEASED), _receipt(ReceiptState.REFUSED, retryable=True, reason="lms_down"), retry_at=later
    )

    assert (S.QUEUED, later, "lms_down", None) == (item.state, item.not_before, item.reason, item.lease_until)


def test_item_sent_again_by_a_person_is_looked_up_afresh() -> None:
    """A second unknown outcome of the same item is as new as the first: it must be looked up too."""
    looked = settle_item(_in(S.UNKNOWN), _receipt(ReceiptState.UNKNOWN), retry_at=NOW)
    again = settle_item(
        lease_item(requeue_item(looked, at=NOW), until=NOW + LEASE),
        _receipt(ReceiptState.UNKNOWN),
        retry_at=NOW,
    )

    assert (NOW, S.UNKNOWN, None) == (looked.looked_at, again.state, again.looked_at)


class OutboxMachine(RuleBasedStateMachine):
    """One worker that may die at any moment, a platform that may lie still, and one person who decides.

    The model counts what the platform really accepted and what a person knowingly asked for again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.room = a_classroom()
        self.store = MemoryStore(SiteId(new_uuid7()))
        self.now = NOW
        self.item = an_item(self.room.message, recipient_id=self.room.mother.id)
        with self.store.write() as uow:
            uow.archive.restore(self.room.values)
            uow.outbox.add(self.item)
        self.held_by_worker: OutboxItem | None = None
        self.arrived = 0  # how often the platform accepted it
        self.looked = False  # whether somebody looked since it became unknown
        self.asked_again = 0  # how often a person let it go again, knowing that it may arrive twice

    def _stored(self) -> OutboxItem:
        with self.store.read() as uow:
            item = uow.outbox.item(self.item.id)
        assert item is not None
        return item

    def _save(self, item: OutboxItem) -> None:
        with self.store.write() as uow:
            uow.outbox.save(item)

    def _settle(self, item: OutboxItem, receipt: Receipt) -> None:
        """Store what a worker says; one whose lease ran out is told that the item has moved on."""
        try:
            self._save(settle_item(item, receipt, retry_at=self.now + timedelta(seconds=20)))
        except Conflict:
            assert self._stored().version > item.version
        else:
            self.looked = False

    @rule(seconds=st.integers(1, 300))
    def time_passes(self, seconds: int) -> None:
        """Leases run out and retries fall due."""
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.held_by_worker is None)
    @rule()
    def worker_takes_what_is_due(self) -> None:
        """Lease; a second worker at the same moment gets nothing."""
        with self.store.write() as uow:
            leased = uow.outbox.lease_due(at=self.now, until=self.now + LEASE, limit=5)
            assert not uow.outbox.lease_due(at=self.now, until=self.now + LEASE, limit=5)
        self.held_by_worker = leased[0] if leased else None

    @precondition(lambda self: self.held_by_worker is not None)
    @rule(
        accepted=st.booleans(),
        said=st.sampled_from(["sent", "unknown", "nothing"]),
    )
    def worker_sends(self, accepted: bool, said: str) -> None:
        """The platform accepts or not; its answer arrives, is lost, or the worker dies before storing it."""
        item, self.held_by_worker = self.held_by_worker, None
        assert item is not None
        self.arrived += accepted  # even when its lease ran out meanwhile: a sleeping worker does not know
        if said == "nothing":
            return  # dead
        state = ReceiptState.SENT if accepted and said == "sent" else ReceiptState.UNKNOWN
        self._settle(item, Receipt(state=state, at=self.now))

    @precondition(lambda self: self.held_by_worker is not None)
    @rule(retryable=st.booleans())
    def platform_refuses(self, retryable: bool) -> None:
        """It says plainly that nothing was taken."""
        item, self.held_by_worker = self.held_by_worker, None
        assert item is not None
        self._settle(item, Receipt(state=ReceiptState.REFUSED, at=self.now, retryable=retryable))

    @precondition(lambda self: self.held_by_worker is not None)
    @rule(waiting=st.booleans())
    def worker_holds(self, waiting: bool) -> None:
        """The right was revoked, or something must be connected first."""
        item, self.held_by_worker = self.held_by_worker, None
        assert item is not None
        if self._stored() == item:
            self._save(hold_item(item, reason="records_right_revoked", at=self.now, waiting=waiting))

    @rule()
    def vanished_items_are_marked(self) -> None:
        """Whoever holds a lease that ran out may have sent it."""
        with self.store.write() as uow:
            for item in uow.outbox.vanished(at=self.now):
                uow.outbox.save(mark_unknown(item, at=self.now))
                self.looked = False

    @rule(sees=st.booleans())
    def somebody_looks(self, sees: bool) -> None:
        """A look finds it only if it is there; not seeing it proves nothing."""
        with self.store.read() as uow:
            unlooked = uow.outbox.unlooked()
        for item in unlooked:
            state = ReceiptState.SENT if self.arrived and sees else ReceiptState.UNKNOWN
            self._save(settle_item(item, Receipt(state=state, at=self.now), retry_at=self.now))
            self.looked = True

    @precondition(lambda self: self._stored().state is OutboxState.UNKNOWN)
    @rule()
    def person_sends_again(self) -> None:
        """Somebody decides, knowing that it may arrive twice."""
        self._save(requeue_item(self._stored(), at=self.now))
        self.asked_again += 1

    @precondition(lambda self: self._stored().state is OutboxState.WAITING)
    @rule()
    def sender_connects(self) -> None:
        """What waited goes on; nothing of it was ever sent."""
        self._save(requeue_item(self._stored(), at=self.now))

    @invariant()
    def never_twice_without_a_person(self) -> None:
        """It arrived at most once, plus once for each time somebody asked for it again."""
        assert self.arrived <= 1 + self.asked_again

    @invariant()
    def never_lost(self) -> None:
        """It is in exactly one state, counted once, and one that is done did arrive or says why not."""
        item = self._stored()
        with self.store.read() as uow:
            assert 1 == sum(uow.outbox.counts().values())
        if item.state is OutboxState.SENT:
            assert self.arrived >= 1
        if item.state is OutboxState.HELD:
            assert item.reason

    @invariant()
    def queued_means_not_sent_or_asked_for(self) -> None:
        """An item waiting its turn has not arrived, unless a person let it go again."""
        if self._stored().state in {OutboxState.QUEUED, OutboxState.WAITING}:
            assert self.arrived <= self.asked_again

    @invariant()
    def unknown_is_looked_up_or_was(self) -> None:
        """No unknown item hides: it is in the list to look up until somebody looked after this very try."""
        item = self._stored()
        with self.store.read() as uow:
            listed = item in uow.outbox.unlooked()
        assert listed == (item.state is OutboxState.UNKNOWN and not self.looked)


TestOutbox = OutboxMachine.TestCase
TestOutbox.settings = settings(max_examples=60, stateful_step_count=25)
