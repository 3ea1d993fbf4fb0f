"""A school's own codes for the fixed words: kept as given, never in place of the word."""

from __future__ import annotations

from dataclasses import asdict, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.plan import ReportCodes
from iepcore.plan.report_codes import MAX_CODE
from iepcore.progress import FindingWord

WORDS = [word.value for word in FindingWord]


def test_every_fixed_word_may_have_a_code() -> None:
    """The six words and nothing beside them; without a code the answer is empty."""
    assert WORDS == [one.name for one in fields(ReportCodes)]
    assert {""} == {ReportCodes().code(word) for word in FindingWord}
    assert "SP" == ReportCodes(on_track="SP").code(FindingWord.ON_TRACK)
    assert "" == ReportCodes(on_track="SP").code(FindingWord.CLOSE)


@given(st.dictionaries(st.sampled_from(WORDS), st.text(max_size=MAX_CODE)))
def test_codes_go_there_and_back(codes: dict[str, str]) -> None:
    """From a mapping, to the value, to a mapping, to the value: the same, with single spaces."""
    made = ReportCodes.of(codes)

    assert made == ReportCodes.of(asdict(made))
    assert {word: " ".join(code.split()) for word, code in codes.items()} == {
        word: made.code(FindingWord(word)) for word in codes
    }


def test_code_is_short_and_on_one_line() -> None:
    """Forty characters after spaces are put right; one more is refused by the word it is for."""
    assert "Sufficient progress" == ReportCodes(on_track="  Sufficient\n progress\t").on_track
    assert "x" * 40 == ReportCodes(met=f" {'x' * 40} ").met
    with pytest.raises(InvalidValue, match="text_too_long") as refused:
        ReportCodes(close="x" * 41)
    assert ("close", 40) == (refused.value.field, refused.value.params["limit"])


def test_word_nobody_knows_has_no_code() -> None:
    """A slip of the pen does not vanish."""
    with pytest.raises(InvalidValue, match="unknown_finding_word") as refused:
        ReportCodes.of({"ontrack": "SP"})
    assert "codes" == refused.value.field
