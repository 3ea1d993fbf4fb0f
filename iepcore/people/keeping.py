"""What keeps a person out and a record in: disabled people, and legal holds. Neither deletes anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, HoldId, StudentId, SuspensionId

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """One time during which an adult is disabled: no door opens, nothing is sent to them or for them.

    ``by_id`` and ``ended_by`` are None when it was done from the command line. ``reason`` may be empty.

    Raises:
        InvalidValue: ``reason_form`` (a line of at most 200 characters), ``dates_reversed``,
            ``version_range``.
    """

    id: SuspensionId
    adult_id: AdultId
    starts_at: datetime
    reason: str = ""
    by_id: AdultId | None = None
    ended_at: datetime | None = None
    ended_by: AdultId | None = None
    version: int = 1

    def __post_init__(self) -> None:
        _check_reason(self.reason, may_be_empty=True)
        _check_window(self.starts_at, self.ended_at, self.version)

    @property
    def is_in_force(self) -> bool:
        """Tell whether the adult is disabled by it now."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """A duty to keep: while it is in force, nothing of the child's record is destroyed (of any child's, when
    ``student_id`` is None).

    Raises:
        InvalidValue: ``reason_form`` (a line of 1 to 200 characters), ``dates_reversed``, ``version_range``.
    """

    id: HoldId
    student_id: StudentId | None
    reason: str
    placed_at: datetime
    placed_by: AdultId | None = None
    lifted_at: datetime | None = None
    lifted_by: AdultId | None = None
    version: int = 1

    def __post_init__(self) -> None:
        _check_reason(self.reason, may_be_empty=False)
        _check_window(self.placed_at, self.lifted_at, self.version)

    @property
    def is_in_force(self) -> bool:
        """Tell whether it stops deletion now."""
        return self.lifted_at is None


def _check_reason(reason: str, *, may_be_empty: bool) -> None:
    is_empty = not reason.strip()
    if len(reason) > LONGEST_REASON or not reason.isprintable() or (is_empty and not may_be_empty):
        raise InvalidValue("reason_form", field="reason")


def _check_window(start: datetime, end: datetime | None, version: int) -> None:
    if end is not None and end < start:
        raise InvalidValue("dates_reversed", field="end")
    if version < 1:
        raise InvalidValue("version_range", field="version")
