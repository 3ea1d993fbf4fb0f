"""Points as CSV: out for a spreadsheet, in with every problem named by its line."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidRows
from iepcore.plan import Goal, correct_point
from iepcore.progress import CountReading, Measure, MeasureKind, PercentReading
from iepcore.schemas import POINT_COLUMNS, PointRow, points_to_csv, rows_from_csv
from iepcore.testing import a_goal, points_of

START, TODAY = date(2026, 9, 7), date(2026, 11, 24)


def _goal(kind: MeasureKind = MeasureKind.PERCENT_CORRECT) -> Goal:
    return a_goal(starts_on=START, measure=Measure(kind=kind))


def _problems(text: str, goal: Goal | None = None) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRows) as refused:
        rows_from_csv(text, goal or _goal(), today=TODAY)
    return [(place, problem.code) for place, problem in refused.value.problems]


def test_points_go_out_with_their_raw_fields() -> None:
    """One row per point: day, exact score, what was typed, ids; a correction names what it corrects."""
    goal = _goal()
    old, new = points_of(goal, {START: {"correct": 1, "trials": 3}, TODAY: {"correct": 0, "trials": 0}})
    rows = list(csv.DictReader(io.StringIO(points_to_csv([old, correct_point(old, new)]))))

    assert list(POINT_COLUMNS) == list(rows[0])
    assert ("2026-09-07", repr(100 / 3), "correct=1;trials=3", str(old.id), "") == tuple(rows[0].values())
    assert ("2026-11-24", "", "correct=0;trials=0", str(new.id), str(old.id)) == tuple(rows[1].values())


def test_lines_end_as_the_standard_says() -> None:
    """RFC 4180: CR LF after each, the header too."""
    assert points_to_csv([]) == ",".join(POINT_COLUMNS) + "\r\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_rows_come_in_from_any_spreadsheet(end: str, mark: str) -> None:
    """Any line end, with or without a byte order mark, columns in any order, spaces around, empty lines."""
    lines = ["trials, correct ,observed_on", "10,8, 2026-09-14 ", "", '"10","9",2026-09-21', ""]
    text = mark + end.join(lines)

    assert (
        PointRow(observed_on=date(2026, 9, 14), reading=PercentReading(correct=8, trials=10)),
        PointRow(observed_on=date(2026, 9, 21), reading=PercentReading(correct=9, trials=10)),
    ) == rows_from_csv(text, _goal(), today=TODAY)


def test_empty_file_has_no_rows() -> None:
    """Nothing, or a header alone, is no mistake."""
    assert rows_from_csv("", _goal(), today=TODAY) == ()
    assert rows_from_csv("observed_on,correct,trials\n", _goal(), today=TODAY) == ()


def test_every_problem_is_named_by_its_line() -> None:
    """Lines are counted as a person sees them, empty ones too; nothing comes in when one is wrong."""
    text = "\n".join(
        [
            "observed_on,correct,trials",
            "2026-09-14,8,10",
            "",
            "2026-09-15,9,8",
            "yesterday,8,10",
            ",8,10",
            "2026-11-25,8,10",
            "2026-09-06,8,10",
            "2026-09-16,eight,10",
            "2026-09-17,1_0,10",
            "2026-09-18,,10",
            "2026-09-18,nan,10",
            "2026-09-19,-1,10",
            "2026-09-19,8.5,10",
        ]
    )

    assert [
        ("line 4: correct", "correct_over_trials"),
        ("line 5: observed_on", "not_a_day"),
        ("line 6: observed_on", "not_a_day"),
        ("line 7: observed_on", "in_future"),
        ("line 8: observed_on", "before_start"),
        ("line 9: correct", "not_a_number"),
        ("line 10: correct", "not_a_number"),
        ("line 11: correct", "missing_field"),
        ("line 12: correct", "not_a_number"),
        ("line 13: correct", "negative"),
        ("line 14: correct", "not_whole"),
    ] == _problems(text)


def test_unknown_column_is_refused_and_cells_beyond_the_header_are_left() -> None:
    """A column the measure has no field for is no data; a trailing comma is nothing."""
    assert [("line 2: count", "unknown_field")] == _problems(
        "observed_on,correct,trials,count\n2026-09-14,1,2,3\n"
    )
    extra = "observed_on,count\n2026-09-14,3,,\n"

    assert (PointRow(observed_on=date(2026, 9, 14), reading=CountReading(count=3)),) == rows_from_csv(
        extra, _goal(MeasureKind.FREQUENCY), today=TODAY
    )


def test_short_row_says_what_is_missing() -> None:
    """A row without all its cells is one problem, not a crash."""
    assert [("line 2: trials", "missing_field")] == _problems("observed_on,correct,trials\n2026-09-14,1\n")


def test_file_that_is_no_table_is_one_problem() -> None:
    """A cell larger than any reading ends the reading with a line number."""
    assert [("line 2", "not_csv")] == _problems('observed_on,correct,trials\n"' + "x" * 200_000 + '",1,2\n')


@given(st.text(max_size=200))
def test_any_text_is_rows_or_problems(text: str) -> None:
    """Whatever is dropped on the page, the answer is rows or named lines."""
    try:
        rows_from_csv(text, _goal(), today=TODAY)
    except InvalidRows as refused:
        assert refused.problems  # noqa: PT017


@given(
    st.lists(
        st.tuples(st.integers(0, 70), st.integers(0, 20), st.integers(0, 20)).filter(
            lambda row: row[1] <= row[2]
        ),
        max_size=20,
    )
)
def test_rows_are_read_as_they_were_written(rows: list[tuple[int, int, int]]) -> None:
    """What a spreadsheet holds is what comes in, in its order."""
    text = "observed_on,correct,trials\n" + "".join(
        f"{START + timedelta(days=day)},{correct},{trials}\n" for day, correct, trials in rows
    )

    assert [(START + timedelta(days=day), correct, trials) for day, correct, trials in rows] == [
        (row.observed_on, row.reading.correct, row.reading.trials)  # type: ignore[union-attr]
        for row in rows_from_csv(text, _goal(), today=TODAY)
    ]
