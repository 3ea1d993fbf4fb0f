"""Data elements, read from the declarations of the tables: none can be forgotten or outdated."""

from __future__ import annotations

from dataclasses import dataclass

from lti_app.privacy.schedule import CATEGORIES, REST, SCHEDULE, Element
from lti_app.storage.schema import metadata

UNSORTED: Element = ("Other", "Not sorted yet")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataElement:
    """One element of one table. ``about`` and ``erased_by`` are the table's own words."""

    category: str
    element: str
    table: str
    columns: tuple[str, ...]
    about: str
    erased_by: str


def data_elements() -> tuple[DataElement, ...]:
    """Return every element, in the order of the schedule."""
    found = []
    for table in metadata.sorted_tables:
        if table.info["personal_data"].startswith("none"):
            continue
        sorted_columns = SCHEDULE.get(table.name, {UNSORTED: (REST,)})
        named = {one for columns in sorted_columns.values() for one in columns}
        rest = tuple(one.name for one in table.columns if one.name not in named)
        for (category, element), columns in sorted_columns.items():
            found.append(
                DataElement(
                    category=category,
                    element=element,
                    table=table.name,
                    columns=rest if columns == (REST,) else columns,
                    about=table.info["personal_data"],
                    erased_by=table.info["erased_by"].replace(
                        "(archive.erase_student)", "(`iep data erase`)"
                    ),
                )
            )
    order = {category: place for place, category in enumerate(CATEGORIES)}
    return tuple(sorted(found, key=lambda one: (order[one.category], one.element, one.table)))


def tables_without_personal_data() -> tuple[tuple[str, str], ...]:
    """Return the other tables, each with what it holds instead."""
    return tuple(
        (table.name, table.info["personal_data"].partition(":")[2].strip())
        for table in sorted(metadata.tables.values(), key=lambda one: one.name)
        if table.info["personal_data"].startswith("none")
    )
