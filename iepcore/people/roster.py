"""What a roster tells: an address book of who is enrolled, and hints of who observes whom. Never a
permission."""

from __future__ import annotations

from collections.abc import Iterable
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

    ``context_id`` is the course's opaque id, ``channel_user_id`` the platform's own id for messages, if told;
    ``sis_id`` the school's own number of the person, ``email_verified`` whether the source vouches for the
    address, ``grade`` the school year as the source writes it.
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
    sis_id: str | None = None
    email_verified: bool = False
    grade: str | None = None


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


FEW = 2
"""So many may leave any course at once without a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChanges:
    """What a new list says against the one before: who came (or came back), who left, whose line changed.

    ``stood`` is how many stood in the list before.
    """

    came: tuple[RosterMember, ...]
    left: tuple[RosterMember, ...]
    changed: tuple[RosterMember, ...]
    stood: int

    @property
    def is_mass_leaving(self) -> bool:
        """Whether more than half left at once: more likely a fault of the list than the truth."""
        return len(self.left) > FEW and len(self.left) * 2 > self.stood


def roster_changes(
    before: Iterable[RosterMember], after: Iterable[RosterMember], *, complete: bool
) -> RosterChanges:
    """Compare two lists of one course by subject. In a list that is not ``complete`` nobody is missing."""
    stood = {one.subject: one for one in before if one.active}
    told = {one.subject: one for one in after}
    stay = {subject: one for subject, one in told.items() if one.active}
    gone = [one for subject, one in stood.items() if subject not in stay and (complete or subject in told)]
    return RosterChanges(
        came=tuple(one for subject, one in stay.items() if subject not in stood),
        left=tuple(gone),
        changed=tuple(
            one for subject, one in stay.items() if subject in stood and _line(one) != _line(stood[subject])
        ),
        stood=len(stood),
    )


def _line(member: RosterMember) -> tuple[object, ...]:
    """What a line says of a person, without when it was seen."""
    return (
        member.standing,
        member.name,
        member.email,
        member.channel_user_id,
        member.context_title,
        member.sis_id,
        member.email_verified,
        member.grade,
    )
