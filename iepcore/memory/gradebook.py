"""Words in gradebooks, in memory."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Sequence

from iepcore.ids import StudentId
from iepcore.memory.rows import MemoryRows
from iepcore.notices import GradebookWord


class MemoryGradebook:
    """``GradebookRepository`` over one unit of work."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows

    def add(self, word: GradebookWord) -> GradebookWord:
        return self._rows.add_first(word)

    def save(self, word: GradebookWord) -> None:
        self._rows.save(word, version=word.version)

    def of_student(self, student_id: StudentId) -> Sequence[GradebookWord]:
        return self._rows.all(
            GradebookWord, lambda one: one.student_id == student_id, order=lambda one: one.written_at
        )
