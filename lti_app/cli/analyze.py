"""``iep analyze``: effect sizes of many series of scores from a CSV file, for whoever studies a district."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from pathlib import Path
from typing import TextIO

import click

from lti_app.cli.analysis import COLUMNS, SeriesRows, analysed

SERIES_AT_ONCE = 2_000
ERRORS_SHOWN = 50
_NEEDED = ("series", "session", "phase", "score")


@click.command()
@click.argument("source", type=click.File("r", encoding="utf-8-sig"))
@click.option("--to", "target", type=click.Path(dir_okay=False), default="-", help="A new file, or - .")
@click.option(
    "--direction",
    type=click.Choice(["increase", "decrease"]),
    default="increase",
    show_default=True,
    help="Which way is better, where the file has no column `direction`.",
)
@click.option("--baseline", default="A", show_default=True, help="The label of the baseline phase.")
@click.option("--intervention", default="B", show_default=True, help="The label of the intervention phase.")
def analyze(source: TextIO, target: str, direction: str, baseline: str, intervention: str) -> None:
    """Compute effect sizes for each series of a CSV file: columns series, session, phase, score.

    Rows of one series stand together. `session` is a number or a day (2025-09-01), an empty `score` is
    missing. The answer is CSV again, one row per series. Lines that cannot be read are named by number, and
    their series is left out. Give the series neutral numbers, not names.
    """
    reader = _Reader(source, direction, {baseline: 0, intervention: 1})
    with ExitStack() as stack:
        writer = csv.writer(_opened(target, stack), lineterminator="\n")
        writer.writerow(COLUMNS)
        done = 0
        try:
            for several in _batches(reader.series(), SERIES_AT_ONCE):
                writer.writerows(analysed(several))
                done += len(several)
                if _is_terminal():
                    click.echo(f"\r{done} series …", nl=False, err=True)
        except UnicodeDecodeError:
            raise click.ClickException("The file is not text in UTF-8.") from None
        except csv.Error:
            raise click.ClickException(f"line {reader.line}: this is not CSV.") from None
    if _is_terminal():
        click.echo(err=True)
    click.echo(f"Computed {done} series.", err=True)
    if reader.problems:
        more = reader.problems - ERRORS_SHOWN
        if more > 0:
            click.echo(f"… and {more} more.", err=True)
        raise click.ClickException(
            f"{reader.problems} lines could not be read; {reader.left_out} series were left out."
        )


def _is_terminal() -> bool:
    return sys.stderr.isatty()


def _opened(target: str, stack: ExitStack) -> TextIO:
    if target == "-":
        return sys.stdout
    place = Path(target)
    try:
        file = stack.enter_context(place.open("x", encoding="utf-8", newline=""))
    except FileExistsError:
        raise click.ClickException(f"{target} exists. Choose a new name.") from None
    place.chmod(0o600)
    return file


def _batches(series: Iterable[SeriesRows], size: int) -> Iterator[list[SeriesRows]]:
    several: list[SeriesRows] = []
    for one in series:
        several.append(one)
        if len(several) == size:
            yield several
            several = []
    if several:
        yield several


@dataclass(slots=True)
class _Reader:
    """Reads one series after the other; never more than one is in hand."""

    source: TextIO
    direction: str
    phases: dict[str, int]
    line: int = 1
    problems: int = 0
    left_out: int = 0
    seen: set[str] = field(default_factory=set)

    def series(self) -> Iterator[SeriesRows]:
        """Yield each series whose lines could all be read."""
        rows = csv.DictReader(self.source)
        names = [name.strip().lower() for name in rows.fieldnames or ()]
        missing = [name for name in _NEEDED if name not in names]
        if missing:
            raise click.ClickException(f"The first line lacks: {', '.join(missing)}.")
        rows.fieldnames = names
        current: SeriesRows | None = None
        is_whole = True
        for row in rows:
            self.line = rows.line_num
            name = (row["series"] or "").strip()
            if current is None or name != current.name:
                if current is not None:
                    yield from self._finished(current, is_whole)
                current, is_whole = SeriesRows(name=name, direction=self.direction), True
                if not name or name in self.seen:
                    self._refuse("series", "not_together" if name else "missing")
                    is_whole = False
                self.seen.add(name)
            is_whole = self._add(current, row) and is_whole
        if current is not None:
            yield from self._finished(current, is_whole)

    def _finished(self, series: SeriesRows, is_whole: bool) -> Iterator[SeriesRows]:
        if is_whole:
            yield series
        else:
            self.left_out += 1

    def _add(self, series: SeriesRows, row: dict[str, str]) -> bool:
        """Put a row into its series; say whether it could be read."""
        before = self.problems
        phase = self.phases.get((row["phase"] or "").strip())
        if phase is None:
            self._refuse("phase", "unknown_phase")
        session = self._session((row["session"] or "").strip())
        text = (row["score"] or "").strip()
        score = self._number(text, "score") if text else None
        way = (row.get("direction") or "").strip().lower()
        if way and way not in ("increase", "decrease"):
            self._refuse("direction", "unknown_direction")
        elif way:
            series.direction = way
        if self.problems > before or phase is None or session is None:
            return False
        series.add(phase, session, score)
        return True

    def _session(self, text: str) -> float | None:
        if text.count("-") == 2:
            try:
                return float(date.fromisoformat(text).toordinal())
            except ValueError:
                self._refuse("session", "not_a_date")
                return None
        return self._number(text, "session")

    def _number(self, text: str, column: str) -> float | None:
        try:
            number = float("x" if "_" in text else text)
        except ValueError:
            number = float("nan")
        if not isfinite(number):
            self._refuse(column, "not_a_number")
            return None
        return number

    def _refuse(self, column: str, code: str) -> None:
        """Name a line and what is wrong with it, never what it says."""
        self.problems += 1
        if self.problems <= ERRORS_SHOWN:
            click.echo(f"line {self.line}: {column}: {code}", err=True)
