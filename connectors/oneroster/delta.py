"""Changes (a delta zip) applied to rosters that are known: who is not named stays, who is deleted has left.

The rosters that come out are what the known ones become. They are marked ``DELTA``: they make nobody leave
by silence, and their ``ENDED`` enrollments are final. A delta applied twice changes nothing the second time.
What it cannot tell, it does not: a link between a guardian and a pupil is added, and withdrawn only with one
of the two; the next whole file puts right the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.oneroster.archive import Limits
from connectors.oneroster.book import Book, ClassRows, Watch, read_book
from connectors.oneroster.faults import OneRosterFault, ProblemReport
from connectors.oneroster.mapping import enrollment_of, listing_of, person_of, roster_of, shortfalls_of
from connectors.oneroster.options import OneRosterOptions
from connectors.oneroster.references import Before, check_enrollments, guardian_links
from connectors.oneroster.source import utc_now
from iepcore.people import (
    CourseList,
    CourseListing,
    CourseRoster,
    Enrollment,
    EnrollmentState,
    PullProgress,
    RosterStanding,
    Shortfall,
    ShortfallKind,
)

if TYPE_CHECKING:
    from iepcore.ports import Tell

_ROLES = {
    RosterStanding.PUPIL: "student",
    RosterStanding.TEACHER: "teacher",
    RosterStanding.HELPER: "aide",
    RosterStanding.OBSERVER: "guardian",
    RosterStanding.OTHER: "administrator",
}
"""What a person is taken for whom the changes do not name, by how they stand already."""


def apply_delta(
    previous: Iterable[CourseRoster],
    path: Path,
    options: OneRosterOptions | None = None,
    *,
    limits: Limits | None = None,
    now: Callable[[], datetime] = utc_now,
    watch: Watch | None = None,
) -> OneRosterDelta:
    """Return what the ``previous`` rosters (of this source, as kept) become by the changes in a zip.

    Raises:
        OneRosterFault: when the file cannot be used; ``is_bulk`` when it is the whole truth.
    """
    chosen, read_at = options or OneRosterOptions(), now()
    book = read_book(path, today=chosen.day_of(read_at), limits=limits, watch=watch)
    if not book.manifest.is_delta:
        raise OneRosterFault("is_bulk")
    return OneRosterDelta(book, previous, chosen, read_at=read_at)


class OneRosterDelta:
    """A ``iepcore.ports.RosterSource`` of the courses that a delta touches. Made by ``apply_delta``."""

    def __init__(
        self,
        book: Book,
        previous: Iterable[CourseRoster],
        options: OneRosterOptions,
        *,
        read_at: datetime,
    ) -> None:
        self._book = book
        self._previous = {one.course.id: one for one in previous}
        self._options = options
        self._read_at = read_at
        self._today = options.day_of(read_at)
        self._before = Before(roles=_roles_before(self._previous.values()), classes=self._previous.keys())
        check_enrollments(book, self._before)
        new = guardian_links(book, self._before)
        self._linked = {end for pupil, guardians in new.items() for end in (pupil, *guardians)}
        self._links = self._all_links(new)
        self._people = {one.subject: one for roster in self._previous.values() for one in roster.people}
        self._people |= {
            id_: person_of(user, options) for id_, user in book.users.items() if not user.is_deleted
        }

    @property
    def source(self) -> str:
        """Whose subjects these are."""
        return self._options.source

    @property
    def report(self) -> ProblemReport:
        """Every row of the zip that could not be taken as it stands."""
        return self._book.problems.report()

    @property
    def version(self) -> str:
        """The version of the standard that the file says it follows."""
        return self._book.manifest.version

    @property
    def passed_over(self) -> int:
        """How many changes are about classes that are not known here."""
        return self._book.passed_over

    def courses(self) -> CourseList:
        """Return the courses that change. The list is never whole: the others are as before."""
        found = [self._listing(one) for one in sorted(self._touched())]
        shortfalls = [Shortfall(kind=ShortfallKind.DELTA)]
        if self._book.unread_classes:
            count = len(self._book.unread_classes)
            shortfalls.append(Shortfall(kind=ShortfallKind.ROWS_UNREADABLE, code="row_form", count=count))
        return CourseList(
            courses=tuple(found), shortfalls=tuple(shortfalls), unread=tuple(self._book.unread_classes)
        )

    def rosters(
        self, courses: Sequence[CourseListing], *, tell: Tell | None = None
    ) -> Iterator[CourseRoster]:
        """Yield what each course becomes, in the order asked."""
        touched = self._touched()
        for done, course in enumerate(courses, 1):
            roster = self._roster(course) if course.id in touched else self._untouched(course)
            if tell is not None:
                tell(PullProgress(done=done, of=len(courses), pages=1, rows=self._book.rows))
            yield roster

    def _touched(self) -> frozenset[str]:
        """Return the classes in which something changes: a place, the class itself, or a person in it."""
        book = self._book
        found = set(book.enrollments) | {
            one.id
            for one in book.classes.values()
            if one.id in self._previous or self._options.school in {"", one.school_id}
        }
        changed = book.users.keys() | book.roles.keys() | self._linked
        found |= {
            id_
            for id_, roster in self._previous.items()
            if any(person.subject in changed for person in roster.people)
        }
        is_mine = self._previous.keys() | {
            one.id for one in book.classes.values() if self._options.school in {"", one.school_id}
        }
        return frozenset(found & is_mine)

    def _listing(self, class_id: str) -> CourseListing:
        row = self._book.classes.get(class_id)
        if row is None or row.is_deleted:
            before = self._previous.get(class_id)
            return before.course if before is not None else CourseListing(id=class_id)
        return listing_of(row, self._book)

    def _untouched(self, course: CourseListing) -> CourseRoster:
        delta = Shortfall(kind=ShortfallKind.DELTA)
        if course.id in self._previous:
            return replace(
                self._previous[course.id],
                course=course,
                pulled_at=self._read_at,
                shortfalls=(delta,),
                unread=(),
            )
        refused = Shortfall(kind=ShortfallKind.REFUSED, code="not_listed")
        return CourseRoster(course=course, pulled_at=self._read_at, shortfalls=(delta, refused))

    def _roster(self, listing: CourseListing) -> CourseRoster:
        book = self._book
        before = self._previous.get(listing.id, CourseRoster(course=listing, pulled_at=self._read_at))
        rows = book.enrollments.get(listing.id, ClassRows())
        places = self._places(listing.id, before, rows)
        return roster_of(
            listing,
            pulled_at=self._read_at,
            people=self._people,
            enrollments=[one for one in places if one.subject in self._people],
            links=self._links,
            shortfalls=(Shortfall(kind=ShortfallKind.DELTA), *shortfalls_of(book, rows)),
            rows=rows,
        )

    def _places(self, class_id: str, before: CourseRoster, rows: ClassRows) -> list[Enrollment]:
        """Return everybody's places after the changes, those that ended among them."""
        told = [
            enrollment_of(
                row,
                roles=self._book.roles_of(row.user_id) or self._before.roles.get(row.user_id, frozenset()),
                is_enabled=self._is_enabled(row.user_id),
                today=self._today,
            )
            for row in rows.rows
        ]
        stays = {one.subject for one in told if one.state is not EnrollmentState.ENDED}
        ends = {one.subject for one in told} - stays
        places = [one for one in told if one.subject in stays]
        kept = [one for one in before.enrollments if one.subject not in stays]
        places += [replace(one, state=EnrollmentState.ENDED) if one.subject in ends else one for one in kept]
        stood = {one.subject for one in kept}
        places += [one for one in told if one.subject in ends and one.subject not in stood]
        return [self._ended(one) if self._is_over(class_id, one) else one for one in places]

    def _is_over(self, class_id: str, place: Enrollment) -> bool:
        of_class, user = self._book.classes.get(class_id), self._book.users.get(place.subject)
        if (of_class is not None and of_class.is_deleted) or (user is not None and user.is_deleted):
            return True
        return not self._is_enabled(place.subject) and place.standing is not RosterStanding.PUPIL

    def _ended(self, place: Enrollment) -> Enrollment:
        return replace(place, state=EnrollmentState.ENDED)

    def _is_enabled(self, subject: str) -> bool:
        user = self._book.users.get(subject)
        return user is None or user.is_enabled

    def _all_links(self, new: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
        """Return the links that are known and those of the changes, without whose ends are gone."""
        links: dict[str, dict[str, str]] = defaultdict(dict)
        for roster in self._previous.values():
            for link in roster.guardians:
                links[link.student_subject][link.guardian_subject] = link.relation
        for pupil, guardians in new.items():
            links[pupil].update(guardians)
        return {
            pupil: {one: word for one, word in guardians.items() if self._may_act(one, pupil)}
            for pupil, guardians in links.items()
        }

    def _may_act(self, guardian: str, pupil: str) -> bool:
        ends = [self._book.users[one] for one in (guardian, pupil) if one in self._book.users]
        return not any(one.is_deleted for one in ends) and self._is_enabled(guardian)


def _roles_before(rosters: Iterable[CourseRoster]) -> Mapping[str, frozenset[str]]:
    """Return what each known person is, by how they stand and by whom they act for."""
    found: dict[str, set[str]] = {}
    for roster in rosters:
        for person in roster.people:
            found.setdefault(person.subject, set())
        for place in roster.enrollments:
            found.setdefault(place.subject, set()).add(_ROLES[place.standing])
        for link in roster.guardians:
            word = link.relation if link.relation in {"parent", "guardian", "relative"} else "guardian"
            found.setdefault(link.guardian_subject, set()).add(word)
            found.setdefault(link.student_subject, set()).add("student")
    return {subject: frozenset(roles) for subject, roles in found.items()}
