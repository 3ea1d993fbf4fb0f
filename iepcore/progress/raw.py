"""Readings from and to their raw fields, the form in which they are typed, stored and exported.

==========================  =====================================================================
kind                        raw fields
==========================  =====================================================================
``percent_correct``         ``correct``, ``trials``
``frequency``               ``count``
``rate``                    ``count``, ``minutes``
``duration``                ``seconds`` (a list, or one total), optional ``observed_seconds``
``latency``                 ``seconds`` (null: no response), ``ceiling``
``partial_interval``        ``scored``, ``intervals``; the same for ``whole_interval``
``momentary_time_sample``   ``scored``, ``samples``
``prompt_level``            ``levels``: a list of places in the level list, null where no trial
``rubric``                  ``level``
``task_analysis``           ``steps``: a list of step results
``cbm``                     ``correct``, optional ``errors``, ``seconds``; or ``probes``, a list of these
==========================  =====================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from iepcore.errors import InvalidValue
from iepcore.progress.checks import check_amount, check_positive, check_whole, refuse
from iepcore.progress.measures import Measure, MeasureKind
from iepcore.progress.readings import (
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
    check_reading,
)

RawValue: TypeAlias = "int | float | str | list[RawValue] | dict[str, RawValue] | None"
"""What JSON can hold, without true and false."""

_Raw: TypeAlias = Mapping[str, object]
_PROBE_NEEDED = ("correct", "seconds")
_PROBE_OPTIONAL = ("errors",)


def reading_from_raw(measure: Measure, raw: _Raw) -> Reading:
    """Build the reading of ``measure`` from what a person typed; nothing is guessed, rounded or filled in.

    Raises:
        InvalidValue: ``missing_field``, ``unknown_field``, ``not_a_mapping``, ``not_a_list``,
            ``not_a_number`` (also true, false, NaN and infinities), ``not_whole``, ``negative``,
            ``not_positive``, ``too_large``, ``too_many``, ``unknown_result``, ``correct_over_trials``,
            ``scored_over_intervals``, ``scored_over_samples`` and the codes of ``check_reading``. ``field``
            is the raw field; in a list, ``params["index"]`` is the place (from 0).
    """
    if not isinstance(raw, Mapping):
        raise refuse("not_a_mapping", "raw")
    reading = _READERS[measure.kind](raw)
    check_reading(measure, reading)
    return reading


def raw_of(reading: Reading) -> dict[str, RawValue]:
    """Return the raw fields of ``reading`` for JSON; ``reading_from_raw`` gives the same reading back."""
    match reading:
        case PercentReading(correct=correct, trials=trials):
            return {"correct": correct, "trials": trials}
        case CountReading(count=count):
            return {"count": count}
        case RateReading(count=count, minutes=minutes):
            return {"count": count, "minutes": minutes}
        case DurationReading(seconds=parts, observed_seconds=None):
            return {"seconds": [*parts]}
        case DurationReading(seconds=parts, observed_seconds=observed):
            return {"seconds": [*parts], "observed_seconds": observed}
        case LatencyReading(seconds=seconds, ceiling=ceiling):
            return {"seconds": seconds, "ceiling": ceiling}
        case IntervalReading(scored=scored, intervals=intervals):
            return {"scored": scored, "intervals": intervals}
        case SampleReading(scored=scored, samples=samples):
            return {"scored": scored, "samples": samples}
        case PromptReading(levels=levels):
            return {"levels": [*levels]}
        case RubricReading(level=level):
            return {"level": level}
        case TaskReading(steps=steps):
            return {"steps": [step.value for step in steps]}
        case CbmReading(probes=(probe,)):
            return _raw_probe(probe)
        case _:
            return {"probes": [_raw_probe(probe) for probe in reading.probes]}


def _raw_probe(probe: CbmProbe) -> dict[str, RawValue]:
    raw: dict[str, RawValue] = {"correct": probe.correct, "seconds": probe.seconds}
    if probe.errors is not None:
        raw["errors"] = probe.errors
    return raw


def _check_fields(raw: _Raw, needed: Collection[str], optional: Collection[str] = ()) -> None:
    for name in raw:
        if name not in needed and name not in optional:
            raise refuse("unknown_field", _safe_name(name))
    for name in needed:
        if name not in raw:
            raise refuse("missing_field", name)


def _safe_name(name: object) -> str:
    """A key that does not look like a field may be anybody's text: it stays out of the error."""
    if (
        isinstance(name, str)
        and name.isascii()
        and name.isidentifier()
        and name.islower()
        and len(name) <= 40
    ):
        return name
    return "raw"


def _items(raw: _Raw, field: str) -> list[object]:
    value = raw[field]
    if not isinstance(value, (list, tuple)):
        raise refuse("not_a_list", field)
    return [*value]


