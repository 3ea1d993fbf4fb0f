"""Unfinished forms about a plan, kept as they were typed: valid or not, nothing of them is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, PartDraftId, PlanVersionId, StudentId

MOST_FIELDS = 400
MOST_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RawField:
    """One field of a form, as typed.

    Raises:
        InvalidValue: ``text_form`` (a NUL character, no name, or a name of more than 100 characters),
            ``text_too_long`` (more than 20,000 characters).
    """

    name: str
    value: str

    def __post_init__(self) -> None:
        if "\0" in self.name + self.value or not 0 < len(self.name) <= 100:
            raise InvalidValue("text_form", field="value")
        if len(self.value) > MOST_CHARACTERS:
            raise InvalidValue("text_too_long", field="value", params={"limit": MOST_CHARACTERS})


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDraft:
    """What one author has typed into one form so far. It is no part of the record, and only its author sees
    it.

    ``form`` says which form (a part of a plan by its name, or another such as ``notice``, ``wish`` or
    ``comment``); ``about`` which one of several; ``version_id`` the version of the plan it belongs to, None
    before there is one. ``started_from`` is the hash of what stood there when the author began ("" when
    nothing did).

    Raises:
        InvalidValue: ``too_many_fields`` (more than 400), ``text_form`` (``form`` or ``about``),
            ``version_range``.
    """

    id: PartDraftId
    student_id: StudentId
    author_id: AdultId
    form: str
    fields: tuple[RawField, ...]
    saved_at: datetime
    version_id: PlanVersionId | None = None
    about: str = ""
    started_from: str = ""
    version: int = 1

    def __post_init__(self) -> None:
        if len(self.fields) > MOST_FIELDS:
            raise InvalidValue("too_many_fields", field="fields", params={"limit": MOST_FIELDS})
        if not 0 < len(self.form) <= 40 or len(self.about) > 500 or "\0" in self.form + self.about:
            raise InvalidValue("text_form", field="form")
        if self.version < 1:
            raise InvalidValue("version_range", field="version")
