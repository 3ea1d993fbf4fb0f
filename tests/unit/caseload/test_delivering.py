"""Delivery: rights are looked at again at the last moment, outcomes are kept, only the job delivers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.caseload import OUTBOX, Ready, SiteFacts
from iepcore.caseload.delivering import FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS, LEASE_SECONDS
from iepcore.errors import IllegalMove, NotFound, NotPermitted
from iepcore.ids import OutboxId, new_uuid7
from iepcore.notices import OutboxItem, OutboxState, Receipt, ReceiptState, Urgency
from iepcore.people import AddressKind
from tests.unit.caseload.town import Town

FACTS = SiteFacts(
    school_name="Lincoln Elementary",
    school_phone="+1 504 555 0100",
    lms_name="Canvas",
    public_url="https://school.example.org",
)


def _leased(town: Town, *readers: str, **letter: object) -> OutboxItem:
    """Send a letter and let the worker take the one item it makes."""
    town.write_to(*readers or ("mother",), **letter)  # type: ignore[arg-type]
    return town.job().delivery.lease()[0]


def _receipt(town: Town, state: ReceiptState, **changes: object) -> Receipt:
    return Receipt(state=state, at=town.clock.now(), **changes)  # type: ignore[arg-type]


def _ready(town: Town, item: OutboxItem, facts: SiteFacts = FACTS) -> Ready:
    ready = town.job().delivery.prepare(item, facts)
    assert ready is not None
    return ready


def test_letter_becomes_one_content_free_notice_per_reader(each_town: Town) -> None:
    """Two readers, two items; each in its reader's language, to their own address, naming nobody."""
    each_town.write_to("mother", "father", urgency=Urgency.PLEASE_ANSWER, answer_by=each_town.clock.today())
    items = each_town.job().delivery.lease()
    notices = [_ready(each_town, item) for item in items]

    assert {"es", "en"} == {one.notice.language for one in notices}
    assert {"mother@example.org", "father@example.org"} == {one.address.value for one in notices}
    for one in notices:
        said = one.subject + one.text
        assert f"https://school.example.org/n/{one.item.link_secret}" in said
        assert one.item.reference in said
        assert "Maya" not in said
        assert "Mayabel" not in said
        assert one.notice.lms_name is None  # a mail reader is not told of Canvas
    assert 2 == len({one.item.link_secret for one in notices}) == len({one.item.reference for one in notices})


def test_leased_item_is_one_workers_alone(each_town: Town) -> None:
    """A second worker gets nothing until the lease runs out, and then the item is unknown, not queued."""
    item = _leased(each_town)
    delivery = each_town.job().delivery

    assert list(delivery.lease()) == []
    assert list(delivery.mark_vanished()) == []
    each_town.clock.forward(seconds=LEASE_SECONDS)
    assert [item.id] == [one.id for one in delivery.mark_vanished()]
    assert list(delivery.lease()) == []
    assert [item.id] == [one.id for one in delivery.unlooked()]


@pytest.mark.parametrize(
    ("name", "reason"), [("mother", "records_right_revoked"), ("teacher", "sender_left_team")]
)
def test_what_changed_between_send_and_delivery_holds_the_notice(
    each_town: Town, name: str, reason: str
) -> None:
    """A right revoked or a sender gone: held with the reason, nothing delivered, and the sender is told."""
    item = _leased(each_town)
    if name == "mother":
        each_town.set_rights("mother", records=False)
    else:
        each_town.leave("teacher")

    assert each_town.job().delivery.prepare(item, FACTS) is None
    held = each_town.item(item.id)
    assert (OutboxState.HELD, reason, True) == (held.state, held.reason, held.is_final)
    if name == "mother":
        stuck = each_town.caseload("teacher").today.page().stuck
        assert [(item.id, reason)] == [(one.item.id, one.item.reason) for one in stuck]


def test_reader_without_an_address_is_held(town: Town) -> None:
    """An address that went away since is no address to guess at."""
    item = _leased(town)
    with town.store.write() as uow:
        mother = uow.people.adult(town.id("mother"))
        assert mother is not None
        uow.people.save_adult(replace(mother, addresses=(), version=mother.version + 1))

    assert town.job().delivery.address_of(item) is None
    assert town.job().delivery.prepare(item, FACTS) is None
    assert "no_address" == town.item(item.id).reason


def test_notice_that_hints_at_a_plan_is_held(town: Town) -> None:
    """A school whose name gives it away sends nothing by this road."""
    item = _leased(town)

    assert town.job().delivery.prepare(item, replace(FACTS, school_name="Special Education Center")) is None
    assert "notice_gate" == town.item(item.id).reason


def test_teacher_with_the_childs_surname_may_write(town: Town) -> None:
    """The notice names its sender as every notice does; that is no disclosure of a child of the same name."""
    with town.store.write() as uow:
        teacher = uow.people.adult(town.id("teacher"))
        assert teacher is not None
        uow.people.save_adult(replace(teacher, name="Ana Quill", version=teacher.version + 1))

    assert "Ana Quill" in _ready(town, _leased(town)).text


def test_child_who_is_gone_leaves_nothing_to_send(town: Town) -> None:
    """After erasure there is no item; one still in a worker's hand is not found any more."""
    item = _leased(town)
    with town.store.write() as uow:
        uow.archive.erase_student(town.maya.id)
    with pytest.raises(NotFound):
        town.job().delivery.prepare(item, FACTS)


