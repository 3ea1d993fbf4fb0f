"""What can be wrong with a OneRoster file: faults of the whole, and rows that cannot be read.

A fault and a row's problem carry the name of a file of the standard, a line, names of columns and a code of
ours. Neither ever carries a value, a name of a file somebody chose, or the words of the library underneath.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from iepcore.errors import ConnectorError
from iepcore.people import UnreadRow

KEPT_ROWS = 10_000
"""So many problems are kept one by one; those beyond are counted."""


class OneRosterFault(ConnectorError):
    """The file as a whole cannot be used; nothing of it was taken. ``place`` is the file of the standard it
    is about (``users.csv``), or empty; ``fields`` the columns.

    Codes: ``file_unreadable`` (not there, no permission, a broken disk), ``file_too_large``, ``not_a_zip``,
    ``zip_broken`` (half written, or damaged on its way), ``zip_encrypted``, ``zip_folders``, ``zip_names``,
    ``zip_twice``, ``zip_method``, ``zip_bomb``, ``manifest_missing``, ``manifest_form``, ``version_unknown``,
    ``file_missing``, ``header_missing``, ``column_missing``, ``column_twice``, ``not_text``, ``is_delta``,
    ``is_bulk``, ``school_unknown``.
    """

    default_code = "one_roster"

    def __init__(self, code: str, *, place: str = "", fields: Iterable[str] = ()) -> None:
        self.place = place
        self.fields = tuple(fields)
        params = {"place": place} if place else {}
        if self.fields:
            params["fields"] = " ".join(self.fields)
        super().__init__(code, params=params)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemReport:
    """The rows that could not be taken as they stand, in the order of the files. Beyond ``KEPT_ROWS`` they
    are counted only: ``total`` is how many there are, ``counts`` by file and code."""

    rows: tuple[UnreadRow, ...] = ()
    total: int = 0
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)


class Problems:
    """Collects problems while a file is read."""

    def __init__(self) -> None:
        self._rows: list[UnreadRow] = []
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, place: str, line: int, code: str, fields: Iterable[str] = ()) -> UnreadRow:
        """Note one row and return the note.

        Codes: ``row_form`` (a cell has no form we can read), ``row_length`` (more cells than the header),
        ``not_utf8``, ``not_csv``, ``quote_open``, ``row_too_long``, ``id_twice``, ``id_dangling``,
        ``not_announced``.
        """
        row = UnreadRow(place=place, line=line, code=code, fields=tuple(sorted(fields)))
        self._counts[place, code] += 1
        if len(self._rows) < KEPT_ROWS:
            self._rows.append(row)
        return row

    def report(self) -> ProblemReport:
        """Return what was noted so far, by file and line."""
        rows = sorted(self._rows, key=lambda one: (one.place, one.line, one.code, one.fields))
        return ProblemReport(
            rows=tuple(rows), total=self._counts.total(), counts=dict(sorted(self._counts.items()))
        )
