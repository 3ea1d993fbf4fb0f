"""Points as CSV, for a spreadsheet: one row per point out, and rows in with every problem named by its
line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from iepcore.errors import InvalidRows, InvalidValue
from iepcore.plan import DataPoint, Goal
from iepcore.progress import Reading, raw_of, reading_from_raw

POINT_COLUMNS: tuple[str, ...] = ("observed_on", "score", "raw", "point_id", "corrects")
"""Columns of an exported file; reading needs only ``observed_on`` and one column per raw field of the
measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRow:
    """One row to record: the day and the raw reading."""

    observed_on: date
    reading: Reading


def points_to_csv(points: Iterable[DataPoint]) -> str:
    """Return points as CSV (RFC 4180, header row, UTF-8 when encoded), oldest first as given."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(POINT_COLUMNS)
    for point in points:
        raw = ";".join(f"{name}={value}" for name, value in raw_of(point.reading).items())
        score = "" if point.score is None else repr(point.score)
        writer.writerow(
            (point.observed_on.isoformat(), score, raw, str(point.id), str(point.supersedes or ""))
        )
    return out.getvalue()


def rows_from_csv(text: str, goal: Goal, *, today: date) -> tuple[PointRow, ...]:
    """Return the rows of a CSV file for one goal, columns by name: ``observed_on`` and the measure's raw
    fields.

    Raises:
        InvalidRows: with one problem per line and column; nothing is returned then.
    """
    # newline="": lines may end as on any system, and a quoted cell may hold such an end.
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    rows: list[PointRow] = []
    problems: list[tuple[str, InvalidValue]] = []
    try:
        reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
        for row in reader:
            try:
                rows.append(PointRow(observed_on=_day(row, goal, today), reading=_reading(row, goal)))
            except InvalidValue as refused:
                problems.append((f"line {reader.line_num}: {refused.field or 'row'}", refused))
    except csv.Error:
        problems.append((f"line {reader.line_num + 1}", InvalidValue("not_csv", field="row")))
    if problems:
        raise InvalidRows(problems)
    return tuple(rows)


def _day(row: Mapping[str, str | None], goal: Goal, today: date) -> date:
    try:
        day = date.fromisoformat((row.get("observed_on") or "").strip())
    except ValueError:
        raise InvalidValue("not_a_day", field="observed_on") from None
    if day > today:
        raise InvalidValue("in_future", field="observed_on")
    if day < goal.starts_on:
        raise InvalidValue("before_start", field="observed_on")
    return day


def _reading(row: Mapping[str, str | None], goal: Goal) -> Reading:
    raw = {
        name: _number(text.strip())
        for name, text in row.items()
        if name and name != "observed_on" and isinstance(text, str) and text.strip()
    }
    return reading_from_raw(goal.measure, raw)


def _number(text: str) -> object:
    """Return the number a cell holds, or its text for the measure to refuse."""
    if "_" in text:  # Python reads 1_0 as ten; a person who typed it did not mean that
        return text
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text
