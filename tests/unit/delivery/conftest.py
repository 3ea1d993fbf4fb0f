"""The seeded house of the screen tests, with roads that a test can watch and break."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from iepcore.caseload import Letter
from iepcore.ids import AdultId
from iepcore.language import FreeText
from iepcore.notices import ChannelTraits, Notice, OutboxItem, Receipt, ReceiptState
from iepcore.people import AddressKind, ChannelAddress
from lti_app.doors.records import Site
from lti_app.settings import Sending
from tests.unit.screens.conftest import House, house, seeded_file

__all__ = ["FakeRoad", "WorkingHouse", "house", "road", "seeded_file", "working"]


class Killed(BaseException):
    """The worker's process ends here; nothing after it runs."""


@dataclass
class FakeRoad:
    """A road that keeps what it was given. ``answers`` are used up first; ``kill`` ends the worker."""

    now: Callable[[], datetime]
    delivered: list[tuple[ChannelAddress, str, str]] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    answers: list[Receipt] = field(default_factory=list)
    kill: str = ""
    traits = ChannelTraits(
        kind=AddressKind.CANVAS,
        is_private=True,
        is_recallable=False,
        is_idempotent=False,
        leaves_platform=True,
        takes_replies=True,
    )

    def deliver(
        self, notice: Notice, text: str, subject: str, recipient: ChannelAddress, *, sender_id: AdultId
    ) -> Receipt:
        if self.kill == "before":
            raise Killed
        if self.answers:
            return self.answers.pop(0)
        self.delivered.append((recipient, subject, text))
        if self.kill == "after":
            raise Killed
        return Receipt(state=ReceiptState.SENT, at=self.now(), platform_id="77", audience_verified=True)

    def look(self, reference: str, recipient: ChannelAddress, *, sender_id: AdultId) -> Receipt:
        self.looked.append(reference)
        found = any(reference in text for _, _, text in self.delivered)
        state = ReceiptState.SENT if found else ReceiptState.UNKNOWN
        return Receipt(state=state, at=self.now(), reason="" if found else "not_found_there")


class OneRoad:
    """``Roads`` with one fake road for every kind of address."""

    def __init__(self, road: FakeRoad | None) -> None:
        self.road = road

    def of(self, site: Site) -> Mapping[AddressKind, FakeRoad]:
        return {} if self.road is None else {AddressKind.CANVAS: self.road, AddressKind.MAIL: self.road}


@dataclass
class WorkingHouse:
    """The house with sending switched on and a road of its own."""

    house: House
    road: FakeRoad

    def send(self, *, to: str = "elena", child: str = "lucia") -> OutboxItem:
        """Send a note from the case manager; return its item."""
        sent = self.house.caseload("halloran").writing.send(
            self.house.student(child),
            self.house.goal(child),
            Letter(
                parts=(FreeText(text="A word about today.", lang="en"),),
                recipient_ids=frozenset({self.house.adult(to)}),
            ),
            self.house.key(),  # type: ignore[arg-type]
        )
        return sent.items[0]

    def item(self, item: OutboxItem) -> OutboxItem:
        """Return an item as it stands in the store now."""
        store = self.house.wired.store(self.house.wired.doors.sites()[0].id)
        with store.read() as uow:
            found = uow.outbox.item(item.id)
        assert found is not None
        return found


@pytest.fixture
def road(house: House) -> FakeRoad:
    """A road that works."""
    return FakeRoad(now=house.clock)


@pytest.fixture
def working(house: House, road: FakeRoad) -> WorkingHouse:
    """The house, sending live over the fake road."""
    house.wired.settings = replace(house.wired.settings, sending=Sending.LIVE)
    house.wired.roads = OneRoad(road)  # type: ignore[assignment]
    return WorkingHouse(house=house, road=road)