def _percent(raw: _Raw) -> PercentReading:
    _check_fields(raw, ("correct", "trials"))
    return PercentReading(
        correct=check_whole(raw["correct"], "correct"), trials=check_whole(raw["trials"], "trials")
    )


def _count(raw: _Raw) -> CountReading:
    _check_fields(raw, ("count",))
    return CountReading(count=check_whole(raw["count"], "count"))


def _rate(raw: _Raw) -> RateReading:
    _check_fields(raw, ("count", "minutes"))
    return RateReading(
        count=check_whole(raw["count"], "count"), minutes=check_positive(raw["minutes"], "minutes")
    )


def _duration(raw: _Raw) -> DurationReading:
    _check_fields(raw, ("seconds",), ("observed_seconds",))
    typed = raw["seconds"]
    parts = _items(raw, "seconds") if isinstance(typed, (list, tuple)) else None
    observed = raw.get("observed_seconds")
    return DurationReading(
        seconds=(check_amount(typed, "seconds"),)
        if parts is None
        else tuple(check_amount(part, "seconds", index=index) for index, part in enumerate(parts)),
        observed_seconds=None if observed is None else check_positive(observed, "observed_seconds"),
    )


def _latency(raw: _Raw) -> LatencyReading:
    _check_fields(raw, ("seconds", "ceiling"))
    typed = raw["seconds"]
    return LatencyReading(
        seconds=None if typed is None else check_amount(typed, "seconds"),
        ceiling=check_positive(raw["ceiling"], "ceiling"),
    )


def _interval(raw: _Raw) -> IntervalReading:
    _check_fields(raw, ("scored", "intervals"))
    return IntervalReading(
        scored=check_whole(raw["scored"], "scored"), intervals=check_whole(raw["intervals"], "intervals")
    )


def _sample(raw: _Raw) -> SampleReading:
    _check_fields(raw, ("scored", "samples"))
    return SampleReading(
        scored=check_whole(raw["scored"], "scored"), samples=check_whole(raw["samples"], "samples")
    )


def _prompt(raw: _Raw) -> PromptReading:
    _check_fields(raw, ("levels",))
    return PromptReading(
        levels=tuple(
            None if level is None else check_whole(level, "levels", index=index)
            for index, level in enumerate(_items(raw, "levels"))
        )
    )


def _rubric(raw: _Raw) -> RubricReading:
    _check_fields(raw, ("level",))
    return RubricReading(level=check_whole(raw["level"], "level"))


def _task(raw: _Raw) -> TaskReading:
    _check_fields(raw, ("steps",))
    return TaskReading(steps=tuple(_step(item, index) for index, item in enumerate(_items(raw, "steps"))))


def _step(item: object, index: int) -> StepResult:
    for result in StepResult:
        if item == result.value:
            return result
    raise refuse("unknown_result", "steps", index)


def _cbm(raw: _Raw) -> CbmReading:
    if "probes" not in raw:
        return CbmReading(probes=(_probe(raw),))
    _check_fields(raw, ("probes",))
    return CbmReading(
        probes=tuple(_listed_probe(item, index) for index, item in enumerate(_items(raw, "probes")))
    )


def _listed_probe(item: object, index: int) -> CbmProbe:
    if not isinstance(item, Mapping):
        raise refuse("not_a_mapping", "probes", index)
    try:
        return _probe(item)
    except InvalidValue as error:
        raise InvalidValue(error.code, field=error.field, params={"index": index}) from None


def _probe(raw: _Raw) -> CbmProbe:
    _check_fields(raw, _PROBE_NEEDED, _PROBE_OPTIONAL)
    errors = raw.get("errors")
    return CbmProbe(
        correct=check_whole(raw["correct"], "correct"),
        errors=None if errors is None else check_whole(errors, "errors"),
        seconds=check_positive(raw["seconds"], "seconds"),
    )


_READERS: dict[MeasureKind, Callable[[_Raw], Reading]] = {
    MeasureKind.PERCENT_CORRECT: _percent,
    MeasureKind.FREQUENCY: _count,
    MeasureKind.RATE: _rate,
    MeasureKind.DURATION: _duration,
    MeasureKind.LATENCY: _latency,
    MeasureKind.PARTIAL_INTERVAL: _interval,
    MeasureKind.WHOLE_INTERVAL: _interval,
    MeasureKind.MOMENTARY_TIME_SAMPLE: _sample,
    MeasureKind.PROMPT_LEVEL: _prompt,
    MeasureKind.RUBRIC: _rubric,
    MeasureKind.TASK_ANALYSIS: _task,
    MeasureKind.CBM: _cbm,
}
