"""Scenarios of our own, beside the shared ones: a leap day, two amendments in a year, state periods, a group,
a substitute's window, two summers. Their values were counted by hand; the counting stands in each of them.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

import pytest

from iepcore.testing.scenarios import Document, Entry, Verdict, build, entries_of, read_document, rule_of
from iepcore.testing.scenarios.__main__ import main

OWN = Path(__file__).parents[2] / "data" / "scenarios.json"


@lru_cache(maxsize=1)
def document() -> Document:
    """Return our own document."""
    return read_document(OWN)


@lru_cache(maxsize=1)
def entries() -> dict[str, Entry]:
    """Return every entry of every scenario by its id."""
    return {entry.id: entry for raw in document().scenarios for entry in entries_of(build(document(), raw))}


@pytest.mark.parametrize("key", list(entries()))
def test_entry_is_computed_and_agrees(key: str) -> None:
    """One value counted by hand: something computes it, and it is that value."""
    entry = entries()[key]
    assert Verdict.NOT_COMPUTED is not entry.verdict, entry.how
    assert Verdict.AGREES is entry.verdict, f"expected {entry.expected}, computed {entry.computed}"


@pytest.mark.parametrize("key", [str(one["id"]) for one in document().scenarios])
def test_a_scenario_shows_how_its_values_were_counted(key: str) -> None:
    """Each has its arithmetic in words, and every rule of it a sentence that is known."""
    raw = document().scenario(key)
    assert raw["arithmetic"]
    assert all(rule_of(sentence) is not None for sentence in raw["expected"].get("rules", ()))


def test_the_command_prints_a_table_and_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    """Everything agrees: the end code is 0, and each kind of line is there."""
    assert 0 == main([str(OWN)])
    shown = capsys.readouterr().out
    assert re.search(r"agrees\s+R01/due/turns_18_mar1_rule\s+2026-03-01\s+2026-03-01", shown)
    assert "NotExpressed R05.people[p1].preferred_channel" in shown
    assert "Assumed" in shown
    assert shown.rstrip().endswith("agrees")


def test_the_command_names_what_differs_and_what_cannot_be_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong value and a broken scenario: both are said, and the end code is 1."""
    raw = json.loads(OWN.read_text(encoding="utf-8"))
    raw["scenarios"][0]["expected"]["due"]["turns_20"] = "2028-03-01"
    raw["scenarios"][1].pop("as_of")
    path = tmp_path / "bent.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    assert 1 == main([str(path), "R01", "R02"])
    shown = capsys.readouterr().out
    assert re.search(r"differs\s+R01/due/turns_20\s+2028-03-01\s+2028-02-29", shown)
    assert "NOT BUILT" in shown


@pytest.mark.parametrize("arguments", [[], ["--help"], ["nowhere.json"], [str(OWN), "R99"]])
def test_the_command_says_what_it_cannot_read(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """No file, no such file, no such scenario: the end code is 2."""
    assert 2 == main(arguments)
    assert capsys.readouterr().out.strip()
