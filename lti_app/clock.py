"""The site's clock: aware UTC instants, and the school's own date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteClock:
    """``iepcore.ports.Clock`` for one site. ``source`` gives aware UTC instants (a test may stop it)."""

    zone: ZoneInfo
    source: Callable[[], datetime]

    def now(self) -> datetime:
        """Return this instant."""
        return self.source()

    def today(self) -> date:
        """Return the school's date."""
        return self.source().astimezone(self.zone).date()
