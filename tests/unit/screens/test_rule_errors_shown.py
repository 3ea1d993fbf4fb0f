"""The error rates on the page for specialists are those of the documentation, held to a simulation there."""

from __future__ import annotations

import re
from pathlib import Path

from lti_app.screens.specialist_words import FLAT_ONE_LOOK, ON_LINE_EVERY_WEEK, ON_LINE_ONE_LOOK

PAGE = Path(__file__).resolve().parents[3] / "docs" / "explanation" / "progress" / "rule-errors.md"


def shares_of(rule: str) -> list[list[int]]:
    """Return the percents of a rule, one list for each table: every week, one look, one look at no growth."""
    lines = re.findall(rf"^\| `{re.escape(rule)}` \|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [[int(share) for share in re.findall(r"(\d+)%", line)] for line in lines]


def test_shown_rates_are_those_of_the_page() -> None:
    """Both rules of the screen, cell by cell."""
    every_week, one_look, flat = zip(
        shares_of("four_point_rule"), shares_of("trend_rule (ci=0.8)"), strict=True
    )
    assert [(four, trend) for _, four, trend in ON_LINE_EVERY_WEEK] == list(zip(*every_week, strict=True))
    assert {ON_LINE_ONE_LOOK} == set(zip(*one_look, strict=True))
    assert [(four, trend) for _, four, trend in FLAT_ONE_LOOK] == list(zip(*flat, strict=True))
