"""Numbers and days, held against CLDR as Babel carries it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from babel import Locale
from babel.numbers import format_decimal

from iepcore.errors import InvalidValue
from iepcore.language import LANGUAGES, format_day, format_number
from iepcore.language.formats import day_message, number_format

DAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("value", "lang", "expected"),
    [
        (58, "en", "58"),
        (58.0, "en", "58"),
        (58.5, "en", "58.5"),
        (58.25, "en", "58.2"),
        (1234.5, "en", "1,234.5"),
        (-0.04, "en", "0"),
        (-3, "en", "-3"),
        (58.5, "es", "58.5"),
        (58.5, "hu", "58,5"),
        (58.5, "pt-BR", "58,5"),
        (1234.5, "prs", "۱٬۲۳۴٫۵"),
        (-3, "prs", "\u200e−۳"),
        (58.5, "xx", "58.5"),
        (58.5, "no tag at all", "58.5"),
    ],
)
def test_number_is_written_as_its_readers_write_it(value: float, lang: str, expected: str) -> None:
    """At most one decimal, the language's own signs; English signs for a language we do not know."""
    assert expected == format_number(value, lang)


def test_number_of_decimals_can_be_chosen() -> None:
    """No decimals, or more of them, without zeros at the end."""
    assert ("2", "1.75") == (format_number(1.75, "en", decimals=0), format_number(1.75, "en", decimals=3))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_is_refused(value: float) -> None:
    """A screen never shows NaN."""
    with pytest.raises(InvalidValue, match="not_a_number"):
        format_number(value, "en")


@pytest.mark.parametrize("row", LANGUAGES, ids=lambda row: row.tag)
def test_signs_are_those_of_cldr(row) -> None:  # type: ignore[no-untyped-def]
    """Decimal sign, thousands, minus and digits agree with Babel for each language we have a row for."""
    locale = Locale.parse(row.formats)
    system = locale.default_numbering_system
    signs = number_format(row.tag)
    ours = format_number(12345.5, row.tag).translate(str.maketrans(signs.digits, "0123456789"))

    assert format_decimal(12345.5, format="#,##0.#", locale=locale, numbering_system="default") == ours
    assert locale.number_symbols[system]["minusSign"] == signs.minus
    assert ("۰" if system == "arabext" else "0") == signs.digits[0]


@pytest.mark.parametrize(
    ("lang", "long", "short"),
    [
        ("en", "3 November 2026", "3 Nov"),
        ("es", "3 de noviembre de 2026", "3 nov"),
        ("prs", "۳ نومبر ۲۰۲۶", "۳ نومبر"),
        ("hu", "3 November 2026", "3 Nov"),
    ],
)
def test_day_follows_the_catalogue(lang: str, long: str, short: str) -> None:
    """Gregorian everywhere; Dari with the month names of Afghanistan; English where there is no catalogue."""
    assert (long, short) == (format_day(DAY, lang), format_day(DAY, lang, style="short"))


def test_day_in_another_language_says_so() -> None:
    """The language a day came out in goes with it."""
    assert ("en", True) == (day_message(DAY, "hu").lang, day_message(DAY, "hu").fallback)


@pytest.mark.parametrize(("lang", "locale"), [("en", "en_US"), ("es", "es_US"), ("prs", "fa_AF")])
def test_month_names_are_those_of_cldr(lang: str, locale: str) -> None:
    """The twelve names agree with Babel; a short Dari name is the whole name, since cut ones are not read."""
    names = Locale.parse(locale).months["format"]
    for month in range(1, 13):
        day = date(2026, month, 1)
        assert names["wide"][month] in format_day(day, lang)
        if lang != "prs":
            assert names["abbreviated"][month] == format_day(day, lang, style="short").split(" ")[1]


def test_instant_is_not_a_day() -> None:
    """Which day an instant falls on depends on a zone, so the caller must say."""
    with pytest.raises(InvalidValue, match="not_a_date"):
        format_day(datetime(2026, 11, 23, tzinfo=UTC), "en")
