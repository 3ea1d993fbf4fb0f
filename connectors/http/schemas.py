"""What a row of another system must look like: schemas whose values come out frozen, and ids as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load

T = TypeVar("T")

LONGEST_ID = 20
"""Digits of the largest 64-bit number."""


class AnswerSchema(Schema, Generic[T]):
    """A schema for what another system answers: unknown fields are left out, values come out frozen."""

    class Meta:
        """Servers add fields; that breaks nothing here."""

        unknown = EXCLUDE

    into: ClassVar[Callable[..., Any]]

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Any:
        return type(self).into(**data)


class IdField(fields.Field[str]):
    """A vendor's numeric id, kept as text: servers send 64-bit numbers or strings of digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
            raise ValidationError("Not an id.")
        return text
