"""The gate of outgoing words: no spelling hides a plan or a name; our own notices pass in every language."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.caseload.noticing import notice_subject, notice_text
from iepcore.errors import InvalidValue
from iepcore.language import LANGUAGES, catalogue_languages
from iepcore.notices import PLAN_WORDS, Notice, Urgency, check_content_free, notice_phrases

INVISIBLE = [
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\ufe0f", "\U000e0041",
    "\u202a", "\u2066", "\u3164", "\u115f", "\u180b", "\x07", "\u0301",
]  # fmt: skip
FULLWIDTH = {ord(ch): chr(ord(ch) + 0xFEE0) for ch in "abcdefghijklmnopqrstuvwxyz0123456789"}
BOLD = {ord("a") + i: chr(0x1D41A + i) for i in range(26)}


def _a_notice(language: str = "en", **changes: object) -> Notice:
    whole: dict[str, object] = {
        "school_name": "Lincoln Elementary",
        "school_phone": "+1 555 0100",
        "sender_name": "Theo Example",
        "language": language,
        "urgency": Urgency.PLEASE_ANSWER,
        "link": "https://school.example.org/n/2TqYb8",
        "reference": "7KQ2M4XD",
        "answer_by": date(2026, 12, 1),
        "lms_name": "Canvas",
    }
    return Notice(**whole | changes)  # type: ignore[arg-type]


def _refusal(text: str, **known: object) -> str:
    """Return the code with which a text is refused, or nothing."""
    try:
        check_content_free(text, **known)  # type: ignore[arg-type]
    except InvalidValue as refused:
        return refused.code
    return ""


@st.composite
def disguised(draw: st.DrawFn, word: str) -> str:
    """Return a word written so that it still reads the same: other case, other forms, things unseen."""
    letters = []
    for ch in word:
        ch = draw(st.sampled_from([ch, ch.upper() if len(ch.upper()) == 1 else ch]))
        if draw(st.booleans()):
            ch = ch.translate(draw(st.sampled_from([FULLWIDTH, BOLD])))
        if ch == " ":
            ch = draw(st.sampled_from([" ", "\u00a0", "\u2003", "  ", "\n", "\t "]))
        letters.append(ch + draw(st.sampled_from(["", "", "", *INVISIBLE])))
    form = draw(st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
    return unicodedata.normalize(form, "".join(letters))


around = st.text(st.characters(categories=["Zs", "Po", "Sm", "Sc"]), max_size=3)


@given(st.sampled_from(PLAN_WORDS).flatmap(disguised), around, around)
def test_plan_word_is_caught_however_it_is_written(word: str, before: str, after: str) -> None:
    """Case, full width, bold letters, accents apart, odd spaces and invisible characters change nothing."""
    assert "notice_names_plan" == _refusal(f"A message{before or ' '}{word}{after or ' '}for you")


@given(
    st.sampled_from(["Maya", "Zoë", "Parwana", "Ана́на", "مایا", "Bao", "Anne-Marie", "O'Brien"]).flatmap(
        disguised
    ),
    around,
    around,
)
def test_childs_name_is_caught_however_it_is_written(name: str, before: str, after: str) -> None:
    """The child's name is looked for in the same way, in any script, also with an ending of possession."""
    names = ["Maya Ruiz", "Zoë", "Parwana", "Анана", "مایا", "Bao", "Anne-Marie", "O'Brien"]
    for written in (name, f"{name}'s", f"{name}’s"):
        assert "notice_names_child" == _refusal(
            f"About{before or ' '}{written}{after or ' '}today", names=names
        )


@pytest.mark.parametrize(
    "text",
    [
        "New goals were written.",
        "Her goal’s been met",
        "Two IEPs",
        "iep_meeting",
        "/iep/",
        "Las metas del plan",
        "Terapias y discapacidades",
        "Evaluations, accommodations",
        "Progress reports",
        "SPED-team",
        "آموزش ويژه",
    ],
)
def test_endings_and_joins_are_no_way_around(text: str) -> None:
    """A plural, a possessive, an underscore or the other keyboard's letters let no plan word through."""
    assert "notice_names_plan" == _refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "You have a message from Lincoln Elementary.",
        "Piepenbrock, therapist-free metal, goalkeeper, 1504 Main Street",
        "Meta School, +1 504 555 0100, metadata",
    ],
)
def test_longer_words_that_contain_one_pass(text: str) -> None:
    """A surname, a street number or "goalkeeper" is no plan word."""
    assert "" == _refusal(text)


