"""What a roster tells: an address book of who is enrolled, and hints of who observes whom. Never a
permission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, RosterMemberId, StudentId


class PersonKind(StrEnum):
    """Whether an identity belongs to an adult or to a student."""

    ADULT = "adult"
    STUDENT = "student"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """(source, subject) -> one person of the site. ``source`` names the platform registration; never a name
    match.

    Raises:
        InvalidValue: ``identity_form`` when source or subject is empty or longer than 255 characters.
    """

    source: str
    subject: str
    kind: PersonKind
    person_id: AdultId | StudentId

    def __post_init__(self) -> None:
        for text, field in ((self.source, "source"), (self.subject, "subject")):
            if not text or len(text) > 255:
                raise InvalidValue("identity_form", field=field)


class RosterStanding(StrEnum):
    """How a member stands in a course, by the platform's roles reduced to what an address book needs."""

    TEACHER = "teacher"
    HELPER = "helper"
    PUPIL = "pupil"
    OBSERVER = "observer"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterMember:
    """One member of one course as last seen. ``name`` and ``email`` may be missing (privacy of the platform).

    ``context_id`` is the course's opaque id, ``channel_user_id`` the platform's own id for messages, if told.
    """

    id: RosterMemberId
    source: str
    context_id: str
    context_title: str
    subject: str
    standing: RosterStanding
    seen_at: datetime
    active: bool = True
    name: str | None = None
    email: str | None = None
    channel_user_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHint:
    """The platform says: this observer is linked to this pupil. A hint that starts a confirmation, nothing
    more.

    Seen at one launch, replaced at the next, ignored after ``expires_at`` (24 hours).
    """

    source: str
    observer_subject: str
    pupil_subject: str
    seen_at: datetime
    expires_at: datetime
