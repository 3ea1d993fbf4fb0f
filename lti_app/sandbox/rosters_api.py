"""Courses, sections and enrollments as Canvas' REST interface lists them: bookmarks, no page numbers.

Written after Canvas' documents: ``enrollments_api_controller.rb``, ``course_section.rb`` and the pages on
enrollments, sections and courses of its API reference (read 2026-11).
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, request

from lti_app.sandbox.people import Course, Enrollment, User
from lti_app.sandbox.rest import bearer, errors, rest
from lti_app.sandbox.world import World, world

DEFAULT_PER_PAGE = 10
MAX_PER_PAGE = 100
SINCE = "2026-08-20T12:00:00Z"
TYPES = {
    "teacher": "TeacherEnrollment",
    "ta": "TaEnrollment",
    "student": "StudentEnrollment",
    "observer": "ObserverEnrollment",
    "test_student": "StudentViewEnrollment",
}
ROLE_IDS = {name: number for number, name in enumerate(TYPES.values(), start=3)}
NOT_THERE = "The specified resource does not exist."
NOT_ALLOWED = "user not authorized to perform that action"


@rest.get("/courses")
def list_courses() -> Response:
    """The bearer's own courses; ``enrollment_type`` keeps those where the bearer is that."""
    here, user = world(), bearer()
    wanted = request.args.get("enrollment_type")
    mine = [
        one
        for one in here.people.courses
        if wanted in (None, *user.roles_in(one.id)) and user.roles_in(one.id)
    ]
    return _page(here, [_course(one) for one in mine])


@rest.get("/accounts/<account_id>/courses")
def list_account_courses(account_id: str) -> Response:
    """Every course of the school, for its administrators."""
    here, user = world(), bearer()
    if account_id not in ("self", str(here.people.school.account_id)):
        return errors(404, NOT_THERE)
    if not user.is_administrator:
        return errors(403, NOT_ALLOWED, status="unauthorized")
    return _page(here, [_course(one) for one in here.people.courses])


@rest.get("/courses/<int:course_id>/sections")
def list_sections(course_id: int) -> Response:
    """The one section a course of the practice LMS has."""
    here = world()
    refused = _refused(here, course_id)
    if refused is not None:
        return refused
    course = here.people.course(course_id)
    pupils = sum("student" in one.roles_in(course_id) for one in here.people.members(course_id))
    section: dict[str, Any] = {
        "id": _section_id(course_id),
        "name": course.name if course else "",
        "course_id": course_id,
        "nonxlist_course_id": None,
        "start_at": None,
        "end_at": None,
    }
    if "total_students" in request.args.getlist("include[]"):
        section["total_students"] = pupils
    return _page(here, [section])


@rest.get("/courses/<int:course_id>/enrollments")
def list_enrollments(course_id: int) -> Response:
    """Who has a place in a course. An observer has a row for each pupil, or one that names none."""
    here = world()
    refused = _refused(here, course_id)
    if refused is not None:
        return refused
    states = request.args.getlist("state[]")
    if states and "active" not in states:
        return _page(here, [])
    with_observed = "observed_users" in request.args.getlist("include[]")
    rows = [
        row
        for user in here.people.members(course_id)
        for place in user.enrollments
        if place.course == course_id
        for row in _rows(here, user, place, with_observed=with_observed)
    ]
    return _page(here, rows)


def _refused(here: World, course_id: int) -> Response | None:
    """Staff of a course and administrators read its lists; a pupil or an observer does not."""
    if here.people.course(course_id) is None:
        return errors(404, NOT_THERE)
    user = bearer()
    if user.is_administrator or {"teacher", "ta"} & user.roles_in(course_id):
        return None
    return errors(403, NOT_ALLOWED, status="unauthorized")


def _rows(here: World, user: User, place: Enrollment, *, with_observed: bool) -> list[dict[str, Any]]:
    watched = [one for key in place.observes if (one := here.people.by_key(key)) is not None]
    if place.role != "observer" or not watched:
        return [_row(user, place, None, with_observed=with_observed)]
    return [_row(user, place, pupil, with_observed=with_observed) for pupil in watched]


def _row(user: User, place: Enrollment, pupil: User | None, *, with_observed: bool) -> dict[str, Any]:
    kind = TYPES[place.role]
    row: dict[str, Any] = {
        "id": user.canvas_user_id * 1_000_000
        + place.course * 1_000
        + (pupil.canvas_user_id % 1_000 if pupil else 0),
        "course_id": place.course,
        "course_section_id": _section_id(place.course),
        "user_id": user.canvas_user_id,
        "root_account_id": 1,
        "type": kind,
        "role": kind,
        "role_id": ROLE_IDS[kind],
        "enrollment_state": "active",
        "associated_user_id": pupil.canvas_user_id if pupil else None,
        "limit_privileges_to_course_section": False,
        "start_at": None,
        "end_at": None,
        "created_at": SINCE,
        "updated_at": SINCE,
        "last_activity_at": None,
        "user": _user(user),
    }
    if pupil is not None and with_observed:
        row["observed_user"] = _user(pupil)
    return row


def _course(course: Course) -> dict[str, Any]:
    return {
        "id": course.id,
        "name": course.name,
        "course_code": course.course_code,
        "workflow_state": "available",
        "account_id": 1,
        "enrollment_term_id": 1,
        "term": {"id": 1, "name": "2026-27", "start_at": None, "end_at": None},
        "start_at": None,
        "end_at": None,
    }


def _user(user: User) -> dict[str, Any]:
    return {
        "id": user.canvas_user_id,
        "name": user.name,
        "sortable_name": f"{user.family_name}, {user.given_name}",
        "short_name": user.name,
        "created_at": SINCE,
    }


def _section_id(course_id: int) -> int:
    return course_id * 10 + 1


def _page(here: World, rows: list[dict[str, Any]]) -> Response:
    """One page of rows; ``Link`` names the next by a bookmark that nobody can count on."""
    size = min(max(request.args.get("per_page", DEFAULT_PER_PAGE, type=int), 1), MAX_PER_PAGE)
    start = _place(request.args.get("page", "first"))
    shown = rows[start : start + size]
    answer = jsonify(shown)
    links = [("current", start), ("first", 0)]
    if start + size < len(rows):
        links.append(("next", start + size))
    answer.headers["Link"] = ",".join(f'<{_address(here, place, size)}>; rel="{rel}"' for rel, place in links)
    return answer


def _address(here: World, place: int, size: int) -> str:
    mark = "first" if place == 0 else "bookmark:" + base64.urlsafe_b64encode(f"row-{place}".encode()).decode()
    kept = [
        (name, value) for name, value in request.args.items(multi=True) if name not in ("page", "per_page")
    ]
    query = urlencode([*kept, ("page", mark), ("per_page", str(size))])
    return f"{here.config.issuer}{request.path}?{query}"


def _place(mark: str) -> int:
    if not mark.startswith("bookmark:"):
        return 0
    try:
        text = base64.urlsafe_b64decode(mark.removeprefix("bookmark:")).decode()
        return max(0, int(text.removeprefix("row-")))
    except ValueError:
        return 0
