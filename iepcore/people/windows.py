"""A window: parts of one child's record, opened to one named adult from one moment to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AccessWindowId, AdultId, StudentId

LONGEST_LINE = 300


class WindowKind(StrEnum):
    """Why somebody who is neither staff of the child nor family may look for a while."""

    MEETING = "meeting"
    """An interpreter reads the papers of a meeting around its time (34 CFR 99.31(a)(1)(i)(B))."""
    CONSENT = "consent"
    """An advocate or agency reads what a signed consent lists (34 CFR 99.30, 300.622)."""


class WindowPart(StrEnum):
    """What a window may open. The matrix gives these two and no other."""

    PLAN = "plan"
    GOALS = "goals"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessWindow:
    """One opening for one adult. ``basis`` names the meeting or the signed paper, ``purpose`` says what for;
    ``agreed_by`` is the adult who signed a consent. ``ended_at`` closes it before its time.

    Raises:
        InvalidValue: ``basis_empty``, ``purpose_empty``, ``too_long``, ``dates_reversed``,
            ``nothing_listed``, ``signer_missing`` (a consent without who signed), ``version_range``.
    """

    id: AccessWindowId
    student_id: StudentId
    adult_id: AdultId
    kind: WindowKind
    opens_at: datetime
    closes_at: datetime
    parts: frozenset[WindowPart]
    basis: str
    purpose: str
    noted_by: AdultId
    noted_at: datetime
    agreed_by: AdultId | None = None
    ended_at: datetime | None = None
    version: int = 1

    def __post_init__(self) -> None:
        for name, text in (("basis", self.basis), ("purpose", self.purpose)):
            if not text.strip():
                raise InvalidValue(f"{name}_empty", field=name)
            if len(text) > LONGEST_LINE:
                raise InvalidValue("too_long", field=name, params={"limit": LONGEST_LINE})
        if self.closes_at <= self.opens_at:
            raise InvalidValue("dates_reversed", field="closes_at")
        if not self.parts:
            raise InvalidValue("nothing_listed", field="parts")
        if self.kind is WindowKind.CONSENT and self.agreed_by is None:
            raise InvalidValue("signer_missing", field="agreed_by")
        if self.version < 1:
            raise InvalidValue("version_range", field="version")

    @property
    def last_moment(self) -> datetime:
        """Return the moment after which nothing is open any more."""
        return self.closes_at if self.ended_at is None else min(self.closes_at, self.ended_at)

    def is_open_at(self, moment: datetime) -> bool:
        """Tell whether it is open at a moment: the first is inside, the last is not."""
        return self.opens_at <= moment < self.last_moment
