"""Reads the shared reference of progress statistics and holds our numbers against it, row by row."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

Row: TypeAlias = dict[str, str]
Points: TypeAlias = tuple[tuple[float, ...], tuple[float | None, ...]]

SEGMENTS = ("A", "B", "AB")


class Reference:
    """The series of the reference and its rows; counts what agrees, what is explained and what is neither."""

    def __init__(self, shared: Path) -> None:
        self._folder = shared / "reference" / "progress"
        if not (self._folder / "series.csv").is_file():
            pytest.skip("the shared material beside this checkout has no reference of progress statistics")
        self.agreed: Counter[str] = Counter()
        self.explained: Counter[str] = Counter()
        self.unexplained: list[str] = []
        self._points: dict[tuple[str, str], list[tuple[float, float | None]]] = defaultdict(list)
        for row in self.rows("series.csv"):
            point = (float(row["session"]), float(row["value"]) if row["value"] else None)
            for segment in (row["phase"], "AB"):
                self._points[row["case_id"], segment].append(point)
        self.cases = {row["case_id"]: row for row in self.rows("cases.csv")}

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the rows of one file."""
        with (self._folder / name).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    def segment_rows(self, *statistics: str) -> Iterator[Row]:
        """Yield the expected values of some statistics that are given per segment of a series."""
        for name in ("expected_r.csv", "expected_py.csv"):
            for row in self.rows(name):
                if row["statistic"] in statistics and row["variant"] in SEGMENTS:
                    yield row

    def points(self, row: Row) -> Points:
        """Return the x and y of the segment a row is about."""
        xs, ys = zip(*self._points[row["case_id"], row["variant"]], strict=True)
        return xs, ys

    def size(self, row: Row) -> float:
        """Return the largest score of a row's segment: what rounding is measured by."""
        return max((abs(y) for y in self.points(row)[1] if y is not None), default=0.0)

    def check(
        self, row: Row, got: float | None, *, rel: float = 1e-9, noise: float = 0.0, why: str | None = None
    ) -> None:
        """Count one row; ``noise`` is what rounding alone may amount to, ``why`` explains a difference."""
        name = f"{row['tool']} {row['statistic']} {row['field']}"
        if _same(row, got, rel, noise):
            self.agreed[name] += 1
        elif why is not None:
            self.explained[f"{name}: {why}"] += 1
        else:
            where = f"{row['case_id']} {row['variant']}"
            self.unexplained.append(f"{name} {where}: {row['value']} here {got}")


def _same(row: Row, got: float | None, rel: float, noise: float) -> bool:
    if row.get("status", "ok") != "ok" or row["value"] in ("", "NaN", "NA"):
        return got is None
    expected = float(row["value"])
    return got is not None and abs(expected - got) <= max(rel * max(abs(expected), abs(got)), noise)
