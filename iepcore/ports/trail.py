"""The records of one site that tell what was done and who outside got what: chained, append-only."""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from typing import Protocol

from iepcore.access import (
    AuditEvent,
    BreakGlass,
    ChainHead,
    ChainName,
    Disclosure,
    RecordRequest,
    Sealed,
    TrailQuery,
)
from iepcore.ids import AdultId, BreakGlassId, DisclosureId, RecordRequestId, StudentId


class AuditRepository(Protocol):
    """The trail. Append-only; each row gets its place in the chain when the unit of work ends."""

    def add(self, event: AuditEvent) -> None:
        """Append; an event whose ``bucket`` is stored already adds nothing. Its ``link`` is ignored."""
        ...

    def of_student(self, student_id: StudentId, *, limit: int = 200) -> Sequence[AuditEvent]:
        """Newest first."""
        ...

    def search(
        self, query: TrailQuery, *, before: int | None = None, limit: int = 100
    ) -> Sequence[AuditEvent]:
        """Rows that are asked for, newest first by their place; those before a place, when one is given."""
        ...

    def sealed(self, chain: ChainName) -> Generator[Sealed, None, None]:
        """Every row of a chain, first to last, a few at a time."""
        ...

    def head(self, chain: ChainName) -> ChainHead:
        """Where a chain ends; its genesis before the first row."""
        ...

    def missing_guards(self) -> Sequence[str]:
        """Names of the database's own guards of the chains that are not there; empty where it has none."""
        ...


class DisclosuresRepository(Protocol):
    """The record of access, requests to see a record, and openings with a reason."""

    def add(self, disclosure: Disclosure) -> None:
        """Append. Its ``link`` is ignored."""
        ...

    def disclosure(self, disclosure_id: DisclosureId) -> Disclosure | None: ...
    def of_student(self, student_id: StudentId) -> Sequence[Disclosure]:
        """In the order in which they were written down."""
        ...

    def add_request(self, request: RecordRequest) -> RecordRequest:
        """Return the stored request: the first one of the same person and client key."""
        ...

    def save_request(self, request: RecordRequest) -> None: ...
    def request(self, request_id: RecordRequestId) -> RecordRequest | None: ...
    def requests_of_students(self, student_ids: Collection[StudentId]) -> Sequence[RecordRequest]:
        """Oldest first."""
        ...

    def requests(self, *, only_open: bool = False) -> Sequence[RecordRequest]:
        """Every request of the site, oldest first."""
        ...

    def add_opening(self, opening: BreakGlass) -> BreakGlass:
        """Return the stored opening: the first one of the same person and client key."""
        ...

    def save_opening(self, opening: BreakGlass) -> None: ...
    def opening(self, opening_id: BreakGlassId) -> BreakGlass | None: ...
    def openings_of_adult(self, adult_id: AdultId) -> Sequence[BreakGlass]:
        """All an adult ever made, oldest first."""
        ...

    def openings_of_students(self, student_ids: Collection[StudentId]) -> Sequence[BreakGlass]:
        """Oldest first."""
        ...

    def openings(self) -> Sequence[BreakGlass]:
        """All there ever were, oldest first."""
        ...
