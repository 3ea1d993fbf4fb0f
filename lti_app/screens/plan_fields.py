"""Reading the form of one part of a plan: words, days, numbers and answers, each refusal at its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from iepcore.errors import InvalidValue
from iepcore.ids import StudentId
from iepcore.language import FreeText

Typed = Mapping[str, str]
Code = TypeVar("Code", bound=StrEnum)


@dataclass(slots=True, kw_only=True)
class PartForm:
    """What is needed to read a form: the child, the language staff write in, what stood there before, and the
    areas a goal can build on.

    ``errors`` maps a field to a refusal; the first thing said of a field counts.
    """

    student_id: StudentId
    lang: str
    before: object = None
    areas: tuple[str, ...] = ()
    errors: dict[str, InvalidValue] = field(default_factory=dict)

    def refuse(self, name: str, code: str) -> None:
        """Note what is wrong with a field."""
        self.errors.setdefault(name, InvalidValue(code, field=name))

    def note(self, error: InvalidValue, name: str = "") -> None:
        """Note a refusal of the domain at its field."""
        self.errors.setdefault(name or error.field or "words", error)

    def text(self, typed: Typed, name: str, before: FreeText | None = None) -> FreeText | None:
        """Return the words of a field. Words nobody touched keep the language they were written in."""
        words = typed.get(name, "").strip()
        if not words:
            return None
        if before is not None and words == before.text.strip():
            return before
        try:
            return FreeText(text=words, lang=typed.get(f"{name}_lang") or self.lang)
        except InvalidValue as error:
            self.note(error, name)
            return None

    def needed(self, typed: Typed, name: str, before: FreeText | None = None) -> FreeText | None:
        """Return the words of a field that cannot stay empty."""
        found = self.text(typed, name, before)
        if found is None:
            self.refuse(name, "text_empty")
        return found

    def day(self, typed: Typed, name: str) -> date | None:
        """Return a day that has to be there."""
        try:
            return date.fromisoformat(typed.get(name, "").strip())
        except ValueError:
            self.refuse(name, "not_a_date")
            return None

    def whole(self, typed: Typed, name: str) -> int | None:
        """Return a whole number."""
        text = typed.get(name, "").strip()
        if not text.isdecimal() or len(text) > 6:
            self.refuse(name, "not_whole")
            return None
        return int(text)

    def code(self, typed: Typed, name: str, of: type[Code]) -> Code | None:
        """Return one of several answers."""
        try:
            return of(typed.get(name, ""))
        except ValueError:
            self.refuse(name, "answer_missing")
            return None


def words_of(text: FreeText | None) -> str:
    """Return words as a field holds them."""
    return text.text if text is not None else ""
