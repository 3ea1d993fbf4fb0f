"""What may leave, consents, and what came back by the roads, in memory."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from iepcore.errors import Conflict
from iepcore.ids import AdultId, MessageId, ReplyId
from iepcore.memory.rows import MemoryRows
from iepcore.notices import KeptReply, ReplyState, RoadConsent, RoadFetch, SendingPolicy
from iepcore.people import AddressKind


class MemorySending:
    """``SendingRepository`` over one unit of work."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows

    def policy(self) -> SendingPolicy:
        held = self._rows.all(SendingPolicy)
        return held[0] if held else SendingPolicy()

    def save_policy(self, policy: SendingPolicy) -> None:
        stored = self.policy()
        if stored.version != policy.version - 1:
            raise Conflict("site_sending", current=stored, yours=policy)
        self._rows.put(policy)

    def add_consent(self, consent: RoadConsent) -> None:
        self._rows.add(consent)

    def consents_of(self, adult_ids: Collection[AdultId]) -> Sequence[RoadConsent]:
        wanted = set(adult_ids)
        return self._rows.all(RoadConsent, lambda one: one.adult_id in wanted, order=lambda one: one.at)

    def consents_at(self, road: AddressKind, value: str) -> Sequence[RoadConsent]:
        return self._rows.all(
            RoadConsent, lambda one: one.road is road and one.value == value, order=lambda one: one.at
        )

    def add_reply(self, reply: KeptReply) -> KeptReply:
        return self._rows.add_first(reply)

    def save_reply(self, reply: KeptReply) -> None:
        self._rows.save(reply, version=reply.version)

    def reply(self, reply_id: ReplyId) -> KeptReply | None:
        return self._rows.get(KeptReply, reply_id)

    def reply_of(self, road: AddressKind, platform_id: str) -> KeptReply | None:
        found = self._rows.all(KeptReply, lambda one: one.road is road and one.platform_id == platform_id)
        return found[0] if found else None

    def waiting_replies(self) -> Sequence[KeptReply]:
        return self._rows.all(
            KeptReply, lambda one: one.state is ReplyState.WAITING, order=lambda one: one.received_at
        )

    def replies_of_messages(self, message_ids: Collection[MessageId]) -> Sequence[KeptReply]:
        wanted = set(message_ids)
        return self._rows.all(
            KeptReply, lambda one: one.message_id in wanted, order=lambda one: one.received_at
        )

    def fetched_at(self, road: AddressKind) -> datetime | None:
        found = self._rows.get(RoadFetch, road)
        return found.fetched_at if found is not None else None

    def set_fetched(self, fetch: RoadFetch) -> None:
        self._rows.put(fetch)
