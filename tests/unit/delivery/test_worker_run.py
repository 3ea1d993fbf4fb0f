"""The worker's long run: a store that is away is waited for, a broken round ends nothing, logs hold codes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest

from iepcore.errors import Busy, IepError
from lti_app.delivery import worker
from lti_app.delivery.worker import Round, Worker
from tests.unit.screens.conftest import House


class Scripted(Worker):
    """A worker whose rounds are told beforehand; the last one tells it to stop."""

    def __init__(self, place: object, stop: threading.Event, steps: list[Callable[[], Round]]) -> None:
        super().__init__(place)  # type: ignore[arg-type]
        self._stop = stop
        self._steps = steps
        self.swept = 0

    def round(self) -> Round:
        step = self._steps.pop(0)
        if not self._steps:
            self._stop.set()
        return step()

    def sweep(self) -> None:
        self.swept += 1


def failing(error: Exception) -> Callable[[], Round]:
    """Return a round that fails."""

    def step() -> Round:
        raise error

    return step


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting is not what is tested here."""
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.0)


def test_a_run_goes_on_after_a_store_that_was_away(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Locked, then a round that broke, then work again: three lines of life, no end before the word."""
    caplog.set_level(logging.INFO, logger="lti_app.delivery")
    stop = threading.Event()
    steps = [
        failing(Busy("store_locked")),
        failing(IepError("store_failed")),
        lambda: Round(delivered=1),
        Round,
    ]
    run = Scripted(house.wired, stop, steps)

    run.run(stop)

    assert [] == run._steps
    assert ["worker waits: store_locked", "round failed: store_failed"] == [
        record.getMessage() for record in caplog.records
    ]


def test_housekeeping_is_done_at_the_first_good_round_and_then_seldom(house: House) -> None:
    """A failed round does not count; the next hundreds of rounds do not sweep again."""
    stop = threading.Event()
    steps = [failing(Busy("store_locked")), *([Round] * (worker.HOUSEKEEPING_ROUNDS + 1))]
    run = Scripted(house.wired, stop, steps)

    run.run(stop)

    assert 2 == run.swept


def test_a_stopped_worker_does_no_round(house: House) -> None:
    """Told to stop before it began, it touches nothing."""
    stop = threading.Event()
    stop.set()
    run = Scripted(house.wired, stop, [failing(AssertionError("no round was wanted"))])

    run.run(stop)

    assert 1 == len(run._steps)


def test_a_defect_of_ours_ends_the_worker(house: House) -> None:
    """What nobody foresaw is not swallowed: the process ends and its supervisor sees it."""
    stop = threading.Event()
    run = Scripted(house.wired, stop, [failing(ZeroDivisionError()), Round])

    with pytest.raises(ZeroDivisionError):
        run.run(stop)
