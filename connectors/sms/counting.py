"""How many text messages a text is: counted as telephones do (3GPP TS 23.038 and 23.040), before it is
paid for.

160 characters of the GSM 7-bit alphabet fit one message, 70 of anything else; in several parts 153 and 67
each, and no character is cut in two.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Written as an escape and a second character: they count twice."""


class Encoding(StrEnum):
    """The alphabet a text needs."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a text is: its alphabet, the units it takes of it, and the messages it is sent as."""

    encoding: Encoding
    units: int
    segments: int


def size_of(text: str) -> Size:
    """Return the size of a text."""
    if all(ch in _BASIC or ch in _EXTENDED for ch in text):
        widths = [2 if ch in _EXTENDED else 1 for ch in text]
        return _size(Encoding.GSM7, widths, alone=160, joined=153)
    return _size(Encoding.UCS2, [2 if ord(ch) > 0xFFFF else 1 for ch in text], alone=70, joined=67)


def _size(encoding: Encoding, widths: list[int], *, alone: int, joined: int) -> Size:
    units = sum(widths)
    if units <= alone:
        return Size(encoding=encoding, units=units, segments=1 if units else 0)
    segments, room = 1, joined
    for width in widths:
        if width > room:
            segments, room = segments + 1, joined
        room -= width
    return Size(encoding=encoding, units=units, segments=segments)
