"""``iep restore`` on bad days: a machine that dies in the middle, a record under a legal hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.unit.cli.conftest import Shell
from tests.unit.cli.processes import SECONDS, environ_of
from tests.unit.cli.test_backup import elsewhere, saved

CRASH = """
import os, sys
from lti_app.cli import main
backup = sys.modules["lti_app.cli.backup"]
real, calls = backup.restore_backup, []
def crash(rows):
    calls.append(rows)
    if len(calls) == 6:
        os._exit(9)
backup.restore_backup = lambda *given, **more: real(*given, **{**more, "progress": crash})
main()
"""


def test_a_machine_that_dies_in_the_middle_leaves_what_was_there(seeded: Shell) -> None:
    """The process ends without a word while the rows are going in: the database is as before."""
    place = saved(seeded)
    seeded.ok("site", "create", "Alder Creek")
    before = seeded.tables()

    died = subprocess.run(
        [sys.executable, "-c", CRASH, "restore", str(place), "--replace"],
        env=environ_of(seeded.environ),
        cwd=Path(__file__).parents[3],
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )

    assert 9 == died.returncode, died.stderr
    assert before == seeded.tables()
    assert 2 == len(seeded.ok("site", "list").lines)


def test_a_replaced_record_under_a_hold_stays_in_the_safety_copy(seeded: Shell) -> None:
    """A hold is no bar on the worst day, but nobody may throw the copy away unknowing."""
    place = saved(seeded)
    seeded.ok("hold", "place", "--reason", "Litigation")

    done = seeded.ok("restore", place, "--replace")

    assert "1 legal holds are in force: keep that file until they are lifted" in done.err
    assert [] == seeded.ok("hold", "list").lines
    new = elsewhere(seeded)
    new.ok("restore", next(seeded.folder.glob("all.backup.before-restore-*")))
    assert "Litigation" in new.ok("hold", "list").out
