"""Language tags (BCP-47) the product knows by name, their direction, and the locale their numbers follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from iepcore.errors import InvalidValue

Direction = Literal["ltr", "rtl"]

_TAG = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$")
_RTL_LANGUAGES = frozenset({"ar", "fa", "prs", "ps", "ur", "he", "yi", "ckb"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language we have a row for. ``own_name`` is how its readers write it; ``formats`` names the locale
    whose numbers and dates it uses (Babel's spelling: Babel has no ``prs``, Dari follows ``fa_AF``)."""

    tag: str
    own_name: str
    english_name: str
    formats: str


LANGUAGES: tuple[Language, ...] = (
    Language(tag="en", own_name="English", english_name="English", formats="en_US"),
    Language(tag="es", own_name="Español", english_name="Spanish", formats="es_US"),
    Language(tag="prs", own_name="دری", english_name="Dari", formats="fa_AF"),
    Language(tag="ar", own_name="العربية", english_name="Arabic", formats="ar"),
    Language(tag="zh-Hans", own_name="简体中文", english_name="Chinese (simplified)", formats="zh_Hans"),
    Language(tag="vi", own_name="Tiếng Việt", english_name="Vietnamese", formats="vi"),
    Language(tag="pt-BR", own_name="Português (Brasil)", english_name="Portuguese (Brazil)", formats="pt_BR"),
    Language(tag="so", own_name="Soomaali", english_name="Somali", formats="so"),
    Language(tag="ht", own_name="Kreyòl ayisyen", english_name="Haitian Creole", formats="fr_HT"),
    Language(tag="uk", own_name="Українська", english_name="Ukrainian", formats="uk"),
    Language(tag="ps", own_name="پښتو", english_name="Pashto", formats="ps"),
    Language(tag="ur", own_name="اردو", english_name="Urdu", formats="ur"),
    Language(tag="hu", own_name="Magyar", english_name="Hungarian", formats="hu"),
    Language(tag="ru", own_name="Русский", english_name="Russian", formats="ru"),
    Language(tag="yo", own_name="Yorùbá", english_name="Yoruba", formats="yo"),
    Language(tag="mam", own_name="Mam", english_name="Mam", formats="es_GT"),
    Language(
        tag="ase", own_name="American Sign Language", english_name="American Sign Language", formats="en_US"
    ),
)
_BY_TAG = {language.tag: language for language in LANGUAGES}


def normalise_tag(tag: str) -> str:
    """Return ``tag`` in canonical case (``PT-br`` -> ``pt-BR``).

    Raises:
        InvalidValue: ``unknown_language`` when it is not a language tag by form (RFC 5646).
    """
    if not _TAG.match(tag):
        raise InvalidValue("unknown_language", field="lang")
    parts = tag.split("-")
    out = [parts[0].lower()]
    out += [part.title() if len(part) == 4 else part.upper() for part in parts[1:]]
    return "-".join(out)


def direction_of(tag: str) -> Direction:
    """Return the writing direction of a language; unknown languages read left to right."""
    return "rtl" if tag.split("-")[0].lower() in _RTL_LANGUAGES else "ltr"


def language(tag: str) -> Language | None:
    """Return the row for ``tag`` or for its language alone (``es-MX`` -> Spanish); None when there is
    none."""
    canonical = normalise_tag(tag)
    return _BY_TAG.get(canonical) or _BY_TAG.get(canonical.split("-")[0])


def own_name(tag: str) -> str:
    """Return how readers of a language write its name; the tag itself for one we have no row for."""
    row = language(tag)
    return row.own_name if row else tag


def english_name(tag: str) -> str:
    """Return the English name of a language; the tag itself for one we have no row for."""
    row = language(tag)
    return row.english_name if row else tag
