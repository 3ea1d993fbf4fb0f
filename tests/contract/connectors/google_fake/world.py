"""What the fake Google holds: people, courses, guardians, mails, events; and who can see each of them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any


@dataclass
class Person:
    """One account. ``email`` is its own address."""

    id: str
    name: str
    email: str


@dataclass
class Course:
    """One course. Lists hold ids in the order of enrolment."""

    id: str
    name: str
    section: str = ""
    state: str = "ACTIVE"
    students: list[str] = field(default_factory=list)
    teachers: list[str] = field(default_factory=list)


@dataclass
class Link:
    """A guardian who said yes. ``invited`` is the address somebody typed."""

    student: str
    guardian: str
    invited: str


@dataclass
class Mail:
    """A mail that was taken: its sender's account, everybody it went to, and the letter."""

    id: str
    sender: str
    recipients: tuple[str, ...]
    letter: EmailMessage

    @property
    def seen_by(self) -> frozenset[str]:
        """Return the addresses of everybody who can read it: it also lies in the sender's Sent folder."""
        return frozenset({self.sender, *self.recipients})


@dataclass
class Event:
    """A calendar event of one organiser. ``body`` is what was asked, with Google's defaults."""

    id: str
    organizer: str
    body: dict[str, Any]
    status: str = "confirmed"
    mails_sent: int = 0

    @property
    def guests(self) -> tuple[str, ...]:
        return tuple(one["email"] for one in self.body.get("attendees", ()))

    def seen_by(self, domain: frozenset[str]) -> frozenset[str]:
        """Return who can read its title: with ``default`` visibility everybody who sees the calendar, which
        in a school's domain is as a rule everybody."""
        private = self.body.get("visibility") in {"private", "confidential"}
        return frozenset({self.organizer, *self.guests}) | (frozenset() if private else domain)

    def guests_seen_by(self, guest: str) -> frozenset[str]:
        """Return whom of the guests one of them can see."""
        if self.body.get("guestsCanSeeOtherGuests", True):
            return frozenset(self.guests)
        return frozenset({guest})


class GoogleWorld:
    """One Workspace domain."""

    def __init__(self, domain: str = "school.example") -> None:
        self.domain = domain
        self.people: dict[str, Person] = {}
        self.courses: dict[str, Course] = {}
        self.links: list[Link] = []
        self.admins: set[str] = set()
        self.guardians_enabled = True
        self.mails: list[Mail] = []
        self.events: dict[tuple[str, str], Event] = {}
        self._serial = itertools.count(1)

    def person(self, name: str, email: str | None = None) -> Person:
        """Add an account; without an address it gets one of the domain."""
        number = next(self._serial)
        made = Person(
            id=f"{110000000000000000000 + number}", name=name, email=email or f"user{number}@{self.domain}"
        )
        self.people[made.id] = made
        return made

    def course(self, name: str, *, section: str = "", state: str = "ACTIVE") -> Course:
        """Add a course."""
        made = Course(id=str(640000000000 + next(self._serial)), name=name, section=section, state=state)
        self.courses[made.id] = made
        return made

    def link(self, student: Person, guardian: Person, *, invited: str | None = None) -> None:
        """Let a guardian accept an invitation."""
        self.links.append(Link(student=student.id, guardian=guardian.id, invited=invited or guardian.email))

    def by_email(self, email: str) -> Person | None:
        """Return the account of an address."""
        wanted = email.casefold()
        return next((one for one in self.people.values() if one.email.casefold() == wanted), None)

    @property
    def domain_addresses(self) -> frozenset[str]:
        """Return the addresses of everybody in the domain."""
        return frozenset(one.email for one in self.people.values() if one.email.endswith("@" + self.domain))

    def teaches(self, person_id: str, student_id: str) -> bool:
        """Tell whether one teaches a course of the other."""
        return any(person_id in one.teachers and student_id in one.students for one in self.courses.values())
