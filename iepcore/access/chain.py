"""The chain that makes the trail hard to bend: each row carries the hash of the one before it, and its own.

A row's hash covers its place, the row before it, everything that names no child, and a *mark* that stands for
what does. The mark is a hash of the child's references with a salt of the row. When a child's record is
lawfully erased, references and salt go and the mark stays: nobody can tell from it who it was, and the chain
still holds. A later row of the trail counts the rows that were blanked so and carries a hash of them.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from iepcore.ids import SiteId

FORM = "rapport.trail.1"
"""Names the canonical form; another one begins a chain of its own."""
BEGUN = "trail_begun"
"""The row behind those that were there before there was a chain: they were sealed as they were found."""

Plain = str | int | bool | None
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_write = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode


class ChainName(StrEnum):
    """The chains of a site."""

    TRAIL = "trail"
    DISCLOSURES = "disclosures"

    @property
    def blanked(self) -> str:
        """What an erasure leaves in the trail of rows of this chain: how many it blanked, and their hash."""
        return f"{self.value}_blanked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A row's place in its chain: from 1 on. ``salt`` is None once the row was blanked by an erasure, and
    ``erased_in`` then the place of the trail's row that tells of it."""

    seq: int
    prior: str
    hash: str
    mark: str
    salt: str | None
    erased_in: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """Where a chain ends: the place and hash of its newest row; place 0 before the first."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What a row of the trail says of the rows of a chain that an erasure blanked."""

    chain: ChainName
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A row as the chain sees it. ``private`` is what an erasure takes away."""

    link: Link
    public: tuple[Plain, ...]
    private: tuple[Plain, ...]
    erasure: Erasure | None = None


class Sealable(Protocol):
    """What can be a row of a chain."""

    @property
    def link(self) -> Link | None:
        """Its place, once a store gave it one."""
        ...

    @property
    def erasure(self) -> Erasure | None:
        """What it says of rows that an erasure blanked."""
        ...

    def public_parts(self) -> tuple[Plain, ...]:
        """Return what stays when a child's record is erased."""
        ...

    def private_parts(self) -> tuple[Plain, ...]:
        """Return what goes then."""
        ...


