"""Ids: version 7 by RFC 9562, in order of their making, and one spelling for each."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.ids import new_uuid7, parse_client_key, parse_uuid


@given(st.integers(0, 2**48 - 1))
def test_id_has_version_variant_and_its_milliseconds(milliseconds: int) -> None:
    """The fields of RFC 9562 section 5.7 stand where they belong."""
    made = new_uuid7(milliseconds=milliseconds)

    assert (7, "specified in RFC 4122") == (made.version, made.variant)
    assert milliseconds == made.int >> 80


@given(st.lists(st.integers(0, 2**48 - 1), unique=True, max_size=20))
def test_later_id_sorts_after_an_earlier_one(moments: list[int]) -> None:
    """In order of time is in order of text, so that an index grows at its end."""
    made = [str(new_uuid7(milliseconds=moment)) for moment in sorted(moments)]

    assert sorted(made) == made


def test_id_is_of_now_and_never_the_same_twice() -> None:
    """Without a moment it is this one; a thousand in one millisecond are a thousand."""
    before = time.time_ns() // 1_000_000
    stamp = new_uuid7().int >> 80

    assert before <= stamp <= time.time_ns() // 1_000_000
    assert 1000 == len({new_uuid7(milliseconds=1) for _ in range(1000)})
    assert datetime.fromtimestamp(stamp / 1000, tz=UTC).year >= 2024


@given(st.uuids())
def test_text_of_an_id_gives_it_back(value: UUID) -> None:
    """Small and capital letters are the same id."""
    assert value == parse_uuid(str(value)) == parse_uuid(str(value).upper())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "urn:0192d8b0a8e37c6ea9e6a2f1b1c0d9e8",
        "{192d8b0a8e37c6ea9e6a2f1b1c0d9e8000}",
        "0192d8b0a8e37c6ea9e6a2f1b1c0d9e8",
        "0192-d8b0a8e3-7c6e-a9e6-a2f1b1c0d9e8",
        "0192d8b0-a8e3-7c6e-a9e6-a2f1b1c0d9eg",
        " 0192d8b0-a8e3-7c6e-a9e6-a2f1b1c0d9e",
        "0192d8b0-a8e3-7c6e-a9e6-a2f1b1c0d9e8 ",
        "٠192d8b0-a8e3-7c6e-a9e6-a2f1b1c0d9e8",
    ],
)
def test_other_spelling_is_no_id(text: str) -> None:
    """Only the canonical form is taken, and the error repeats nothing of the text."""
    with pytest.raises(InvalidValue) as refused:
        parse_uuid(text, field="goal_id")

    assert ("not_an_id", "goal_id") == (refused.value.code, refused.value.field)
    assert not text or text not in str(refused.value)


@given(st.text(max_size=40))
def test_any_text_is_an_id_or_refused(text: str) -> None:
    """No text ends in another error, and what is taken is spelled as it was."""
    try:
        found = parse_uuid(text)
    except InvalidValue:
        return
    assert text.lower() == str(found)


def test_client_key_is_read_like_an_id_under_its_own_name() -> None:
    """A key made by a device is any UUID; what is not one names the field."""
    key = uuid4()

    assert key == parse_client_key(str(key))
    with pytest.raises(InvalidValue, match="client_key"):
        parse_client_key("tap-1")
