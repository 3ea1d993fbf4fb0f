"""Our own scenarios with one thing changed: a path through the JSON, and the value that stands there then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from iepcore.testing.scenarios import Entry, Site, build, document_of, entries_of

OWN = Path(__file__).parents[2] / "data" / "scenarios.json"
GONE = object()
"""Takes a field away."""


@lru_cache(maxsize=1)
def _text() -> str:
    return OWN.read_text(encoding="utf-8")


def bent(key: str, changes: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return our document, and one of its scenarios with fields changed (``ieps.0.state``); a path that
    begins with a dot starts at the document.
    """
    raw = json.loads(_text())
    scenario = next(one for one in raw["scenarios"] if one["id"] == key)
    for path, value in changes.items():
        *way, last = [int(step) if step.isdecimal() else step for step in path.lstrip(".").split(".")]
        place = raw if path.startswith(".") else scenario
        for step in way:
            place = place[step]
        if value is GONE:
            del place[last]
        elif last == "+":
            place.append(value)
        else:
            place[last] = value
    return raw, scenario


def site_of(key: str, changes: Mapping[str, Any]) -> Site:
    """Return the site of a changed scenario."""
    raw, scenario = bent(key, changes)
    return build(document_of(raw), scenario)


def left_out(key: str, changes: Mapping[str, Any]) -> list[str]:
    """Return what the site of a changed scenario was not built from, as lines."""
    return [f"{one.path}: {one.reason}" for one in site_of(key, changes).not_expressed]


def entry_of(key: str, changes: Mapping[str, Any], wanted: str) -> Entry:
    """Return one entry of a changed scenario."""
    return next(one for one in entries_of(site_of(key, changes)) if one.id == f"{key}/{wanted}")
