"""Business days: Monday to Friday except federal and state holidays (34 CFR 300.11(b)).

Federal holidays are those of 5 U.S.C. 6103(a); one on a Sunday is kept on the Monday after it (Executive
Order 11582), one on a Saturday on the Friday before (5 U.S.C. 6103(b)). A spring break is made of business
days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from iepcore.calendars.days import LONGEST_SPAN
from iepcore.errors import InvalidValue

_ONE = timedelta(days=1)
_JUNETEENTH_SINCE = 2021
_KING_SINCE = 1986


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessCalendar:
    """Business days of one state: the federal holidays, and the state's own as days."""

    state_holidays: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        """Tell whether offices of the agency work on a day."""
        return day.weekday() < 5 and day not in self.state_holidays and day not in _around(day.year)

    def after(self, start: date, count: int) -> date:
        """Return the ``count``-th business day after ``start`` (day 0).

        Raises:
            InvalidValue: ``span_range`` unless ``count`` is between 1 and 40,000.
        """
        return self._count(start, count, _ONE)

    def before(self, start: date, count: int) -> date:
        """Return the ``count``-th business day before ``start``.

        Raises:
            InvalidValue: ``span_range`` unless ``count`` is between 1 and 40,000.
        """
        return self._count(start, count, -_ONE)

    def _count(self, start: date, count: int, step: timedelta) -> date:
        if not 1 <= count <= LONGEST_SPAN:
            raise InvalidValue("span_range", field="count")
        day = start
        try:
            while count:
                day += step
                count -= self.is_business_day(day)
        except OverflowError:
            raise InvalidValue("span_range", field="count") from None
        return day


def federal_holidays(year: int) -> frozenset[date]:
    """Return the days on which the holidays of a year are kept. New Year's Day may be kept in the year
    before.
    """
    days = [date(year, 1, 1), _nth(year, 2, 0, 3), _last_monday_of_may(year), date(year, 7, 4)]
    days += [_nth(year, 9, 0, 1), _nth(year, 10, 0, 2), date(year, 11, 11), _nth(year, 11, 3, 4)]
    days.append(date(year, 12, 25))
    if year >= _KING_SINCE:
        days.append(_nth(year, 1, 0, 3))
    if year >= _JUNETEENTH_SINCE:
        days.append(date(year, 6, 19))
    return frozenset(_kept(day) for day in days)


@lru_cache(maxsize=64)
def _around(year: int) -> frozenset[date]:
    """Return the days kept in a year, the next New Year's Day among them when it is kept on 31 December."""
    following = federal_holidays(year + 1) if year < date.max.year else frozenset()
    return federal_holidays(year) | {day for day in following if day.year == year}


def _kept(day: date) -> date:
    if day.weekday() == 5 and day > date.min:
        return day - _ONE
    return day + _ONE if day.weekday() == 6 else day


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())
