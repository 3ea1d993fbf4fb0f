"""The catalogues as their .po files have them, and the script that compiles them."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[3]
CATALOGUES = ROOT / "iepcore" / "language" / "catalogues"


@cache
def messages(tag: str) -> dict[str, tuple[str, ...]]:
    """Return key -> its forms (one, or one per plural form) of a language."""
    found: dict[str, tuple[str, ...]] = {}
    with (CATALOGUES / tag / "LC_MESSAGES" / "domain.po").open("rb") as file:
        for message in read_po(file):
            if isinstance(message.id, str):
                found[message.id] = (str(message.string),)
            else:
                found[message.id[0]] = tuple(map(str, message.string or ()))
    del found[""]
    return found


@cache
def script() -> ModuleType:
    """Load scripts/catalogues.py as a module."""
    spec = importlib.util.spec_from_file_location("catalogues_script", ROOT / "scripts" / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
