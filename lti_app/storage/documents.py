"""How small composite values lie in one column: plain JSON with a tag where several forms are possible.

These forms are private to the database. The public export format is ``iepcore.schemas``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from iepcore.ids import AdultId
from iepcore.language import FreeText, Name, Part, Phrase
from iepcore.people import AddressKind, ChannelAddress, WindowPart
from iepcore.plan import GoalPhase
from iepcore.progress import (
    CbmProbe,
    CbmReading,
    CbmTask,
    ConsecutiveCriterion,
    CountReading,
    Criterion,
    DurationReading,
    IntervalReading,
    LatencyReading,
    Measure,
    MeasureKind,
    NOfMCriterion,
    PercentReading,
    PromptReading,
    RateReading,
    Reading,
    RubricReading,
    SampleReading,
    StepResult,
    TaskReading,
)
from lti_app.storage.calendar_documents import CALENDAR_DOCUMENTS
from lti_app.storage.roster_documents import (
    roster_from_json,
    roster_to_json,
    shortfalls_from_json,
    shortfalls_to_json,
)

_READINGS: dict[str, type[Any]] = {
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
_READING_NAMES = {form: name for name, form in _READINGS.items()}
_CRITERIA: dict[str, type[Any]] = {"consecutive": ConsecutiveCriterion, "n_of_m": NOfMCriterion}
_CRITERION_NAMES = {form: name for name, form in _CRITERIA.items()}


def _plain(value: object) -> dict[str, Any]:
    """Return a flat value's fields; tuples become lists when JSON is written."""
    return {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]


def _free_text(value: FreeText) -> dict[str, Any]:
    return {"text": value.text, "lang": value.lang}


def _to_free_text(raw: Mapping[str, Any]) -> FreeText:
    return FreeText(text=raw["text"], lang=raw["lang"])


def _slot(value: object) -> Any:
    match value:
        case Phrase():
            return _part(value)
        case FreeText():
            return _free_text(value)
        case Name():
            return {"name": value.text}
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case _:
            return value


def _to_slot(raw: Any) -> Any:
    if not isinstance(raw, Mapping):
        return raw
    if "name" in raw:
        return Name(text=raw["name"])
    if "day" in raw:
        return date.fromisoformat(raw["day"])
    if "instant" in raw:
        return datetime.fromisoformat(raw["instant"])
    return _to_part(raw)


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, FreeText):
        return _free_text(part)
    return {"key": part.key, "params": {name: _slot(value) for name, value in part.params.items()}}


def _to_part(raw: Mapping[str, Any]) -> Part:
    if "text" in raw:
        return _to_free_text(raw)
    return Phrase(key=raw["key"], params={name: _to_slot(value) for name, value in raw["params"].items()})


def _measure(measure: Measure) -> dict[str, Any]:
    return {name: value for name, value in _plain(measure).items() if value not in (None, "", (), False)}


def _to_measure(raw: Mapping[str, Any]) -> Measure:
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()
    }
    given["kind"] = MeasureKind(given["kind"])
    if "cbm_task" in given:
        given["cbm_task"] = CbmTask(given["cbm_task"])
    return Measure(**given)


def _reading(reading: Reading) -> dict[str, Any]:
    raw = _plain(reading)
    if isinstance(reading, CbmReading):
        raw["probes"] = [_plain(probe) for probe in reading.probes]
    return {"form": _READING_NAMES[type(reading)], **raw}


def _to_reading(raw: Mapping[str, Any]) -> Reading:
    form: str = raw["form"]
    values = {name: tuple(v) if isinstance(v, list) else v for name, v in raw.items() if name != "form"}
    if form == "cbm":
        return CbmReading(probes=tuple(CbmProbe(**probe) for probe in values["probes"]))
    if form == "task":
        return TaskReading(steps=tuple(StepResult(step) for step in values["steps"]))
    reading: Reading = _READINGS[form](**values)
    return reading


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {"form": _CRITERION_NAMES[type(criterion)], **_plain(criterion)}


