"""A source of rosters that is written down, for tests of what is built on one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from iepcore.errors import ConnectorError
from iepcore.people import (
    CourseList,
    CourseListing,
    CourseRoster,
    PullProgress,
    Shortfall,
    ShortfallKind,
)
from iepcore.ports import Tell


@dataclass(slots=True)
class ListedSource:
    """Gives the rosters it was given, in their order.

    ``listed`` says whether the list of courses is whole. Before the course ``break_at`` it raises ``error``.
    ``asked`` holds the courses that were read.
    """

    told: Sequence[CourseRoster] = ()
    source: str = "sis-1"
    listed: bool = True
    break_at: str = ""
    error: BaseException = field(default_factory=lambda: ConnectorError("no_answer"))
    asked: list[str] = field(default_factory=list)

    def courses(self) -> CourseList:
        """Return the courses of the rosters."""
        shortfalls = () if self.listed else (Shortfall(kind=ShortfallKind.PAGES_LOST),)
        return CourseList(courses=tuple(one.course for one in self.told), shortfalls=shortfalls)

    def rosters(
        self, courses: Sequence[CourseListing], *, tell: Tell | None = None
    ) -> Iterator[CourseRoster]:
        """Yield the rosters of ``courses``, ten rows and one page for each."""
        wanted = {one.id for one in courses}
        for roster in self.told:
            if roster.course.id not in wanted:
                continue
            if roster.course.id == self.break_at:
                raise self.error
            self.asked.append(roster.course.id)
            if tell is not None:
                done = len(self.asked)
                tell(PullProgress(done=done, of=len(wanted), pages=done, rows=done * 10))
            yield roster
