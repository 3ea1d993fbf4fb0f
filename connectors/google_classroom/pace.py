"""How fast we ask Google: 15 a second for one person, 40 a second for the whole project.

Google counts 1,200 a minute per user and 3,000 per project ("Usage limits", Classroom API, read 2026-11): 20
and 50 a second, over a moving minute. We stay a quarter and a fifth below: others may use the same project.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.http import Timing

PER_USER, PER_PROJECT = 15.0, 40.0
"""Requests per second."""
BURST_SECONDS = 1.0
"""So much of a second's worth may go at once after a rest."""
REFUSED_SECONDS = 2.0
"""So long nobody asks in this name after a refusal for the rate."""


class _Bucket:
    """Hands out moments, evenly spaced once the burst is spent (the generic cell rate algorithm, ATM Forum
    TM 4.0): arithmetic on one number, no thread that refills."""

    def __init__(self, rate: float) -> None:
        self._step = 1.0 / rate
        self._slack = BURST_SECONDS - self._step
        self._next = 0.0

    def take(self, now: float) -> float:
        """Return how many seconds from ``now`` the next request may go, and take that moment."""
        wait = max(0.0, self._next - self._slack - now)
        self._next = max(self._next, now) + self._step
        return wait

    def rest(self, until: float) -> None:
        """Let nothing go before ``until``, and nothing at once then."""
        self._next = max(self._next, until + self._slack)


class Pace:
    """The pace of one project within this process; ``of`` is the gate of one person."""

    def __init__(
        self,
        *,
        per_user: float = PER_USER,
        per_project: float = PER_PROJECT,
        timing: Timing | None = None,
    ) -> None:
        self._timing = timing or Timing()
        self._per_user = per_user
        self._project = _Bucket(per_project)
        self._users: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def of(self, user: str) -> PersonsPace:
        """Return the gate of one person, shared by everybody who asks in that name."""
        with self._lock:
            self._users.setdefault(user, _Bucket(self._per_user))
        return PersonsPace(self, user)

    def take(self, user: str) -> None:
        """Wait until a request may go."""
        with self._lock:
            now = self._timing.monotonic()
            wait = max(self._users[user].take(now), self._project.take(now))
        if wait > 0:
            self._timing.sleep(wait)

    def refused(self, user: str, wait_seconds: float | None = None) -> None:
        """Hear of a refusal for the rate: somebody else spends from the same quota."""
        rest = max(REFUSED_SECONDS, wait_seconds or 0.0)
        with self._lock:
            self._users[user].rest(self._timing.monotonic() + rest)


class PersonsPace:
    """A ``connectors.http.Gate``: how many are under way is no matter here, how often they start is."""

    def __init__(self, pace: Pace, user: str) -> None:
        self._pace = pace
        self._user = user

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn."""
        self._pace.take(self._user)
        yield

    def heard(self, *, remaining: float | None, refused: bool, wait_seconds: float | None = None) -> None:
        """Learn from one answer."""
        if refused:
            self._pace.refused(self._user, wait_seconds)
