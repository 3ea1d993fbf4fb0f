"""Whatever stands in one field, a scenario is built or refused with a place, and never breaks the loader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from iepcore.errors import IepError
from iepcore.testing.scenarios import FormError, entries_of
from tests.unit.scenarios.bent import GONE, bent, site_of

KEYS = ("R02", "R04", "R05", "R07", "R09")
KEPT = {"expected", "id", "title", "arithmetic", "edge_cases", "fictional"}


def fields_of(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every field below a value, in the order of the document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if path or key not in KEPT:
                yield f"{path}{key}"
                yield from fields_of(inner, f"{path}{key}.")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from fields_of(inner, f"{path}{place}.")


FIELDS = [(key, path) for key in KEYS for path in fields_of(bent(key, {})[1])]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FIELDS), st.sampled_from([GONE, None, "zzz", [1], {}, -1, "2026-13-40"]))
def test_one_strange_field_breaks_nothing(field: tuple[str, str], value: object) -> None:
    """Entries come out, or the whole is refused, by its form or by the library; nothing else is raised."""
    key, path = field
    try:
        found = entries_of(site_of(key, {path: value}))
    except (FormError, IepError):
        found = ()
    assert all(entry.id.startswith(f"{key}/") for entry in found)
