"""The demonstration's school year, choices and dates, so that Today shows due dates of every nearness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from iepcore.calendars import (
    CalendarDay,
    CounselChoice,
    CounselQuestion,
    DayKind,
    SchoolYear,
    TermKind,
    TimelineEvent,
    TimelineKind,
)
from iepcore.ids import AdultId, ClientKey, SchoolYearId, StudentId, TimelineEventId
from iepcore.language import FreeText
from iepcore.ports import UnitOfWork
from lti_app.demo.caseload import Calendar, children, demo_id

_DAY = timedelta(days=1)
_K = TimelineKind

_DATES: tuple[tuple[str, TimelineKind, int, str], ...] = (
    ("theo", _K.EVALUATED, -3 * 365 + 5, ""),
    ("tess", _K.EVALUATED, -3 * 365 - 4, "The psychologist’s part is late; the family knows."),
    ("ivo", _K.EVALUATED, -700, ""),
    ("maya", _K.EVALUATED, -420, ""),
    ("maya", _K.SAFEGUARDS_GIVEN, -30, "With the invitation to the review."),
    ("callum", _K.EVALUATED, -3 * 365 + 62, ""),
    ("luca", _K.EVALUATED, -500, ""),
    ("luca", _K.MEETING_PLANNED, 12, "By video, at four in the afternoon."),
    ("parwana", _K.EVALUATED, -380, ""),
    ("parwana", _K.SURROGATE_NEEDED, -30, ""),
    ("parwana", _K.SURROGATE_ASSIGNED, -25, ""),
    ("lucia", _K.REFERRED, -70, "The teacher asked after the first weeks."),
    ("lucia", _K.EVALUATION_CONSENT, -57, ""),
    ("ezra", _K.EVALUATED, -200, ""),
    ("bao", _K.EVALUATED, -900, ""),
    ("devin", _K.EVALUATED, -640, ""),
    ("amara", _K.EVALUATED, -300, ""),
)
"""Child, what, days from today, a note."""


def add_calendar(uow: UnitOfWork, calendar: Calendar, manager: AdultId) -> None:
    """Write the school year, the next ESY, one answer of counsel, birthdays and dates."""
    officer = AdultId(demo_id("adult", "ames"))
    for year in _years(calendar, officer):
        uow.calendars.add_year(year)
    held = uow.calendars.choices()
    decided = CounselChoice(
        question=CounselQuestion.SESSION_LOGS,
        answer="family_sees",
        decided_on=calendar.today - 40 * _DAY,
        note="Counsel’s letter of last month",
    )
    uow.calendars.add_choices(
        replace(
            held,
            counsel=(decided,),
            changed_at=calendar.at(calendar.today - _DAY),
            changed_by=officer,
            version=held.version + 1,
        )
    )
    known = {row["key"]: StudentId(demo_id("student", row["key"])) for row in children()}
    for place, row in enumerate(children()):
        student = uow.people.student(known[row["key"]])
        if student is not None and student.born_on is None and row["key"] != "hollis":
            born_on = _born(row["grade"], place, calendar.today)
            uow.people.save_student(replace(student, born_on=born_on, version=student.version + 1))
    for key, kind, days, note in _DATES:
        if key in known:
            uow.calendars.add_event(_event(known[key], kind, calendar, days, note, manager))


def _event(
    student_id: StudentId, kind: TimelineKind, calendar: Calendar, days: int, note: str, by: AdultId
) -> TimelineEvent:
    dated_on = calendar.today + days * _DAY
    return TimelineEvent(
        id=TimelineEventId(demo_id("date", str(student_id), kind.value)),
        student_id=student_id,
        kind=kind,
        dated_on=dated_on,
        recorded_by=by,
        recorded_at=calendar.at(min(dated_on, calendar.today - _DAY), 16),
        client_key=ClientKey(demo_id("date-key", str(student_id), kind.value)),
        note=FreeText(text=note, lang="en") if note else None,
    )


def _born(grade: str, place: int, today: date) -> date:
    """Return a birthday that fits a grade; days differ from child to child."""
    years = 5 + (int(grade) if grade.isdigit() else 0)
    return date(today.year - years, 1 + place % 9, 3 + place)


def _years(calendar: Calendar, by: AdultId) -> Iterator[SchoolYear]:
    """Return the school year that holds today, and the ESY of the summer after it."""
    today = calendar.today
    start = today.year if today.month >= 7 else today.year - 1
    first = min(_monday(date(start, 8, 31)), _monday(today) - 28 * _DAY)
    last = _monday(date(start + 1, 6, 7)) + 4 * _DAY
    days: dict[tuple[date, bool], CalendarDay] = {}
    for one in _days(start, last, today):
        if first <= one.day <= last:
            days.setdefault((one.day, one.kind is DayKind.REPORT_CARD), one)
    yield SchoolYear(
        id=SchoolYearId(demo_id("year", str(start))),
        kind=TermKind.YEAR,
        name=f"{start}-{(start + 1) % 100:02d}",
        first_day=first,
        last_day=last,
        days=tuple(days.values()),
        changed_at=calendar.at(first),
        changed_by=by,
    )
    begins = last + 17 * _DAY  # the Monday two weeks after
    yield SchoolYear(
        id=SchoolYearId(demo_id("esy", str(start + 1))),
        kind=TermKind.ESY,
        name=f"Summer {start + 1}",
        first_day=begins,
        last_day=begins + 24 * _DAY,
        weekdays=frozenset({0, 1, 2, 3}),
        changed_at=calendar.at(first),
        changed_by=by,
    )


def _days(start: int, last: date, today: date) -> Iterator[CalendarDay]:
    def off(name: str, first: date, count: int = 1) -> Iterator[CalendarDay]:
        for number in range(count):
            yield CalendarDay(day=first + number * _DAY, kind=DayKind.NO_SCHOOL, name=name)

    yield from off("Labor Day", _monday(date(start, 9, 7)))
    yield from off("Indigenous Peoples’ Day", _monday(date(start, 10, 14)))
    yield from off("Thanksgiving", _monday(date(start, 11, 28)) + 2 * _DAY, 3)
    yield from off("Winter break", _monday(date(start, 12, 24)), 12)
    yield from off("Martin Luther King Jr. Day", _monday(date(start + 1, 1, 21)))
    yield from off("Presidents’ Day", _monday(date(start + 1, 2, 21)))
    yield from off("Spring break", _monday(date(start + 1, 3, 31)), 5)
    yield from off("Memorial Day", _monday(date(start + 1, 5, 31)))
    snow = _monday(today) - 13 * _DAY
    yield CalendarDay(day=snow, kind=DayKind.CLOSED, name="Snow")
    soon = today + 3 * _DAY
    cards = [date(start, 11, 6), date(start + 1, 1, 29), date(start + 1, 4, 9), last, soon]
    for day in cards:
        yield CalendarDay(day=day, kind=DayKind.REPORT_CARD)


def _monday(day: date) -> date:
    """Return the Monday on or before a day."""
    return day - day.weekday() * _DAY
