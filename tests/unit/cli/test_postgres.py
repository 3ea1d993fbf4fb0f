"""The same commands on PostgreSQL: tables, export, and import give what SQLite gives."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.conftest import Shell, a_shell


def test_records_move_from_sqlite_to_postgres_and_back(
    seeded: Shell, postgres_url: str, tmp_path: Path
) -> None:
    """A district that outgrows SQLite exports, makes the tables there, imports; every line is the same. Where
    a line stands in the chain of its place is that place's own.
    """
    district = a_shell(tmp_path, url=postgres_url)
    district.ok("db", "init", "--school", "Cedar Hollow School")
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    seeded.ok("data", "export", "--to", first)

    district.ok("data", "import", first)
    district.ok("data", "export", "--to", second)

    def records(path: Path) -> list[str]:
        lines = path.read_text(encoding="utf-8").split("\n")[1:]
        values = [json.loads(line) for line in lines if line and '"type": "audit_event"' not in line]
        return sorted(json.dumps({**one, "link": None}, sort_keys=True) for one in values)

    assert 400 < len(records(first))
    assert records(first) == records(second)


def test_tables_are_made_twice_without_harm(postgres_url: str, tmp_path: Path) -> None:
    """``init`` twice, then ``status`` finds the tables as declared."""
    district = a_shell(tmp_path, url=postgres_url)
    before = district.run("db", "status")
    district.ok("db", "init")
    district.ok("db", "init")

    assert 1 == before.code
    assert "Run: iep db init" in before.err
    assert district.ok("db", "status").out.startswith("Tables: ")
    assert 1 == len(district.ok("site", "list").lines)
