"""Counting days: the trigger is day 0, a legal date never moves, a leap day goes to the safe side."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.calendars import (
    BusinessCalendar,
    LeapRule,
    SchoolCalendar,
    Term,
    add_days,
    add_years,
    attains_age,
    federal_holidays,
)
from iepcore.errors import InvalidValue

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2080, 12, 31))


def year(**changes: object) -> Term:
    """Return a school year with an autumn and a spring break."""
    given_: dict[str, object] = {
        "name": "2026-27",
        "first_day": date(2026, 8, 24),
        "last_day": date(2027, 6, 4),
        "no_school": frozenset({date(2026, 9, 7), date(2026, 11, 11)}),
    }
    return Term(**given_ | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2026, 9, 15), 60, date(2026, 11, 14)),  # a Saturday, and it stays one
        (date(2026, 9, 15), 0, date(2026, 9, 15)),
        (date(2027, 2, 18), -10, date(2027, 2, 8)),
    ],
)
def test_days_are_counted_from_day_nought(start: date, days: int, expected: date) -> None:
    """Sixty days after 15 September are 14 November, whatever weekday that is."""
    assert expected == add_days(start, days)


@pytest.mark.parametrize(
    ("start", "years", "leap", "expected"),
    [
        (date(2024, 2, 29), 3, LeapRule.FEB28, date(2027, 2, 28)),
        (date(2024, 2, 29), 3, LeapRule.MAR1, date(2027, 3, 1)),
        (date(2024, 2, 29), 4, LeapRule.FEB28, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, LeapRule.FEB28, date(2027, 12, 1)),
        (date(2027, 2, 19), -1, LeapRule.FEB28, date(2026, 2, 19)),
    ],
)
def test_years_keep_month_and_day(start: date, years: int, leap: LeapRule, expected: date) -> None:
    """A leap day goes to 28 February for what must be done by a day, or to 1 March where a state says so."""
    assert expected == add_years(start, years, leap=leap)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda: add_days(date(2026, 1, 1), 40_001), "span_range"),
        (lambda: add_days(date.max, 1), "span_range"),
        (lambda: add_years(date(2026, 1, 1), 9000), "span_range"),
        (lambda: add_years(date(2024, 2, 29), 9000), "span_range"),
        (lambda: attains_age(date(2012, 2, 29), 131), "age_range"),
        (lambda: BusinessCalendar().after(date(2026, 1, 1), 0), "span_range"),
        (lambda: BusinessCalendar().after(date(9999, 12, 20), 30), "span_range"),
    ],
)
def test_what_leaves_the_calendar_is_refused(ask: object, code: str) -> None:
    """A slip of the key is told as one, never as a date in another millennium."""
    with pytest.raises(InvalidValue, match=code):
        ask()  # type: ignore[operator]


@given(start=DAYS, days=st.integers(min_value=-4000, max_value=4000))
def test_days_there_and_back(start: date, days: int) -> None:
    """So many days on and as many back is where one began."""
    assert start == add_days(add_days(start, days), -days)


@given(born=DAYS, age=st.integers(min_value=0, max_value=30))
def test_an_age_is_attained_in_the_right_year(born: date, age: int) -> None:
    """Never before the birthday's month, never after 1 March for a leap day."""
    on = attains_age(born, age)
    assert born.year + age == on.year
    assert (born.month, born.day) == (on.month, on.day) or (2, 28) == (on.month, on.day)


# -------------------------------------------------------------------------------------------- business days


def test_federal_holidays_stand_where_they_are_kept() -> None:
    """Independence Day 2026 is a Saturday and kept on Friday; New Year 2028 on the last Friday of 2027."""
    assert {
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 2, 16),
        date(2026, 5, 25),
        date(2026, 6, 19),
        date(2026, 7, 3),
        date(2026, 9, 7),
        date(2026, 10, 12),
        date(2026, 11, 11),
        date(2026, 11, 26),
        date(2026, 12, 25),
    } == federal_holidays(2026)
    assert not BusinessCalendar().is_business_day(date(2027, 12, 31))
    assert BusinessCalendar().is_business_day(date(2026, 7, 6))
    assert date(2020, 6, 19) not in federal_holidays(2020)
    assert date(1980, 1, 21) not in federal_holidays(1980)


def test_a_break_has_business_days_and_no_school_days() -> None:
    """Five business days before 5 April 2027 reach into the week of the spring break."""
    calendar = BusinessCalendar(state_holidays=frozenset({date(2027, 3, 26)}))
    assert date(2027, 3, 29) == calendar.before(date(2027, 4, 5), 5)
    assert date(2027, 3, 25) == calendar.before(date(2027, 4, 5), 6)
    assert date(2027, 4, 6) == calendar.after(date(2027, 4, 2), 2)


@given(start=DAYS, count=st.integers(min_value=1, max_value=300))
def test_between_are_exactly_so_many_business_days(start: date, count: int) -> None:
    """The day that is found is one, and so many lie after the start up to it."""
    calendar = BusinessCalendar()
    found = calendar.after(start, count)
    span = [start + timedelta(days=n + 1) for n in range((found - start).days)]
    assert calendar.is_business_day(found)
    assert count == sum(map(calendar.is_business_day, span))


