"""Composite values as text: the same value, the same text, and back again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.language import FreeText, Name, Phrase
from iepcore.progress import PercentReading
from iepcore.testing.store_samples import MEASURES, READINGS
from lti_app.storage.documents import DOCUMENT_READERS, write_document
from lti_app.storage.metadata import owned_table

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(str.strip)
SLOTS = st.one_of(
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    WORDS,
    st.builds(Name, text=st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
    st.builds(FreeText, text=WORDS, lang=st.sampled_from(["en", "es", "fa"])),
)
NAMES = st.sampled_from(["child", "name", "text", "key", "day", "instant", "params", "lang"])
PHRASES = st.recursive(
    st.builds(Phrase, key=WORDS, params=st.dictionaries(NAMES, SLOTS, max_size=4)),
    lambda inner: st.builds(Phrase, key=WORDS, params=st.dictionaries(NAMES, inner | SLOTS, max_size=3)),
    max_leaves=4,
)


def again(form: str, value: object) -> Any:
    """Write and read a value."""
    return DOCUMENT_READERS[form](write_document(form, value))


@given(parts=st.lists(PHRASES | st.builds(FreeText, text=WORDS, lang=st.just("fa")), max_size=4).map(tuple))
def test_every_part_of_a_message_comes_back(parts: tuple[Any, ...]) -> None:
    """Phrases with any slots, whatever the slots are called, and free text in any alphabet."""
    assert parts == again("parts", parts)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.kind.value)
def test_every_measure_comes_back(measure: Any) -> None:
    """Settings that are set are written, the others left out."""
    assert measure == again("measure", measure)
    assert "null" not in write_document("measure", measure)


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: type(reading).__name__)
def test_every_reading_comes_back(reading: Any) -> None:
    """Whole numbers stay whole, absent ones absent, to the last bit."""
    assert repr(reading) == repr(again("reading", reading))


def test_equal_readings_are_one_object() -> None:
    """A chart of sixty points of "8 of 10" holds one reading."""
    text = write_document("reading", PercentReading(correct=8, trials=10))
    assert DOCUMENT_READERS["reading"](text) is DOCUMENT_READERS["reading"](text)


def test_words_are_not_kept_between_requests() -> None:
    """Nobody's words stay in a cache of the process."""
    text = write_document("free_text", FreeText(text="Private", lang="en"))
    assert DOCUMENT_READERS["free_text"](text) is not DOCUMENT_READERS["free_text"](text)


def test_a_day_and_an_instant_are_told_apart() -> None:
    """A date stays a date."""
    phrase = Phrase(
        key="x", params={"day": date(2026, 3, 2), "at": datetime(2026, 3, 2, 1, 2, 3, 4, tzinfo=UTC)}
    )
    (found,) = again("parts", (phrase,))
    assert [date, datetime] == [type(found.params[name]) for name in ("day", "at")]


def test_a_table_must_say_whose_data_it_holds() -> None:
    """A table without its two sentences is not made."""
    with pytest.raises(ValueError, match="silent"):
        owned_table("silent", personal_data="", erased_by="")
