"""Who of several address books is one person: by the school's number or a verified address, never by name.

Pure functions over what sources tell and whom the site knows. What is not clear goes to a person with its
reasons; an equal name is a hint beside a new person and decides nothing.
"""

from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, StudentId
from iepcore.people.pulls import CourseRoster
from iepcore.people.roster import PersonKind, RosterStanding

PersonId = AdultId | StudentId
AccountKey = tuple[str, str]
"""(source, subject), as in ``Identity``."""

_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class Match(StrEnum):
    """What can be said of somebody an address book names."""

    SAME = "same"
    NEW = "new"
    DOUBTFUL = "doubtful"


class MatchBasis(StrEnum):
    """What a ``SAME`` (or the joining of several accounts) rests on."""

    IDENTITY = "identity"
    """The site keeps this account as this person's already."""
    SIS_ID = "sis_id"
    VERIFIED_MAIL = "verified_mail"


class Doubt(StrEnum):
    """Why a person has to decide."""

    SIS_ID_OF_SEVERAL = "sis_id_of_several"
    """One number of the school, two people known here."""
    MAIL_OF_SEVERAL = "mail_of_several"
    """One verified address, two people known here (a family's shared mailbox)."""
    SIS_ID_AND_MAIL_DISAGREE = "sis_id_and_mail_disagree"
    """The number is one person's, the address another's."""
    ADULT_AND_PUPIL = "adult_and_pupil"
    """One side is an adult, the other a pupil."""
    KIND_UNCLEAR = "kind_unclear"
    """Nobody says whether this is an adult or a pupil, or one source says both."""
    SECOND_ACCOUNT = "second_account"
    """One source would have two accounts of the same person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAccount:
    """One account of one source: what all its courses say of it together.

    ``mails`` are verified addresses only. ``names`` are for hints to a person. ``kind`` is None when the
    source does not say clearly.

    Raises:
        InvalidValue: ``identity_form``.
    """

    source: str
    subject: str
    kind: PersonKind | None = None
    sis_ids: frozenset[str] = frozenset()
    mails: frozenset[str] = field(default=frozenset(), repr=False)
    names: frozenset[str] = field(default=frozenset(), repr=False)

    def __post_init__(self) -> None:
        for text, named in ((self.source, "source"), (self.subject, "subject")):
            if not text or len(text) > 255:
                raise InvalidValue("identity_form", field=named)
        object.__setattr__(self, "sis_ids", frozenset(one.strip() for one in self.sis_ids) - {""})
        object.__setattr__(self, "mails", frozenset(map(folded_mail, self.mails)) - {""})

    @property
    def key(self) -> AccountKey:
        """(source, subject)."""
        return self.source, self.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """One person of the site, with the accounts kept for them and what those accounts told last."""

    person_id: PersonId
    kind: PersonKind
    accounts: tuple[ToldAccount, ...] = ()
    names: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMatch:
    """What can be said of one person whom ``accounts`` name.

    ``person_ids``: the person (``SAME``), nobody (``NEW``) or everybody it might be (``DOUBTFUL``).
    ``bases``: what joins the accounts with each other and with the person. ``namesakes``: known people of
    the same kind and an equal name, beside ``NEW`` only; for a person to look at.
    """

    match: Match
    accounts: tuple[AccountKey, ...]
    kind: PersonKind | None
    person_ids: tuple[PersonId, ...] = ()
    bases: tuple[MatchBasis, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    namesakes: tuple[PersonId, ...] = ()


def folded_mail(address: str) -> str:
    """Return an address as it is compared: ASCII letters small, nothing else changed.

    Letters outside ASCII stay, for some of them would fold onto plain ones and open another's door.
    """
    return address.strip().translate(_ASCII_LOWER)


def kind_of(standings: Collection[RosterStanding]) -> PersonKind | None:
    """Return what a person is by how they stand in all courses of one source; None when that is not clear.

    A pupil who observes as well is a pupil (an older brother); one who teaches or helps as well is unclear.
    """
    if RosterStanding.PUPIL in standings:
        is_staff = RosterStanding.TEACHER in standings or RosterStanding.HELPER in standings
        return None if is_staff else PersonKind.STUDENT
    adult = {RosterStanding.TEACHER, RosterStanding.HELPER, RosterStanding.OBSERVER}
    return PersonKind.ADULT if adult & set(standings) else None


def told_accounts(source: str, rosters: Iterable[CourseRoster]) -> tuple[ToldAccount, ...]:
    """Return each account of one source once, whatever number of courses names it, by subject.

    An end of a guardian's link tells a kind too: who acts for somebody is an adult, who is acted for a pupil.
    """
    standings: dict[str, set[RosterStanding]] = defaultdict(set)
    sis_ids: dict[str, set[str]] = defaultdict(set)
    mails: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    subjects: set[str] = set()
    for roster in rosters:
        for place in roster.enrollments:
            standings[place.subject].add(place.standing)
        for link in roster.guardians:
            standings[link.guardian_subject].add(RosterStanding.OBSERVER)
            standings[link.student_subject].add(RosterStanding.PUPIL)
        for person in roster.people:
            subjects.add(person.subject)
            sis_ids[person.subject] |= {person.sis_id} if person.sis_id else set()
            mails[person.subject] |= {person.email} if person.email and person.email_verified else set()
            names[person.subject] |= {person.name} if person.name else set()
    return tuple(
        ToldAccount(
            source=source,
            subject=subject,
            kind=kind_of(standings[subject]),
            sis_ids=frozenset(sis_ids[subject]),
            mails=frozenset(mails[subject]),
            names=frozenset(names[subject]),
        )
        for subject in sorted(subjects)
    )


def match_people(told: Iterable[ToldAccount], known: Iterable[KnownPerson]) -> tuple[PersonMatch, ...]:
    """Say of everybody told whether they are known, new or doubtful; accounts of one person come together.

    The answer does not depend on any order, and names change nothing but ``namesakes``. An account kept for a
    person stays that person's (somebody decided it) unless an adult would become a pupil or the reverse.
    """
    people = {one.person_id: one for one in known}
    kept = {account.key: one.person_id for one in people.values() for account in one.accounts}
    accounts = _by_key(told)
    held: dict[PersonId, list[ToldAccount]] = {one.person_id: list(one.accounts) for one in people.values()}
    found: list[PersonMatch] = []
    fresh: list[ToldAccount] = []
    for key, account in accounts.items():
        if (person_id := kept.get(key)) is None:
            fresh.append(account)
            continue
        found.append(_kept(account, people[person_id]))
        if found[-1].match is Match.SAME:
            held[person_id].append(account)
    named = _by_name(people.values())
    found += (_joined(group, people, held, named) for group in _groups(fresh, held))
    return tuple(sorted(found, key=lambda one: one.accounts))


def _by_key(told: Iterable[ToldAccount]) -> dict[AccountKey, ToldAccount]:
    """Return the accounts in a fixed order; one told twice is one that tells both."""
    merged: dict[AccountKey, ToldAccount] = {}
    kinds: dict[AccountKey, set[PersonKind]] = defaultdict(set)
    for one in told:
        kinds[one.key] |= {one.kind} if one.kind else set()
        other = merged.get(one.key, one)
        merged[one.key] = ToldAccount(
            source=one.source,
            subject=one.subject,
            kind=next(iter(kinds[one.key])) if len(kinds[one.key]) == 1 else None,
            sis_ids=one.sis_ids | other.sis_ids,
            mails=one.mails | other.mails,
            names=one.names | other.names,
        )
    return dict(sorted(merged.items()))


def _kept(account: ToldAccount, person: KnownPerson) -> PersonMatch:
    is_other_kind = account.kind is not None and account.kind is not person.kind
    return PersonMatch(
        match=Match.DOUBTFUL if is_other_kind else Match.SAME,
        accounts=(account.key,),
        kind=account.kind if is_other_kind else person.kind,
        person_ids=(person.person_id,),
        bases=(MatchBasis.IDENTITY,),
        doubts=(Doubt.ADULT_AND_PUPIL,) if is_other_kind else (),
    )


_Token = tuple[MatchBasis, str]


def _tokens(account: ToldAccount) -> Iterator[_Token]:
    """Yield what an account can be recognised by."""
    yield from ((MatchBasis.SIS_ID, one) for one in account.sis_ids)
    yield from ((MatchBasis.VERIFIED_MAIL, one) for one in account.mails)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Fresh accounts that hang together, whom of the known they touch, and by what."""

    accounts: tuple[ToldAccount, ...]
    owners: Mapping[_Token, frozenset[PersonId]]
    shared: frozenset[MatchBasis]


