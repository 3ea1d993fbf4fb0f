"""The trail and the record of access in SQL, and beside them requests to see a record and openings."""

# ruff: noqa: D102 -- the words stand on the Protocols these classes implement

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence

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
from lti_app.storage import trail_tables as t
from lti_app.storage.chain_rows import DISCLOSURES, EVENTS, ChainRows
from lti_app.storage.failures import store_failures
from lti_app.storage.site_rows import Mapped, SiteRows, Where
from lti_app.storage.trail_guards import missing_guards

REQUESTS = Mapped(t.record_request, RecordRequest)
OPENINGS = Mapped(t.break_glass, BreakGlass)


class AuditRows:
    """``AuditRepository`` over one transaction."""

    def __init__(self, rows: SiteRows, chains: ChainRows, *, may_write: bool) -> None:
        self._rows = rows
        self._chains = chains
        self._may_write = may_write

    def add(self, event: AuditEvent) -> None:
        self._chains.note(event)
        if not self._may_write:
            self._chains.finish()  # the connection refuses it

    def of_student(self, student_id: StudentId, *, limit: int = 200) -> Sequence[AuditEvent]:
        self._chains.finish()
        c = t.audit_event.c
        query = self._rows.select(EVENTS, c.student_id == student_id)
        return self._rows.run(EVENTS, query.order_by(c.at.desc(), c.id.desc()).limit(limit))

    def search(
        self, query: TrailQuery, *, before: int | None = None, limit: int = 100
    ) -> Sequence[AuditEvent]:
        self._chains.finish()
        c = t.audit_event.c
        where: list[Where] = []
        if query.student_id is not None:
            where.append(c.student_id == query.student_id)
        if query.actor_id is not None:
            where.append(c.actor_id == query.actor_id)
        if query.kinds:
            where.append(c.kind.in_(query.kinds))
        if query.since is not None:
            where.append(c.at >= query.since)
        if query.until is not None:
            where.append(c.at < query.until)
        if before is not None:
            where.append(c.seq < before)
        wanted = self._rows.select(EVENTS, *where).order_by(c.seq.desc()).limit(limit)
        return self._rows.run(EVENTS, wanted)

    def sealed(self, chain: ChainName) -> Generator[Sealed, None, None]:
        return self._chains.sealed(chain)

    def head(self, chain: ChainName) -> ChainHead:
        return self._chains.head(chain)

    def missing_guards(self) -> Sequence[str]:
        with store_failures():
            return missing_guards(self._rows.connection)


class DisclosureRows:
    """``DisclosuresRepository`` over one transaction."""

    def __init__(self, rows: SiteRows, chains: ChainRows) -> None:
        self._rows = rows
        self._chains = chains

    def add(self, disclosure: Disclosure) -> None:
        self._chains.add(disclosure)

    def disclosure(self, disclosure_id: DisclosureId) -> Disclosure | None:
        c = t.disclosure.c
        return self._rows.one(DISCLOSURES, c.id == disclosure_id, c.erased_in.is_(None))

    def of_student(self, student_id: StudentId) -> Sequence[Disclosure]:
        c = t.disclosure.c
        return self._rows.all(DISCLOSURES, c.student_id == student_id, order=(c.seq,))

    def add_request(self, request: RecordRequest) -> RecordRequest:
        c = t.record_request.c
        same = (c.noted_by == request.noted_by, c.client_key == request.client_key)
        return self._rows.add_first(REQUESTS, request, *same)

    def save_request(self, request: RecordRequest) -> None:
        self._rows.save(REQUESTS, request, version=request.version)

    def request(self, request_id: RecordRequestId) -> RecordRequest | None:
        return self._rows.one(REQUESTS, t.record_request.c.id == request_id)

    def requests_of_students(self, student_ids: Collection[StudentId]) -> Sequence[RecordRequest]:
        c = t.record_request.c
        return self._rows.all(REQUESTS, c.student_id.in_(student_ids), order=(c.received_on,))

    def requests(self, *, only_open: bool = False) -> Sequence[RecordRequest]:
        c = t.record_request.c
        where = (c.answer.is_(None), c.end.is_(None)) if only_open else ()
        return self._rows.all(REQUESTS, *where, order=(c.received_on,))

    def add_opening(self, opening: BreakGlass) -> BreakGlass:
        c = t.break_glass.c
        same = (c.adult_id == opening.adult_id, c.client_key == opening.client_key)
        return self._rows.add_first(OPENINGS, opening, *same)

    def save_opening(self, opening: BreakGlass) -> None:
        self._rows.save(OPENINGS, opening, version=opening.version)

    def opening(self, opening_id: BreakGlassId) -> BreakGlass | None:
        return self._rows.one(OPENINGS, t.break_glass.c.id == opening_id)

    def openings_of_adult(self, adult_id: AdultId) -> Sequence[BreakGlass]:
        c = t.break_glass.c
        return self._rows.all(OPENINGS, c.adult_id == adult_id, order=(c.opened_at,))

    def openings_of_students(self, student_ids: Collection[StudentId]) -> Sequence[BreakGlass]:
        c = t.break_glass.c
        return self._rows.all(OPENINGS, c.student_id.in_(student_ids), order=(c.opened_at,))

    def openings(self) -> Sequence[BreakGlass]:
        return self._rows.all(OPENINGS, order=(t.break_glass.c.opened_at,))
