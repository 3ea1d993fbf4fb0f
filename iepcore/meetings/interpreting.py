"""Whatever is needed so that a parent understands a meeting: an interpreter, booked and confirmed (34 CFR
300.322(e); M7).

Children, relatives and untrained staff are not used as interpreters, whoever offers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from iepcore.ids import AdultId
from iepcore.language import normalise_tag


class InterpreterKind(StrEnum):
    """Who interprets."""

    QUALIFIED = "qualified"
    TRAINED_STAFF = "trained_staff"
    UNTRAINED_STAFF = "untrained_staff"
    RELATIVE = "relative"
    CHILD = "child"


_TRAINED = frozenset({InterpreterKind.QUALIFIED, InterpreterKind.TRAINED_STAFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpreterBooking:
    """An interpreter asked to a meeting, in one language. ``confirmed_on`` is the day they said yes."""

    language: str
    kind: InterpreterKind
    interpreter_id: AdultId | None = None
    confirmed_on: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "language", normalise_tag(self.language))


class InterpreterGap(StrEnum):
    """What is missing before somebody who needs an interpreter can take part."""

    NONE_BOOKED = "interpreter_missing"
    NOT_TRAINED = "interpreter_not_trained"
    NOT_CONFIRMED = "interpreter_not_confirmed"


INTERPRETER_RULE = "34 CFR 300.322(e)"


def interpreter_gaps(
    needed: Mapping[AdultId, str], bookings: Iterable[InterpreterBooking]
) -> tuple[tuple[AdultId, InterpreterGap], ...]:
    """Return, for each adult who needs an interpreter (and the language they speak), what is missing.

    A language is met by its own tag or by one with the same first part (``es`` for ``es-GT``).
    """
    held = tuple(bookings)
    found = []
    for adult_id, spoken in needed.items():
        gap = _gap_of([one for one in held if _same(one.language, normalise_tag(spoken))])
        if gap is not None:
            found.append((adult_id, gap))
    return tuple(found)


def _gap_of(bookings: list[InterpreterBooking]) -> InterpreterGap | None:
    if not bookings:
        return InterpreterGap.NONE_BOOKED
    trained = [one for one in bookings if one.kind in _TRAINED]
    if not trained:
        return InterpreterGap.NOT_TRAINED
    if all(one.confirmed_on is None for one in trained):
        return InterpreterGap.NOT_CONFIRMED
    return None


def _same(booked: str, spoken: str) -> bool:
    return booked.split("-")[0] == spoken.split("-")[0]
