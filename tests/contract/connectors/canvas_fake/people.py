"""People, courses, sections and enrollments of the fake, and who may see which of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

STAFF = frozenset({"TeacherEnrollment", "TaEnrollment"})
GRADERS = STAFF
TIME = "2026-10-01T15:00:00Z"
LIVE = frozenset({"active", "invited", "creation_pending"})


@dataclass(kw_only=True)
class Place:
    """A course. ``locked``: its dates hide everything but its id."""

    id: int
    name: str | None = None
    code: str | None = None
    account: int = 1
    term: str = "Fall"
    state: str = "available"
    sis_id: str | None = None
    locked: bool = False


@dataclass(kw_only=True)
class Part:
    """A section. ``counted``: what it says of its pupils when that is not the truth."""

    id: int
    course: int
    name: str
    counted: int | None = None
    original_course: int | None = None


@dataclass(kw_only=True)
class Enrolled:
    """One row of a course: who, as what, in which section, and whom an observer watches."""

    id: int
    course: int
    user: int
    kind: str
    watches: int | None = None
    section: int = 0
    state: str = "active"
    role: str = ""
    limited: bool = False
    updated_at: str = TIME
    start_at: str | None = None
    end_at: str | None = None


@dataclass
class People:
    """Users and rows. What a key or a role hides is hidden by the switches."""

    names: dict[int, str | None] = field(default_factory=dict)
    sis_ids: dict[int, str] = field(default_factory=dict)
    courses: dict[int, Place] = field(default_factory=dict)
    sections: dict[int, Part] = field(default_factory=dict)
    rows: list[Enrolled] = field(default_factory=list)
    admins: set[int] = field(default_factory=set)
    shows_sis_ids: bool = True
    honours_include: bool = True
    _serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def add_user(self, user: int, name: str | None, *, sis_id: str | None = None) -> int:
        self.names[user] = name
        if sis_id is not None:
            self.sis_ids[user] = sis_id
        return user

    def add_course(self, course: int, name: str | None = None, **more: Any) -> Place:
        self.courses[course] = Place(id=course, name=name, code=f"C{course}", **more)
        return self.courses[course]

    def add_section(self, section: int, course: int, name: str, **more: Any) -> Part:
        self.sections[section] = Part(id=section, course=course, name=name, **more)
        return self.sections[section]

    def enrol(
        self, course: int, user: int, kind: str, *, watches: int | None = None, **more: Any
    ) -> Enrolled:
        if course not in self.courses:
            self.add_course(course, f"Course {course}")
        section = more.pop("section", course * 10 + 1)
        if section not in self.sections:
            self.add_section(section, course, f"Section {section}")
        self.rows.append(
            Enrolled(
                id=next(self._serial),
                course=course,
                user=user,
                kind=kind,
                watches=watches,
                section=section,
                **{"role": kind, **more},
            )
        )
        return self.rows[-1]

    # who stands where

    def of(self, course: int, kinds: Iterable[str] | None = None, *, live: bool = True) -> list[Enrolled]:
        wanted = None if kinds is None else set(kinds)
        return [
            row
            for row in self.rows
            if row.course == course
            and (wanted is None or row.kind in wanted)
            and (not live or row.state == "active")
        ]

    def members(self, course: int, kinds: Iterable[str] | None = None) -> set[int]:
        """Return the users with an active row: the ones a course's things are shown to."""
        return {row.user for row in self.of(course, kinds)}

    def watchers(self, course: int, pupil: int) -> set[int]:
        return {row.user for row in self.of(course, {"ObserverEnrollment"}) if row.watches == pupil}

    def teaches(self, user: int) -> list[Place]:
        taught = {row.course for row in self.rows if row.user == user and row.kind == "TeacherEnrollment"}
        return [course for key, course in sorted(self.courses.items()) if key in taught]

    def may_read(self, user: int, course: int) -> bool:
        return user in self.admins or any(row.kind in STAFF for row in self.of(course) if row.user == user)

    def visible(self, user: int, course: int) -> list[Enrolled]:
        """Return the rows that the user may see: all, or those of their own sections when limited."""
        rows = self.of(course, live=False)
        own = [row for row in rows if row.user == user and row.kind in STAFF and row.state == "active"]
        if user in self.admins or not all(row.limited for row in own):
            return rows
        sections = {row.section for row in own}
        return [row for row in rows if row.section in sections]

    def counted(self, section: Part) -> int:
        if section.counted is not None:
            return section.counted
        return sum(
            row.section == section.id and row.kind == "StudentEnrollment" and row.state in LIVE
            for row in self.rows
        )

    # documents

    def user_json(self, user: int) -> dict[str, Any]:
        name = self.names[user]
        document: dict[str, Any] = {
            "id": user,
            "name": name,
            "sortable_name": name,
            "short_name": name,
            "created_at": "2026-08-01T12:00:00Z",
            "login_id": f"user{user}@school.example",
        }
        if self.shows_sis_ids:
            document["sis_user_id"] = self.sis_ids.get(user)
        return document

    def row_json(self, row: Enrolled, *, included: set[str]) -> dict[str, Any]:
        document: dict[str, Any] = {
            "id": row.id,
            "course_id": row.course,
            "course_section_id": row.section,
            "user_id": row.user,
            "associated_user_id": row.watches,
            "type": row.kind,
            "role": row.role,
            "role_id": 3,
            "enrollment_state": row.state,
            "limit_privileges_to_course_section": row.limited,
            "root_account_id": 1,
            "start_at": row.start_at,
            "end_at": row.end_at,
            "created_at": "2026-08-20T08:00:00Z",
            "updated_at": row.updated_at,
            "last_activity_at": None,
            "total_activity_time": 0,
            "html_url": f"https://canvas.example/courses/{row.course}/users/{row.user}",
            "user": self.user_json(row.user),
        }
        if row.kind == "StudentEnrollment":
            document["grades"] = {"html_url": "https://canvas.example/grades", "current_score": 17.25}
        asked = "observed_users" in included and self.honours_include
        if row.kind == "ObserverEnrollment" and row.watches is not None and asked:
            document["observed_user"] = self.user_json(row.watches)
        return document

    def course_json(self, course: Place, *, included: set[str]) -> dict[str, Any]:
        if course.locked:
            return {"id": course.id, "access_restricted_by_date": True}
        document: dict[str, Any] = {
            "id": course.id,
            "name": course.name,
            "course_code": course.code,
            "sis_course_id": course.sis_id,
            "account_id": course.account,
            "workflow_state": course.state,
            "enrollment_term_id": 7,
            "time_zone": "America/Chicago",
        }
        if "term" in included:
            document["term"] = {"id": 7, "name": course.term}
        return document

    def section_json(self, section: Part, *, included: set[str]) -> dict[str, Any]:
        document: dict[str, Any] = {
            "id": section.id,
            "name": section.name,
            "course_id": section.course,
            "sis_section_id": None,
            "nonxlist_course_id": section.original_course,
        }
        if "total_students" in included:
            document["total_students"] = self.counted(section)
        return document
