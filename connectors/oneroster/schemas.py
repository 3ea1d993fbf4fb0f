"""One schema per file and version: what a row says, as far as we read it. Values come out frozen.

A column that stands in no schema here never becomes a value. Names and addresses stay out of every
representation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load

from connectors.oneroster.columns import ENROLLMENT_ROLES, STATUSES, USER_ROLES

T = TypeVar("T")
_LONGEST_ID = 255


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A year, term or grading period."""

    id: str
    is_deleted: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class OrgRow:
    """A district, school or department."""

    id: str
    is_deleted: bool = False
    name: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class CourseRow:
    """What is taught, without who and when."""

    id: str
    is_deleted: bool = False
    title: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class: what we call a course."""

    id: str
    is_deleted: bool = False
    title: str = ""
    code: str = ""
    course_id: str = ""
    school_id: str = ""
    term_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UserRow:
    """A person. ``role`` is empty in 1.2 (roles have a file of their own) and for a row that is deleted."""

    id: str
    is_deleted: bool = False
    is_enabled: bool = True
    role: str = ""
    given_name: str = field(default="", repr=False)
    family_name: str = field(default="", repr=False)
    preferred_given_name: str = field(default="", repr=False)
    preferred_family_name: str = field(default="", repr=False)
    identifier: str = field(default="", repr=False)
    user_ids: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    agent_ids: tuple[str, ...] = ()
    grades: str = ""


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role of a person (1.2)."""

    user_id: str = ""
    is_deleted: bool = False
    role: str = ""
    begins_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class EnrollmentRow:
    """One person in one class. ``ends_on`` is the first day on which they are there no more."""

    class_id: str = ""
    user_id: str = ""
    is_deleted: bool = False
    role: str = ""
    begins_on: date | None = None
    ends_on: date | None = None


class Id(fields.Field[str]):
    """An id, opaque, of 1 to 255 characters; blank only where it is not required."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if len(value) > _LONGEST_ID or not value.isprintable() or (self.required and not value):
            raise ValidationError("Not an id.")
        return str(value)


class Ids(fields.Field[tuple[str, ...]]):
    """A list of ids with commas between them, each once."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> tuple[str, ...]:
        if not value:
            return ()
        found = tuple(dict.fromkeys(part for part in map(str.strip, value.split(",")) if part))
        if any(len(part) > _LONGEST_ID or not part.isprintable() for part in found):
            raise ValidationError("Not a list of ids.")
        return found


class Word(fields.Field[str]):
    """A word of a fixed list, whatever its letter case, in the list's own spelling; the standard's own
    extensions (``ext:...``) and blanks come through. ``required``: a blank is refused."""

    def __init__(self, words: Iterable[str], **more: Any) -> None:
        super().__init__(**more)
        self._words = {word.casefold(): word for word in words}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        word = self._words.get(value.casefold())
        if word is not None:
            return word
        if (not value and not self.required) or (value[:4].casefold() == "ext:" and len(value) <= 60):
            return str(value)
        raise ValidationError("Not in the list.")


class Deleted(fields.Field[bool]):
    """The column ``status``: blank and ``active`` are False, ``tobedeleted`` is True."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:
        word = value.casefold()
        if word and word not in STATUSES:
            raise ValidationError("Not a status.")
        return bool(word == "tobedeleted")


class Flag(fields.Field[bool]):
    """``true`` or ``false``; blank is True, for so the standard's files are meant."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:
        word = value.casefold()
        if word not in {"true", "false", ""}:
            raise ValidationError("Neither true nor false.")
        return bool(word != "false")


class Day(fields.Field[date | None]):
    """A day in ISO 8601, or an instant of which the day counts; blank is None."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> date | None:
        if not value:
            return None
        try:
            if len(value) > 10 and value[10] in "Tt ":
                value = value[:10]
            if len(value) != 10:
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError("Not a day.") from None


class Text(fields.Field[str]):
    """Words for people: on one line, at most 255 characters."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if len(value) > _LONGEST_ID:
            raise ValidationError("Too long.")
        return value if value.isprintable() else " ".join(value.split())


