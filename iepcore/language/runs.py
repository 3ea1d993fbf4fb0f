"""Runs of the other direction inside somebody's words: what a page sets in ``<bdi>`` so that nothing shuffles
(domain guide 5.4).
"""

from __future__ import annotations

import unicodedata

from iepcore.language.phrases import FreeText

_RIGHT = frozenset({"R", "AL", "AN"})
_JOINS = frozenset({"CS", "ES", "ET", "ON", "WS", "NSM", "BN"})
"""Bidirectional classes of what may stand inside a run: hyphens, colons, stops, single spaces."""


def foreign_runs(text: FreeText) -> tuple[str, ...]:
    """Return the runs of a text that read the other way than its language, in order.

    In a text from right to left: Latin words, and days and numbers in Western digits. Digits of the text's
    own script stay in its flow. In a text from left to right: words in letters from right to left.
    """
    rtl = text.dir == "rtl"
    runs: list[str] = []
    current = between = ""
    for letter in text.text:
        if _is_foreign(letter, rtl=rtl):
            current, between = current + between + letter, ""
        elif current and letter != "\n" and unicodedata.bidirectional(letter) in _JOINS:
            between += letter
        else:
            runs.append(current)
            current = between = ""
    return tuple(run for run in (*runs, current) if run)


def _is_foreign(letter: str, *, rtl: bool) -> bool:
    if rtl:
        return unicodedata.bidirectional(letter) == "L" or (letter.isascii() and letter.isdigit())
    return unicodedata.bidirectional(letter) in _RIGHT
