"""The report as a page (Markdown) or a table (CSV)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from lti_app.privacy.answers import Installed, questionnaire, retention, subprocessors
from lti_app.privacy.elements import DataElement, data_elements, tables_without_personal_data
from lti_app.privacy.schedule import CATEGORIES

GENERIC_NOTE = (
    "This page is generated from the tables' own declarations by `iep privacy report --generic`, and a test"
    " fails when it falls behind. `iep privacy report` writes the same page for your installation, with the"
    " names of your servers; `--format csv` writes the schedule as a table."
)
COLUMNS = ("category", "element", "collected", "about", "table", "columns", "stored in", "erased by")


def markdown(installed: Installed | None = None) -> str:
    """Return the page. Without ``installed`` it names no server and fits every installation."""
    place = installed.database if installed else "the database of `IEP_DATABASE_URL`"
    lines = ["# Data elements", ""]
    lines += [GENERIC_NOTE if installed is None else f"Installation at {installed.address}.", ""]
    lines += [
        "Shaped for the schedule of data of a data-privacy agreement (NDPA) and for the questions of a vendor"
        " questionnaire (HECVAT). It says what the program does; whether that is enough is the school's"
        " judgement.",
        "",
        "## Schedule of data",
        "",
        f"All of it is stored in {place}, and in backups.",
        "",
    ]
    lines += _table(
        ("Category", "Element", "About whom", "Table", "What erases it"),
        [row for category in CATEGORIES for row in _rows(category)],
    )
    lines += ["", "## Columns", ""]
    lines += _table(
        ("Table", "Element", "Columns"),
        ((f"`{one.table}`", one.element, ", ".join(one.columns)) for one in data_elements()),
    )
    lines += ["", "## Tables without personal data", ""]
    lines += _table(
        ("Table", "What it holds"), ((f"`{name}`", what) for name, what in tables_without_personal_data())
    )
    lines += ["", "## Who else gets data", ""]
    lines += _table(("Who", "What", "When"), subprocessors(installed))
    lines += ["", "## How long it stays", ""]
    lines += _table(("What", "How long"), retention())
    lines += ["", "## Questions of a vendor questionnaire", ""]
    lines += _table(
        ("Section", "Question", "What the program does"),
        ((one.section, one.question, one.answer) for one in questionnaire(installed)),
    )
    return "\n".join(lines) + "\n"


def as_csv(installed: Installed | None = None) -> str:
    """Return the schedule of data as CSV, a line per element, and one for a category without any."""
    place = installed.database if installed else "the database of IEP_DATABASE_URL"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for category in CATEGORIES:
        for one in _of(category):
            erased = one.erased_by.replace("`", "")
            writer.writerow(
                (category, one.element, "yes", one.about, one.table, " ".join(one.columns), place, erased)
            )
        if not _of(category):
            writer.writerow((category, "", "no", "", "", "", "", ""))
    return out.getvalue()


def _of(category: str) -> tuple[DataElement, ...]:
    return tuple(one for one in data_elements() if one.category == category)


def _rows(category: str) -> list[tuple[str, ...]]:
    """Return the lines of a category: its elements, or that there is none."""
    found = _of(category)
    if not found:
        return [(category, "not collected", "", "", "")]
    return [(category, one.element, one.about, f"`{one.table}`", one.erased_by) for one in found]


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return lines + [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