def _groups(fresh: list[ToldAccount], held: Mapping[PersonId, list[ToldAccount]]) -> Iterator[_Group]:
    """Yield the accounts that share a number or an address, directly or by way of each other."""
    bearers: dict[_Token, list[ToldAccount]] = defaultdict(list)
    for account in fresh:
        for token in _tokens(account):
            bearers[token].append(account)
    owners: dict[_Token, set[PersonId]] = defaultdict(set)
    for person_id, accounts in held.items():
        for account in accounts:
            for token in _tokens(account):
                owners[token].add(person_id)
    seen: set[AccountKey] = set()
    for first in fresh:
        if first.key in seen:
            continue
        seen.add(first.key)
        group = [first]
        tokens: set[_Token] = set()
        for account in group:  # grows while it is walked
            for token in _tokens(account):
                tokens.add(token)
                new = [one for one in bearers[token] if one.key not in seen]
                seen.update(one.key for one in new)
                group += new
        mine = {token: frozenset(owners[token]) for token in tokens if token in owners}
        joining = {basis for basis, text in tokens if len(bearers[basis, text]) > 1}
        yield _Group(
            accounts=tuple(sorted(group, key=lambda one: one.key)),
            owners=mine,
            shared=frozenset(joining | {basis for basis, _ in mine}),
        )


