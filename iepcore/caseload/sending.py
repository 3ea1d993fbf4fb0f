"""What may leave a site: its mode, its test addresses, and the one switch that stops everything at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from iepcore.access import Action, Person, Resource, ResourceKind, System
from iepcore.caseload.desk import Change, Desk
from iepcore.notices import SendingMode, SendingPolicy, requeue_item
from iepcore.notices.sending import NOT_LISTED
from iepcore.people import ChannelAddress

SENDING = System(job="sending")
"""The command line of the machine."""

_OUTBOX = Resource(kind=ResourceKind.OUTBOX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The policy as it is now, and how many notices it let go on their way."""

    policy: SendingPolicy
    let_go: int


class SendingDesk:
    """Use cases of a site's sending policy: its administrators, its records officers, the command line."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def policy(self) -> SendingPolicy:
        """Return the policy.

        Raises:
            NotPermitted: without the standing.
        """
        with self._desk.changing() as change:
            change.permit(Action.READ, _OUTBOX, what="sending")
            return change.uow.sending.policy()

    def set_mode(self, mode: SendingMode, *, listed: Sequence[ChannelAddress] | None = None) -> Changed:
        """Choose how far the site is. ``listed`` replaces the test addresses; None leaves them.

        Raises:
            NotPermitted: without the standing.
            InvalidValue: ``listed_too_long``.
        """
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _OUTBOX, what=f"sending_{mode.value}")
            before = change.uow.sending.policy()
            addresses = before.listed if listed is None else tuple(dict.fromkeys(listed))
            return self._store(change, replace(before, mode=mode, listed=addresses))

    def stop_all(self) -> SendingPolicy:
        """Stop everything at once. What a worker has in its hand and not yet given away stops too."""
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _OUTBOX, what="sending_stopped")
            return self._store(change, replace(change.uow.sending.policy(), stopped=True)).policy

    def go_on(self) -> Changed:
        """Take the stop back: the mode is what it was, and what waited goes on."""
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _OUTBOX, what="sending_goes_on")
            return self._store(change, replace(change.uow.sending.policy(), stopped=False))

    def _store(self, change: Change, policy: SendingPolicy) -> Changed:
        desk = self._desk
        now = desk.clock.now()
        who = desk.actor.adult_id if isinstance(desk.actor, Person) else None
        policy = replace(policy, changed_at=now, changed_by=who, version=policy.version + 1)
        change.uow.sending.save_policy(policy)
        # Whoever is listed since may be among those who waited for it; the next round decides about each.
        reasons = policy.lets_go and policy.lets_go | {NOT_LISTED}
        freed = change.uow.outbox.waiting_for(reasons) if reasons else ()
        for item in freed:
            change.uow.outbox.save(requeue_item(item, at=now))
        return Changed(policy=policy, let_go=len(freed))
