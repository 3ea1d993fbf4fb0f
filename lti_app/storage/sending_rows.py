"""What may leave, consents, and what came back by the roads, in SQL."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from iepcore.errors import Conflict
from iepcore.ids import AdultId, MessageId, ReplyId
from iepcore.notices import KeptReply, ReplyState, RoadConsent, RoadFetch, SendingPolicy
from iepcore.people import AddressKind
from lti_app.storage import sending_tables as t
from lti_app.storage.site_rows import Mapped, SiteRows

POLICIES = Mapped(t.site_sending, SendingPolicy)
CONSENTS = Mapped(t.road_consent, RoadConsent)
REPLIES = Mapped(t.kept_reply, KeptReply)
FETCHES = Mapped(t.road_fetch, RoadFetch)


class SendingRows:
    """``SendingRepository`` over one transaction."""

    def __init__(self, rows: SiteRows) -> None:
        self._rows = rows

    def policy(self) -> SendingPolicy:
        return self._rows.one(POLICIES) or SendingPolicy()

    def save_policy(self, policy: SendingPolicy) -> None:
        if policy.version == 1:
            if self._rows.add_first(POLICIES, policy) == policy:
                return
            raise Conflict("site_sending", current=self.policy(), yours=policy)
        self._rows.save(POLICIES, policy, version=policy.version)

    def add_consent(self, consent: RoadConsent) -> None:
        self._rows.add(CONSENTS, consent)

    def consents_of(self, adult_ids: Collection[AdultId]) -> Sequence[RoadConsent]:
        c = t.road_consent.c
        return self._rows.all(CONSENTS, c.adult_id.in_(adult_ids), order=(c.at,))

    def consents_at(self, road: AddressKind, value: str) -> Sequence[RoadConsent]:
        c = t.road_consent.c
        return self._rows.all(CONSENTS, c.road == road, c.value == value, order=(c.at,))

    def add_reply(self, reply: KeptReply) -> KeptReply:
        c = t.kept_reply.c
        same = (c.road == reply.road, c.platform_id == reply.platform_id)
        return self._rows.add_first(REPLIES, reply, *same)

    def save_reply(self, reply: KeptReply) -> None:
        self._rows.save(REPLIES, reply, version=reply.version)

    def reply(self, reply_id: ReplyId) -> KeptReply | None:
        return self._rows.one(REPLIES, t.kept_reply.c.id == reply_id)

    def reply_of(self, road: AddressKind, platform_id: str) -> KeptReply | None:
        c = t.kept_reply.c
        return self._rows.one(REPLIES, c.road == road, c.platform_id == platform_id)

    def waiting_replies(self) -> Sequence[KeptReply]:
        c = t.kept_reply.c
        return self._rows.all(REPLIES, c.state == ReplyState.WAITING, order=(c.received_at,))

    def replies_of_messages(self, message_ids: Collection[MessageId]) -> Sequence[KeptReply]:
        c = t.kept_reply.c
        return self._rows.all(REPLIES, c.message_id.in_(message_ids), order=(c.received_at,))

    def fetched_at(self, road: AddressKind) -> datetime | None:
        found = self._rows.one(FETCHES, t.road_fetch.c.road == road)
        return found.fetched_at if found is not None else None

    def set_fetched(self, fetch: RoadFetch) -> None:
        self._rows.put(FETCHES, fetch)
