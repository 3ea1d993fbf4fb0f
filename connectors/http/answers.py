"""Answers of another system: read with a limit, checked for their type, loaded through a schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load

from connectors.http.errors import CallTrace, ProtocolFault

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer:
    """One whole answer. Its representation shows the trace only: the body may hold names."""

    trace: CallTrace
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def status(self) -> int:
        """The status code."""
        return self.trace.status or 0

    @property
    def is_json(self) -> bool:
        """Tell whether the answer calls itself JSON."""
        kind = self.headers.get("Content-Type", "").split(";")[0].strip().lower()
        return kind == "application/json" or kind.endswith("+json")

    def json(self) -> Any:
        """Return the parsed body.

        Raises:
            ProtocolFault: ``not_json`` for HTML, an empty body, or broken JSON.
        """
        if self.is_json:
            try:
                return json.loads(self.body)
            except (ValueError, RecursionError):
                pass
        raise ProtocolFault(self.trace, code="not_json")

    def __repr__(self) -> str:
        return f"Answer({self.trace})"


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
        if not (text.isascii() and text.isdigit() and len(text) <= 20):
            raise ValidationError("Not an id.")
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """A row that could not be read: its place on the page (from 0), the fields that were wrong, no value."""

    index: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list. ``number`` counts from 1; a bad row is a problem, never a lost page."""

    number: int
    items: tuple[T, ...]
    problems: tuple[RowProblem, ...] = ()


def load_one(schema: AnswerSchema[T], answer: Answer) -> T:
    """Return the one value of an answer.

    Raises:
        ProtocolFault: ``not_json`` or ``answer_form``.
    """
    document = answer.json()
    try:
        return cast("T", schema.load(document, many=False))
    except ValidationError:
        pass
    raise ProtocolFault(answer.trace, code="answer_form")


def load_page(schema: AnswerSchema[T], answer: Answer, *, number: int) -> Page[T]:
    """Return the rows of an answer that is a list.

    Raises:
        ProtocolFault: ``not_json``, or ``answer_form`` when it is no list.
    """
    rows = answer.json()
    if not isinstance(rows, list):
        raise ProtocolFault(answer.trace, code="answer_form")
    items: list[T] = []
    problems: list[RowProblem] = []
    for index, row in enumerate(rows):
        try:
            items.append(cast("T", schema.load(row, many=False)))
        except ValidationError as error:
            wrong = error.messages_dict if isinstance(error.messages, dict) else {}
            # Names of fields are ours unless they are marshmallow's own marks; values never come along.
            named = tuple(sorted(str(name) for name in wrong if name in schema.fields))
            problems.append(RowProblem(index=index, fields=named))
    return Page(number=number, items=tuple(items), problems=tuple(problems))
