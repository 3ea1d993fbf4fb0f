"""Errors carry codes, ids and both versions, and nothing a person typed."""

from __future__ import annotations

import inspect

import pytest

from iepcore import errors
from iepcore.errors import (
    Busy,
    Conflict,
    ConnectorError,
    IepError,
    IllegalMove,
    InvalidRows,
    InvalidValue,
    NotFound,
    NotPermitted,
)

DRAWN = {
    InvalidValue: IepError,
    InvalidRows: InvalidValue,
    NotPermitted: IepError,
    NotFound: IepError,
    IllegalMove: IepError,
    Conflict: IepError,
    Busy: IepError,
    ConnectorError: IepError,
}


def test_tree_is_the_drawn_one() -> None:
    """Each class stands below the one it is drawn below, and the drawing names each."""
    found = {
        one: one.__bases__[0]
        for _, one in inspect.getmembers(errors, inspect.isclass)
        if issubclass(one, IepError) and one is not IepError
    }

    assert found == DRAWN
    assert all(one.__name__ in (errors.__doc__ or "") for one in (*DRAWN, IepError))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (IepError(), "error"),
        (InvalidValue(), "invalid_value"),
        (InvalidRows([]), "invalid_rows"),
        (NotPermitted(), "not_permitted"),
        (NotFound("goal"), "not_found"),
        (IllegalMove(), "illegal_move"),
        (Conflict("goal", current=1, yours=2), "stale_version"),
        (Busy(), "store_busy"),
        (ConnectorError(), "connector"),
    ],
)
def test_each_has_a_code_and_an_advice_of_its_own(error: IepError, code: str) -> None:
    """Without another word an error says its kind; the advice follows the code."""
    assert (code, f"advice.{code}") == (error.code, error.advice_key)
    assert str(error).startswith(code) or code in str(error)


def test_message_holds_code_and_parameters_in_order() -> None:
    """What a log shows is the code and sorted parameters; the parameters cannot be changed from outside."""
    given: dict[str, str | int] = {"limit": 40, "field": "parts"}
    error = IepError("too_many_parts", params=given, advice_key="advice.shorter")
    given["limit"] = 1

    assert ("too_many_parts", "field=parts", "limit=40") == error.args
    assert "advice.shorter" == error.advice_key


def test_invalid_value_names_its_field() -> None:
    """The field is an attribute and a parameter; without one neither is there."""
    assert {"field": "target", "low": 1} == InvalidValue("x", field="target", params={"low": 1}).params
    assert (None, {}) == (InvalidValue("x").field, InvalidValue("x").params)


def test_invalid_rows_keep_each_problem_with_its_place() -> None:
    """All are kept in order; the message counts them."""
    one, other = InvalidValue("a", field="x"), InvalidValue("b")
    rows = InvalidRows(iter([("line 2: x", one), ("line 9", other)]))  # type: ignore[arg-type]

    assert (("line 2: x", one), ("line 9", other)) == rows.problems
    assert {"count": 2} == rows.params


def test_conflict_carries_both_and_shows_neither() -> None:
    """Nothing is lost, and nothing of either version reaches the message."""
    error = Conflict("draft", current="her words", yours="my words")

    assert ("draft", "her words", "my words") == (error.kind, error.current, error.yours)
    assert "words" not in str(error)


def test_refusal_carries_its_citation_and_not_found_its_kind() -> None:
    """A screen can say which rule; outside both look the same."""
    assert "34 CFR 99.4" == NotPermitted("records_right_revoked", citation="34 CFR 99.4").citation
    assert "goal" == NotFound("goal").kind
