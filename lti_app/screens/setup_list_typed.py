"""A list as somebody pastes it, from a spreadsheet or by hand: names, numbers, grades and languages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from iepcore.errors import InvalidValue
from iepcore.language import LANGUAGES
from iepcore.people import WantedPupil, grade_of, pasted_rows, read_paste

MOST_ROWS = 200
_HEADINGS = frozenset(
    {"name", "names", "first", "last", "given", "family", "student", "students", "pupil", "pupils", "nombre"}
    | {"number", "id", "grade", "email", "mail", "language", "home", "alumno", "apellido", "apellidos"}
    | {"grado", "número", "correo", "idioma"}
)
_NUMBER = re.compile(r"[A-Za-z]{0,3}[0-9]{3,}[A-Za-z0-9-]*")
_LANGUAGES = {
    words.casefold(): one.tag for one in LANGUAGES for words in (one.tag, one.english_name, one.own_name)
}


def wanted_of(text: str) -> tuple[WantedPupil, ...]:
    """Return the rows of a pasted list, each line one pupil; a line of headings and empty lines are left out.

    An export with a header is read by it, and columns that are not asked for (birth dates, addresses at home)
    are left out. Else columns may stand in any order: what looks like a number, an address, a grade or a
    language is one, the rest is the name. "Quill, Maya" is one name.

    Raises:
        InvalidValue: ``list_empty``, ``list_too_long``; ``list_line`` with the number of a line of an export
            that cannot be read.
    """
    headed = _by_header(text)
    if headed:
        return headed
    rows = [row for line in text.splitlines() if (row := _cells(line)) and not _is_heading(row)]
    if not rows:
        raise InvalidValue("list_empty", field="text")
    if len(rows) > MOST_ROWS:
        raise InvalidValue("list_too_long", field="text", params={"limit": MOST_ROWS})
    return tuple(_wanted(row) for row in rows)


def _by_header(text: str) -> tuple[WantedPupil, ...]:
    """Return the rows of an export whose header names the columns and whose every line has them; else
    nothing."""
    table = read_paste(text)
    if not table.header or any(len(cells) != len(table.header) for _, cells in table.lines):
        return ()
    found = pasted_rows(table)
    if found.questions:
        return ()
    if len(table.lines) > MOST_ROWS:
        raise InvalidValue("list_too_long", field="text", params={"limit": MOST_ROWS})
    wrong = [one for one in found.problems if one.code != "row_twice"]
    if wrong:
        raise InvalidValue("list_line", field="text", params={"line": wrong[0].line})
    return tuple(row.wanted() for row in found.rows)


def _cells(line: str) -> list[str]:
    mark = next((one for one in ("\t", ";") if one in line), ",")
    cells = [" ".join(cell.strip().strip('"').split()) for cell in line.split(mark)]
    return [cell for cell in cells if cell]


def _is_heading(cells: Iterable[str]) -> bool:
    words = [word for cell in cells for word in re.findall(r"\w+", cell.casefold())]
    return bool(words) and all(word in _HEADINGS for word in words)


def _wanted(cells: list[str]) -> WantedPupil:
    found = {"sis_id": "", "mail": "", "grade": "", "language": ""}
    names: list[str] = []
    for cell in cells:
        kind, value = _kind(cell)
        if kind and not found[kind]:
            found[kind] = value
        else:
            names.append(cell)
    return WantedPupil(name=", ".join(names[:2])[:120], **found)


def _kind(cell: str) -> tuple[str, str]:
    if cell.count("@") == 1 and " " not in cell:
        return "mail", cell
    if _NUMBER.fullmatch(cell):
        return "sis_id", cell
    if grade_of(cell):
        return "grade", grade_of(cell)
    if cell.casefold() in _LANGUAGES:
        return "language", _LANGUAGES[cell.casefold()]
    return "", cell
