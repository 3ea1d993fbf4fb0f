"""The outbox worker: sent once, held when a right is gone, unknown when nobody can say, never lost."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from iepcore.notices import OutboxState, Receipt, ReceiptState
from iepcore.plan import TrialOutcome
from lti_app.delivery.worker import Worker
from lti_app.doors.records import ApiGrant
from lti_app.settings import Sending
from tests.unit.delivery.conftest import Killed, OneRoad, WorkingHouse


def test_a_notice_goes_out_once(working: WorkingHouse) -> None:
    """A queued item is delivered in the next round and never again."""
    item = working.send()
    worker = Worker(working.house.wired)

    first, second = worker.round(), worker.round()

    assert (1, 0) == (first.delivered, second.delivered)
    assert OutboxState.SENT is working.item(item).state
    assert 1 == len(working.road.delivered)


def test_what_leaves_names_no_child_and_no_plan(working: WorkingHouse) -> None:
    """Subject and text hold school, sender and link only, in Spanish and in English."""
    working.send()
    Worker(working.house.wired).round()

    address, subject, text = working.road.delivered[0]

    assert "Luc" not in subject + text
    assert "A word about today" not in text
    assert "Cedar Hollow School" in subject
    assert "Priya Halloran" in text
    assert "/n/" in text
    assert "No es urgente" in text
    assert address.value.isdecimal()


def test_the_link_works_before_anybody_can_open_it(working: WorkingHouse) -> None:
    """The page behind the notice's link names the school and nothing else."""
    working.send()
    Worker(working.house.wired).round()
    text = working.road.delivered[0][2]
    secret = text.split("/n/")[1].split()[0]

    answer = working.house.client.get(f"/n/{secret}")
    unknown = working.house.client.get(f"/n/{'x' * len(secret)}")

    assert 200 == answer.status_code == unknown.status_code
    assert "Cedar Hollow School" in answer.text
    assert "Cedar Hollow School" not in unknown.text
    assert "Luc" not in answer.text


def test_a_right_revoked_after_sending_stops_the_notice(working: WorkingHouse) -> None:
    """Between Send and delivery the record right is taken back: nothing goes out, and the item says why."""
    item = working.send()
    families = working.house.caseload("halloran").families
    row = families.view(working.house.student("lucia")).rows[0]
    families.set_rights(
        row.relationship.id,
        working.house.student("lucia"),
        may_access_records=False,
        may_decide=False,
        basis="Court order seen by the office",
        document="Order of 12 May",
        version=row.relationship.version,
    )

    Worker(working.house.wired).round()

    held = working.item(item)
    assert (OutboxState.HELD, "records_right_revoked") == (held.state, held.reason)
    assert [] == working.road.delivered


def test_a_sender_who_left_the_team_sends_nothing(working: WorkingHouse) -> None:
    """The sender's place on the team is looked at again before delivery."""
    item = working.send(to="dana", child="maya")
    store = working.house.wired.store(working.house.wired.doors.sites()[0].id)
    with store.write() as uow:
        for place in uow.people.assignments_of_student(working.house.student("maya")):
            if place.adult_id == working.house.adult("halloran"):
                day = working.house.clock().date()
                uow.people.save_assignment(
                    replace(place, ends_on=day.replace(day=day.day - 2), version=place.version + 1)
                )

    Worker(working.house.wired).round()

    assert (OutboxState.HELD, "sender_left_team") == (
        working.item(item).state,
        working.item(item).reason,
    )


def test_a_dead_platform_is_tried_again_later(working: WorkingHouse) -> None:
    """Nothing was sent: the item waits its time and goes out when the platform is back."""
    item = working.send()
    working.road.answers.append(
        Receipt(
            state=ReceiptState.REFUSED,
            at=working.house.clock(),
            reason="platform_down",
            retryable=True,
        )
    )
    worker = Worker(working.house.wired)
    worker.round()
    waiting = working.item(item)
    worker.round()
    too_early = working.item(item)

    working.house.clock.forward(minutes=2)
    worker.round()

    assert (OutboxState.QUEUED, "platform_down") == (waiting.state, waiting.reason)
    assert waiting == too_early
    assert OutboxState.SENT is working.item(item).state
    assert 1 == len(working.road.delivered)


def test_a_missing_connection_waits_and_goes_on_by_itself(working: WorkingHouse) -> None:
    """Without the teacher's own Canvas grant the item waits; once it is there, the item goes out."""
    item = working.send()
    working.road.answers.append(
        Receipt(state=ReceiptState.REFUSED, at=working.house.clock(), reason="connect_canvas")
    )
    worker = Worker(working.house.wired)
    worker.round()
    waiting = working.item(item)

    site = working.house.wired.doors.sites()[0]
    working.house.wired.job(site, "outbox").delivery.connected(working.house.adult("halloran"))
    worker.round()

    assert (OutboxState.WAITING, "connect_canvas") == (waiting.state, waiting.reason)
    assert OutboxState.SENT is working.item(item).state


