"""The calls of Google this product can make, each with the one scope it needs and why.

A call that is not here cannot be made. Documents: Classroom API v1 (discovery revision 20261028), Gmail API
v1 (20261005), Calendar API v3 (20261030), "Using OAuth 2.0 for Web Server Applications" (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from connectors.http import Route, scopes_of

SOURCE = "google"
"""Whose subjects these are (``Identity.source``, ``RosterSource.source``): the number of a Google account,
the same in Classroom's ``userId`` and in the ``sub`` of a sign-in."""

CLASSROOM_URL = "https://classroom.googleapis.com"
GMAIL_URL = "https://gmail.googleapis.com"
CALENDAR_URL = "https://www.googleapis.com"
ACCOUNTS_URL = "https://accounts.google.com"
MINTING_URL = "https://oauth2.googleapis.com"

AUTHORISE_PATH = "/o/oauth2/v2/auth"
"""At ``ACCOUNTS_URL``; opened by the person's browser, not by us."""

_AUTH = "https://www.googleapis.com/auth/"
COURSES = f"{_AUTH}classroom.courses.readonly"
ROSTERS = f"{_AUTH}classroom.rosters.readonly"
EMAILS = f"{_AUTH}classroom.profile.emails"
"""No call needs it; with it the calls of ``ROSTERS`` tell mail addresses, which a roster is matched by."""
GUARDIANS = f"{_AUTH}classroom.guardianlinks.students.readonly"
ADD_ONS_TEACHER = f"{_AUTH}classroom.addons.teacher"
ADD_ONS_STUDENT = f"{_AUTH}classroom.addons.student"
"""Of the add-on routes ``getAddOnContext`` and ``get`` take this one too: a pupil's frame asks with it."""
SEND_MAIL = f"{_AUTH}gmail.send"
EVENTS = f"{_AUTH}calendar.events.owned"
SIGN_IN = ("openid", "email")
"""Whose account said yes: its number and its address, nothing of its content."""


def _list(template: str, rows: str, scope: str) -> Route:
    """Return a list; Google leaves out the key of an empty one."""
    return Route(method="GET", template=template, scope=scope, rows=rows, rows_may_lack=True)


LIST_COURSES = _list("/v1/courses", "courses", COURSES)
LIST_STUDENTS = _list("/v1/courses/:course_id/students", "students", ROSTERS)
LIST_TEACHERS = _list("/v1/courses/:course_id/teachers", "teachers", ROSTERS)
LIST_GUARDIANS = _list("/v1/userProfiles/:student_id/guardians", "guardians", GUARDIANS)
"""``student_id`` is ``-`` for everybody's, which only a domain administrator may ask."""

SEND_MESSAGE = Route(method="POST", template="/gmail/v1/users/:user_id/messages/send", scope=SEND_MAIL)

_EVENTS_OF = "/calendar/v3/calendars/:calendar_id/events"
INSERT_EVENT = Route(method="POST", template=_EVENTS_OF, scope=EVENTS)
GET_EVENT = Route(method="GET", template=f"{_EVENTS_OF}/:event_id", scope=EVENTS)
PATCH_EVENT = Route(method="PATCH", template=f"{_EVENTS_OF}/:event_id", scope=EVENTS)
DELETE_EVENT = Route(method="DELETE", template=f"{_EVENTS_OF}/:event_id", scope=EVENTS)

FETCH_TOKEN = Route(method="POST", template="/token")
REVOKE_TOKEN = Route(method="POST", template="/revoke")


class ItemKind(StrEnum):
    """What a Classroom add-on can hang on, in the word of the ``itemType`` of its frames."""

    ANNOUNCEMENT = "announcements"
    COURSE_WORK = "courseWork"
    MATERIAL = "courseWorkMaterials"


def _item(kind: ItemKind, tail: str) -> str:
    return f"/v1/courses/:course_id/{kind.value}/:item_id/{tail}"


ADD_ON_CONTEXT: Mapping[ItemKind, Route] = MappingProxyType(
    {
        kind: Route(method="GET", template=_item(kind, "addOnContext"), scope=ADD_ONS_TEACHER)
        for kind in ItemKind
    }
)
"""``getAddOnContext``: who the person at the frame is in this course. Asked on every open."""

CREATE_ATTACHMENT: Mapping[ItemKind, Route] = MappingProxyType(
    {
        kind: Route(method="POST", template=_item(kind, "addOnAttachments"), scope=ADD_ONS_TEACHER)
        for kind in ItemKind
    }
)

GET_ATTACHMENT: Mapping[ItemKind, Route] = MappingProxyType(
    {
        kind: Route(
            method="GET", template=_item(kind, "addOnAttachments/:attachment_id"), scope=ADD_ONS_TEACHER
        )
        for kind in ItemKind
    }
)

PATCH_ATTACHMENT: Mapping[ItemKind, Route] = MappingProxyType(
    {
        kind: Route(
            method="PATCH", template=_item(kind, "addOnAttachments/:attachment_id"), scope=ADD_ONS_TEACHER
        )
        for kind in ItemKind
    }
)

ROSTER_ROUTES = (LIST_COURSES, LIST_STUDENTS, LIST_TEACHERS, LIST_GUARDIANS)
GMAIL_ROUTES = (SEND_MESSAGE,)
CALENDAR_ROUTES = (INSERT_EVENT, GET_EVENT, PATCH_EVENT, DELETE_EVENT)
ADD_ON_ROUTES = (
    *ADD_ON_CONTEXT.values(),
    *CREATE_ATTACHMENT.values(),
    *GET_ATTACHMENT.values(),
    *PATCH_ATTACHMENT.values(),
)
TOKEN_ROUTES = (FETCH_TOKEN, REVOKE_TOKEN)
ALL_ROUTES = (*ROSTER_ROUTES, *GMAIL_ROUTES, *CALENDAR_ROUTES, *ADD_ON_ROUTES, *TOKEN_ROUTES)

COURSE_SCOPES = tuple(sorted((COURSES, ROSTERS, EMAILS)))
"""For rosters without their guardians."""
ROSTER_SCOPES = tuple(sorted({*scopes_of(ROSTER_ROUTES), EMAILS}))
GMAIL_SCOPES = scopes_of(GMAIL_ROUTES)
CALENDAR_SCOPES = scopes_of(CALENDAR_ROUTES)
ADD_ON_SCOPES = tuple(sorted({*scopes_of(ADD_ON_ROUTES), ADD_ONS_STUDENT}))

DELEGATED_SCOPES = frozenset({*ROSTER_SCOPES, *GMAIL_SCOPES})
"""All that a service account may ever ask in somebody's name: reading a roster, and sending one mail."""
