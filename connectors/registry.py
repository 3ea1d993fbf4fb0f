"""Connectors by name: ours and those of other packages, found by entry point and loaded when one is wanted.

A package adds one with an entry point of the group ``rapport.connectors``; its object is called with a
mapping of texts and returns an ``iepcore.ports.RosterSource`` (docs/how-to/build-a-connector.md). Listing
loads nothing. One that cannot be used is refused by name, and takes no other with it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, cast

from iepcore.errors import ConnectorError, IepError, InvalidValue

if TYPE_CHECKING:
    from iepcore.ports import RosterSource

GROUP = "rapport.connectors"
OURS = frozenset({"canvas", "google", "oneroster"})
_PACKAGE = "iepcore"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,40}")
_LINE = re.compile(r"([a-z][a-z0-9_]{0,40})\s*=\s*(.*)")

Make = Callable[[Mapping[str, str]], "RosterSource"]
Found = Callable[[], Iterable[EntryPoint]]


class ConnectorUnusable(ConnectorError):
    """A connector that cannot be used, and why. ``name`` is its name, ``kind`` of what was raised by it.

    Codes: ``connector_unknown``; ``connector_twice`` (two packages give one name, or one gives a name of
    ours); ``connector_name`` (small letters, digits, ``-`` and ``_``); ``connector_broken`` (it cannot be
    loaded, or its factory failed); ``connector_form`` (what it makes is no source of rosters). The words of
    what another package raised are not repeated: they may hold a setting.
    """

    def __init__(self, code: str, name: str, *, kind: str = "") -> None:
        self.name = name if _NAME.fullmatch(name) else ""
        self.kind = kind
        params = {"name": self.name, "kind": kind}
        super().__init__(code, params={key: text for key, text in params.items() if text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One connector as it is installed: its name, whose package it is of, and a code when its name alone
    already forbids its use."""

    name: str
    package: str
    version: str
    problem: str = ""


def _installed() -> Iterable[EntryPoint]:
    return entry_points(group=GROUP)


def connectors(found: Found = _installed) -> tuple[Listed, ...]:
    """Return every connector that is installed, by name; none of them is loaded."""
    return tuple(
        Listed(name=one.name, package=_package(one), version=_version(one), problem=_problem(one.name, many))
        for many in _by_name(found).values()
        for one in many
    )


def make_source(name: str, config: Mapping[str, str], found: Found = _installed) -> RosterSource:
    """Return the source that the connector of this name makes of a configuration.

    Raises:
        ConnectorUnusable: see there.
        IepError: what the connector itself says of the configuration, such as ``InvalidValue``.
    """
    make = _load(name, found)
    source: object = None
    kind = ""
    try:
        source = make(dict(config))
    except IepError:
        raise
    except Exception as error:
        kind = type(error).__name__
    if kind:
        raise ConnectorUnusable("connector_broken", name, kind=kind)
    asked = (getattr(source, part, None) for part in ("courses", "rosters"))
    word = getattr(source, "source", None)
    if not all(map(callable, asked)) or not isinstance(word, str) or not 0 < len(word) <= 255:
        raise ConnectorUnusable("connector_form", name)
    return cast("RosterSource", source)


def config_of(text: str) -> dict[str, str]:
    """Return a configuration written as lines of ``key = value``; blank lines and those with ``#`` are left
    out.

    Raises:
        InvalidValue: ``config_line`` with the number of the line, which is not repeated.
    """
    config: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        told = _LINE.fullmatch(line.strip())
        if told is None or told[1] in config:
            raise InvalidValue("config_line", field="config", params={"line": number})
        config[told[1]] = told[2]
    return config


def _load(name: str, found: Found) -> Make:
    many = _by_name(found).get(name)
    if not many:
        raise ConnectorUnusable("connector_unknown", name)
    problem = _problem(name, many)
    if problem:
        raise ConnectorUnusable(problem, name)
    make: object = None
    kind = ""
    try:
        make = many[0].load()
    except Exception as error:  # what another package does when it is imported is its own
        kind = type(error).__name__
    if kind:
        raise ConnectorUnusable("connector_broken", name, kind=kind)
    if not callable(make):
        raise ConnectorUnusable("connector_form", name)
    return cast("Make", make)


def _by_name(found: Found) -> dict[str, list[EntryPoint]]:
    """Return the entry points by name; one that several folders of this Python tell alike is one."""
    by_name: dict[str, dict[tuple[str, str], EntryPoint]] = defaultdict(dict)
    for one in sorted(found(), key=lambda each: (each.name, _package(each), each.value)):
        by_name[one.name][_package(one), one.value] = one
    return {name: list(many.values()) for name, many in by_name.items()}


def _problem(name: str, many: list[EntryPoint]) -> str:
    if _NAME.fullmatch(name) is None:
        return "connector_name"
    taken = name in OURS and any(_package(one) != _PACKAGE for one in many)
    return "connector_twice" if taken or len(many) > 1 else ""


def _package(one: EntryPoint) -> str:
    return one.dist.name if one.dist is not None else ""


def _version(one: EntryPoint) -> str:
    return one.dist.version if one.dist is not None else ""
