"""The form of one reading: which fields a measure asks for, what was typed, and the raw reading it makes.

Pure: no request, no store. Every way of measuring has its own few fields; the names are those of the raw
reading (``iepcore.progress.raw``), with ``-2``, ``-3`` for further probes, tries and steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from iepcore.errors import InvalidValue
from iepcore.progress import Measure, MeasureKind, Reading, StepResult, raw_of

TRIES_UNPLANNED = 5
"""Tries the form offers where a prompt-level goal does not say how many."""

NO_TRY = "none"
MOST_PROBES = 3
_BLANK = ""
Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One field of a form by name: ``shape`` is ``number``, ``count`` (with its two buttons), ``check`` or
    ``choice``; ``index`` the try, step or probe (from 1) where there are several; ``label`` a step's words.
    """

    name: str
    of: str
    shape: str = "number"
    index: int = 0
    label: str = ""
    low: float = 0
    high: float | None = None
    step: str = "1"
    needed: bool = True
    choices: tuple[str, ...] = ()


def places_of(measure: Measure, *, several: int = 1) -> tuple[Place, ...]:
    """Return the fields of a measure; ``several``: probes of a timed measure, or tries of prompt levels."""
    match measure.kind:
        case MeasureKind.PERCENT_CORRECT:
            return Place(name="correct", of="correct"), Place(name="trials", of="trials")
        case MeasureKind.FREQUENCY:
            return (Place(name="count", of="count", shape="count", high=measure.count_limit),)
        case MeasureKind.RATE:
            return Place(name="count", of="count", shape="count"), Place(
                name="minutes", of="minutes", step="any"
            )
        case MeasureKind.DURATION:
            return _duration(measure)
        case MeasureKind.LATENCY:
            return (
                Place(name="seconds", of="wait", high=measure.ceiling_seconds, step="any", needed=False),
                Place(name="no_response", of="no_response", shape="check", needed=False),
            )
        case MeasureKind.PARTIAL_INTERVAL | MeasureKind.WHOLE_INTERVAL:
            return Place(name="scored", of=measure.kind.value), Place(name="intervals", of="intervals")
        case MeasureKind.MOMENTARY_TIME_SAMPLE:
            return Place(name="scored", of=measure.kind.value), Place(name="samples", of="samples")
        case MeasureKind.PROMPT_LEVEL:
            levels = tuple(str(place) for place in range(len(measure.prompt_levels)))
            return tuple(
                Place(
                    name=_numbered("level", one),
                    of="prompt",
                    shape="choice",
                    index=one,
                    choices=(*levels, NO_TRY),
                )
                for one in range(1, several + 1)
            )
        case MeasureKind.RUBRIC:
            levels = tuple(str(level) for level in range((measure.rubric_top or 0) + 1))
            return (Place(name="level", of="rubric", shape="choice", choices=levels),)
        case MeasureKind.TASK_ANALYSIS:
            return tuple(
                Place(
                    name=_numbered("step", one),
                    of="step",
                    shape="choice",
                    index=one,
                    label=label,
                    choices=tuple(result.value for result in StepResult),
                )
                for one, label in enumerate(measure.steps, start=1)
            )
        case MeasureKind.CBM:
            return tuple(
                place for one in range(1, several + 1) for place in _probe(one if several > 1 else 0)
            )


def start_of(measure: Measure, *, several: int = 1) -> dict[str, str]:
    """Return what stands in the fields before anybody typed: the plan's own numbers, never a result."""
    planned: dict[str, float | None] = {
        "trials": measure.trials_per_set,
        "minutes": _minutes(measure.observation_seconds) if measure.kind is MeasureKind.RATE else None,
        "intervals": measure.intervals,
        "samples": measure.intervals,
        "observed_minutes": _minutes(measure.observation_seconds),
    }
    if measure.kind is MeasureKind.CBM:
        for one in range(1, several + 1):
            planned[_numbered("seconds", one)] = measure.probe_seconds or 60
    asked = {place.name for place in places_of(measure, several=several)}
    return {name: _text(value) for name, value in planned.items() if name in asked and value is not None}


def several_of(measure: Measure, wanted: int | None = None, reading: Reading | None = None) -> int:
    """Return how many probes or tries the form has: those of an old reading, else what was asked for."""
    raw = raw_of(reading) if reading is not None else {}
    if measure.kind is MeasureKind.CBM:
        probes = raw.get("probes")
        return len(probes) if isinstance(probes, list) else min(max(wanted or 1, 1), MOST_PROBES)
    if measure.kind is MeasureKind.PROMPT_LEVEL:
        levels = raw.get("levels")
        return len(levels) if isinstance(levels, list) else measure.trials_per_set or TRIES_UNPLANNED
    return 1


