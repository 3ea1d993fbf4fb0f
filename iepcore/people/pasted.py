"""A list that somebody pastes from a spreadsheet or a page of the school's system, read without guessing.

Columns are known by the words of a header or by what a person says, never by what stands in them. Each row
that can be read waits for a person's yes; whatever was changed on the way to it stands in its notes. A birth
date is left out unless it is asked for. Pure: text in, values out.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.language.tags import LANGUAGES, language
from iepcore.people.caselists import WantedPupil, grade_of
from iepcore.people.students import check_name

MOST_ROWS = 500
LONGEST_CELL = 200
_MAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]{1,189}")


class PastedColumn(StrEnum):
    """What a column holds. A column of anything else is left out."""

    NAME = "name"
    """The whole name: "Maya Quill", or "Quill, Maya", which is turned."""
    FIRST = "first"
    LAST = "last"
    SIS_ID = "sis_id"
    MAIL = "mail"
    GRADE = "grade"
    LANGUAGE = "language"
    BORN_ON = "born_on"


class Separator(StrEnum):
    """What stands between two cells."""

    TAB = "\t"
    SEMICOLON = ";"
    COMMA = ","
    NONE = ""
    """Nothing: each line is one cell."""


class PasteQuestion(StrEnum):
    """What a person must say before any row can be read."""

    WHICH_IS_NAME = "which_is_name"
    """No column is known to hold the name."""
    NAME_TWICE = "name_twice"
    """Both a whole name and a part of it, or one kind of column twice."""
    COMMA = "comma"
    """Each line has one comma: it may stand between two columns, or in "Quill, Maya"."""


class PasteNote(StrEnum):
    """What a person should look at before saying yes to a row."""

    NAME_TURNED = "name_turned"
    NAME_COMMAS = "name_commas"
    SAME_NAME = "same_name"
    GRADE_UNKNOWN = "grade_unknown"
    LANGUAGE_UNKNOWN = "language_unknown"
    BIRTH_DATE_UNCLEAR = "birth_date_unclear"
    MORE_CELLS = "more_cells"


_HEADERS = {
    PastedColumn.NAME: ("name", "student", "student name", "full name", "pupil", "pupil name"),
    PastedColumn.FIRST: ("first", "first name", "given name", "preferred name"),
    PastedColumn.LAST: ("last", "last name", "family name", "surname"),
    PastedColumn.SIS_ID: ("id", "student id", "student number", "student no", "sis id", "local id", "number"),
    PastedColumn.MAIL: ("email", "e mail", "mail", "email address", "student email"),
    PastedColumn.GRADE: ("grade", "grade level", "gr"),
    PastedColumn.LANGUAGE: ("language", "home language"),
    PastedColumn.BORN_ON: ("birth date", "birthdate", "date of birth", "dob", "birthday"),
}
_BY_WORDS = {words: column for column, many in _HEADERS.items() for words in many}


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedTable:
    """The cells of a paste. ``columns`` are those that a header names, None for every other; ``lines`` are
    (number from 1, cells), without the header and blank ones."""

    separator: Separator
    header: tuple[str, ...] = field(repr=False)
    columns: tuple[PastedColumn | None, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...] = field(repr=False)
    comma_unclear: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedRow:
    """One row that can be read, for a person to say yes to."""

    line: int
    name: str = field(repr=False)
    sis_id: str = field(default="", repr=False)
    mail: str = field(default="", repr=False)
    grade: str = ""
    language: str = ""
    born_on: date | None = field(default=None, repr=False)
    notes: tuple[PasteNote, ...] = ()

    def wanted(self) -> WantedPupil:
        """Return the row as one of a case manager's list."""
        return WantedPupil(
            name=self.name, sis_id=self.sis_id, mail=self.mail, grade=self.grade, language=self.language
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedProblem:
    """A row that cannot be read: its line from 1, why (a code), and the column. Never a value.

    Codes: ``name_empty``, ``name_too_long``, ``name_form``, ``cell_too_long``, ``sis_id_form``,
    ``sis_id_twice`` (one number, two names), ``row_twice``, ``mail_form``, ``too_many_rows``.
    """

    line: int
    code: str
    column: PastedColumn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedList:
    """What a paste says: rows to say yes to, rows that cannot be read, and what a person must say first."""

    rows: tuple[PastedRow, ...] = ()
    problems: tuple[PastedProblem, ...] = ()
    questions: tuple[PasteQuestion, ...] = ()

    def confirmed(self, lines: Collection[int]) -> tuple[PastedRow, ...]:
        """Return the rows whose line somebody has said yes to."""
        return tuple(row for row in self.rows if row.line in lines)


def read_paste(
    text: str, *, separator: Separator | None = None, has_header: bool | None = None
) -> PastedTable:
    """Return the cells of a paste. What a person says (``separator``, ``has_header``) goes before what the
    text looks like."""
    lines = [(number, line) for number, line in enumerate(_plain(text).split("\n"), 1) if line.strip()]
    between = separator if separator is not None else _separator([line for _, line in lines])
    rows = [(number, _cells(line, between)) for number, line in lines]
    rows = [(number, cells) for number, cells in rows if any(cells)]
    first = rows[0][1] if rows else ()
    named = tuple(_column(cell) for cell in first)
    is_header = any(named) if has_header is None else has_header
    width = max((len(cells) for _, cells in rows), default=0)
    columns = named if is_header else (PastedColumn.NAME,) if width == 1 else ()
    commas = {line.count(",") for _, line in lines}
    return PastedTable(
        separator=between,
        header=first if is_header else (),
        columns=columns + (None,) * (width - len(columns)),
        lines=tuple(rows[1:] if is_header and rows else rows),
        comma_unclear=separator is None and between is Separator.COMMA and commas == {1} and not any(named),
    )


def pasted_rows(
    table: PastedTable,
    columns: Sequence[PastedColumn | None] | None = None,
    *,
    birth_dates: bool = False,
) -> PastedList:
    """Return what the rows say. ``columns`` is what a person says of them, in order; else the header's words
    count. ``birth_dates``: read them too."""
    chosen = tuple(columns) if columns is not None else table.columns
    questions = tuple(_questions(table, chosen, told=columns is not None))
    if questions:
        return PastedList(questions=questions)
    rows: list[PastedRow] = []
    problems: list[PastedProblem] = []
    for place, (line, cells) in enumerate(table.lines):
        if place == MOST_ROWS:
            problems.append(PastedProblem(line=line, code="too_many_rows"))
            break
        found = _row(line, cells, chosen, len(table.header) or len(chosen), birth_dates)
        if isinstance(found, PastedRow):
            rows.append(found)
        else:
            problems.append(found)
    kept, doubled = _each_once(rows)
    return PastedList(rows=kept, problems=tuple(sorted([*problems, *doubled], key=lambda one: one.line)))


def _plain(text: str) -> str:
    """Return the text with one kind of line end and space, and without signs that nobody sees."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return "".join(sign for sign in lines if sign in "\n\t" or sign.isprintable())


def _separator(lines: Sequence[str]) -> Separator:
    """Return what stands in at least half of the lines: a tab before a semicolon before a comma."""
    for sign in (Separator.TAB, Separator.SEMICOLON, Separator.COMMA):
        if lines and 2 * sum(sign.value in line for line in lines) >= len(lines):
            return sign
    return Separator.NONE


def _cells(line: str, separator: Separator) -> tuple[str, ...]:
    if separator is Separator.NONE:
        return (" ".join(line.split()),)
    # One line at a time: a quotation mark that nobody closed must not swallow the next child.
    [cells] = csv.reader([line], delimiter=separator.value, skipinitialspace=True)
    return tuple(" ".join(cell.split()) for cell in cells)


def _column(cell: str) -> PastedColumn | None:
    return _BY_WORDS.get(" ".join(re.sub(r"[^a-z]+", " ", cell.casefold()).split()))


def _questions(
    table: PastedTable, columns: Sequence[PastedColumn | None], *, told: bool
) -> Iterator[PasteQuestion]:
    counted = Counter(one for one in columns if one is not None)
    has_parts = counted[PastedColumn.FIRST] and counted[PastedColumn.LAST]
    if table.comma_unclear and not told:
        yield PasteQuestion.COMMA
    elif not counted[PastedColumn.NAME] and not has_parts:
        yield PasteQuestion.WHICH_IS_NAME
    parts = counted[PastedColumn.FIRST] + counted[PastedColumn.LAST]
    if any(count > 1 for count in counted.values()) or (counted[PastedColumn.NAME] and parts):
        yield PasteQuestion.NAME_TWICE


def _row(
    line: int,
    cells: Sequence[str],
    columns: Sequence[PastedColumn | None],
    width: int,
    birth_dates: bool,
) -> PastedRow | PastedProblem:
    told = {column: cell for column, cell in zip(columns, cells, strict=False) if column is not None}
    for column, cell in told.items():
        if len(cell) > LONGEST_CELL:
            return PastedProblem(line=line, code="cell_too_long", column=column)
    notes: set[PasteNote] = {PasteNote.MORE_CELLS} if any(cells[width:]) else set()
    name = _name(told, notes)
    try:
        check_name(name, field="name")
    except InvalidValue as wrong:
        return PastedProblem(line=line, code=wrong.code, column=PastedColumn.NAME)
    number, mail = told.get(PastedColumn.SIS_ID, ""), told.get(PastedColumn.MAIL, "")
    if number and not re.fullmatch(r"[\w.\-/]{1,64}", number):
        return PastedProblem(line=line, code="sis_id_form", column=PastedColumn.SIS_ID)
    if mail and not _MAIL.fullmatch(mail):
        return PastedProblem(line=line, code="mail_form", column=PastedColumn.MAIL)
    grade = grade_of(told.get(PastedColumn.GRADE))
    if told.get(PastedColumn.GRADE) and not grade:
        notes.add(PasteNote.GRADE_UNKNOWN)
    tongue = _language(told.get(PastedColumn.LANGUAGE, ""))
    if told.get(PastedColumn.LANGUAGE) and not tongue:
        notes.add(PasteNote.LANGUAGE_UNKNOWN)
    born_on = _day(told.get(PastedColumn.BORN_ON, "")) if birth_dates else None
    if birth_dates and told.get(PastedColumn.BORN_ON) and born_on is None:
        notes.add(PasteNote.BIRTH_DATE_UNCLEAR)
    return PastedRow(
        line=line,
        name=name,
        sis_id=number,
        mail=mail,
        grade=grade,
        language=tongue,
        born_on=born_on,
        notes=_in_order(notes),
    )


def _name(told: dict[PastedColumn, str], notes: set[PasteNote]) -> str:
    whole = told.get(PastedColumn.NAME)
    if whole is None:
        return f"{told.get(PastedColumn.FIRST, '')} {told.get(PastedColumn.LAST, '')}".strip()
    parts = [part.strip() for part in whole.split(",")]
    if len(parts) == 2 and all(parts):
        notes.add(PasteNote.NAME_TURNED)
        return f"{parts[1]} {parts[0]}"
    if len(parts) > 1:
        notes.add(PasteNote.NAME_COMMAS)
    return whole


def _language(text: str) -> str:
    """Return the tag of a language we know by its tag or its name; empty for any other."""
    for one in LANGUAGES:
        if text.casefold() in {one.own_name.casefold(), one.english_name.casefold()}:
            return one.tag
    try:
        known = language(text)
    except InvalidValue:
        return ""
    return known.tag if known is not None else ""


def _day(text: str) -> date | None:
    """Return a day in ISO 8601 only: 03/04 is March to one reader and April to the next."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _each_once(rows: Sequence[PastedRow]) -> tuple[tuple[PastedRow, ...], list[PastedProblem]]:
    """Set aside rows that stand twice and numbers of two names; mark names of two rows."""
    by_number: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        by_number[row.sis_id].add(row.name.casefold())
    kept: list[PastedRow] = []
    problems: list[PastedProblem] = []
    seen: set[str] = set()
    for row in rows:
        if row.sis_id and len(by_number[row.sis_id]) > 1:
            problems.append(PastedProblem(line=row.line, code="sis_id_twice", column=PastedColumn.SIS_ID))
        elif row.sis_id and row.sis_id in seen:
            problems.append(PastedProblem(line=row.line, code="row_twice"))
        else:
            kept.append(row)
        seen.add(row.sis_id)
    names = Counter(row.name.casefold() for row in kept)
    return tuple(
        replace(row, notes=_in_order({*row.notes, PasteNote.SAME_NAME}))
        if names[row.name.casefold()] > 1
        else row
        for row in kept
    ), problems


def _in_order(notes: Collection[PasteNote]) -> tuple[PasteNote, ...]:
    return tuple(note for note in PasteNote if note in notes)
