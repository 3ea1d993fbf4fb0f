"""A case manager's own list against the address book: who is who, by number or address, never by name alone.

An equal name is shown beside a row, for a person to say "yes, that is the one"; it decides nothing.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from iepcore.people.matching import AccountKey, folded_mail
from iepcore.people.roster import RosterMember, RosterStanding

_GRADE_WORDS = {
    "PK": "PK",
    "PRE-K": "PK",
    "PREK": "PK",
    "PRESCHOOL": "PK",
    "PR": "PK",
    "TK": "K",
    "KG": "K",
    "K": "K",
    "KINDERGARTEN": "K",
    "13": "18+",
    "18+": "18+",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPupil:
    """One pupil of the address book, with every account that is surely theirs. ``lines`` are those of the
    courses, at least one; the first is what a record is opened for."""

    lines: tuple[RosterMember, ...]

    @property
    def name(self) -> str:
        """The name as a source tells it, empty when none does."""
        return next((one.name for one in self.lines if one.name), "")

    @property
    def grade(self) -> str:
        """The grade in our words, empty when no source tells one that we know."""
        return next((found for one in self.lines if (found := grade_of(one.grade))), "")

    @property
    def courses(self) -> tuple[str, ...]:
        """The titles of the courses, each once."""
        return tuple(dict.fromkeys(one.context_title for one in self.lines if one.context_title))

    @property
    def accounts(self) -> frozenset[AccountKey]:
        """(source, subject) of each account."""
        return frozenset((one.source, one.subject) for one in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPupil:
    """One row of a case manager's list, as typed. ``grade`` and ``language`` are as far as they were
    understood, or empty."""

    name: str
    sis_id: str = ""
    mail: str = ""
    grade: str = ""
    language: str = ""


class RowMatch(StrEnum):
    """What the address book says of one row."""

    SURE = "sure"
    """The number or a verified address is that of one pupil."""
    CHOOSE = "choose"
    """A person must say which pupil it is: the name is equal, or the number is that of several."""
    NEW = "new"
    """Nobody of the address book has this number, address or name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One row of the list and whom it may be: one (``SURE``), several or one by name (``CHOOSE``), nobody."""

    wanted: WantedPupil
    match: RowMatch
    pupils: tuple[ListedPupil, ...] = ()


def listed_pupils(
    lines: Iterable[RosterMember], together: Iterable[Iterable[AccountKey]] = ()
) -> tuple[ListedPupil, ...]:
    """Return the active pupils of an address book by name, each once. ``together``: accounts of one
    person."""
    leader: dict[AccountKey, AccountKey] = {}
    for group in together:
        keys = sorted(group)
        for key in keys:
            leader[key] = keys[0]
    held: dict[AccountKey, list[RosterMember]] = defaultdict(list)
    for line in lines:
        if line.active and line.standing is RosterStanding.PUPIL:
            key = (line.source, line.subject)
            held[leader.get(key, key)].append(line)
    pupils = [
        ListedPupil(lines=tuple(sorted(found, key=lambda one: (one.source, one.context_id, one.subject))))
        for found in held.values()
    ]
    return tuple(sorted(pupils, key=lambda one: (folded_name(one.name), sorted(one.accounts))))


def match_list(wanted: Sequence[WantedPupil], pupils: Iterable[ListedPupil]) -> tuple[CaseRow, ...]:
    """Say of every row of a list who it is, in the list's order."""
    numbers: dict[str, list[ListedPupil]] = defaultdict(list)
    mails: dict[str, list[ListedPupil]] = defaultdict(list)
    names: dict[str, list[ListedPupil]] = defaultdict(list)
    for pupil in pupils:
        for number in {one.sis_id for one in pupil.lines if one.sis_id}:
            numbers[number].append(pupil)
        for mail in {folded_mail(one.email) for one in pupil.lines if one.email and one.email_verified}:
            mails[mail].append(pupil)
        for name in {folded_name(one.name) for one in pupil.lines if one.name}:
            names[name].append(pupil)
    return tuple(
        _row(
            one,
            numbers.get(one.sis_id, []) if one.sis_id else [],
            mails.get(folded_mail(one.mail), []) if one.mail else [],
            names.get(folded_name(one.name), []),
        )
        for one in wanted
    )


def _row(
    wanted: WantedPupil,
    by_number: list[ListedPupil],
    by_mail: list[ListedPupil],
    by_name: list[ListedPupil],
) -> CaseRow:
    told = _each_once([*by_number, *by_mail])
    if len(told) == 1 and _may_be_called(told[0], wanted.name):
        return CaseRow(wanted=wanted, match=RowMatch.SURE, pupils=tuple(told))
    if told:
        return CaseRow(wanted=wanted, match=RowMatch.CHOOSE, pupils=tuple(told))
    if by_name:
        return CaseRow(wanted=wanted, match=RowMatch.CHOOSE, pupils=tuple(_each_once(by_name)))
    return CaseRow(wanted=wanted, match=RowMatch.NEW)


def _may_be_called(pupil: ListedPupil, name: str) -> bool:
    """Tell whether two names share a word: a number whose bearer is called otherwise may be mistyped."""
    mine, theirs = set(folded_name(name).split()), set(folded_name(pupil.name).split())
    return not mine or not theirs or bool(mine & theirs)


def _each_once(pupils: Iterable[ListedPupil]) -> list[ListedPupil]:
    return list({one.lines[0].id: one for one in pupils}.values())


def folded_name(name: str) -> str:
    """Return a name as it is compared for hints: without case, accents, commas and double spaces, and with
    "Quill, Maya" as "Maya Quill"."""
    last, comma, first = name.partition(",")
    whole = f"{first} {last}" if comma else name
    letters = unicodedata.normalize("NFD", whole.casefold())
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).split())


def grade_of(text: str | None) -> str:
    """Return a grade as our forms write it (``PK``, ``K``, ``1`` to ``12``, ``18+``), empty when it is none.

    Takes the code lists of OneRoster (CEDS entry grade levels) and what people type ("3rd", "Grade 3")."""
    words = (text or "").upper().replace("GRADE", "").replace(".", "").strip()
    if words in _GRADE_WORDS:
        return _GRADE_WORDS[words]
    for ending in ("ST", "ND", "RD", "TH"):
        words = words.removesuffix(ending)
    number = int(words) if words.isascii() and words.isdecimal() and len(words) < 3 else 0
    return str(number) if 1 <= number <= 12 else ""
