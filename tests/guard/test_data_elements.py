"""What agreements are told about data is what the tables say."""

from __future__ import annotations

from importlib import import_module

from tests.guard.tree import ROOT

COMMAND = ".venv/bin/iep privacy report --generic > docs/reference/data-elements.md"


def test_every_table_with_personal_data_is_in_the_schedule() -> None:
    """A new table gets its category and element in `lti_app/privacy/schedule.py`; an old one leaves it."""
    tables = import_module("lti_app.storage.schema").metadata.tables
    schedule = import_module("lti_app.privacy.schedule")
    personal = {name for name, table in tables.items() if not table.info["personal_data"].startswith("none")}

    assert personal <= schedule.SCHEDULE.keys()
    assert schedule.SCHEDULE.keys() <= tables.keys()


def test_every_column_is_in_exactly_one_element() -> None:
    """Named columns exist, no column is left out or told twice, and each category is one of the form's."""
    tables = import_module("lti_app.storage.schema").metadata.tables
    elements = import_module("lti_app.privacy.elements").data_elements()
    categories = import_module("lti_app.privacy.schedule").CATEGORIES

    assert set() == {one.category for one in elements} - set(categories)
    told: dict[str, list[str]] = {}
    for one in elements:
        told.setdefault(one.table, []).extend(one.columns)
    assert {name: sorted(tables[name].columns.keys()) for name in told} == {
        name: sorted(columns) for name, columns in told.items()
    }


def test_the_page_is_what_the_tables_say() -> None:
    """docs/reference/data-elements.md is generated; when a table changes, run the command in `COMMAND`."""
    page = (ROOT / "docs" / "reference" / "data-elements.md").read_text(encoding="utf-8")

    assert page == import_module("lti_app.privacy.report").markdown(), f"run: {COMMAND}"
