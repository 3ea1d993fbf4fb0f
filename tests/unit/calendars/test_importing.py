"""A calendar file taken in: each problem by its line, nothing half done, the same file changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from iepcore.calendars import (
    CalendarLine,
    DayKind,
    DayUnit,
    ImportPlan,
    LineKind,
    PolicyKey,
    SchoolYear,
    SiteChoices,
    TermKind,
    plan_import,
)
from iepcore.errors import InvalidRows, InvalidValue
from iepcore.testing.calendar_values import a_rule, a_year, full_choices
from iepcore.testing.people_values import NOW

L = LineKind
FIRST, LAST = date(2026, 8, 31), date(2027, 6, 11)


def line(kind: LineKind, first: date | None = None, last: date | None = None, **more: Any) -> CalendarLine:
    """Return a line whose place is its kind unless told otherwise."""
    place = more.pop("place", kind.value)
    return CalendarLine(place=place, kind=kind, first=first, last=last, **more)


def planned(
    *lines: CalendarLine, years: Sequence[SchoolYear] = (), choices: SiteChoices | None = None
) -> ImportPlan:
    """Return what lines would change."""
    return plan_import(lines, years=years, choices=choices or SiteChoices(), at=NOW, by=None)


def problems(*lines: CalendarLine, years: Sequence[SchoolYear] = ()) -> list[tuple[str, str]]:
    """Return where what is wrong."""
    with pytest.raises(InvalidRows) as refused:
        planned(*lines, years=years)
    return [(place, problem.code) for place, problem in refused.value.problems]


YEAR = line(L.YEAR, FIRST, LAST, name="2026-27")


def test_a_file_makes_a_year_with_its_days() -> None:
    """A break of two weeks leaves its weekends out; a report card may lie on a day off."""
    plan = planned(
        YEAR,
        line(L.NO_SCHOOL, date(2026, 12, 21), date(2027, 1, 1), name="Winter break"),
        line(L.REPORT_CARD, date(2026, 12, 21)),
        line(L.EXTRA, date(2027, 5, 1)),
        line(L.CLOSED, date(2026, 12, 5), name="A Saturday"),
        line(L.ESY, date(2027, 6, 28), date(2027, 7, 23), name="Summer", weekdays=frozenset({0, 1, 2, 3})),
    )
    year, summer = (one.after for one in plan.years)
    assert (TermKind.YEAR, TermKind.ESY) == (year.kind, summer.kind)
    assert 10 == sum(one.kind is DayKind.NO_SCHOOL for one in year.days)
    assert (date(2026, 12, 21),) == year.report_cards
    assert {date(2027, 5, 1), date(2026, 12, 5)} <= {one.day for one in year.days}
    assert plan.choices is None
    assert 6 == plan.lines
    change = plan.years[0]
    assert change.came == year.days
    assert change.left == ()


def test_the_same_file_again_changes_nothing() -> None:
    """And its fingerprint is the same however often it is looked at; another file has another one."""
    lines = (YEAR, line(L.NO_SCHOOL, date(2026, 11, 26), name="Thanksgiving"))
    plan = planned(*lines)
    assert plan.fingerprint == planned(*lines).fingerprint
    assert plan.fingerprint != planned(YEAR).fingerprint
    held = [one.after for one in plan.years]
    again = planned(*lines, years=held)
    assert again.is_empty
    assert not plan.is_empty


def test_a_year_said_anew_keeps_only_its_snow_days() -> None:
    """Days of the file take the place of the old ones; closings nobody planned stay, inside the new span."""
    old = a_year()
    plan = planned(line(L.YEAR, FIRST, LAST, name="2026-27"), years=[old])
    (change,) = plan.years
    assert [DayKind.CLOSED] == [one.kind for one in change.after.days]
    assert 2 == change.after.version
    assert old.id == change.after.id
    assert 4 == len(change.left)
    shorter = planned(line(L.YEAR, FIRST, date(2026, 12, 18), name="2026-27"), years=[old])
    assert shorter.years[0].after.days == ()


def test_days_alone_are_laid_over_the_terms_that_are_there() -> None:
    """In every term that holds them; the fingerprint tells a change of what is there."""
    summer = a_year(
        kind=TermKind.ESY, name="June", first_day=date(2027, 6, 1), last_day=date(2027, 6, 30), days=()
    )
    closed = line(L.CLOSED, date(2027, 6, 10), name="Heat")
    plan = planned(closed, years=[a_year(), summer])
    assert 2 == len(plan.years)
    assert all("Heat" == change.came[0].name for change in plan.years)
    later = [replace(summer, version=2), a_year()]
    assert plan.fingerprint != planned(closed, years=later).fingerprint


def test_numbers_a_state_and_holidays_become_the_next_choices() -> None:
    """The state is laid down first whatever the order of lines; holidays are added to those there."""
    plan = planned(
        line(L.POLICY, rule=a_rule()),
        line(L.STATE, name="MD"),
        line(L.STATE_HOLIDAY, date(2026, 11, 27), name="A day"),
    )
    assert plan.choices is not None
    assert ("MD", 1, NOW) == (plan.choices.state, plan.choices.version, plan.choices.changed_at)
    assert (a_rule(),) == plan.rules
    assert (date(2026, 11, 27),) == plan.holidays
    held = planned(line(L.POLICY, rule=a_rule()), choices=plan.choices)
    assert held.is_empty
    assert held.fingerprint != plan.fingerprint
    assert 3 == (planned(line(L.STATE, name="TX"), choices=full_choices(rules=())).choices or 0).version  # type: ignore[union-attr]


def test_every_problem_is_told_at_once_with_its_line() -> None:
    """Days outside every term, a day with two answers, a term twice, an overlap, a weaker number."""
    found = problems(
        YEAR,
        line(L.YEAR, FIRST, LAST, name="2026-27", place="line 3"),
        line(L.YEAR, date(2027, 6, 1), date(2027, 8, 1), name="Other", place="line 4"),
        line(L.NO_SCHOOL, date(2020, 1, 1), place="line 5"),
        line(L.NO_SCHOOL, date(2026, 11, 26), place="line 6"),
        line(L.EXTRA, date(2026, 11, 26), place="line 7"),
        line(L.POLICY, rule=a_rule(value=61), place="line 8"),
        line(L.POLICY, rule=a_rule(key=PolicyKey.ANNUAL_REVIEW, value=2, unit=DayUnit.YEAR), place="line 9"),
        line(L.STATE, name="Texas", place="line 10"),
        line(L.YEAR, date(2028, 8, 1), date(2029, 6, 1), name="", place="line 11"),
    )
    assert {
        ("line 3", "calendar_year_twice"),
        ("line 4", "terms_overlap"),
        ("line 5", "calendar_no_year"),
        ("line 7", "calendar_day_twice"),
        ("line 8", "policy_less_protective"),
        ("line 9", "policy_less_protective"),
        ("line 10", "state_unknown"),
        ("line 11", "calendar_name"),
    } == set(found)


def test_a_file_of_days_names_the_line_that_breaks_a_term() -> None:
    """A name with a control character is refused where it stands."""
    assert [("no_school", "calendar_name")] == problems(
        line(L.NO_SCHOOL, date(2026, 11, 26), name="a\x07b"), years=[a_year()]
    )


def test_a_file_without_end_is_refused() -> None:
    """Five thousand lines are more than any calendar has."""
    lines = [line(L.CLOSED, FIRST + timedelta(days=1))] * 5_001
    assert [("file", "calendar_file_big")] == problems(*lines)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: line(L.NO_SCHOOL), "calendar_line_dates"),
        (lambda: line(L.YEAR, FIRST), "calendar_line_dates"),
        (lambda: line(L.POLICY), "calendar_line_rule"),
        (lambda: line(L.STATE, rule=a_rule()), "calendar_line_rule"),
        (lambda: line(L.NO_SCHOOL, LAST, FIRST), "dates_reversed"),
        (lambda: line(L.NO_SCHOOL, FIRST, FIRST + timedelta(days=401)), "span_range"),
        (lambda: line(L.REPORT_CARD, FIRST, LAST), "calendar_one_day"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_line_refuses_what_it_cannot_mean(make: Any, code: str) -> None:
    """Each with its own code."""
    with pytest.raises(InvalidValue, match=code):
        make()
    assert [] == list(line(L.STATE, name="TX").days())
