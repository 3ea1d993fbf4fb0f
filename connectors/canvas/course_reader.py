"""One course is read: a chain of sections, a chain of enrollments, and what says that this is not all.

Requests: 1 + ceil(E / 100), and one more for a list of several pages, whose first page is read again at
the end. What that cannot see: a row passed over on a later page, unless a pupil is missing by it (sections
say how many they have). Canvas' bookmarks stand still while rows come and go, so that only a row whose own
place in the order changes can be passed over at all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from connectors.canvas.mapping import (
    OBSERVER,
    PUPIL,
    TEST_PUPIL,
    enrollments_of,
    guardians_of,
    people_of,
    sections_of,
    state_of,
)
from connectors.canvas.roster_schemas import (
    WITHHELD,
    EnrollmentRow,
    EnrollmentSchema,
    Section,
    SectionSchema,
)
from connectors.canvas.routes import LIST_ENROLLMENTS, LIST_SECTIONS
from connectors.http import Pairs, Transport
from connectors.http.errors import (
    CallError,
    ConsentLost,
    Forbidden,
    NotFoundThere,
    ScopeMissing,
    TokenExpired,
    Unreachable,
)
from iepcore.people import (
    CourseListing,
    CourseRoster,
    EnrollmentState,
    Shortfall,
    ShortfallKind,
    UnreadRow,
)

PER_PAGE: Pairs = (("per_page", "100"),)
SECTION_PARAMS: Pairs = (("include[]", "total_students"), *PER_PAGE)
# Without states Canvas answers by who asks: administrators would get more than teachers.
STATES_ASKED = ("active", "invited", "creation_pending", "inactive")
ENROLLMENT_PARAMS: Pairs = (
    *(("state[]", state) for state in STATES_ASKED),
    ("include[]", "observed_users"),
    *PER_PAGE,
)
_SECTIONS, _ENROLLMENTS = SectionSchema(), EnrollmentSchema()
_STAFF = {"TeacherEnrollment", "TaEnrollment", "DesignerEnrollment"}


def ends_the_pull(error: CallError) -> bool:
    """Tell whether every other course would meet the same: no consent, no token, no scope, no road."""
    everywhere = isinstance(error, ConsentLost | TokenExpired | ScopeMissing)
    return everywhere or (isinstance(error, Unreachable) and not error.may_have_happened)


@dataclass(slots=True, kw_only=True)
class Reading:
    """What has been read of one course so far."""

    course: CourseListing
    sections: list[Section] = field(default_factory=list)
    rows: dict[str, EnrollmentRow] = field(default_factory=dict)
    shortfalls: list[Shortfall] = field(default_factory=list)
    unread: list[UnreadRow] = field(default_factory=list)
    pages: int = 0
    first_page: tuple[tuple[str, str, str | None], ...] = ()
    failed: CallError | None = None

    def read(self, transport: Transport, *, user_id: str | None, check_moves: bool) -> None:
        """Read both chains.

        Raises:
            CallError: only what ``ends_the_pull``; the rest becomes a shortfall.
        """
        path = {"course_id": self.course.id}
        try:
            for sections in transport.get_pages(LIST_SECTIONS, SECTION_PARAMS, _SECTIONS, path=path):
                self.sections += sections.items
                self.unread += sections.unread("sections")
        except CallError as error:
            self._lost(error)
            if self.failed is not None:
                return
        try:
            for page in transport.get_pages(LIST_ENROLLMENTS, ENROLLMENT_PARAMS, _ENROLLMENTS, path=path):
                self.pages += 1
                self.first_page = self.first_page or _marks(page.items)
                self.unread += page.unread("enrollments")
                # The same row on two pages is one row; the later page has the later word.
                self.rows.update((row.id, row) for row in page.items)
        except CallError as error:
            self._lost(error)
        else:
            if check_moves and self.pages > 1:
                self._look_again(transport, path)
        self._count_unread()
        self._judge(user_id)

    def roster(self, *, pulled_at: datetime, zone: tzinfo) -> CourseRoster:
        """Return what was read as our own values; the test pupil is nobody."""
        rows = [row for row in self.rows.values() if row.type != TEST_PUPIL]
        return CourseRoster(
            course=self.course,
            pulled_at=pulled_at,
            sections=sections_of(self.sections, rows),
            people=people_of(rows),
            enrollments=enrollments_of(rows, zone),
            guardians=guardians_of(rows),
            shortfalls=tuple(dict.fromkeys(self.shortfalls)),
            unread=tuple(self.unread),
        )

    def _lost(self, error: CallError) -> None:
        """Note that a chain broke off. ``failed``: nothing of the course could be read at all."""
        if ends_the_pull(error):
            raise error
        refused = isinstance(error, Forbidden | NotFoundThere)
        kind = ShortfallKind.REFUSED if refused else ShortfallKind.PAGES_LOST
        self.shortfalls.append(Shortfall(kind=kind, code=error.code))
        if not self.sections and not self.rows:
            self.failed = error

    def _look_again(self, transport: Transport, path: dict[str, str]) -> None:
        try:
            first = next(transport.get_pages(LIST_ENROLLMENTS, ENROLLMENT_PARAMS, _ENROLLMENTS, path=path))
        except CallError as error:
            if ends_the_pull(error):
                raise
            self.shortfalls.append(Shortfall(kind=ShortfallKind.MOVED_MEANWHILE, code="not_looked_again"))
            return
        if _marks(first.items) != self.first_page:
            self.shortfalls.append(Shortfall(kind=ShortfallKind.MOVED_MEANWHILE, code="first_page_differs"))

    def _count_unread(self) -> None:
        if self.unread:
            self.shortfalls.append(
                Shortfall(kind=ShortfallKind.ROWS_UNREADABLE, code="row_form", count=len(self.unread))
            )

    def _judge(self, user_id: str | None) -> None:
        """Say what the rows themselves give away of what is not among them."""
        rows = self.rows.values()
        # Canvas has no such field for an observer of nobody, whatever was asked.
        observers = [row for row in rows if row.type == OBSERVER and row.associated_user_id is not None]
        if observers and all(row.observed_user is WITHHELD for row in observers):
            self.shortfalls.append(
                Shortfall(kind=ShortfallKind.FIELDS_WITHHELD, code="include_ignored", count=len(observers))
            )
        nameless = sum(row.user is None for row in rows)
        if nameless:
            self.shortfalls.append(
                Shortfall(kind=ShortfallKind.FIELDS_WITHHELD, code="user_missing", count=nameless)
            )
        own = [
            row
            for row in rows
            if row.user_id == user_id and row.type in _STAFF and state_of(row) is EnrollmentState.ACTIVE
        ]
        if own and all(row.limit_privileges_to_course_section for row in own):
            self.shortfalls.append(Shortfall(kind=ShortfallKind.LIMITED_VIEW, code="own_section_only"))
        missing = 0 if self.shortfalls else self._pupils_missing()
        if missing:
            kind = ShortfallKind.MOVED_MEANWHILE if self.pages > 1 else ShortfallKind.LIMITED_VIEW
            self.shortfalls.append(Shortfall(kind=kind, code="fewer_than_counted", count=missing))

    def _pupils_missing(self) -> int:
        """Return how many pupils' rows the sections count and the enrollments do not show.

        Canvas counts rows of pupils that are active or invited, the test pupil left out
        (``course_section.rb``: ``students.not_fake_student``, read 2026-11).
        """
        seen = Counter(
            row.course_section_id
            for row in self.rows.values()
            if row.type == PUPIL and state_of(row) is not EnrollmentState.ENDED
        )
        return sum(max(0, (one.total_students or 0) - seen[one.id]) for one in self.sections)


def _marks(rows: tuple[EnrollmentRow, ...]) -> tuple[tuple[str, str, str | None], ...]:
    return tuple(dict.fromkeys((row.id, row.enrollment_state, row.updated_at) for row in rows))
