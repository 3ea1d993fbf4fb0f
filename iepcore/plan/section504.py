"""A plan under section 504: accommodations by civil-rights law, another kind of plan with other rules (34 CFR
104.33 to 104.36).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from iepcore.calendars import Deadline, DeadlineRules
from iepcore.errors import InvalidValue
from iepcore.ids import StudentId
from iepcore.language import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class Section504Plan:
    """One plan. It promises no special education, so it has no minutes; ``evaluated_on`` is what its periodic
    reevaluation counts from, its first day where no later evaluation is known.

    Raises:
        InvalidValue: ``plan_504_empty`` without an accommodation, ``plan_order`` when it ends before it
            begins.
    """

    student_id: StudentId
    begins_on: date
    accommodations: tuple[FreeText, ...]
    evaluated_on: date | None = None
    ended_on: date | None = None

    def __post_init__(self) -> None:
        if not self.accommodations:
            raise InvalidValue("plan_504_empty", field="accommodations")
        if self.ended_on is not None and self.ended_on < self.begins_on:
            raise InvalidValue("plan_order", field="ended_on")

    def is_in_force(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.begins_on <= day and (self.ended_on is None or day <= self.ended_on)

    def reevaluation(self, rules: DeadlineRules) -> Deadline:
        """D20: when the periodic reevaluation is due; no federal period, three years are our own."""
        return rules.section_504(self.evaluated_on or self.begins_on)
