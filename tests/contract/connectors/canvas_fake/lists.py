"""The fake's lists of courses, sections, enrollments, overrides and extensions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from werkzeug import Request

from tests.contract.connectors.canvas_fake.pages import Key, Tempers, page_of
from tests.contract.connectors.canvas_fake.people import People
from tests.contract.connectors.canvas_fake.wire import not_allowed, not_there

Listed = tuple[Any, dict[str, str], str]
"""Document, headers, kind of the document."""


@dataclass
class Coursework:
    """Assignments and quizzes of the courses, as documents."""

    assignments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    quizzes: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    quiz_submissions: dict[int, list[dict[str, Any]]] = field(default_factory=dict)


class Lists:
    """Answers list calls out of the world, in pages."""

    def __init__(self, people: People, work: Coursework, tempers: Tempers) -> None:
        self.people = people
        self.work = work
        self.tempers = tempers

    def answer(
        self, template: str, slots: dict[str, str], request: Request, user: int, *, url: str
    ) -> Listed | None:
        """Return the answer to a list call, or None when it is none of ours."""
        kinds: dict[str, Callable[[dict[str, str], Request, int], tuple[list[Any], Callable[[Any], Key]]]] = {
            "/api/v1/courses": self._own_courses,
            "/api/v1/accounts/:account_id/courses": self._account_courses,
            "/api/v1/courses/:course_id/sections": self._sections,
            "/api/v1/courses/:course_id/enrollments": self._enrollments,
            "/api/v1/courses/:course_id/assignments": self._assignments,
            "/api/v1/courses/:course_id/quizzes": self._quizzes,
            "/api/v1/courses/:course_id/quizzes/:quiz_id/submissions": self._quiz_submissions,
        }
        if template not in kinds:
            return None
        rows, key = kinds[template](slots, request, user)
        shown, headers = page_of(rows, key, request, self.tempers, url=url)
        included = set(request.args.getlist("include[]"))
        document = [self._document(template, row, included) for row in shown]
        name = _KINDS[template]
        if name == "QuizSubmission":
            return {"quiz_submissions": document}, headers, "Envelope"
        return document, headers, f"[{name}]"

    def _document(self, template: str, row: Any, included: set[str]) -> dict[str, Any]:
        match _KINDS[template]:
            case "Course":
                return self.people.course_json(row, included=included)
            case "Section":
                return self.people.section_json(row, included=included)
            case "Enrollment":
                return self.people.row_json(row, included=included)
            case "Assignment":
                hidden = set() if "overrides" in included else {"overrides"}
                return {name: value for name, value in row.items() if name not in hidden}
            case _:
                return dict(row)

    def _own_courses(
        self, slots: dict[str, str], request: Request, user: int
    ) -> tuple[list[Any], Callable[[Any], Key]]:
        if request.args.get("enrollment_type") != "teacher":
            raise not_allowed()
        states = set(request.args.getlist("state[]"))
        rows = [one for one in self.people.teaches(user) if one.locked or one.state in states]
        return rows, lambda row: (_pad(row.id),)

    def _account_courses(
        self, slots: dict[str, str], request: Request, user: int
    ) -> tuple[list[Any], Callable[[Any], Key]]:
        if user not in self.people.admins:
            raise not_allowed()
        account, states = int(slots["account_id"]), set(request.args.getlist("state[]"))
        rows = [one for one in self.people.courses.values() if one.account == account and one.state in states]
        return rows, lambda row: (_pad(row.id),)

    def _course(self, slots: dict[str, str], user: int) -> int:
        course = int(slots["course_id"])
        if course not in self.people.courses:
            raise not_there()
        if not self.people.may_read(user, course):
            raise not_allowed()
        return course

    def _sections(
        self, slots: dict[str, str], request: Request, user: int
    ) -> tuple[list[Any], Callable[[Any], Key]]:
        course = self._course(slots, user)
        seen = {row.section for row in self.people.visible(user, course)}
        everything = len(self.people.visible(user, course)) == len(self.people.of(course, live=False))
        rows = [
            one
            for one in self.people.sections.values()
            if one.course == course and (everything or one.id in seen)
        ]
        return rows, lambda row: (_pad(row.id),)

    def _enrollments(
        self, slots: dict[str, str], request: Request, user: int
    ) -> tuple[list[Any], Callable[[Any], Key]]:
        course = self._course(slots, user)
        # Without states administrators get more than others do.
        usual = {"active", "invited"} | ({"inactive"} if user in self.people.admins else set())
        states = set(request.args.getlist("state[]")) or usual
        rows = [row for row in self.people.visible(user, course) if row.state in states]
        return rows, lambda row: (row.kind, _pad(row.id))

    def _assignments(
        self, slots: dict[str, str], request: Request, user: int
    ) -> tuple[list[Any], Callable[[Any], Key]]:
        return self.work.assignments.get(self._course(slots, user), []), lambda row: (_pad(row["id"]),)

    def _quizzes(
        self, slots: dict[str, str], request: Request, user: int
    ) -> tuple[list[Any], Callable[[Any], Key]]:
        return self.work.quizzes.get(self._course(slots, user), []), lambda row: (_pad(row["id"]),)

    def _quiz_submissions(
        self, slots: dict[str, str], request: Request, user: int
    ) -> tuple[list[Any], Callable[[Any], Key]]:
        self._course(slots, user)
        rows = self.work.quiz_submissions.get(int(slots["quiz_id"]), [])
        return rows, lambda row: (_pad(row["id"]),)


_KINDS = {
    "/api/v1/courses": "Course",
    "/api/v1/accounts/:account_id/courses": "Course",
    "/api/v1/courses/:course_id/sections": "Section",
    "/api/v1/courses/:course_id/enrollments": "Enrollment",
    "/api/v1/courses/:course_id/assignments": "Assignment",
    "/api/v1/courses/:course_id/quizzes": "Quiz",
    "/api/v1/courses/:course_id/quizzes/:quiz_id/submissions": "QuizSubmission",
}


def _pad(number: int) -> str:
    return f"{number:020d}"
