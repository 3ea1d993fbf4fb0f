"""What the fake's methods do: rosters for whom they are, one mail, one event."""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any, cast

from tests.contract.connectors.google_fake.answers import Refused, absent, denied, invalid
from tests.contract.connectors.google_fake.documents import AUTH
from tests.contract.connectors.google_fake.tokens import Token
from tests.contract.connectors.google_fake.world import Course, Event, GoogleWorld, Mail, Person

EVENT_ID = re.compile(r"[a-v0-9]{5,1024}")
PAGE_CAP = 30


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request that passed the checks of form: who asks, and what."""

    token: Token
    path: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: Mapping[str, Any]

    def one(self, name: str) -> str | None:
        values = self.query.get(name)
        return values[0] if values else None


class Calls:
    """The methods by verb and template. A method that is not here answers 404, whatever the documents say."""

    def __init__(self, world: GoogleWorld) -> None:
        self.world = world
        self.page_cap = PAGE_CAP
        self._serial = itertools.count(1)
        self._page_tokens: dict[str, tuple[object, int]] = {}
        calendar = "/calendar/v3/calendars/{calendarId}/events"
        self.by_method: dict[tuple[str, str], Callable[[Call], Any]] = {
            ("GET", "/v1/courses"): self._courses,
            ("GET", "/v1/courses/{courseId}/students"): lambda call: self._members(call, "students"),
            ("GET", "/v1/courses/{courseId}/teachers"): lambda call: self._members(call, "teachers"),
            ("GET", "/v1/userProfiles/{studentId}/guardians"): self._guardians,
            ("POST", "/gmail/v1/users/{userId}/messages/send"): self._send,
            ("POST", calendar): self._insert,
            ("GET", calendar + "/{eventId}"): lambda call: self._event_json(self._event(call)),
            ("PATCH", calendar + "/{eventId}"): self._patch,
            ("DELETE", calendar + "/{eventId}"): self._delete,
        }

    # lists

    def _page(self, call: Call, key: str, rows: list[Any]) -> dict[str, Any]:
        """Return one page. A token belongs to exactly the question that it was given for."""
        asked = int(call.one("pageSize") or 0)
        if asked < 0:
            raise invalid("page_size must not be negative")
        size = min(asked or self.page_cap, self.page_cap)
        question = (
            sorted(call.path.items()),
            sorted((k, v) for k, v in call.query.items() if k != "pageToken"),
        )
        start, token = 0, call.one("pageToken")
        if token is not None:
            held = self._page_tokens.get(token)
            if held is None or held[0] != question:
                raise invalid("Invalid page token.")
            start = held[1]
        document: dict[str, Any] = {}
        if rows[start : start + size]:
            document[key] = rows[start : start + size]
        if start + size < len(rows):
            document["nextPageToken"] = f"tok/{next(self._serial)}=="
            self._page_tokens[document["nextPageToken"]] = (question, start + size)
        return document

    def _courses(self, call: Call) -> dict[str, Any]:
        user, wanted = call.token.user, list(self.world.courses.values())
        teacher, states = call.one("teacherId"), call.query.get("courseStates")
        if teacher is not None:
            who = user if teacher == "me" else teacher
            if who != user and user not in self.world.admins:
                raise denied()
            wanted = [one for one in wanted if who in one.teachers]
        elif user not in self.world.admins:
            wanted = [one for one in wanted if user in one.teachers or user in one.students]
        if states:
            wanted = [one for one in wanted if one.state in states]
        return self._page(call, "courses", [_course_json(one) for one in wanted])

    def _members(self, call: Call, kind: str) -> dict[str, Any]:
        course, user = self.world.courses.get(call.path["courseId"]), call.token.user
        if course is None:
            raise absent()
        if user not in {*course.students, *course.teachers, *self.world.admins}:
            raise denied()
        ids: list[str] = getattr(course, kind)
        rows = [
            {"courseId": course.id, "userId": one, "profile": self._profile(self.world.people[one], call)}
            for one in ids
        ]
        return self._page(call, kind, rows)

    def _guardians(self, call: Call) -> dict[str, Any]:
        student, user = call.path["studentId"], call.token.user
        is_admin = user in self.world.admins
        if not self.world.guardians_enabled:
            raise denied()
        if student == "-":
            if not is_admin:
                raise denied()
        elif student not in self.world.people:
            raise absent()
        elif not is_admin and not self.world.teaches(user, student):
            raise denied()
        rows = []
        for link in self.world.links:
            if student in {"-", link.student}:
                row = {
                    "studentId": link.student,
                    "guardianId": link.guardian,
                    "guardianProfile": self._profile(self.world.people[link.guardian], call),
                }
                rows.append(row | ({"invitedEmailAddress": link.invited} if is_admin else {}))
        return self._page(call, "guardians", rows)

    def _profile(self, person: Person, call: Call) -> dict[str, Any]:
        given, _, family = person.name.partition(" ")
        document: dict[str, Any] = {
            "id": person.id,
            "name": {"givenName": given, "familyName": family, "fullName": person.name},
        }
        if AUTH + "classroom.profile.emails" in call.token.scopes and person.email:
            document["emailAddress"] = person.email
        return document

    # mail

    def _send(self, call: Call) -> dict[str, Any]:
        if call.path["userId"] != "me":
            raise denied()
        try:
            raw = base64.b64decode(str(call.body.get("raw", "")), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise invalid("Invalid value for ByteString") from None
        letter = cast("EmailMessage", email.message_from_bytes(raw, policy=email.policy.default))
        fields = [letter.get_all(name, []) for name in ("To", "Cc", "Bcc")]
        recipients = [address for _, address in getaddresses([str(v) for vs in fields for v in vs])]
        if not recipients or not all("@" in one for one in recipients):
            raise invalid("Recipient address required")
        sender = self.world.people[call.token.user].email
        mail = Mail(f"19{next(self._serial):014x}", sender, tuple(recipients), letter)
        self.world.mails.append(mail)
        return {"id": mail.id, "threadId": mail.id, "labelIds": ["SENT"]}

    # calendar

    def _insert(self, call: Call) -> dict[str, Any]:
        if not {"start", "end"} <= set(call.body):
            raise invalid("Missing end time.")
        id_ = call.body.get("id") or f"fake{next(self._serial):022d}"
        if EVENT_ID.fullmatch(id_) is None:
            raise invalid("Invalid resource id value.")
        organizer = self._owner(call)
        if (organizer, id_) in self.world.events:
            raise Refused(409, "ALREADY_EXISTS", "The requested identifier already exists.", old="duplicate")
        event = Event(id_, organizer, dict(call.body))
        self.world.events[organizer, id_] = event
        return self._told(event, call)

    def _patch(self, call: Call) -> dict[str, Any]:
        event = self._event(call)
        event.body |= call.body
        return self._told(event, call)

    def _delete(self, call: Call) -> None:
        event = self._event(call)
        event.status = "cancelled"
        self._told(event, call)

    def _told(self, event: Event, call: Call) -> dict[str, Any]:
        event.mails_sent += len(event.guests) if call.one("sendUpdates") == "all" else 0
        return self._event_json(event)

    def _event(self, call: Call) -> Event:
        event = self.world.events.get((self._owner(call), call.path["eventId"]))
        if event is None:
            raise absent()
        if event.status == "cancelled" and call.path["eventId"]:
            raise Refused(410, "NOT_FOUND", "Resource has been deleted", old="deleted")
        return event

    def _owner(self, call: Call) -> str:
        if call.path["calendarId"] != "primary":
            raise absent()
        return self.world.people[call.token.user].email

    def _event_json(self, event: Event) -> dict[str, Any]:
        return {
            **event.body,
            "kind": "calendar#event",
            "id": event.id,
            "status": event.status,
            "organizer": {"email": event.organizer, "self": True},
            "attendees": [{"email": one, "responseStatus": "needsAction"} for one in event.guests],
        }


def _course_json(course: Course) -> dict[str, Any]:
    document = {
        "id": course.id,
        "name": course.name,
        "courseState": course.state,
        "ownerId": course.teachers[0] if course.teachers else "0",
        "updateTime": "2026-08-11T12:00:00.123Z",
    }
    return document | ({"section": course.section} if course.section else {})
