"""Everything one zip tells that makes rosters, each id once, with what was wrong beside it.

Rows are read one at a time and only what rosters need stays. What is kept does not depend on the order of
rows: where two rows of one id disagree, neither is believed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from marshmallow import ValidationError

from connectors.oneroster.archive import Archive, Limits
from connectors.oneroster.faults import OneRosterFault, Problems
from connectors.oneroster.manifest import NEEDED, FileMode, Manifest, read_manifest
from connectors.oneroster.rows import RawRow, Rows
from connectors.oneroster.schemas import (
    SCHEMAS,
    ClassRow,
    CourseRow,
    EnrollmentRow,
    OrgRow,
    RowSchema,
    SessionRow,
    UserRow,
)
from iepcore.people import UnreadRow

R = TypeVar("R", ClassRow, CourseRow, OrgRow, SessionRow, UserRow)
Watch = Callable[[int], None]
"""Hears how many rows were read so far, every ``WATCH_EVERY`` rows. It may raise to stop the reading."""
WATCH_EVERY = 2_000
UNREAD_PER_CLASS = 500
"""So many unread rows of one class are kept one by one."""

_ORDER = ("academicSessions.csv", "orgs.csv", "courses.csv", "classes.csv", "users.csv", "roles.csv")


@dataclass(slots=True)
class ClassRows:
    """The enrollments of one class with the line of each, and those that could not be read; ``more`` of these
    are only counted."""

    rows: dict[EnrollmentRow, int] = field(default_factory=dict)
    unread: list[UnreadRow] = field(default_factory=list)
    more: int = 0

    def miss(self, row: UnreadRow) -> None:
        """Note a row that could not be read."""
        if len(self.unread) < UNREAD_PER_CLASS:
            self.unread.append(row)
        else:
            self.more += 1


@dataclass(slots=True, repr=False)
class Book:
    """What a zip tells. ``deleted_*`` hold the ids marked ``tobedeleted``."""

    manifest: Manifest
    problems: Problems = field(default_factory=Problems)
    sessions: dict[str, SessionRow] = field(default_factory=dict)
    orgs: dict[str, OrgRow] = field(default_factory=dict)
    courses: dict[str, CourseRow] = field(default_factory=dict)
    classes: dict[str, ClassRow] = field(default_factory=dict)
    users: dict[str, UserRow] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    enrollments: dict[str, ClassRows] = field(default_factory=lambda: defaultdict(ClassRows))
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    """Where users and classes stand: (file, id) -> line."""
    unread_classes: list[UnreadRow] = field(default_factory=list)
    lost_enrollments: int = 0
    """Rows that could not be read and tell no class that is known: they may be of any."""
    passed_over: int = 0
    """Changes in classes that nobody knows here: not chosen, or of another school."""
    broke_off: set[str] = field(default_factory=set)
    """Files whose end could not be read."""
    rows: int = 0

    def roles_of(self, user_id: str) -> frozenset[str]:
        """Return a person's roles as they hold today; empty when the zip does not tell them."""
        user = self.users.get(user_id)
        own = {user.role} if user is not None and user.role else set()
        return frozenset(own | self.roles.get(user_id, set()))


def read_book(path: Path, *, today: date, limits: Limits | None = None, watch: Watch | None = None) -> Book:
    """Return what a zip tells. Roles count that hold on ``today``.

    Raises:
        OneRosterFault: when it cannot be used as a whole.
    """
    with Archive(path, limits) as archive:
        problems = Problems()
        book = Book(manifest=read_manifest(archive, problems), problems=problems)
        for name in NEEDED[book.manifest.version]:
            if book.manifest.mode(name) is FileMode.ABSENT and not book.manifest.is_delta:
                raise OneRosterFault("file_missing", place=name)
        reader = _Reader(book, archive, today, watch)
        reader.read_all()
        return book


class _Reader:
    """Fills a book."""

    def __init__(self, book: Book, archive: Archive, today: date, watch: Watch | None) -> None:
        self._book = book
        self._archive = archive
        self._today = today
        self._watch = watch
        self._schemas: Mapping[str, RowSchema[Any]] = SCHEMAS[book.manifest.version]

    def read_all(self) -> None:
        book = self._book
        tables: dict[str, dict[str, Any]] = {
            "academicSessions.csv": book.sessions,
            "orgs.csv": book.orgs,
            "courses.csv": book.courses,
            "classes.csv": book.classes,
            "users.csv": book.users,
        }
        for name in _ORDER:
            if name in tables:
                self._table(name, tables[name])
            elif name in self._schemas:
                self._roles(name)
        self._enrollments()

    def _rows(
        self, name: str, missed: Callable[[RawRow | None, UnreadRow], None]
    ) -> Iterator[tuple[RawRow, Any]]:
        """Yield each row of a file with its value; a row without one is ``missed``, and a line that is no row
        has not even cells."""
        book = self._book
        if book.manifest.mode(name) is FileMode.ABSENT:
            return
        schema = self._schemas[name]
        rows = Rows(
            self._archive,
            name,
            columns=schema.columns,
            needed=schema.needed,
            problems=book.problems,
            lost=lambda row: missed(None, row),
        )
        for raw in rows:
            book.rows += 1
            if self._watch is not None and book.rows % WATCH_EVERY == 0:
                self._watch(book.rows)
            wrong: tuple[str, ...] = ()
            try:
                value = schema.read(raw.cells)
            except ValidationError as error:
                told = error.messages if isinstance(error.messages, dict) else {}
                wrong = tuple(sorted(str(one) for one in told if one in schema.columns))
                value = None
            if value is None:
                missed(raw, book.problems.add(name, raw.line, "row_form", wrong))
            else:
                yield raw, value
        if rows.broke_off:
            book.broke_off.add(name)

    def _table(self, name: str, into: dict[str, R]) -> None:
        """Read rows that are known by one id each."""
        book = self._book
        is_classes = name == "classes.csv"

        def missed(raw: RawRow | None, row: UnreadRow) -> None:
            if is_classes:
                book.unread_classes.append(row)

        contested: set[str] = set()
        for raw, value in self._rows(name, missed):
            known = into.get(value.id)
            if value.id in contested or (known is not None and known != value):
                if value.id not in contested:
                    contested.add(value.id)
                    first = book.lines[name, value.id]
                    missed(raw, book.problems.add(name, first, "id_twice", ["sourcedId"]))
                missed(raw, book.problems.add(name, raw.line, "id_twice", ["sourcedId"]))
                continue
            if known is None:
                into[value.id] = value
                book.lines[name, value.id] = raw.line
        for one in contested:
            del into[one]

    def _roles(self, name: str) -> None:
        for _, role in self._rows(name, lambda raw, row: None):
            begins, ends = role.begins_on, role.ends_on
            if role.is_deleted or (begins and begins > self._today) or (ends and ends <= self._today):
                continue
            self._book.roles[role.user_id].add(role.role)

    def _enrollments(self) -> None:
        book = self._book

        def missed(raw: RawRow | None, row: UnreadRow) -> None:
            if raw is None:
                book.lost_enrollments += 1
            else:
                book.enrollments[raw.cells["classSourcedId"]].miss(row)

        for raw, row in self._rows("enrollments.csv", missed):
            book.enrollments[row.class_id].rows.setdefault(row, raw.line)