class RowSchema(Schema, Generic[T]):
    """A schema over the cells of one row."""

    class Meta:
        """Columns that are not ours do not reach a schema; were one to, it would be left out."""

        unknown = EXCLUDE

    into: ClassVar[Callable[..., Any]]
    """The frozen value."""

    _straight: list[tuple[str, str, Callable[..., Any]]] | None = None

    is_deleted = Deleted(data_key="status")

    def read(self, cells: Mapping[str, str]) -> T:
        """Return the value of one row. A row marked ``tobedeleted`` need tell its ids only.

        Rows that are as they should be, nearly all, are read by the fields alone: the same values, in a third
        of the time. Whatever a field refuses goes through ``load``, which names every column that is wrong.

        Raises:
            ValidationError: with the columns' names as keys.
        """
        if cells.get("status", "")[:1] in "tT" and cells.get("status"):
            cells = {column: text for column, text in cells.items() if text or column in self.ids}
            return cast("T", self.load(cells, partial=True))
        if self._straight is None:
            self._straight = [
                (one.data_key or name, name, one._deserialize) for name, one in self.load_fields.items()
            ]
        try:
            values = {
                name: read(cells[column], name, cells)
                for column, name, read in self._straight
                if column in cells
            }
            return cast("T", type(self).into(**values))
        except (ValidationError, TypeError):  # a cell is wrong, or a column that must be there is not
            return cast("T", self.load(cells))

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Any:
        return type(self).into(**data)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns this schema reads."""
        return tuple(one.data_key or name for name, one in self.fields.items())

    @property
    def ids(self) -> frozenset[str]:
        """The columns that say which row it is; they must be there even when it is deleted."""
        return frozenset(
            one.data_key or name for name, one in self.fields.items() if one.required and isinstance(one, Id)
        )

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that must be there."""
        return tuple(one.data_key or name for name, one in self.fields.items() if one.required)


class SessionSchema(RowSchema[SessionRow]):
    """``academicSessions.csv``."""

    into = SessionRow
    id = Id(data_key="sourcedId", required=True)
    title = Text()


class OrgSchema(RowSchema[OrgRow]):
    """``orgs.csv``."""

    into = OrgRow
    id = Id(data_key="sourcedId", required=True)
    name = Text()
    type = Text()


class CourseSchema(RowSchema[CourseRow]):
    """``courses.csv``."""

    into = CourseRow
    id = Id(data_key="sourcedId", required=True)
    title = Text()
    code = Text(data_key="courseCode")


class ClassSchema(RowSchema[ClassRow]):
    """``classes.csv``."""

    into = ClassRow
    id = Id(data_key="sourcedId", required=True)
    title = Text()
    code = Text(data_key="classCode")
    course_id = Id(data_key="courseSourcedId")
    school_id = Id(data_key="schoolSourcedId")
    term_ids = Ids(data_key="termSourcedIds")


class UserSchema(RowSchema[UserRow]):
    """``users.csv``, what both versions have."""

    into = UserRow
    id = Id(data_key="sourcedId", required=True)
    is_enabled = Flag(data_key="enabledUser")
    given_name = Text(data_key="givenName")
    family_name = Text(data_key="familyName")
    identifier = Id()
    user_ids = fields.String(data_key="userIds")
    email = Text()
    agent_ids = Ids(data_key="agentSourcedIds")
    grades = Text()


class UserSchema11(UserSchema):
    """``users.csv`` of 1.1: the role stands in the row."""

    role = Word(USER_ROLES["1.1"], required=True)


class UserSchema12(UserSchema):
    """``users.csv`` of 1.2: names that people prefer; roles stand in a file of their own."""

    preferred_given_name = Text(data_key="preferredGivenName")
    preferred_family_name = Text(data_key="preferredFamilyName")


class RoleSchema(RowSchema[RoleRow]):
    """``roles.csv`` (1.2)."""

    into = RoleRow
    user_id = Id(data_key="userSourcedId", required=True)
    role = Word(USER_ROLES["1.2"], required=True)
    begins_on = Day(data_key="beginDate")
    ends_on = Day(data_key="endDate")


class EnrollmentSchema(RowSchema[EnrollmentRow]):
    """``enrollments.csv``. An aide has no word of the standard's here, and is written all the same."""

    into = EnrollmentRow
    class_id = Id(data_key="classSourcedId", required=True)
    user_id = Id(data_key="userSourcedId", required=True)
    role = Word(ENROLLMENT_ROLES | {"aide"}, required=True)
    begins_on = Day(data_key="beginDate")
    ends_on = Day(data_key="endDate")


_SHARED: Mapping[str, RowSchema[Any]] = {
    "academicSessions.csv": SessionSchema(),
    "orgs.csv": OrgSchema(),
    "courses.csv": CourseSchema(),
    "classes.csv": ClassSchema(),
    "enrollments.csv": EnrollmentSchema(),
}

SCHEMAS: Mapping[str, Mapping[str, RowSchema[Any]]] = {
    "1.1": {**_SHARED, "users.csv": UserSchema11()},
    "1.2": {**_SHARED, "users.csv": UserSchema12(), "roles.csv": RoleSchema()},
}
"""Version -> file -> schema."""
