"""What leaves, on a screen: the switch, the mode, every notice word for word, and who may see whom."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from iepcore.caseload import SENDING
from iepcore.notices import OutboxState, Receipt, ReceiptState, SendingMode
from iepcore.people import Appointment, SiteRole
from lti_app.delivery.worker import Worker
from lti_app.settings import Sending
from tests.unit.delivery.conftest import FakeRoad, OneRoad, WorkingHouse
from tests.unit.screens.conftest import House


@pytest.fixture
def road(house: House) -> FakeRoad:
    """A road that works."""
    return FakeRoad(now=house.clock)


@pytest.fixture
def working(house: House, road: FakeRoad) -> WorkingHouse:
    """The house, its machine sending over the fake road, with an administrator of the site."""
    house.wired.settings = replace(house.wired.settings, sending=Sending.LIVE)
    house.wired.roads = OneRoad(road)  # type: ignore[assignment]
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        uow.people.add_appointment(
            Appointment(
                adult_id=house.adult("eklund"),
                role=SiteRole.ADMINISTRATOR,
                starts_on=house.clock().date(),
                appointed_by=None,
                appointed_at=house.clock(),
            )
        )
    return WorkingHouse(house=house, road=road)


def _change(working: WorkingHouse, as_: str = "ames", **form: object) -> str:
    answer = working.house.post("/app/outbox", form, as_=as_)
    assert 200 == answer.status_code
    assert "/app/outbox" == answer.headers["Rapport-Goto"]
    return str(answer.headers["Rapport-Said"])


def test_an_officer_sees_exactly_what_would_leave(working: WorkingHouse) -> None:
    """Reader, address, road, state, subject and text; the random part of the link is left out."""
    item = working.send()
    text = working.house.get("/app/outbox", as_="ames").text

    for words in ("What leaves", "Elena", "Priya Halloran", "Waiting to be sent", "Cedar Hollow School"):
        assert words in text
    assert "No es urgente" in text
    assert "/n/…" in text
    assert item.link_secret not in text
    assert "Luc" not in text
    assert "Answers by the same road are read" in text


def test_an_administrator_sees_no_family(working: WorkingHouse) -> None:
    """Staff and road and a masked address; no name, and no button that discloses once more."""
    item = working.send()
    working.road.answers.append(
        Receipt(state=ReceiptState.UNKNOWN, at=working.house.clock(), reason="no_answer")
    )
    Worker(working.house.wired).round()
    text = working.house.get("/app/outbox", as_="eklund").text

    assert OutboxState.UNKNOWN is working.item(item).state
    assert "Elena" not in text
    assert "Luc" not in text
    assert "A family member" in text
    assert "•••" in text
    assert "Send again" not in text
    assert "Send again" in working.house.get("/app/outbox", as_="ames").text
    refused = working.house.post("/app/outbox", {"do": "again", "item": str(item.id)}, as_="eklund")
    assert 404 == refused.status_code
    assert "outbox_changed" == _change(working, do="again", item=str(item.id))
    assert OutboxState.QUEUED is working.item(item).state


def test_one_press_stops_everything_and_one_lets_it_go_on(working: WorkingHouse) -> None:
    """The switch holds what is queued; taken back, it leaves."""
    item = working.send()
    assert "all_stopped" == _change(working, "eklund", do="stop_all")
    stopped = working.house.get("/app/outbox?said=all_stopped", as_="ames").text
    Worker(working.house.wired).round()

    assert "Everything is stopped." in stopped
    assert (OutboxState.WAITING, "sending_stopped") == (working.item(item).state, working.item(item).reason)
    assert [] == working.road.delivered
    _change(working, do="go_on")
    Worker(working.house.wired).round()
    assert OutboxState.SENT is working.item(item).state


def test_the_mode_is_chosen_with_its_test_addresses(working: WorkingHouse) -> None:
    """Listed addresses are kept; a wrong one is told, with everything typed still there."""
    good = "eva@example.org\n+1 (504) 555-0100\n\n27"
    _change(working, do="mode", mode="listed", listed=good)
    site = working.house.wired.doors.sites()[0]
    policy = working.house.wired.job(site, SENDING.job).sending.policy()
    assert SendingMode.LISTED is policy.mode
    assert ["eva@example.org", "+15045550100", "27"] == [one.value for one in policy.listed]

    bad = working.house.post("/app/outbox", {"do": "mode", "mode": "live", "listed": "eva@"}, as_="ames")
    assert 422 == bad.status_code
    assert "eva@" in bad.text
    assert "Nothing was changed" in bad.text
    for form in ({"do": "mode", "mode": "loud"}, {"do": "sing"}, {"do": "stop", "item": "x"}):
        assert 422 == working.house.post("/app/outbox", form, as_="ames").status_code


def test_one_notice_is_stopped_and_let_go(working: WorkingHouse) -> None:
    """Stopping one leaves the others; what has left cannot be stopped, and the page says so."""
    item, other = working.send(), working.send()
    _change(working, "eklund", do="stop", item=str(item.id))
    Worker(working.house.wired).round()

    assert "Let it go" in working.house.get("/app/outbox", as_="eklund").text
    assert [OutboxState.WAITING, OutboxState.SENT] == [working.item(one).state for one in (item, other)]
    _change(working, do="release", item=str(item.id))
    late = working.house.post("/app/outbox", {"do": "stop", "item": str(other.id)}, as_="ames")
    assert 409 == late.status_code
    assert "moved on" in late.text
    gone = working.house.post("/app/outbox", {"do": "stop", "item": str(uuid4())}, as_="ames")
    assert 404 == gone.status_code


def test_a_machine_that_sends_nothing_says_so(working: WorkingHouse) -> None:
    """IEP_SENDING goes before what a school has chosen, and a place without roads says that too."""
    working.house.wired.settings = replace(working.house.wired.settings, sending=Sending.OFF)
    working.house.wired.roads = OneRoad(None)  # type: ignore[assignment]
    text = working.house.get("/app/outbox", as_="ames").text

    assert "IEP_SENDING" in text
    assert "No road is set up" in text
    assert "Nothing is waiting to leave" in text


@pytest.mark.parametrize("name", ["halloran", "ruiz", "elena"])
def test_it_is_nobody_elses_page(working: WorkingHouse, name: str) -> None:
    """Teachers and families get the page that says nothing."""
    assert 404 == working.house.get("/app/outbox", as_=name).status_code
    assert 404 == working.house.post("/app/outbox", {"do": "stop_all"}, as_=name).status_code
