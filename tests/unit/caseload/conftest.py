"""Towns for use-case tests: in memory, and on a real SQLite file where the database may matter."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from iepcore.ids import SiteId
from iepcore.memory import MemoryStore
from iepcore.ports import Store
from lti_app.doors.records import Site
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import open_engines
from lti_app.storage.migrate import upgrade
from lti_app.storage.store import SqlStore
from lti_app.storage.vault import Vault
from tests.unit.caseload.town import Town

MakeStore = Callable[[SiteId], Store]


@pytest.fixture
def town() -> Town:
    """A town in memory."""
    return Town()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without a site."""
    path = tmp_path_factory.mktemp("store") / "empty.sqlite"
    engines = open_engines(f"sqlite:///{path}")
    upgrade(engines)
    engines.close()
    return path


@pytest.fixture
def sqlite_store(empty_file: Path, tmp_path: Path) -> Iterator[MakeStore]:
    """What opens the store of a new site in a SQLite file of this test's own."""
    path = tmp_path / "store.sqlite"
    shutil.copy(empty_file, path)
    engines = open_engines(f"sqlite:///{path}")
    vault = Vault([Fernet.generate_key().decode()])

    def make(site_id: SiteId) -> Store:
        SqlDoorStore(engines, vault).add_site(Site(id=site_id, name="A school", zone="America/Denver"))
        return SqlStore(engines, site_id)

    yield make
    engines.close()


@pytest.fixture(params=["memory", "sqlite"])
def make_store(request: pytest.FixtureRequest) -> MakeStore:
    """Each kind of store in turn."""
    if request.param == "memory":
        return MemoryStore
    found: MakeStore = request.getfixturevalue("sqlite_store")
    return found


@pytest.fixture
def each_town(make_store: MakeStore) -> Town:
    """The same town in memory and on SQLite."""
    return Town(make_store)
