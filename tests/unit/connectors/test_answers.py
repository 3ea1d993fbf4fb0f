"""Answers: a bad row is a problem, not a lost page; nothing shows a body."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from marshmallow import fields

from connectors.canvas.dialect import CanvasDialect
from connectors.canvas.schemas import NothingSchema
from connectors.http import Answer, AnswerSchema, IdField, RowProblem, load_one, load_page
from connectors.http.errors import CallTrace, ProtocolFault, RateLimited
from connectors.http.exchange import Wish


@dataclass(frozen=True)
class Thing:
    id: str
    size: int = 0


class ThingSchema(AnswerSchema[Thing]):
    """A thing."""

    into = Thing
    id = IdField(required=True)
    size = fields.Integer(strict=True)


def answer(
    document: object, *, kind: str = "application/json; charset=utf-8", raw: bytes | None = None
) -> Answer:
    """Return an answer with this document, or with these raw bytes."""
    body = json.dumps(document).encode() if raw is None else raw
    trace = CallTrace(method="GET", template="/t", status=200)
    return Answer(
        trace=trace, url="https://c.example/t?name=Casey", headers={"Content-Type": kind}, body=body
    )


def test_rows_become_values_and_bad_rows_problems() -> None:
    """In order, each with its place; fields we do not know are left out."""
    rows = [{"id": 1, "more": "x"}, {"id": "a"}, 7, {"id": 2**63, "size": 3}, {"size": "Casey"}, None]

    page = load_page(ThingSchema(), answer(rows), number=4)

    assert 4 == page.number
    assert (Thing("1"), Thing(str(2**63), 3)) == page.items
    assert (
        RowProblem(index=1, fields=("id",)),
        RowProblem(index=2, fields=()),
        RowProblem(index=4, fields=("id", "size")),
        RowProblem(index=5, fields=()),
    ) == page.problems
    assert "Casey" not in repr(page)


@pytest.mark.parametrize("value", [True, -1, 1.0, "", "1 2", "１", "1" * 21, None, []])
def test_an_id_is_digits(value: object) -> None:
    """Nothing else gets through as somebody's id."""
    assert 1 == len(load_page(ThingSchema(), answer([{"id": value}]), number=1).problems)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (answer([], kind="text/html"), "not_json"),
        (answer([], kind=""), "not_json"),
        (answer(None, raw=b""), "not_json"),
        (answer(None, raw=b"[" * 100_000), "not_json"),
        (answer(None, raw=b"\xff\xfe"), "not_json"),
        (answer({}), "answer_form"),
        (answer("x"), "answer_form"),
    ],
)
def test_what_is_no_list_is_a_fault(given: Answer, code: str) -> None:
    """HTML with 200, an empty body, a bomb, an object."""
    with pytest.raises(ProtocolFault) as caught:
        load_page(ThingSchema(), given, number=1)
    assert code == caught.value.code


def test_one_thing_is_an_object() -> None:
    """Of the promised form; other JSON types are fine by their name."""
    assert Thing("5") == load_one(ThingSchema(), answer({"id": 5}, kind="application/vnd.api+json"))
    assert load_one(NothingSchema(), answer({"x": 1})) is None
    with pytest.raises(ProtocolFault):
        load_one(ThingSchema(), answer([{"id": 5}]))


def test_nothing_shows_what_it_carries() -> None:
    """Representations end in logs."""
    wish = Wish(trace=CallTrace(method="GET", template="/t"), url="https://c.example/?n=Casey", bearer="tok")

    assert "Answer(GET /t 200 -)" == repr(answer([{"name": "Casey"}]))
    assert "Wish(GET /t - -)" == repr(wish)


@pytest.mark.parametrize(
    ("remaining", "expected"),
    [("0.0", 5.0), ("-20", 7.0), ("45", 1.0), ("-900", 30.0), (None, 5.0), ("lots", 5.0)],
)
def test_the_wait_fits_the_bucket(remaining: str | None, expected: float) -> None:
    """Ten units leak each second, and one more request needs fifty."""
    headers = {} if remaining is None else {"X-Rate-Limit-Remaining": remaining}
    trace = CallTrace(method="GET", template="/", status=429)

    error = CanvasDialect().refusal(Answer(trace=trace, url="", headers=headers, body=b""))

    assert isinstance(error, RateLimited)
    assert expected == error.wait_seconds
