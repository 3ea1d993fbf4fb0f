"""What Google answers, as far as we read it. Fields we do not need never enter the program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from marshmallow import fields, validate

from connectors.http import AnswerSchema

# Mostly digits, more than a number of 64 bits can hold (a person's has 21). It goes into paths.
_is_id = validate.Regexp(r"[A-Za-z0-9_-]{1,64}\Z")


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
    status: str = "confirmed"
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


def _event(*, guests: list[Guest] | None = None, **told: Any) -> EventRow:
    return EventRow(guests=tuple(guests or ()), **told)


# Keys as Google spells them; ``attribute`` is our own name for the same thing.


class CourseSchema(AnswerSchema[CourseRow]):
    """``Course``."""

    into = CourseRow
    id = fields.String(required=True, validate=_is_id)
    name = fields.String()
    section = fields.String()


class NameSchema(AnswerSchema[str]):
    """``Name``: the whole one is enough."""

    @staticmethod
    def into(*, full: str = "") -> str:
        """Return the full name."""
        return full

    fullName = fields.String(attribute="full")


class ProfileSchema(AnswerSchema[Profile]):
    """``UserProfile``."""

    into = Profile
    id = fields.String(required=True, validate=_is_id)
    name = fields.Nested(NameSchema())
    emailAddress = fields.String(attribute="email")


class MemberSchema(AnswerSchema[MemberRow]):
    """``Student`` and ``Teacher``."""

    into = MemberRow
    userId = fields.String(required=True, validate=_is_id, attribute="user_id")
    profile = fields.Nested(ProfileSchema())


class GuardianSchema(AnswerSchema[GuardianRow]):
    """``Guardian``."""

    into = GuardianRow
    studentId = fields.String(required=True, validate=_is_id, attribute="student_id")
    guardianId = fields.String(required=True, validate=_is_id, attribute="guardian_id")
    guardianProfile = fields.Nested(ProfileSchema(), attribute="profile")
    invitedEmailAddress = fields.String(attribute="invited_email")


class MessageSchema(AnswerSchema[MessageRow]):
    """``Message`` of Gmail."""

    into = MessageRow
    id = fields.String(required=True, validate=_is_id)


class GuestSchema(AnswerSchema[Guest]):
    """``EventAttendee``."""

    into = Guest
    email = fields.String()
    organizer = fields.Boolean(attribute="is_organizer", truthy={True}, falsy={False})


class EventSchema(AnswerSchema[EventRow]):
    """``Event`` of the calendar."""

    into = _event
    id = fields.String(required=True)
    status = fields.String()
    visibility = fields.String()
    guestsCanSeeOtherGuests = fields.Boolean(attribute="guests_see_each_other", truthy={True}, falsy={False})
    guestsCanInviteOthers = fields.Boolean(attribute="guests_invite", truthy={True}, falsy={False})
    attendees = fields.List(fields.Nested(GuestSchema()), attribute="guests")


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
