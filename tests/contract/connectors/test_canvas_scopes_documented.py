"""The administrators' page lists each Canvas scope with the reason that stands in the code."""

from __future__ import annotations

import re
from pathlib import Path

from connectors.canvas.features import NEEDS, TITLES, CanvasFeature, scopes_for

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "connect-an-lms.md"


def lines() -> list[tuple[str, str, str]]:
    """Return the lines of the table."""
    text = PAGE.read_text(encoding="utf-8").replace("\\|", "\N{BROKEN BAR}")
    rows = re.findall(r"^\| ([^|`]+) \| `(url:[^`]+)` \| ([^|]+) \|$", text, re.MULTILINE)
    return [(title, scope.replace("\N{BROKEN BAR}", "|"), why) for title, scope, why in rows]


def test_each_scope_stands_on_the_page_with_its_reason() -> None:
    """Every line of the code in its order, and no other."""
    expected = [
        (TITLES[feature], need.route.scope, need.reason) for feature, needs in NEEDS.items() for need in needs
    ]

    assert expected == lines()


def test_every_feature_has_its_needs_and_its_words() -> None:
    """A new feature brings both."""
    assert list(CanvasFeature) == list(NEEDS) == list(TITLES)
    assert set(scopes_for(CanvasFeature)) == {scope for _, scope, _ in lines()}
