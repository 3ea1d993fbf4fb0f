"""The calendar of a site, its choices and the dates of its children, in memory."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Collection, Sequence

from iepcore.calendars import SchoolYear, SiteChoices, TimelineEvent
from iepcore.errors import Conflict
from iepcore.ids import SchoolYearId, StudentId, TimelineEventId
from iepcore.memory.rows import MemoryRows


class MemoryCalendars:
    """``CalendarRepository`` over one unit of work."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows

    def add_year(self, year: SchoolYear) -> None:
        self._rows.add(year)

    def save_year(self, year: SchoolYear) -> None:
        self._rows.save(year, version=year.version)

    def drop_year(self, year_id: SchoolYearId) -> None:
        self._rows.delete(SchoolYear, lambda one: one.id == year_id)

    def year(self, year_id: SchoolYearId) -> SchoolYear | None:
        return self._rows.get(SchoolYear, year_id)

    def years(self) -> Sequence[SchoolYear]:
        return self._rows.all(SchoolYear, order=lambda one: one.first_day)

    def add_choices(self, choices: SiteChoices) -> None:
        current = self.choices()
        if choices.version != current.version + 1:
            raise Conflict("site_choices", current=current, yours=choices)
        self._rows.add(choices)

    def choices(self) -> SiteChoices:
        return next(reversed(self.all_choices()), SiteChoices())

    def all_choices(self) -> Sequence[SiteChoices]:
        return self._rows.all(SiteChoices)

    def add_event(self, event: TimelineEvent) -> TimelineEvent:
        return self._rows.add_first(event)

    def event(self, event_id: TimelineEventId) -> TimelineEvent | None:
        return self._rows.get(TimelineEvent, event_id)

    def events_of_students(self, student_ids: Collection[StudentId]) -> Sequence[TimelineEvent]:
        return self._rows.all(
            TimelineEvent,
            lambda one: one.student_id in student_ids,
            order=lambda one: (one.dated_on, one.recorded_at),
        )
