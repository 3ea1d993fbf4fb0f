"""Language: tags, phrases with slots, free text kept as written, and the catalogues that render phrases."""

from __future__ import annotations

from iepcore.language.phrases import MAX_TEXT, FreeText, Name, Part, Phrase
from iepcore.language.tags import (
    LANGUAGES,
    Direction,
    Language,
    direction_of,
    english_name,
    language,
    normalise_tag,
    own_name,
)

__all__ = [
    "LANGUAGES",
    "MAX_TEXT",
    "Direction",
    "FreeText",
    "Language",
    "Name",
    "Part",
    "Phrase",
    "direction_of",
    "english_name",
    "language",
    "normalise_tag",
    "own_name",
]
