"""The catalogues: every key in every language, the same slots, nothing empty, compiled as written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import pytest

from iepcore.access import Audience
from iepcore.family import ContactDirection, ContactMethod, ContactResult, HomeAnswer
from iepcore.language import catalogue_languages, catalogue_status, has_message, known_phrase, render
from iepcore.language.catalogue import template_parts, template_slots
from iepcore.notices.gate import check_content_free
from iepcore.notices.outbox import OutboxState
from iepcore.people import Relation, SiteRole, StaffRole
from iepcore.plan.skills import SKILL_KEYS
from iepcore.progress import FindingWord
from iepcore.progress.measures import UNIT_KEYS
from tests.unit.language.po_files import CATALOGUES, messages, script
from tests.unit.language.readability import grade

LANGUAGES = ("en", "es", "prs")
OTHERS = ("es", "prs")
FAMILIES = ("notice.", "update.", "family.", "home.", "audience.", "watch.")
"""What families read: sentences held to grade 6."""

SAMPLES = {
    "words": "Echo reading begins.",
    "school": "Hill School", "sender": "Ms. Halloran", "day": "3 May 2026", "link": "", "lms": "Canvas",
    "phone": "555-0100", "reference": "R7", "child": "Luz", "before": "40 words in a minute",
    "now": "58 words in a minute", "expected": "61 words in a minute", "names": "Ana Torres", "number": "911",
    "answer": "Yes, with help", "unit": "Words read right in a minute", "baseline": "40 words in a minute",
    "target": "76 words in a minute", "start": "3 May 2026", "end": "3 May 2027", "minimum": "3",
}  # fmt: skip


def _keys(prefix: str, names: Iterable[str]) -> set[str]:
    return {f"{prefix}.{name}" for name in names}


def test_there_are_three_catalogues() -> None:
    """English, Spanish and Dari are shipped."""
    assert LANGUAGES == catalogue_languages()


@pytest.mark.parametrize(
    "wanted",
    [
        _keys("skill", (*SKILL_KEYS, "own_words")),
        _keys("value", UNIT_KEYS),
        _keys("unit", UNIT_KEYS),
        _keys("family", (*FindingWord, "team_looks")),
        _keys("finding", FindingWord),
        _keys(
            "finding.why",
            (
                "staff_not_introduced", "criterion_met", "too_few_points", "median_reaches_line",
                "median_short_of_line", "all_on_wrong_side", "not_all_on_wrong_side", "insufficient_data",
                "last_score", "no_score", "close_share", "rule",
            ),
        ),
        _keys("relation", Relation),
        _keys("role", (*StaffRole, *SiteRole)),
        _keys("home", (*HomeAnswer, "question")),
        _keys("contact.method", ContactMethod),
        _keys("contact.result", ContactResult),
        _keys("contact.direction", ContactDirection),
        _keys("outbox.state", OutboxState),
        _keys(
            "outbox.reason",
            (
                "records_right_revoked", "no_address", "connect_canvas", "connect_canvas_again",
                "sending_off", "sender_left_team", "notice_gate", "platform_down",
                "worker_vanished", "looked_not_found", "recipient_dropped", "refused",
                "rate_limited", "no_channel", "other",
            ),
        ),
        _keys("audience", (*Audience, "participants_and_team", "draft", "interpreter")),
        {"notice.subject", "watch.family", "list.two", "list.more"},
    ],
    ids=lambda wanted: min(wanted),
)  # fmt: skip
def test_every_value_of_the_domain_has_words(wanted: set[str]) -> None:
    """What a code can be, people can read."""
    assert set() == wanted - messages("en").keys()


@pytest.mark.parametrize("tag", OTHERS)
def test_language_has_every_key_in_the_order_of_english(tag: str) -> None:
    """No key is missing, none is left over (scripts/catalogues.py refresh keeps the order)."""
    assert list(messages("en")) == list(messages(tag))


@pytest.mark.parametrize("tag", LANGUAGES)
def test_message_has_words_and_the_slots_of_english(tag: str) -> None:
    """Nothing is empty, and each form fills the same slots, by plain names only."""
    for key, english in messages("en").items():
        forms, slots = messages(tag)[key], template_slots(english[0])

        assert all(form.strip() for form in forms), key
        assert len(english) == len(forms), key
        assert {slots} == {template_slots(form) for form in forms}, key
        assert all(slot.isidentifier() for slot in slots), key


@pytest.mark.parametrize("tag", LANGUAGES)
def test_message_carries_no_direction_controls(tag: str) -> None:
    """Isolates are put in when a sentence is rendered, never typed into a catalogue."""
    classes = {
        unicodedata.bidirectional(letter) for forms in messages(tag).values() for letter in "".join(forms)
    }

    assert set() == {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"} & classes


@pytest.mark.parametrize("tag", LANGUAGES)
def test_link_stands_alone_on_the_last_line(tag: str) -> None:
    """A link is never wrapped in isolates, so nothing may stand beside it."""
    beside = [
        key
        for key, forms in messages(tag).items()
        if any("{link}" in form and not form.endswith("\n{link}") for form in forms)
    ]

    assert [] == beside


@pytest.mark.parametrize("tag", LANGUAGES)
def test_notices_pass_the_gate(tag: str) -> None:
    """No sentence that leaves the tool hints at a plan in any language we write."""
    for key, forms in messages(tag).items():
        if key.startswith("notice."):
            check_content_free(" ".join(forms))


@pytest.mark.parametrize("tag", LANGUAGES)
def test_compiled_catalogue_is_what_the_po_file_says(tag: str) -> None:
    """The committed .mo is made from the committed .po (scripts/catalogues.py compile)."""
    po = CATALOGUES / tag / "LC_MESSAGES" / "domain.po"

    assert script().compiled(po) == po.with_suffix(".mo").read_bytes(), "run: scripts/catalogues.py compile"


@pytest.mark.parametrize("tag", OTHERS)
def test_po_file_shows_the_english_of_today(tag: str) -> None:
    """Translators read the English beside each key (scripts/catalogues.py refresh)."""
    po = CATALOGUES / tag / "LC_MESSAGES" / "domain.po"

    assert script().refreshed(po) == po.read_text(encoding="utf-8"), "run: scripts/catalogues.py refresh"


def test_status_says_who_reviewed_a_catalogue() -> None:
    """English is reviewed by the authors; Spanish and Dari say that they are drafts."""
    english = catalogue_status("en-US")
    assert english is not None
    assert ("en", "the authors", True) == (english.tag, english.reviewed_by, english.is_reviewed)
    assert "Reviewed by the authors." == render(english.phrase, "en").text
    for tag in OTHERS:
        draft = catalogue_status(tag)
        assert draft is not None
        assert (tag, None, False) == (draft.tag, draft.reviewed_by, draft.is_reviewed)
        assert "Drafted, not yet reviewed by a native speaker." == render(draft.phrase, "en").text


@pytest.mark.parametrize("tag", ["hu", "not a tag"])
def test_status_of_a_language_without_catalogue_is_none(tag: str) -> None:
    """There is nothing to say about a catalogue that does not exist."""
    assert catalogue_status(tag) is None


def test_has_message_looks_into_one_language_only() -> None:
    """A key is there or not; no other language stands in."""
    assert has_message("family.met")
    assert has_message("family.met", "es-MX")
    assert not has_message("family.met", "hu")
    assert not has_message("no.such.key")
    assert not has_message("")


def test_code_of_another_system_gets_the_general_sentence() -> None:
    """A reason that nobody foresaw is still said in words."""
    other = "outbox.reason.other"

    assert "outbox.reason.mail_down" == known_phrase("outbox.reason.mail_down", otherwise=other).key
    assert other == known_phrase("outbox.reason.a_code_of_tomorrow", otherwise=other).key


@pytest.mark.parametrize(
    "key", [key for key in messages("en") if key.startswith(FAMILIES) and key != "notice.reference"]
)
def test_family_sentence_reads_at_grade_six_or_below(key: str) -> None:
    """Domain guide 5.10: about grade 6, by Flesch-Kincaid."""
    for form in messages("en")[key]:
        text = form.format_map({**SAMPLES, "skill": "reading aloud"})

        assert grade(text) <= 6.0, text


def test_family_sentences_stay_easy_with_every_skill() -> None:
    """With each skill's name filled in, the update as a whole stays at grade 6 or below."""
    for skill in SKILL_KEYS:
        name = messages("en")[f"skill.{skill}"][0]
        update = " ".join(
            messages("en")[key][0].format_map({**SAMPLES, "skill": name})
            for key in ("update.growth", "update.path", "family.close", "update.question")
        )

        assert grade(update) <= 6.0, update


@pytest.mark.parametrize("key", [key for key in messages("en") if key.startswith("family.")])
def test_family_words_name_the_plan_not_the_child(key: str) -> None:
    """A child's name stands in the family's finding only where the goal is met."""
    assert (key == "family.met") == ("child" in template_slots(messages("en")[key][0]))


def test_template_is_cut_at_its_slots() -> None:
    """Words and slots alternate; the words after the last slot have none."""
    assert (("a ", "x"), (" b", None)) == template_parts("a {x} b")
