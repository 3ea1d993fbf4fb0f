"""From phrase to text: languages, slots, plurals, direction, and English standing in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from gettext import NullTranslations

import pytest

from iepcore.errors import InvalidValue
from iepcore.language import (
    FreeText,
    Name,
    Phrase,
    Rendered,
    SegmentKind,
    Value,
    format_number,
    listed,
    render,
    segments,
)
from iepcore.language.catalogue import template_slots
from iepcore.language.rendering import FSI, PDI
from tests.unit.language.po_files import messages
from tests.unit.language.pseudo import PSEUDO, TAG, pseudo

DAY = date(2026, 11, 23)
SKILL = Phrase(key="skill.reading_aloud")
ANY: dict[str, object] = {
    "child": Name(text="Luz"), "skill": SKILL, "day": DAY, "value": 58.5, "n": 2, "link": "https://school.test/n/a",
}  # fmt: skip


def _question(child: str = "Luz", skill: Phrase = SKILL) -> Phrase:
    return Phrase(key="update.question", params={"child": Name(text=child), "skill": skill})


def _all_slots(key: str) -> Phrase:
    """A phrase with something in each slot that its sentence has."""
    slots = template_slots(messages("en")[key][0])
    return Phrase(key=key, params={slot: ANY.get(slot, Name(text="Ana")) for slot in slots})


class Partial(NullTranslations):
    """A catalogue that somebody has only begun."""

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__()
        self.words = words

    def gettext(self, message: str) -> str:
        """Return the words there are."""
        return self.words.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the words there are, the same for each number."""
        return self.words.get(msgid1, msgid1)


@pytest.mark.parametrize("lang", ["en", "es", "prs", "es-MX", "hu"])
def test_every_message_can_be_rendered(lang: str) -> None:
    """No message raises or shows its key or an unfilled slot; Hungarian has no catalogue and is English."""
    for key in messages("en"):
        shown = render(_all_slots(key), lang)

        assert shown.text, key
        assert key not in shown.text
        assert "{" not in shown.text, key
        assert (lang == "hu") == shown.fallback, key
        assert ("en" if lang == "hu" else lang.split("-")[0]) == shown.lang, key


def test_pseudo_language_shows_every_message() -> None:
    """What is rendered in the pseudo-language comes wholly from a catalogue."""
    for key in messages("en"):
        shown = render(_all_slots(key), TAG, translations=PSEUDO)

        assert (TAG, False) == (shown.lang, shown.fallback), key
        assert shown.text.startswith("⟦"), key


def test_pseudo_language_keeps_slots() -> None:
    """Words change, slots do not."""
    assert "⟦á {child} b···⟧" == pseudo("a {child} b")


@pytest.mark.parametrize(
    ("lang", "one", "many", "part"),
    [
        ("en", "1 time", "2 times", "1.5 times"),
        ("es", "1 vez", "2 veces", "1.5 veces"),
        ("prs", "۱ بار", "۲ بار", "۱٫۵ بار"),
    ],
)
def test_number_chooses_the_form(lang: str, one: str, many: str, part: str) -> None:
    """One thing, several, and a part; a number is judged as it is shown."""
    shown = [
        render(Phrase(key="value.count", params={"value": value}), lang).text for value in (1, 0.96, 2, 1.5)
    ]

    assert [one, one, many, part] == shown


def test_plural_without_a_number_takes_the_general_form() -> None:
    """A name where the number should be does not fail."""
    assert "many times" == render(Phrase(key="value.count", params={"value": Name(text="many")}), "en").text


def test_nested_phrase_is_rendered_in_the_same_language_without_a_seam() -> None:
    """The skill's name comes from the reader's catalogue and joins the words around it."""
    runs = segments(_question(), "es")

    assert ["¿Cómo le va a ", "Luz", " en casa con la lectura en voz alta?"] == [run.text for run in runs]
    assert [SegmentKind.WORDS, SegmentKind.NAME, SegmentKind.WORDS] == [run.kind for run in runs]
    assert ["es", "und", "es"] == [run.lang for run in runs]
    assert ["ltr", "auto", "ltr"] == [run.dir for run in runs]


