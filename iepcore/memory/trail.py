"""The chains in memory: the trail, the record of access, and beside them requests and openings."""

# ruff: noqa: D102 -- the words stand on the Protocols these classes implement

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from iepcore.access import (
    AuditEvent,
    BlankedDisclosure,
    BreakGlass,
    ChainHead,
    ChainName,
    Disclosure,
    RecordRequest,
    Sealed,
    TrailQuery,
    genesis,
    sealed_rows,
)
from iepcore.access.chain import blanked, head_at, seal
from iepcore.access.trail import blank_event, erasure_event
from iepcore.ids import AdultId, BreakGlassId, DisclosureId, EventId, RecordRequestId, StudentId, new_uuid7
from iepcore.memory.kinds import KeptHead
from iepcore.memory.rows import MemoryRows

S = TypeVar("S", AuditEvent, Disclosure)


class MemoryChains:
    """Gives values their places."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows

    def head(self, chain: ChainName) -> ChainHead:
        kept = self._rows.get(KeptHead, chain)
        return genesis(self._rows.site_id, chain) if kept is None else kept.head

    def sealed(self, chain: ChainName, value: S) -> S:
        """Return the value in the next place of a chain, which ends there from now on."""
        link = seal(self.head(chain), value.public_parts(), value.private_parts())
        self._rows.put(KeptHead(chain=chain, head=head_at(link)))
        return replace(value, link=link)

    def add(self, value: AuditEvent | Disclosure) -> None:
        """Keep a value that is not there yet, as the newest of its chain."""
        if isinstance(value, AuditEvent):
            self._rows.add(self.sealed(ChainName.TRAIL, value))
        else:
            self._rows.add(self.sealed(ChainName.DISCLOSURES, value))

    def blank(self, student_id: StudentId) -> int:
        """Take away what names a child in both chains, and tell of it in the trail. Return how many
        disclosures went."""
        told = sorted(self._rows.all(Disclosure, lambda one: one.student_id == student_id), key=_place)
        if told:
            seq = self._tell(ChainName.DISCLOSURES, told)
            self._rows.delete(Disclosure, lambda one: one.student_id == student_id)
            for one in told:
                assert one.link is not None
                gone = BlankedDisclosure(
                    id=one.id, noted_at=one.noted_at, noted_by=one.noted_by, link=blanked(one.link, seq)
                )
                self._rows.add(gone)
        events = sorted(self._rows.all(AuditEvent, lambda one: one.student_id == student_id), key=_place)
        if events:
            seq = self._tell(ChainName.TRAIL, events)
            for event in events:
                self._rows.put(blank_event(event, seq))
        return len(told)

    def _tell(self, chain: ChainName, rows: Sequence[S]) -> int:
        """Write into the trail which rows are blanked; return the place of that row."""
        seq = self.head(ChainName.TRAIL).seq + 1
        begin = genesis(self._rows.site_id, ChainName.TRAIL)
        hashes = [one.link.hash for one in rows if one.link is not None]
        self.add(erasure_event(EventId(new_uuid7()), datetime.now(UTC), begin, chain, seq, hashes))
        return seq


class MemoryAudit:
    """``AuditRepository`` over one unit of work."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows
        self._chains = MemoryChains(rows)

    def add(self, event: AuditEvent) -> None:
        if event.bucket is None or not self._rows.has_unique(event):
            self._chains.add(event)

    def of_student(self, student_id: StudentId, *, limit: int = 200) -> Sequence[AuditEvent]:
        found = self._rows.all(
            AuditEvent, lambda one: one.student_id == student_id, order=lambda one: (one.at, one.id)
        )
        return tuple(reversed(found))[:limit]

    def search(
        self, query: TrailQuery, *, before: int | None = None, limit: int = 100
    ) -> Sequence[AuditEvent]:
        found = self._rows.all(
            AuditEvent, lambda one: query.takes(one) and (before is None or _place(one) < before)
        )
        return tuple(sorted(found, key=_place, reverse=True)[:limit])

    def sealed(self, chain: ChainName) -> Generator[Sealed, None, None]:
        if chain is ChainName.TRAIL:
            events = sorted(self._rows.all(AuditEvent), key=_place)
            yield from sealed_rows(events)
        else:
            lines: list[Disclosure | BlankedDisclosure] = [*self._rows.all(Disclosure)]
            lines += self._rows.all(BlankedDisclosure)
            lines.sort(key=_place)
            yield from sealed_rows(lines)

    def head(self, chain: ChainName) -> ChainHead:
        return self._chains.head(chain)

    def missing_guards(self) -> Sequence[str]:
        return ()


class MemoryDisclosures:
    """``DisclosuresRepository`` over one unit of work."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows

    def add(self, disclosure: Disclosure) -> None:
        MemoryChains(self._rows).add(disclosure)

    def disclosure(self, disclosure_id: DisclosureId) -> Disclosure | None:
        return self._rows.get(Disclosure, disclosure_id)

    def of_student(self, student_id: StudentId) -> Sequence[Disclosure]:
        return sorted(self._rows.all(Disclosure, lambda one: one.student_id == student_id), key=_place)

    def add_request(self, request: RecordRequest) -> RecordRequest:
        return self._rows.add_first(request)

    def save_request(self, request: RecordRequest) -> None:
        self._rows.save(request, version=request.version)

    def request(self, request_id: RecordRequestId) -> RecordRequest | None:
        return self._rows.get(RecordRequest, request_id)

    def requests_of_students(self, student_ids: Collection[StudentId]) -> Sequence[RecordRequest]:
        wanted = set(student_ids)
        return tuple(one for one in self.requests() if one.student_id in wanted)

    def requests(self, *, only_open: bool = False) -> Sequence[RecordRequest]:
        return self._rows.all(
            RecordRequest, lambda one: one.is_open or not only_open, order=lambda one: one.received_on
        )

    def add_opening(self, opening: BreakGlass) -> BreakGlass:
        return self._rows.add_first(opening)

    def save_opening(self, opening: BreakGlass) -> None:
        self._rows.save(opening, version=opening.version)

    def opening(self, opening_id: BreakGlassId) -> BreakGlass | None:
        return self._rows.get(BreakGlass, opening_id)

    def openings_of_adult(self, adult_id: AdultId) -> Sequence[BreakGlass]:
        return tuple(one for one in self.openings() if one.adult_id == adult_id)

    def openings_of_students(self, student_ids: Collection[StudentId]) -> Sequence[BreakGlass]:
        wanted = set(student_ids)
        return tuple(one for one in self.openings() if one.student_id in wanted)

    def openings(self) -> Sequence[BreakGlass]:
        return self._rows.all(BreakGlass, order=lambda one: one.opened_at)


def _place(value: AuditEvent | Disclosure | BlankedDisclosure) -> int:
    assert value.link is not None
    return value.link.seq
