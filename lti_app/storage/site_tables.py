"""What the tables of a site share: keys that start with the site, columns that speak domain values."""

# ruff: noqa: D102 -- the methods are SQLAlchemy's own hooks

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.schema import SchemaItem

from lti_app.storage.documents import DOCUMENT_READERS, write_document
from lti_app.storage.metadata import IdColumn, Reader, owned_table

STUDENT_END = "erasure of the child (archive.erase_student), or the end of the site"
ADULT_END = "erasure of the adult, or the end of the site"


class Word(sa.types.TypeDecorator[StrEnum]):
    """One word of an enumeration, kept as text; a word the code does not know is an error when read."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def result_processor(self, dialect: Dialect, coltype: object) -> Reader[StrEnum]:
        known: dict[str | None, StrEnum | None] = {word.value: word for word in self.words}
        known[None] = None
        return known.__getitem__


class Document(sa.types.TypeDecorator[Any]):
    """A composite value in one column; ``form`` names how it is written (``documents.DOCUMENTS``).

    It lies there as JSON text with sorted keys, the same on both databases: no query looks inside.
    """

    impl = sa.Text
    cache_ok = True

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form = form

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else write_document(self.form, value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Reader[Any]:
        return DOCUMENT_READERS[self.form]


def id_column(name: str, *, key: bool = False, optional: bool = False) -> sa.Column[Any]:
    """Return a column for one of our ids."""
    return sa.Column(name, IdColumn, primary_key=key, nullable=optional)


def column(name: str, kind: Any, *, key: bool = False, optional: bool = False) -> sa.Column[Any]:
    """Return a column; NOT NULL unless ``optional``."""
    return sa.Column(name, kind, primary_key=key, nullable=optional)


def part_of(field: str, parent: str) -> sa.ForeignKeyConstraint:
    """Say that ``field`` names a row of ``parent`` in the same site."""
    return sa.ForeignKeyConstraint(["site_id", field], [f"{parent}.site_id", f"{parent}.id"])


def site_table(name: str, *parts: SchemaItem, personal_data: str, erased_by: str = STUDENT_END) -> sa.Table:
    """Declare a table whose key starts with the site."""
    site = sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True)
    return owned_table(name, site, *parts, personal_data=personal_data, erased_by=erased_by)
