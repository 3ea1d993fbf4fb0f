"""What is asked of a store about the calendar of a site, its choices, and the dates of its children."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from iepcore.calendars import SchoolYear, SiteChoices, TimelineEvent
from iepcore.ids import SchoolYearId, StudentId, TimelineEventId


class CalendarRepository(Protocol):
    """School years and ESY terms, the site's choices, and children's dates."""

    def add_year(self, year: SchoolYear) -> None:
        """Keep a year; a second one of the same kind and name is refused (``store_refused``)."""
        ...

    def save_year(self, year: SchoolYear) -> None: ...
    def drop_year(self, year_id: SchoolYearId) -> None:
        """Forget a year that was entered by mistake; one that is not there is no matter."""
        ...

    def year(self, year_id: SchoolYearId) -> SchoolYear | None: ...
    def years(self) -> Sequence[SchoolYear]:
        """All of them, by first day."""
        ...

    def add_choices(self, choices: SiteChoices) -> None:
        """Keep the next version; any other number than the newest plus one is a ``Conflict``."""
        ...

    def choices(self) -> SiteChoices:
        """The newest version, or the default (version 0) while nobody has chosen."""
        ...

    def all_choices(self) -> Sequence[SiteChoices]:
        """Every version there was, oldest first."""
        ...

    def add_event(self, event: TimelineEvent) -> TimelineEvent: ...
    def event(self, event_id: TimelineEventId) -> TimelineEvent | None: ...
    def events_of_students(self, student_ids: Collection[StudentId]) -> Sequence[TimelineEvent]:
        """Every event ever recorded, corrected ones included, by day and then as recorded."""
        ...