@pytest.mark.parametrize(
    ("names", "text", "code"),
    [
        (["Anne-Marie"], "Marie is here", "notice_names_child"),
        (["Bo Li"], "About Bo Li", "notice_names_child"),
        (["Bo Li"], "Bo and Li", ""),
        (["Al"], "Llame al número", ""),
        (["José"], "Jose is here", "notice_names_child"),
        (["", "   "], "Anything", ""),
        (["Maya"], "Mayan art", ""),
    ],
)
def test_what_counts_as_the_childs_name(names: list[str], text: str, code: str) -> None:
    """Words of three letters, parts of double names, short names as a whole, with or without accents."""
    assert code == _refusal(text, names=names)


def test_refusal_never_repeats_the_word() -> None:
    """The error may end in a log: it carries a code and a field, not what was found."""
    for text, names in (("About Parwana", ["Parwana"]), ("A new goal", [])):
        with pytest.raises(InvalidValue) as refused:
            check_content_free(text, names=names)

        assert not {"about", "parwana", "new", "goal"} & set(str(refused.value).lower().split())


def test_a_word_every_such_text_has_names_nobody() -> None:
    """A teacher with the child's surname and the word "will" pass; the child's first name still does not."""
    usual = "Ana Garcia of Lincoln School will call"

    assert "" == _refusal(usual, names=["Will Garcia"], usual=usual)
    assert "notice_names_child" == _refusal(f"{usual} Mateo", names=["Mateo Garcia"], usual=usual)


@pytest.mark.parametrize(
    "language", sorted({*(one.tag for one in LANGUAGES), *catalogue_languages(), "de-CH", "zh-Hant-TW"})
)
@pytest.mark.parametrize("urgency", Urgency)
def test_notice_of_every_language_passes(language: str, urgency: Urgency) -> None:
    """What we say outside hints at nothing: every language we know, each with the English below."""
    for lms, phone in (("Canvas", "+1 555 0100"), (None, "")):
        notice = _a_notice(language, urgency=urgency, lms_name=lms, school_phone=phone)

        assert "" == _refusal(notice_subject(notice) + "\n" + notice_text(notice), names=["Maya Ruiz"])


def test_notice_is_read_in_the_familys_language_and_in_english() -> None:
    """Two blocks with a line between; one for a family that reads English; link and reference in each."""
    dari, english = notice_text(_a_notice("prs")), notice_text(_a_notice("en-GB"))

    assert 2 == dari.count("2TqYb8") == dari.count("7KQ2M4XD")
    assert 1 == english.count("2TqYb8") == english.count("7KQ2M4XD")
    assert "—" in dari
    assert "—" not in english
    assert notice_text(_a_notice("en")).strip() in dari


def test_notice_says_only_what_it_was_given() -> None:
    """Each sentence goes with its fact: a day to answer by, the LMS, a telephone number."""
    full = [phrase.key for phrase in notice_phrases(_a_notice())]
    bare = [
        phrase.key
        for phrase in notice_phrases(
            _a_notice(urgency=Urgency.PLEASE_ANSWER, answer_by=None, lms_name=None, school_phone="")
        )
    ]

    assert [
        "notice.from",
        "notice.please_answer",
        "notice.open",
        "notice.also_in_lms",
        "notice.call",
        "notice.reference",
    ] == full
    assert ["notice.from", "notice.not_urgent", "notice.open", "notice.reference"] == bare


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("About the I.E.P.", "notice_names_plan"),
        ("your i - e - p", "notice_names_plan"),
        ("m.a.y.a did well", "notice_names_child"),
        ("M A Y A", "notice_names_child"),
        ("m_a_y_a", "notice_names_child"),
        ("Room A, B or C", ""),
        ("U. S. mail", ""),
        ("1.2.3", ""),
    ],
)
def test_a_word_spelled_letter_by_letter_is_still_the_word(text: str, expected: str) -> None:
    """Dots or spaces between the letters hide nothing from a reader, so they hide nothing here."""
    assert expected == _refusal(text, names=["Maya Ortiz"])
