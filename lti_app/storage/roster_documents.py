"""How a roster that waits for a decision lies in one column: its own fields as plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from iepcore.people import (
    CourseListing,
    CourseRoster,
    Enrollment,
    EnrollmentState,
    GuardianLink,
    RosterPerson,
    RosterSection,
    RosterStanding,
    Shortfall,
    ShortfallKind,
    UnreadRow,
)


def shortfalls_to_json(values: Iterable[Shortfall]) -> list[dict[str, Any]]:
    """Return why a pull is not the whole truth, as JSON values."""
    return [_plain(one) for one in values]


def shortfalls_from_json(raw: Iterable[Mapping[str, Any]]) -> tuple[Shortfall, ...]:
    """Return the reasons as they were."""
    return tuple(Shortfall(**{**one, "kind": ShortfallKind(one["kind"])}) for one in raw)


def roster_to_json(roster: CourseRoster) -> dict[str, Any]:
    """Return one course's roster as JSON values."""
    return {
        "course": _plain(roster.course),
        "pulled_at": roster.pulled_at.isoformat(),
        "sections": [_plain(one) for one in roster.sections],
        "people": [_plain(one) for one in roster.people],
        "enrollments": [_plain(one) for one in roster.enrollments],
        "guardians": [_plain(one) for one in roster.guardians],
        "shortfalls": shortfalls_to_json(roster.shortfalls),
        "unread": [_plain(one) for one in roster.unread],
    }


def roster_from_json(raw: Mapping[str, Any]) -> CourseRoster:
    """Return the roster as it was."""
    return CourseRoster(
        course=CourseListing(**raw["course"]),
        pulled_at=datetime.fromisoformat(raw["pulled_at"]),
        sections=tuple(RosterSection(**one) for one in raw["sections"]),
        people=tuple(RosterPerson(**one) for one in raw["people"]),
        enrollments=tuple(_enrollment(one) for one in raw["enrollments"]),
        guardians=tuple(GuardianLink(**one) for one in raw["guardians"]),
        shortfalls=shortfalls_from_json(raw["shortfalls"]),
        unread=tuple(UnreadRow(**{**one, "fields": tuple(one["fields"])}) for one in raw["unread"]),
    )


def _enrollment(raw: Mapping[str, Any]) -> Enrollment:
    days = {name: raw[name] and date.fromisoformat(raw[name]) for name in ("begins_on", "ends_on")}
    standing, state = RosterStanding(raw["standing"]), EnrollmentState(raw["state"])
    return Enrollment(**{**raw, **days, "standing": standing, "state": state})


def _plain(value: object) -> dict[str, Any]:
    return {field.name: _one(getattr(value, field.name)) for field in fields(value)}  # type: ignore[arg-type]


def _one(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
