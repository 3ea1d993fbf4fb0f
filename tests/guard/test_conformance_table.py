"""The table of LTI cases is today's: the cases of the research table, and the tests that carry their ids."""

from __future__ import annotations

import re
from pathlib import Path

from scripts.conformance_table import differences
from tests.cases import KNOWN, cases_of, named_in, read_cases


def test_page_names_todays_tests() -> None:
    """docs/reference/lti-conformance.md lists every case with the tests that carry it today.

    ``python -m scripts.conformance_table --changed`` writes it again.
    """
    assert {} == differences()


def test_cases_are_those_of_the_research_table(shared_folder: Path) -> None:
    """No row of the project's table of cases is left out, and none is made up."""
    text = (shared_folder / "research" / "lti-conformance.md").read_text(encoding="utf-8")
    found: set[str] = set()
    for first in re.findall(r"^\| ([A-Z]\d[^|]*)\|([^|]*)", text, re.MULTILINE):
        ids = re.findall(r"[A-Z]\d+", " ".join(first) if first[0].strip() == "V6" else first[0])
        span = re.search(r"([A-Z])(\d+)-(\d+)", first[0])
        if span:
            ids = [f"{span[1]}{number}" for number in range(int(span[2]), int(span[3]) + 1)]
        found.update(ids)

    assert found == KNOWN
    assert len(KNOWN) == len(read_cases())


def test_how_a_test_names_its_cases() -> None:
    """A docstring that begins with known ids names them; a bracket of a pytest id holds them."""
    assert ("S18", "P3") == named_in("S18, P3: the second post opens nothing.")
    assert () == named_in("B99: no such case.")
    assert () == named_in("Nothing here.")
    assert () == named_in(None)
    assert ("R1", "R2") == cases_of("tests/x.py::test_y[R1+R2-canvas]")
    assert ("B13",) == cases_of("tests/x.py::test_y[B13-string]")
    assert () == cases_of("tests/x.py::test_B13")
