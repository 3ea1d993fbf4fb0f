"""A message as one reader sees it: phrases in their language, own words as written or as translated.

Words of a person never pass for translated: beside each language other than theirs stands what became of it
(translated by NAME, NAME is asked, not translated yet) and one button per interpreter who may be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from markupsafe import Markup, escape

from iepcore.family import Message, Translation, TranslationMethod, TranslationRequest, source_hash
from iepcore.ids import AdultId
from iepcore.language import (
    FreeText,
    Phrase,
    direction_of,
    english_name,
    format_day,
    format_number,
    own_name,
    render,
)
from iepcore.people import Adult
from lti_app.screens.page import Frame

LABEL = "update.label."
"""Keys of the headings that stand before a teacher's own words."""

Lines = tuple[tuple[Markup, str, str, str], ...]
"""What the bubble macro shows: (words, language, direction, heading)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """A language that somebody reads and a message's own words are not in.

    ``state``: ``done``, ``asked`` or ``open``. ``parts`` are those not translated yet; ``asks`` the
    interpreters to ask, as (id, name). ``lines`` are the words in this language when all of them are there.
    """

    lang: str
    words: str
    state: Literal["done", "asked", "open"]
    by: str
    machine: bool
    parts: tuple[int, ...]
    asks: tuple[tuple[str, str], ...]
    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message's words for one reader. ``original`` is what was written, when ``lines`` are a translation.

    ``mine`` is the reader's own language when it matters, ``others`` those of the people it was sent to.
    """

    id: str
    lines: Lines
    original: Lines
    written_in: str
    mine: Tongue | None
    others: tuple[Tongue, ...]


def words_of(
    frame: Frame,
    message: Message,
    *,
    translations: Sequence[Translation],
    requests: Sequence[TranslationRequest],
    interpreters: Sequence[Adult],
    names: dict[AdultId, str],
    reads: str | None,
    others: Sequence[str] = (),
) -> Words:
    """Return a message for a reader of ``reads`` (None: its author, who needs no translation).

    ``others`` are the languages of the people it was sent to, for the staff who follow it.
    """
    own = [(at, part) for at, part in enumerate(message.parts) if isinstance(part, FreeText)]
    written = own[0][1].lang if own else ""

    def tongue(lang: str) -> Tongue | None:
        foreign = [(at, part) for at, part in own if not same_language(part.lang, lang)]
        if not foreign:
            return None
        found = {at: _translation(translations, at, part, lang) for at, part in foreign}
        open_parts = tuple(at for at, one in found.items() if one is None)
        asked = {
            names.get(one.interpreter_id, "")
            or next((who.name for who in interpreters if who.id == one.interpreter_id), "")
            for one in requests
            if one.part in open_parts and same_language(one.to_language, lang) and one.done_at is None
        }
        done = [one for one in found.values() if one is not None]
        state: Literal["done", "asked", "open"] = "done" if not open_parts else "asked" if asked else "open"
        by = sorted({one.by_name for one in done} if not open_parts else asked)
        return Tongue(
            lang=lang,
            words=language_word(frame, lang),
            state=state,
            by=", ".join(name for name in by if name),
            machine=any(one.method is TranslationMethod.MACHINE for one in done),
            parts=open_parts,
            asks=() if state != "open" else fitting(interpreters, foreign[0][1].lang, lang),
            lines=_lines(frame, message, {at: one for at, one in found.items() if one}) if done else (),
        )

    mine = tongue(reads) if reads is not None else None
    as_written = _lines(frame, message, {})
    translated = mine is not None and bool(mine.lines)
    return Words(
        id=str(message.id),
        lines=mine.lines if mine is not None and translated else as_written,
        original=_lines(frame, message, {}, only=_translated(own, mine)) if translated else (),
        written_in=language_word(frame, written) if written else "",
        mine=mine,
        others=tuple(
            one
            for lang in dict.fromkeys(others)
            if (one := tongue(lang)) is not None and (mine is None or not same_language(lang, mine.lang))
        ),
    )


def same_language(one: str, other: str) -> bool:
    """Tell whether two tags name one language, whatever the region."""
    return one.split("-")[0].lower() == other.split("-")[0].lower()


def language_word(frame: Frame, tag: str) -> str:
    """Return a language's name in the words of the page; where those have none, as its readers write it."""
    known = {"en": frame.words("English"), "es": frame.words("Spanish"), "prs": frame.words("Dari")}
    said = known.get(tag.split("-")[0], "")
    if frame.lang == "en":
        return english_name(tag)
    return said if said and said != english_name(tag) else own_name(tag)


def fitting(interpreters: Sequence[Adult], one: str, other: str) -> tuple[tuple[str, str], ...]:
    """Return the interpreters for a pair of languages as (id, name).

    Those who read the one that is not English stand alone when there are any; otherwise all are offered.
    """
    wanted = {tag.split("-")[0] for tag in (one, other)} - {"en"}
    near = [who for who in interpreters if who.reads.split("-")[0] in wanted]
    return tuple((str(who.id), who.name) for who in (near or interpreters))


def when_words(frame: Frame, at: datetime) -> str:
    """Return the day and the hour of an instant, as the reader's own clock shows it."""
    local = frame.local(at)
    return f"{format_day(local.date(), frame.lang, style='short')}, {clock_words(frame, local)}"


def clock_words(frame: Frame, local: datetime) -> str:
    """Return hours and minutes; the digits follow the language's own."""
    text = f"{local:%H:%M}"
    zero = format_number(0, frame.lang)
    return text if zero == "0" else text.translate({ord("0") + n: ord(zero) + n for n in range(10)})


def _translation(
    translations: Sequence[Translation], at: int, part: FreeText, lang: str
) -> Translation | None:
    """Return the newest translation of exactly these words into a language."""
    mark = source_hash(part)
    found = [
        one
        for one in translations
        if one.part == at and one.source_hash == mark and same_language(one.text.lang, lang)
    ]
    return found[-1] if found else None


def _translated(own: Sequence[tuple[int, FreeText]], tongue: Tongue | None) -> frozenset[int]:
    """Return which of a person's own words have been put into a language."""
    if tongue is None:
        return frozenset()
    foreign = {at for at, part in own if not same_language(part.lang, tongue.lang)}
    return frozenset(foreign - set(tongue.parts))


def _lines(
    frame: Frame, message: Message, found: dict[int, Translation], *, only: frozenset[int] | None = None
) -> Lines:
    lines: list[tuple[Markup, str, str, str]] = []
    heading = ""
    for at, part in enumerate(message.parts):
        if isinstance(part, Phrase):
            rendered = render(part, frame.lang)
            if part.key.startswith(LABEL):
                heading = rendered.text
                continue
            if only is None:
                lines.append((frame.say(part), rendered.lang, rendered.dir, heading))
        elif only is None or at in only:
            text = found[at].text if at in found else part
            lines.append((escape(text.text), text.lang, direction_of(text.lang), heading))
        heading = ""
    return tuple(lines)
