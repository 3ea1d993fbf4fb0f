"""What the straight-line loader leaves to marshmallow, and what it asks: whoever has ways of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from enum import Enum
from typing import Any, ClassVar

import pytest
from marshmallow import (
    INCLUDE,
    RAISE,
    Schema,
    fields,
    post_load,
    pre_load,
    validates_schema,
)
from marshmallow import validates as validates_field

from connectors.http import AnswerSchema, IdField
from connectors.http.straight import ODD, straight_loader
from tests.unit.connectors.straight_rows import LEFT_OUT, Watched, WatchedSchema, asked, drawn, straight


class _Parent(AnswerSchema[Watched]):
    into = Watched
    id = IdField(required=True)


class _Before(_Parent):
    @pre_load
    def _first(self, data: Any, **_: Any) -> Any:
        return data


class _After(_Parent):
    @post_load
    def _then(self, data: Any, **_: Any) -> Any:
        return data


class _OneLooked(_Parent):
    @validates_field("id")
    def _look(self, value: str, **_: Any) -> None:
        """Look."""


class _AllLooked(_Parent):
    @validates_schema
    def _look(self, data: Any, **_: Any) -> None:
        """Look."""


class _OwnWay(_Parent):
    def load(self, data: Any, **kwargs: Any) -> Any:
        return super().load(data, **kwargs)


class _Keeping(_Parent):
    class Meta:
        unknown = INCLUDE


class _Anything(AnswerSchema[dict[str, Any]]):
    @staticmethod
    def into(**values: Any) -> dict[str, Any]:
        return values

    id = IdField(required=True)


class _TooFew(AnswerSchema[Watched]):
    into = Watched
    note = fields.String()


class _TooMany(_Parent):
    other = fields.String()


class _Nothing(AnswerSchema[Any]):
    id = IdField()


@pytest.mark.parametrize(
    "schema",
    [
        _Before,
        _After,
        _OneLooked,
        _AllLooked,
        _OwnWay,
        _Keeping,
        _Anything,
        _TooFew,
        _TooMany,
        _Nothing,
        lambda: WatchedSchema(only=["id"]),
        lambda: WatchedSchema(exclude=["note"]),
        lambda: WatchedSchema(partial=True),
        lambda: WatchedSchema(many=True),
        lambda: WatchedSchema(unknown=INCLUDE),
        lambda: WatchedSchema(dump_only=["note"]),
        Schema,
    ],
)
def test_a_schema_with_ways_of_its_own_is_left_to_marshmallow(schema: Callable[[], Schema]) -> None:
    """Nothing is guessed."""
    assert straight_loader(schema()) is None


class Two(Enum):
    """One or the other."""

    A = 1
    B = 2


class Shouted(fields.String):
    """A field of another make."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return super()._deserialize(value, *args, **kwargs).upper()


class _Tree(AnswerSchema[Watched]):
    into = Watched
    id = IdField(required=True)
    note = fields.Nested(lambda: _Tree(), allow_none=True)


@pytest.mark.parametrize(
    ("note", "values"),
    [
        (Shouted(), ["a", None, 1]),
        (fields.String(pre_load=[str]), ["a", 1]),
        (fields.String(post_load=[str.upper]), ["a", 1]),
        (fields.Boolean(truthy={"y"}, falsy={"n"}), ["y", True, "n"]),
        (fields.Boolean(truthy=set(), falsy=set()), [True, 0, "n"]),
        (fields.DateTime(format="rfc"), ["Thu, 01 Oct 2026 15:00:30 GMT", "2026-10-01T15:00:00Z"]),
        (fields.AwareDateTime(default_timezone=UTC), ["2026-10-01T15:00:00", "2026-10-01T15:00:00+02:00"]),
        (fields.Nested(_Before), [{"id": 1}, {"id": None}]),
        (fields.Nested(_Before, many=True), [[{"id": 1}], {"id": 1}]),
        (fields.Nested(WatchedSchema, unknown=RAISE), [{"id": 1}, {"id": 1, "x": 1}]),
        (fields.Nested(WatchedSchema, only=["id"]), [{"id": 1, "note": "x"}]),
        (fields.Nested(WatchedSchema(many=True)), [[{"id": 1}], {"id": 1}, [1], None]),
        (
            fields.Nested(_Tree),
            [{"id": 1, "note": {"id": 2, "note": None}}, {"id": 1, "note": {"id": "x"}}],
        ),
        (fields.List(Shouted()), [["a"], [1]]),
        (fields.String(load_default=lambda: "made"), [LEFT_OUT, "a"]),
        (fields.String(validate=lambda text: None), ["a"]),
        (fields.Constant("c"), ["a", LEFT_OUT]),
        (fields.Enum(Two), ["A", "C"]),
    ],
)
def test_a_field_with_ways_of_its_own_is_asked(note: fields.Field[Any], values: list[Any]) -> None:
    """Within a loader that does the rest."""
    schema = drawn("Asked", Watched, id=IdField(required=True), note=note)

    for value in values:
        row = {"id": 1} | ({} if value is LEFT_OUT else {"note": value})
        assert asked(schema, row) == straight(schema, row)


def test_a_row_that_is_no_plain_dictionary_is_odd() -> None:
    """A mapping that marshmallow takes, a list, nothing."""

    class Own(dict[str, Any]):
        """A dictionary that may answer as it likes."""

    loader = straight_loader(WatchedSchema())
    assert loader is not None
    rows: list[Any] = [Own(id=1), [("id", 1)], None, "id"]

    assert [ODD] * 4 == [loader(row) for row in rows]


@dataclass(frozen=True, kw_only=True)
class _Open:
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Below(Watched):
    more: str = ""


class _Meta(type):
    """A class of classes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Odder(metaclass=_Meta):
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    made: ClassVar[int] = 0
    id: str
    size: int = field(init=False, default=2)


@dataclass(frozen=True, slots=True)
class _Placed:
    id: str


@dataclass(init=False, slots=True)
class _Written:
    id: str

    def __init__(self, id: str) -> None:
        self.id = id + "!"


@pytest.mark.parametrize("into", [_Open, _Below, _Odder, _Counted, _Placed, _Written])
def test_any_class_may_be_the_value(into: type) -> None:
    """Without slots, below another, with a member of its own making: by its own ``__init__`` then."""
    schema = drawn("Into", into, id=IdField(required=True))
    made = straight(schema, {"id": 5})

    assert into is type(made[1])
    assert repr(asked(schema, {"id": 5})) == repr(made)
    assert straight_loader(schema) is not None