def test_canvas_reader_is_told_where_else_to_look(town: Town) -> None:
    """Only who is reached through Canvas reads that it can be opened there."""
    item = replace(_leased(town), channel=AddressKind.CANVAS)
    with town.store.write() as uow:
        mother = uow.people.adult(town.id("mother"))
        assert mother is not None
        canvas = replace(mother.addresses[0], kind=AddressKind.CANVAS, value="42")
        uow.people.save_adult(replace(mother, addresses=(canvas,), version=mother.version + 1))

    assert "Canvas" == _ready(town, item).notice.lms_name


@pytest.mark.parametrize(
    ("state", "stored"),
    [
        (ReceiptState.SENT, OutboxState.SENT),
        (ReceiptState.REFUSED, OutboxState.REFUSED),
        (ReceiptState.UNKNOWN, OutboxState.UNKNOWN),
    ],
)
def test_receipt_is_stored(each_town: Town, state: ReceiptState, stored: OutboxState) -> None:
    """What a channel reports is what the item says afterwards."""
    item = _leased(each_town)
    receipt = _receipt(each_town, state, reason="said_so", platform_id="55")
    settled = each_town.job().delivery.settle(item, receipt)

    assert settled == each_town.item(item.id)
    assert (stored, "said_so", "55") == (settled.state, settled.reason, settled.platform_id)


def test_dead_platform_is_tried_later_and_later(town: Town) -> None:
    """Each try doubles the wait, up to an hour; the item is never given up silently."""
    item, waits = _leased(town), []
    for _ in range(10):
        refused = _receipt(town, ReceiptState.REFUSED, retryable=True, reason="lms_down")
        queued = town.job().delivery.settle(item, refused)
        waits.append((queued.not_before - town.clock.now()).total_seconds())
        town.clock.at = queued.not_before - timedelta(seconds=1)
        assert list(town.job().delivery.lease()) == []
        town.clock.at = queued.not_before
        item = town.job().delivery.lease()[0]

    assert [min(FIRST_RETRY_SECONDS * 2**i, LAST_RETRY_SECONDS) for i in range(10)] == waits


@pytest.mark.parametrize("reason", ["connect_canvas", "connect_canvas_again"])
def test_missing_connection_waits_and_goes_on_when_it_is_there(town: Town, reason: str) -> None:
    """Nothing is lost without the teacher's grant; only her own items go on when she connects."""
    item = _leased(town)
    waiting = town.job().delivery.settle(item, _receipt(town, ReceiptState.REFUSED, reason=reason))

    assert (OutboxState.WAITING, reason) == (waiting.state, waiting.reason)
    assert 0 == town.job().delivery.connected(town.id("manager"))
    assert 1 == town.job().delivery.connected(town.id("teacher"))
    assert [item.id] == [one.id for one in town.job().delivery.lease()]


@pytest.mark.parametrize("state", ReceiptState)
def test_look_finds_it_or_leaves_it_to_a_person(town: Town, state: ReceiptState) -> None:
    """Found is sent. Not found, whatever the platform calls it, stays unknown and is looked up once."""
    item = town.job().delivery.settle(_leased(town), _receipt(town, ReceiptState.UNKNOWN))
    looked = town.job().delivery.looked(item, _receipt(town, state, retryable=True))

    assert (OutboxState.SENT if state is ReceiptState.SENT else OutboxState.UNKNOWN) == looked.state
    assert town.clock.now() == looked.looked_at
    assert list(town.job().delivery.unlooked()) == []
    assert list(town.job().delivery.lease()) == []


def test_sender_may_send_an_unknown_item_again_knowingly(town: Town) -> None:
    """Only the sender, only from unknown, only with a place on the team; it is written to the trail."""
    item = town.job().delivery.settle(_leased(town), _receipt(town, ReceiptState.UNKNOWN))
    with pytest.raises(NotFound):
        town.caseload("manager").delivery.send_again(item.id)
    with pytest.raises(NotFound):
        town.caseload("teacher").delivery.send_again(OutboxId(new_uuid7()))
    with pytest.raises(NotPermitted, match="masquerade"):
        town.caseload("teacher", masquerade=True).delivery.send_again(item.id)

    assert OutboxState.QUEUED is town.caseload("teacher").delivery.send_again(item.id).state
    assert "send_again" in {event.what for event in town.trail()}
    with pytest.raises(IllegalMove):
        town.caseload("teacher").delivery.send_again(item.id)
    town.leave("teacher")
    with pytest.raises(NotPermitted):
        town.caseload("teacher").delivery.send_again(item.id)


def test_no_person_and_no_other_job_delivers(town: Town) -> None:
    """A caseload of anybody else reaches no address, no notice and no outcome."""
    item = _leased(town)
    receipt = _receipt(town, ReceiptState.SENT)
    for delivery in (
        town.caseload("teacher").delivery,
        town.caseload("mother").delivery,
        town.job("idle_sets").delivery,
    ):
        for call in (
            delivery.lease,
            delivery.mark_vanished,
            delivery.unlooked,
            lambda: delivery.prepare(item, FACTS),  # noqa: B023
            lambda: delivery.settle(item, receipt),  # noqa: B023
            lambda: delivery.looked(item, receipt),  # noqa: B023
            lambda: delivery.address_of(item),  # noqa: B023
            lambda: delivery.connected(item.sender_id),  # noqa: B023
        ):
            with pytest.raises(NotPermitted, match="outbox_job_needed"):
                call()
    assert item == town.item(item.id)
    assert OUTBOX.job == "outbox"
