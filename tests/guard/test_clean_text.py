"""No file of the project names the machine it was written on or a package registry."""

from __future__ import annotations

import re

from tests.guard.tree import files, named

# Written in pieces, so that this file passes its own test.
MACHINE = re.compile(r"(?<![\w.\-])/(?:" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me")) + r")/[\w.]")
REGISTRY = re.compile(
    "|".join(
        ("pypi" + r"\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs", "deb" + r"\.debian\.org")
    )
)
INDEX = re.compile(
    "|".join(("--index" + "-url", "--extra-index" + "-url", "--find" + "-links", "--trusted" + "-host"))
)


def _lines_with(pattern: re.Pattern[str], *folders: str) -> list[str]:
    """Return where a pattern occurs in the project's text files."""
    found = []
    for path in files(*folders):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{named(path)}:{number}: {line.strip()[:120]}"
            for number, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)
        ]
    return found


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    """Paths are relative or made at run time."""
    assert [] == _lines_with(MACHINE)


def test_no_file_names_a_package_registry() -> None:
    """Packages are named by name; where they come from is each machine's own matter."""
    assert [] == _lines_with(REGISTRY)


def test_pins_hold_names_versions_and_hashes_only() -> None:
    """The locked requirements name no index, and every pin has hashes."""
    assert [] == _lines_with(INDEX, "requirements")
    for path in files("requirements", endings=(".txt",)):
        text = path.read_text(encoding="utf-8")
        pins = re.findall(
            r"^[a-z0-9][^\n]*==[^\n]*\n(?:    --hash=sha256:[0-9a-f]{64}[^\n]*\n)+", text, re.MULTILINE
        )

        assert len(re.findall(r"^[a-zA-Z0-9]", text, re.MULTILINE)) == len(pins), (
            f"{named(path)}: run make lock"
        )


def test_demo_and_developers_use_the_same_versions() -> None:
    """What the tests ran with is what people run."""
    pins = {
        path.stem: dict(
            re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        )
        for path in files("requirements", endings=(".txt",))
    }

    assert {} == {name: pin for name, pin in pins["demo"].items() if pins["dev"].get(name) != pin}
