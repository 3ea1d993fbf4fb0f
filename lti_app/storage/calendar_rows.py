"""A site's calendar and choices, and the dates of its children, in SQL."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Collection, Sequence

from iepcore.calendars import SchoolYear, SiteChoices, TimelineEvent
from iepcore.errors import Conflict
from iepcore.ids import SchoolYearId, StudentId, TimelineEventId
from lti_app.storage import calendar_tables as t
from lti_app.storage.site_rows import Mapped, SiteRows

YEARS = Mapped(t.school_year, SchoolYear)
CHOICES = Mapped(t.site_choices, SiteChoices)
EVENTS = Mapped(t.timeline_event, TimelineEvent)


class CalendarRows:
    """``CalendarRepository`` over one transaction."""

    def __init__(self, rows: SiteRows) -> None:
        self._rows = rows

    def add_year(self, year: SchoolYear) -> None:
        self._rows.add(YEARS, year)

    def save_year(self, year: SchoolYear) -> None:
        self._rows.save(YEARS, year, version=year.version)

    def drop_year(self, year_id: SchoolYearId) -> None:
        self._rows.delete(YEARS, t.school_year.c.id == year_id)

    def year(self, year_id: SchoolYearId) -> SchoolYear | None:
        return self._rows.one(YEARS, t.school_year.c.id == year_id)

    def years(self) -> Sequence[SchoolYear]:
        return self._rows.all(YEARS, order=(t.school_year.c.first_day,))

    def add_choices(self, choices: SiteChoices) -> None:
        current = self.choices()
        if choices.version != current.version + 1:
            raise Conflict("site_choices", current=current, yours=choices)
        stored = self._rows.add_first(CHOICES, choices, t.site_choices.c.version == choices.version)
        if stored is not choices:  # somebody else was first between the two sentences
            raise Conflict("site_choices", current=stored, yours=choices)

    def choices(self) -> SiteChoices:
        query = self._rows.select(CHOICES).order_by(t.site_choices.c.version.desc()).limit(1)
        return next(iter(self._rows.run(CHOICES, query)), SiteChoices())

    def all_choices(self) -> Sequence[SiteChoices]:
        return self._rows.all(CHOICES)

    def add_event(self, event: TimelineEvent) -> TimelineEvent:
        c = t.timeline_event.c
        same = (c.recorded_by == event.recorded_by, c.client_key == event.client_key)
        return self._rows.add_first(EVENTS, event, *same)

    def event(self, event_id: TimelineEventId) -> TimelineEvent | None:
        return self._rows.one(EVENTS, t.timeline_event.c.id == event_id)

    def events_of_students(self, student_ids: Collection[StudentId]) -> Sequence[TimelineEvent]:
        c = t.timeline_event.c
        return self._rows.all(EVENTS, c.student_id.in_(student_ids), order=(c.dated_on, c.recorded_at))
