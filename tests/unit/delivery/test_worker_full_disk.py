"""A disk that is full at the worst moment: after sending and before it could be written down."""

from __future__ import annotations

import pytest

from iepcore.caseload import DeliveryDesk
from iepcore.caseload.delivering import LEASE_SECONDS
from iepcore.errors import Busy
from iepcore.notices import OutboxState
from lti_app.delivery.worker import Worker
from tests.unit.delivery.conftest import WorkingHouse


def test_what_left_and_could_not_be_written_down_is_looked_up(
    working: WorkingHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays leased, becomes unknown when the lease runs out, is found there, and is not sent again."""
    item = working.send()
    worker = Worker(working.house.wired)
    with monkeypatch.context() as full:

        def refuse(self: DeliveryDesk, *args: object) -> None:
            raise Busy("database_full")

        full.setattr(DeliveryDesk, "settle", refuse)
        with pytest.raises(Busy):
            worker.round()
    assert OutboxState.LEASED is working.item(item).state
    worker.round()
    assert OutboxState.LEASED is working.item(item).state

    working.house.clock.forward(seconds=LEASE_SECONDS)
    done = worker.round()

    assert (1, OutboxState.SENT) == (done.looked, working.item(item).state)
    assert 1 == len(working.road.delivered)
