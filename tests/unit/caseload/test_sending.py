"""What may leave a site: off, listed, live; the switch that stops it all; the outbox on a screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iepcore.caseload import SENDING, Ready
from iepcore.errors import IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import OutboxId, new_uuid7
from iepcore.notices import (
    OutboxItem,
    OutboxState,
    Receipt,
    ReceiptState,
    RoadConsentState,
    SendingMode,
    SendingPolicy,
)
from iepcore.people import AddressKind, ChannelAddress
from iepcore.testing import store_values as a
from tests.unit.caseload.test_delivering import FACTS
from tests.unit.caseload.town import Town

MAIL = ChannelAddress(kind=AddressKind.MAIL, value="Mother@Example.org")
ROADS = (AddressKind.CANVAS, AddressKind.MAIL)


def _set(town: Town, mode: SendingMode, **more: object) -> None:
    town.job(SENDING.job).sending.set_mode(mode, **more)  # type: ignore[arg-type]


def _lease(town: Town, *readers: str) -> OutboxItem:
    town.write_to(*readers or ("mother",))
    return town.job().delivery.lease()[0]


def _prepared(town: Town, item: OutboxItem) -> Ready | None:
    return town.job().delivery.prepare(item, FACTS)


def _stands(town: Town, item: OutboxItem) -> tuple[OutboxState, str]:
    now = town.item(item.id)
    return now.state, now.reason


def test_what_the_mode_stops_waits_and_goes_when_it_allows(each_town: Town) -> None:
    """Off: it waits and says so, nothing is lost; live again: it is queued and goes out."""
    _set(each_town, SendingMode.OFF)
    item = _lease(each_town)

    assert _prepared(each_town, item) is None
    assert (OutboxState.WAITING, "sending_off") == _stands(each_town, item)
    assert 0 == each_town.job().delivery.let_go(ROADS)
    _set(each_town, SendingMode.LIVE)
    assert (OutboxState.QUEUED, "") == _stands(each_town, item)
    assert _prepared(each_town, each_town.job().delivery.lease()[0]) is not None


def test_listed_addresses_get_their_notice_and_others_wait(each_town: Town) -> None:
    """A listed mail address goes out however it is capitalised; another one waits until it is listed."""
    _set(each_town, SendingMode.LISTED, listed=[MAIL, MAIL])
    each_town.write_to("mother", "father")
    items = {item.language: item for item in each_town.job().delivery.lease()}

    assert _prepared(each_town, items["es"]) is not None
    assert _prepared(each_town, items["en"]) is None
    assert (OutboxState.WAITING, "not_listed") == _stands(each_town, items["en"])
    assert 0 == each_town.job().delivery.let_go(ROADS)
    fathers = ChannelAddress(kind=AddressKind.MAIL, value="father@example.org")
    assert 1 == each_town.job(SENDING.job).sending.set_mode(SendingMode.LISTED, listed=[fathers]).let_go
    assert _prepared(each_town, each_town.job().delivery.lease()[0]) is not None


def test_the_stop_holds_what_a_worker_already_has(each_town: Town) -> None:
    """An item leased before the switch does not leave after it; undone, the mode is what it was."""
    item = _lease(each_town)
    officer = each_town.caseload("officer").sending
    officer.stop_all()

    assert _prepared(each_town, item) is None
    assert (OutboxState.WAITING, "sending_stopped") == _stands(each_town, item)
    assert 0 == each_town.job().delivery.let_go(ROADS)
    changed = officer.go_on()
    assert (SendingMode.LIVE, False, 1) == (changed.policy.mode, changed.policy.stopped, changed.let_go)
    assert each_town.id("officer") == changed.policy.changed_by
    assert _prepared(each_town, each_town.job().delivery.lease()[0]) is not None


def test_a_change_that_a_round_missed_is_found_by_the_next(town: Town) -> None:
    """An item that began to wait while the mode was being changed is let go by the worker."""
    item = _lease(town)
    with town.store.write() as uow:
        uow.outbox.save(
            replace(item, state=OutboxState.WAITING, reason="sending_off", version=item.version + 1)
        )

    assert 1 == town.job().delivery.let_go(ROADS)
    assert OutboxState.QUEUED is town.item(item.id).state


def test_a_road_that_is_there_now_lets_its_items_go(town: Town) -> None:
    """Without a mail server items wait; once there is one they go on, and those of other roads do not."""
    item = _lease(town)
    town.job().delivery.settle(
        item, Receipt(state=ReceiptState.REFUSED, at=town.clock.now(), reason="no_channel")
    )

    assert 0 == town.job().delivery.connected(town.id("teacher"))
    assert 0 == town.job().delivery.let_go((AddressKind.CANVAS,))
    assert 1 == town.job().delivery.let_go(ROADS)


def test_fifty_test_addresses_are_the_most(town: Town) -> None:
    """A list of everybody would be live under another name."""
    many = [ChannelAddress(kind=AddressKind.CANVAS, value=str(number)) for number in range(51)]
    with pytest.raises(InvalidValue, match="listed_too_long"):
        _set(town, SendingMode.LISTED, listed=many)
    _set(town, SendingMode.LISTED, listed=many[:50])
    _set(town, SendingMode.OFF)
    assert 50 == len(town.job(SENDING.job).sending.policy().listed)


@pytest.mark.parametrize("name", ["teacher", "manager", "opener", "interpreter", "mother", "stranger"])
def test_nobody_else_reads_or_changes_what_leaves(town: Town, name: str) -> None:
    """Only the site's administrators and records officers."""
    caseload = town.caseload(name)
    assert not caseload.outbox.may_look()
    for call in (
        caseload.sending.policy,
        caseload.sending.stop_all,
        caseload.sending.go_on,
        lambda: caseload.sending.set_mode(SendingMode.LIVE),
        lambda: caseload.outbox.page(FACTS, takes_replies={}),
        lambda: caseload.outbox.stop(OutboxId(new_uuid7())),
        lambda: caseload.outbox.send_again(OutboxId(new_uuid7())),
    ):
        with pytest.raises(NotPermitted):
            call()