def plain_instant(at: datetime) -> int:
    """Return a moment as the chain writes it: whole microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def plain_id(value: UUID | None) -> str | None:
    """Return an id as the chain writes it."""
    return None if value is None else str(value)


def genesis(site_id: SiteId, chain: ChainName) -> ChainHead:
    """Return where a site's chain begins: a hash of its own, so that no row fits into another site's."""
    return ChainHead(seq=0, hash=_hash(FORM, chain.value, str(site_id)))


def seal(
    head: ChainHead, public: tuple[Plain, ...], private: tuple[Plain, ...], *, salt: str | None = None
) -> Link:
    """Return the link of the row that comes after ``head``. ``salt`` is for tests; the default is fresh."""
    salt = secrets.token_hex(16) if salt is None else salt
    mark = _hash(FORM, salt, *private)
    seq = head.seq + 1
    return Link(seq=seq, prior=head.hash, hash=_row_hash(seq, head.hash, mark, public), mark=mark, salt=salt)


def head_at(link: Link) -> ChainHead:
    """Return the head of a chain whose newest row has this link."""
    return ChainHead(seq=link.seq, hash=link.hash)


def blanked(link: Link, erased_in: int) -> Link:
    """Return the link of a row whose references an erasure takes away."""
    return replace(link, salt=None, erased_in=erased_in)


def erasure_note(begin: ChainHead, seq: int, hashes: Iterable[str]) -> str:
    """Return what the row at ``seq`` says of the rows it blanked, given by their hashes in order."""
    count, total = 0, hashlib.sha256()
    for one in hashes:
        count += 1
        total.update(one.encode())
    return f"{begin.hash[:16]}.{seq}.{count}.{total.hexdigest()}"


class ChainFault(StrEnum):
    """What is wrong at the first place where a chain does not hold."""

    MISSING = "missing"
    """Rows are missing, or stand in another order."""
    CUT = "cut"
    """The row does not follow the one before it: something was removed, put between or put in its place."""
    CHANGED = "changed"
    """What the row says is not what was written."""
    SUBJECT = "subject"
    """Whom or what the row is about is not what was written."""
    BLANKED = "blanked"
    """References were taken away without an erasure that says so, or not those it says."""
    TAIL = "tail"
    """The end is not where it was: the newest rows are missing, or rows were put behind them."""
    KEPT = "kept"
    """The chain does not hold a place and hash that were kept outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What checking a chain found. ``place`` and ``fault`` are those of the first broken place."""

    rows: int
    blanked: int
    head: ChainHead
    place: int | None = None
    fault: ChainFault | None = None

    @property
    def holds(self) -> bool:
        """Tell whether nothing was found."""
        return self.fault is None


@dataclass(slots=True, kw_only=True)
class _Group:
    """The rows that one erasure blanked."""

    first: int
    hashes: list[str] = field(default_factory=list)


class ChainCheck:
    """Reads a chain row by row, from its first on, and keeps no row."""

    def __init__(self, begin: ChainHead, *, kept: ChainHead | None = None) -> None:
        """``kept`` is a head that somebody kept outside."""
        self._begin = begin
        self._head = begin
        self._kept = kept
        self._blanked = 0
        self._groups: dict[int, _Group] = {}
        self._found: tuple[int, ChainFault] | None = None
        self.erasures: dict[ChainName, dict[int, str]] = {name: {} for name in ChainName}
        """What erasures say in the trail, by chain and place."""

    def take(self, row: Sealed) -> bool:
        """Look at the next row; return whether the chain holds so far. After a break nothing is looked at."""
        if self._found is None:
            fault = self._look(row)
            if fault is not None:
                self._found = (row.link.seq, fault)
        return self._found is None

    def end(self, head: ChainHead, erasures: dict[int, str] | None = None) -> ChainReport:
        """Return the report. ``head`` is where the store says that the chain ends; ``erasures`` are those of
        the trail that are about this chain, when this is not the trail itself."""
        if self._found is None and head != self._head:
            self._found = (self._head.seq, ChainFault.TAIL)
        if self._found is None:
            self._check_groups(self.erasures[ChainName.TRAIL] if erasures is None else erasures)
        if self._found is None and self._kept is not None and self._kept.seq > self._head.seq:
            self._found = (self._head.seq, ChainFault.KEPT)
        place, fault = self._found or (None, None)
        return ChainReport(
            rows=self._head.seq, blanked=self._blanked, head=self._head, place=place, fault=fault
        )

    def _look(self, row: Sealed) -> ChainFault | None:
        link = row.link
        if link.seq != self._head.seq + 1:
            return ChainFault.MISSING
        if link.prior != self._head.hash:
            return ChainFault.CUT
        if link.hash != _row_hash(link.seq, link.prior, link.mark, row.public):
            return ChainFault.CHANGED
        fault = self._look_at_subject(row)
        if fault is not None:
            return fault
        self._head = head_at(link)
        if self._kept is not None and self._kept.seq == link.seq and self._kept != self._head:
            return ChainFault.KEPT
        told = row.erasure
        if told is not None and told.note.startswith(f"{self._begin.hash[:16]}.{link.seq}."):
            self.erasures[told.chain][link.seq] = told.note  # else it came with an import, about other rows
        return None

    def _look_at_subject(self, row: Sealed) -> ChainFault | None:
        link = row.link
        if link.salt is not None and link.erased_in is None:
            return None if link.mark == _hash(FORM, link.salt, *row.private) else ChainFault.SUBJECT
        if link.salt is not None or link.erased_in is None or any(one is not None for one in row.private):
            return ChainFault.BLANKED
        self._blanked += 1
        self._groups.setdefault(link.erased_in, _Group(first=link.seq)).hashes.append(link.hash)
        return None

    def _check_groups(self, erasures: dict[int, str]) -> None:
        for seq, note in erasures.items():
            group = self._groups.pop(seq, None)
            told = note.rsplit(".", 2)[1:]
            there = erasure_note(self._begin, seq, [] if group is None else group.hashes).rsplit(".", 2)[1:]
            if told != there:
                self._found = (seq if group is None else group.first, ChainFault.BLANKED)
                return
        left = ((group.first, ChainFault.BLANKED) for group in self._groups.values())
        self._found = next(left, self._found)


def check_chain(
    rows: Iterable[Sealed],
    begin: ChainHead,
    head: ChainHead,
    *,
    kept: ChainHead | None = None,
    erasures: dict[int, str] | None = None,
) -> ChainReport:
    """Check a whole chain; see :class:`ChainCheck`."""
    check = ChainCheck(begin, kept=kept)
    for row in rows:
        if not check.take(row):
            break
    return check.end(head, erasures)


def sealed_rows(values: Iterable[Sealable]) -> Iterator[Sealed]:
    """Return values of a store as rows of their chain."""
    for value in values:
        assert value.link is not None, "a stored row has its place"
        yield Sealed(
            link=value.link,
            public=value.public_parts(),
            private=value.private_parts(),
            erasure=value.erasure,
        )


def _row_hash(seq: int, prior: str, mark: str, public: tuple[Plain, ...]) -> str:
    return _hash(FORM, seq, prior, mark, *public)


def _hash(*parts: Plain) -> str:
    return hashlib.sha256(_write(parts).encode("ascii")).hexdigest()
