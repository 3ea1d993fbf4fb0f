"""What Google answers, as far as we read it. Fields we do not need never enter the program."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError, fields

from connectors.http import AnswerSchema

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class GoogleIdField(fields.Field[str]):
    """An id of Google: a short plain text, mostly digits (a person's has 21, more than a number can hold)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str) or _ID.fullmatch(value) is None:
            raise ValidationError("Not an id.")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRow:
    """A course. ``section`` is free text of the teacher; Classroom has no sections."""

    id: str
    name: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person. ``email`` only with the scope for mail addresses."""

    id: str
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """A student or a teacher of a course."""

    user_id: str
    profile: Profile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianRow:
    """A guardian who said yes to an invitation. ``invited_email`` is what somebody typed into it."""

    student_id: str
    guardian_id: str
    profile: Profile | None = None
    invited_email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A mail that Gmail took."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody an event was sent to."""

    email: str = field(default="", repr=False)
    is_organizer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """An event as Google keeps it. What is not said has Google's default, which is the wider one."""

    id: str
    visibility: str = "default"
    guests_see_each_other: bool = True
    guests_invite: bool = True
    guests: tuple[Guest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAnswer:
    """An answer of the token endpoint. A refresh brings no new ``refresh_token``."""

    access_token: str = field(repr=False)
    expires_in: int = 3600
    refresh_token: str = field(default="", repr=False)
    scope: str = ""
    id_token: str = field(default="", repr=False)


def _profile(*, id: str, name: dict[str, Any] | None = None, email: str = "") -> Profile:
    full = name.get("fullName") if isinstance(name, dict) else None
    return Profile(id=id, name=full if isinstance(full, str) else "", email=email)


def _event(*, guests: list[Guest] | None = None, **told: Any) -> EventRow:
    return EventRow(guests=tuple(guests or ()), **told)


class CourseSchema(AnswerSchema[CourseRow]):
    """``Course``."""

    into = CourseRow
    id = GoogleIdField(required=True)
    name = fields.String()
    section = fields.String()


class ProfileSchema(AnswerSchema[Profile]):
    """``UserProfile``."""

    into = _profile
    id = GoogleIdField(required=True)
    name = fields.Dict()
    email = fields.String(data_key="emailAddress")


class MemberSchema(AnswerSchema[MemberRow]):
    """``Student`` and ``Teacher``."""

    into = MemberRow
    user_id = GoogleIdField(required=True, data_key="userId")
    profile = fields.Nested(ProfileSchema())


class GuardianSchema(AnswerSchema[GuardianRow]):
    """``Guardian``."""

    into = GuardianRow
    student_id = GoogleIdField(required=True, data_key="studentId")
    guardian_id = GoogleIdField(required=True, data_key="guardianId")
    profile = fields.Nested(ProfileSchema(), data_key="guardianProfile")
    invited_email = fields.String(data_key="invitedEmailAddress")


class MessageSchema(AnswerSchema[MessageRow]):
    """``Message`` of Gmail."""

    into = MessageRow
    id = GoogleIdField(required=True)


class GuestSchema(AnswerSchema[Guest]):
    """``EventAttendee``."""

    into = Guest
    email = fields.String()
    is_organizer = fields.Boolean(data_key="organizer", truthy={True}, falsy={False})


class EventSchema(AnswerSchema[EventRow]):
    """``Event`` of the calendar."""

    into = _event
    id = fields.String(required=True)
    visibility = fields.String()
    guests_see_each_other = fields.Boolean(data_key="guestsCanSeeOtherGuests", truthy={True}, falsy={False})
    guests_invite = fields.Boolean(data_key="guestsCanInviteOthers", truthy={True}, falsy={False})
    guests = fields.List(fields.Nested(GuestSchema()), data_key="attendees")


class TokenAnswerSchema(AnswerSchema[TokenAnswer]):
    """The token endpoint's answer (RFC 6749, 5.1; OpenID Connect Core 1.0, 3.1.3.3)."""

    into = TokenAnswer
    access_token = fields.String(required=True)
    expires_in = fields.Integer(strict=True)
    refresh_token = fields.String()
    scope = fields.String()
    id_token = fields.String()


class NothingSchema(AnswerSchema[None]):
    """An answer whose content does not matter, as long as it is an object."""

    @staticmethod
    def into() -> None:
        """Keep nothing."""
