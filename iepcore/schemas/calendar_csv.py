"""A school's calendar and its numbers as CSV: one line per year, day or number, every problem named by its
line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import date

from iepcore.calendars import (
    FEDERAL_RULES,
    WEEKDAYS,
    CalendarLine,
    DayUnit,
    LineKind,
    PolicyKey,
    PolicyLevel,
    PolicyRule,
)
from iepcore.errors import InvalidRows, InvalidValue

CALENDAR_COLUMNS: tuple[str, ...] = (
    "kind",
    "name",
    "first",
    "last",
    "weekdays",
    "key",
    "value",
    "unit",
    "level",
    "effective_from",
    "citation",
)
"""Columns by name, in any order; ``kind`` must be there. What a kind of line needs stands in
docs/how-to/school-calendar.md."""

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ANCHORS = {rule.key: rule.anchor for rule in FEDERAL_RULES}
_MONTH_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
LONGEST_FILE = 1_000_000


def calendar_lines_from_csv(text: str) -> tuple[CalendarLine, ...]:
    """Return the lines of a CSV file. Days are written 2026-08-31 or 8/31/2026 (month first).

    Raises:
        InvalidRows: with one problem per line and column; nothing is returned then.
    """
    if len(text) > LONGEST_FILE:
        raise InvalidRows([("file", InvalidValue("calendar_file_big", params={"limit": LONGEST_FILE}))])
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    lines: list[CalendarLine] = []
    problems: list[tuple[str, InvalidValue]] = []
    try:
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        _check_columns(reader.fieldnames)
        for cells in reader:
            row, place = _Row(cells), f"line {reader.line_num}"
            line = None if row.is_blank else _line(row, place)
            if line is not None:
                lines.append(line)
            problems.extend((f"{place}: {one.field or 'row'}", one) for one in row.wrong)
    except csv.Error:
        problems.append((f"line {reader.line_num + 1}", InvalidValue("not_csv", field="row")))
    except InvalidValue as refused:
        problems.append(("line 1", refused))
    if problems:
        raise InvalidRows(problems)
    return tuple(lines)


def _check_columns(names: list[str]) -> None:
    if "kind" not in names:
        raise InvalidValue("calendar_column", field="kind")
    unknown = [name for name in names if name not in CALENDAR_COLUMNS]
    if unknown or len(set(names)) != len(names):
        raise InvalidValue("calendar_column", field="header")


def _line(row: _Row, place: str) -> CalendarLine | None:
    """Return the line of a row, or None with every problem of it noted in ``row.wrong``."""
    kind = row.kind()
    first, last, weekdays = row.day("first"), row.day("last"), row.weekdays()
    rule = _rule(row) if kind is LineKind.POLICY else None
    if kind is None or row.wrong:
        return None
    try:
        return CalendarLine(
            place=place,
            kind=kind,
            name=row.text("name"),
            first=first,
            last=last,
            weekdays=weekdays,
            rule=rule,
        )
    except InvalidValue as refused:
        row.wrong.append(refused)
        return None


def _rule(row: _Row) -> PolicyRule | None:
    key, value, unit, level = row.key(), row.number(), row.unit(), row.level()
    since = row.day("effective_from")
    if key is None or value is None or row.wrong:
        return None
    try:
        return PolicyRule(
            key=key,
            value=value,
            unit=unit,
            anchor=_ANCHORS.get(key, ""),
            citation=row.text("citation"),
            level=level,
            effective_from=since or date.min,
        )
    except InvalidValue as refused:
        row.wrong.append(refused)
        return None


class _Row:
    """The cells of one row; what cannot be read is noted, and the rest is read all the same."""

    def __init__(self, cells: Mapping[str | None, object]) -> None:
        self._cells = cells
        self.wrong: list[InvalidValue] = []
        if None in cells:
            self.wrong.append(InvalidValue("calendar_cells", field="row"))

    def text(self, name: str) -> str:
        """Return a cell without the spaces around it."""
        found = self._cells.get(name)
        return found.strip() if isinstance(found, str) else ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not self.wrong and not any(self.text(name) for name in CALENDAR_COLUMNS)

    def kind(self) -> LineKind | None:
        """Return what the row is about."""
        try:
            return LineKind(self.text("kind").lower().replace(" ", "_"))
        except ValueError:
            self._refuse("calendar_line_kind", "kind")
            return None

    def day(self, name: str) -> date | None:
        """Return a day; nothing for an empty cell."""
        text = self.text(name)
        if not text:
            return None
        us = _MONTH_FIRST.fullmatch(text)
        try:
            if us is not None:
                month, day, year = map(int, us.groups())
                return date(year, month, day)
            return date.fromisoformat(text)
        except ValueError:
            self._refuse("not_a_day", name)
            return None

    def weekdays(self) -> frozenset[int]:
        """Return days of the week: "Mon-Thu", "Mon Wed Fri", nothing for Monday to Friday."""
        text = self.text("weekdays").lower()
        if not text:
            return WEEKDAYS
        found: set[int] = set()
        for part in re.split(r"[\s,;/]+", re.sub(r"\s*-\s*", "-", text)):
            ends = [_WEEK.index(end[:3]) if end[:3] in _WEEK else -1 for end in part.split("-")]
            if -1 in ends or len(ends) > 2 or ends[0] > ends[-1]:
                self._refuse("term_weekdays", "weekdays")
                return WEEKDAYS
            found.update(range(ends[0], ends[-1] + 1))
        return frozenset(found)

    def key(self) -> PolicyKey | None:
        """Return which number it sets."""
        try:
            return PolicyKey(self.text("key").lower())
        except ValueError:
            self._refuse("calendar_policy_key", "key")
            return None

    def number(self) -> int | None:
        """Return the number itself."""
        text = self.text("value")
        if re.fullmatch(r"[0-9]{1,6}", text) is None:
            self._refuse("policy_value", "value")
            return None
        return int(text)

    def unit(self) -> DayUnit | None:
        """Return what is counted; nothing for a plain count."""
        text = self.text("unit").lower()
        try:
            return DayUnit(text) if text else None
        except ValueError:
            self._refuse("calendar_policy_unit", "unit")
            return None

    def level(self) -> PolicyLevel:
        """Return who set it: the district where nothing stands."""
        text = self.text("level").lower() or PolicyLevel.DISTRICT.value
        if text not in {PolicyLevel.DISTRICT.value, PolicyLevel.STATE.value}:
            self._refuse("policy_level", "level")
            return PolicyLevel.DISTRICT
        return PolicyLevel(text)

    def _refuse(self, code: str, field: str) -> None:
        self.wrong.append(InvalidValue(code, field=field))
