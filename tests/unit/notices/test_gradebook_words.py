"""Words that travel to a gradebook: what they may say, and what becomes of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from iepcore.errors import InvalidValue
from iepcore.notices import PLAN_WORDS, Receipt, ReceiptState, WordState, neutral_word, settle_word
from iepcore.testing import store_values as a

STUDENT = a.a_student()


def _refusal(text: str) -> str:
    with pytest.raises(InvalidValue) as refused:
        neutral_word(text, names=("Mayabel Quill", "Maya"))
    assert text not in str(refused.value)
    return refused.value.code


def test_neutral_word_is_one_line() -> None:
    """White space is folded; what names nobody and tells nothing passes."""
    assert "Thank you for checking in." == neutral_word(" Thank you \n for checking in. ", names=("Maya",))


@pytest.mark.parametrize("word", PLAN_WORDS)
def test_plan_words_do_not_travel(word: str) -> None:
    """Whatever a notice may not say a gradebook may not say either."""
    assert "word_names_plan" == _refusal(f"About the {word.title()}")


@pytest.mark.parametrize("text", ["Well done, Maya", "quill did it", "For MAYABEL"])
def test_names_do_not_travel(text: str) -> None:
    """A cell belongs to one pupil; a word there is about nobody by name."""
    assert "word_names_child" == _refusal(text)


@pytest.mark.parametrize("text", ["42 words", "Reads ½ page", "Step ٣", "Level Ⅳ"])
def test_numbers_do_not_travel(text: str) -> None:
    """A score in words is still a score, in any script."""
    assert "word_has_number" == _refusal(text)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": " "}, "word_empty"),
        ({"text": "x" * 201}, "word_long"),
        ({"column": ""}, "column_form"),
        ({"column": "x" * 2001}, "column_form"),
        ({"version": 0}, "version_range"),
    ],
)
def test_words_that_are_none(changes: dict[str, Any], code: str) -> None:
    """Empty and endless words, and columns without an address, are refused."""
    with pytest.raises(InvalidValue, match=code):
        a.a_word(STUDENT.id, **changes)


@pytest.mark.parametrize(
    ("became", "state", "there"),
    [
        (ReceiptState.SENT, WordState.SENT, True),
        (ReceiptState.REFUSED, WordState.REFUSED, False),
        (ReceiptState.UNKNOWN, WordState.UNKNOWN, True),
    ],
)
def test_what_became_of_a_word(became: ReceiptState, state: WordState, there: bool) -> None:
    """A word takes time and reason of its receipt; only a refused one is surely not there."""
    word = a.a_word(STUDENT.id)
    at = a.NOW + timedelta(seconds=1)
    settled = settle_word(word, Receipt(state=became, at=at, reason="why"))
    assert (state, "why", at, 2, there) == (
        settled.state,
        settled.reason,
        settled.sent_at,
        settled.version,
        settled.may_be_there,
    )
    assert word.may_be_there
