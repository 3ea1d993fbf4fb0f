"""Staff of the site: appointments (a standing for the whole site) and assignments (to one child's team)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, AssignmentId, StudentId


class SiteRole(StrEnum):
    """A standing for the whole site. None of them opens a child's record by itself."""

    RECORDS_OFFICER = "records_officer"
    CASE_MANAGER = "case_manager"
    ADMINISTRATOR = "administrator"
    INTERPRETER = "interpreter"


class StaffRole(StrEnum):
    """The part somebody has on one child's team (the staff rows of the access matrix)."""

    CASE_MANAGER = "case_manager"
    SPECIAL_ED_TEACHER = "special_ed_teacher"
    GEN_ED_TEACHER = "gen_ed_teacher"
    RELATED_SERVICE_PROVIDER = "related_service_provider"
    PARAPROFESSIONAL = "paraprofessional"
    SUBSTITUTE = "substitute"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """An adult's standing for the whole site, given by a records officer or at installation."""

    adult_id: AdultId
    role: SiteRole
    starts_on: date
    appointed_by: AdultId | None
    appointed_at: datetime
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the appointment is in force on ``day`` (both ends included)."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """An adult's part on one child's team, with its window. No current assignment, no access (34 CFR
    99.31(a)(1)). ``stands_in_for`` is whom a substitute replaces: their private notes of the child are open
    to the substitute for that window (34 CFR 99.3(b)(1)).

    Raises:
        InvalidValue: ``dates_reversed``, ``substitute_only`` when somebody else stands in, ``version_range``.
    """

    id: AssignmentId
    adult_id: AdultId
    student_id: StudentId
    role: StaffRole
    starts_on: date
    assigned_by: AdultId
    assigned_at: datetime
    ends_on: date | None = None
    stands_in_for: AdultId | None = None
    version: int = 1

    def __post_init__(self) -> None:
        if self.stands_in_for is not None and self.role is not StaffRole.SUBSTITUTE:
            raise InvalidValue("substitute_only", field="stands_in_for")
        # A place taken back on the day it was given ends the day before: an empty window, kept in the
        # history.
        if self.ends_on is not None and self.ends_on < self.starts_on - timedelta(days=1):
            raise InvalidValue("dates_reversed", field="ends_on")
        if self.version < 1:
            raise InvalidValue("version_range", field="version")

    def holds_on(self, day: date) -> bool:
        """Tell whether the assignment is in force on ``day`` (both ends included)."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
