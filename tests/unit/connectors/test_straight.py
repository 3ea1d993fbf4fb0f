"""The straight-line loader: the same values and errors as the schema it is made from, never a guess."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field, make_dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import (
    Schema,
    fields,
    validate,
)

from connectors.http import Answer, AnswerSchema, IdField, RowProblem, load_page
from connectors.http.errors import CallTrace
from connectors.http.straight import straight_loader
from iepcore.errors import InvalidValue
from tests.unit.connectors.straight_rows import LEFT_OUT, Watched, WatchedSchema, asked, drawn, straight


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    id: str
    title: str = "none"
    size: int | None = None
    seen: bool = False
    at: datetime | None = None
    on: date | None = None
    tags: list[str] = field(default_factory=lambda: ["new"])
    watched: Watched | None = None
    all_watched: list[Watched] = field(default_factory=list)
    kind: str = "plain"


class LineSchema(AnswerSchema[Line]):
    into = Line
    id = IdField(required=True, data_key="line_id")
    title = fields.String()
    size = fields.Integer(strict=True, allow_none=True)
    seen = fields.Boolean(load_default=True, truthy={True}, falsy={False})
    at = fields.AwareDateTime(load_default=None)
    on = fields.Date(allow_none=True)
    tags = fields.List(fields.String(validate=validate.Length(max=3)))
    watched = fields.Nested(WatchedSchema(), allow_none=True)
    all_watched = fields.List(fields.Nested(WatchedSchema()))
    kind = fields.String(validate=[validate.OneOf(["plain", "other"]), validate.Regexp("[po]")])


WHOLE: dict[str, Any] = {
    "line_id": 7,
    "title": "a",
    "size": 3,
    "seen": False,
    "at": "2026-10-01T15:00:00Z",
    "on": "2026-10-01",
    "tags": ["x"],
    "watched": {"id": "8", "note": None},
    "all_watched": [{"id": 9}],
    "kind": "other",
    "more": {"left": "out"},
}


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**21), 10**21),
    st.floats(),
    st.text(max_size=4),
    st.lists(st.none() | st.integers() | st.text(max_size=2), max_size=2),
    st.dictionaries(st.sampled_from(["id", "note", "x"]), st.none() | st.integers() | st.text(max_size=2)),
)
IDS = (
    st.integers(0, 10**20) | st.from_regex(r"[0-9]{1,21}", fullmatch=True) | st.sampled_from(["１", "²", "-"])
)
TIMES = st.datetimes(timezones=st.none() | st.just(UTC)).map(datetime.isoformat)
WATCHED = st.fixed_dictionaries({"id": IDS}, optional={"note": st.none() | st.text(max_size=3)})


def often(good: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly a right value, sometimes any."""
    return st.one_of(good, good, good, good, JUNK)


ROWS = st.fixed_dictionaries(
    {"line_id": often(IDS)},
    optional={
        "title": often(st.text(max_size=3)),
        "size": often(st.integers()),
        "seen": often(st.booleans()),
        "at": often(TIMES),
        "on": often(st.dates().map(date.isoformat)),
        "tags": often(st.lists(often(st.text(max_size=4)), max_size=3)),
        "watched": often(st.none() | WATCHED),
        "all_watched": often(st.lists(often(WATCHED), max_size=3)),
        "kind": often(st.sampled_from(["plain", "other", "wrong"])),
        "extra": JUNK,
    },
)


@given(row=often(ROWS))
def test_same_values_and_same_errors(row: Any) -> None:
    """Right, missing, null, of a wrong type, with more keys, nested: whatever comes."""
    assert asked(LineSchema(), row) == straight(LineSchema(), row)


# Any schema of fields that stand in ours, over rows made for it.
_FIELDS: dict[str, tuple[Callable[..., fields.Field[Any]], st.SearchStrategy[Any]]] = {
    "text": (fields.String, st.text(max_size=3)),
    "whole": (lambda **kw: fields.Integer(strict=True, **kw), st.integers()),
    "loose": (fields.Integer, st.integers() | st.floats() | st.just("12")),
    "yes": (fields.Boolean, st.booleans() | st.just("true")),
    "id": (IdField, IDS),
    "time": (fields.DateTime, TIMES),
    "aware": (fields.AwareDateTime, TIMES),
    "naive": (fields.NaiveDateTime, TIMES),
    "mail": (fields.Email, st.sampled_from(["a@x.example", "b"])),
    "part": (lambda **kw: fields.Nested(WatchedSchema, **kw), WATCHED),
    "parts": (lambda **kw: fields.Nested(WatchedSchema, many=True, **kw), st.lists(WATCHED, max_size=2)),
    "texts": (lambda **kw: fields.List(fields.String(allow_none=True), **kw), st.lists(st.text(max_size=2))),
    "mails": (lambda **kw: fields.List(fields.Email(), **kw), st.lists(st.just("a@x.example"), max_size=2)),
    "any": (fields.Raw, JUNK),
}


