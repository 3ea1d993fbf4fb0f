"""Answers of the fake are checked against the shared contracts where they are at hand, and against our own
description of what those lack (read from the vendor's pages)."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

_ID: dict[str, Any] = {"type": "integer"}
_TIME: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
MORE: dict[str, Any] = {
    "AssignmentOverride": {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": _ID,
            "assignment_id": _ID,
            "student_ids": {"type": "array", "items": _ID},
            "group_id": _ID,
            "course_section_id": _ID,
            "title": {"type": "string"},
            "due_at": _TIME,
            "all_day": {"type": "boolean"},
            "all_day_date": {"type": ["string", "null"]},
            "unlock_at": _TIME,
            "lock_at": _TIME,
        },
    },
    "Assignment": {
        "type": "object",
        "required": ["id", "name", "course_id"],
        "properties": {
            "id": _ID,
            "name": {"type": ["string", "null"]},
            "course_id": _ID,
            "due_at": _TIME,
            "unlock_at": _TIME,
            "lock_at": _TIME,
            "has_overrides": {"type": "boolean"},
            "only_visible_to_overrides": {"type": "boolean"},
            "overrides": {"type": "array", "items": {"$ref": "#/$defs/AssignmentOverride"}},
            "quiz_id": {"type": ["integer", "null"]},
        },
    },
    "Quiz": {
        "type": "object",
        "required": ["id", "title"],
        "properties": {
            "id": _ID,
            "title": {"type": "string"},
            "time_limit": {"type": ["integer", "null"]},
            "assignment_id": {"type": ["integer", "null"]},
        },
    },
    "QuizSubmission": {
        "type": "object",
        "required": ["id", "quiz_id", "user_id"],
        "properties": {
            "id": _ID,
            "quiz_id": _ID,
            "user_id": _ID,
            "submission_id": _ID,
            "attempt": {"type": ["integer", "null"]},
            "extra_attempts": {"type": ["integer", "null"]},
            "extra_time": {"type": ["integer", "null"]},
            "manually_unlocked": {"type": ["boolean", "null"]},
            "end_at": _TIME,
            "score": {"type": ["number", "null"]},
            "workflow_state": {"type": "string"},
        },
    },
}


def check(document: Any, kind: str, shared: dict[str, Any] | None) -> None:
    """Check an answer of a kind, ``[Kind]`` for a list of them. Kinds nobody describes pass.

    Raises:
        ValidationError: the fake would lie.
    """
    name = kind.strip("[]")
    known = {**(shared or {}), **MORE}
    if name not in known:
        return
    inner = {"$ref": f"#/$defs/{name}"}
    schema = {"type": "array", "items": inner} if kind[0] == "[" else inner
    Draft202012Validator({"$defs": known, **schema}).validate(document)
