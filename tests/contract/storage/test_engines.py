"""How the engines behave: durable, one writer, readers that cannot write, and failures that say nothing."""

from __future__ import annotations

import sqlite3
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from iepcore.errors import Busy, IepError, InvalidValue
from lti_app.storage import door_tables as t
from lti_app.storage.engine import Engines, open_engines
from lti_app.storage.rows import insert, insert_new, upsert

SITE = {"name": "A school", "zone": "UTC", "phone": "", "lms_name": "", "lms_url": ""}


def add(engines: Engines, name: str = "A school") -> None:
    """Write one site."""
    with engines.writing() as connection:
        insert(connection, t.site, {**SITE, "id": uuid4(), "name": name})


def count(engines: Engines) -> int:
    """Return how many sites a reader sees."""
    with engines.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(t.site)).scalar_one()


class TestTransactions:
    def test_a_clean_exit_commits_and_an_error_leaves_nothing(self, engines: Engines) -> None:
        """What raises inside the transaction is rolled back and passed on unchanged."""
        add(engines)
        with pytest.raises(KeyError), engines.writing() as connection:  # noqa: PT012
            insert(connection, t.site, {**SITE, "id": uuid4()})
            raise KeyError
        assert count(engines) == 1

    def test_a_reader_cannot_write(self, engines: Engines) -> None:
        """The read engine refuses, whatever the code says."""
        with pytest.raises(Busy, match="store_read_only"), engines.reading() as connection:
            insert(connection, t.site, {**SITE, "id": uuid4()})
        add(engines)
        assert count(engines) == 1

    def test_a_reader_sees_one_moment(self, engines: Engines) -> None:
        """A write that commits meanwhile is not seen halfway through a read."""
        query = sa.select(sa.func.count()).select_from(t.site)
        with engines.reading() as connection:
            before = connection.execute(query).scalar_one()
            add(engines)
            assert (before, 0) == (connection.execute(query).scalar_one(), before)
        assert count(engines) == 1

    def test_rows_are_inserted_once_or_replaced(self, engines: Engines) -> None:
        """``insert_new`` says whether it did; ``upsert`` replaces."""
        row = {**SITE, "id": uuid4()}
        with engines.writing() as connection:
            done = [insert_new(connection, t.site, row, unique=["id"]) for _ in range(2)]
            upsert(connection, t.site, {**row, "name": "Renamed"})
        assert done == [True, False]
        with engines.reading() as connection:
            assert connection.execute(sa.select(t.site.c.name)).scalars().all() == ["Renamed"]

    def test_instants_and_ids_come_back_and_sort(self, engines: Engines) -> None:
        """Microseconds survive, other zones become UTC, times before 1970 sort first."""
        instants = [
            datetime(1961, 5, 5, 14, 34, 13, 1, tzinfo=UTC),
            datetime(2026, 3, 2, 0, 0, 0, 999_999, tzinfo=UTC),
            datetime.fromisoformat("2026-03-02T09:00:00-07:00"),
        ]
        with engines.writing() as connection:
            for number, instant in enumerate(reversed(instants)):
                row = {"kid": str(number), "private_pem": sealed(), "public_jwk": "{}", "created_at": instant}
                insert(connection, t.tool_key, row)
        with engines.reading() as connection:
            found = (
                connection.execute(sa.select(t.tool_key.c.created_at).order_by("created_at")).scalars().all()
            )
        assert [instant.astimezone(UTC) for instant in instants] == list(found)
        assert [i.utcoffset().total_seconds() for i in found if i] == [0, 0, 0]  # type: ignore[union-attr]


def sealed() -> str:
    """Ciphertext without a vault, for columns whose content does not matter."""
    from lti_app.storage.vault import Sealed

    return Sealed("gAAAA")


