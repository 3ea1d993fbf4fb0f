"""Calendars: counting days by the rules of the field, school and business days, policies, and due dates."""

from __future__ import annotations

from iepcore.calendars.business import BusinessCalendar, federal_holidays
from iepcore.calendars.days import DayUnit, LeapRule, add_days, add_years, attains_age
from iepcore.calendars.deadlines import (
    COUNTDOWN,
    Deadline,
    DeadlineGap,
    DeadlineKind,
    DeadlineRules,
    warned_on,
)
from iepcore.calendars.policy import (
    PolicyKey,
    PolicyLevel,
    PolicyProfile,
    PolicyRule,
    Protection,
    profile,
)
from iepcore.calendars.profiles import FEDERAL, FEDERAL_RULES, STATE_RULES, state_profile
from iepcore.calendars.school import WEEKDAYS, SchoolCalendar, Term

__all__ = [
    "COUNTDOWN",
    "FEDERAL",
    "FEDERAL_RULES",
    "STATE_RULES",
    "WEEKDAYS",
    "BusinessCalendar",
    "DayUnit",
    "Deadline",
    "DeadlineGap",
    "DeadlineKind",
    "DeadlineRules",
    "LeapRule",
    "PolicyKey",
    "PolicyLevel",
    "PolicyProfile",
    "PolicyRule",
    "Protection",
    "SchoolCalendar",
    "Term",
    "add_days",
    "add_years",
    "attains_age",
    "federal_holidays",
    "profile",
    "state_profile",
    "warned_on",
]
