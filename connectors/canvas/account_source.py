"""A whole account in one pull: the provisioning report as a source of rosters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from connectors.canvas.mapping import (
    RELATION,
    enrollments_of,
    guardians_of,
    people_of,
    sections_of,
    state_of,
)
from connectors.canvas.report import fetch_report
from connectors.canvas.report_tables import AccountTables, read_tables
from connectors.http import Timing, Transport
from iepcore.errors import InvalidValue
from iepcore.people import (
    CourseList,
    CourseListing,
    CourseRoster,
    EnrollmentState,
    GuardianLink,
    PullProgress,
    Shortfall,
    ShortfallKind,
    UnreadRow,
)

if TYPE_CHECKING:  # the ports know every room; a connector's import need not
    from iepcore.ports import Tell


class CanvasAccountSource:
    """``iepcore.ports.RosterSource`` over an administrator's provisioning report.

    One report serves one source: it is asked for with the first question and kept until the source goes. A
    link of the account counts in a course when both stand in that course and the observer has accepted.
    ``hear`` is told the report's progress in percent.

    Raises:
        InvalidValue: ``identity_form`` for a source's name that identities cannot carry.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        source: str,
        account_id: str,
        term_id: str | None = None,
        zone: tzinfo = UTC,
        timing: Timing | None = None,
        hear: Callable[[int], None] | None = None,
    ) -> None:
        if not 0 < len(source) <= 255:
            raise InvalidValue("identity_form", field="source")
        self._source = source
        self._transport = transport
        self._account_id = account_id
        self._term_id = term_id
        self._zone = zone
        self._timing = timing or Timing()
        self._hear = hear
        self._read: tuple[datetime, AccountTables] | None = None

    @property
    def source(self) -> str:
        """Whose subjects these are: the same as those of the account's courses one by one."""
        return self._source

    def courses(self) -> CourseList:
        """Return the account's courses that go on.

        Raises:
            CallError: when there is no report; see ``fetch_report`` and ``read_tables``.
        """
        _, tables = self._tables()
        unread = (row for row in tables.unread[""] if row.place == "courses.csv")
        shortfalls, rows = _with_unread(tables.shortfalls, tuple(unread))
        return CourseList(courses=tuple(tables.courses.values()), shortfalls=shortfalls, unread=rows)

    def rosters(
        self, courses: Sequence[CourseListing], *, tell: Tell | None = None
    ) -> Iterator[CourseRoster]:
        """Yield the roster of each course, in the order asked.

        Raises:
            CallError: when there is no report.
        """
        if not courses:
            return
        at, tables = self._tables()
        rows = 0
        for number, course in enumerate(courses, start=1):
            roster = self._roster(course, at, tables)
            rows += len(tables.rows.get(course.id, ()))
            if tell is not None:
                tell(PullProgress(done=number, of=len(courses), rows=rows))
            yield roster

    def _tables(self) -> tuple[datetime, AccountTables]:
        if self._read is None:
            # As of before the report: what happens while Canvas writes it may not be in it.
            at = self._timing.now()
            with fetch_report(
                self._transport,
                self._account_id,
                timing=self._timing,
                term_id=self._term_id,
                hear=self._hear,
            ) as file:
                self._read = at, read_tables(file)
        return self._read

    def _roster(self, course: CourseListing, at: datetime, tables: AccountTables) -> CourseRoster:
        if course.id not in tables.courses:
            gone = Shortfall(kind=ShortfallKind.REFUSED, code="not_found_there")
            return CourseRoster(course=course, pulled_at=at, shortfalls=(gone,))
        rows = tables.rows.get(course.id, [])
        named = dict.fromkeys(row.course_section_id for row in rows)
        here = {row.user_id for row in rows}
        accepted = {row.user_id for row in rows if state_of(row) is EnrollmentState.ACTIVE}
        links = [
            GuardianLink(guardian_subject=who, student_subject=whom, relation=RELATION)
            for who in sorted(accepted & tables.links.keys())
            for whom in sorted(tables.links[who] & here - {who})
        ]
        shortfalls, unread = _with_unread(
            tables.shortfalls, (*tables.unread.get(course.id, ()), *tables.unread.get("", ()))
        )
        return CourseRoster(
            course=course,
            pulled_at=at,
            sections=sections_of((tables.sections[key] for key in named if key in tables.sections), rows),
            people=people_of(rows),
            enrollments=enrollments_of(rows, self._zone),
            guardians=tuple(dict.fromkeys((*guardians_of(rows), *links))),
            shortfalls=shortfalls,
            unread=unread,
        )


def _with_unread(
    shortfalls: Sequence[Shortfall], unread: tuple[UnreadRow, ...]
) -> tuple[tuple[Shortfall, ...], tuple[UnreadRow, ...]]:
    if not unread:
        return tuple(dict.fromkeys(shortfalls)), ()
    counted = Shortfall(kind=ShortfallKind.ROWS_UNREADABLE, code="row_form", count=len(unread))
    return (*dict.fromkeys(shortfalls), counted), unread
