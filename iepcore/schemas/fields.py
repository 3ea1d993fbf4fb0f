"""Fields for the few shapes marshmallow has none for: aware instants, tagged unions, message parts,
readings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from marshmallow import ValidationError, fields

from iepcore.errors import InvalidValue
from iepcore.language import FreeText, Name, Phrase
from iepcore.progress import (
    ConsecutiveCriterion,
    NOfMCriterion,
)


class Instant(fields.Field[datetime]):
    """An aware instant as ISO 8601 in UTC with microseconds; a naive one is refused."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        try:
            instant = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValidationError("Not an instant such as 2026-11-23T16:30:00.000000+00:00.") from None
        if instant.tzinfo is None:
            raise ValidationError("An instant needs its zone.")
        return instant


class Number(fields.Field[float]):
    """A finite number, whole or not, kept as it is; text and true/false are refused."""

    def _serialize(self, value: float | None, attr: str | None, obj: Any, **kwargs: Any) -> float | None:
        return value

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise ValidationError("Not a number.")
        return value


class Coded(fields.Field[Any]):
    """A shape of our own with a pair of functions; whatever ours refuses becomes a field error."""

    def __init__(self, to_json: Callable[[Any], Any], from_json: Callable[[Any], Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._to_json = to_json
        self._from_json = from_json

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else self._to_json(value)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        try:
            return self._from_json(value)
        except InvalidValue as refused:
            raise ValidationError(f"Refused: {refused.code}.") from None
        except (KeyError, TypeError, ValueError, AttributeError):
            raise ValidationError("Not of this form.") from None


def part_to_json(part: Phrase | FreeText) -> dict[str, Any]:
    """Return one part of a message."""
    if isinstance(part, FreeText):
        return {"text": part.text, "lang": part.lang}
    return {"phrase": part.key, "params": {name: _slot(value) for name, value in part.params.items()}}


def part_from_json(raw: Mapping[str, Any]) -> Phrase | FreeText:
    """Return the part written in ``raw``."""
    if "phrase" in raw:
        _only(raw, {"phrase", "params"})
        return Phrase(
            key=_text(raw["phrase"]),
            params={name: _from_slot(value) for name, value in raw["params"].items()},
        )
    _only(raw, {"text", "lang"})
    return FreeText(text=_text(raw["text"]), lang=_text(raw["lang"]))


def _slot(value: object) -> Any:
    if isinstance(value, Phrase | FreeText):
        return part_to_json(value)
    if isinstance(value, Name):
        return {"name": value.text}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


def _from_slot(raw: Any) -> object:
    if not isinstance(raw, dict):
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise ValueError("slot")
        return raw
    if "name" in raw:
        _only(raw, {"name"})
        return Name(text=_text(raw["name"]))
    if "day" in raw:
        _only(raw, {"day"})
        return date.fromisoformat(raw["day"])
    return part_from_json(raw)


def criterion_to_json(criterion: ConsecutiveCriterion | NOfMCriterion) -> dict[str, Any]:
    """Return a mastery criterion."""
    if isinstance(criterion, ConsecutiveCriterion):
        return {"k": criterion.k}
    return {"n": criterion.n, "m": criterion.m, "early": criterion.early}


def criterion_from_json(raw: Mapping[str, Any]) -> ConsecutiveCriterion | NOfMCriterion:
    """Return the criterion written in ``raw``."""
    if "k" in raw:
        _only(raw, {"k"})
        return ConsecutiveCriterion(k=raw["k"])
    _only(raw, {"n", "m", "early"})
    return NOfMCriterion(n=raw["n"], m=raw["m"], early=raw["early"])


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError("text")
    return raw


def _only(raw: Mapping[str, Any], names: set[str]) -> None:
    if set(raw) != names:
        raise KeyError("unknown or missing field")
