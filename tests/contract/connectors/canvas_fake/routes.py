"""The fake's own table of routes and parameters, for clones without the shared contracts.

A test compares it with the contracts. The list of conversations stands in the recorded stubs only; the
reading of overrides and extensions in the vendor's pages Assignments, Quizzes and Quiz Submissions
(read 2026-11).
"""

from __future__ import annotations

import re

ROUTES: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/api/v1/courses"): frozenset(
        {"enrollment_type", "enrollment_state", "state[]", "include[]", "per_page"}
    ),
    ("GET", "/api/v1/accounts/:account_id/courses"): frozenset(
        {
            "with_enrollments",
            "enrollment_term_id",
            "state[]",
            "by_teachers[]",
            "by_subaccounts[]",
            "search_term",
            "include[]",
            "sort",
            "per_page",
        }
    ),
    ("GET", "/api/v1/courses/:course_id/sections"): frozenset({"include[]", "per_page"}),
    ("GET", "/api/v1/courses/:course_id/enrollments"): frozenset(
        {
            "type[]",
            "role[]",
            "state[]",
            "include[]",
            "user_id",
            "grading_period_id",
            "sis_section_id[]",
            "sis_user_id[]",
            "per_page",
        }
    ),
    ("POST", "/api/v1/accounts/:account_id/reports/:report"): frozenset({"parameters[...]"}),
    ("GET", "/api/v1/accounts/:account_id/reports/:report/:id"): frozenset(),
    ("POST", "/api/v1/conversations"): frozenset(
        {
            "recipients[]",
            "subject",
            "body",
            "force_new",
            "group_conversation",
            "bulk_message",
            "attachment_ids[]",
            "media_comment_id",
            "media_comment_type",
            "mode",
            "scope",
            "filter[]",
            "filter_mode",
            "context_code",
        }
    ),
    ("GET", "/api/v1/conversations"): frozenset(
        {"scope", "filter[]", "filter_mode", "per_page", "page", "include[]"}
    ),
    ("GET", "/api/v1/conversations/:id"): frozenset({"auto_mark_as_read"}),
    ("POST", "/api/v1/calendar_events"): frozenset(
        f"calendar_event[{name}]"
        for name in (
            "context_code",
            "title",
            "description",
            "start_at",
            "end_at",
            "location_name",
            "location_address",
            "all_day",
            "rrule",
        )
    ),
    ("DELETE", "/api/v1/calendar_events/:id"): frozenset({"cancel_reason", "which"}),
    ("GET", "/api/v1/courses/:course_id/assignments"): frozenset({"include[]", "per_page"}),
    ("GET", "/api/v1/courses/:course_id/quizzes"): frozenset({"search_term", "per_page"}),
    ("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/submissions"): frozenset({"include[]", "per_page"}),
    ("POST", "/login/oauth2/token"): frozenset(
        {
            "grant_type",
            "client_id",
            "client_secret",
            "redirect_uri",
            "code",
            "refresh_token",
            "client_assertion_type",
            "client_assertion",
            "scope",
        }
    ),
    ("DELETE", "/login/oauth2/token"): frozenset(),
}
PLAIN = {("GET", "/login/oauth2/auth"), ("GET", "/files/:id/download")}
"""Addresses that are no calls of the interface: a browser's, and a file's."""

REFERENCE_OF_ANOTHER_KIND = frozenset({"account_id", "report"})


def template_of(method: str, path: str) -> tuple[str, dict[str, str]]:
    """Return the template that a path belongs to and what stands in its slots, or the path itself."""
    for known, template in (*ROUTES, *PLAIN):
        if known == method:
            found = _pattern(template).fullmatch(path)
            if found is not None:
                return template, found.groupdict()
    return path, {}


def allowed(method: str, template: str, name: str) -> bool:
    """Tell whether a parameter is known; ``page`` belongs to every list, ``x[...]`` to every key of x."""
    known = ROUTES[method, template]
    family = name.partition("[")[0] + "[...]"
    return name in known or family in known or (name == "page" and "per_page" in known)


def _pattern(template: str) -> re.Pattern[str]:
    def slot(found: re.Match[str]) -> str:
        value = r"[a-z_0-9]+" if found[1] in REFERENCE_OF_ANOTHER_KIND else r"\d+"
        return f"(?P<{found[1]}>{value})"

    return re.compile(re.sub(r":([a-z_]+)", slot, template))
