"""The rosters of a whole (bulk) OneRoster zip: ``iepcore.ports.RosterSource`` over a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.oneroster.archive import Limits
from connectors.oneroster.book import Book, ClassRows, Watch, read_book
from connectors.oneroster.faults import OneRosterFault, ProblemReport
from connectors.oneroster.mapping import (
    enrollment_of,
    listing_of,
    person_of,
    roster_of,
    shortfalls_of,
)
from connectors.oneroster.options import OneRosterOptions
from connectors.oneroster.references import (
    Before,
    check_classes,
    check_enrollments,
    guardian_links,
)
from iepcore.people import (
    CourseList,
    CourseListing,
    CourseRoster,
    PullProgress,
    Shortfall,
    ShortfallKind,
)

if TYPE_CHECKING:  # the ports know all rooms of the library, and loading them takes longer than a small file
    from iepcore.ports import Tell


def utc_now() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


class OneRosterSource:
    """The rosters of one zip whose files are the whole truth. The file is read once, when first asked.

    ``now`` is the clock; ``watch`` hears how many rows were read so far, and may raise to stop.

    Raises:
        OneRosterFault: from whatever reads the file, when it cannot be used; ``is_delta`` when it tells
            changes only.
    """

    def __init__(
        self,
        path: Path,
        options: OneRosterOptions | None = None,
        *,
        limits: Limits | None = None,
        now: Callable[[], datetime] = utc_now,
        watch: Watch | None = None,
    ) -> None:
        self._watch = watch
        self._path = path
        self._options = options or OneRosterOptions()
        self._limits = limits
        self._now = now
        self._read: tuple[Book, datetime, Mapping[str, Mapping[str, str]]] | None = None

    @property
    def source(self) -> str:
        """Whose subjects these are."""
        return self._options.source

    @property
    def report(self) -> ProblemReport:
        """Every row of the zip that could not be taken as it stands."""
        return self._book().problems.report()

    @property
    def version(self) -> str:
        """The version of the standard that the file says it follows."""
        return self._book().manifest.version

    @property
    def counts(self) -> Mapping[str, int]:
        """How many people, classes and enrollments the zip tells that can be read."""
        book = self._book()
        places = sum(len(one.rows) for one in book.enrollments.values())
        return {"people": len(book.users), "classes": len(book.classes), "enrollments": places}

    @property
    def schools(self) -> Mapping[str, tuple[str, int]]:
        """The schools of the zip: id -> name and number of classes. A school nobody described has no name."""
        book = self._book()
        counted: dict[str, int] = {}
        for one in book.classes.values():
            counted[one.school_id] = counted.get(one.school_id, 0) + (not one.is_deleted)
        named = {one: book.orgs[one].name if one in book.orgs else "" for one in counted}
        return {one: (named[one], counted[one]) for one in sorted(counted, key=lambda each: named[each])}

    def courses(self) -> CourseList:
        """Return the classes of the school, by title."""
        book = self._book()
        listings = [
            listing_of(one, book)
            for one in book.classes.values()
            if not one.is_deleted and self._options.school in {"", one.school_id}
        ]
        shortfalls = []
        if book.unread_classes:
            count = len(book.unread_classes)
            shortfalls.append(Shortfall(kind=ShortfallKind.ROWS_UNREADABLE, code="row_form", count=count))
        if "classes.csv" in book.broke_off:
            shortfalls.append(Shortfall(kind=ShortfallKind.PAGES_LOST, code="quote_open"))
        return CourseList(
            courses=tuple(sorted(listings, key=lambda one: (one.title, one.code, one.id))),
            shortfalls=tuple(shortfalls),
            unread=tuple(book.unread_classes),
        )

    def rosters(
        self, courses: Sequence[CourseListing], *, tell: Tell | None = None
    ) -> Iterator[CourseRoster]:
        """Yield the roster of each course, in the order asked."""
        of = len(courses)

        def watch(rows: int) -> None:
            if self._watch is not None:
                self._watch(rows)
            if tell is not None:
                tell(PullProgress(done=0, of=of, rows=rows))

        if not courses:
            return
        book = self._book(watch)
        for done, course in enumerate(courses, 1):
            roster = self._roster(course)
            if tell is not None:
                tell(PullProgress(done=done, of=of, pages=1, rows=book.rows))
            yield roster

    def _roster(self, listing: CourseListing) -> CourseRoster:
        book, read_at, links = self._known()
        row = book.classes.get(listing.id)
        if row is None or row.is_deleted or self._options.school not in {"", row.school_id}:
            shortfall = Shortfall(kind=ShortfallKind.REFUSED, code="not_listed")
            return CourseRoster(course=listing, pulled_at=read_at, shortfalls=(shortfall,))
        today = self._options.day_of(read_at)
        rows = book.enrollments.get(listing.id, ClassRows())
        stay = [one for one in rows.rows if not one.is_deleted and not book.users[one.user_id].is_deleted]
        enrollments = [
            enrollment_of(
                one,
                roles=book.roles_of(one.user_id),
                is_enabled=book.users[one.user_id].is_enabled,
                today=today,
            )
            for one in stay
        ]
        subjects = {one.user_id for one in stay}
        subjects |= {guardian for pupil in tuple(subjects) for guardian in links.get(pupil, {})}
        return roster_of(
            listing,
            pulled_at=read_at,
            people={one: person_of(book.users[one], self._options) for one in subjects},
            enrollments=enrollments,
            links=links,
            shortfalls=shortfalls_of(book, rows),
            rows=rows,
        )

    def _book(self, watch: Watch | None = None) -> Book:
        return self._known(watch)[0]

    def _known(self, watch: Watch | None = None) -> tuple[Book, datetime, Mapping[str, Mapping[str, str]]]:
        if self._read is None:
            now = self._now()
            book = read_book(
                self._path, today=self._options.day_of(now), limits=self._limits, watch=watch or self._watch
            )
            if book.manifest.is_delta:
                raise OneRosterFault("is_delta")
            if self._options.school and all(
                one.school_id != self._options.school for one in book.classes.values()
            ):
                raise OneRosterFault("school_unknown", place="classes.csv", fields=["schoolSourcedId"])
            nothing = Before()
            check_classes(book, nothing)
            check_enrollments(book, nothing)
            self._read = book, now, guardian_links(book, nothing)
        return self._read
