"""Rows of one CSV file by the names of its columns (RFC 4180). Only the columns asked for leave the line."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.oneroster.archive import Archive, Line
from connectors.oneroster.faults import OneRosterFault, Problems
from iepcore.people import UnreadRow


@dataclass(frozen=True, slots=True, repr=False)
class RawRow:
    """The cells of one row that we read, trimmed, by column; ``line`` is where it begins, from 1."""

    line: int
    cells: Mapping[str, str]


class Rows:
    """The rows of one file. A row that is no row is a problem and the next is read; when a quotation mark is
    never closed, or the text runs on without end, the rest cannot be told apart: ``broke_off``. ``lost``
    hears of each row that is none.

    ``columns`` are those to read; ``needed`` of them must stand in the header.
    """

    def __init__(
        self,
        archive: Archive,
        name: str,
        *,
        columns: Sequence[str],
        needed: Sequence[str],
        problems: Problems,
        lost: Callable[[UnreadRow], None] = lambda row: None,
    ) -> None:
        self._archive = archive
        self._name = name
        self._columns = columns
        self._needed = needed
        self._problems = problems
        self._lost = lost
        self.broke_off = False
        self.read = 0

    def __iter__(self) -> Iterator[RawRow]:
        """Yield each row once.

        Raises:
            OneRosterFault: ``header_missing``, ``column_missing``, ``column_twice``, and those of
                ``Archive.lines``.
        """
        records = _Records(self._archive.lines(self._name), self._archive.limits.record)
        header = next(records, None)
        if header is None or header.code or not any(header.cells):
            raise OneRosterFault("header_missing", place=self._name)
        places = _places(header.cells, self._columns, self._needed, self._name)
        width = len(header.cells)
        for record in records:
            if record.code:
                self._lost(self._problems.add(self._name, record.line, record.code))
                if record.is_last:
                    self.broke_off = True
                continue
            cells = record.cells
            if not any(cells):
                continue
            self.read += 1
            if len(cells) > width and any(cells[width:]):
                # The cells of such a row may have moved: a comma that nobody quoted.
                self._lost(self._problems.add(self._name, record.line, "row_length"))
                continue
            yield RawRow(
                record.line,
                {
                    column: cells[place].strip() if place < len(cells) else ""
                    for column, place in places.items()
                },
            )


def _places(
    header: Sequence[str], columns: Sequence[str], needed: Sequence[str], name: str
) -> dict[str, int]:
    """Return where each wanted column stands, whatever the order and the letter case of the header."""
    found: dict[str, list[int]] = {}
    for place, title in enumerate(header):
        found.setdefault(title.strip().casefold(), []).append(place)
    missing = [column for column in needed if column.casefold() not in found]
    if missing:
        raise OneRosterFault("column_missing", place=name, fields=missing)
    twice = [column for column in columns if len(found.get(column.casefold(), ())) > 1]
    if twice:
        raise OneRosterFault("column_twice", place=name, fields=twice)
    return {column: found[column.casefold()][0] for column in columns if column.casefold() in found}


@dataclass(frozen=True, slots=True, repr=False)
class _Record:
    line: int
    cells: Sequence[str] = ()
    code: str = ""
    is_last: bool = False


class _Records:
    """Lines joined to records by the csv module, with the number of each one's first line."""

    def __init__(self, lines: Iterator[Line], limit: int) -> None:
        self._lines = lines
        self._limit = limit
        self._number = 0
        self._first = 0
        self._length = 0
        self._is_utf8 = True
        self._too_long = False
        self._ended = False
        self._reader = csv.reader(self._texts(), strict=True)

    def _texts(self) -> Iterator[str]:
        for line in self._lines:
            self._number = line.number
            if not self._first:
                self._first = line.number
            self._length += len(line.text)
            self._is_utf8 = self._is_utf8 and line.is_utf8
            if self._length > self._limit:
                self._too_long = True
                return
            yield line.text
        self._ended = True

    def __iter__(self) -> Iterator[_Record]:
        return self

    def __next__(self) -> _Record:
        self._first, self._length, self._is_utf8 = 0, 0, True
        cells: Sequence[str] = ()
        failed = False
        try:
            cells = next(self._reader)
        except csv.Error:
            failed = True
        line = self._first or self._number
        if self._too_long:
            self._too_long = False
            return _Record(line, code="row_too_long", is_last=True)
        if failed:
            # At the end of the text, an open quotation mark has swallowed all that came after it.
            return _Record(line, code="quote_open" if self._ended else "not_csv", is_last=self._ended)
        return _Record(line, cells) if self._is_utf8 else _Record(line, code="not_utf8")
