"""The calls of Canvas this product can make. A call that is not here cannot be made.

Vendor's pages: Courses, Sections, Enrollments, Account Reports, Conversations, Calendar Events, Assignments,
Quizzes, Quiz Submissions API, OAuth2 endpoints (instructure developer documentation, read 2026-11). There is
no route for a gradebook column, an announcement, a comment, a group, a course file or an import.
"""

from __future__ import annotations

from dataclasses import replace

from connectors.http import Route
from connectors.http.routes import Method


def _api(method: Method, template: str) -> Route:
    """Return a route with its scope, which Canvas spells from the method and the template."""
    return Route(method=method, template=template, scope=f"url:{method}|{template}")


SEND_CONVERSATION = _api("POST", "/api/v1/conversations")
LIST_CONVERSATIONS = _api("GET", "/api/v1/conversations")
READ_CONVERSATION = _api("GET", "/api/v1/conversations/:id")

LIST_COURSES = _api("GET", "/api/v1/courses")
LIST_ACCOUNT_COURSES = _api("GET", "/api/v1/accounts/:account_id/courses")
LIST_SECTIONS = _api("GET", "/api/v1/courses/:course_id/sections")
LIST_ENROLLMENTS = _api("GET", "/api/v1/courses/:course_id/enrollments")

START_REPORT = _api("POST", "/api/v1/accounts/:account_id/reports/:report")
READ_REPORT = _api("GET", "/api/v1/accounts/:account_id/reports/:report/:id")

ADD_EVENT = _api("POST", "/api/v1/calendar_events")
REMOVE_EVENT = _api("DELETE", "/api/v1/calendar_events/:id")

LIST_ASSIGNMENTS = _api("GET", "/api/v1/courses/:course_id/assignments")
LIST_QUIZZES = _api("GET", "/api/v1/courses/:course_id/quizzes")
LIST_QUIZ_SUBMISSIONS = replace(
    _api("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/submissions"), rows="quiz_submissions"
)

FETCH_TOKEN = Route(method="POST", template="/login/oauth2/token")
REVOKE_TOKEN = Route(method="DELETE", template="/login/oauth2/token")

AUTHORISE_PATH = "/login/oauth2/auth"
"""Opened by the person's browser; by us only to learn whether the key knows its scopes."""
ASK_KEY = Route(method="GET", template=AUTHORISE_PATH)
FETCH_REPORT = Route(method="GET", template="(report file)")
"""The file of a finished report: whatever address Canvas names, and never with a token."""