@st.composite
def schemas_and_rows(draw: st.DrawFn) -> tuple[Schema, Any]:
    """Draw a schema of up to five fields and a row, mostly one for it."""
    kinds = draw(st.lists(st.sampled_from(sorted(_FIELDS)), min_size=1, max_size=5, unique=True))
    declared: dict[str, Any] = {}
    members: list[Any] = []
    row: dict[str, Any] = {}
    for kind in kinds:
        make, good = _FIELDS[kind]
        key = f"{kind} '\"\\ @"
        choices = [{}, {"required": True}, {"allow_none": True}, {"load_default": None}, {"data_key": key}]
        options: dict[str, Any] = draw(st.sampled_from(choices))
        declared[kind] = make(**options)
        members.append((kind, Any, dataclasses.field(default=LEFT_OUT)))
        value = draw(st.just(LEFT_OUT) | often(good))
        if value is not LEFT_OUT:
            row[options.get("data_key", kind)] = value
    slots = draw(st.booleans())
    into = make_dataclass("Into", members, frozen=True, slots=slots, kw_only=True)
    return drawn("Drawn", into, **declared), row


@given(schemas_and_rows())
def test_whatever_the_schema(drawn: tuple[Schema, Any]) -> None:
    """Each kind of field, required or not, nullable or not, with defaults, under keys of any spelling."""
    schema, row = drawn

    assert straight_loader(schema) is not None
    # By their text: not-a-number equals nothing.
    assert repr(asked(schema, row)) == repr(straight(schema, row))


def test_a_whole_row_never_meets_marshmallow() -> None:
    """Otherwise nothing was won."""
    loader = straight_loader(LineSchema())

    assert loader is not None
    assert LineSchema().load(WHOLE) == loader(WHOLE)


def test_the_value_is_the_frozen_one() -> None:
    """Of its class, equal and equally hashed, closed to change."""
    loader = straight_loader(WatchedSchema())
    assert loader is not None
    value = loader({"id": 1})

    assert Watched is type(value)
    assert hash(Watched(id="1")) == hash(value)
    assert "Watched(id='1', note=None)" == repr(value)
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.id = "2"


def test_defaults_made_anew_are_new_each_time() -> None:
    """Two values never share a list."""
    loader = straight_loader(LineSchema())
    assert loader is not None
    one, other = loader({"line_id": 1}), loader({"line_id": 1})

    assert ["new"] == one.tags
    assert one.tags is not other.tags


def test_a_law_of_the_value_is_kept() -> None:
    """A class that looks at itself is built the usual way; what it refuses is a bad row, not a lost page."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Short:
        id: str

        def __post_init__(self) -> None:
            if len(self.id) > 2:
                raise InvalidValue("identity_form", field="id")

    class ShortSchema(AnswerSchema[Short]):
        into = Short
        id = IdField(required=True)

    trace = CallTrace(method="GET", template="/t", status=200)
    answer = Answer(
        trace=trace, url="", headers={"Content-Type": "application/json"}, body=b'[{"id": 1}, {"id": 123}]'
    )
    page = load_page(ShortSchema(), answer, number=1)

    assert (Short(id="1"),) == page.items
    assert (RowProblem(index=1, fields=("id",)),) == page.problems


def test_into_may_be_a_function() -> None:
    """It gets what is there; its own defaults stand for the rest."""

    def joined(*, first: str, second: str = "-") -> str:
        return first + second

    class JoinedSchema(AnswerSchema[str]):
        into = joined
        first = fields.String(required=True)
        second = fields.String()

    assert ("value", "a-") == straight(JoinedSchema(), {"first": "a"})
    assert ("value", "ab") == straight(JoinedSchema(), {"first": "a", "second": "b"})
    assert straight_loader(JoinedSchema()) is not None
