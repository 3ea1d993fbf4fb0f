"""From a phrase to what one reader sees: segments that each know their language and direction, and text.

A screen makes HTML of the segments (``<bdi>`` for names, ``lang`` and ``dir`` where they differ); a channel
that sends plain text takes the text, in which runs of the other direction stand in Unicode isolates
(UAX #9: FSI ... PDI), so that a Latin name cannot shuffle a Dari sentence.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal

from iepcore.errors import InvalidValue
from iepcore.language.catalogue import Message, Translations, find_message, template_parts
from iepcore.language.formats import day_message, format_number, number_language
from iepcore.language.phrases import FreeText, Name, Phrase
from iepcore.language.tags import Direction, direction_of

FSI, PDI = "\u2068", "\u2069"
UNDETERMINED, NOT_LANGUAGE = "und", "zxx"
"""BCP-47: a name is of no language we know; a link or a reference is of none at all."""

PLURAL_SLOTS = ("n", "count", "value")
"""The slots whose number chooses among plural forms; the first one there decides."""

_LINK = ("https://", "http://")
_TURNS_RIGHT = frozenset({"R", "AL", "AN"})
_CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})

Value = Phrase | FreeText | Name | int | float | date


class SegmentKind(StrEnum):
    """What a run of text is. ``free_text`` is somebody's own words inside a sentence, never translated."""

    WORDS = "words"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    CODE = "code"
    FREE_TEXT = "free_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of text with its language and direction; ``auto`` (a name) follows its own letters."""

    text: str
    kind: SegmentKind
    lang: str
    dir: Direction | Literal["auto"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What one reader sees, as text, and the segments it was made of.

    ``lang`` and ``dir`` are of the whole. ``is_original``: words as a person wrote them, not ours.
    ``fallback``: English stands in for the language asked for, in whole or in part. ``key`` is the phrase's.
    """

    text: str
    lang: str
    dir: Direction
    is_original: bool
    fallback: bool
    key: str | None
    segments: tuple[Segment, ...]

    @property
    def untranslated(self) -> tuple[Segment, ...]:
        """The runs in somebody's own words and another language: what a screen marks "not translated yet"."""
        if self.is_original:
            return ()
        return tuple(
            run for run in self.segments if run.kind is SegmentKind.FREE_TEXT and run.lang != self.lang
        )


def segments(part: Value, lang: str, *, translations: Translations | None = None) -> tuple[Segment, ...]:
    """Return the runs of a phrase, a text, a name, a number or a day for a reader of ``lang``, in order.

    Raises:
        InvalidValue: ``unknown_phrase``, or ``slot_missing`` when a phrase lacks what its sentence says.
    """
    return _joined(_runs(part, lang, translations))


def render(
    part: Value, lang: str, *, isolate: bool = True, translations: Translations | None = None
) -> Rendered:
    """Return a part as a reader of ``lang`` sees it. Free text comes back untouched in its own language.

    A key that ``lang`` does not have, or a language without a catalogue, comes out in English and says so
    (``lang``, ``fallback``). With ``isolate`` off the text has no invisible characters of ours (HTML made of
    the segments, a subject line).

    Raises:
        InvalidValue: as :func:`segments`.
    """
    runs = segments(part, lang, translations=translations)
    if isinstance(part, FreeText):
        return Rendered(
            text=part.text,
            lang=part.lang,
            dir=part.dir,
            is_original=True,
            fallback=False,
            key=None,
            segments=runs,
        )
    whole = _language_of_whole(part, lang, translations)
    mixed = any(run.kind is SegmentKind.WORDS and run.lang != whole.lang for run in runs)
    direction = _direction_of_name(part.text) if isinstance(part, Name) else direction_of(whole.lang)
    alone = isinstance(part, Name)
    return Rendered(
        text="".join(
            _contained(run) if isolate and not alone and _needs_isolation(run, direction) else run.text
            for run in runs
        ),
        lang=whole.lang,
        dir=direction,
        is_original=False,
        fallback=whole.fallback or mixed,
        key=part.key if isinstance(part, Phrase) else None,
        segments=runs,
    )


def _runs(part: Value | str, lang: str, translations: Translations | None) -> Iterator[Segment]:
    match part:
        case Phrase():
            yield from _runs_of_phrase(part, lang, translations)
        case FreeText():
            yield Segment(text=part.text, kind=SegmentKind.FREE_TEXT, lang=part.lang, dir=part.dir)
        case Name():
            yield Segment(text=part.text, kind=SegmentKind.NAME, lang=UNDETERMINED, dir="auto")
        case date():
            day = day_message(part, lang, translations=translations)
            yield Segment(text=day.text, kind=SegmentKind.DATE, lang=day.lang, dir=direction_of(day.lang))
        case str():
            yield Segment(text=part, kind=SegmentKind.CODE, lang=NOT_LANGUAGE, dir="ltr")
        case _:
            tag = number_language(lang)
            text = format_number(part, tag)
            yield Segment(text=text, kind=SegmentKind.NUMBER, lang=tag, dir=direction_of(tag))


def _runs_of_phrase(phrase: Phrase, lang: str, translations: Translations | None) -> Iterator[Segment]:
    found = _message_of(phrase, lang, translations)
    for words, slot in template_parts(found.text):
        if words:
            direction = direction_of(found.lang)
            yield Segment(text=words, kind=SegmentKind.WORDS, lang=found.lang, dir=direction)
        if slot is None:
            continue
        if slot not in phrase.params:
            raise InvalidValue("slot_missing", params={"key": phrase.key, "slot": slot})
        value = phrase.params[slot]
        assert isinstance(value, str | int | float | date | Name | FreeText | Phrase)  # Phrase checked it
        # A number follows the words around it; a phrase is looked up anew in the reader's language.
        yield from _runs(value, lang if isinstance(value, Phrase) else found.lang, translations)


def _message_of(phrase: Phrase, lang: str, translations: Translations | None) -> Message:
    return find_message(phrase.key, lang, number=plural_number(phrase.params), translations=translations)


def plural_number(params: Mapping[str, object]) -> int | float | None:
    """Return the number that chooses the plural form, as it is shown (one decimal), or None."""
    for slot in PLURAL_SLOTS:
        value = params.get(slot)
        if isinstance(value, int | float):
            return round(value, 1)
    return None


def _language_of_whole(part: Value, lang: str, translations: Translations | None) -> Message:
    """The language a part comes out in, as a message without words of its own."""
    match part:
        case Phrase():
            return _message_of(part, lang, translations)
        case date():
            return day_message(part, lang, translations=translations)
        case Name():
            return Message(text="", lang=UNDETERMINED, fallback=False)
        case _:
            tag = number_language(lang)
            return Message(text="", lang=tag, fallback=tag != lang)


def _joined(runs: Iterable[Segment]) -> tuple[Segment, ...]:
    """Join neighbours that are both our words in one language: a nested phrase leaves no seam."""
    joined: list[Segment] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last is not None and last.kind is run.kind is SegmentKind.WORDS and last.lang == run.lang:
            joined[-1] = replace(last, text=last.text + run.text)
        else:
            joined.append(run)
    return tuple(joined)


def _needs_isolation(run: Segment, around: Direction) -> bool:
    """Tell whether a run could disturb what stands around it, or be disturbed.

    A Latin name among Latin words cannot, so English and Spanish notices stay free of invisible characters.
    A link is never wrapped: mail programs take the closing mark for a part of the address. Catalogues put
    links on a line of their own.
    """
    if run.kind is SegmentKind.CODE and run.text.startswith(_LINK):
        return False
    if run.dir == "auto":
        classes = {unicodedata.bidirectional(letter) for letter in run.text}
        return around == "rtl" or not classes.isdisjoint(_TURNS_RIGHT | _CONTROLS)
    return run.dir != around


def _contained(run: Segment) -> str:
    """Wrap a run, without direction controls of its own: a name must not break out of its isolate."""
    kept = "".join(letter for letter in run.text if unicodedata.bidirectional(letter) not in _CONTROLS)
    return f"{FSI}{kept}{PDI}"


def _direction_of_name(text: str) -> Direction:
    """The direction of the first letter that has one (UAX #9, rule P2)."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    first = next((kind for kind in strong if kind in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"