def test_a_connection_made_while_the_item_is_in_the_workers_hands_is_not_missed(
    working: WorkingHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The channel has found no grant, she connects, and only then the item is put down: it goes on."""
    item = working.send()
    wired, adult = working.house.wired, working.house.adult("halloran")
    site, registration = wired.doors.sites()[0], wired.doors.registrations()[0]
    grant = ApiGrant(
        site_id=site.id,
        registration_id=registration.id,
        adult_id=adult,
        access_token="a",
        refresh_token="b",
        expires_at=working.house.clock(),
        platform_user_id="1",
    )

    def deliver_and_connect(*_: object, **__: object) -> Receipt:
        wired.doors.save_grant(grant)
        wired.job(site, "outbox").delivery.connected(adult)
        return Receipt(state=ReceiptState.REFUSED, at=working.house.clock(), reason="connect_canvas")

    with monkeypatch.context() as racing:
        racing.setattr(working.road, "deliver", deliver_and_connect)
        Worker(wired).round()
    assert OutboxState.QUEUED is working.item(item).state
    Worker(wired).round()

    assert OutboxState.SENT is working.item(item).state


@pytest.mark.parametrize(("died", "state"), [("after", OutboxState.SENT), ("before", OutboxState.UNKNOWN)])
def test_a_worker_killed_in_between_neither_loses_nor_doubles(
    working: WorkingHouse, died: str, state: OutboxState
) -> None:
    """After the lease ran out the next worker looks first; what was not found is left to a person."""
    item = working.send()
    working.road.kill = died
    with pytest.raises(Killed):
        Worker(working.house.wired).round()
    working.road.kill = ""
    leased = working.item(item)

    working.house.clock.forward(minutes=7)
    for _ in range(3):
        Worker(working.house.wired).round()

    assert OutboxState.LEASED is leased.state
    assert state is working.item(item).state
    assert (1 if died == "after" else 0) == len(working.road.delivered)
    assert [item.reference] == working.road.looked


def test_only_a_person_sends_an_unknown_notice_again(working: WorkingHouse) -> None:
    """The sender decides, and then it goes out."""
    item = working.send()
    working.road.kill = "before"
    with pytest.raises(Killed):
        Worker(working.house.wired).round()
    working.road.kill = ""
    working.house.clock.forward(minutes=7)
    Worker(working.house.wired).round()

    working.house.caseload("halloran").delivery.send_again(item.id)
    Worker(working.house.wired).round()

    assert OutboxState.SENT is working.item(item).state
    assert 1 == len(working.road.delivered)


def test_nothing_leaves_while_sending_is_off(working: WorkingHouse) -> None:
    """One setting stops everything; the items stay where they are."""
    item = working.send()
    working.house.wired.settings = replace(working.house.wired.settings, sending=Sending.OFF)

    done = Worker(working.house.wired).round()

    assert 0 == done.delivered
    assert OutboxState.QUEUED is working.item(item).state


def test_a_site_without_a_road_keeps_the_item_waiting(working: WorkingHouse) -> None:
    """No channel for this kind of address: the item waits and says so."""
    item = working.send()
    working.house.wired.roads = OneRoad(None)  # type: ignore[assignment]

    Worker(working.house.wired).round()

    assert (OutboxState.WAITING, "no_channel") == (
        working.item(item).state,
        working.item(item).reason,
    )


def test_two_workers_share_the_work(working: WorkingHouse) -> None:
    """Ten items and two workers at once: each item goes out exactly once."""
    for _ in range(10):
        working.send()
    workers = [threading.Thread(target=Worker(working.house.wired).round) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    Worker(working.house.wired).round()

    references = [text.split("Ref ")[-1][:12] for _, _, text in working.road.delivered]
    assert 10 == len(references) == len(set(references))


def test_the_worker_closes_forgotten_sets_and_old_drafts(working: WorkingHouse) -> None:
    """A set nobody ended becomes a point after the idle time; drafts older than 30 days go."""
    house = working.house
    caseload = house.caseload("halloran")
    goal = house.goal("maya", "words")
    caseload.progress.tap(goal, house.key(), house.key(), TrialOutcome.CORRECT)  # type: ignore[arg-type]
    caseload.writing.save_draft(house.student("maya"), goal, (), language="en", version=0)
    house.clock.forward(minutes=100)

    closed = Worker(house.wired).round().closed_sets
    house.clock.forward(days=31)
    Worker(house.wired).sweep()

    assert 1 == closed
    store = house.wired.store(house.wired.doors.sites()[0].id)
    with store.read() as uow:
        assert uow.family.draft_of(house.adult("halloran"), house.student("maya"), goal) is None


def test_a_worker_stops_when_told(working: WorkingHouse) -> None:
    """``run`` ends between rounds, and what was due has gone out."""
    working.send()
    stop = threading.Event()
    thread = threading.Thread(target=Worker(working.house.wired).run, args=(stop,))
    thread.start()
    for _ in range(200):
        if working.road.delivered:
            break
        stop.wait(0.02)
    stop.set()
    thread.join(timeout=5)

    assert not thread.is_alive()
    assert 1 == len(working.road.delivered)