class TestFailuresSayNothing:
    def test_a_duplicate_is_refused_without_its_value(self, engines: Engines) -> None:
        """Neither the message nor what prints with it holds the row."""
        row = {**SITE, "id": uuid4(), "name": "SECRET NAME"}
        with pytest.raises(IepError, match="store_refused") as caught, engines.writing() as connection:
            insert(connection, t.site, row, row)
        assert "SECRET" not in repr(caught.value) + str(caught.value)
        assert caught.value.__suppress_context__
        assert str(row["id"]) not in str(caught.value)

    def test_a_parent_that_is_not_there_is_refused(self, engines: Engines) -> None:
        """Foreign keys hold on SQLite too."""
        row = {
            "link_hash": "x",
            "site_id": uuid4(),
            "created_at": datetime.now(UTC),
            "expires_at": datetime.now(UTC),
        }
        with pytest.raises(IepError, match="store_refused"), engines.writing() as connection:
            insert(connection, t.notice_link, row)

    def test_a_naive_instant_is_refused(self, engines: Engines) -> None:
        """A datetime without a zone never reaches the database."""
        naive = datetime(2026, 3, 2)  # noqa: DTZ001
        with pytest.raises(ValueError, match="naive"), engines.reading() as connection:
            connection.execute(sa.select(t.tool_key).where(t.tool_key.c.created_at == naive))

    def test_plain_text_is_no_secret(self, engines: Engines) -> None:
        """The secret column takes sealed text only."""
        row = {"kid": "k", "private_pem": "plain", "public_jwk": "{}", "created_at": datetime.now(UTC)}
        with pytest.raises(TypeError, match="seal"), engines.writing() as connection:
            insert(connection, t.tool_key, row)

    @pytest.mark.postgres
    def test_a_nul_character_is_not_storable_in_postgresql(self, postgres_engines: Engines) -> None:
        """PostgreSQL has no NUL in text: the person is told, the server does not fail."""
        with pytest.raises(InvalidValue, match="not_storable"):
            add(postgres_engines, name="a\x00b")

    def test_a_lone_surrogate_is_not_storable(self, engines: Engines) -> None:
        """Half a character cannot be encoded; the message does not quote it."""
        with pytest.raises(InvalidValue, match="not_storable"):
            add(engines, name="a\ud800b")

    def test_a_missing_table_is_our_defect(self, sqlite_url: str) -> None:
        """A forgotten migration is not ``Busy``: repeating would not help."""
        engines = open_engines(sqlite_url)
        with pytest.raises(IepError, match="store_failed") as caught:
            count(engines)
        assert not isinstance(caught.value, Busy)
        engines.close()


