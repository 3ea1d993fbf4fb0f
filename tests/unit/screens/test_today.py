"""Today, as people of the fictional school see it."""

from __future__ import annotations

from tests.unit.screens.conftest import House


def test_a_case_manager_sees_her_children_with_their_findings(house: House) -> None:
    """The child, the fixed word, and the number beside what was expected."""
    answer = house.get("/app/today", as_="halloran")
    assert 200 == answer.status_code
    text = answer.get_data(as_text=True)
    assert "Good morning" in text
    assert "Monday, 23 November 2026" in text
