"""A small invented district as OneRoster zips of any version, made in the test: no zip stands in git."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.oneroster.columns import COLUMNS

Row = Mapping[str, str]
SECRET = "sentinel-that-must-not-travel"
"""Stands in every password, demographic and credential cell."""


def user(id: str, role: str, given: str, family: str, **more: str) -> dict[str, str]:
    """Return a row of users.csv with every cell that we must not read filled with the sentinel."""
    return {
        "sourcedId": id,
        "enabledUser": "true",
        "orgSourcedIds": "org-1",
        "role": role,
        "username": f"{SECRET}-name",
        "givenName": given,
        "familyName": family,
        "password": SECRET,
        "pronouns": SECRET,
        "phone": SECRET,
        "sms": SECRET,
        "metadata.ssn": SECRET,
        **more,
    }


def enrolled(class_id: str, user_id: str, role: str = "student", **more: str) -> dict[str, str]:
    """Return a row of enrollments.csv."""
    return {
        "sourcedId": f"e-{class_id}-{user_id}",
        "classSourcedId": class_id,
        "schoolSourcedId": "org-1",
        "userSourcedId": user_id,
        "role": role,
        **more,
    }


def a_class(id: str, title: str, **more: str) -> dict[str, str]:
    """Return a row of classes.csv."""
    return {
        "sourcedId": id,
        "title": title,
        "courseSourcedId": "course-1",
        "schoolSourcedId": "org-1",
        "termSourcedIds": "term-1",
        "classType": "scheduled",
        **more,
    }


PEOPLE = (
    user("t-reed", "teacher", "Dana", "Reed", identifier="T9", email="dana.reed@cedar.example.org"),
    user("t-park", "aide", "Jo", "Park", identifier="T8"),
    user("s-maya", "student", "Maya", "Thompson", identifier="1001", grades="04", agentSourcedIds="p-grace"),
    user("s-omar", "student", "Omar", "Haidari", identifier="1002", grades="04"),
    user("s-lena", "student", "Lena", "Nguyen", identifier="1003", grades="05"),
    user("p-grace", "parent", "Grace", "Thompson", email="grace@mail.example.com"),
    user("p-farid", "guardian", "Farid", "Haidari", agentSourcedIds="s-omar,s-lena"),
)
CLASSES = (
    a_class("c-read", "Reading 4", classCode="R4"),
    a_class("c-math", "Mathematics 4"),
    a_class("c-art", ""),
)
ENROLLMENTS = (
    enrolled("c-read", "t-reed", "teacher", primary="true"),
    enrolled("c-read", "t-park", "teacher"),
    enrolled("c-read", "s-maya"),
    enrolled("c-read", "s-omar"),
    enrolled("c-math", "t-reed", "teacher"),
    enrolled("c-math", "s-lena"),
    enrolled("c-math", "s-maya", endDate="2026-10-01"),
    enrolled("c-art", "s-omar"),
)


@dataclass(frozen=True, kw_only=True)
class District:
    """What stands in a zip. Change one with ``replace``; ``modes`` and ``files`` override single files."""

    version: str = "1.1"
    mode: str = "bulk"
    people: Sequence[Row] = PEOPLE
    classes: Sequence[Row] = CLASSES
    enrollments: Sequence[Row] = ENROLLMENTS
    roles: Sequence[Row] | None = None
    modes: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes | None] = field(default_factory=dict)
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def tables(self) -> dict[str, Sequence[Row]]:
        """Return the rows of every file but the manifest."""
        orgs = [
            {"sourcedId": "org-1", "name": "Cedar Hollow School", "type": "school"},
            {"sourcedId": "org-2", "name": "Alder Creek School", "type": "school"},
        ]
        found: dict[str, Sequence[Row]] = {
            "academicSessions.csv": [{"sourcedId": "term-1", "title": "Fall 2026", "type": "term"}],
            "orgs.csv": orgs,
            "courses.csv": [{"sourcedId": "course-1", "title": "Grade 4", "courseCode": "G4"}],
            "classes.csv": self.classes,
            "users.csv": self.people,
            "enrollments.csv": self.enrollments,
            "demographics.csv": [{"sourcedId": "s-maya", "birthDate": SECRET, "sex": SECRET}],
        }
        if self.version == "1.2":
            found["roles.csv"] = self.roles if self.roles is not None else roles_of(self.people)
            found["userProfiles.csv"] = [{"sourcedId": "x", "userSourcedId": "s-maya", "password": SECRET}]
        return found

    def contents(self) -> dict[str, bytes]:
        """Return the bytes of each file."""
        tables = self.tables()
        made = {name: self.csv(name, rows) for name, rows in tables.items()}
        told = {
            "manifest.version": "1.0",
            "oneroster.version": self.version,
            **{f"file.{name[:-4]}": self.modes.get(name, self.mode) for name in tables},
            "file.lineItems": "absent",
            "source.systemCode": "cedar",
        }
        made["manifest.csv"] = csv_of(
            ("propertyName", "value"), [{"propertyName": key, "value": text} for key, text in told.items()]
        )
        made |= {name: data for name, data in self.files.items() if data is not None}
        return {name: data for name, data in made.items() if self.files.get(name, b"") is not None}

    def csv(self, name: str, rows: Sequence[Row]) -> bytes:
        """Return a file, columns in the standard's order, or in the one given, and the sender's own after."""
        standard = COLUMNS[self.version][name]
        own = sorted({column for row in rows for column in row if column.startswith("metadata.")})
        return csv_of(self.orders.get(name, (*standard, *own)), rows)

    def write(self, path: Path) -> Path:
        """Write the zip and return its path."""
        return zip_of(path, self.contents())


def roles_of(people: Sequence[Row]) -> list[Row]:
    """Return a row of roles.csv for each person's role."""
    return [
        {
            "sourcedId": f"r-{one['sourcedId']}",
            "userSourcedId": one["sourcedId"],
            "roleType": "primary",
            "role": one["role"],
            "orgSourcedId": "org-1",
        }
        for one in people
    ]


def csv_of(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Return rows as RFC 4180 wants them; cells of columns that are not asked for are left out."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def zip_of(path: Path, contents: Mapping[str, bytes], **more: Any) -> Path:
    """Write a zip of these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return path
