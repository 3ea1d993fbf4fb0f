"""``iep plan template``: a table to fill in."""

from __future__ import annotations

import pytest

from iepcore.schemas import read_plan_csv
from tests.unit.cli.conftest import Shell


@pytest.mark.parametrize("kind", ["goals", "services", "supports"])
def test_a_template_is_written_and_can_be_read(shell: Shell, kind: str) -> None:
    """Its example row is a good one; no database is needed."""
    read_plan_csv(shell.ok("plan", "template", kind).out)


def test_an_unknown_table_is_told_what_there_is(shell: Shell) -> None:
    """With the kinds there are."""
    done = shell.run("plan", "template", "dreams")
    assert 2 == done.code
    assert "goals" in done.err
