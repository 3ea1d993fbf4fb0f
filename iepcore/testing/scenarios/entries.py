"""What a scenario expects, entry by entry, beside what the library computes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from iepcore.errors import IepError
from iepcore.testing.scenarios.form import Facts, FormError
from iepcore.testing.scenarios.site import Site


class Verdict(StrEnum):
    """What became of one entry."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_COMPUTED = "not computed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One expected value. ``id`` stays the same from run to run; ``how`` says by what it was computed, or why
    it was not.
    """

    id: str
    expected: Any
    computed: Any
    how: str
    verdict: Verdict


Compute = Callable[[Site], Any]


def compared(key: str, expected: Any, computed: Any, how: str) -> Entry:
    """Return an entry that was computed; days are compared as ISO text."""
    told = plain(computed)
    verdict = Verdict.AGREES if told == expected else Verdict.DIFFERS
    return Entry(id=key, expected=expected, computed=told, how=how, verdict=verdict)


def missing(key: str, expected: Any, why: str) -> Entry:
    """Return an entry nothing computes, with the reason."""
    return Entry(id=key, expected=expected, computed=None, how=why, verdict=Verdict.NOT_COMPUTED)


def tried(key: str, expected: Any, how: str, compute: Callable[[], Any]) -> Entry:
    """Return an entry, computed; what the library refuses is an entry that differs, with the code."""
    try:
        return compared(key, expected, compute(), how)
    except IepError as refusal:
        return compared(key, expected, f"refused: {refusal.code}", how)
    except FormError as problem:
        return missing(key, expected, str(problem))


def plain(value: Any) -> Any:
    """Return a value as JSON would hold it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    return value


def unknown(facts: Facts, prefix: str) -> Iterator[Entry]:
    """Yield an entry for each field of an expected object that nobody asked for."""
    for key, value in facts.raw.items():
        if key not in facts.read:
            yield missing(f"{prefix}/{key}", value, "nothing here computes it")
