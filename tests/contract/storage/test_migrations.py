"""The schema that the migrations make is the schema that the code declares, on both databases."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from lti_app.storage.engine import Engines, open_engines
from lti_app.storage.migrate import check, current, newest, upgrade
from lti_app.storage.schema import metadata


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    found: str = request.getfixturevalue(request.param)
    return found


def test_an_empty_database_has_no_revision_and_lacks_every_table(url: str) -> None:
    """Before the first upgrade there is no revision and a difference for each table."""
    engines = open_engines(url)
    assert current(engines) is None
    assert len(check(engines)) >= len(metadata.tables)
    engines.close()


def test_upgrading_makes_exactly_the_declared_schema(url: str) -> None:
    """After the upgrade nothing differs, columns, types, keys and indexes; a second upgrade does nothing."""
    engines = open_engines(url)
    upgrade(engines)
    upgrade(engines)
    assert newest() == current(engines)
    assert check(engines) == ()
    engines.close()


def test_a_foreign_column_is_noticed(url: str) -> None:
    """The check would see a column somebody added by hand."""
    engines = open_engines(url)
    upgrade(engines)
    with engines.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE site ADD COLUMN stray TEXT")
    assert ["stray" in line for line in check(engines)] == [True]
    engines.close()


def test_two_processes_may_upgrade_at_once(url: str) -> None:
    """Two servers start together on an empty database: one migrates, the other waits and finds it done."""
    pair = [open_engines(url), open_engines(url)]
    problems: list[BaseException] = []

    def start(engines: Engines) -> None:
        try:
            upgrade(engines)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=start, args=(engines,)) for engines in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert newest() == current(pair[0])
    for engines in pair:
        engines.close()


def test_every_table_says_whose_data_it_holds_and_what_erases_it() -> None:
    """No table without an owner of its personal data and an end."""
    silent = [
        t.name
        for t in metadata.sorted_tables
        if not (t.info.get("personal_data") and t.info.get("erased_by"))
    ]
    assert silent == []


def test_constraints_have_names_by_convention(engines: Engines) -> None:
    """A named constraint can be found in a log without the row that broke it."""
    inspector = sa.inspect(engines.read)
    assert inspector.get_pk_constraint("visit")["name"] == "pk_visit"
    assert {i["name"] for i in inspector.get_indexes("grant_state")} >= {"ix_grant_state_expires_at"}
