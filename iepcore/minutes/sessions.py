"""What became of one session: one line per child, in minutes (domain guide 2.6).

A session of a group is as many lines as it has children, each with the whole time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import ServiceId, SessionId, StudentId

LONGEST = 600


class MissedReason(StrEnum):
    """Why minutes of a session were not given: the nine codes."""

    PROVIDER_ABSENT = "provider_absent"
    PROVIDER_VACANCY = "provider_vacancy"
    PARTIAL_PROVIDER = "partial_provider"
    SCHOOL_ACTIVITY = "school_activity"
    PARTIAL_SCHOOL_ACTIVITY = "partial_school_activity"
    STUDENT_ABSENT = "student_absent"
    SCHOOL_CLOSED = "school_closed_unscheduled"
    STUDENT_REFUSED = "student_refused"
    FAMILY_CANCELLED = "family_cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLog:
    """One session of one child: ``scheduled`` and ``delivered`` minutes, and why the rest was missed.

    A make-up names the session it replaces (``makes_up``) and has nothing scheduled of its own. ``reason``
    None with less delivered than scheduled means that nobody wrote down why.

    Raises:
        InvalidValue: ``minutes_range`` (0 to 600), ``delivered_over_scheduled``, ``reason_without_miss``,
            ``makeup_scheduled``, ``makeup_of_itself``.
    """

    id: SessionId
    student_id: StudentId
    service_line_id: ServiceId
    on: date
    scheduled: int
    delivered: int
    reason: MissedReason | None = None
    makes_up: SessionId | None = None

    def __post_init__(self) -> None:
        for minutes, field in ((self.scheduled, "scheduled"), (self.delivered, "delivered")):
            if not 0 <= minutes <= LONGEST:
                raise InvalidValue("minutes_range", field=field, params={"most": LONGEST})
        if self.makes_up is not None:
            if self.scheduled:
                raise InvalidValue("makeup_scheduled", field="scheduled")
            if self.makes_up == self.id:
                raise InvalidValue("makeup_of_itself", field="makes_up")
        elif self.delivered > self.scheduled:
            raise InvalidValue("delivered_over_scheduled", field="delivered")
        if self.reason is not None and not self.missed:
            raise InvalidValue("reason_without_miss", field="reason")

    @property
    def missed(self) -> int:
        """Minutes that were scheduled and not given; a make-up misses none."""
        return 0 if self.makes_up is not None else self.scheduled - self.delivered
