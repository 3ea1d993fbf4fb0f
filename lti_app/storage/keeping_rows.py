"""Disabled people and legal holds in SQL."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from iepcore.ids import AdultId, HoldId, StudentId
from iepcore.people import LegalHold, Suspension
from lti_app.storage import keeping_tables as t
from lti_app.storage.site_rows import Mapped, SiteRows, found_by

SUSPENSIONS = Mapped(t.suspension, Suspension)
HOLDS = Mapped(t.legal_hold, LegalHold)
_SUSPENSION_OF = found_by(SUSPENSIONS, "adult_id", only=t.suspension.c.ended_at.is_(None))
"""Every launch asks it, so it is compiled once."""


class KeepingRows:
    """``KeepingRepository`` over one transaction."""

    def __init__(self, rows: SiteRows) -> None:
        self._rows = rows

    def add_suspension(self, suspension: Suspension) -> None:
        self._rows.add(SUSPENSIONS, suspension)

    def save_suspension(self, suspension: Suspension) -> None:
        self._rows.save(SUSPENSIONS, suspension, version=suspension.version)

    def suspension_of(self, adult_id: AdultId) -> Suspension | None:
        return next(iter(self._rows.find(SUSPENSIONS, _SUSPENSION_OF, adult_id=adult_id)), None)

    def suspensions(self) -> Sequence[Suspension]:
        return self._rows.all(SUSPENSIONS, order=(t.suspension.c.starts_at,))

    def add_hold(self, hold: LegalHold) -> None:
        self._rows.add(HOLDS, hold)

    def save_hold(self, hold: LegalHold) -> None:
        self._rows.save(HOLDS, hold, version=hold.version)

    def hold(self, hold_id: HoldId) -> LegalHold | None:
        return self._rows.one(HOLDS, t.legal_hold.c.id == hold_id)

    def holds(self) -> Sequence[LegalHold]:
        return self._rows.all(HOLDS, order=(t.legal_hold.c.placed_at,))

    def holds_on(self, student_id: StudentId) -> Sequence[LegalHold]:
        c = t.legal_hold.c
        about = sa.or_(c.student_id == student_id, c.student_id.is_(None))
        return self._rows.all(HOLDS, c.lifted_at.is_(None), about, order=(c.placed_at,))
