"""A test says what it expects, and one that is not run says why."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.guard.tree import files, named, parsed

# importorskip names the missing package by itself.
NAMES = {"skip", "xfail", "skipif"}


def _calls_without_reason(path: Path) -> list[str]:
    """Return the skips and expected failures of a file that give no reason."""
    tree = parsed(path)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found = []
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in NAMES
            and _of_pytest(node)
            and id(node) not in called
        ):
            found.append(f"{named(path)}:{node.lineno}: {node.attr} without a reason")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            attribute = node.func
            if attribute.attr in NAMES and _of_pytest(attribute) and not _has_reason(node, attribute.attr):
                found.append(f"{named(path)}:{node.lineno}: {attribute.attr} without a reason")
    return found


def _of_pytest(attribute: ast.Attribute) -> bool:
    """Say whether this is `pytest.skip`, `pytest.mark.xfail` and the like."""
    return ast.unparse(attribute.value) in {"pytest", "pytest.mark", "mark"}


def _has_reason(call: ast.Call, name: str) -> bool:
    """Say whether a call carries a reason of at least two words, or one that is worked out."""
    given = [keyword.value for keyword in call.keywords if keyword.arg in {"reason", "msg"}]
    if name == "skip" or (name == "xfail" and len(call.args) == 1):
        given += call.args[:1]
    return any(not isinstance(value, ast.Constant) or len(str(value.value).split()) > 1 for value in given)


def test_skip_gives_its_reason() -> None:
    """Every skip and every expected failure gives its reason in words."""
    paths = files("tests", "iepcore/testing", endings=(".py",))

    assert [] == [line for path in paths for line in _calls_without_reason(path)]


def test_test_says_what_it_expects() -> None:
    """Every test carries a sentence."""
    silent = [
        f"{named(path)}:{node.lineno}: {node.name}"
        for path in files("tests", "iepcore/testing", endings=(".py",))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]

    assert [] == silent
