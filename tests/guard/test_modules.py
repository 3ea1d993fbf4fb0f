"""Every module is small, says its purpose, and is named for what it does."""

from __future__ import annotations

import ast

import pytest

from tests.guard.tree import PACKAGES, ROOT, files, named, parsed

LIMIT = 400
SHAPELESS = {"utils", "util", "helpers", "helper", "base", "manager", "misc", "common"}


def test_module_is_short() -> None:
    """No module has more than 400 lines: split it along its meaning."""
    sizes = {
        named(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in files(*PACKAGES, "tests", "docs", endings=(".py", ".js", ".css"))
    }

    assert {} == {name: lines for name, lines in sizes.items() if lines > LIMIT}


def test_module_says_its_purpose() -> None:
    """The first line of a module's docstring says what it is for."""
    silent = [
        named(path)
        for path in files(*PACKAGES, "tests", endings=(".py",))
        if len((ast.get_docstring(parsed(path)) or "").split("\n")[0].split()) < 3
    ]

    assert [] == silent


@pytest.mark.parametrize("package", PACKAGES)
def test_modules_are_named_for_what_they_do(package: str) -> None:
    """No module or folder has a name that could hold anything."""
    parts = {
        (part.removesuffix(".py"), named(path))
        for path in files(package, endings=(".py",))
        for part in path.relative_to(ROOT).parts
    }

    assert [] == sorted(where for part, where in parts if part in SHAPELESS)


def test_folder_of_python_is_a_package() -> None:
    """Each folder with modules has an `__init__.py`: the linter and the wheel pass over the others."""
    folders = {path.parent for path in files(*PACKAGES, endings=(".py",))}
    # Alembic loads its versions as files.
    loose = [
        folder for folder in folders if folder.name != "versions" and not (folder / "__init__.py").exists()
    ]

    assert [] == sorted(map(named, loose))
