"""How many requests may be under way at once: a gate that narrows when the other side is tired.

Canvas fills a bucket of 600 for each token: what a request costs, and 50 for each request under way, given
back at its end; 10 leak out each second. It says what room is left in ``X-Rate-Limit-Remaining``, our own
other requests under way already taken off (``request_throttle.rb``): the twelfth at once is refused whatever
it asks. One gate belongs to one token and is shared by everybody who uses it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.http.retry import Timing


class InFlightGate:
    """At most ``limit`` at once, between 1 and ``most``.

    After each answer that says what is left, the limit falls to as many as fit at ``each`` units with
    ``low_water`` units to spare, without our own that are counted in it already; and where not two more would
    fit, nobody starts before enough has leaked out (``leak`` units a second). After a refusal the limit is 1,
    and nobody starts before the wait is over. It widens by one after ``clean_answers`` good answers in a row.
    Without a ``timing`` it only counts, and nobody waits for a time.
    """

    def __init__(
        self,
        *,
        start: int = 4,
        most: int = 8,
        low_water: float = 150.0,
        each: float = 50.0,
        leak: float = 10.0,
        clean_answers: int = 20,
        timing: Timing | None = None,
    ) -> None:
        self._most = most
        self._limit = min(start, most)
        self._low_water = low_water
        self._each = each
        self._leak = leak
        self._clean_answers = clean_answers
        self._timing = timing
        self._streak = 0
        self._under_way = 0
        self._shut_until = 0.0
        self._changed = threading.Condition()

    @property
    def limit(self) -> int:
        """How many may be under way now."""
        return self._limit

    @property
    def under_way(self) -> int:
        """How many are under way now."""
        return self._under_way

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, hold it, give it back."""
        with self._changed:
            self._changed.wait_for(lambda: self._under_way < self._limit)
            self._under_way += 1
            shut_until = self._shut_until
        try:
            if self._timing is not None and (wait := shut_until - self._timing.monotonic()) > 0:
                self._timing.sleep(wait)
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify()

    def heard(self, *, remaining: float | None, refused: bool, wait_seconds: float | None = None) -> None:
        """Learn from one answer, before its turn is given back: what the other side says is left, whether it
        refused for its rate, and for how long."""
        with self._changed:
            fit = self._fit(remaining)
            if refused or fit < self._limit:
                self._limit, self._streak = 1 if refused else fit, 0
            else:
                self._streak += 1
            wait = (wait_seconds or 0.0) if refused else self._dry(remaining)
            if self._timing is not None and wait > 0:
                self._shut_until = max(self._shut_until, self._timing.monotonic() + wait)
            if self._streak >= self._clean_answers:
                self._streak = 0
                self._limit = min(self._limit + 1, fit)
                self._changed.notify()

    def _dry(self, remaining: float | None) -> float:
        """Return the seconds until two more requests would fit."""
        return 0.0 if remaining is None else (2 * self._each - remaining) / self._leak

    def _fit(self, remaining: float | None) -> int:
        """Return how many fit under what is left, from 1 to ``most``."""
        if remaining is None:
            return self._most
        others = max(0, self._under_way - 1)
        fit = (remaining + self._each * others - self._low_water) // self._each
        return int(max(1, min(fit, self._most)))
