"""One document per value: a strict marshmallow schema made from each value's own fields, so none is
forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, is_dataclass
from dataclasses import fields as fields_of
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields, post_load

from iepcore.access import AuditEvent, BreakGlass, Disclosure, RecordRequest
from iepcore.calendars import SchoolYear, SiteChoices, TimelineEvent
from iepcore.errors import InvalidRows, InvalidValue
from iepcore.family import (
    ContactLogEntry,
    Draft,
    HomeObservation,
    Message,
    MessageOpened,
    Thread,
    Translation,
    TranslationRequest,
)
from iepcore.language import Part
from iepcore.notices import GradebookWord, KeptReply, OutboxItem, RoadConsent
from iepcore.people import (
    AccessWindow,
    Adult,
    Appointment,
    Assignment,
    CourseState,
    GuardianHint,
    Identity,
    LegalHold,
    LinkHint,
    MatchDoubt,
    Relationship,
    RightsTransfer,
    RosterFeed,
    RosterMember,
    RosterRun,
    Student,
    Suspension,
)
from iepcore.plan import DataPoint, Goal, Trial, TrialSet
from iepcore.plan.document import (
    CopySent,
    DutyReceipt,
    FamilyWish,
    ParentConsent,
    PartAnswer,
    PartDraft,
    PlanComment,
    PlanVersion,
    WrittenNotice,
)
from iepcore.progress import Criterion, Reading
from iepcore.schemas.fields import (
    Coded,
    Instant,
    Number,
    criterion_from_json,
    criterion_to_json,
    part_from_json,
    part_to_json,
)
from iepcore.schemas.readings import reading_from_json, reading_to_json

V = TypeVar("V")

_KINDS: dict[str, type[Any]] = {
    "adult": Adult,
    "student": Student,
    "identity": Identity,
    "appointment": Appointment,
    "relationship": Relationship,
    "assignment": Assignment,
    "rights_transfer": RightsTransfer,
    "access_window": AccessWindow,
    "roster_member": RosterMember,
    "link_hint": LinkHint,
    "guardian_hint": GuardianHint,
    "roster_feed": RosterFeed,
    "roster_run": RosterRun,
    "course_state": CourseState,
    "match_doubt": MatchDoubt,
    "school_year": SchoolYear,
    "site_choices": SiteChoices,
    "timeline_event": TimelineEvent,
    "goal": Goal,
    "plan_version": PlanVersion,
    "written_notice": WrittenNotice,
    "parent_consent": ParentConsent,
    "family_wish": FamilyWish,
    "plan_comment": PlanComment,
    "part_answer": PartAnswer,
    "part_draft": PartDraft,
    "duty_receipt": DutyReceipt,
    "copy_sent": CopySent,
    "trial_set": TrialSet,
    "trial": Trial,
    "data_point": DataPoint,
    "thread": Thread,
    "message": Message,
    "message_opened": MessageOpened,
    "home_observation": HomeObservation,
    "contact": ContactLogEntry,
    "translation_request": TranslationRequest,
    "translation": Translation,
    "draft": Draft,
    "outbox_item": OutboxItem,
    "road_consent": RoadConsent,
    "kept_reply": KeptReply,
    "gradebook_word": GradebookWord,
    "suspension": Suspension,
    "legal_hold": LegalHold,
    "disclosure": Disclosure,
    "record_request": RecordRequest,
    "break_glass": BreakGlass,
    "audit_event": AuditEvent,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
KIND_NAMES: tuple[str, ...] = tuple(_KINDS)
"""The kinds of an export, in the order in which they can be read back."""


def dump(value: object) -> dict[str, Any]:
    """Return a stored value as a JSON document with its ``type``.

    Raises:
        InvalidValue: ``unknown_kind`` for something that is no stored value.
    """
    name = _NAMES.get(type(value))
    if name is None:
        raise InvalidValue("unknown_kind", field="type")
    document: dict[str, Any] = {"type": name}
    document.update(_schema(type(value)).dump(value))
    return document


def load(document: Mapping[str, Any]) -> object:
    """Return the value of a document; ``load(dump(value)) == value``.

    Raises:
        InvalidValue: ``unknown_kind``.
        InvalidRows: with one problem per field (its name as the place); nothing of the document is taken.
    """
    kind = _KINDS.get(str(document.get("type")))
    if kind is None:
        raise InvalidValue("unknown_kind", field="type")
    raw = {name: value for name, value in document.items() if name != "type"}
    try:
        return _schema(kind).load(raw)
    except ValidationError as refused:
        places = sorted(refused.messages_dict)
        raise InvalidRows([(place, InvalidValue("field_refused", field=place)) for place in places]) from None


def dump_part(value: object) -> dict[str, Any]:
    """Return a value that is part of a stored one, such as the contents of a plan, as a JSON document."""
    document: dict[str, Any] = _schema(type(value)).dump(value)
    return document


def load_part(kind: type[V], document: Mapping[str, Any]) -> V:
    """Return the part of that kind; ``load_part(type(part), dump_part(part)) == part``.

    Raises:
        InvalidRows: with one problem per field.
    """
    try:
        part: V = _schema(kind).load(document)
    except ValidationError as refused:
        places = sorted(refused.messages_dict)
        raise InvalidRows([(place, InvalidValue("field_refused", field=place)) for place in places]) from None
    return part


_MADE: dict[type[Any], Schema] = {}


def _schema(kind: type[Any]) -> Schema:
    """Return the schema of a value class, made once."""
    if kind not in _MADE:
        _MADE[kind] = _make(kind)
    return _MADE[kind]


def _make(kind: type[Any]) -> Schema:
    """Return a new schema from the type hints of a value class."""
    hints = get_type_hints(kind)
    made: dict[str, Any] = {
        one.name: _field(hints[one.name], required=one.default is MISSING and one.default_factory is MISSING)
        for one in fields_of(kind)
    }

    def build(self: Schema, data: dict[str, Any], **kwargs: Any) -> Any:
        try:
            return kind(**data)
        except InvalidValue as refused:
            raise ValidationError(f"Refused: {refused.code}.", refused.field or "_schema") from None

    made["build"] = post_load(build)
    made["Meta"] = type("Meta", (), {"unknown": RAISE, "register": False})
    schema: Schema = type(f"{kind.__name__}Schema", (Schema,), made)()
    return schema


def _field(hint: Any, *, required: bool) -> fields.Field[Any]:
    options: dict[str, Any] = {"required": required}
    if hint == Part:
        return Coded(part_to_json, part_from_json, **options)
    if hint == Criterion:
        return Coded(criterion_to_json, criterion_from_json, **options)
    if hint == Reading:
        return Coded(reading_to_json, reading_from_json, **options)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _optional(arguments, required=required)
    if origin is tuple:
        item = _field(arguments[0], required=True)
        return _Many(item, tuple, **options)
    if origin is frozenset:
        return _Many(_field(arguments[0], required=True), frozenset, **options)
    plain = getattr(hint, "__supertype__", hint)
    if plain is UUID:
        return fields.UUID(**options)
    if plain is datetime:
        return Instant(**options)
    if plain is date:
        return fields.Date(format="iso", **options)
    if plain is bool:
        return fields.Boolean(truthy={True}, falsy={False}, **options)
    if plain is int:
        return fields.Integer(strict=True, **options)
    if plain is float:
        return Number(**options)
    if plain is str:
        return fields.String(**options)
    if isinstance(plain, type) and issubclass(plain, StrEnum):
        return fields.Enum(plain, by_value=True, **options)
    assert is_dataclass(plain), f"no field for {hint}"
    return fields.Nested(lambda: _schema(plain), **options)  # type: ignore[arg-type]


def _optional(arguments: tuple[Any, ...], *, required: bool) -> fields.Field[Any]:
    """Return the field of ``X | None``, or of an id that may be one of two kinds (both UUIDs)."""
    present = [one for one in arguments if one is not NoneType]
    field = _field(present[0], required=required)
    field.allow_none = NoneType in arguments
    return field


class _Many(fields.Field[Any]):
    """A tuple or a set as a list; a set is written in a fixed order, so that equal values give equal
    files."""

    def __init__(self, item: fields.Field[Any], to: type[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._list = fields.List(item)
        self._to = to

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        ordered = sorted(value, key=str) if self._to is frozenset else list(value)
        return self._list._serialize(ordered, attr, obj, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        return self._to(self._list.deserialize(value, attr, data, **kwargs))
