"""How many messages a text is: counted as telephones do, and what a usual notice takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sms import Encoding, Size, size_of
from iepcore.caseload.noticing import words_for
from iepcore.people import AddressKind
from tests.contract.connectors.test_sms import notice


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", Encoding.GSM7, 0, 0),
        ("a" * 160, Encoding.GSM7, 160, 1),
        ("a" * 161, Encoding.GSM7, 161, 2),
        ("a" * 306, Encoding.GSM7, 306, 2),
        ("a" * 307, Encoding.GSM7, 307, 3),
        ("ñ€", Encoding.GSM7, 3, 1),
        ("a" * 152 + "€" * 5, Encoding.GSM7, 162, 2),
        ("á", Encoding.UCS2, 1, 1),
        ("س" * 70, Encoding.UCS2, 70, 1),
        ("س" * 71, Encoding.UCS2, 71, 2),
        ("س" * 66 + "\U0001f600" * 3, Encoding.UCS2, 72, 2),
    ],
)
def test_how_many_messages_a_text_is(text: str, encoding: Encoding, units: int, segments: int) -> None:
    """The alphabets' limits, the escape that counts twice, and no character cut in two."""
    assert Size(encoding=encoding, units=units, segments=segments) == size_of(text)


@given(st.text(max_size=400))
def test_parts_hold_all_and_no_part_too_many(text: str) -> None:
    """As many parts as the units need at least, and never one that could be spared by half."""
    size = size_of(text)
    joined = 153 if size.encoding is Encoding.GSM7 else 67
    assert size.segments * (160 if size.segments <= 1 else joined) >= size.units or size.units == 0
    assert (size.segments - 1) * (joined - 1) < max(size.units, 1)


def test_a_usual_notice_is_one_message_in_english() -> None:
    """With a school's name and an address of usual length; Spanish fits the cheap alphabet, Dari is told."""
    sizes = {tag: size_of(words_for(AddressKind.SMS, notice(tag))) for tag in ("en", "es", "prs")}

    assert (Encoding.GSM7, 1) == (sizes["en"].encoding, sizes["en"].segments)
    assert (Encoding.GSM7, 1) == (sizes["es"].encoding, sizes["es"].segments)
    assert Encoding.UCS2 is sizes["prs"].encoding
    assert sizes["prs"].segments <= 3
    unread = words_for(AddressKind.SMS, notice(takes_replies=False))
    assert "Open the link to answer" in unread
    assert "STOP" not in unread
