"""A service as a plan promises it: how often, how long, for whom it is (34 CFR 300.320(a)(4), (a)(7))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, ServiceId, StudentId

MOST_TIMES = 60
MOST_MINUTES = 600


class Delivery(StrEnum):
    """With the child, or with staff about the child. Consultation never counts as minutes of the child."""

    DIRECT = "direct"
    CONSULT = "consult"


class Interval(StrEnum):
    """What a frequency is counted in."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePrescription:
    """``frequency`` sessions of ``minutes`` in each interval, from ``begins_on`` to ``ends_on``, both
    included.

    ``service`` is what is given, as the plan words it; ``is_extended_year`` lays it on the ESY calendar.
    ``line_id`` joins the prescriptions of one service that follow each other through amendments: a week
    belongs to the one in force on its first school day.

    Raises:
        InvalidValue: ``service_empty``, ``frequency_range`` (1 to 60), ``minutes_range`` (1 to 600),
            ``service_order`` when it ends before it begins.
    """

    id: ServiceId
    line_id: ServiceId
    student_id: StudentId
    service: str
    delivery: Delivery
    frequency: int
    interval: Interval
    minutes: int
    begins_on: date
    ends_on: date
    setting: str = ""
    in_group: bool = False
    is_extended_year: bool = False
    provider_id: AdultId | None = None

    def __post_init__(self) -> None:
        if not self.service.strip() or len(self.service) > 200:
            raise InvalidValue("service_empty", field="service")
        if not 1 <= self.frequency <= MOST_TIMES:
            raise InvalidValue("frequency_range", field="frequency", params={"most": MOST_TIMES})
        if not 1 <= self.minutes <= MOST_MINUTES:
            raise InvalidValue("minutes_range", field="minutes", params={"most": MOST_MINUTES})
        if self.ends_on < self.begins_on:
            raise InvalidValue("service_order", field="ends_on")

    @property
    def minutes_per_interval(self) -> int:
        """Minutes promised in one whole week or month."""
        return self.frequency * self.minutes

    def is_in_force(self, day: date) -> bool:
        """Whether a day lies in the service's window."""
        return self.begins_on <= day <= self.ends_on
