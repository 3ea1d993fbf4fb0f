"""``iep backup`` and ``iep restore``: everything comes back equal, and nothing half-written ever counts."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from iepcore.access import AuditEvent
from iepcore.caseload import Letter
from iepcore.ids import SiteId
from iepcore.language import FreeText
from lti_app.storage import backup as taking
from lti_app.storage.backup import LEFT_OUT
from lti_app.storage.backup_file import (
    BackupWriter,
)
from lti_app.storage.schema import metadata
from tests.unit.cli.conftest import House, Shell, a_shell
from tests.unit.screens.conftest import KEY

OTHER_KEY = Fernet.generate_key().decode()
NOTED = ("audit_event", "chain_head", *sorted(LEFT_OUT))


def rows_of(shell: Shell, *, without: tuple[str, ...] = NOTED) -> dict[str, list[tuple[object, ...]]]:
    """Return what every table holds, read back through its own types, in the order of its key."""
    wired = shell.wired()
    try:
        with wired.engines.reading() as connection:
            return {
                table.name: [
                    tuple(row)
                    for row in connection.execute(sa.select(table).order_by(*table.primary_key)).all()
                ]
                for table in metadata.sorted_tables
                if table.name not in without
            }
    finally:
        wired.engines.close()


def saved(shell: Shell, name: str = "all.backup", **changed: str) -> Path:
    """Take a backup and return its file."""
    place = shell.folder / name
    shell.ok("backup", place, **changed)
    return place


def elsewhere(shell: Shell, name: str = "new.db", **changed: str) -> Shell:
    """Return a shell on a database that does not exist yet."""
    environ = {**shell.environ, "IEP_DATABASE_URL": f"sqlite:///{shell.folder / name}", **changed}
    return Shell(environ=environ, folder=shell.folder)


# -------------------------------------------------------------------------------------------- there and back


def test_a_restored_school_is_the_same_school(seeded: Shell) -> None:
    """Every row of every table comes back equal on a machine that had nothing, and the trail says so."""
    new = elsewhere(seeded)

    done = new.ok("restore", saved(seeded))

    before = rows_of(seeded)
    assert 400 < sum(map(len, before.values()))
    unsure = {"outbox_item", "chain_head"}
    after = rows_of(new)
    assert {n: r for n, r in before.items() if n not in unsure | {"tool_key", "api_client", "api_grant"}} == {
        n: r for n, r in after.items() if n not in unsure | {"tool_key", "api_client", "api_grant"}
    }
    assert "Everybody must sign in again." in done.out
    assert new.ok("db", "status").out.startswith("Tables: ")
    assert {"data_backup", "data_restore"} <= _done(new)


def _done(shell: Shell) -> set[str]:
    wired = shell.wired()
    with wired.store(SiteId(wired.doors.sites()[0].id)).read() as uow:
        found = {value.what for value in uow.archive.values() if isinstance(value, AuditEvent)}
    wired.engines.close()
    return found


def test_secrets_come_back_and_are_sealed_with_the_first_key(seeded: Shell) -> None:
    """The Canvas key's secret opens after a restore under rotated keys, and even without the old one."""
    place = saved(seeded)
    both = {"IEP_SECRET_KEYS": f"{OTHER_KEY},{KEY}"}
    new = elsewhere(seeded)

    new.ok("restore", place, **both)

    alone = elsewhere(seeded, IEP_SECRET_KEYS=OTHER_KEY).wired()
    registration = alone.doors.registrations()[0]
    client = alone.doors.api_client(registration.id)
    alone.engines.close()
    assert client is not None
    assert "x" * 40 == client.client_secret


def test_a_secret_whose_key_is_gone_is_counted(seeded: Shell) -> None:
    """A backup made when an older key still stood in the database restores all the same, and says so."""
    both = f"{OTHER_KEY},{KEY}"
    place = saved(seeded, IEP_SECRET_KEYS=both)
    new = elsewhere(seeded, IEP_SECRET_KEYS=OTHER_KEY)

    done = new.ok("restore", place)

    assert re.search(r"[1-9]\d* stored secrets were sealed with a key that is not given\.", done.out)


def test_nobody_is_signed_in_and_nothing_is_sent_by_itself(house: House, house_shell: Shell) -> None:
    """Sessions do not come back; a notice that was waiting is unknown and marked, for a person to decide."""
    house.token("halloran")
    letter = Letter(
        parts=(FreeText(text="She smiled a lot.", lang="en"),), recipient_ids=frozenset({house.adult("dana")})
    )
    house.caseload("halloran").writing.send(house.student("maya"), house.goal("maya"), letter, house.key())
    place = saved(house_shell)
    new = elsewhere(house_shell)

    done = new.ok("restore", place)

    tables = new.tables()
    assert [] == tables["visit"]
    states = {row[0] for row in _outbox(new)}
    assert not states & {"queued", "leased", "waiting"}
    assert ("unknown", "restored") in _outbox(new)
    assert re.search(r"[1-9]\d* notices may have been sent since\.", done.out)


