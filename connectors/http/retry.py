"""The retry law of reads: full jitter, the other side's own wish first, and an end."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Clocks and dice, given from outside. ``monotonic`` and ``sleep`` in seconds, ``draw`` in [0, 1)."""

    now: Callable[[], datetime] = _now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    draw: Callable[[], float] = field(default_factory=lambda: random.SystemRandom().random)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryLaw:
    """How often a read is tried and how long it waits between, in seconds."""

    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 30.0

    def wait(self, attempt: int, *, asked: float | None, draw: Callable[[], float]) -> float | None:
        """Return the seconds to wait after attempt number ``attempt`` (from 1), or None to give up.

        Full jitter (Brooker 2015): anything between nothing and the doubled bound. A wait that the other side
        asked for is kept and the jitter put on top; one longer than ``longest_wait`` is not waited for.
        """
        if attempt >= self.attempts or (asked is not None and asked > self.longest_wait):
            return None
        jitter = draw() * min(self.longest_wait, self.first_wait * 2.0 ** (attempt - 1))
        return float((asked or 0.0) + jitter)


def read_retry_after(value: str | None, *, now: datetime) -> float | None:
    """Return the seconds a ``Retry-After`` header asks for (RFC 9110, 10.2.3: seconds or a date), or None."""
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())