def test_latin_name_in_dari_stands_in_an_isolate() -> None:
    """The direction of a name cannot shuffle the sentence."""
    shown = render(_question(), "prs")

    assert ("prs", "rtl") == (shown.lang, shown.dir)
    assert f"{FSI}Luz{PDI}" in shown.text


def test_dari_name_in_english_stands_in_an_isolate_and_latin_ones_stay_plain() -> None:
    """Invisible characters are put in only where they change something."""
    assert f"{FSI}پروانه{PDI}" in render(_question("پروانه"), "en").text
    assert "How is it going with reading aloud for Luz at home?" == render(_question(), "en").text


def test_without_isolates_nothing_invisible_is_added() -> None:
    """HTML made of segments uses <bdi>; a subject line has no use for them."""
    shown = render(
        Phrase(key="notice.subject", params={"school": Name(text="Hill School")}), "prs", isolate=False
    )

    assert "پیامی از Hill School" == shown.text


def test_name_cannot_break_out_of_its_isolate() -> None:
    """Direction controls inside a name are left out of plain text."""
    shown = render(_question("Lu\u202ez\u2069"), "en")

    assert f"{FSI}Luz{PDI}" in shown.text


def test_code_in_dari_is_isolated_and_a_link_never() -> None:
    """A telephone number keeps its order; a link stays clickable to its last letter."""
    call = render(Phrase(key="notice.call", params={"phone": "555-0100"}), "prs")
    link = render(Phrase(key="notice.open", params={"link": "https://school.test/n/a"}), "prs")

    assert call.text.endswith(f"{FSI}555-0100{PDI}")
    assert link.text.endswith("\nhttps://school.test/n/a")
    assert ("zxx", "ltr", SegmentKind.CODE) == (
        call.segments[-1].lang,
        call.segments[-1].dir,
        call.segments[-1].kind,
    )


def test_free_text_comes_back_untouched_in_its_own_language() -> None:
    """Nobody's words are relabelled as translated."""
    shown = render(FreeText(text="Le gustó mucho.", lang="es"), "prs")

    assert (
        Rendered(
            text="Le gustó mucho.",
            lang="es",
            dir="ltr",
            is_original=True,
            fallback=False,
            key=None,
            segments=shown.segments,
        )
        == shown
    )
    assert () == shown.untranslated


def test_own_words_inside_a_sentence_are_told_apart() -> None:
    """A skill in the teacher's words stays English in a Dari sentence, isolated and marked."""
    words = FreeText(text="tying her shoes", lang="en")
    shown = render(_question(skill=Phrase(key="skill.own_words", params={"words": words})), "prs")

    assert f"«{FSI}tying her shoes{PDI}»" in shown.text
    assert ["tying her shoes"] == [run.text for run in shown.untranslated]
    assert not shown.fallback
    assert () == render(Phrase(key="skill.own_words", params={"words": words}), "en").untranslated


@pytest.mark.parametrize(
    ("part", "lang", "text", "spoken", "direction", "fallback"),
    [
        (58.5, "prs", "۵۸٫۵", "prs", "rtl", False),
        (58, "xx", "58", "en", "ltr", True),
        (DAY, "es", "23 de noviembre de 2026", "es", "ltr", False),
        (DAY, "hu", "23 November 2026", "en", "ltr", True),
        (Name(text="پروانه"), "en", "پروانه", "und", "rtl", False),
        (Name(text="7 Luz"), "prs", "7 Luz", "und", "ltr", False),
        (Name(text="42"), "prs", "42", "und", "ltr", False),
    ],
)
def test_single_values_are_formatted(
    part: Value, lang: str, text: str, spoken: str, direction: str, fallback: bool
) -> None:
    """Numbers and days follow the reader, names their own letters."""
    shown = render(part, lang)

    assert (text, spoken, direction, fallback) == (shown.text, shown.lang, shown.dir, shown.fallback)
    assert shown.key is None


