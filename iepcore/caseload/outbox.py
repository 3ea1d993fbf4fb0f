"""The outbox on a screen: exactly what would leave, to whom, by which road, and what became of it.

An administrator of the site sees staff names, the road and a masked address; who of the family it is, only a
records officer sees. Nobody sees here which child it is about: a notice does not say it either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from iepcore.access import Action, Decision, Outcome, Resource, ResourceKind
from iepcore.caseload.delivering import again
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.noticing import Ready, SiteFacts, make_ready
from iepcore.errors import NotFound, NotPermitted
from iepcore.ids import OutboxId
from iepcore.notices import OutboxItem, OutboxState, SendingPolicy, hold_item, requeue_item
from iepcore.notices.sending import STOPPED_BY_PERSON
from iepcore.people import AddressKind, ChannelAddress

SHOWN_DAYS = 7
SHOWN_ROWS = 100
_HIDDEN = "…"
_OUTBOX = Resource(kind=ResourceKind.OUTBOX)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One notice. ``recipient`` is empty for who may not see names; ``address`` is masked for them.

    ``subject`` and ``text`` are what would leave, or left, with the random part of the link taken out.
    """

    item: OutboxItem
    sender: str
    recipient: str
    address: str
    subject: str
    text: str
    may_stop: bool
    may_release: bool
    may_send_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxPage:
    """The outbox and the site's policy; ``names`` says whether families' names are shown to this reader."""

    policy: SendingPolicy
    rows: tuple[OutboxRow, ...]
    counts: Mapping[str, int]
    sees_names: bool


class OutboxDesk:
    """Use cases of the outbox screen."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def may_look(self) -> bool:
        """Tell whether the outbox opens to the actor, without a trace (for what a menu offers)."""
        with self._desk.store.read() as uow:
            return self._desk.may(uow, Action.READ, _OUTBOX)

    def page(self, facts: SiteFacts, *, takes_replies: Mapping[AddressKind, bool]) -> OutboxPage:
        """Return what is on its way and what was settled in the last seven days, newest first.

        Raises:
            NotPermitted: to anybody but the site's administrators and records officers.
        """
        desk = self._desk
        with desk.changing() as change:
            decision = change.permit(Action.READ, _OUTBOX, what="outbox").decision
            uow = change.uow
            since = desk.clock.now() - timedelta(days=SHOWN_DAYS)
            items = uow.outbox.open_or_since(since, limit=SHOWN_ROWS)
            people = {one.recipient_id for one in items} | {one.sender_id for one in items}
            names = {adult.id: adult.name for adult in uow.people.adults(people)}
            rows = []
            for item in items:
                told = takes_replies.get(item.channel, True)
                shown = replace(item, link_secret=_HIDDEN)
                ready = make_ready(uow, shown, facts, takes_replies=told)
                rows.append(
                    _row(
                        item,
                        ready,
                        decision,
                        sender=names.get(item.sender_id, ""),
                        recipient=names.get(item.recipient_id, ""),
                    )
                )
            return OutboxPage(
                policy=uow.sending.policy(),
                rows=tuple(rows),
                counts=uow.outbox.counts(),
                sees_names=_sees_names(decision),
            )

    def stop(self, item_id: OutboxId) -> OutboxItem:
        """Stop one notice that has not left; :meth:`release` takes it back.

        Raises:
            IllegalMove: ``outbox_state`` when it is with the other side already.
        """
        with self._desk.changing() as change:
            item = self._item(change, item_id, what="stop_notice")
            stopped = hold_item(item, reason=STOPPED_BY_PERSON, at=self._desk.clock.now(), waiting=True)
            change.uow.outbox.save(stopped)
            return stopped

    def release(self, item_id: OutboxId) -> OutboxItem:
        """Let a notice go on that a person stopped.

        Raises:
            IllegalMove: ``outbox_state`` when it was not stopped by a person.
        """
        with self._desk.changing() as change:
            item = self._item(change, item_id, what="release_notice")
            if item.reason != STOPPED_BY_PERSON:
                raise NotFound("outbox_item")
            queued = requeue_item(item, at=self._desk.clock.now())
            change.uow.outbox.save(queued)
            return queued

    def send_again(self, item_id: OutboxId) -> OutboxItem:
        """Send a notice again whose fate is unknown: a records officer decides, knowing it may come twice.

        Raises:
            NotPermitted: to an administrator, who cannot ask the family.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, _OUTBOX, what="send_again")
            seen = desk.decision(change.uow, Action.READ, _OUTBOX)
            if not _sees_names(seen):
                raise NotPermitted("sender_or_officer_sends_again", citation=seen.citation)
            item = change.uow.outbox.item(item_id)
            if item is None or item.state is not OutboxState.UNKNOWN:
                raise NotFound("outbox_item")
            queued = again(item, at=desk.clock.now())
            change.uow.outbox.save(queued)
            return queued

    def _item(self, change: Change, item_id: OutboxId, *, what: str) -> OutboxItem:
        change.permit(Action.WRITE, _OUTBOX, what=what)
        item = change.uow.outbox.item(item_id)
        if item is None:
            raise NotFound("outbox_item")
        return item


def masked(address: ChannelAddress) -> str:
    """Return an address of which only so much is left that the person who gave it knows it again."""
    value = address.value
    if address.kind is AddressKind.MAIL:
        name, _, domain = value.partition("@")
        return f"{name[:1]}•••@{domain}"
    return f"•••{value[-2:]}"


def _sees_names(decision: Decision) -> bool:
    return decision.outcome is Outcome.ALLOW


def _row(
    item: OutboxItem, ready: Ready | None, decision: Decision, *, sender: str, recipient: str
) -> OutboxRow:
    sees = _sees_names(decision)
    address = "" if ready is None else ready.address.value if sees else masked(ready.address)
    stopped = item.state is OutboxState.WAITING and item.reason == STOPPED_BY_PERSON
    return OutboxRow(
        item=item,
        sender=sender,
        recipient=recipient if sees else "",
        address=address,
        subject=ready.subject if ready is not None else "",
        text=ready.text if ready is not None else "",
        may_stop=item.state in (OutboxState.QUEUED, OutboxState.WAITING) and not stopped,
        may_release=stopped,
        may_send_again=sees and item.state is OutboxState.UNKNOWN,
    )