def test_an_administrator_sees_staff_and_road_and_no_family(each_town: Town) -> None:
    """The exact words, the sender, a masked address; no name of a reader, no child, no link that opens."""
    each_town.write_to("mother")
    item = each_town.job().delivery.lease()[0]
    page = each_town.caseload("installer").outbox.page(FACTS, takes_replies={AddressKind.MAIL: False})
    row = page.rows[0]

    assert not page.sees_names
    assert ("", "m•••@example.org") == (row.recipient, row.address)
    assert "/n/…" in row.text
    assert item.link_secret not in row.text
    assert "no conteste este mensaje" in row.text
    assert "Maya" not in repr(page)
    assert each_town.adults["mother"].name not in repr(page)
    assert each_town.adults["teacher"].name == row.sender


def test_a_records_officer_sees_who_it_is(town: Town) -> None:
    """The one who answers for what is disclosed sees name and address."""
    town.write_to("mother")
    row = town.caseload("officer").outbox.page(FACTS, takes_replies={}).rows[0]

    assert (town.adults["mother"].name, "mother@example.org") == (row.recipient, row.address)
    assert "no conteste" not in row.text


def test_a_notice_is_stopped_and_let_go_again(town: Town) -> None:
    """Stopping is undone by letting go; what the worker has cannot be stopped here any more."""
    town.write_to("mother", "father")
    outbox = town.caseload("installer").outbox
    first, second = (row.item for row in outbox.page(FACTS, takes_replies={}).rows)
    outbox.stop(first.id)

    leased = town.job().delivery.lease()
    assert [second.id] == [one.id for one in leased]
    assert 0 == town.job().delivery.let_go(ROADS)
    row = next(one for one in outbox.page(FACTS, takes_replies={}).rows if one.item.id == first.id)
    assert (True, False) == (row.may_release, row.may_stop)
    assert OutboxState.QUEUED is outbox.release(first.id).state
    with pytest.raises(NotFound):
        outbox.release(first.id)
    with pytest.raises(NotFound):
        outbox.stop(OutboxId(new_uuid7()))
    town.job().delivery.settle(leased[0], Receipt(state=ReceiptState.SENT, at=town.clock.now()))
    with pytest.raises(IllegalMove):
        outbox.stop(second.id)