# ---------------------------------------------------------------------------------------------- school days


def test_a_school_calendar_answers_what_it_knows() -> None:
    """Inside the years yes or no, outside neither."""
    calendar = SchoolCalendar(terms=(year(),), report_cards=(date(2027, 1, 22), date(2026, 10, 30)))
    assert calendar.is_school_day(date(2026, 8, 24))
    assert calendar.is_school_day(date(2026, 9, 7)) is False
    assert calendar.is_school_day(date(2026, 8, 23)) is None
    assert calendar.is_school_day(date(2027, 6, 5)) is None
    assert date(2026, 11, 13) == calendar.last_on_or_before(date(2026, 11, 14))
    assert calendar.last_on_or_before(date(2027, 7, 1)) is None
    assert (date(2026, 10, 30), date(2027, 1, 22)) == calendar.report_cards
    assert (date(2027, 1, 22),) == calendar.report_cards_in(date(2026, 11, 1), date(2027, 6, 4))
    assert calendar.term_of(date(2026, 9, 7)) is calendar.terms[0]
    assert calendar.term_of(date(2026, 7, 7)) is None
    assert not calendar.terms[0].is_school_day(date(2026, 8, 21))


def test_a_summer_between_two_years_has_no_school_days() -> None:
    """The first school day after a year's last is the next year's first."""
    following = Term(name="2027-28", first_day=date(2027, 8, 23), last_day=date(2028, 6, 2))
    calendar = SchoolCalendar(terms=(following, year()))
    assert ("2026-27", "2027-28") == tuple(term.name for term in calendar.terms)
    assert calendar.is_school_day(date(2027, 7, 14)) is False
    assert date(2027, 8, 23) == calendar.after(date(2027, 6, 4), 1)
    assert date(2027, 6, 4) == calendar.before(date(2027, 8, 23), 1)
    assert date(2027, 6, 4) == calendar.last_on_or_before(date(2027, 8, 1))


def test_a_saturday_may_be_a_school_day_and_extra_days_count() -> None:
    """A day that makes up for snow, and a summer of four days a week."""
    snow = year(also_school=frozenset({date(2027, 2, 20)}))
    assert SchoolCalendar(terms=(snow,)).is_school_day(date(2027, 2, 20))
    summer = Term(
        name="ESY", first_day=date(2027, 6, 14), last_day=date(2027, 7, 9), weekdays=frozenset({0, 1, 2, 3}),
        no_school=frozenset({date(2027, 7, 5)}),
    )  # fmt: skip
    esy = SchoolCalendar(terms=(summer,))
    assert esy.is_school_day(date(2027, 6, 18)) is False
    assert 4 == len(esy.weeks(date(2027, 6, 1), date(2027, 7, 31)))


def test_weeks_are_those_with_a_school_day() -> None:
    """Named by their Monday, whatever days they have; the day a week begins need not be one of school."""
    calendar = SchoolCalendar(terms=(year(),))
    assert (date(2026, 9, 7), date(2026, 9, 14)) == calendar.weeks(date(2026, 9, 5), date(2026, 9, 14))


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: year(last_day=date(2026, 8, 1)), "term_order"),
        (lambda: year(last_day=date(2028, 8, 1)), "term_order"),
        (lambda: year(weekdays=frozenset()), "term_weekdays"),
        (lambda: year(weekdays=frozenset({7})), "term_weekdays"),
        (lambda: year(no_school=frozenset({date(2026, 7, 4)})), "term_day_outside"),
        (lambda: SchoolCalendar(terms=()), "terms_empty"),
        (lambda: SchoolCalendar(terms=(year(), year())), "terms_overlap"),
        (lambda: SchoolCalendar(terms=(year(),), report_cards=(date(2028, 1, 1),)), "report_card_outside"),
        (lambda: SchoolCalendar(terms=(year(),)).after(date(2026, 9, 1), 0), "span_range"),
        (lambda: SchoolCalendar(terms=(year(),)).before(date(2026, 9, 1), 0), "span_range"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(make: object, code: str) -> None:
    """Each with a code that says what to mend."""
    with pytest.raises(InvalidValue, match=code):
        make()  # type: ignore[operator]


@given(start=st.dates(min_value=date(2026, 8, 1), max_value=date(2027, 7, 1)), count=st.integers(1, 250))
def test_school_days_counted_one_by_one_agree(start: date, count: int) -> None:
    """Counting in the list and walking through the days find the same day, or both find none."""
    calendar = SchoolCalendar(terms=(year(),))
    for find, step in ((calendar.after, 1), (calendar.before, -1)):
        day, left = start, count
        while left and calendar.covers(day + timedelta(days=step)):
            day += timedelta(days=step)
            left -= bool(calendar.is_school_day(day))
        expected = day if not left and calendar.covers(start) else None
        assert expected == find(start, count)
