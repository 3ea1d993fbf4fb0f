"""The school's calendar: years with their days off, extended-school-year (ESY) terms, and counting school
days.

A school day is any day, even a partial one, on which children attend for instruction (34 CFR 300.11(c)). What
lies outside the years that were given is unknown, and is answered as unknown: nothing is guessed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from iepcore.errors import InvalidValue

_ONE = timedelta(days=1)
_LONGEST_YEAR = 400
WEEKDAYS = frozenset(range(5))
"""Monday to Friday, as ``date.weekday`` counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A span with instruction: a school year, or a summer's ESY.

    ``weekdays`` are those with instruction (0 = Monday); ``no_school`` the days off among them;
    ``also_school`` days with instruction that would be none, such as a Saturday that makes up for snow.

    Raises:
        InvalidValue: ``term_order`` when it ends before it begins or lasts over 400 days, ``term_weekdays``,
            ``term_day_outside`` for a day off or an added day that is not in the span.
    """

    name: str
    first_day: date
    last_day: date
    no_school: frozenset[date] = frozenset()
    also_school: frozenset[date] = frozenset()
    weekdays: frozenset[int] = WEEKDAYS

    def __post_init__(self) -> None:
        if not 0 <= (self.last_day - self.first_day).days <= _LONGEST_YEAR:
            raise InvalidValue("term_order", field="last_day")
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise InvalidValue("term_weekdays", field="weekdays")
        for day in self.no_school | self.also_school:
            if not self.holds(day):
                raise InvalidValue("term_day_outside", field="no_school", params={"day": day.isoformat()})

    def holds(self, day: date) -> bool:
        """Whether a day lies within the span, school or not."""
        return self.first_day <= day <= self.last_day

    def is_school_day(self, day: date) -> bool:
        """Whether children attend for instruction on a day of the span."""
        if not self.holds(day):
            return False
        return day in self.also_school or (day.weekday() in self.weekdays and day not in self.no_school)

    def school_days(self) -> Iterator[date]:
        """Yield every school day of the span in order."""
        day = self.first_day
        while day <= self.last_day:
            if self.is_school_day(day):
                yield day
            day += _ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolCalendar:
    """The terms of one kind (the school years, or the ESY terms), in order, and the report-card days.

    Between two years that are known a summer has no school days. Before the first and after the last nothing
    is known.

    Raises:
        InvalidValue: ``terms_empty``, ``terms_overlap``, ``report_card_outside``.
    """

    terms: tuple[Term, ...]
    report_cards: tuple[date, ...] = ()
    _days: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.terms:
            raise InvalidValue("terms_empty", field="terms")
        ordered = tuple(sorted(self.terms, key=lambda term: term.first_day))
        if any(one.last_day >= two.first_day for one, two in pairwise(ordered)):
            raise InvalidValue("terms_overlap", field="terms")
        if any(not self.first_day <= day <= self.last_day for day in self.report_cards):
            raise InvalidValue("report_card_outside", field="report_cards")
        object.__setattr__(self, "terms", ordered)
        object.__setattr__(self, "report_cards", tuple(sorted(set(self.report_cards))))
        object.__setattr__(self, "_days", tuple(day for term in ordered for day in term.school_days()))

    @property
    def first_day(self) -> date:
        """The first day anything is known of."""
        return min(term.first_day for term in self.terms)

    @property
    def last_day(self) -> date:
        """The last day anything is known of."""
        return max(term.last_day for term in self.terms)

    def covers(self, day: date) -> bool:
        """Whether the calendar can say anything about a day."""
        return self.first_day <= day <= self.last_day

    def term_of(self, day: date) -> Term | None:
        """Return the term a day lies in, or None in a summer or where nothing is known."""
        return next((term for term in self.terms if term.holds(day)), None)

    def is_school_day(self, day: date) -> bool | None:
        """Tell whether a day is a school day; None where the calendar knows nothing."""
        if not self.covers(day):
            return None
        place = bisect_left(self._days, day)
        return place < len(self._days) and self._days[place] == day

    def school_days(self, first: date, last: date) -> tuple[date, ...]:
        """Return the school days from ``first`` to ``last``, both included, as far as the calendar knows."""
        return self._days[bisect_left(self._days, first) : bisect_right(self._days, last)]

    def after(self, start: date, count: int) -> date | None:
        """Return the ``count``-th school day after ``start`` (day 0, school day or not), or None where the
        calendar does not know that far.

        Raises:
            InvalidValue: ``span_range`` unless ``count`` is at least 1.
        """
        if count < 1:
            raise InvalidValue("span_range", field="count")
        if not self.covers(start):
            return None
        place = bisect_right(self._days, start) + count - 1
        return self._days[place] if place < len(self._days) else None

    def before(self, start: date, count: int) -> date | None:
        """Return the ``count``-th school day before ``start``, or None where the calendar does not know that
        far.

        Raises:
            InvalidValue: ``span_range`` unless ``count`` is at least 1.
        """
        if count < 1:
            raise InvalidValue("span_range", field="count")
        if not self.covers(start):
            return None
        place = bisect_left(self._days, start) - count
        return self._days[place] if place >= 0 else None

    def last_on_or_before(self, day: date) -> date | None:
        """Return the last school day not after ``day``; None where the calendar knows nothing of ``day``."""
        if not self.covers(day):
            return None
        place = bisect_right(self._days, day) - 1
        return self._days[place] if place >= 0 else None

    def weeks(self, first: date, last: date) -> tuple[date, ...]:
        """Return the Monday of every ISO week that has a school day between two days, both included."""
        return tuple(dict.fromkeys(day - day.weekday() * _ONE for day in self.school_days(first, last)))

    def report_cards_in(self, first: date, last: date) -> tuple[date, ...]:
        """Return the report-card days from ``first`` to ``last``, both included."""
        return tuple(day for day in self.report_cards if first <= day <= last)
