"""``iep audit``: an operator learns whether the trail was bent, and keeps its head outside."""

from __future__ import annotations

import re
import sqlite3

import pytest

from tests.unit.cli.conftest import Shell


def bend(shell: Shell, *sentences: str) -> None:
    """Do something to the database as somebody who owns it, guards dropped."""
    (path,) = [one for one in shell.folder.glob("*.db") if "house" not in one.name]
    with sqlite3.connect(path) as file:
        for table in ("audit_event", "disclosure"):
            for guard in ("stays", "is_kept"):
                file.execute(f"DROP TRIGGER IF EXISTS {table}_{guard}")
        for sentence in sentences:
            file.execute(sentence)
    file.close()


def test_a_trail_that_nobody_bent_holds(seeded: Shell) -> None:
    """Each chain says how many rows it has and where it ends; the check itself is in the trail."""
    done = seeded.ok("audit", "verify")

    assert re.search(r"Cedar Hollow School: trail holds, \d+ rows\. Head trail:\d+:[0-9a-f]{64}", done.out)
    assert "disclosures holds, 0 rows" in done.out or re.search(r"disclosures holds, \d+ rows", done.out)


def test_a_head_that_was_kept_is_found_again(seeded: Shell) -> None:
    """What was printed once is part of the chain later on; another one is told."""
    kept = seeded.ok("audit", "head").lines[0].split()[-1]
    seeded.ok("audit", "verify")

    done = seeded.ok("audit", "verify", "--head", kept)
    assert "trail holds" in done.out

    forged = re.sub(r":[0-9a-f]{4}", ":0000", kept)
    refused = seeded.run("audit", "verify", "--head", forged)
    assert 1 == refused.code
    assert "The chain does not hold the head you kept" in refused.out


@pytest.mark.parametrize("text", ["", "trail", "trail:1:xyz", "other:1:" + "0" * 64])
def test_what_is_no_head_is_refused(seeded: Shell, text: str) -> None:
    """In plain words, before anything is read."""
    done = seeded.run("audit", "verify", "--head", text)

    assert 1 == done.code
    assert "--head must be a line of `iep audit head`" in done.err


def test_a_bent_row_is_told_with_its_place(seeded: Shell) -> None:
    """The first broken row, what it means, and that the guards are gone."""
    seeded.ok("audit", "verify")
    bend(seeded, "UPDATE audit_event SET what = 'nothing' WHERE seq = 1")

    done = seeded.run("audit", "verify")

    assert 1 == done.code
    assert "trail is broken at row 1. What this row says is not what was written." in done.out
    assert "guards of the database are missing: audit_event_stays" in done.out
    assert "4 guards were missing." in seeded.ok("audit", "guard").out
    assert "No guard was missing." in seeded.ok("audit", "guard").out


def test_a_backup_put_back_holds(seeded: Shell) -> None:
    """Rows, hashes and heads come back as they were, and the guards are there again."""
    seeded.ok("audit", "verify")
    kept = seeded.ok("audit", "head").lines[0].split()[-1]
    seeded.ok("backup", seeded.folder / "one.backup")
    seeded.ok("restore", seeded.folder / "one.backup", "--replace")

    done = seeded.ok("audit", "verify", "--head", kept)

    assert "trail holds" in done.out


def test_an_erasure_is_no_break(seeded: Shell) -> None:
    """After a child's record was erased the trail holds, and says how many of its rows were blanked."""
    child = seeded.ok("data", "export", "--to", "-").out
    student = re.search(r'"type": "student", "id": "([0-9a-f-]{36})"', child)
    assert student is not None
    seeded.ok("data", "erase", "--student", student[1], "--yes")

    done = seeded.ok("audit", "verify")

    assert re.search(r"trail holds, \d+ rows, \d+ of them of erased records", done.out)
