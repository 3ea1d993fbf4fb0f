"""Screen words: the catalogue of buttons, headings and hints, by language. Domain sentences live in
iepcore."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from iepcore.errors import InvalidValue
from iepcore.language import normalise_tag

STAFF_LANGUAGES: tuple[str, ...] = ("en", "es")
FAMILY_LANGUAGES: tuple[str, ...] = ("en", "es", "prs")
_FOLDER = Path(__file__).parent.parent / "translations"


@cache
def catalogue(tag: str) -> NullTranslations:
    """Return the screen catalogue of a language; English needs none, for its words are the message ids."""
    path = _FOLDER / tag / "LC_MESSAGES" / "screens.mo"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)


def choose_language(wanted: str | None, *, family: bool) -> str:
    """Return the screen language for a wanted tag: the tag, its language alone, or English."""
    offered = FAMILY_LANGUAGES if family else STAFF_LANGUAGES
    if wanted:
        try:
            canonical = normalise_tag(wanted)
        except InvalidValue:
            return "en"
        for tag in (canonical, canonical.split("-")[0]):
            if tag in offered:
                return tag
    return "en"
