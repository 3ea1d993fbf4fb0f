"""The gradebook of the practice LMS: columns of courses and the cells of pupils, in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class Refused(Exception):
    """A request the service says no to."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a course's gradebook; ``more`` is what the tool said beyond title and maximum."""

    id: int
    course_id: int
    label: str
    maximum: float
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One pupil's cell: the mark, and every comment ever sent, oldest first."""

    at: datetime
    score: float | None = None
    maximum: float | None = None
    comments: tuple[str, ...] = ()


class Gradebook:
    """Columns and cells in memory; every method is safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._columns: dict[int, Column] = {}
        self._cells: dict[tuple[int, str], Cell] = {}
        self._next = 1

    def columns(self, course_id: int) -> list[Column]:
        """The columns of a course, oldest first."""
        with self._lock:
            return [one for one in self._columns.values() if one.course_id == course_id]

    def column(self, course_id: int, column_id: int) -> Column:
        """One column; raises :class:`Refused` when the course has none of that number."""
        with self._lock:
            found = self._columns.get(column_id)
        if found is None or found.course_id != course_id:
            raise Refused(404, "The specified resource does not exist.")
        return found

    def add(self, course_id: int, label: str, maximum: float, more: Mapping[str, Any]) -> Column:
        """A new column."""
        with self._lock:
            column = Column(id=self._next, course_id=course_id, label=label, maximum=maximum, more=dict(more))
            self._columns[column.id] = column
            self._next += 1
        return column

    def save(self, column: Column) -> None:
        """Replace a column."""
        with self._lock:
            self._columns[column.id] = column

    def remove(self, column: Column) -> None:
        """Take a column and its cells away."""
        with self._lock:
            self._columns.pop(column.id, None)
            self._cells = {key: cell for key, cell in self._cells.items() if key[0] != column.id}

    def cells(self, column: Column) -> dict[str, Cell]:
        """The cells of a column by the pupil's subject."""
        with self._lock:
            return {user: cell for (number, user), cell in self._cells.items() if number == column.id}

    def change(self, column: Column, user: str, step: Callable[[Cell | None], Cell]) -> None:
        """Change one cell as ``step`` says."""
        with self._lock:
            key = (column.id, user)
            self._cells[key] = step(self._cells.get(key))

    def clear(self) -> None:
        """No columns any more; numbers go on."""
        with self._lock:
            self._columns.clear()
            self._cells.clear()