def test_an_officer_sends_an_unknown_one_again_and_an_administrator_does_not(town: Town) -> None:
    """Only who can ask the family may risk a second notice; the link of the second leads somewhere."""
    item = _lease(town)
    town.job().delivery.settle(item, Receipt(state=ReceiptState.UNKNOWN, at=town.clock.now(), reason="x"))

    with pytest.raises(NotPermitted, match="sender_or_officer_sends_again"):
        town.caseload("installer").outbox.send_again(item.id)
    again = town.caseload("officer").outbox.send_again(item.id)
    assert (OutboxState.QUEUED, item.link_secret) == (again.state, again.link_secret)
    with pytest.raises(NotFound):
        town.caseload("officer").outbox.send_again(item.id)


def test_a_reader_who_is_gone_leaves_a_row_without_words(town: Town) -> None:
    """An item whose reader has no such address any more is shown, with nothing that could leave."""
    town.write_to("mother")
    with town.store.write() as uow:
        mother = uow.people.adult(town.id("mother"))
        assert mother is not None
        uow.people.save_adult(replace(mother, addresses=(), version=mother.version + 1))

    row = town.caseload("officer").outbox.page(FACTS, takes_replies={}).rows[0]
    assert ("", "", "") == (row.address, row.subject, row.text)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ((), "sms_consent_needed"),
        ((RoadConsentState.GIVEN,), ""),
        ((RoadConsentState.GIVEN, RoadConsentState.WITHDRAWN), "sms_consent_needed"),
        ((RoadConsentState.WITHDRAWN, RoadConsentState.GIVEN), ""),
        ((RoadConsentState.GIVEN, RoadConsentState.WRONG_NUMBER), "sms_consent_needed"),
    ],
)
def test_a_text_message_waits_for_a_yes(town: Town, said: tuple[RoadConsentState, ...], reason: str) -> None:
    """The newest word about this very number counts; a yes to another number is no yes."""
    item = replace(_lease(town), channel=AddressKind.SMS)
    number = "+15045550117"
    with town.store.write() as uow:
        mother = uow.people.adult(town.id("mother"))
        assert mother is not None
        sms = ChannelAddress(kind=AddressKind.SMS, value=number)
        uow.people.save_adult(replace(mother, addresses=(sms,), version=mother.version + 1))
        uow.sending.add_consent(a.a_consent(mother.id, value="+15045550118", at=town.clock.now()))
    for state in said:
        town.clock.forward(seconds=1)
        with town.store.write() as uow:
            uow.sending.add_consent(
                a.a_consent(town.id("mother"), value=number, state=state, at=town.clock.now())
            )
    ready = _prepared(town, item)

    assert reason == town.item(item.id).reason
    assert (reason == "") == (ready is not None)
    if ready is not None:
        assert ready.text.endswith(f"\n{ready.notice.link}")
        assert "STOP" in ready.text


def test_a_new_site_lets_nothing_leave() -> None:
    """The default policy refuses everything, and stopping beats every mode."""
    assert "sending_off" == SendingPolicy().refusal(MAIL)
    assert "sending_stopped" == SendingPolicy(mode=SendingMode.LIVE, stopped=True).refusal(MAIL)
    assert frozenset() == SendingPolicy(stopped=True, mode=SendingMode.LIVE).lets_go
