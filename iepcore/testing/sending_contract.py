"""What every Store does with a site's sending policy, with consents, and with what came back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.errors import Conflict
from iepcore.ids import ReplyId, new_uuid7
from iepcore.notices import (
    OutboxState,
    ReplyState,
    RoadConsentState,
    RoadFetch,
    SendingMode,
    SendingPolicy,
)
from iepcore.people import AddressKind, ChannelAddress
from iepcore.ports import Store
from iepcore.testing import store_values as a
from iepcore.testing.contract_fixtures import StoreFixtures

MINUTE = timedelta(minutes=1)


class SendingContract(StoreFixtures):
    """What may leave, who said yes, and what came back."""

    def test_a_site_begins_with_sending_off(self, store: Store) -> None:
        """No policy stored means off; what is stored comes back, and a stale change is a Conflict."""
        listed = (ChannelAddress(kind=AddressKind.MAIL, value="test@example.org"),)
        first = SendingPolicy(mode=SendingMode.LISTED, listed=listed, changed_at=a.NOW, version=1)
        second = replace(first, stopped=True, version=2)
        with store.read() as uow:
            assert SendingMode.OFF is uow.sending.policy().mode
        with store.write() as uow:
            uow.sending.save_policy(first)
            assert first == uow.sending.policy()
            uow.sending.save_policy(second)
            for stale in (replace(first, stopped=True), replace(first, version=2)):
                with pytest.raises(Conflict):
                    uow.sending.save_policy(stale)
        with store.read() as uow:
            assert second == uow.sending.policy()

    def test_consents_are_found_by_adult_and_by_number(self, store: Store, room: a.Classroom) -> None:
        """Oldest first, none of another adult or number, and none is ever replaced."""
        later = a.a_consent(room.mother.id, state=RoadConsentState.WITHDRAWN, at=a.NOW + MINUTE)
        first = a.a_consent(room.mother.id)
        other = a.a_consent(room.teacher.id, value="+15045550118")
        with store.write() as uow:
            for one in (later, first, other):
                uow.sending.add_consent(one)
        with store.read() as uow:
            assert [first, later] == list(uow.sending.consents_of([room.mother.id]))
            assert [first, later] == list(uow.sending.consents_at(AddressKind.SMS, first.value))
            assert [] == list(uow.sending.consents_at(AddressKind.MAIL, first.value))
            assert [] == list(uow.sending.consents_of([]))

    def test_an_answer_is_kept_once(self, store: Store, room: a.Classroom) -> None:
        """The same road and platform id again gives the first; another road may have the same id."""
        first = a.a_reply(platform_id="7")
        twice = a.a_reply(platform_id="7", text="Other words")
        text = a.a_reply(platform_id="7", road=AddressKind.SMS, received_at=a.NOW - MINUTE)
        with store.write() as uow:
            assert first == uow.sending.add_reply(first)
            assert first == uow.sending.add_reply(twice)
            assert text == uow.sending.add_reply(text)
        filed = replace(first, state=ReplyState.FILED, message_id=room.message.id, text="", version=2)
        with store.read() as uow:
            assert [text, first] == list(uow.sending.waiting_replies())
            assert first == uow.sending.reply_of(AddressKind.MAIL, "7")
            assert uow.sending.reply_of(AddressKind.CANVAS, "7") is None
            assert uow.sending.reply(ReplyId(new_uuid7())) is None
        with store.write() as uow:
            uow.sending.save_reply(filed)
            with pytest.raises(Conflict):
                uow.sending.save_reply(replace(first, version=2))
            assert filed == uow.sending.reply(first.id)
            assert [text] == list(uow.sending.waiting_replies())
            assert [filed] == list(uow.sending.replies_of_messages([room.message.id]))

    def test_when_a_road_was_read(self, store: Store) -> None:
        """Unknown at first; the newest time replaces the one before."""
        with store.write() as uow:
            assert uow.sending.fetched_at(AddressKind.MAIL) is None
            for at in (a.NOW, a.NOW + MINUTE):
                uow.sending.set_fetched(RoadFetch(road=AddressKind.MAIL, fetched_at=at))
        with store.read() as uow:
            assert a.NOW + MINUTE == uow.sending.fetched_at(AddressKind.MAIL)
            assert uow.sending.fetched_at(AddressKind.SMS) is None

    def test_items_by_what_holds_them_and_by_time(self, store: Store, room: a.Classroom) -> None:
        """Waiting ones by reason; what is open or settled lately; what left and may be answered."""
        old = a.NOW - 9 * MINUTE

        def made(state: OutboxState, minutes: int, **changes: object):  # type: ignore[no-untyped-def]
            return a.an_item(
                room.message, state=state, created_at=a.NOW + minutes * MINUTE, settled_at=a.NOW, **changes
            )

        off = made(OutboxState.WAITING, 1, reason="sending_off")
        asked = made(OutboxState.WAITING, 2, reason="connect_canvas")
        sent = made(OutboxState.SENT, 3)
        long_ago = replace(made(OutboxState.SENT, 4), settled_at=old)
        unknown = made(OutboxState.UNKNOWN, 5, channel=AddressKind.CANVAS)
        with store.write() as uow:
            for item in (unknown, off, sent, asked, long_ago):
                uow.outbox.add(item)
        with store.read() as uow:
            outbox = uow.outbox
            assert [off] == list(outbox.waiting_for({"sending_off", "not_listed"}))
            assert [] == list(outbox.waiting_for(set()))
            assert [unknown, sent, asked, off] == list(outbox.open_or_since(a.NOW - MINUTE, limit=9))
            assert [unknown, sent] == list(outbox.open_or_since(a.NOW - MINUTE, limit=2))
            assert [sent] == list(outbox.answerable(AddressKind.MAIL, a.NOW - MINUTE))
            assert [sent, long_ago] == list(outbox.answerable(AddressKind.MAIL, old))
            assert [unknown] == list(outbox.answerable(AddressKind.CANVAS, old))
