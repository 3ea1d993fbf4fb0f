"""Numbers and days as readers of a language write them: formatted, never translated, without a dependency.

Number signs are CLDR's for the locale that ``tags.Language.formats`` names (a test compares the table with
Babel's copy). Dari therefore has the digits ۰ to ۹ and the decimal sign ٫, as Afghan school books do;
telephone numbers, links and references are codes and keep the digits they are typed with.
Days are Gregorian in every language: a US school's letter and the family's phone must name the same day.
Dari uses the Gregorian month names of Afghanistan (نومبر), not those of the solar calendar. Month names and
the order of day, month and year come from the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Literal

from iepcore.errors import InvalidValue
from iepcore.language.catalogue import FALLBACK, Message, Translations, find_message
from iepcore.language.tags import language

DayStyle = Literal["long", "short"]
"""``long``: 23 November 2026. ``short``: 23 Nov, for a chart's axis."""

_LATIN = "0123456789"
_ARABEXT = "۰۱۲۳۴۵۶۷۸۹"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """The signs of a locale's numbers: decimal sign, sign between thousands, digits 0 to 9, minus."""

    decimal: str = "."
    group: str = ","
    digits: str = _LATIN
    minus: str = "-"


_POINT = NumberFormat()
_COMMA_DOT = NumberFormat(decimal=",", group=".")
_COMMA_SPACE = NumberFormat(decimal=",", group="\u00a0")
# A left-to-right mark keeps the minus before its digits in right-to-left text.
_ARABEXT_SIGNS = NumberFormat(decimal="٫", group="٬", digits=_ARABEXT, minus="\u200e\u2212")
_FORMATS: dict[str, NumberFormat] = {
    "en_US": _POINT,
    "es_US": _POINT,
    "fa_AF": _ARABEXT_SIGNS,
    "ar": NumberFormat(minus="\u200e-"),
    "zh_Hans": _POINT,
    "vi": _COMMA_DOT,
    "pt_BR": _COMMA_DOT,
    "so": _POINT,
    "fr_HT": NumberFormat(decimal=",", group="\u202f"),
    "uk": _COMMA_SPACE,
    "ps": NumberFormat(decimal="٫", group="٬", digits=_ARABEXT, minus="\u200e-\u200e"),
    "ur": NumberFormat(minus="\u200e-"),
    "hu": _COMMA_SPACE,
    "ru": _COMMA_SPACE,
    "yo": _POINT,
    "es_GT": _POINT,
}


def number_format(lang: str) -> NumberFormat:
    """Return the signs for a language's numbers; English ones for a language we have no row for."""
    row = language(number_language(lang))
    assert row is not None  # number_language answers with a language that has a row
    return _FORMATS[row.formats]


def number_language(lang: str) -> str:
    """Return ``lang`` when we know how its numbers are written, else English, which stands in for it."""
    try:
        return lang if language(lang) is not None else FALLBACK
    except InvalidValue:
        return FALLBACK


def format_number(value: int | float, lang: str, *, decimals: int = 1) -> str:
    """Return a number with at most ``decimals`` digits after the sign: 58, 58.5, and ۵۸٫۵ in Dari.

    A language we have no row for gets English signs. Halves go to the even digit, as ``round`` does.

    Raises:
        InvalidValue: ``not_a_number`` for what is not finite.
    """
    if not isfinite(value):
        raise InvalidValue("not_a_number", field="value")
    signs = number_format(lang)
    whole, _, fraction = f"{abs(value):.{decimals}f}".partition(".")
    fraction = fraction.rstrip("0")
    is_zero = not (whole + fraction).strip("0")
    text = f"{int(whole):,}".replace(",", signs.group) + (signs.decimal + fraction if fraction else "")
    minus = signs.minus if value < 0 and not is_zero else ""
    return minus + _in_digits(text, signs)


def format_day(
    day: date, lang: str, *, style: DayStyle = "long", translations: Translations | None = None
) -> str:
    """Return a calendar day by the catalogue's pattern and month names; English where there is none.

    Raises:
        InvalidValue: ``not_a_date`` for an instant: its day depends on a zone, which the caller knows.
    """
    return day_message(day, lang, style=style, translations=translations).text


def day_message(
    day: date, lang: str, *, style: DayStyle = "long", translations: Translations | None = None
) -> Message:
    """Like :func:`format_day`, with the language the day came out in."""
    if isinstance(day, datetime):
        raise InvalidValue("not_a_date", field="day")
    pattern = find_message(f"date.{style}", lang, translations=translations)
    month = find_message(f"month.{style}.{day.month}", pattern.lang, translations=translations).text
    signs = number_format(pattern.lang)
    text = pattern.text.format(
        day=_in_digits(str(day.day), signs), month=month, year=_in_digits(str(day.year), signs)
    )
    return Message(text=text, lang=pattern.lang, fallback=pattern.fallback)


def _in_digits(text: str, signs: NumberFormat) -> str:
    return text.translate(str.maketrans(_LATIN, signs.digits))
