"""What the README promises, runs."""

from __future__ import annotations

import re
import socket

import pytest

from tests.guard.tree import ROOT, files, named


def _blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of one language in a Markdown text."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_python_in_the_readme_runs_without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library example of the README runs as it stands, and opens no connection."""

    def refuse(*_: object) -> None:
        raise AssertionError("the README's example opens a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for number, block in enumerate(_blocks((ROOT / "README.md").read_text(encoding="utf-8"), "python"), 1):
        exec(compile(block, f"README.md, block {number}", "exec"), {"__name__": "__readme__"})


def test_verbs_named_in_the_pages_exist() -> None:
    """Every `make` verb that a page names is in the Makefile."""
    verbs = set(
        re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    unknown = [
        f"{named(path)}: make {verb}"
        for path in files(endings=(".md",))
        for verb in re.findall(
            r"(?:`|^)make ([a-z][a-z0-9-]*)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        if verb not in verbs
    ]

    assert [] == unknown


def test_links_between_the_front_pages_lead_somewhere() -> None:
    """A relative link on a page of the root folder leads to a file."""
    broken = [
        f"{page.name}: {target}"
        for page in ROOT.glob("*.md")
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert [] == broken