class TestSqlite:
    def test_a_new_file_is_private(self, sqlite_engines: Engines, tmp_path: Path) -> None:
        """Only its owner reads the file and its -wal and -shm."""
        engines = open_engines(f"sqlite:///{tmp_path / 'new.sqlite'}")
        with engines.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE x (y INTEGER)")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("new.sqlite*")}
        assert set(modes.values()) == {0o600}
        assert "new.sqlite-wal" in modes
        engines.close()

    def test_the_pragmas_are_those_of_the_design(self, sqlite_engines: Engines) -> None:
        """WAL, FULL (2), foreign keys and five seconds for writers; readers are query_only."""
        with sqlite_engines.writing() as connection:
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
            found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
        assert found == ["wal", 2, 1, 5000, 0]
        with sqlite_engines.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA query_only").scalar() == 1

    def test_another_process_writing_makes_us_busy(self, sqlite_engines: Engines, tmp_path: Path) -> None:
        """A lock held elsewhere longer than we wait is ``store_locked``; reading goes on."""
        engines = open_engines(f"sqlite:///{tmp_path / 'store.sqlite'}", busy_milliseconds=20)
        other = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="store_locked"):
            add(engines)
        assert count(engines) == 0
        other.execute("ROLLBACK")
        add(engines)
        assert count(engines) == 1
        other.close()
        engines.close()

    def test_two_threads_take_turns_and_a_third_gives_up(self, tmp_path: Path) -> None:
        """The lock of the process is held by one writer; who waits too long is told ``store_locked``."""
        engines = open_engines(f"sqlite:///{tmp_path / 'turns.sqlite'}", busy_milliseconds=20)
        inside, leave = threading.Event(), threading.Event()

        def hold() -> None:
            with engines.writing():
                inside.set()
                leave.wait(5)

        thread = threading.Thread(target=hold)
        thread.start()
        assert inside.wait(5)
        with pytest.raises(Busy, match="store_locked"), engines.writing():
            pass
        leave.set()
        thread.join()
        engines.close()

    def test_a_write_inside_a_write_is_a_defect(self, sqlite_engines: Engines) -> None:
        """It would wait for itself; we say so at once."""
        with pytest.raises(RuntimeError, match="inside"), sqlite_engines.writing():
            add(sqlite_engines)

    def test_a_read_only_file_is_read_only(self, sqlite_engines: Engines, tmp_path: Path) -> None:
        """A file opened read-only refuses writes with ``store_read_only`` and still reads."""
        add(sqlite_engines)
        engines = open_engines(f"sqlite:///file:{tmp_path / 'store.sqlite'}?mode=ro&uri=true")
        with pytest.raises(Busy, match="store_read_only"):
            add(engines)
        assert count(engines) == 1
        engines.close()

    def test_a_full_disk_is_full(self, sqlite_engines: Engines) -> None:
        """SQLITE_FULL becomes ``store_full`` and nothing is written."""
        with pytest.raises(Busy, match="store_full"), sqlite_engines.writing() as connection:  # noqa: PT012
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            insert(connection, t.site, *({**SITE, "id": uuid4(), "name": "x" * 5_000} for _ in range(50)))
        assert count(sqlite_engines) == 0

    def test_a_folder_that_is_not_there_is_down(self, tmp_path: Path) -> None:
        """A file that cannot be opened is ``store_down``."""
        engines = open_engines(f"sqlite:///{tmp_path / 'no' / 'store.sqlite'}")
        with pytest.raises(Busy, match="store_down"):
            count(engines)
        engines.close()

    def test_something_else_than_a_database_is_down(self, tmp_path: Path) -> None:
        """A file of another kind is not read as ours."""
        (tmp_path / "text.sqlite").write_text("this is no database " * 100)
        engines = open_engines(f"sqlite:///{tmp_path / 'text.sqlite'}")
        with pytest.raises(Busy, match="store_down"):
            count(engines)
        engines.close()


@pytest.mark.postgres
class TestPostgresql:
    def test_a_lock_held_elsewhere_makes_us_busy(self, postgres_engines: Engines) -> None:
        """A lock_timeout becomes ``store_locked``."""
        url = postgres_engines.write.url
        engines = open_engines(url.render_as_string(hide_password=False), busy_milliseconds=30)
        with psycopg.connect(url.set(drivername="postgresql").render_as_string()) as other:
            other.execute("LOCK TABLE site IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(Busy, match="store_locked"):
                add(engines)
        add(engines)
        assert count(engines) == 1
        engines.close()

    def test_a_server_that_is_not_there_is_down(self) -> None:
        """No server on the port: ``store_down``."""
        engines = open_engines("postgresql://nobody@127.0.0.1:1/none")
        with pytest.raises(Busy, match="store_down"):
            count(engines)
        engines.close()

    def test_a_server_that_hangs_up_is_down_and_then_back(self, postgres_engines: Engines) -> None:
        """A connection the server ends is ``store_down`` for the transaction it carried, not for the next."""
        with pytest.raises(Busy, match="store_down"), postgres_engines.writing() as connection:
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        add(postgres_engines)
        assert count(postgres_engines) == 1


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("sqlite://", "no_database_file"),
        ("sqlite:///:memory:", "no_database_file"),
        ("mysql://host/db", "unknown_database"),
        ("no url", "not_a_database_url"),
    ],
)
def test_a_url_we_cannot_use_is_refused_without_repeating_it(url: str, code: str) -> None:
    """The message names the setting, never its value, which may hold a password."""
    with pytest.raises(InvalidValue) as caught:
        open_engines(url)
    assert (code, "database_url") == (caught.value.code, caught.value.field)
