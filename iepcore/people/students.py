"""A student: the child a record is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, StudentId
from iepcore.language import normalise_tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """One child of the site. ``preferred_name`` is what sentences call the child.

    ``born_on`` may be unknown (a roster does not tell it). ``home_language`` is a BCP-47 tag.

    Raises:
        InvalidValue: ``name_empty``, ``name_too_long``, ``unknown_language``, ``version_range``.
    """

    id: StudentId
    legal_name: str
    preferred_name: str
    grade: str
    home_language: str
    created_by: AdultId
    created_at: datetime
    born_on: date | None = None
    left_on: date | None = None
    version: int = 1

    def __post_init__(self) -> None:
        check_name(self.legal_name, field="legal_name")
        check_name(self.preferred_name, field="preferred_name")
        object.__setattr__(self, "home_language", normalise_tag(self.home_language))
        if self.version < 1:
            raise InvalidValue("version_range", field="version")


def check_name(name: str, *, field: str) -> None:
    """Refuse an empty or over-long (120 characters) name or one with line breaks: ``name_empty``,
    ``name_too_long``, ``name_form``."""
    if not name.strip():
        raise InvalidValue("name_empty", field=field)
    if any(ch in name for ch in "\0\r\n"):
        raise InvalidValue("name_form", field=field)
    if len(name) > 120:
        raise InvalidValue("name_too_long", field=field, params={"limit": 120})