def _to_criterion(raw: Mapping[str, Any]) -> Criterion:
    criterion: Criterion = _CRITERIA[raw["form"]](**{name: raw[name] for name in raw if name != "form"})
    return criterion


def _phase(phase: GoalPhase) -> dict[str, Any]:
    return {
        **_plain(phase),
        "words": _free_text(phase.words),
        "starts_on": phase.starts_on.isoformat(),
        "ends_on": phase.ends_on.isoformat(),
        "noted_by": str(phase.noted_by),
        "noted_at": phase.noted_at.isoformat(),
    }


def _to_phase(raw: Mapping[str, Any]) -> GoalPhase:
    return GoalPhase(
        starts_on=date.fromisoformat(raw["starts_on"]),
        words=_to_free_text(raw["words"]),
        baseline=raw["baseline"],
        target=raw["target"],
        ends_on=date.fromisoformat(raw["ends_on"]),
        noted_by=AdultId(UUID(raw["noted_by"])),
        noted_at=datetime.fromisoformat(raw["noted_at"]),
    )


def _to_addresses(raw: Iterable[Mapping[str, str]]) -> tuple[ChannelAddress, ...]:
    return tuple(ChannelAddress(kind=AddressKind(one["kind"]), value=one["value"]) for one in raw)


def _whole(name: str) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """Return how a value of the plan is written and read by the schema of its class.

    The schemas are loaded with the first such value: opening the tool needs none.
    """

    def write(value: Any) -> Any:
        from iepcore.schemas import dump_part

        return dump_part(value)

    def read(raw: Any) -> Any:
        from iepcore.plan import document
        from iepcore.schemas import load_part

        return load_part(getattr(document, name), raw)

    return write, read


def _many(name: str) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """Return how a tuple of such values is written and read."""
    write, read = _whole(name)
    return lambda values: [write(one) for one in values], lambda raw: tuple(map(read, raw))


DOCUMENTS: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "free_text": (_free_text, _to_free_text),
    "parts": (lambda parts: [_part(part) for part in parts], lambda raw: tuple(map(_to_part, raw))),
    "measure": (_measure, _to_measure),
    "criterion": (_criterion, _to_criterion),
    "reading": (_reading, _to_reading),
    "phases": (lambda phases: [_phase(one) for one in phases], lambda raw: tuple(map(_to_phase, raw))),
    "addresses": (lambda addresses: [_plain(one) for one in addresses], _to_addresses),
    "plan_contents": _whole("PlanContents"),
    "amendment": _whole("Amendment"),
    "plan_steps": _many("PlanStep"),
    "notice_parts": _whole("NoticeParts"),
    "signature": _whole("Signature"),
    "raw_fields": _many("RawField"),
    "window_parts": (
        lambda parts: sorted(one.value for one in parts),
        lambda raw: frozenset(map(WindowPart, raw)),
    ),
    "shortfalls": (shortfalls_to_json, shortfalls_from_json),
    "course_roster": (roster_to_json, roster_from_json),
    **CALENDAR_DOCUMENTS,
    "ids": (lambda ids: sorted(str(one) for one in ids), lambda raw: frozenset(map(UUID, raw))),
}
"""Name of the form -> how it is written as JSON values, how it is read back."""


def write_document(form: str, value: Any) -> str:
    """Return the text of a value."""
    raw = DOCUMENTS[form][0](value)
    return json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _reader(form: str) -> Callable[[str | None], Any]:
    read = DOCUMENTS[form][1]

    # The values are immutable and many are the same ("8 of 10" all day), so equal texts share one.
    @lru_cache(maxsize=2048 if form in _SHARED else 0)
    def read_document(text: str | None) -> Any:
        return None if text is None else read(json.loads(text))

    return read_document


_SHARED = frozenset({"reading", "criterion"})
"""Forms without anybody's words: these may stay in memory between requests."""

DOCUMENT_READERS: Mapping[str, Callable[[str | None], Any]] = {form: _reader(form) for form in DOCUMENTS}
"""Name of the form -> what reads its text."""
