"""Phrases with slots and free text: what a message is made of before anybody reads it.

A ``Phrase`` is rendered in each reader's own language from a catalogue; a ``FreeText`` is shown exactly
as it was written, in its own language and direction, and is never passed off as translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from iepcore.errors import InvalidValue
from iepcore.language.tags import Direction, direction_of, normalise_tag

MAX_TEXT = 20_000
"""Longest free text in characters. A page of print has about 3,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A proper name: shown as written in every language, isolated from the direction around it."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeText:
    """Words as a person wrote them. ``lang`` is a BCP-47 tag.

    Raises:
        InvalidValue: ``text_empty``, ``text_form`` (a NUL character), ``text_too_long`` or
        ``unknown_language`` (field ``text`` or ``lang``).
    """

    text: str
    lang: str

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise InvalidValue("text_empty", field="text")
        if "\0" in self.text:
            raise InvalidValue("text_form", field="text")
        if len(self.text) > MAX_TEXT:
            raise InvalidValue("text_too_long", field="text", params={"limit": MAX_TEXT})
        object.__setattr__(self, "lang", normalise_tag(self.lang))

    @property
    def dir(self) -> Direction:
        """Writing direction of the original, ``ltr`` or ``rtl``."""
        return direction_of(self.lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A sentence of the catalogue: its key and the values of its slots.

    Slots hold numbers and dates (formatted for the reader, never translated), names, other phrases, or free
    text. A plain ``str`` is a code of the catalogue's own (shown as it is), never a person's words.
    """

    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for value in self.params.values():
            if not isinstance(value, str | int | float | date | Name | FreeText | Phrase):
                raise InvalidValue("slot_type", field="params", params={"key": self.key})
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    def __hash__(self) -> int:
        return hash((self.key, frozenset(self.params.items())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and self.key == other.key and dict(self.params) == dict(other.params)


Part = Phrase | FreeText
"""One part of a message body."""
