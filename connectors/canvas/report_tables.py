"""The file of a provisioning report: a zip of CSV tables (or one table), read by the names of its columns.

Columns as the vendor's exporter writes them (``sis_exporter.rb``); it translates them, so the report must be
asked for in an English account. Columns we do not name, mail and login among them, never enter the program.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from connectors.canvas.report import TABLES
from connectors.canvas.roster_schemas import WITHHELD, EnrollmentRow, Section, User
from connectors.canvas.routes import READ_REPORT
from connectors.http.errors import CallTrace, ProtocolFault
from iepcore.people import CourseListing, Shortfall, ShortfallKind, UnreadRow

MOST_MEMBERS = 40
MOST_UNPACKED = 2 * 1024**3
"""Bytes of all tables together once unpacked."""
MOST_RATIO = 200
"""A table that unpacks to more than so many times its size (and to more than a megabyte) is a bomb."""

NEEDED = {
    "users": ("canvas_user_id",),
    "courses": ("canvas_course_id",),
    "sections": ("canvas_section_id",),
    "enrollments": ("canvas_course_id", "canvas_user_id", "canvas_section_id", "base_role_type", "status"),
    "user_observers": ("canvas_observer_id", "canvas_student_id", "status"),
}
_TRACE = CallTrace(method=READ_REPORT.method, template="(report file)")


@dataclass(slots=True)
class AccountTables:
    """A whole account as its report tells it. ``unread`` rows without a course concern every course."""

    courses: dict[str, CourseListing] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    rows: defaultdict[str, list[EnrollmentRow]] = field(default_factory=lambda: defaultdict(list))
    links: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unread: defaultdict[str, list[UnreadRow]] = field(default_factory=lambda: defaultdict(list))
    shortfalls: list[Shortfall] = field(default_factory=list)

    def take_user(self, row: dict[str, str]) -> None:
        """Keep one login: people with several stand in several rows."""
        found = _id(row["canvas_user_id"])
        known = self.users.get(found)
        number = row.get("user_id") or None
        self.users[found] = User(
            id=found,
            name=(known.name if known else None) or row.get("full_name") or None,
            sis_user_id=(known.sis_user_id if known else None) or number,
        )

    def take_course(self, row: dict[str, str]) -> None:
        """Keep a course that is going on."""
        found = _id(row["canvas_course_id"])
        if row.get("status", "active") == "active":
            self.courses[found] = CourseListing(
                id=found,
                title=row.get("long_name", ""),
                code=row.get("short_name", ""),
                term=row.get("term_id", ""),
                sis_id=row.get("course_id") or None,
            )

    def take_section(self, row: dict[str, str]) -> None:
        """Keep a title. Which course it belongs to is said by enrollments: here it is the original one."""
        found = _id(row["canvas_section_id"])
        self.sections[found] = Section(id=found, name=row.get("name") or None)

    def take_enrollment(self, row: dict[str, str]) -> None:
        """Keep a row under its course."""
        course, user = _id(row["canvas_course_id"]), _id(row["canvas_user_id"])
        watched = row.get("canvas_associated_user_id") or None
        self.rows[course].append(
            EnrollmentRow(
                id=_id(row.get("canvas_enrollment_id") or "0"),
                user_id=user,
                course_section_id=_id(row["canvas_section_id"]),
                type=row["base_role_type"],
                role=row.get("role") or row["base_role_type"],
                enrollment_state=row["status"],
                associated_user_id=_id(watched) if watched else None,
                user=self.users.get(user),
                observed_user=self.users.get(watched, WITHHELD) if watched else None,
            )
        )

    def take_link(self, row: dict[str, str]) -> None:
        """Keep a link of the account, when it stands."""
        observer, student = _id(row["canvas_observer_id"]), _id(row["canvas_student_id"])
        if row["status"] == "active":
            self.links[observer].add(student)


def read_tables(file: BinaryIO) -> AccountTables:
    """Return what a report's file says.

    Raises:
        ProtocolFault: ``report_form`` (no zip and no table we know), ``report_too_large`` (a bomb),
            ``report_tables`` (without enrollments, users or courses), ``report_columns`` (a table without
            what identifies its rows: most likely the account's language is not English).
    """
    tables = AccountTables()
    take: dict[str, Callable[[dict[str, str]], None]] = {
        "users": tables.take_user,
        "courses": tables.take_course,
        "sections": tables.take_section,
        "enrollments": tables.take_enrollment,
        "user_observers": tables.take_link,
    }
    opened = dict(_members(file))
    if not {"users", "courses", "enrollments"} <= set(opened):
        raise ProtocolFault(_TRACE, code="report_tables")
    # People first: rows speak of them.
    for table in TABLES:
        if table in opened:
            _read(table, opened[table], take[table], tables)
        else:
            tables.shortfalls.append(Shortfall(kind=ShortfallKind.FIELDS_WITHHELD, code="table_missing"))
    return tables


def _members(file: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    if not zipfile.is_zipfile(file):
        raise ProtocolFault(_TRACE, code="report_form")
    file.seek(0)
    archive = zipfile.ZipFile(file)
    infos = archive.infolist()
    unpacked = sum(info.file_size for info in infos)
    bomb = any(
        info.file_size > 1024**2 and info.file_size > MOST_RATIO * max(1, info.compress_size)
        for info in infos
    )
    if len(infos) > MOST_MEMBERS or unpacked > MOST_UNPACKED or bomb:
        raise ProtocolFault(_TRACE, code="report_too_large")
    for info in infos:
        table = info.filename.removesuffix(".csv")
        if table in TABLES and not info.flag_bits & 0x1:
            yield table, archive.open(info)  # type: ignore[misc]


def _read(
    table: str, opened: BinaryIO, take: Callable[[dict[str, str]], None], tables: AccountTables
) -> None:
    """Read one table row by row; a row that cannot be read is told by its line, a broken table as lost."""
    text = io.TextIOWrapper(opened, encoding="utf-8-sig", newline="")
    reader = csv.DictReader(text, restkey="", restval="")
    try:
        if not set(NEEDED[table]) <= set(reader.fieldnames or ()):
            raise ProtocolFault(_TRACE, code="report_columns")
        for row in reader:
            try:
                take(row)
            except _BadCell as problem:
                where = row.get("canvas_course_id", "") if table == "enrollments" else ""
                tables.unread[where if where.isdigit() else ""].append(
                    UnreadRow(
                        place=f"{table}.csv",
                        line=reader.line_num,
                        code="row_form",
                        fields=tuple(name for name in NEEDED[table] if row.get(name) in problem.args),
                    )
                )
    except (csv.Error, UnicodeDecodeError, zipfile.BadZipFile, EOFError, OSError):
        tables.shortfalls.append(Shortfall(kind=ShortfallKind.PAGES_LOST, code="table_broken"))


class _BadCell(Exception):
    """A cell that should hold an id and does not. It never leaves this module."""


def _id(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        raise _BadCell(text)
    return text
