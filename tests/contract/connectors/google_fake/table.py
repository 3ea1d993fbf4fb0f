"""The methods our connector may call, by hand, for a clone without the discovery documents."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Query:
    """One query parameter: its type and, if it has them, its only values."""

    kind: str = "string"
    repeated: bool = False
    enum: frozenset[str] = field(default_factory=frozenset)


TEXT, NUMBER, BOOL = Query(), Query(kind="integer"), Query(kind="boolean")
GLOBAL = {"fields": TEXT, "alt": TEXT, "prettyPrint": BOOL, "quotaUser": TEXT}
PAGES = {"pageSize": NUMBER, "pageToken": TEXT}
STATES = Query(
    repeated=True,
    enum=frozenset(
        ["COURSE_STATE_UNSPECIFIED", "ACTIVE", "ARCHIVED", "PROVISIONED", "DECLINED", "SUSPENDED"]
    ),
)
UPDATES = Query(enum=frozenset({"all", "externalOnly", "none"}))

_COURSES = "classroom.courses,classroom.courses.readonly"
_ROSTERS = "classroom.profile.emails,classroom.profile.photos,classroom.rosters,classroom.rosters.readonly"
_GUARDIANS = (
    "classroom.guardianlinks.me.readonly,classroom.guardianlinks.students,"
    "classroom.guardianlinks.students.readonly"
)
_TEACHER, _BOTH = "classroom.addons.teacher", "classroom.addons.student,classroom.addons.teacher"
_EVENTS = "calendar,calendar.app.created,calendar.events,calendar.events.owned"
_READ_EVENTS = (
    f"{_EVENTS},calendar.events.freebusy,calendar.events.owned.readonly,calendar.events.public.readonly,"
    "calendar.events.readonly,calendar.readonly"
)
_CONTEXT = {"addOnToken": TEXT, "attachmentId": TEXT, "postId": TEXT}
_CHANGE = {
    "alwaysIncludeEmail": BOOL,
    "conferenceDataVersion": NUMBER,
    "eventLabelVersion": NUMBER,
    "maxAttendees": NUMBER,
    "sendNotifications": BOOL,
    "sendUpdates": UPDATES,
    "supportsAttachments": BOOL,
}
_INSERT = {name: how for name, how in _CHANGE.items() if name != "alwaysIncludeEmail"}

Row = tuple[str, str, dict[str, Query], str, str, str]


def _add_on(kind: str) -> list[Row]:
    item = f"/v1/courses/{{courseId}}/{kind}/{{itemId}}"
    one = f"{item}/addOnAttachments/{{attachmentId}}"
    made = ("AddOnAttachment", "AddOnAttachment")
    return [
        ("GET", f"{item}/addOnContext", _CONTEXT, _BOTH, "", "AddOnContext"),
        ("POST", f"{item}/addOnAttachments", {"addOnToken": TEXT, "postId": TEXT}, _TEACHER, *made),
        ("GET", one, {"postId": TEXT}, _BOTH, "", "AddOnAttachment"),
        ("PATCH", one, {"postId": TEXT, "updateMask": TEXT}, _TEACHER, *made),
    ]


CLASSROOM: list[Row] = [
    (
        "GET",
        "/v1/courses",
        {**PAGES, "courseStates": STATES, "studentId": TEXT, "teacherId": TEXT},
        _COURSES,
        "",
        "ListCoursesResponse",
    ),
    ("GET", "/v1/courses/{courseId}/students", PAGES, _ROSTERS, "", "ListStudentsResponse"),
    ("GET", "/v1/courses/{courseId}/teachers", PAGES, _ROSTERS, "", "ListTeachersResponse"),
    (
        "GET",
        "/v1/userProfiles/{studentId}/guardians",
        {**PAGES, "invitedEmailAddress": TEXT},
        _GUARDIANS,
        "",
        "ListGuardiansResponse",
    ),
    *_add_on("announcements"),
    *_add_on("courseWork"),
    *_add_on("courseWorkMaterials"),
]

GMAIL: list[Row] = [
    (
        "POST",
        "/gmail/v1/users/{userId}/messages/send",
        {},
        ",gmail.addons.current.action.compose,gmail.compose,gmail.modify,gmail.send",
        "Message",
        "Message",
    ),
]

_OF = "/calendar/v3/calendars/{calendarId}/events"
CALENDAR: list[Row] = [
    ("POST", _OF, _INSERT, _EVENTS, "Event", "Event"),
    (
        "GET",
        f"{_OF}/{{eventId}}",
        {"alwaysIncludeEmail": BOOL, "maxAttendees": NUMBER, "timeZone": TEXT},
        _READ_EVENTS,
        "",
        "Event",
    ),
    ("PATCH", f"{_OF}/{{eventId}}", _CHANGE, _EVENTS, "Event", "Event"),
    (
        "DELETE",
        f"{_OF}/{{eventId}}",
        {"sendNotifications": BOOL, "sendUpdates": UPDATES},
        _EVENTS,
        "",
        "",
    ),
]
