"""The rosters of one teacher's courses, or of a whole domain: every course whole, or marked as partial.

A page holds 30 people: a course costs ceil(students / 30) + ceil(teachers / 30) requests, at least two, and
the guardians of a domain one list of their own (``userProfiles/-/guardians``) instead of a request per child.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from connectors.google_classroom.mapping import listing_of
from connectors.google_classroom.reading import EVERYBODY, PAGE_SIZE, CourseReading, Guardians
from connectors.google_classroom.routes import LIST_COURSES, SOURCE
from connectors.google_classroom.schemas import CourseSchema
from connectors.http import Done, Pairs, Timing, Transport, concerns_all, in_parallel
from connectors.http.errors import CallError, Forbidden, NotFoundThere
from iepcore.errors import InvalidValue
from iepcore.people import (
    CourseList,
    CourseListing,
    CourseRoster,
    PullProgress,
    Shortfall,
    ShortfallKind,
    UnreadRow,
)

if TYPE_CHECKING:  # the ports know every room; a connector's import need not
    from iepcore.ports import Tell

WORKERS, MOST_WORKERS = 8, 8
DOWN_AFTER = 3
"""So many courses in a row of which nothing could be read: Google is down, and the pull ends."""

_FIELDS = ("fields", "nextPageToken,courses(id,name,section)")


class GoogleSource:
    """``iepcore.ports.RosterSource`` over the Classroom API.

    ``source`` is the name under which identities are kept. With ``whole_domain`` the courses are those of
    everybody and the guardians come in one list: a domain administrator's token. Otherwise they are the
    courses that the token's owner teaches, and guardians are asked for one student at a time, for those of
    ``guardians_of`` only. ``everybodys_guardians`` set to False leaves them out.

    Raises:
        InvalidValue: ``identity_form`` for a source's name that identities cannot carry.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        source: str = SOURCE,
        whole_domain: bool = False,
        everybodys_guardians: bool = True,
        guardians_of: Collection[str] = (),
        workers: int = WORKERS,
        timing: Timing | None = None,
    ) -> None:
        if not 0 < len(source) <= 255:
            raise InvalidValue("identity_form", field="source")
        self._source = source
        self._transport = transport
        self._whole_domain = whole_domain
        if whole_domain:
            everybody: tuple[str, ...] = (EVERYBODY,)
            self._guardian_jobs = everybody if everybodys_guardians else ()
        else:
            self._guardian_jobs = tuple(sorted(set(guardians_of)))
        self._workers = max(1, min(workers, MOST_WORKERS))
        self._timing = timing or Timing()

    @property
    def source(self) -> str:
        """Whose subjects these are."""
        return self._source

    def courses(self) -> CourseList:
        """Return the active courses that the token's owner teaches, or those of the domain.

        Raises:
            CallError: when not even the first page could be had.
        """
        found: dict[str, CourseListing] = {}
        unread: list[UnreadRow] = []
        shortfalls: list[Shortfall] = []
        whose: Pairs = () if self._whole_domain else (("teacherId", "me"),)
        params: Pairs = (*whose, ("courseStates", "ACTIVE"), PAGE_SIZE, _FIELDS)
        read = 0
        try:
            for page in self._transport.get_pages(LIST_COURSES, params, CourseSchema()):
                read += 1
                unread += page.unread("courses")
                for row in page.items:
                    found.setdefault(row.id, listing_of(row))
        except CallError as error:
            if not read or concerns_all(error):
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

        The guardians are read beside the first courses, which wait for them: as values, a few hundred bytes
        per person.

        Raises:
            CallError: what concerns all of them: consent, token, scope, or a Google that is down.
        """
        if not courses:
            return
        jobs: list[CourseListing | str] = [*self._guardian_jobs, *courses]
        guardians, missing = Guardians(), len(self._guardian_jobs)
        waiting: list[CourseReading] = []
        silent = 0
        pull = in_parallel(
            jobs,
            self._read,
            workers=self._workers,
            tell=_told_of_courses(tell, missing),
            ends_all=lambda error: True,  # what concerns one course is in its reading already
        )
        with closing(pull) as results:
            for result in results:
                if not isinstance(result, Done):
                    continue
                if isinstance(result.value, Guardians):
                    guardians.add(result.value)
                    missing -= 1
                else:
                    error = result.value.failed
                    down = error is not None and not isinstance(error, Forbidden | NotFoundThere)
                    silent = silent + 1 if down else 0
                    if error is not None and silent >= DOWN_AFTER:
                        raise error
                    waiting.append(result.value)
                if not missing:
                    while waiting:
                        yield waiting.pop().roster(guardians)

    def _read(self, job: CourseListing | str) -> CourseReading | Guardians:
        if isinstance(job, str):
            guardians = Guardians()
            guardians.read(self._transport, job)
            return guardians
        reading = CourseReading(course=job, pulled_at=self._timing.now())
        reading.read(self._transport)
        return reading


def _told_of_courses(tell: Tell | None, others: int) -> Tell | None:
    """Return a listener that hears of courses only; ``others`` jobs are not courses.

    They count as the last to end, so that what is told never runs ahead.
    """
    if tell is None or not others:
        return tell

    def told(progress: PullProgress) -> None:
        tell(
            PullProgress(
                done=max(0, progress.done - others),
                of=progress.of - others,
                pages=progress.pages,
                rows=progress.rows,
            )
        )

    return told
