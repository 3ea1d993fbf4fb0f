"""Why each scope is asked for: what an IT administrator reads before saying yes. The documentation and the
command line say these sentences; a test holds them to the routes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from connectors.google_classroom.routes import (
    ADD_ONS_STUDENT,
    ADD_ONS_TEACHER,
    COURSES,
    EMAILS,
    EVENTS,
    GUARDIANS,
    ROSTERS,
    SEND_MAIL,
    SIGN_IN,
)

REASONS: Mapping[str, str] = MappingProxyType(
    {
        SIGN_IN[0]: "who signed in: the number of the account",
        SIGN_IN[1]: "the account's own mail address, verified by Google",
        "profile": "the name of who signed in, shown on the screen",
        COURSES: "the list of courses, to choose rosters from; read only",
        ROSTERS: "who learns and teaches in a course; read only",
        EMAILS: "the addresses that people are matched by; without it nobody is matched",
        GUARDIANS: "which guardians accepted an invitation, as a hint for staff; read only",
        SEND_MAIL: "one notice to one person, as the sender; it can read nothing",
        EVENTS: "a private meeting with one guest in the organiser's own calendar",
        ADD_ONS_TEACHER: "whether who opened a frame teaches the course; the neutral check-in",
        ADD_ONS_STUDENT: "whether who opened a frame is a student of the course",
    }
)
"""By scope."""
