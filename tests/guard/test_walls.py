"""The walls of the house that a list of forbidden modules cannot draw (docs/explanation/architecture.md).

The order of the rooms and the walls between packages are import-linter's, in pyproject.toml. These tests say
what iepcore may import rather than what it may not, and hold the walls of rooms that may not exist yet.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.guard.tree import PACKAGES, ROOT, files, imports, named, project

# Room of iepcore -> what it may import besides the standard library and iepcore.
EXCEPTIONS = {
    "iepcore.schemas": {"marshmallow"},
    "iepcore.progress.batch": {"numpy"},
    "iepcore.testing": {"pytest"},
}

# Room -> what it must not see, whether it comes from us or from outside.
BLIND = {
    "lti_app.screens": ("sqlalchemy", "alembic", "requests", "urllib3", "connectors", "lti_app.storage"),
    "lti_app.sandbox": ("iepcore", "connectors"),
    "connectors": ("flask", "sqlalchemy", "lti_app"),
}

# Package from outside -> the only room that may import it.
ONLY = {
    "pylti1p3": "lti_app.doors.lti",
    "sqlalchemy": "lti_app.storage",
    "alembic": "lti_app.storage",
}


def _module(path: object) -> str:
    """Return the dotted name of a file."""
    return named(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")  # type: ignore[arg-type]


def _inside(module: str, room: str) -> bool:
    """Say whether a module is a room or lies in it."""
    return module == room or module.startswith(room + ".")


def test_iepcore_imports_the_standard_library() -> None:
    """A module of iepcore imports the standard library, iepcore, and what its room is allowed."""
    wrong = []
    for path in files("iepcore", endings=(".py",)):
        module = _module(path)
        allowed = {"iepcore", *sys.stdlib_module_names}
        for room, more in EXCEPTIONS.items():
            allowed |= more if _inside(module, room) else set()
        wrong += [f"{module} imports {name}" for name in imports(path) if name.split(".")[0] not in allowed]

    assert [] == sorted(wrong)


@pytest.mark.parametrize("room", BLIND)
def test_room_does_not_see_past_its_walls(room: str) -> None:
    """A screen knows no SQL and no HTTP, the practice LMS nothing of ours, a connector no shell."""
    wrong = [
        f"{_module(path)} imports {name}"
        for path in files(*PACKAGES, endings=(".py",))
        if _inside(_module(path), room)
        for name in imports(path)
        if any(_inside(name, forbidden) for forbidden in BLIND[room])
    ]

    assert [] == sorted(wrong)


def test_sandbox_is_a_house_of_its_own() -> None:
    """The practice LMS imports nothing of the tool: it must not agree with our mistakes."""
    wrong = [
        f"{_module(path)} imports {name}"
        for path in files("lti_app", endings=(".py",))
        if _inside(_module(path), "lti_app.sandbox")
        for name in imports(path)
        if _inside(name, "lti_app") and not _inside(name, "lti_app.sandbox") and name != "lti_app"
    ]

    assert [] == sorted(wrong)


@pytest.mark.parametrize("outside", ONLY)
def test_package_from_outside_has_one_door(outside: str) -> None:
    """Each package that shapes code around it is imported in one room only."""
    room = ONLY[outside]
    wrong = [
        f"{_module(path)} imports {name}"
        for path in files(*PACKAGES, endings=(".py",))
        for name in imports(path)
        if _inside(name, outside) and not _inside(_module(path), room)
    ]

    assert [] == sorted(wrong)


def test_every_room_of_iepcore_has_its_place_in_the_order() -> None:
    """Each room that exists is named in the linter's order of rooms."""
    contracts = {contract["id"]: contract for contract in project()["tool"]["importlinter"]["contracts"]}
    listed = " ".join(contracts["rooms"]["layers"])
    for mark in "()|:":
        listed = listed.replace(mark, " ")
    rooms = {
        path.relative_to(ROOT / "iepcore").parts[0].removesuffix(".py")
        for path in files("iepcore", endings=(".py",))
    }

    assert set() == rooms - set(listed.split()) - {"__init__"}


def test_import_of_iepcore_is_light() -> None:
    """`import iepcore` loads nothing from outside the standard library."""
    code = "import sys; before = set(sys.modules); import iepcore; print(*sorted(set(sys.modules) - before))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout.split()
    heavy = {name for name in loaded if name.split(".")[0] not in {"iepcore", *sys.stdlib_module_names}}

    assert set() == heavy
