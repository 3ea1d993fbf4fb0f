"""Our lists of files, columns and words are those of the shared contracts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from connectors.oneroster.columns import COLUMNS, ENROLLMENT_ROLES, STATUSES, USER_ROLES
from connectors.oneroster.manifest import FileMode
from connectors.oneroster.schemas import SCHEMAS


@pytest.fixture(scope="session")
def contract(shared_folder: Path) -> dict[str, Any]:
    """Return the facts of the standard."""
    text = (shared_folder / "contracts" / "oneroster" / "columns.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_columns_are_the_standards(contract: dict[str, Any], version: str) -> None:
    """Same files, same columns, same order."""
    ours = {name: list(columns) for name, columns in COLUMNS[version].items()}

    assert contract[version] == ours


def test_words_are_the_standards(contract: dict[str, Any]) -> None:
    """Of states, roles and the manifest."""
    enums = contract["enums"]

    assert set(enums["status"]) == STATUSES
    assert set(enums["users.role(1.1)"]) == USER_ROLES["1.1"]
    assert set(enums["roles.role(1.2)"]) == USER_ROLES["1.2"]
    assert set(enums["enrollments.role"]) == ENROLLMENT_ROLES
    assert set(contract["manifest_file_values"]) == {one.value for one in FileMode}
    keys = {*contract["manifest_keys"], *contract["manifest_keys_added_1.2"]}
    files = {name for names in COLUMNS.values() for name in names} - {"manifest.csv"}
    assert {f"file.{name.removesuffix('.csv')}" for name in files} <= keys


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_schemas_read_columns_that_exist(version: str) -> None:
    """A column that we read and the standard does not know would always be missing."""
    for name, schema in SCHEMAS[version].items():
        assert set(schema.columns) <= set(COLUMNS[version][name])
        assert set(schema.needed) <= set(schema.columns)


CELLS = st.sampled_from(
    [
        "",
        "a",
        "x" * 256,
        "a\tb",
        "true",
        "No",
        "active",
        "tobedeleted",
        "student",
        "EXT:coach",
        "2026-11-02",
        "2026-11-02T10:00:00Z",
        "2026-1-2",
        "a,b,,a",
        "{SIS:1}",
    ]
)
ALL = [(version, name) for version in SCHEMAS for name in SCHEMAS[version]]


def outcome(read: Callable[[], object]) -> object:
    """Return the value, or what is wrong with which column."""
    try:
        return read()
    except ValidationError as error:
        return error.messages


@given(st.sampled_from(ALL), st.data())
def test_the_short_way_reads_what_the_schema_reads(which: tuple[str, str], data: st.DataObject) -> None:
    """Same values, same errors, whatever stands in the cells and whichever columns are there."""
    schema = SCHEMAS[which[0]][which[1]]
    columns = data.draw(st.sets(st.sampled_from(sorted(schema.columns))))
    cells = {column: data.draw(CELLS) for column in sorted({*schema.needed, *columns} - {"status"})}

    assert outcome(lambda: schema.load(cells)) == outcome(lambda: schema.read(cells))
