"""Builders for people who build on the library: every argument has a default, each field is open to change.

They give whole, valid values without a store or a network::

    maya = a_student(preferred_name="Maya")
    goal = a_goal(student=maya, baseline=52, target=92, measure=Measure(kind=MeasureKind.RATE))
    points = points_of(goal, {date(2026, 11, 2): {"count": 53, "minutes": 1}})

What a builder does not name is a keyword of the value's own class, such as ``a_student(grade="4")``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from iepcore.family import Message, Thread
from iepcore.language import Part
from iepcore.notices import OutboxItem
from iepcore.people import Adult, Appointment, Assignment, Relationship, SiteRole, StaffRole, Student
from iepcore.plan import DataPoint, Goal
from iepcore.progress import Direction, Measure, MeasureKind, reading_from_raw, score
from iepcore.testing import store_values
from iepcore.testing.store_values import NOW, TODAY, a_key, a_student, an_adult, words

__all__ = [
    "NOW",
    "TODAY",
    "StoppedClock",
    "a_goal",
    "a_key",
    "a_message",
    "a_parent",
    "a_student",
    "a_thread",
    "an_adult",
    "an_appointment",
    "an_assignment",
    "an_outbox_item",
    "points_of",
    "words",
]


@dataclass(slots=True)
class StoppedClock:
    """A ``Clock`` that stands still until a test moves it. ``at`` is aware, ``zone`` the site's."""

    at: datetime = NOW
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/Denver"))

    def now(self) -> datetime:
        """Return the instant at which it stands."""
        return self.at

    def today(self) -> date:
        """Return the school's date at that instant."""
        return self.at.astimezone(self.zone).date()

    def forward(self, **delta: float) -> None:
        """Move on by ``timedelta(**delta)``, such as ``forward(minutes=5)``."""
        self.at += timedelta(**delta)

    def stand_on(self, day: date, *, at: time = time(9)) -> None:
        """Move to a time of a day in the school's zone."""
        self.at = datetime.combine(day, at, tzinfo=self.zone)


def a_parent(
    student: Student | None = None,
    adult: Adult | None = None,
    *,
    may_access_records: bool = True,
    may_decide: bool = True,
    **changes: Any,
) -> Relationship:
    """Return a confirmed relationship of an adult to a child, with the two rights flags (both given)."""
    return store_values.a_relationship(
        (student or a_student()).id,
        (adult or an_adult()).id,
        may_access_records=may_access_records,
        may_decide=may_decide,
        **changes,
    )


def an_assignment(
    student: Student | None = None,
    adult: Adult | None = None,
    *,
    role: StaffRole = StaffRole.SPECIAL_ED_TEACHER,
    **changes: Any,
) -> Assignment:
    """Return an adult's place on a child's team, from today on."""
    return store_values.an_assignment(
        (student or a_student()).id, (adult or an_adult()).id, role=role, **changes
    )


def an_appointment(
    adult: Adult | None = None, *, role: SiteRole = SiteRole.CASE_MANAGER, **changes: Any
) -> Appointment:
    """Return an adult's standing for the whole site, from today on."""
    return store_values.an_appointment((adult or an_adult()).id, role=role, **changes)


def a_goal(
    *,
    student: Student | None = None,
    measure: Measure | None = None,
    baseline: float = 20,
    target: float = 80,
    starts_on: date = TODAY,
    ends_on: date | None = None,
    skill_key: str | None = "asking_for_help",
    **changes: Any,
) -> Goal:
    """Return an active goal whose teaching begins with it.

    The direction follows from baseline and target; the measure is percent correct unless one is given; the
    end is a year less a day after the start. ``skill_words`` instead of ``skill_key`` takes the author's own
    words.
    """
    falling = target < baseline
    return store_values.a_goal(
        (student or a_student()).id,
        **{
            "measure": measure or Measure(kind=MeasureKind.PERCENT_CORRECT),
            "baseline": baseline,
            "target": target,
            "direction": Direction.DECREASE if falling else Direction.INCREASE,
            "starts_on": starts_on,
            "ends_on": ends_on or starts_on + timedelta(days=364),
            "introduced_on": starts_on,
            "skill_key": None if "skill_words" in changes else skill_key,
            **changes,
        },
    )


def points_of(goal: Goal, raw_by_day: Mapping[date, Mapping[str, object]], **changes: Any) -> list[DataPoint]:
    """Return one scored point per day from what a person typed, such as ``{"correct": 8, "trials": 10}``.

    Each was seen at nine o'clock UTC of its day by one recorder.

    Raises:
        InvalidValue: with the measure's own code and field.
    """
    recorder = an_adult().id
    points = []
    for day, raw in raw_by_day.items():
        reading = reading_from_raw(goal.measure, raw)
        seen_at = datetime.combine(day, time(9), tzinfo=NOW.tzinfo)
        point = store_values.a_point(
            goal,
            reading=reading,
            score=score(goal.measure, reading),
            observed_on=day,
            observed_at=seen_at,
            received_at=seen_at,
            recorder_id=recorder,
        )
        points.append(replace(point, **changes))
    return points


def a_thread(goal: Goal | None = None, **changes: Any) -> Thread:
    """Return the conversation of a goal (a new one when none is given)."""
    about = goal or a_goal()
    return store_values.a_thread(about.student_id, about.id, **changes)


def a_message(
    thread: Thread | None = None, *, parts: tuple[Part, ...] | None = None, **changes: Any
) -> Message:
    """Return a note from school in a conversation, kept on the child's record."""
    return store_values.a_message(thread or a_thread(), parts=parts or (words(),), **changes)


def an_outbox_item(message: Message | None = None, **changes: Any) -> OutboxItem:
    """Return a queued notice of a message to one adult by mail, due now."""
    return store_values.an_item(message or a_message(), **changes)
