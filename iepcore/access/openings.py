"""Break-glass: the office opens a record outside any assignment, with a typed reason, for a short while.

It is in the trail, and the case manager is told (domain guide section 4, administrator: "break-glass is
logged").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from iepcore.access.disclosures import check_words
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, BreakGlassId, ClientKey, StudentId

OPEN_MINUTES = 60
"""How long an opening lasts unless it is closed before (product default)."""
LONGEST_HOURS = 8
SHORTEST_REASON = 12


class OpeningReason(StrEnum):
    """What sort of reason it is; the words say the rest."""

    EMERGENCY = "emergency"
    RECORD_REQUEST = "record_request"
    COMPLAINT = "complaint"
    COVER = "cover"
    """Nobody of the team can be reached."""
    SECURITY = "security"
    """Looking into a misuse: never shown to families, and told to nobody who may be part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """One opening of one child's record by one adult, from ``opened_at`` to before ``until``.

    ``seen_by`` is the case manager who took note.

    Raises:
        InvalidValue: ``opening_words`` (12 to 500 characters), ``opening_window`` (at most 8 hours),
            ``version_range``.
    """

    id: BreakGlassId
    student_id: StudentId
    adult_id: AdultId
    why: OpeningReason
    words: str
    opened_at: datetime
    until: datetime
    client_key: ClientKey
    closed_at: datetime | None = None
    seen_by: AdultId | None = None
    seen_at: datetime | None = None
    version: int = 1

    def __post_init__(self) -> None:
        check_words(self.words, "opening_words", "words", least=SHORTEST_REASON)
        if not timedelta(0) < self.until - self.opened_at <= timedelta(hours=LONGEST_HOURS):
            raise InvalidValue("opening_window", field="until")
        if self.version < 1:
            raise InvalidValue("version_range", field="version")

    def holds_at(self, now: datetime) -> bool:
        """Tell whether the record is open to the adult at that moment."""
        return self.closed_at is None and self.opened_at <= now < self.until