def _outbox(shell: Shell) -> list[tuple[str, str]]:
    return [(row.state.value, row.reason) for row in _items(shell)]


def _items(shell: Shell) -> Iterator[sa.Row[tuple[object, ...]]]:
    wired = shell.wired()
    with wired.engines.reading() as connection:
        yield from connection.execute(sa.select(metadata.tables["outbox_item"])).all()
    wired.engines.close()


def test_a_backup_is_one_moment_while_somebody_writes(house: House, house_shell: Shell) -> None:
    """A point recorded while the backup is read is not in it; the backup is whole all the same."""
    real = taking._rows_of
    calls = iter(range(10_000))

    def meanwhile(*given: object) -> Iterator[str]:
        if next(calls) == 0:
            house_shell.ok("site", "create", "Alder Creek")
        yield from real(*given)  # type: ignore[arg-type]

    with mock.patch.object(taking, "_rows_of", meanwhile):
        place = saved(house_shell)

    new = elsewhere(house_shell)
    new.ok("restore", place)
    assert 2 == len(house_shell.ok("site", "list").lines)
    assert 1 == len(new.ok("site", "list").lines)


def test_a_safety_copy_is_made_before_anything_is_replaced(seeded: Shell) -> None:
    """Without ``--replace`` a full database is refused; with it, what was there can be had back."""
    place = saved(seeded)
    seeded.ok("site", "create", "Alder Creek")

    refused = seeded.run("restore", place)
    done = seeded.ok("restore", place, "--replace")

    assert 1 == refused.code
    assert "The database is not empty. To put the backup in its place, add --replace." in refused.err
    assert 1 == len(seeded.ok("site", "list").lines)
    copy = next(seeded.folder.glob("all.backup.before-restore-*"))
    assert str(copy) in done.err
    new = elsewhere(seeded)
    new.ok("restore", copy)
    assert 2 == len(new.ok("site", "list").lines)


def test_both_databases_give_the_same_backup(seeded: Shell, postgres_url: str, tmp_path: Path) -> None:
    """From SQLite into PostgreSQL, replaced there by itself, and back into SQLite: every row is the same."""
    district = a_shell(tmp_path, url=postgres_url)
    first = saved(seeded)

    district.ok("restore", first)
    second = saved(district, "second.backup")
    refused = district.run("restore", second)
    district.ok("restore", second, "--replace", "--safety-copy", tmp_path / "safety.backup")
    back = elsewhere(seeded)
    back.ok("restore", tmp_path / "safety.backup")

    assert 1 == refused.code
    sealed = {"tool_key", "api_client", "api_grant", "outbox_item"}
    rows = rows_of(seeded, without=(*NOTED, *sealed))
    assert rows == rows_of(district, without=(*NOTED, *sealed))
    assert rows == rows_of(back, without=(*NOTED, *sealed))
    assert district.ok("db", "status").out.startswith("Tables: ")


# ------------------------------------------------------------------------------------------------- the file


def test_a_backup_is_sealed_and_its_owners_only(seeded: Shell) -> None:
    """Mode 600; neither a name nor a word of any note stands in it; a taken name is refused."""
    place = saved(seeded)

    assert 0o600 == stat.S_IMODE(place.stat().st_mode)
    assert b"Maya" not in place.read_bytes()
    again = seeded.run("backup", place)
    assert (1, True) == (again.code, "exists. Choose a new name." in again.err)
    assert [place] == [one for one in seeded.folder.iterdir() if "backup" in one.name]


