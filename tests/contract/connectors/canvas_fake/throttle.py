"""Canvas' own throttle (``request_throttle.rb``): a leaking bucket per token, 50 for each one under way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

MARK, MOST, LEAK_PER_SECOND, UP_FRONT = 600.0, 800.0, 10.0, 50.0


@dataclass
class _Level:
    at: datetime
    level: float = 0.0
    under_way: int = 0


class Throttle:
    """Not safe between threads: the fake asks it under its own lock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._levels: defaultdict[str, _Level] = defaultdict(lambda: _Level(at=now()))
        self.cost = 0.1
        self.refused = 0
        self.most_under_way = 0

    def begin(self, token: str) -> bool:
        """Take a request in, or refuse it: the twelfth at once is refused whatever it costs."""
        held = self._leaked(token)
        if held.level + UP_FRONT * (held.under_way + 1) >= MARK:
            self.refused += 1
            return False
        held.under_way += 1
        self.most_under_way = max(self.most_under_way, held.under_way)
        return True

    def end(self, token: str) -> None:
        """Give the request's share back and charge what it cost."""
        held = self._leaked(token)
        held.under_way -= 1
        held.level = min(MOST, held.level + self.cost)

    def remaining(self, token: str) -> float:
        """Return what the header says, the shares of the others under way taken off."""
        held = self._leaked(token)
        return MARK - held.level - UP_FRONT * max(0, held.under_way - 1)

    def fill(self, token: str, level: float) -> None:
        """Let a bucket be as full as that."""
        self._leaked(token).level = level

    def _leaked(self, token: str) -> _Level:
        held = self._levels[token]
        passed = (self._now() - held.at).total_seconds()
        held.at = self._now()
        held.level = max(0.0, held.level - passed * LEAK_PER_SECOND)
        return held
