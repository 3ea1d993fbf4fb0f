"""Answers of another system: read with a limit, checked for their type, loaded through a schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from marshmallow import ValidationError

from connectors.http.errors import CallTrace, ProtocolFault
from connectors.http.schemas import AnswerSchema
from connectors.http.straight import ODD, straight_loader
from iepcore.errors import InvalidValue

if TYPE_CHECKING:  # the room of people is larger than this one
    from iepcore.people import UnreadRow

T = TypeVar("T")
_UNREAD = object()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer:
    """One whole answer. Its representation shows the trace only: the body may hold names."""

    trace: CallTrace
    url: str
    headers: Mapping[str, str]
    body: bytes
    _document: Any = field(default=_UNREAD, init=False, compare=False)

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
        """Return the parsed body, parsed once.

        Raises:
            ProtocolFault: ``not_json`` for HTML, an empty body, or broken JSON.
        """
        if self._document is not _UNREAD:
            return self._document
        if self.is_json:
            try:
                document = json.loads(self.body)
            except (ValueError, RecursionError):
                pass
            else:
                object.__setattr__(self, "_document", document)
                return document
        raise ProtocolFault(self.trace, code="not_json")

    def __repr__(self) -> str:
        return f"Answer({self.trace})"


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

    def unread(self, place: str) -> tuple[UnreadRow, ...]:
        """Return the rows that could not be read, as a person counts: ``place`` and page, line from 1."""
        from iepcore.people import UnreadRow

        return tuple(
            UnreadRow(
                place=f"{place} page {self.number}",
                line=problem.index + 1,
                code="row_form",
                fields=problem.fields,
            )
            for problem in self.problems
        )


def load_one(schema: AnswerSchema[T], answer: Answer) -> T:
    """Return the one value of an answer.

    Raises:
        ProtocolFault: ``not_json`` or ``answer_form``.
    """
    document = answer.json()
    try:
        return cast("T", schema.load(document, many=False))
    except (ValidationError, InvalidValue):
        pass
    raise ProtocolFault(answer.trace, code="answer_form")


def rows_of(answer: Answer, key: str | None = None, *, may_lack: bool = False) -> list[Any]:
    """Return the rows of an answer: the answer itself, or the list under ``key`` in it.

    ``may_lack``: an object without the key is an empty list (Google leaves out what is empty), unless it
    speaks of an error.

    Raises:
        ProtocolFault: ``not_json``, or ``answer_form`` when there is no list.
    """
    document = answer.json()
    if key is None:
        rows = document
    elif not isinstance(document, dict):
        rows = None
    elif may_lack and key not in document and not {"error", "errors"} & document.keys():
        rows = []
    else:
        rows = document.get(key)
    if not isinstance(rows, list):
        raise ProtocolFault(answer.trace, code="answer_form")
    return rows


def load_page(
    schema: AnswerSchema[T], answer: Answer, *, number: int, rows: str | None = None, may_lack: bool = False
) -> Page[T]:
    """Return the rows of an answer (see ``rows_of``) as values; a bad row is a problem of the page.

    Raises:
        ProtocolFault: ``not_json``, or ``answer_form`` when it is no list.
    """
    items: list[T] = []
    problems: list[RowProblem] = []
    straight = straight_loader(schema)
    for index, row in enumerate(rows_of(answer, rows, may_lack=may_lack)):
        try:
            value = ODD if straight is None else straight(row)
            items.append(cast("T", schema.load(row, many=False) if value is ODD else value))
        except ValidationError as error:
            wrong = error.messages_dict if isinstance(error.messages, dict) else {}
            # Names of fields are ours unless they are marshmallow's own marks; values never come along.
            named = tuple(sorted(str(name) for name in wrong if name in schema.fields))
            problems.append(RowProblem(index=index, fields=named))
        except InvalidValue as error:
            # The value itself has a law (an id that is too long): the row is bad, not the page.
            problems.append(RowProblem(index=index, fields=(error.field,) if error.field else ()))
    return Page(number=number, items=tuple(items), problems=tuple(problems))
