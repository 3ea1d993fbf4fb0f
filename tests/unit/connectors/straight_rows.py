"""What the tests of the straight-line loader share: a small schema, and both ways of loading."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields

from connectors.http import AnswerSchema, IdField
from connectors.http.straight import ODD, straight_loader

LEFT_OUT = object()
_serial = itertools.count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Somebody."""

    id: str
    note: str | None = None


class WatchedSchema(AnswerSchema[Watched]):
    """Somebody."""

    into = Watched
    id = IdField(required=True)
    note = fields.String(allow_none=True)


def asked(schema: Schema, row: Any) -> tuple[str, Any]:
    """Return what marshmallow alone makes of a row: a value, or its errors."""
    try:
        return "value", schema.load(row, many=False)
    except ValidationError as error:
        return "errors", error.messages


def straight(schema: Schema, row: Any) -> tuple[str, Any]:
    """Return what comes out when the straight loader goes first."""
    loader = straight_loader(schema)
    value = ODD if loader is None else loader(row)
    return asked(schema, row) if value is ODD else ("value", value)


def drawn(name: str, into: Any, **declared: Any) -> AnswerSchema[Any]:
    """Return a schema made on the spot."""
    made: AnswerSchema[Any] = type(f"{name}{next(_serial)}", (AnswerSchema,), {"into": into, **declared})()
    return made
