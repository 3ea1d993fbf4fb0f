"""Words in gradebooks, in SQL."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Sequence

from iepcore.ids import StudentId
from iepcore.notices import GradebookWord
from lti_app.storage import gradebook_tables as t
from lti_app.storage.site_rows import Mapped, SiteRows

WORDS = Mapped(t.gradebook_word, GradebookWord)


class GradebookRows:
    """``GradebookRepository`` over one transaction."""

    def __init__(self, rows: SiteRows) -> None:
        self._rows = rows

    def add(self, word: GradebookWord) -> GradebookWord:
        c = t.gradebook_word.c
        return self._rows.add_first(WORDS, word, c.by_id == word.by_id, c.client_key == word.client_key)

    def save(self, word: GradebookWord) -> None:
        self._rows.save(WORDS, word, version=word.version)

    def of_student(self, student_id: StudentId) -> Sequence[GradebookWord]:
        c = t.gradebook_word.c
        return self._rows.all(WORDS, c.student_id == student_id, order=(c.written_at,))
