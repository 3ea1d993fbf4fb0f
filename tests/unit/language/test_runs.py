"""Runs of the other direction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.language import FreeText, foreign_runs


@pytest.mark.parametrize(
    ("lang", "text", "runs"),
    [
        ("prs", "جلسه به تاریخ 2027-02-09 ساعت 15:30 است.", ("2027-02-09", "15:30")),
        ("prs", "۳۶ لغت از ۶۰", ()),
        ("ar", "خطة IEP meeting هنا", ("IEP meeting",)),
        ("ar", "غرفة 12\nالطابق 3", ("12", "3")),
        ("en", "We say سلام to her", ("سلام",)),
        ("en", "Meet on 2027-02-09.", ()),
        ("he", "Room 4", ("Room 4",)),
    ],
)
def test_runs_are_found(lang: str, text: str, runs: tuple[str, ...]) -> None:
    """Days, times, numbers and Latin words in a text from right to left; the reverse elsewhere."""
    assert runs == foreign_runs(FreeText(text=text, lang=lang))


@given(st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and "\0" not in text))
def test_runs_stand_in_the_text_in_order(text: str) -> None:
    """Each run is found in the words, after the one before it, without spaces around it."""
    place = 0
    for run in foreign_runs(FreeText(text=text, lang="prs")):
        place = text.index(run, place) + len(run)
        assert run.strip() == run
