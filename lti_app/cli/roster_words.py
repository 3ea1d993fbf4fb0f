"""What ``iep roster`` says of files, rows and connectors: English for whoever runs the server, no child's
name."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import click

from connectors.oneroster import ProblemReport
from iepcore.errors import IepError
from iepcore.language import advice_phrase, render
from iepcore.people import PullProgress, UnreadRow

SHOWN = 50

_ROWS = {
    "row_form": "a cell has no form that we can read",
    "row_length": "more cells than the header has; perhaps a comma that nobody quoted",
    "not_utf8": "the line is not UTF-8",
    "not_csv": "quotation marks are not as CSV wants them",
    "quote_open": "a quotation mark is never closed; the rest of the file could not be read",
    "row_too_long": "the row never ends; the rest of the file could not be read",
    "id_twice": "two rows of one id disagree; neither is believed",
    "id_dangling": "it names an id that no file tells",
    "not_announced": "the manifest calls this file absent; it was not read",
}


def problem_line(row: UnreadRow) -> str:
    """Return one problem as compilers write theirs: file, line, columns, words. Never a value."""
    columns = f" {', '.join(row.fields)}:" if row.fields else ""
    return f"{row.place}:{row.line}:{columns} {_ROWS.get(row.code, row.code)}"


def show_problems(report: ProblemReport, *, every: bool = False) -> None:
    """Write the problems to standard error, the first fifty or all that were kept."""
    rows = report.rows if every else report.rows[:SHOWN]
    for row in rows:
        click.echo(problem_line(row), err=True)
    if report.total > len(rows):
        click.echo(f"… and {report.total - len(rows):,} more.", err=True)


def refusal(error: IepError) -> click.ClickException:
    """Return what a person can do about a refusal, with the file and the columns it is about."""
    said = render(advice_phrase(error), "en").text
    about = " ".join(str(error.params[key]) for key in ("place", "fields", "field") if key in error.params)
    return click.ClickException(f"{said} ({about or error.code}) Nothing was changed.")


def problem_values(rows: Sequence[UnreadRow]) -> list[dict[str, object]]:
    """Return problems for JSON."""
    return [
        {"file": row.place, "line": row.line, "code": row.code, "columns": list(row.fields)} for row in rows
    ]


def show_json(document: Mapping[str, object]) -> None:
    """Write one JSON document to standard output."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


@dataclass(slots=True)
class Bar:
    """How far it is, on a terminal's last line; silent anywhere else."""

    write: Callable[[str], None] = field(default=lambda text: click.echo(text, nl=False, err=True))
    shown: bool = field(default_factory=lambda: sys.stderr.isatty())
    width: int = 0

    def rows(self, count: int) -> None:
        """Hear how many rows were read."""
        self._line(f"{count:,} rows read")

    def tell(self, progress: PullProgress) -> None:
        """Hear how many courses are done."""
        if progress.of and progress.done:
            full = 30 * progress.done // progress.of
            self._line(f"[{'#' * full}{'.' * (30 - full)}] {progress.done} of {progress.of} courses")

    def end(self) -> None:
        """Take the line away."""
        if self.width:
            self.write("\r" + " " * self.width + "\r")
            self.width = 0

    def _line(self, text: str) -> None:
        if self.shown:
            self.write("\r" + text.ljust(self.width))
            self.width = len(text)
