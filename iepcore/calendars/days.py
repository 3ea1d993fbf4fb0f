"""Counting days by the rules of the field: the trigger is day 0, a legal date never moves (domain guide R0).

"Day" is a calendar day unless a rule says business day or school day (34 CFR 300.11). Federal text does not
roll a due date that falls on a weekend forward; what else to show beside it is the deadline's affair.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from iepcore.errors import InvalidValue

LONGEST_SPAN = 40_000
"""Days or years are counted this far (about a century of days), so that a slip of the key is no date at all.
"""


class DayUnit(StrEnum):
    """What a period is counted in."""

    CALENDAR = "calendar"
    BUSINESS = "business"
    SCHOOL = "school"
    YEAR = "year"


class LeapRule(StrEnum):
    """Where a 29 February goes in a year without one. For "must be done by" the earlier day is the safe side;
    for attaining an age a state may say 1 March.
    """

    FEB28 = "feb28"
    MAR1 = "mar1"


def add_days(start: date, days: int) -> date:
    """Return the day ``days`` calendar days after ``start`` (before it when negative).

    Raises:
        InvalidValue: ``span_range`` beyond a century, or outside the calendar.
    """
    if abs(days) > LONGEST_SPAN:
        raise InvalidValue("span_range", field="days")
    try:
        return start + timedelta(days=days)
    except OverflowError:
        raise InvalidValue("span_range", field="days") from None


def add_years(start: date, years: int, *, leap: LeapRule = LeapRule.FEB28) -> date:
    """Return the same month and day ``years`` later (earlier when negative).

    29 February goes to 28 February in common years, or to 1 March where ``leap`` says so.

    Raises:
        InvalidValue: ``span_range`` when the year leaves the calendar.
    """
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        pass
    year = start.year + years
    if (start.month, start.day) != (2, 29) or not date.min.year <= year <= date.max.year:
        raise InvalidValue("span_range", field="years")
    return date(year, 2, 28) if leap is LeapRule.FEB28 else date(year, 3, 1)


def attains_age(born_on: date, age: int, *, leap: LeapRule = LeapRule.FEB28) -> date:
    """Return the day somebody attains an age: the birthday itself.

    ``leap`` decides for those born on 29 February; counsel is asked which one a transfer of rights follows.

    Raises:
        InvalidValue: ``age_range`` unless the age lies between 0 and 130.
    """
    if not 0 <= age <= 130:
        raise InvalidValue("age_range", field="age")
    return add_years(born_on, age, leap=leap)
