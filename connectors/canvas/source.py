"""The rosters of one person's courses, or of an account's: every course whole, or marked as partial."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from connectors.canvas.course_reader import PER_PAGE, Reading, ends_the_pull
from connectors.canvas.mapping import listing_of
from connectors.canvas.roster_schemas import CourseSchema
from connectors.canvas.routes import LIST_ACCOUNT_COURSES, LIST_COURSES
from connectors.http import Pairs, Timing, Transport
from connectors.http.errors import CallError, Forbidden, NotFoundThere
from connectors.http.parallel import Done, in_parallel
from iepcore.errors import InvalidValue
from iepcore.people import (
    CourseList,
    CourseListing,
    CourseRoster,
    Shortfall,
    ShortfallKind,
    UnreadRow,
)

if TYPE_CHECKING:  # the ports know every room; a connector's import need not
    from iepcore.ports import Tell

WORKERS, MOST_WORKERS = 4, 8
DOWN_AFTER = 3
"""So many courses in a row of which nothing could be read: the platform is down, and the pull ends."""

OWN_COURSES: Pairs = (
    ("enrollment_type", "teacher"),
    ("enrollment_state", "active"),
    ("state[]", "available"),
    ("include[]", "term"),
    *PER_PAGE,
)
ACCOUNT_COURSES: Pairs = (
    ("with_enrollments", "true"),
    ("state[]", "available"),
    ("include[]", "term"),
    *PER_PAGE,
)


class CanvasSource:
    """``iepcore.ports.RosterSource`` over Canvas' REST interface.

    ``source`` is the name under which identities are kept. ``user_id`` is whose token it is: without it a
    view that is limited to that person's own section is noticed only by the number of pupils. With
    ``account_id`` the courses are those of the account (an administrator's token). ``zone`` is the school's,
    for days. Between 1 and 8 courses are read at once; the transport's gate narrows that.

    Raises:
        InvalidValue: ``identity_form`` for a source's name that identities cannot carry.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        source: str,
        user_id: str | None = None,
        account_id: str | None = None,
        workers: int = WORKERS,
        zone: tzinfo = UTC,
        timing: Timing | None = None,
        check_moves: bool = True,
    ) -> None:
        if not 0 < len(source) <= 255:
            raise InvalidValue("identity_form", field="source")
        self._source = source
        self._transport = transport
        self._user_id = user_id
        self._account_id = account_id
        self._workers = max(1, min(workers, MOST_WORKERS))
        self._zone = zone
        self._timing = timing or Timing()
        self._check_moves = check_moves

    @property
    def source(self) -> str:
        """Whose subjects these are."""
        return self._source

    def courses(self) -> CourseList:
        """Return the courses that the token's user teaches, or those of the account.

        Raises:
            CallError: when not even the first page could be had.
        """
        found: dict[str, CourseListing] = {}
        unread: list[UnreadRow] = []
        shortfalls: list[Shortfall] = []
        if self._account_id is None:
            pages = self._transport.get_pages(LIST_COURSES, OWN_COURSES, CourseSchema())
        else:
            path = {"account_id": self._account_id}
            pages = self._transport.get_pages(
                LIST_ACCOUNT_COURSES, ACCOUNT_COURSES, CourseSchema(), path=path
            )
        read = 0
        try:
            for page in pages:
                read += 1
                unread += page.unread("courses")
                for course in page.items:
                    found.setdefault(course.id, listing_of(course))
        except CallError as error:
            if not read or ends_the_pull(error):
                raise
            shortfalls.append(Shortfall(kind=ShortfallKind.PAGES_LOST, code=error.code))
        if unread:
            shortfalls.append(
                Shortfall(kind=ShortfallKind.ROWS_UNREADABLE, code="row_form", count=len(unread))
            )
        return CourseList(courses=tuple(found.values()), shortfalls=tuple(shortfalls), unread=tuple(unread))

    def rosters(
        self, courses: Sequence[CourseListing], *, tell: Tell | None = None
    ) -> Iterator[CourseRoster]:
        """Yield the roster of each course as it is whole, in any order, several at once.

        Raises:
            CallError: what concerns all of them: consent, token, scope, or a Canvas that is down.
        """
        down = _Streak(DOWN_AFTER)
        pull = in_parallel(
            courses,
            lambda course: self._course(course, down),
            workers=self._workers,
            tell=tell,
            ends_all=lambda error: True,  # what concerns one course is in its roster already
        )
        with closing(pull) as results:
            for result in results:
                if isinstance(result, Done):
                    yield result.value

    def _course(self, course: CourseListing, down: _Streak) -> CourseRoster:
        began = self._timing.now()
        reading = Reading(course=course)
        reading.read(self._transport, user_id=self._user_id, check_moves=self._check_moves)
        error = reading.failed
        refused = isinstance(error, Forbidden | NotFoundThere)
        if down.met(None if refused else error) and error is not None:
            raise error
        return reading.roster(pulled_at=began, zone=self._zone)


class _Streak:
    """Counts courses in a row of which nothing came, over all threads of a pull."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._count = 0

    def met(self, error: CallError | None) -> bool:
        """Note how a course went; tell whether it is enough."""
        with self._lock:
            self._count = 0 if error is None else self._count + 1
            return self._count >= self._most
