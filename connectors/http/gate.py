"""How many requests may be under way at once: a gate that narrows when the other side is tired.

Canvas counts 50 units for each request under way against a mark of 600 and says what is left in
``X-Rate-Limit-Remaining`` (``request_throttle.rb``): the twelfth at once is refused whatever it asks. One
gate belongs to one token and is shared by everybody who uses it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class InFlightGate:
    """At most ``limit`` at once, between 1 and ``most``; narrows to 1 below ``low_water`` or after a refusal,
    widens by one after ``clean_answers`` good answers in a row.
    """

    def __init__(
        self, *, start: int = 4, most: int = 8, low_water: float = 150.0, clean_answers: int = 20
    ) -> None:
        self._most = most
        self._limit = min(start, most)
        self._low_water = low_water
        self._clean_answers = clean_answers
        self._streak = 0
        self._under_way = 0
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
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify()

    def heard(self, *, remaining: float | None, refused: bool) -> None:
        """Learn from one answer: what the other side says is left, and whether it refused for its rate."""
        with self._changed:
            if refused or (remaining is not None and remaining < self._low_water):
                self._limit, self._streak = 1, 0
                return
            self._streak += 1
            if self._streak >= self._clean_answers:
                self._streak = 0
                self._limit = min(self._limit + 1, self._most)
                self._changed.notify()
