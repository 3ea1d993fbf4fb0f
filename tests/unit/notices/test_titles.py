"""Titles that a whole course reads: one line, no plan word, no pupil's name."""

from __future__ import annotations

import pytest

from iepcore.errors import InvalidValue
from iepcore.notices import LONGEST_TITLE, PLAN_WORDS, neutral_title


def _refusal(text: str, **known: object) -> str:
    with pytest.raises(InvalidValue) as refused:
        neutral_title(text, **known)  # type: ignore[arg-type]
    assert "title" == refused.value.field
    assert text.strip() == "" or text not in str(refused.value)
    return refused.value.code


def test_title_is_one_line() -> None:
    """White space is folded; eighty characters are enough."""
    assert "Monday check-in" == neutral_title("  Monday\n check-in ")
    assert "x" * LONGEST_TITLE == neutral_title("x" * LONGEST_TITLE)
    assert "title_long" == _refusal("x" * (LONGEST_TITLE + 1))
    assert ["title_empty", "title_empty"] == [_refusal(""), _refusal(" \n\t")]


@pytest.mark.parametrize("word", PLAN_WORDS)
def test_plan_words_are_refused(word: str) -> None:
    """Whatever a notice may not say a title may not say either."""
    assert "title_names_plan" == _refusal(f"A {word.upper()} check")


def test_names_of_pupils_are_refused() -> None:
    """First, last and whole names of anybody in the course; a usual title passes all the same."""
    names = ["Maya Ruiz", "Check Norris"]
    for title in ("For maya", "Ruiz group", "With Máyá"):
        assert "title_names_pupil" == _refusal(title, names=names)
    assert "Check-in" == neutral_title("Check-in", names=names, usual="Check-in")
    assert "title_names_pupil" == _refusal("Norris check", names=names, usual="Check-in")
