"""Cases of the LTI conformance table: a test whose docstring begins with case ids has them in its pytest id.

``S18: ...`` or ``R1, R2: ...`` at the start of a docstring puts ``[S18]`` or ``[R1+R2]`` into the test's id;
a parametrized test may name its cases in the ids of its parameters instead (``B13-string``). Nothing else
connects a test to a case. The list of cases is ``tests/contract/lti/cases.csv``; the table of results,
docs/reference/lti-conformance.md, is written by scripts/conformance_table.py.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "contract" / "lti" / "cases.csv"
_ID = r"[A-Z]\d{1,2}"
_BEGINS = re.compile(rf"({_ID}(?:, {_ID})*): ")
_BRACKET = re.compile(r"\[(.*)\]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row: what comes in, what must happen, and who asks for it."""

    id: str
    section: str
    case: str
    expected: str
    source: str


def read_cases() -> tuple[Case, ...]:
    """Return the cases in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Case(**row) for row in csv.DictReader(file))


KNOWN = frozenset(case.id for case in read_cases())


def named_in(docstring: str | None) -> tuple[str, ...]:
    """Return the case ids a docstring begins with."""
    begins = _BEGINS.match(docstring or "")
    ids = tuple(begins.group(1).split(", ")) if begins else ()
    return ids if KNOWN.issuperset(ids) else ()


def cases_of(node_id: str) -> tuple[str, ...]:
    """Return the case ids in a test's pytest id."""
    bracket = _BRACKET.search(node_id)
    pieces = re.split(r"[-+]", bracket.group(1)) if bracket else []
    return tuple(dict.fromkeys(piece for piece in pieces if piece in KNOWN))


def name_by_case(metafunc: Any) -> None:
    """Put the cases of a test's docstring into its id: one parameter that the test need not take."""
    ids = named_in(metafunc.function.__doc__)
    if ids:
        metafunc.fixturenames.append("case_ids")
        metafunc.parametrize("case_ids", [ids], ids=["+".join(ids)])
