"""Databases for the storage contracts: migrated once per run, copied for each test."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet

from lti_app.storage.engine import Engines, open_engines
from lti_app.storage.migrate import upgrade
from lti_app.storage.schema import metadata
from lti_app.storage.vault import Vault


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of today's schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "store.sqlite"
    engines = open_engines(f"sqlite:///{path}")
    upgrade(engines)
    engines.close()  # the last connection folds the -wal file back
    return path


@pytest.fixture
def sqlite_engines(sqlite_url: str, migrated_sqlite_file: Path, tmp_path: Path) -> Iterator[Engines]:
    """A migrated SQLite database."""
    shutil.copy(migrated_sqlite_file, tmp_path / "store.sqlite")
    engines = open_engines(sqlite_url)
    yield engines
    engines.close()


def _admin(server: str) -> psycopg.Connection:
    return psycopg.connect(server.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_server: str) -> Iterator[str]:
    """A database of today's schema. Making one takes a second, so the tests of a run share it."""
    name = f"test_{uuid.uuid4().hex}"
    with _admin(postgres_server) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    url = f"{postgres_server.rsplit('/', 1)[0]}/{name}"
    engines = open_engines(url)
    upgrade(engines)
    engines.close()
    yield url
    with _admin(postgres_server) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgres_engines(migrated_postgres_url: str) -> Iterator[Engines]:
    """The migrated PostgreSQL database, emptied afterwards."""
    engines = open_engines(migrated_postgres_url)
    yield engines
    with engines.write.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # guards of the trail
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    engines.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engines(request: pytest.FixtureRequest) -> Engines:
    """Each database in turn, migrated and empty."""
    found: Engines = request.getfixturevalue(f"{request.param}_engines")
    return found


@pytest.fixture
def vault() -> Vault:
    """A vault with one fresh key."""
    return Vault([Fernet.generate_key().decode()])