def typed_of(reading: Reading) -> dict[str, str]:
    """Return an old reading as it would be typed, to correct it. Several durations show as their sum."""
    raw = raw_of(reading)
    typed: dict[str, str] = {}
    for name, value in raw.items():
        match name, value:
            case "probes", list(probes):
                for one, probe in enumerate(probes, start=1):
                    if isinstance(probe, dict):
                        typed |= {_numbered(key, one): _text(part) for key, part in probe.items()}
            case "levels", list(levels):
                typed |= {
                    _numbered("level", one): NO_TRY if level is None else _text(level)
                    for one, level in enumerate(levels, start=1)
                }
            case "steps", list(steps):
                typed |= {_numbered("step", one): str(step) for one, step in enumerate(steps, start=1)}
            case "seconds", list(parts):
                total = sum(part for part in parts if isinstance(part, int | float))
                typed |= {"minutes": _text(int(total // 60)), "seconds": _text(round(total % 60, 3))}
            case "observed_seconds", int(whole) | float(whole):
                typed["observed_minutes"] = _text(whole / 60)
            case "seconds", None:
                typed["no_response"] = "1"
            case _:
                typed[name] = _text(value)
    return typed


def raw_of_form(measure: Measure, typed: Typed, *, several: int = 1) -> dict[str, object]:
    """Return the raw reading of what was typed; an empty place is left out, so that the domain asks for it.

    Raises:
        InvalidValue: ``not_a_number`` or ``missing_field``; ``field`` is the form's own field.
    """
    match measure.kind:
        case MeasureKind.DURATION:
            return _raw_duration(typed)
        case MeasureKind.LATENCY:
            return _raw_latency(measure, typed)
        case MeasureKind.PROMPT_LEVEL:
            return {"levels": [_level(typed, one) for one in range(1, several + 1)]}
        case MeasureKind.TASK_ANALYSIS:
            return {
                "steps": [_chosen(typed, _numbered("step", one + 1)) for one in range(len(measure.steps))]
            }
        case MeasureKind.CBM if several > 1:
            return {"probes": [_raw_probe(typed, one) for one in range(1, several + 1)]}
        case _:
            return {**_numbers(typed, [place.name for place in places_of(measure, several=several)])}


def place_of_error(measure: Measure, error: InvalidValue) -> str:
    """Return the form's field an error of the domain speaks of."""
    field = error.field or ""
    index = error.params.get("index")
    if isinstance(index, int) and not isinstance(index, bool):
        one = {"levels": "level", "steps": "step", "probes": "correct"}.get(field, field)
        return _numbered(one, index + 1) if measure.kind is not MeasureKind.DURATION else field
    if field == "observed_seconds":
        return "observed_minutes"
    return field


def _duration(measure: Measure) -> tuple[Place, ...]:
    asked = measure.as_share_of_session and measure.observation_seconds is None
    return (
        Place(name="minutes", of="minutes", needed=False),
        Place(name="seconds", of="seconds", step="any", needed=False),
        Place(name="observed_minutes", of="observed", step="any", needed=asked),
    )


def _probe(one: int) -> tuple[Place, ...]:
    return (
        Place(name=_numbered("correct", one), of="cbm", index=one),
        Place(name=_numbered("errors", one), of="errors", index=one, needed=False),
        Place(name=_numbered("seconds", one), of="probe_seconds", index=one, step="any"),
    )


def _raw_probe(typed: Typed, one: int) -> dict[str, object]:
    found = _numbers(typed, [_numbered(name, one) for name in ("correct", "errors", "seconds")])
    return {name.partition("-")[0]: value for name, value in found.items()}


def _raw_duration(typed: Typed) -> dict[str, object]:
    found = _numbers(typed, ["minutes", "seconds", "observed_minutes"])
    raw: dict[str, object] = {}
    if "minutes" in found or "seconds" in found:
        for name in ("minutes", "seconds"):
            if found.get(name, 0) < 0:
                raise InvalidValue("negative", field=name)
        raw["seconds"] = found.get("minutes", 0) * 60 + found.get("seconds", 0)
    if "observed_minutes" in found:
        raw["observed_seconds"] = found["observed_minutes"] * 60
    return raw


def _raw_latency(measure: Measure, typed: Typed) -> dict[str, object]:
    raw: dict[str, object] = {"ceiling": measure.ceiling_seconds}
    if typed.get("no_response"):
        raw["seconds"] = None
    else:
        raw |= _numbers(typed, ["seconds"])
    return raw


def _level(typed: Typed, one: int) -> int | None:
    chosen = _chosen(typed, _numbered("level", one))
    return None if chosen == NO_TRY else int(_number(chosen, _numbered("level", one)))


def _chosen(typed: Typed, name: str) -> str:
    chosen = typed.get(name, _BLANK)
    if not chosen:
        raise InvalidValue("missing_field", field=name)
    return chosen


def _numbers(typed: Typed, names: list[str]) -> dict[str, float]:
    return {name: _number(typed[name], name) for name in names if typed.get(name, _BLANK).strip()}


def _number(text: str, field: str) -> float:
    plain = text.strip().replace(",", ".")
    read: Callable[[str], float] = int if plain.lstrip("+-").isdecimal() else float
    try:
        return read(plain)
    except ValueError:
        raise InvalidValue("not_a_number", field=field) from None


def _numbered(name: str, one: int) -> str:
    return name if one <= 1 else f"{name}-{one}"


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def _text(value: object) -> str:
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return "" if value is None else str(value)
