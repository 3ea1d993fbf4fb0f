"""The pages about progress: each example runs and prints what the page says; the table of errors holds."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from tests.bench.rule_errors import markdown, simulate
from tests.guard.tree import ROOT

PAGES = sorted((ROOT / "docs" / "explanation" / "progress").glob("*.md"))
EXAMPLE = re.compile(r"^```python\n(.*?)^```\n+(?:^```text\n(.*?)^```)?", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_print_what_the_page_says(page: Path) -> None:
    """The examples of a page run one after the other, as a reader would run them."""
    names: dict[str, object] = {"__name__": "page"}
    examples = EXAMPLE.findall(page.read_text(encoding="utf-8"))
    for number, (code, printed) in enumerate(examples, 1):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(code, f"{page.name}, example {number}", "exec"), names)
        assert printed == output.getvalue(), f"example {number}"


def test_errors_of_the_rules_are_near_the_table() -> None:
    """A short simulation comes within five standard errors of what the page shows."""
    table = simulate(100)
    page = (ROOT / "docs" / "explanation" / "progress" / "trends-and-rules.md").read_text(encoding="utf-8")
    shown = [
        int(cell)
        for cell in re.findall(r"(\d+)%", page[page.index("### How often") : page.index("## Forecast")])
    ]
    assert len(table) == len(shown)
    for row, percent in zip(table, shown, strict=True):
        error = max(0.02, (percent / 100 * (1 - percent / 100) / 100) ** 0.5)
        assert abs(float(str(row["share"])) - percent / 100) < 5 * error, row
    assert 3 == len(re.findall(r"^\|---", markdown(table), re.MULTILINE))
