"""Reading a document of scenarios: every field that is read is remembered, so that none is passed over in
silence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from iepcore.errors import IepError

FORMAT = "iepcore-scenarios/1"
_NOTHING = object()


class FormError(ValueError):
    """A document that is not of the form. The message says where and what; scenarios are fictional, so it may
    quote them."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(f"{path}: {what}")
        self.path = path
        self.what = what


@dataclass(frozen=True, slots=True, kw_only=True)
class NotExpressed:
    """Something a scenario says that the site was not built from, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """Something the form has no field for, which the site needs: what was taken in its place."""

    path: str
    what: str


@dataclass(slots=True)
class Reading:
    """What was read of one scenario, what could not be expressed, and what was assumed."""

    told: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    read: dict[str, set[str]] = field(default_factory=dict)
    not_expressed: list[NotExpressed] = field(default_factory=list)
    assumed: list[Assumed] = field(default_factory=list)

    def leave(self, path: str, reason: str) -> None:
        """Note that something is not in the site."""
        self.not_expressed.append(NotExpressed(path=path, reason=reason))

    def assume(self, path: str, what: str) -> None:
        """Note what the form does not say and the site needs."""
        self.assumed.append(Assumed(path=path, what=what))

    @contextmanager
    def leaving(self, path: str) -> Iterator[None]:
        """Leave one thing out when it is not of the form, or when the library refuses it: said with the
        place, and the rest of the scenario is built.
        """
        try:
            yield
        except FormError as problem:
            self.leave(problem.path, f"left out: {problem.what}")
        except IepError as refusal:
            rule = refusal.params.get("rule")
            self.leave(path, f"refused: {refusal.code}{f' ({rule})' if rule else ''}")

    def unread(self) -> list[NotExpressed]:
        """Return a line for every field nobody asked for."""
        return [
            NotExpressed(path=f"{path}.{key}", reason="a field this loader does not know")
            for path, raw in self.told.items()
            for key in raw
            if key not in self.read[path]
        ]


class Facts:
    """One object of the document. Asking for a field marks it as read; a wrong type is a ``FormError``."""

    def __init__(self, raw: object, path: str, reading: Reading) -> None:
        if not isinstance(raw, Mapping):
            raise FormError(path, "an object is needed here")
        self.raw: Mapping[str, Any] = raw
        self.path = path
        self.reading = reading
        # One place of the document is read by several rooms: what any of them read is read.
        self.read = reading.read.setdefault(path, set())
        reading.told.setdefault(path, raw)

    def has(self, key: str) -> bool:
        """Whether the field is there with a value."""
        return self.raw.get(key) is not None

    def value(self, key: str, default: Any = _NOTHING) -> Any:
        """Return the field as JSON has it.

        Raises:
            FormError: when it is missing and has no default.
        """
        self.read.add(key)
        if key not in self.raw:
            if default is _NOTHING:
                raise FormError(f"{self.path}.{key}", "is missing")
            return default
        return self.raw[key]

    def text(self, key: str, default: Any = _NOTHING) -> Any:
        """Return a text, or the default."""
        return self._of(key, str, "a text", default)

    def whole(self, key: str, default: Any = _NOTHING) -> Any:
        """Return a whole number, or the default."""
        return self._of(key, int, "a whole number", default)

    def flag(self, key: str, default: bool = False) -> bool:
        """Return true or false."""
        return bool(self._of(key, bool, "true or false", default))

    def number(self, key: str) -> float:
        """Return a number."""
        return float(self._of(key, (int, float), "a number", _NOTHING))

    def day(self, key: str) -> date | None:
        """Return a day, or None when the field is missing or null."""
        told = self.value(key, None)
        return None if told is None else day_of(told, f"{self.path}.{key}")

    def needed_day(self, key: str) -> date:
        """Return a day that must be there."""
        return day_of(self.value(key), f"{self.path}.{key}")

    def moment(self, key: str, zone: ZoneInfo) -> datetime:
        """Return an instant: the time of the school's zone where none is written."""
        told = self.value(key)
        try:
            read = datetime.fromisoformat(told)
        except (TypeError, ValueError):
            raise FormError(f"{self.path}.{key}", "a day and a time are needed") from None
        return read if read.tzinfo is not None else read.replace(tzinfo=zone)

    def items(self, key: str) -> list[Any]:
        """Return a list, empty when the field is missing or null."""
        told = self.value(key, None)
        if told is None:
            return []
        if not isinstance(told, list):
            raise FormError(f"{self.path}.{key}", "a list is needed here")
        return told

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; one text alone counts as a list of one."""
        told = self.value(key, None)
        return tuple(map(str, self.items(key) if not isinstance(told, str) else [told]))

    def told(self, key: str) -> list[Mapping[str, Any]]:
        """Return the objects of a list that have an id, as they stand; what is none of them is read, and
        refused, elsewhere.
        """
        listed = self.raw.get(key)
        found = listed if isinstance(listed, list) else []
        return [one for one in found if isinstance(one, Mapping) and isinstance(one.get("id"), str)]

    def each(self, key: str) -> Iterator[Facts]:
        """Yield the objects of a list, each under its own id where it has one."""
        for place, one in enumerate(self.items(key)):
            name = one.get("id", place) if isinstance(one, Mapping) else place
            yield Facts(one, f"{self.path}.{key}[{name}]", self.reading)

    def inner(self, key: str) -> Facts | None:
        """Return an object, or None when the field is missing or null."""
        told = self.value(key, None)
        return None if told is None else Facts(told, f"{self.path}.{key}", self.reading)

    def label(self, *keys: str) -> None:
        """Mark fields that only name or comment the scenario."""
        self.read.update(keys)

    def leave(self, key: str, reason: str) -> None:
        """Mark a field as not expressed, if it is there with a value."""
        if self.value(key, None) not in (None, [], {}):
            self.reading.leave(f"{self.path}.{key}", reason)

    def _of(self, key: str, kind: type | tuple[type, ...], what: str, default: Any) -> Any:
        told = self.value(key, default)
        if told is None and default is _NOTHING:
            raise FormError(f"{self.path}.{key}", "is missing")
        if told is None or told is default:
            return default
        if not isinstance(told, kind) or (isinstance(told, bool) and kind is not bool):
            raise FormError(f"{self.path}.{key}", f"{what} is needed here")
        return told


def day_of(told: object, path: str) -> date:
    """Return a day written as ISO 8601.

    Raises:
        FormError: for anything else.
    """
    try:
        return date.fromisoformat(told)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise FormError(path, "a day such as 2026-10-19 is needed") from None


def days_in(words: str) -> list[date]:
    """Return every day written in words; what only looks like one is none."""
    found = []
    for told in re.findall(r"\d{4}-\d\d-\d\d", words):
        with suppress(ValueError):
            found.append(date.fromisoformat(told))
    return found


def noon(day: date, zone: ZoneInfo, hour: int = 12) -> datetime:
    """Return a time of a day in the school's zone."""
    return datetime.combine(day, time(hour), tzinfo=zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document of the form: its policy profiles, calendars and scenarios as they stand in it."""

    profiles: Mapping[str, Any]
    calendars: Mapping[str, Any]
    scenarios: tuple[Mapping[str, Any], ...]

    def scenario(self, key: str) -> Mapping[str, Any]:
        """Return a scenario by its id.

        Raises:
            FormError: when there is none.
        """
        for one in self.scenarios:
            if one["id"] == key:
                return one
        raise FormError("scenarios", f"there is no {key}")


def read_document(path: Path) -> Document:
    """Read a file.

    Raises:
        FormError: unless it is JSON of this form with scenarios that each have an id of their own.
        OSError: when it cannot be read.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise FormError(path.name, "is not JSON") from None
    return document_of(raw)


def document_of(raw: Any) -> Document:
    """Return a document that was read already; see :func:`read_document`."""
    if not isinstance(raw, Mapping) or raw.get("format") != FORMAT:
        raise FormError("format", f"must be {FORMAT}")
    scenarios = raw.get("scenarios")
    if not isinstance(scenarios, list) or not all(
        isinstance(one, Mapping) and isinstance(one.get("id"), str) for one in scenarios
    ):
        raise FormError("scenarios", "must be a list of objects with an id")
    if len({one["id"] for one in scenarios}) < len(scenarios):
        raise FormError("scenarios", "an id stands twice")
    return Document(
        profiles=raw.get("policy_profiles") or {},
        calendars=raw.get("calendars") or {},
        scenarios=tuple(scenarios),
    )