def _joined(
    group: _Group,
    people: Mapping[PersonId, KnownPerson],
    held: Mapping[PersonId, list[ToldAccount]],
    named: _Names,
) -> PersonMatch:
    touched = sorted(frozenset[PersonId]().union(*group.owners.values()))
    kinds = {one.kind for one in group.accounts if one.kind} | {people[one].kind for one in touched}
    sources = {(one.source, one.subject) for one in group.accounts}
    for person_id in touched[:1]:
        sources |= {account.key for account in held[person_id]}
    doubts = set(_doubts_of_owners(group)) if len(touched) > 1 else set()
    if len(kinds) > 1:
        doubts.add(Doubt.ADULT_AND_PUPIL)
    if not any(one.kind for one in group.accounts):
        doubts.add(Doubt.KIND_UNCLEAR)
    if len(touched) < 2 and len(sources) > len({source for source, _ in sources}):
        doubts.add(Doubt.SECOND_ACCOUNT)
    kind = next(iter(kinds)) if len(kinds) == 1 else None
    match = Match.DOUBTFUL if doubts else Match.SAME if touched else Match.NEW
    return PersonMatch(
        match=match,
        accounts=tuple(one.key for one in group.accounts),
        kind=kind,
        person_ids=tuple(touched),
        bases=tuple(basis for basis in MatchBasis if basis in group.shared),
        doubts=tuple(doubt for doubt in Doubt if doubt in doubts),
        namesakes=_namesakes(group, kind, named) if match is Match.NEW and kind else (),
    )


def _doubts_of_owners(group: _Group) -> Iterator[Doubt]:
    """Yield why more than one known person is touched."""
    by_basis: dict[MatchBasis, set[PersonId]] = defaultdict(set)
    for (basis, _), owners in group.owners.items():
        by_basis[basis] |= owners
    if len(by_basis[MatchBasis.SIS_ID]) > 1:
        yield Doubt.SIS_ID_OF_SEVERAL
    if len(by_basis[MatchBasis.VERIFIED_MAIL]) > 1:
        yield Doubt.MAIL_OF_SEVERAL
    if by_basis[MatchBasis.SIS_ID] and by_basis[MatchBasis.VERIFIED_MAIL] - by_basis[MatchBasis.SIS_ID]:
        yield Doubt.SIS_ID_AND_MAIL_DISAGREE


_Names = Mapping[tuple[PersonKind, str], set[PersonId]]


def _by_name(people: Iterable[KnownPerson]) -> _Names:
    named: dict[tuple[PersonKind, str], set[PersonId]] = defaultdict(set)
    for one in people:
        for name in one.names:
            named[one.kind, _folded_name(name)].add(one.person_id)
    return named


def _namesakes(group: _Group, kind: PersonKind, named: _Names) -> tuple[PersonId, ...]:
    told = {_folded_name(name) for one in group.accounts for name in one.names}
    return tuple(sorted({person_id for name in told for person_id in named.get((kind, name), ())}))


def _folded_name(name: str) -> str:
    return " ".join(name.casefold().split())
