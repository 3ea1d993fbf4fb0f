"""The domain catalogues: which languages there are, who has reviewed them, and one message by its key.

Message ids are symbolic keys (``update.growth``); the English words are a catalogue like any other. A key's
slots never change once messages with it are stored: a new meaning or slot gets a new key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from string import Formatter
from typing import TypeAlias

from iepcore.errors import InvalidValue
from iepcore.language.phrases import Name, Phrase
from iepcore.language.tags import normalise_tag

FALLBACK = "en"
"""The language of a message that another catalogue does not have yet."""

Translations: TypeAlias = Mapping[str, NullTranslations]
"""Catalogues by tag, tried before the shipped ones (a test's pseudo-language, a district's own wording)."""

_FOLDER = Path(__file__).parent / "catalogues"
_SAYABLE_KEY = re.compile(r"^[a-z0-9_.]{1,80}$")
_MANY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as its catalogue has it, slots unfilled. ``fallback``: English stands in for the language."""

    text: str
    lang: str
    fallback: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueStatus:
    """Whether somebody who grew up with the language has read a whole catalogue, and who."""

    tag: str
    reviewed_by: str | None

    @property
    def is_reviewed(self) -> bool:
        """Tell whether a review is recorded in the catalogue's header (``X-Reviewed``)."""
        return self.reviewed_by is not None

    @property
    def phrase(self) -> Phrase:
        """The status in words, such as "drafted, not yet reviewed by a native speaker"."""
        if self.reviewed_by is None:
            return Phrase(key="catalogue.drafted")
        return Phrase(key="catalogue.reviewed", params={"by": Name(text=self.reviewed_by)})


@cache
def catalogue_languages() -> tuple[str, ...]:
    """Return the tags of the shipped catalogues, in alphabetical order."""
    return tuple(sorted(path.parents[1].name for path in _FOLDER.glob("*/LC_MESSAGES/domain.mo")))


def catalogue_status(tag: str) -> CatalogueStatus | None:
    """Return who has reviewed the catalogue of a language; None when there is no catalogue for it."""
    for candidate in _candidates(tag):
        if (shipped := _shipped(candidate)) is not None:
            by = shipped.info().get("x-reviewed", "no")
            return CatalogueStatus(tag=candidate, reviewed_by=None if by == "no" else by)
    return None


def find_message(
    key: str, lang: str, *, number: int | float | None = None, translations: Translations | None = None
) -> Message:
    """Return the message for ``key`` in ``lang``, or in English when that language does not have it.

    ``number`` chooses among plural forms. ``es-MX`` reads the catalogue of ``es``.

    Raises:
        InvalidValue: ``unknown_phrase`` when English does not have the key either.
    """
    wanted = _candidates(lang)
    for tag in (*wanted, FALLBACK):
        text = _text(key, tag, number, translations or {})
        if text is not None:
            return Message(text=text, lang=tag, fallback=tag not in wanted)
    # A key from outside may be a person's words; only what looks like a key may reach a log.
    raise InvalidValue("unknown_phrase", params={"key": key} if _SAYABLE_KEY.match(key) else {})


def has_message(key: str, lang: str = FALLBACK) -> bool:
    """Tell whether the shipped catalogue of ``lang`` itself has ``key``."""
    return any(_text(key, tag, None, {}) is not None for tag in _candidates(lang))


def known_phrase(key: str, *, otherwise: str) -> Phrase:
    """Return the phrase ``key`` where English has it, else ``otherwise``: for codes that another system made.

    ``known_phrase(f"outbox.reason.{item.reason}", otherwise="outbox.reason.other")``
    """
    return Phrase(key=key if has_message(key) else otherwise)


@cache
def template_parts(text: str) -> tuple[tuple[str, str | None], ...]:
    """Return a message cut at its slots: pairs of literal words and the slot that follows them (or None)."""
    return tuple((words, slot) for words, slot, _, _ in Formatter().parse(text))


def template_slots(text: str) -> frozenset[str]:
    """Return the names of a message's slots."""
    return frozenset(slot for _, slot in template_parts(text) if slot is not None)


@cache
def _shipped(tag: str) -> GNUTranslations | None:
    if tag not in catalogue_languages():
        return None
    with (_FOLDER / tag / "LC_MESSAGES" / "domain.mo").open("rb") as file:
        return GNUTranslations(file)


def _candidates(lang: str) -> tuple[str, ...]:
    try:
        canonical = normalise_tag(lang)
    except InvalidValue:
        return ()
    return tuple(dict.fromkeys((canonical, canonical.split("-")[0])))


def _text(key: str, tag: str, number: int | float | None, translations: Translations) -> str | None:
    catalogue = translations.get(tag) or _shipped(tag)
    if catalogue is None or not key:
        return None
    # gettext answers with the key itself when it has nothing.
    text = catalogue.ngettext(key, key, _plural_number(number))
    if text == key:
        text = catalogue.gettext(key)
    return None if text == key else text


def _plural_number(number: int | float | None) -> int:
    """Forms are chosen by whole numbers; "1.5 words" reads like more than one in each language we have."""
    return int(number) if number is not None and number == int(number) else _MANY
