"""Builders of school years, choices and children's dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from iepcore.calendars import (
    CalendarDay,
    CounselChoice,
    CounselQuestion,
    DayKind,
    DayUnit,
    OfficialPlan,
    PolicyKey,
    PolicyLevel,
    PolicyRule,
    ProgressCode,
    SchoolYear,
    SiteChoices,
    TermKind,
    TimelineEvent,
    TimelineKind,
)
from iepcore.ids import SchoolYearId, StudentId, TimelineEventId, new_uuid7
from iepcore.progress import FindingWord
from iepcore.testing.people_values import NOW, TODAY, a_key, an_adult


def a_year(**changes: Any) -> SchoolYear:
    """The school year 2026-27 with a break, a snow day and two report cards."""
    year = SchoolYear(
        id=SchoolYearId(new_uuid7()),
        kind=TermKind.YEAR,
        name="2026-27",
        first_day=date(2026, 8, 31),
        last_day=date(2027, 6, 11),
        days=(
            CalendarDay(day=date(2026, 11, 26), kind=DayKind.NO_SCHOOL, name="Thanksgiving"),
            CalendarDay(day=date(2027, 1, 12), kind=DayKind.CLOSED, name="Snow"),
            CalendarDay(day=date(2027, 1, 22), kind=DayKind.REPORT_CARD),
            CalendarDay(day=date(2027, 5, 1), kind=DayKind.EXTRA),
            CalendarDay(day=date(2027, 6, 11), kind=DayKind.REPORT_CARD),
        ),
        changed_at=NOW,
    )
    return replace(year, **changes)


def a_rule(**changes: Any) -> PolicyRule:
    """A district that evaluates within 50 days."""
    rule = PolicyRule(
        key=PolicyKey.INITIAL_EVALUATION,
        value=50,
        unit=DayUnit.CALENDAR,
        anchor="consent_received",
        citation="District procedures 4.2",
        level=PolicyLevel.DISTRICT,
        effective_from=date(2026, 7, 1),
    )
    return replace(rule, **changes)


def some_choices(**changes: Any) -> SiteChoices:
    """Choices of a district with a system of its own, as they were first saved."""
    choices = SiteChoices(
        official_plan=OfficialPlan(
            name="Frontline",
            link="https://plans.example.org/login",
            codes=(ProgressCode(word=FindingWord.ON_TRACK, code="SP"),),
            text_limit=1000,
        ),
        changed_at=NOW,
        version=1,
    )
    return replace(choices, **changes)


def full_choices(**changes: Any) -> SiteChoices:
    """Choices with every field changed."""
    choices = SiteChoices(
        state="CA",
        rules=(a_rule(), a_rule(key=PolicyKey.ATTEMPTS, value=4, unit=None, is_checked=False, note="x")),
        state_holidays=frozenset({date(2027, 3, 31), date(2026, 11, 27)}),
        official_plan=None,
        student_voice=True,
        staff_names_shown=True,
        minutes_days=10,
        reply_days=1,
        quiet_days=21,
        counsel=(
            CounselChoice(
                question=CounselQuestion.LEAP_BIRTHDAY, answer="mar1", decided_on=TODAY, note="Letter of May"
            ),
        ),
        changed_at=NOW,
        changed_by=an_adult().id,
        version=2,
    )
    return replace(choices, **changes)


def a_date(student_id: StudentId, **changes: Any) -> TimelineEvent:
    """The day of a child's last annual review."""
    event = TimelineEvent(
        id=TimelineEventId(new_uuid7()),
        student_id=student_id,
        kind=TimelineKind.ANNUAL_REVIEW,
        dated_on=TODAY,
        recorded_by=an_adult().id,
        recorded_at=NOW,
        client_key=a_key(),
    )
    return replace(event, **changes)
