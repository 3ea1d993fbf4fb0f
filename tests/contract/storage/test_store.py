"""Every Store passes the one contract: in memory, in SQLite and in PostgreSQL."""

from __future__ import annotations

import pytest

from iepcore.ids import SiteId, new_uuid7
from iepcore.memory import MemoryStore
from iepcore.ports import Store
from iepcore.testing import StoreContract
from iepcore.testing.contract_fixtures import OpenStore
from lti_app.doors.records import Site
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import Engines
from lti_app.storage.store import SqlStore
from lti_app.storage.vault import Vault


def opener(engines: Engines, vault: Vault) -> OpenStore:
    """Return what makes a site known to the doors and opens its store."""

    def open_store(site_id: SiteId) -> Store:
        SqlDoorStore(engines, vault).add_site(Site(id=site_id, name="A school", zone="UTC"))
        return SqlStore(engines, site_id)

    return open_store


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def open_store(self) -> OpenStore:
        """The reference implementation."""
        return MemoryStore


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def open_store(self, sqlite_engines: Engines, vault: Vault) -> OpenStore:
        """One SQLite file for all sites."""
        return opener(sqlite_engines, vault)


@pytest.mark.postgres
class TestPostgresStore(StoreContract):
    @pytest.fixture
    def open_store(self, postgres_engines: Engines, vault: Vault) -> OpenStore:
        """One PostgreSQL database for all sites."""
        return opener(postgres_engines, vault)


def test_a_write_inside_a_write_is_a_defect_in_memory_too() -> None:
    """The reference implementation tells it at once, as SQLite's lock does."""
    store = MemoryStore(SiteId(new_uuid7()))
    with pytest.raises(RuntimeError, match="inside"), store.write(), store.write():
        pass
    with store.write() as uow:
        assert list(uow.people.all_adults()) == []
