"""The confidentiality proof, for any road: a push is seen by whom it may be, and tells nobody else.

A road's test makes a ``Road`` over its fake and calls ``assert_confidential`` with rosters out of
``rosters()``. The fake is the oracle: it knows of every object it stores who can see it, by the vendor's
rules and not ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hypothesis import strategies as st

from iepcore.notices import PLAN_WORDS

NAMES = (
    "Zoraya Quillfeather",
    "Bartholomew Quillfeather",
    "Imogen Oxblood",
    "Tavish Oxblood",
    "Persephone Lark",
    "Lysander Lark",
    "Wilhelmina Thorn",
    "Ottoline Thorn",
)
"""Nobody's names, and no words of anything else."""
PEOPLE = range(len(NAMES))
NOTE = "Umbrage reads fortytwo wordlets"
"""The words of a note. They may stand in a body that one person sees, and nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Somebody in a course: who, as what, in which section, and whom they watch."""

    course: int
    person: int
    kind: str
    section: int = 0
    watches: int | None = None
    active: bool = True


Roster = tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What one push made: who may see it, and who can, as the fake says. ``alarmed``: the product itself said
    that somebody else may have seen it (the platform erred, and no retry follows)."""

    allowed: frozenset[str]
    seen_by: frozenset[str]
    alarmed: bool = False


class Road(Protocol):
    """One way out, over its fake."""

    def pushes(self) -> Mapping[str, Callable[[int], Pushed]]:
        """Return every push the product can make by this road; each takes a person as recipient."""
        ...

    def outside(self) -> str:
        """Return what passed the wire outside bodies, without the bearer: addresses, queries, headers,
        subjects, titles, file names."""
        ...


def rosters() -> st.SearchStrategy[Roster]:
    """Draw rows of up to three courses, odd families among them."""
    row = st.builds(
        Row,
        course=st.sampled_from([42, 43, 44]),
        person=st.sampled_from(PEOPLE),
        kind=st.sampled_from(["student", "teacher", "aide", "observer", "designer"]),
        section=st.sampled_from([0, 1]),
        watches=st.none() | st.sampled_from(PEOPLE),
        active=st.booleans(),
    )
    return st.lists(row, min_size=1, max_size=14).map(tuple)


def _student(person: int, course: int = 42, section: int = 0) -> Row:
    return Row(course=course, person=person, kind="student", section=section)


def _observer(person: int, of: int | None, course: int = 42) -> Row:
    return Row(course=course, person=person, kind="observer", watches=of)


FAMILIES: Mapping[str, Roster] = {
    "siblings": (_student(0), _student(1), _observer(2, 0), _observer(2, 1)),
    "an observer of two families": (_student(0), _student(3), _observer(2, 0), _observer(2, 3)),
    "an observer of nobody": (_student(0), _observer(2, None)),
    "a teacher who is a parent": (
        _student(0),
        Row(course=42, person=4, kind="teacher"),
        _observer(4, 0),
    ),
    "aides": (
        _student(0),
        Row(course=42, person=5, kind="aide"),
        Row(course=43, person=5, kind="student"),
    ),
    "cross-listed courses": (_student(0), _student(0, section=1), _student(0, course=43), _observer(2, 0)),
    "an older sibling who observes": (_student(0), _student(1, course=43), _observer(1, 0)),
    "parents who live apart": (_student(0), _observer(2, 0), _observer(6, 0)),
    "a parent who was removed": (
        _student(0),
        Row(course=42, person=2, kind="observer", watches=0, active=False),
    ),
}


def assert_confidential(road: Road, recipients: Iterable[int]) -> None:
    """Make every push to every recipient and look at it through the oracle; then look at what was outside.

    Raises:
        AssertionError: somebody else can see a push, or something outside a body tells.
    """
    for recipient in recipients:
        for name, push in road.pushes().items():
            made = push(recipient)
            if not made.alarmed:
                assert made.seen_by <= made.allowed, name
    assert_tells_nothing(road.outside())


def assert_tells_nothing(text: str, more: Sequence[str] = ()) -> None:
    """Fail when a person's name, a note's word or a word about a plan stands in the text."""
    words = [*(part for name in NAMES for part in name.split()), *NOTE.split(), *PLAN_WORDS, *more]
    found = [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)]
    assert [] == found
