"""Disabled people and legal holds in memory."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Sequence

from iepcore.ids import AdultId, HoldId, StudentId
from iepcore.memory.rows import MemoryRows
from iepcore.people import LegalHold, Suspension


class MemoryKeeping:
    """``KeepingRepository`` over one unit of work."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows

    def add_suspension(self, suspension: Suspension) -> None:
        self._rows.add(suspension)

    def save_suspension(self, suspension: Suspension) -> None:
        self._rows.save(suspension, version=suspension.version)

    def suspension_of(self, adult_id: AdultId) -> Suspension | None:
        found = self._rows.all(Suspension, lambda one: one.adult_id == adult_id and one.is_in_force)
        return next(iter(found), None)

    def suspensions(self) -> Sequence[Suspension]:
        return self._rows.all(Suspension, order=lambda one: one.starts_at)

    def add_hold(self, hold: LegalHold) -> None:
        self._rows.add(hold)

    def save_hold(self, hold: LegalHold) -> None:
        self._rows.save(hold, version=hold.version)

    def hold(self, hold_id: HoldId) -> LegalHold | None:
        return self._rows.get(LegalHold, hold_id)

    def holds(self) -> Sequence[LegalHold]:
        return self._rows.all(LegalHold, order=lambda one: one.placed_at)

    def holds_on(self, student_id: StudentId) -> Sequence[LegalHold]:
        return tuple(one for one in self.holds() if one.is_in_force and one.student_id in (None, student_id))
