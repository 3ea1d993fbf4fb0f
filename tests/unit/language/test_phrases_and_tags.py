"""Phrases, free text and language tags: what they accept and how they compare."""

from __future__ import annotations

import pytest

from iepcore.errors import InvalidValue
from iepcore.language import (
    MAX_TEXT,
    FreeText,
    Name,
    Phrase,
    direction_of,
    english_name,
    language,
    normalise_tag,
    own_name,
)


@pytest.mark.parametrize(
    ("text", "lang", "code"),
    [
        (" \n", "en", "text_empty"),
        ("x" * (MAX_TEXT + 1), "en", "text_too_long"),
        ("a\0b", "en", "text_form"),
        ("x", "english!", "unknown_language"),
    ],
)
def test_free_text_says_what_is_wrong(text: str, lang: str, code: str) -> None:
    """Empty, too long, with a character one of our databases cannot keep, or in no language."""
    with pytest.raises(InvalidValue, match=code):
        FreeText(text=text, lang=lang)


def test_free_text_knows_its_direction() -> None:
    """The tag is kept in canonical case and gives the direction."""
    text = FreeText(text="سلام", lang="PRS")

    assert ("prs", "rtl") == (text.lang, text.dir)


def test_phrase_refuses_what_it_cannot_render() -> None:
    """A slot holds a number, a day, a name, a phrase, a text or a code."""
    with pytest.raises(InvalidValue, match="slot_type"):
        Phrase(key="home.question", params={"child": ["Luz"]})


def test_phrases_are_equal_by_key_and_slots() -> None:
    """Two phrases that say the same are one in a set."""
    one, other = (Phrase(key="list.two", params={"first": Name(text="A"), "second": 2}) for _ in range(2))

    assert one == other
    assert 1 == len({one, other})
    assert one != Phrase(key="list.two")
    assert one != "list.two"


@pytest.mark.parametrize(
    ("given", "canonical"), [("PT-br", "pt-BR"), ("ZH-hans", "zh-Hans"), ("es-419", "es-419"), ("prs", "prs")]
)
def test_tag_is_brought_into_canonical_case(given: str, canonical: str) -> None:
    """Language small, script in title case, region large."""
    assert canonical == normalise_tag(given)


def test_language_is_found_by_tag_or_by_its_language_alone() -> None:
    """es-MX reads the row of Spanish; a language without a row has none."""
    spanish = language("es-MX")

    assert spanish is not None
    assert "es" == spanish.tag
    assert language("xx") is None


def test_language_has_two_names() -> None:
    """How its readers write it, and English; the tag itself where we know neither."""
    assert ("دری", "Dari") == (own_name("prs"), english_name("prs"))
    assert ("xx", "xx") == (own_name("xx"), english_name("xx"))


@pytest.mark.parametrize(
    ("tag", "direction"), [("prs", "rtl"), ("ar-EG", "rtl"), ("es", "ltr"), ("xx", "ltr")]
)
def test_direction_follows_the_language(tag: str, direction: str) -> None:
    """Unknown languages read left to right."""
    assert direction == direction_of(tag)
