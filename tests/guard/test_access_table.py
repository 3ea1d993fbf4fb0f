"""The page of the access table is today's decisions, for every standing, thing, action and relation."""

from __future__ import annotations

from iepcore.access import Party, ResourceKind
from iepcore.access.matrix import MATRIX
from scripts.access_table import PAGE, WORDS, main, page


def test_page_says_what_is_decided_today() -> None:
    """docs/reference/access.md is what ``python -m scripts.access_table`` writes."""
    assert page() == PAGE.read_text(encoding="utf-8")
    assert 0 == main(["--check"])


def test_every_standing_and_every_cell_stands_on_the_page() -> None:
    """No row of the matrix and no cell of it is left out."""
    text = PAGE.read_text(encoding="utf-8")
    assert set(Party) == set(WORDS)
    for party in Party:
        part = text.split(f"Standing `{party.value}`.")[1].split("\n## ")[0]
        for kind in ResourceKind:
            assert (f"| {kind.value} | read |" in part) == (kind in MATRIX[party]), (party, kind)
