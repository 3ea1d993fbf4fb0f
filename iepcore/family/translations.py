"""How free text crosses languages: the original always stays; a translation is a record of its own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, MessageId, StudentId, TranslationId
from iepcore.language import FreeText, normalise_tag


class TranslationMethod(StrEnum):
    """Who translated. Nothing else than these two may be shown, and always with the badge."""

    PERSON = "person"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationRequest:
    """A named interpreter was asked to translate one part of one message. It opens that part to them,
    nothing else.

    ``part`` counts from 0. ``done_at`` is set when the translation came.
    """

    id: TranslationId
    message_id: MessageId
    student_id: StudentId
    part: int
    to_language: str
    interpreter_id: AdultId
    asked_by: AdultId
    asked_at: datetime
    done_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "to_language", normalise_tag(self.to_language))
        if self.part < 0:
            raise InvalidValue("part_range", field="part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """Words in another language beside the original. ``source_hash`` ties it to the exact original text."""

    message_id: MessageId
    part: int
    text: FreeText
    method: TranslationMethod
    by_id: AdultId | None
    by_name: str
    source_hash: str
    made_at: datetime


def source_hash(text: FreeText) -> str:
    """Return the SHA-256 (hex) of an original: language and words."""
    return hashlib.sha256(f"{text.lang}\0{text.text}".encode()).hexdigest()
