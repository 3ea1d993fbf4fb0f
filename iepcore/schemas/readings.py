"""Readings as JSON: the raw fields as typed, with the measure kind that gives them their meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from iepcore.progress import (
    CbmProbe,
    CbmReading,
    CountReading,
    DurationReading,
    IntervalReading,
    LatencyReading,
    PercentReading,
    PromptReading,
    RateReading,
    Reading,
    RubricReading,
    SampleReading,
    StepResult,
    TaskReading,
)

_FORMS: dict[str, type[Any]] = {
    "percent": PercentReading,
    "count": CountReading,
    "rate": RateReading,
    "duration": DurationReading,
    "latency": LatencyReading,
    "interval": IntervalReading,
    "sample": SampleReading,
    "prompt": PromptReading,
    "rubric": RubricReading,
    "task": TaskReading,
    "cbm": CbmReading,
}
_NAMES = {form: name for name, form in _FORMS.items()}
assert set(_NAMES) == set(get_args(Reading)), "every form of reading has a name"


def reading_to_json(reading: Reading) -> dict[str, Any]:
    """Return a reading with the name of its form."""
    return {
        "form": _NAMES[type(reading)],
        **{one.name: _plain(getattr(reading, one.name)) for one in fields(reading)},
    }


def reading_from_json(raw: Mapping[str, Any]) -> Reading:
    """Return the reading written in ``raw``.

    Raises:
        InvalidValue: with the reading's own code; KeyError or TypeError for another shape.
    """
    form = _FORMS[raw["form"]]
    hints = get_type_hints(form)
    given = {name: value for name, value in raw.items() if name != "form"}
    if set(given) != set(hints):
        raise KeyError("fields")
    reading: Reading = form(**{name: _typed(hints[name], value) for name, value in given.items()})
    return reading


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value.value if isinstance(value, StrEnum) else value


def _typed(hint: Any, value: Any) -> Any:
    if isinstance(value, list):
        item = get_args(hint)[0]
        return tuple(_typed(item, one) for one in value)
    if hint is CbmProbe:
        return CbmProbe(**value)
    return StepResult(value) if hint is StepResult else value
