"""What one pull of a roster brings: courses, people, enrollments, who acts for whom, and how whole it is.

The neutral model every connector fills, whatever the vendor calls things. Ids are the source's own, opaque
and text. A pull gives no right: it is an address book (domain guide 4; ``RosterMember`` is the line kept of
it).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.people.roster import RosterStanding

_LONGEST_ID = 255


class EnrollmentState(StrEnum):
    """``invited`` has not accepted; ``ended`` was there once (deleted, completed, inactive)."""

    ACTIVE = "active"
    INVITED = "invited"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPerson:
    """One person as the source names them. A name is for reading, never for matching.

    ``sis_id`` is the school's own number of the person, if told; ``email_verified`` whether the source
    vouches that the address is theirs (an address somebody typed in is not); ``channel_user_id`` the id the
    source takes messages at; ``grade`` the school year as the source writes it.
    """

    subject: str
    name: str | None = None
    sis_id: str | None = None
    email: str | None = None
    email_verified: bool = False
    channel_user_id: str | None = None
    grade: str | None = None

    def __post_init__(self) -> None:
        _check_id(self.subject, "subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterSection:
    """A part of a course. A source without sections has one, with the course's id."""

    id: str
    title: str

    def __post_init__(self) -> None:
        _check_id(self.id, "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrollment:
    """One person in one section. ``role_label`` is the source's own word for the role, to be shown only:
    rights follow ``standing``, and not even that alone.
    """

    subject: str
    section_id: str
    standing: RosterStanding
    state: EnrollmentState = EnrollmentState.ACTIVE
    role_label: str = ""
    begins_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianLink:
    """The source says that one acts for the other. A hint that starts a confirmation, nothing more.

    ``relation`` is the source's own word (parent, guardian, relative, observer), or empty.
    """

    guardian_subject: str
    student_subject: str
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseListing:
    """A course as a list of courses names it. Anything but the id may be hidden from the person who asks."""

    id: str
    title: str = ""
    code: str = ""
    term: str = ""
    sis_id: str | None = None

    def __post_init__(self) -> None:
        _check_id(self.id, "id")


class ShortfallKind(StrEnum):
    """Why a pull is not the whole truth."""

    PAGES_LOST = "pages_lost"
    """The list broke off: a page could not be had, or came in a form nobody can read."""
    ROWS_UNREADABLE = "rows_unreadable"
    """Some rows could not be read; ``count`` says how many."""
    LIMITED_VIEW = "limited_view"
    """The account that asked sees only a part, such as its own section."""
    FIELDS_WITHHELD = "fields_withheld"
    """The source left out something we asked for, such as who observes whom."""
    MOVED_MEANWHILE = "moved_meanwhile"
    """The list changed while it was read, so that a row may have been passed over."""
    REFUSED = "refused"
    """The source does not let this account read it."""
    DELTA = "delta"
    """The source tells changes only: who is not named is as before, who is told as ended has left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """One reason. ``code`` is the error's code or empty; ``count`` of rows, 0 when it is not about rows."""

    kind: ShortfallKind
    code: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRow:
    """A row that could not be read. ``place`` says where (``users.csv``, ``enrollments page 3``), ``line``
    counts from 1 as a person counts, ``fields`` names what was wrong, ``code`` why. Never a value.
    """

    place: str
    line: int
    code: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseList:
    """The courses that an account can see, and what is missing from the list."""

    courses: tuple[CourseListing, ...]
    shortfalls: tuple[Shortfall, ...] = ()
    unread: tuple[UnreadRow, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether a course that is not in it is surely not there."""
        return not self.shortfalls


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRoster:
    """One course, all of it or marked as partial.

    Only a ``complete`` roster may say that somebody has left, and then it ends access, never a record.
    One person stands once in ``people`` and may have several enrollments (cross-listed sections).
    """

    course: CourseListing
    pulled_at: datetime
    sections: tuple[RosterSection, ...] = ()
    people: tuple[RosterPerson, ...] = ()
    enrollments: tuple[Enrollment, ...] = ()
    guardians: tuple[GuardianLink, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    unread: tuple[UnreadRow, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether who is not in it is surely not in the course."""
        return not self.shortfalls

    @property
    def ends_are_final(self) -> bool:
        """Whether who is told as ended has surely left: in a whole roster, and in one of changes only.

        In any other part of a roster, the row that says they are in another section may be the one lost.
        """
        return all(one.kind is ShortfallKind.DELTA for one in self.shortfalls)


@dataclass(frozen=True, slots=True, kw_only=True)
class PullProgress:
    """How far a pull of many courses is: courses ``done`` of ``of``, and the pages and rows read so far."""

    done: int
    of: int
    pages: int = 0
    rows: int = 0


def standings_of(roster: CourseRoster) -> Iterator[tuple[RosterPerson, RosterStanding, bool]]:
    """Yield each person of a course once: how they stand, and whether an enrollment of that kind is active.

    Of several standings the first in the order of ``RosterStanding`` wins (a teacher who observes her own
    child is a teacher); an active enrollment beats one that has ended or was never accepted.
    """
    order = {standing: place for place, standing in enumerate(RosterStanding)}
    best: dict[str, Enrollment] = {}
    for one in roster.enrollments:
        known = best.get(one.subject)
        if known is None or _rank(one, order) < _rank(known, order):
            best[one.subject] = one
    for person in roster.people:
        found = best.get(person.subject)
        if found is not None:
            yield person, found.standing, found.state is EnrollmentState.ACTIVE


def _rank(enrollment: Enrollment, order: dict[RosterStanding, int]) -> tuple[bool, int]:
    return enrollment.state is not EnrollmentState.ACTIVE, order[enrollment.standing]


def _check_id(text: str, field: str) -> None:
    if not text or len(text) > _LONGEST_ID:
        raise InvalidValue("identity_form", field=field)
