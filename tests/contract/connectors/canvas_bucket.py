"""Canvas' throttle as its server code has it (``request_throttle.rb``), one bucket for one token."""

from __future__ import annotations

HIGH_WATER, MOST, LEAK_PER_SECOND, UP_FRONT = 600.0, 800.0, 10.0, 50.0


class CanvasBucket:
    """Fills with what requests cost and with 50 for each under way, leaks 10 a second, refuses when full.

    The caller says what time it is (seconds) and holds a lock where several threads use it.
    """

    def __init__(self) -> None:
        self.level = 0.0
        self.refused = 0
        self._at = 0.0

    def enter(self, now: float) -> bool:
        """A request comes in and holds its fifty; tell whether it is let in. It leaves in any case."""
        self.add(UP_FRONT, now)
        if self.level >= HIGH_WATER:
            self.refused += 1
            return False
        return True

    def leave(self, cost: float, now: float) -> float:
        """It goes, gives the fifty back and pays its cost; return ``X-Rate-Limit-Remaining``."""
        self.add(cost - UP_FRONT, now)
        return HIGH_WATER - self.level

    def add(self, amount: float, now: float) -> None:
        """Let leak what has leaked since, then add."""
        leaked = max(0.0, now - self._at) * LEAK_PER_SECOND
        self._at = max(self._at, now)
        self.level = min(MOST, max(0.0, self.level - leaked) + amount)
