"""The documentation tells the truth: it builds without a warning and lists what exists."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from tests.guard.tree import ROOT, files, named

REFERENCE = ROOT / "docs" / "reference"


def _first_column(page: Path) -> list[str]:
    """Return the code words of the first column of a page's tables."""
    return re.findall(r"^\| `([^`]+)`", page.read_text(encoding="utf-8"), re.MULTILINE)


def test_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    """A broken reference, a page in no list or a bad line fails the build."""
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "-q", "-b", "html"]
    built = subprocess.run(
        [*command, "-d", str(tmp_path / "trees"), "docs", str(tmp_path / "html")],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )

    assert "" == built.stderr
    assert 0 == built.returncode


def test_public_names_are_the_documented_ones() -> None:
    """`iepcore.__all__` and the list in docs/reference/iepcore.md are the same, and each name is there."""
    library = import_module("iepcore")
    public = sorted(getattr(library, "__all__", []))

    assert public == sorted(_first_column(REFERENCE / "iepcore.md"))
    assert [] == [name for name in public if not hasattr(library, name)]


def test_every_verb_is_documented() -> None:
    """Each verb of the Makefile describes itself and stands in docs/reference/commands.md."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"^([a-z][a-z0-9-]*):.*?## \S", makefile, re.MULTILINE))
    phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split())
    documented = {
        word.removeprefix("make ") for word in _first_column(REFERENCE / "commands.md") if "make " in word
    }

    assert verbs == documented
    # Steps of other verbs are not verbs.
    steps = {"lint", "types", "walls", "guard", "coverage-report", "env-demo", "env-dev"}
    assert steps == phony - verbs


def test_every_setting_is_documented() -> None:
    """Each `IEP_` variable that the code reads stands in docs/reference/settings.md, and no other does."""
    read = {
        name
        for path in files("lti_app", "connectors", endings=(".py",))
        for name in re.findall(r"\bIEP_[A-Z][A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))
    }
    documented = {word.split("=")[0] for word in _first_column(REFERENCE / "settings.md")}

    assert read == documented


def test_every_subcommand_is_documented() -> None:
    """Each command of `iep` has a help text and stands in docs/reference/commands.md."""
    main = import_module("lti_app.cli").cli
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    names: list[str] = []

    def walk(command: object, path: str) -> None:
        names.append(path)
        assert getattr(command, "help", None) or getattr(command, "short_help", None), (
            f"{path} has no help text"
        )
        for name, child in getattr(command, "commands", {}).items():
            walk(child, f"{path} {name}")

    walk(main, "iep")

    assert [] == [name for name in names[1:] if f"`{name}" not in page]


def test_page_is_in_no_draft_state() -> None:
    """No page carries a placeholder; what is not there yet is called planned."""
    marks = re.compile(r"lorem ipsum|\bTBD\b|\bFIXME\b|coming soon", re.IGNORECASE)

    assert [
        named(path) for path in files(endings=(".md",)) if marks.search(path.read_text(encoding="utf-8"))
    ] == []
