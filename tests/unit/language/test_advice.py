"""Every refusal that can reach a person says what to do next."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from iepcore import errors
from iepcore.errors import (
    Conflict,
    ConnectorError,
    IepError,
    InvalidRows,
    InvalidValue,
    NotFound,
    NotPermitted,
)
from iepcore.language import Phrase, advice_phrase, render
from tests.unit.language.po_files import ROOT, messages

ROOMS = ("ids.py", "language", "progress", "calendars", "people", "access", "plan", "minutes", "notices")
ROOMS += ("family", "caseload")
REFUSALS = {"InvalidValue", "IllegalMove", "refuse"}
BUILT = {"correct_over_trials", "scored_over_intervals", "scored_over_samples"}
"""Codes put together when raised (readings.py)."""


def _codes() -> set[str]:
    """Return the codes that the rooms refuse with, and the reasons of the access decision's denials."""
    found = set(BUILT)
    for room in ROOMS:
        place = ROOT / "iepcore" / room
        for path in [place] if place.is_file() else place.rglob("*.py"):
            found |= _codes_of(path)
    return found


def _codes_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in REFUSALS and node.args and isinstance(node.args[0], ast.Constant):
            found.add(str(node.args[0].value))
        if node.func.id == "Decision" and "DENY" in ast.unparse(node):
            found |= {
                str(word.value.value)
                for word in node.keywords
                if word.arg == "reason" and isinstance(word.value, ast.Constant)
            }
    return found


@pytest.mark.parametrize("code", sorted(_codes() | {"no_standing", "standing_not_current"}))
def test_code_has_advice(code: str) -> None:
    """The catalogue says what to do next for each code of the domain."""
    assert f"advice.{code}" in messages("en")


@pytest.mark.parametrize(
    "kind", [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, IepError)]
)
def test_kind_of_error_has_advice(kind: type[IepError]) -> None:
    """A code without its own sentence falls back on one for its kind."""
    assert f"advice.{kind.default_code}" in messages("en")


def test_own_sentence_comes_first() -> None:
    """The number of the error stands in its sentence."""
    error = InvalidValue("text_too_long", field="text", params={"limit": 20_000})

    assert "The text is too long. Keep it under 20,000 characters, or send two." == (
        render(advice_phrase(error), "en").text
    )


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (NotPermitted("interpreter_may_not_write"), "advice.not_permitted"),
        (NotPermitted("not_yours"), "advice.not_yours"),
        (NotFound("student"), "advice.not_found"),
        (Conflict("goal", current=1, yours=2), "advice.stale_version"),
        (InvalidRows([]), "advice.invalid_rows"),
        (InvalidValue("a_code_of_tomorrow"), "advice.invalid_value"),
        (InvalidValue("text_too_long"), "advice.invalid_value"),
        (ConnectorError("timed_out"), "advice.connector"),
        (IepError(advice_key="advice.set_open"), "advice.set_open"),
    ],
)
def test_advice_falls_back_on_the_kind(error: IepError, key: str) -> None:
    """An unknown code, or a number the error does not carry, gives the sentence of its kind."""
    phrase = advice_phrase(error)

    assert key == phrase.key
    assert all(render(phrase, lang).text for lang in ("en", "es", "prs"))


def test_catalogue_without_the_last_resort_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without even the general sentence there is nothing to show, and that is a fault of ours."""
    monkeypatch.setattr("iepcore.language.advice.has_message", lambda key: False)

    with pytest.raises(LookupError):
        advice_phrase(IepError())


def test_advice_is_a_phrase_for_any_reader() -> None:
    """Advice is rendered in the reader's language like any other phrase."""
    assert Phrase(key="advice.store_busy") == advice_phrase(errors.Busy())
