"""The records of one site in SQL: units of work, one transaction and one repository per room."""

# ruff: noqa: D102 -- the words stand on the Protocols these classes implement

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from iepcore.ids import SiteId
from lti_app.storage.archive_rows import ArchiveRows
from lti_app.storage.calendar_rows import CalendarRows
from lti_app.storage.chain_rows import ChainRows
from lti_app.storage.delivery_rows import OutboxRows
from lti_app.storage.engine import Engines
from lti_app.storage.family_rows import FamilyRows
from lti_app.storage.gradebook_rows import GradebookRows
from lti_app.storage.keeping_rows import KeepingRows
from lti_app.storage.people_rows import PeopleRows
from lti_app.storage.plan_document_rows import PlanDocumentRows
from lti_app.storage.plan_rows import PlanRows
from lti_app.storage.roster_rows import RosterRows
from lti_app.storage.sending_rows import SendingRows
from lti_app.storage.site_rows import SiteRows
from lti_app.storage.trail_rows import AuditRows, DisclosureRows


class SqlUnitOfWork:
    """``UnitOfWork`` over one transaction of one site."""

    def __init__(self, rows: SiteRows, *, may_write: bool) -> None:
        self.people = PeopleRows(rows)
        self.plan = PlanRows(rows)
        self.plans = PlanDocumentRows(rows)
        self.family = FamilyRows(rows)
        self.outbox = OutboxRows(rows)
        self.gradebook = GradebookRows(rows)
        self.keeping = KeepingRows(rows)
        self.rosters = RosterRows(rows)
        self.calendars = CalendarRows(rows)
        self.sending = SendingRows(rows)
        self._chains = ChainRows(rows)
        self.audit = AuditRows(rows, self._chains, may_write=may_write)
        self.disclosures = DisclosureRows(rows, self._chains)
        self.archive = ArchiveRows(rows, self._chains)

    def finish(self) -> None:
        """Write what waits for the end of the unit: rows of the trail."""
        self._chains.finish()


class SqlStore:
    """``Store`` over SQLite or PostgreSQL. The site must be known to the doors' store."""

    def __init__(self, engines: Engines, site_id: SiteId) -> None:
        self._engines = engines
        self._site_id = site_id

    @property
    def site_id(self) -> SiteId:
        return self._site_id

    @contextmanager
    def read(self) -> Iterator[SqlUnitOfWork]:
        with self._engines.reading() as connection:
            yield SqlUnitOfWork(SiteRows(connection, self._site_id), may_write=False)

    @contextmanager
    def write(self) -> Iterator[SqlUnitOfWork]:
        with self._engines.writing() as connection:
            unit = SqlUnitOfWork(SiteRows(connection, self._site_id), may_write=True)
            yield unit
            unit.finish()
