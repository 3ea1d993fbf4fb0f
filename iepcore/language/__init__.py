"""Language: tags, phrases with slots, free text kept as written, and the catalogues that render phrases."""

from __future__ import annotations

from iepcore.language.advice import advice_phrase
from iepcore.language.catalogue import (
    CatalogueStatus,
    Translations,
    catalogue_languages,
    catalogue_status,
    has_message,
    known_phrase,
)
from iepcore.language.formats import DayStyle, format_day, format_number
from iepcore.language.lists import listed
from iepcore.language.phrases import MAX_TEXT, FreeText, Name, Part, Phrase
from iepcore.language.rendering import Rendered, Segment, SegmentKind, Value, render, segments
from iepcore.language.runs import foreign_runs
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
    "CatalogueStatus",
    "DayStyle",
    "Direction",
    "FreeText",
    "Language",
    "Name",
    "Part",
    "Phrase",
    "Rendered",
    "Segment",
    "SegmentKind",
    "Translations",
    "Value",
    "advice_phrase",
    "catalogue_languages",
    "catalogue_status",
    "direction_of",
    "english_name",
    "foreign_runs",
    "format_day",
    "format_number",
    "has_message",
    "known_phrase",
    "language",
    "listed",
    "normalise_tag",
    "own_name",
    "render",
    "segments",
]
