"""School years and extended-school-year terms as a site keeps them: each day that is not like the others, and
what it is called.

Counting is done by :class:`iepcore.calendars.SchoolCalendar`, which :func:`school_calendar` makes of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from iepcore.calendars.school import WEEKDAYS, SchoolCalendar, Term
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, SchoolYearId

LONGEST_NAME = 80
"""Characters in the name of a year or of a day."""


class TermKind(StrEnum):
    """What a span of school days is for. Each kind is counted by itself."""

    YEAR = "year"
    ESY = "esy"


class DayKind(StrEnum):
    """How a day differs from the others of its term."""

    NO_SCHOOL = "no_school"
    """Planned: a holiday, a break, a day for staff."""
    CLOSED = "closed"
    """Not planned: snow, heat, a broken boiler."""
    EXTRA = "extra"
    """School on a day that would have none, such as a Saturday that makes up for snow."""
    REPORT_CARD = "report_card"
    """Report cards go out. School or not is another matter."""


NO_INSTRUCTION = frozenset({DayKind.NO_SCHOOL, DayKind.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day that is not like the others. ``name`` may be empty: "Snow", "Winter break".

    Raises:
        InvalidValue: ``calendar_name`` for more than one line or more than 80 characters.
    """

    day: date
    kind: DayKind
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", calendar_name(self.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolYear:
    """A school year or an ESY term of a site. ``weekdays`` are those with instruction (0 = Monday).

    ``changed_by`` is None when it came from the command line.

    Raises:
        InvalidValue: ``calendar_name`` (empty, or too long), ``term_order``, ``term_weekdays``,
            ``term_day_outside``, ``calendar_day_twice`` for a day with two answers to "is there school?",
            ``version_range``.
    """

    id: SchoolYearId
    kind: TermKind
    name: str
    first_day: date
    last_day: date
    changed_at: datetime
    changed_by: AdultId | None = None
    weekdays: frozenset[int] = WEEKDAYS
    days: tuple[CalendarDay, ...] = ()
    version: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", calendar_name(self.name))
        if not self.name:
            raise InvalidValue("calendar_name", field="name", params={"limit": LONGEST_NAME})
        if self.version < 1:
            raise InvalidValue("version_range", field="version")
        self.term()  # its refusals are ours
        ordered = tuple(sorted(self.days, key=lambda one: (one.day, one.kind.value)))
        taken: set[tuple[date, bool]] = set()
        for one in ordered:
            place = (one.day, one.kind is DayKind.REPORT_CARD)
            if place in taken:
                raise InvalidValue("calendar_day_twice", field="days", params={"day": one.day.isoformat()})
            taken.add(place)
            if not self.first_day <= one.day <= self.last_day:
                raise InvalidValue("term_day_outside", field="days", params={"day": one.day.isoformat()})
        object.__setattr__(self, "days", ordered)

    def term(self) -> Term:
        """Return it as something that can be counted."""
        return Term(
            name=self.name,
            first_day=self.first_day,
            last_day=self.last_day,
            no_school=frozenset(one.day for one in self.days if one.kind in NO_INSTRUCTION),
            also_school=frozenset(one.day for one in self.days if one.kind is DayKind.EXTRA),
            weekdays=self.weekdays,
        )

    @property
    def report_cards(self) -> tuple[date, ...]:
        """The days on which report cards go out, in order."""
        return tuple(one.day for one in self.days if one.kind is DayKind.REPORT_CARD)

    def on(self, day: date) -> CalendarDay | None:
        """Return what is said about school on a day, or None when nothing is."""
        return next(
            (one for one in self.days if one.day == day and one.kind is not DayKind.REPORT_CARD), None
        )

    def with_day(self, added: CalendarDay) -> SchoolYear:
        """Return the year with what is said about a day, in place of what was said; its version goes up."""
        report = added.kind is DayKind.REPORT_CARD
        others = (
            one for one in self.days if one.day != added.day or (one.kind is DayKind.REPORT_CARD) != report
        )
        return replace(self, days=(*others, added), version=self.version + 1)

    def without_day(self, day: date, kind: DayKind) -> SchoolYear:
        """Return the year without that word about a day; its version goes up.

        Raises:
            InvalidValue: ``calendar_day_unknown`` when it is not there (taken back already).
        """
        left = tuple(one for one in self.days if (one.day, one.kind) != (day, kind))
        if len(left) == len(self.days):
            raise InvalidValue("calendar_day_unknown", field="day", params={"day": day.isoformat()})
        return replace(self, days=left, version=self.version + 1)


def calendar_name(name: str) -> str:
    """Return a name with its spaces in order.

    Raises:
        InvalidValue: ``calendar_name`` for characters that cannot be shown, or more than 80 of them.
    """
    tidy = " ".join(name.split())
    if len(tidy) > LONGEST_NAME or not tidy.isprintable():
        raise InvalidValue("calendar_name", field="name", params={"limit": LONGEST_NAME})
    return tidy


def school_calendar(years: Iterable[SchoolYear], kind: TermKind = TermKind.YEAR) -> SchoolCalendar | None:
    """Return the calendar of one kind of term, or None while nobody has entered any.

    Raises:
        InvalidValue: ``terms_overlap``.
    """
    chosen = [one for one in years if one.kind is kind]
    if not chosen:
        return None
    return SchoolCalendar(
        terms=tuple(one.term() for one in chosen),
        report_cards=tuple(day for one in chosen for day in one.report_cards),
    )
