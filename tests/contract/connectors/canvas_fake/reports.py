"""The provisioning report of an account: started, asked about, and its file, with the columns of the vendor's
exporter (the headings are translated there; these are the English ones)."""

from __future__ import annotations

import csv
import io
import itertools
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.contract.connectors.canvas_fake.people import People

STATUS = {"completed": "concluded", "creation_pending": "invited"}
TABLES = ("users", "courses", "sections", "enrollments", "user_observers")
HEADS = {
    "users": "canvas_user_id,user_id,integration_id,authentication_provider_id,login_id,first_name,last_name,"
    "full_name,sortable_name,short_name,email,status,created_by_sis",
    "courses": "canvas_course_id,course_id,integration_id,short_name,long_name,canvas_account_id,account_id,"
    "canvas_term_id,term_id,status,start_date,end_date,course_format,created_by_sis",
    "sections": "canvas_section_id,section_id,canvas_course_id,course_id,integration_id,name,status,"
    "start_date,end_date,canvas_account_id,account_id,created_by_sis",
    "enrollments": "canvas_course_id,course_id,canvas_user_id,user_id,role,role_id,canvas_section_id,"
    "section_id,status,canvas_associated_user_id,associated_user_id,created_by_sis,base_role_type,"
    "limit_section_privileges,canvas_enrollment_id",
    "user_observers": "canvas_observer_id,observer_id,canvas_student_id,student_id,status,created_by_sis",
}


@dataclass
class Report:
    """One report under way: each question finds it a step further."""

    id: int
    tables: tuple[str, ...]
    steps: list[tuple[str, int]]
    file: bytes = b""
    name: str = "provisioning.zip"


@dataclass
class Reports:
    """All reports. ``tables``: replaces what the world would say, by name; ``ends``: how the next goes."""

    people: People
    ends: list[tuple[str, int]] = field(
        default_factory=lambda: [("created", 0), ("running", 40), ("running", 80), ("complete", 100)]
    )
    replaced: dict[str, str] = field(default_factory=dict)
    extra_members: list[tuple[str, bytes]] = field(default_factory=list)
    as_csv: bool = False
    made: dict[int, Report] = field(default_factory=dict)
    links_to: str | None = None

    def __post_init__(self) -> None:
        self._serial = itertools.count(700)

    def start(self, asked: Sequence[str]) -> dict[str, Any]:
        """Begin a report over these tables."""
        report = Report(id=next(self._serial), tables=tuple(asked), steps=list(self.ends))
        self.made[report.id] = report
        return self._json(report, "")

    def ask(self, number: int, url: str) -> dict[str, Any]:
        """Say how far it is, and where its file lies when it is there."""
        report = self.made[number]
        if len(report.steps) > 1:
            report.steps.pop(0)
        if report.steps[0][0] == "complete" and not report.file:
            report.file = self._file(report)
        return self._json(report, url)

    def _json(self, report: Report, url: str) -> dict[str, Any]:
        status, progress = report.steps[0]
        document: dict[str, Any] = {
            "id": report.id,
            "report": "provisioning_csv",
            "status": status,
            "progress": progress,
            "file_url": None,
            "attachment": None,
            "parameters": dict.fromkeys(report.tables, True),
        }
        if status == "complete":
            here = f"{self.links_to or url}/files/{report.id}/download?download_frd=1&verifier=v9"
            document["attachment"] = {
                "id": report.id,
                "url": here,
                "filename": report.name,
                "size": len(report.file),
            }
        return document

    def _file(self, report: Report) -> bytes:
        texts = {table: self.replaced.get(table, self._table(table)) for table in report.tables}
        if self.as_csv:
            report.name = "provisioning.csv"
            return texts[report.tables[0]].encode("utf-8")
        box = io.BytesIO()
        with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
            for table, text in texts.items():
                archive.writestr(f"{table}.csv", text)
            for name, data in self.extra_members:
                archive.writestr(name, data)
        return box.getvalue()

    def _table(self, table: str) -> str:
        head = HEADS[table].split(",")
        box = io.StringIO()
        writer = csv.DictWriter(box, head, restval="")
        writer.writeheader()
        writer.writerows(getattr(self, f"_{table}")())
        return box.getvalue()

    def _users(self) -> list[dict[str, object]]:
        return [
            {
                "canvas_user_id": user,
                "user_id": self.people.sis_ids.get(user, ""),
                "login_id": f"user{user}",
                "full_name": name or "",
                "email": f"user{user}@school.example",
                "status": "active",
            }
            for user, name in self.people.names.items()
        ]

    def _courses(self) -> list[dict[str, object]]:
        words = {"available": "active", "unpublished": "unpublished", "completed": "concluded"}
        return [
            {
                "canvas_course_id": one.id,
                "course_id": one.sis_id or "",
                "short_name": one.code,
                "long_name": one.name or "",
                "term_id": one.term,
                "status": words.get(one.state, one.state),
            }
            for one in self.people.courses.values()
        ]

    def _sections(self) -> list[dict[str, object]]:
        return [
            {
                "canvas_section_id": one.id,
                "canvas_course_id": one.original_course or one.course,
                "name": one.name,
                "status": "active",
            }
            for one in self.people.sections.values()
        ]

    def _enrollments(self) -> list[dict[str, object]]:
        return [
            {
                "canvas_course_id": row.course,
                "canvas_user_id": row.user,
                "user_id": self.people.sis_ids.get(row.user, ""),
                "role": row.role.removesuffix("Enrollment").lower(),
                "canvas_section_id": row.section,
                "status": STATUS.get(row.state, row.state),
                "canvas_associated_user_id": row.watches or "",
                "base_role_type": row.kind,
                "limit_section_privileges": str(row.limited).lower(),
                "canvas_enrollment_id": row.id,
            }
            for row in self.people.rows
            if row.kind != "StudentViewEnrollment" and row.state not in {"deleted", "completed"}
        ]

    def _user_observers(self) -> list[dict[str, object]]:
        pairs = {
            (row.user, row.watches)
            for row in self.people.rows
            if row.kind == "ObserverEnrollment" and row.watches is not None and row.state == "active"
        }
        return [
            {"canvas_observer_id": who, "canvas_student_id": whom, "status": "active"}
            for who, whom in sorted(pairs)
        ]