def test_number_and_day_inside_a_sentence_follow_its_language() -> None:
    """English standing in for Hungarian writes English numbers."""
    phrase = Phrase(key="finding.why.last_score", params={"value": 58.5, "day": DAY})

    assert "The last score is 58.5, from 23 November 2026." == render(phrase, "hu").text
    kinds = {run.kind for run in segments(phrase, "prs")}
    assert {SegmentKind.WORDS, SegmentKind.NUMBER, SegmentKind.DATE} == kinds


@pytest.mark.parametrize("lang", ["hu", "xx", "not a tag"])
def test_language_without_catalogue_is_english_and_says_so(lang: str) -> None:
    """Nobody sees a key, and the screen knows it is not the family's language."""
    shown = render(Phrase(key="home.question"), lang)

    assert ("Did you see this at home?", "en", True, "home.question") == (
        shown.text,
        shown.lang,
        shown.fallback,
        shown.key,
    )


def test_missing_key_is_english_and_says_so() -> None:
    """A catalogue that lacks a sentence lets English stand in for that sentence."""
    started = {"hu": Partial({"home.yes_alone": "Igen, egyedül"})}

    assert ("Igen, egyedül", "hu", False) == _told(Phrase(key="home.yes_alone"), started)
    assert ("Yes, with help", "en", True) == _told(Phrase(key="home.with_help"), started)


def test_missing_word_inside_a_sentence_is_told_too() -> None:
    """A sentence is in its language, its skill still English: a fallback in part."""
    started = {"hu": Partial({"update.question": "{child}: {skill} otthon?"})}

    assert ("Luz: reading aloud otthon?", "hu", True) == _told(_question(), started)


def test_english_inside_a_dari_sentence_is_isolated() -> None:
    """Words of the other direction stand in an isolate as names do."""
    started = {"ar": Partial({"update.question": "{child}، {skill}؟"})}

    assert f"{FSI}reading aloud{PDI}؟" in render(_question("لوز"), "ar", translations=started).text


def _told(phrase: Phrase, translations: Mapping[str, NullTranslations]) -> tuple[str, str, bool]:
    shown = render(phrase, "hu", translations=translations)
    return shown.text, shown.lang, shown.fallback


def test_unknown_key_is_refused_and_named() -> None:
    """A key that no catalogue has is a fault of ours, not something to show."""
    with pytest.raises(InvalidValue, match="unknown_phrase") as caught:
        render(Phrase(key="no.such_key"), "es")

    assert {"key": "no.such_key"} == caught.value.params


def test_unknown_key_that_may_be_somebodys_words_is_not_repeated() -> None:
    """An error may end in a log; words from outside may not."""
    with pytest.raises(InvalidValue, match="unknown_phrase") as caught:
        render(Phrase(key="Luz reads well"), "es")

    assert {} == caught.value.params


def test_missing_slot_is_refused() -> None:
    """A sentence with a hole in it is never shown."""
    with pytest.raises(InvalidValue, match="slot_missing") as caught:
        render(Phrase(key="notice.subject"), "en")

    assert {"key": "notice.subject", "slot": "school"} == caught.value.params


@pytest.mark.parametrize(
    ("names", "lang", "text"),
    [
        (["Ana"], "en", "Ana"),
        (["Ana", "Ben"], "en", "Ana and Ben"),
        (["Ana", "Ben", "Cy"], "en", "Ana, Ben and Cy"),
        (["Ana", "Ben", "Cy"], "es", "Ana, Ben y Cy"),
        (["Ana", "Ben"], "prs", f"{FSI}Ana{PDI} و {FSI}Ben{PDI}"),
    ],
)
def test_names_in_a_row_are_joined_as_the_language_does(names: list[str], lang: str, text: str) -> None:
    """One, two, three names."""
    assert text == render(listed(names), lang).text


def test_no_names_are_no_list() -> None:
    """Somebody always reads it."""
    with pytest.raises(ValueError, match="at least one"):
        listed([])


def test_large_number_keeps_its_signs_inside_a_sentence() -> None:
    """A number in a sentence is written exactly as it is alone."""
    phrase = Phrase(key="value.seconds", params={"value": 1234.5})

    assert format_number(1234.5, "prs") in render(phrase, "prs").text
