"""Calendars: counting days by the rules of the field, school and business days, policies, and due dates."""

from __future__ import annotations

from iepcore.calendars.business import BusinessCalendar, federal_holidays
from iepcore.calendars.child_dates import BORN, ChildDates, PlanDates, child_dates
from iepcore.calendars.choices import RANGES, SiteChoices
from iepcore.calendars.counsel import OPEN_QUESTIONS, CounselChoice, CounselQuestion, OpenQuestion
from iepcore.calendars.days import DayUnit, LeapRule, add_days, add_years, attains_age
from iepcore.calendars.deadlines import (
    COUNTDOWN,
    Deadline,
    DeadlineGap,
    DeadlineKind,
    DeadlineRules,
    warned_on,
)
from iepcore.calendars.due import DueDate, DueState, due_dates
from iepcore.calendars.importing import (
    CalendarLine,
    ImportPlan,
    LineKind,
    YearChange,
    plan_import,
    with_rule,
)
from iepcore.calendars.official import OfficialPlan, ProgressCode
from iepcore.calendars.policy import (
    PROTECTS,
    PolicyKey,
    PolicyLevel,
    PolicyProfile,
    PolicyRule,
    Protection,
    profile,
)
from iepcore.calendars.profiles import FEDERAL, FEDERAL_RULES, STATE_RULES, state_profile
from iepcore.calendars.school import WEEKDAYS, SchoolCalendar, Term
from iepcore.calendars.timeline import PLANNED, TimelineEvent, TimelineKind, standing_events
from iepcore.calendars.years import CalendarDay, DayKind, SchoolYear, TermKind, school_calendar

__all__ = [
    "BORN",
    "COUNTDOWN",
    "FEDERAL",
    "FEDERAL_RULES",
    "OPEN_QUESTIONS",
    "PLANNED",
    "PROTECTS",
    "RANGES",
    "STATE_RULES",
    "WEEKDAYS",
    "BusinessCalendar",
    "CalendarDay",
    "CalendarLine",
    "ChildDates",
    "CounselChoice",
    "CounselQuestion",
    "DayKind",
    "DayUnit",
    "Deadline",
    "DeadlineGap",
    "DeadlineKind",
    "DeadlineRules",
    "DueDate",
    "DueState",
    "ImportPlan",
    "LeapRule",
    "LineKind",
    "OfficialPlan",
    "OpenQuestion",
    "PlanDates",
    "PolicyKey",
    "PolicyLevel",
    "PolicyProfile",
    "PolicyRule",
    "ProgressCode",
    "Protection",
    "SchoolCalendar",
    "SchoolYear",
    "SiteChoices",
    "Term",
    "TermKind",
    "TimelineEvent",
    "TimelineKind",
    "YearChange",
    "add_days",
    "add_years",
    "attains_age",
    "child_dates",
    "due_dates",
    "federal_holidays",
    "plan_import",
    "profile",
    "school_calendar",
    "standing_events",
    "state_profile",
    "warned_on",
    "with_rule",
]
