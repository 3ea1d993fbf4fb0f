"""MemoryStore: one site's records in this process, gone when it ends."""

# ruff: noqa: D102 -- the words stand on the Protocols these classes implement

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from iepcore.ids import SiteId
from iepcore.memory.archive import MemoryArchive
from iepcore.memory.calendars import MemoryCalendars
from iepcore.memory.delivery import MemoryOutbox
from iepcore.memory.family import MemoryFamily
from iepcore.memory.gradebook import MemoryGradebook
from iepcore.memory.keeping import MemoryKeeping
from iepcore.memory.kinds import KIND_OF
from iepcore.memory.people import MemoryPeople
from iepcore.memory.plan import MemoryPlan
from iepcore.memory.plans import MemoryPlans
from iepcore.memory.rosters import MemoryRosters
from iepcore.memory.rows import MemoryRows, State, Table
from iepcore.memory.sending import MemorySending
from iepcore.memory.trail import MemoryAudit, MemoryDisclosures


class MemoryUnitOfWork:
    """``UnitOfWork`` over one snapshot."""

    def __init__(self, rows: MemoryRows) -> None:
        self.people = MemoryPeople(rows)
        self.plan = MemoryPlan(rows)
        self.plans = MemoryPlans(rows)
        self.family = MemoryFamily(rows)
        self.outbox = MemoryOutbox(rows)
        self.gradebook = MemoryGradebook(rows)
        self.keeping = MemoryKeeping(rows)
        self.rosters = MemoryRosters(rows)
        self.calendars = MemoryCalendars(rows)
        self.sending = MemorySending(rows)
        self.audit = MemoryAudit(rows)
        self.disclosures = MemoryDisclosures(rows)
        self.archive = MemoryArchive(rows)


class MemoryStore:
    """``Store`` over dictionaries. Reads see one moment; writes take turns and replace the state at the end.

    A write unit copies what it changes, so a failed one leaves nothing behind.
    """

    def __init__(self, site_id: SiteId) -> None:
        self._site_id = site_id
        self._state: State = {kind.of: Table.empty(kind) for kind in KIND_OF.values()}
        self._lock = threading.Lock()
        self._writer: int | None = None

    @property
    def site_id(self) -> SiteId:
        return self._site_id

    @contextmanager
    def read(self) -> Iterator[MemoryUnitOfWork]:
        """Give what was committed when the unit began. Writing raises ``Busy`` (``store_read_only``)."""
        yield MemoryUnitOfWork(MemoryRows(self._state, site_id=self._site_id, may_write=False))

    @contextmanager
    def write(self) -> Iterator[MemoryUnitOfWork]:
        """Give a unit that commits on a clean exit.

        Raises:
            RuntimeError: this thread is in a write unit already.
        """
        me = threading.get_ident()
        if self._writer == me:
            raise RuntimeError("a write unit inside a write unit of the same store")
        with self._lock:
            self._writer = me
            try:
                rows = MemoryRows(self._state, site_id=self._site_id, may_write=True)
                yield MemoryUnitOfWork(rows)
                self._state = rows.state
            finally:
                self._writer = None


if TYPE_CHECKING:
    from iepcore.ports import Store

    def _is_a_store(store: MemoryStore) -> Store:
        """Let the type checker hold the reference against the port."""
        return store
