"""Courses, sections and enrollments, as far as we read them. Marks, scores and mail have no field."""

from __future__ import annotations

from dataclasses import dataclass, field

from marshmallow import fields

from connectors.http import AnswerSchema, IdField


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The term of a course."""

    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course. Of one that is locked by its dates Canvas tells the id alone."""

    id: str
    name: str | None = field(default=None, repr=False)
    course_code: str | None = field(default=None, repr=False)
    sis_course_id: str | None = None
    term: Term | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section; ``total_students`` counts its active and invited pupils, where Canvas tells it."""

    id: str
    name: str | None = field(default=None, repr=False)
    total_students: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody in a course. ``sis_user_id`` comes only to whoever may see the school's own numbers."""

    id: str
    name: str | None = field(default=None, repr=False)
    sis_user_id: str | None = field(default=None, repr=False)


WITHHELD = User(id="0")
"""Stands for a user that the answer has no field for, which is not the same as null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentRow:
    """One row: a person in a section. ``associated_user_id`` is whom an observer watches, or null.

    ``observed_user`` is ``WITHHELD`` in the rows of everybody but observers, in those of observers of nobody,
    and in theirs all when Canvas ignored our ``include[]`` (``enrollment_json``, read 2026-11).
    """

    id: str
    user_id: str
    course_section_id: str
    type: str
    role: str
    enrollment_state: str
    associated_user_id: str | None = None
    limit_privileges_to_course_section: bool | None = None
    start_at: str | None = None
    end_at: str | None = None
    updated_at: str | None = None
    user: User | None = None
    observed_user: User | None = WITHHELD


class TermSchema(AnswerSchema[Term]):
    """``term`` of a course."""

    into = Term
    name = fields.String(allow_none=True)


class CourseSchema(AnswerSchema[Course]):
    """``Course``."""

    into = Course
    id = IdField(required=True)
    name = fields.String(allow_none=True)
    course_code = fields.String(allow_none=True)
    sis_course_id = fields.String(allow_none=True)
    term = fields.Nested(TermSchema(), allow_none=True)


class SectionSchema(AnswerSchema[Section]):
    """``Section``."""

    into = Section
    id = IdField(required=True)
    name = fields.String(allow_none=True)
    total_students = fields.Integer(strict=True, allow_none=True)


class UserSchema(AnswerSchema[User]):
    """``User``."""

    into = User
    id = IdField(required=True)
    name = fields.String(allow_none=True)
    sis_user_id = fields.String(allow_none=True)


class EnrollmentSchema(AnswerSchema[EnrollmentRow]):
    """``Enrollment``."""

    into = EnrollmentRow
    id = IdField(required=True)
    user_id = IdField(required=True)
    course_section_id = IdField(required=True)
    type = fields.String(required=True)
    role = fields.String(required=True)
    enrollment_state = fields.String(required=True)
    associated_user_id = IdField(allow_none=True)
    limit_privileges_to_course_section = fields.Boolean(allow_none=True, truthy={True}, falsy={False})
    start_at = fields.String(allow_none=True)
    end_at = fields.String(allow_none=True)
    updated_at = fields.String(allow_none=True)
    user = fields.Nested(UserSchema(), allow_none=True)
    observed_user = fields.Nested(UserSchema(), allow_none=True)
