"""A calendar as CSV: what a line says, every wrong cell by its line, and no file that breaks the reader."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.calendars import (
    WEEKDAYS,
    CalendarLine,
    DayUnit,
    LineKind,
    PolicyKey,
    PolicyLevel,
    SiteChoices,
    plan_import,
)
from iepcore.errors import InvalidRows
from iepcore.schemas import CALENDAR_COLUMNS, calendar_lines_from_csv
from iepcore.testing.people_values import NOW

HEAD = ",".join(CALENDAR_COLUMNS)
GOOD = f"""\ufeff{HEAD}
year,2026-27,2026-08-31,6/11/2027,Mon-Fri,,,,,,
ESY,Summer 2027,2027-06-28,2027-07-23,"Mon, Tue Wed / thursday",,,,,,
no school,"Winter break, both weeks",2026-12-21,2027-01-01,,,,,,,
,,,,,,,,,,
report_card,,2027-01-22,,,,,,,,
state_holiday,Day after,2026-11-27,,,,,,,,
state,TX,,,,,,,,,
policy,,,,,initial_evaluation,45,school,state,2026-07-01,State code 1
policy,,,,,meeting_attempts,4,,,,District policy
"""


def lines_of(text: str) -> tuple[CalendarLine, ...]:
    """Return the lines of a file."""
    return calendar_lines_from_csv(text)


def codes(text: str) -> list[tuple[str, str]]:
    """Return where what is wrong."""
    with pytest.raises(InvalidRows) as refused:
        calendar_lines_from_csv(text)
    return [(place, problem.code) for place, problem in refused.value.problems]


def test_a_file_says_years_days_and_numbers() -> None:
    """Both ways of writing a day, names with commas, days of the week, numbers with their source."""
    year, esy, winter, card, holiday, state, number, count = lines_of(GOOD)
    assert (LineKind.YEAR, "2026-27") == (year.kind, year.name)
    assert (date(2026, 8, 31), date(2027, 6, 11), WEEKDAYS) == (year.first, year.last, year.weekdays)
    assert frozenset({0, 1, 2, 3}) == esy.weekdays
    assert "Winter break, both weeks" == winter.name
    assert ("line 6", None) == (card.place, card.last)
    assert (LineKind.STATE_HOLIDAY, "TX") == (holiday.kind, state.name)
    assert number.rule is not None
    assert (PolicyKey.INITIAL_EVALUATION, 45, DayUnit.SCHOOL, PolicyLevel.STATE) == (
        number.rule.key,
        number.rule.value,
        number.rule.unit,
        number.rule.level,
    )
    assert ("consent_received", date(2026, 7, 1)) == (number.rule.anchor, number.rule.effective_from)
    assert count.rule is not None
    assert (None, PolicyLevel.DISTRICT, date.min) == (
        count.rule.unit,
        count.rule.level,
        count.rule.effective_from,
    )


def test_every_wrong_cell_is_told_at_once() -> None:
    """Line and column of each, several in one line."""
    text = f"""{HEAD}
holiday,X,2026-13-01,tomorrow,Funday,,,,,,
policy,,,,,nonsense,many,weeks,federal,soon,
policy,,,,,annual_review,1,year,,,
year,2026-27,2026-08-31,,Fri-Mon,,,,,,
no_school,X,2026-11-26,2026-11-25,,,,,,,
no_school,X,2026-11-26,,,,,,,,,one,too,many
policy,,,,,annual_review,99999,year,district,,x
"""
    assert [
        ("line 2: kind", "calendar_line_kind"),
        ("line 2: first", "not_a_day"),
        ("line 2: last", "not_a_day"),
        ("line 2: weekdays", "term_weekdays"),
        ("line 3: key", "calendar_policy_key"),
        ("line 3: value", "policy_value"),
        ("line 3: unit", "calendar_policy_unit"),
        ("line 3: level", "policy_level"),
        ("line 3: effective_from", "not_a_day"),
        ("line 4: annual_review", "policy_citation"),
        ("line 5: weekdays", "term_weekdays"),
        ("line 6: last", "dates_reversed"),
        ("line 7: row", "calendar_cells"),
        ("line 8: annual_review", "policy_value"),
    ] == codes(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("name,first\nx,2026-01-01", "calendar_column"),
        ("kind,shoe\nyear,1", "calendar_column"),
        ("kind,kind\nyear,year", "calendar_column"),
        ("", "calendar_column"),
        ("x" * 1_000_001, "calendar_file_big"),
    ],
    ids=["no_kind", "unknown", "twice", "nothing", "big"],
)
def test_a_file_that_is_no_calendar_is_refused_whole(text: str, code: str) -> None:
    """With one problem at its head."""
    assert [code] == [one for _, one in codes(text)]


def test_a_cell_without_end_is_a_problem_of_its_line() -> None:
    """A field larger than a CSV reader takes."""
    assert [("line 2", "not_csv")] == codes("kind,name\nyear," + "x" * 140_000)


MUTATIONS = st.lists(
    st.tuples(
        st.integers(0, len(GOOD) - 1),
        st.sampled_from(
            ["", ",", '"', "\n", "\r", "\0", "9", "year", "policy,", "-", "/", "é", "\u202e", " "]
        ),
        st.integers(0, 6),
    ),
    min_size=1,
    max_size=6,
)


@given(changes=MUTATIONS)
def test_a_spoiled_file_gives_row_errors_or_lines_and_nothing_else(
    changes: list[tuple[int, str, int]],
) -> None:
    """Whatever is cut, doubled or put in between, reading and planning raise problems by place or nothing."""
    text = GOOD
    for place, put, cut in changes:
        text = text[:place] + put + text[place + cut :]
    places = ["one"]
    try:
        lines = calendar_lines_from_csv(text)
        plan_import(lines, years=(), choices=SiteChoices(), at=NOW, by=None)
    except InvalidRows as refused:
        places = [place for place, _ in refused.problems]
    assert places
    assert all(places)


@given(text=st.text(max_size=200))
def test_any_text_at_all_is_refused_in_order(text: str) -> None:
    """Text that nobody meant as a calendar."""
    count = 1
    try:
        calendar_lines_from_csv(text)
    except InvalidRows as refused:
        count = len(refused.problems)
    assert count
