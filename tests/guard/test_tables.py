"""Every table says whose data it holds and what erases it."""

from __future__ import annotations

import pkgutil
from importlib import import_module

NOBODY = "none"


def _tables() -> dict[str, dict[str, object]]:
    """Return what each table of the storage says about itself."""
    storage = import_module("lti_app.storage")
    metadata = import_module("lti_app.storage.metadata").metadata
    # A table registers itself when its module is imported, wherever in the room that is.
    for module in pkgutil.walk_packages(storage.__path__, "lti_app.storage."):
        if ".migrations" not in module.name:
            import_module(module.name)
    return {name: table.info for name, table in metadata.tables.items()}


def test_every_table_says_whose_data_it_holds() -> None:
    """`info["personal_data"]` says whose data a table holds; `none` is an answer, silence is not."""
    tables = _tables()

    assert len(tables) > 5
    assert (
        sorted(name for name, info in tables.items() if not str(info.get("personal_data") or "").strip())
        == []
    )


def test_every_table_says_what_erases_it() -> None:
    """`info["erased_by"]` names the command, the job or the event that erases a row with personal data."""
    silent = [
        name
        for name, info in _tables().items()
        if info.get("personal_data") != NOBODY and not str(info.get("erased_by") or "").strip()
    ]

    assert [] == sorted(silent)