def test_a_backup_that_cannot_be_written_leaves_nothing(
    seeded: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, a missing folder, tables of another version: one plain line and no file."""
    missing = seeded.run("backup", seeded.folder / "no" / "all.backup")
    assert "cannot be written: No such file or directory." in missing.err

    def full(self: object, content: bytes, *, last: bool) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(BackupWriter, "_piece", full)
        done = seeded.run("backup", seeded.folder / "all.backup")

    assert (1, 1) == (missing.code, done.code)
    assert "cannot be written: No space left on device." in done.err
    assert [] == [one.name for one in seeded.folder.iterdir() if "backup" in one.name]


def test_a_backup_of_no_tables_is_refused(shell: Shell) -> None:
    """Before ``iep db init`` there is nothing to back up."""
    done = shell.run("backup", shell.folder / "all.backup")

    assert (1, True) == (done.code, "Run: iep db init" in done.err)


def _spoiled(place: Path, how: str) -> None:
    lines = place.read_bytes().split(b"\n")
    if how == "cut":
        place.write_bytes(place.read_bytes()[:-40])
    elif how == "last piece gone":
        place.write_bytes(b"\n".join(lines[:-2]) + b"\n")
    elif how == "one letter":
        middle = bytearray(place.read_bytes())
        at = len(middle) // 2
        middle[at] = ord("A") if middle[at] != ord("A") else ord("B")
        place.write_bytes(bytes(middle))
    elif how == "more at the end":
        place.write_bytes(place.read_bytes() + b"x\n")
    elif how == "newer format":
        place.write_bytes(place.read_bytes().replace(b"BACKUP 1 ", b"BACKUP 2 ", 1))
    else:
        place.write_bytes(b"name,grade\nMaya,3\n")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("cut", "ends too early"),
        ("last piece gone", "ends too early"),
        ("one letter", "is damaged"),
        ("more at the end", "is damaged"),
        ("newer format", "made by a newer version"),
        ("a table", "is not a backup of ours"),
    ],
)
def test_a_spoiled_file_changes_nothing(seeded: Shell, how: str, words: str) -> None:
    """Whatever is wrong with the file, the database is as before and the line says what to do."""
    place = saved(seeded)
    _spoiled(place, how)
    before = seeded.tables()

    done = seeded.run("restore", place, "--replace")
    checked = seeded.run("restore", place, "--check")

    assert (1, 1) == (done.code, checked.code)
    assert words in done.err
    assert words in checked.err
    assert "Nothing was changed." in done.err
    assert "Maya" not in done.err
    assert before == seeded.tables()
    assert [] == list(seeded.folder.glob("*before-restore*"))


def test_another_key_is_told_from_a_damaged_file(seeded: Shell) -> None:
    """With a key that is not the backup's the line speaks of keys; with the key behind another it opens."""
    place = saved(seeded)

    wrong = seeded.run("restore", place, "--check", IEP_SECRET_KEYS=OTHER_KEY)
    behind = seeded.ok("restore", place, "--check", IEP_SECRET_KEYS=f"{OTHER_KEY},{KEY}")

    assert (1, True) == (wrong.code, "No key in IEP_SECRET_KEYS opens this backup." in wrong.err)
    assert re.match(r"A whole backup of \d{4}-\d\d-\d\d \d\d:\d\d UTC \(tables \w+\), \d+ rows\.", behind.out)


def _forged(shell: Shell, *lines: str) -> Path:
    """Write a file that only the holder of the key can write, with other lines than ours."""
    place = shell.folder / "forged.backup"
    with place.open("wb") as file:
        writer = BackupWriter(file, [KEY])
        for line in lines:
            writer.line(line)
        writer.close()
    return place


def test_a_backup_of_newer_tables_is_refused(shell: Shell) -> None:
    """Its tables are not known here: install that version first."""
    place = _forged(shell, '{"made_at": "2026-11-24T10:00:00+00:00", "revision": "9999_later", "tables": []}')

    done = shell.run("restore", place)

    assert (1, True) == (done.code, "tables of a newer version" in done.err)


HEAD = (
    '{"made_at": "2026-11-24T10:00:00+00:00", "revision": "0001_door",'
    ' "tables": [{"name": "site", "columns": [["id", "id"], ["name", "text"]], "rows": 1}]}'
)


@pytest.mark.parametrize(
    "lines",
    [(), ("{}",), (HEAD,), (HEAD, "[1]", '{"end": 1}'), (HEAD, f'["{"0" * 32}", "A"]', '{"end": 2}')],
    ids=["nothing", "no head", "no rows", "a cell missing", "another end"],
)
def test_a_file_with_other_lines_is_damaged(shell: Shell, lines: tuple[str, ...]) -> None:
    """What the pieces say together is checked too."""
    done = shell.run("restore", _forged(shell, *lines), "--check")

    assert (1, True) == (done.code, "is damaged" in done.err)


def test_a_backup_of_older_tables_is_brought_up_to_date(shell: Shell) -> None:
    """A backup taken before an update goes in with its own tables and is then upgraded."""
    names = ("name", "zone", "phone", "lms_name", "lms_url")
    columns = json.dumps([["id", "id"], *([name, "text"] for name in names)])
    head = (
        '{"made_at": "2026-11-24T10:00:00+00:00", "revision": "0001_door", "tables":'
        f' [{{"name": "site", "columns": {columns}, "rows": 1}}]}}'
    )
    row = f'["{"0" * 31}7", "Alder Creek", "America/Chicago", "", "", ""]'

    shell.ok("restore", _forged(shell, head, row, '{"end": 1}'))

    assert "Alder Creek" in shell.ok("site", "list").out
    assert shell.ok("db", "status").out.startswith("Tables: ")


def test_a_database_of_another_version_is_not_replaced(seeded: Shell) -> None:
    """No safety copy can be made of tables that this program does not know, so nothing is touched."""
    place = saved(seeded)
    wired = seeded.wired()
    with wired.engines.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001_door'"))
    wired.engines.close()
    before = seeded.tables()

    done = seeded.run("restore", place, "--replace")

    assert (1, True) == (done.code, "tables of another version" in done.err)
    assert before == seeded.tables()
