"""Who has other dates or extra time in one course: read only, and never a mark.

Vendor's pages: "Assignments" (``include[]=overrides``), "Quizzes", "Quiz Submissions" (instructure developer
documentation, read 2026-11). Classic quizzes only: Canvas documents no call that reads what New Quizzes
grant.
Requests: one chain of assignments, one of quizzes, one for each quiz.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from marshmallow import fields

from connectors.canvas.course_reader import PER_PAGE, ends_the_pull
from connectors.canvas.routes import LIST_ASSIGNMENTS, LIST_QUIZ_SUBMISSIONS, LIST_QUIZZES
from connectors.http import AnswerSchema, IdField, Page, Timing, Transport
from connectors.http.errors import CallError, Forbidden, NotFoundThere
from iepcore.people import Shortfall, ShortfallKind

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherDates:
    """Dates of an assignment that hold for some only: for named pupils, or for everybody of a section."""

    id: str
    assignment_id: str = "0"
    assignment_title: str = field(default="", repr=False)
    student_ids: tuple[str, ...] = ()
    section_id: str | None = None
    due_at: datetime | None = None
    unlock_at: datetime | None = None
    lock_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraTime:
    """What one pupil has more in one quiz: minutes, attempts, or open although it is locked for others."""

    quiz_id: str
    student_id: str
    quiz_title: str = field(default="", repr=False)
    extra_minutes: int = 0
    extra_attempts: int = 0
    is_unlocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseAccommodations:
    """What one course grants, as of ``read_at``. What is not in it is surely not granted only when
    ``complete``."""

    course_id: str
    read_at: datetime
    dates: tuple[OtherDates, ...] = ()
    extra: tuple[ExtraTime, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything could be read."""
        return not self.shortfalls

    def of(self, student_id: str) -> tuple[tuple[OtherDates, ...], tuple[ExtraTime, ...]]:
        """Return what is granted to one pupil by name."""
        return (
            tuple(one for one in self.dates if student_id in one.student_ids),
            tuple(one for one in self.extra if one.student_id == student_id),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Assignment:
    id: str
    name: str | None = None
    overrides: tuple[OtherDates, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quiz:
    id: str
    title: str | None = None


def _dates(
    *,
    id: str,
    student_ids: list[str] | None = None,
    course_section_id: str | None = None,
    due_at: datetime | None = None,
    unlock_at: datetime | None = None,
    lock_at: datetime | None = None,
) -> OtherDates:
    return OtherDates(
        id=id,
        student_ids=tuple(student_ids or ()),
        section_id=course_section_id,
        due_at=due_at,
        unlock_at=unlock_at,
        lock_at=lock_at,
    )


def _extra(
    *,
    quiz_id: str,
    user_id: str,
    extra_time: int | None = None,
    extra_attempts: int | None = None,
    manually_unlocked: bool | None = None,
) -> ExtraTime:
    return ExtraTime(
        quiz_id=quiz_id,
        student_id=user_id,
        extra_minutes=extra_time or 0,
        extra_attempts=extra_attempts or 0,
        is_unlocked=bool(manually_unlocked),
    )


class OverrideSchema(AnswerSchema[OtherDates]):
    """``AssignmentOverride``."""

    into = _dates
    id = IdField(required=True)
    student_ids = fields.List(IdField(), allow_none=True)
    course_section_id = IdField(allow_none=True)
    due_at = fields.AwareDateTime(allow_none=True)
    unlock_at = fields.AwareDateTime(allow_none=True)
    lock_at = fields.AwareDateTime(allow_none=True)


class AssignmentSchema(AnswerSchema[_Assignment]):
    """``Assignment``."""

    into = _Assignment
    id = IdField(required=True)
    name = fields.String(allow_none=True)
    overrides = fields.List(fields.Nested(OverrideSchema()), allow_none=True)


class QuizSchema(AnswerSchema[_Quiz]):
    """``Quiz``."""

    into = _Quiz
    id = IdField(required=True)
    title = fields.String(allow_none=True)


class QuizSubmissionSchema(AnswerSchema[ExtraTime]):
    """``QuizSubmission``."""

    into = _extra
    quiz_id = IdField(required=True)
    user_id = IdField(required=True)
    extra_time = fields.Integer(strict=True, allow_none=True)
    extra_attempts = fields.Integer(strict=True, allow_none=True)
    manually_unlocked = fields.Boolean(allow_none=True, truthy={True}, falsy={False})


class CanvasAccommodations:
    """Reads them, one course at a time, with the token of somebody who may see the course's assignments."""

    def __init__(self, transport: Transport, *, timing: Timing | None = None) -> None:
        self._transport = transport
        self._timing = timing or Timing()

    def course(self, course_id: str) -> CourseAccommodations:
        """Return what the course grants.

        Raises:
            CallError: consent, token, scope, or no road; anything else is a shortfall.
        """
        at = self._timing.now()
        shortfalls: list[Shortfall] = []
        path = {"course_id": course_id}
        params = (("include[]", "overrides"), *PER_PAGE)
        assignments = list(
            _rows(
                lambda: self._transport.get_pages(LIST_ASSIGNMENTS, params, AssignmentSchema(), path=path),
                shortfalls,
            )
        )
        if assignments and all(one.overrides is None for one in assignments):
            shortfalls.append(Shortfall(kind=ShortfallKind.FIELDS_WITHHELD, code="include_ignored"))
        quizzes = list(
            _rows(
                lambda: self._transport.get_pages(LIST_QUIZZES, PER_PAGE, QuizSchema(), path=path),
                shortfalls,
            )
        )
        return CourseAccommodations(
            course_id=course_id,
            read_at=at,
            dates=tuple(_named(one, assignment) for assignment in assignments for one in _own(assignment)),
            extra=tuple(one for quiz in quizzes for one in self._extra(course_id, quiz, shortfalls)),
            shortfalls=tuple(dict.fromkeys(shortfalls)),
        )

    def _extra(self, course_id: str, quiz: _Quiz, shortfalls: list[Shortfall]) -> Iterator[ExtraTime]:
        path = {"course_id": course_id, "quiz_id": quiz.id}
        found: dict[str, ExtraTime] = {}
        for one in _rows(
            lambda: self._transport.get_pages(
                LIST_QUIZ_SUBMISSIONS, PER_PAGE, QuizSubmissionSchema(), path=path
            ),
            shortfalls,
        ):
            if one.extra_minutes or one.extra_attempts or one.is_unlocked:
                # Several attempts are several rows that say the same.
                found[one.student_id] = ExtraTime(
                    quiz_id=quiz.id,
                    student_id=one.student_id,
                    quiz_title=quiz.title or "",
                    extra_minutes=one.extra_minutes,
                    extra_attempts=one.extra_attempts,
                    is_unlocked=one.is_unlocked,
                )
        yield from found.values()


def _rows(pages: Callable[[], Iterator[Page[T]]], shortfalls: list[Shortfall]) -> Iterator[T]:
    """Yield the rows of a list; what could not be read becomes a shortfall."""
    unread = 0
    try:
        for page in pages():
            unread += len(page.problems)
            yield from page.items
    except CallError as error:
        if ends_the_pull(error):
            raise
        refused = isinstance(error, Forbidden | NotFoundThere)
        kind = ShortfallKind.REFUSED if refused else ShortfallKind.PAGES_LOST
        shortfalls.append(Shortfall(kind=kind, code=error.code))
    if unread:
        shortfalls.append(Shortfall(kind=ShortfallKind.ROWS_UNREADABLE, code="row_form", count=unread))


def _own(assignment: _Assignment) -> Iterator[OtherDates]:
    """Yield the overrides that name pupils or a section; those of groups say nothing of one pupil."""
    for one in assignment.overrides or ():
        if one.student_ids or one.section_id:
            yield one


def _named(one: OtherDates, assignment: _Assignment) -> OtherDates:
    return OtherDates(
        id=one.id,
        assignment_id=assignment.id,
        assignment_title=assignment.name or "",
        student_ids=one.student_ids,
        section_id=one.section_id,
        due_at=one.due_at,
        unlock_at=one.unlock_at,
        lock_at=one.lock_at,
    )
