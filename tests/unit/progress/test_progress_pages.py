"""The pages about progress: each example runs, each table and picture holds, each concept has its parts."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from iepcore import progress
from iepcore.progress import MeasureKind, growth_norms, orf_norms, slope_standard_error
from iepcore.reports import svg_of
from lti_app.cli.analyze import analyze
from tests.bench.forecast_coverage import RHOS, coverage
from tests.bench.rule_errors import markdown, simulate
from tests.guard.tree import ROOT

FOLDER = ROOT / "docs" / "explanation" / "progress"
PAGES = sorted(FOLDER.glob("*.md"))
CONCEPTS = [page for page in PAGES if page.stem != "index"]
PARTS = ["What it tells a teacher", "Formula", "Edge rules", "Example", "Source"]
TEACHERS_WORDS = 130
"""How long the part for a teacher may be, in words, without its table and picture."""

EXAMPLE = re.compile(r"^```python\n(.*?)^```\n+(?:^```text\n(.*?)^```)?", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r"^```\{chart\} (\S+)\n(.+?)^```", re.MULTILINE | re.DOTALL)


def text_of(page: Path | str) -> str:
    """Return the text of a page, or of the one of that name."""
    path = FOLDER / f"{page}.md" if isinstance(page, str) else page
    return path.read_text(encoding="utf-8")


def cells_of(page: str, heading: str) -> list[list[str]]:
    """Return the rows of the table whose first line begins with ``heading``."""
    lines = text_of(page).splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module of the invented children, found as Sphinx finds it."""
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "_ext"))
    return import_module("children")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_print_what_the_page_says(page: Path) -> None:
    """The examples of a page run one after the other, as a reader would run them."""
    names: dict[str, object] = {"__name__": "page"}
    for number, (code, printed) in enumerate(EXAMPLE.findall(text_of(page)), 1):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(code, f"{page.name}, example {number}", "exec"), names)
        assert printed == output.getvalue(), f"example {number}"


@pytest.mark.parametrize("page", CONCEPTS, ids=lambda page: page.stem)
def test_a_concept_has_its_parts(page: Path) -> None:
    """What it tells a teacher (short, and first), formula, edge rules, an example that runs, source."""
    text = text_of(page)
    assert PARTS == re.findall(r"^## (.+)$", text, re.MULTILINE)
    first = PICTURE.sub("", text[text.index(PARTS[0]) : text.index("## Formula")])
    spoken = [line for line in first.splitlines()[1:] if not line.startswith("|")]
    assert 25 <= len(" ".join(spoken).split()) <= TEACHERS_WORDS
    assert EXAMPLE.search(text)


def test_every_page_is_in_the_list() -> None:
    """The first page leads to each of the others once, and fetches nothing from elsewhere."""
    listed = re.findall(r"^([a-z-]+)$", text_of("index"), re.MULTILINE)
    assert sorted(page.stem for page in CONCEPTS) == sorted(listed)
    assert [] == [page.stem for page in PAGES if re.search(r"https?:", text_of(page))]


def test_every_function_has_its_place() -> None:
    """Each public function of iepcore.progress, and each way to measure, stands on a page by its name."""
    whole = "\n".join(map(text_of, PAGES))
    functions = [name for name in progress.__all__ if inspect.isfunction(getattr(progress, name))]
    # How readings are checked and stored is no concept of its own.
    silent = {"check_reading", "raw_of", "direction_from", "meets", "side_of", "median_of"}
    assert [] == [name for name in functions if name not in silent and not re.search(rf"\b{name}\b", whole)]
    assert [*MeasureKind] == [row[0].strip("`") for row in cells_of("measures", "Kind")]


def test_pictures_show_the_scores_of_their_pages(children: ModuleType) -> None:
    """Each picture is used, draws, and shows lists of scores that stand in the page's examples."""
    used = {name: page for page in PAGES for name, _ in PICTURE.findall(text_of(page))}
    assert set(children.PICTURES) == set(used)
    for page in PAGES:
        text = re.sub(r"\s+", " ", text_of(page))
        for name, _ in PICTURE.findall(text_of(page)):
            picture = children.PICTURES[name]()
            for scores in picture.scores:
                assert repr([*scores]) in text, (page.stem, name)
            for chart in (picture.wide, picture.narrow):
                assert svg_of(chart, picture.labels, ident=name, marked=picture.marked)


def test_norm_tables_are_those_of_the_library() -> None:
    """The scores and the computed rates of the reading norms, the growth norms as they are stored."""
    reading = [
        [
            str(norm.grade),
            str(norm.percentile),
            "" if norm.fall is None else str(norm.fall),
            str(norm.winter),
            str(norm.spring),
            f"{norm.weekly_improvement:.2f}",
        ]
        for norm in orf_norms()
    ]
    assert reading == cells_of("reading-norms", "Grade")
    growth = [
        [str(grade), *(f"{norm.words_per_week:g}" for norm in growth_norms(grade))] for grade in range(1, 7)
    ]
    assert growth == cells_of("growth-norms", "Grade")


def test_table_of_slope_errors_is_computed() -> None:
    """Weeks against the standard error of the slope, for one and two probes a week."""
    for weeks, once, twice in cells_of("weeks-needed", "Weeks"):
        assert once == f"{slope_standard_error(10, int(weeks)):.2f}"
        assert twice == f"{slope_standard_error(10, int(weeks), 2):.2f}"


def test_errors_of_the_rules_are_near_the_table() -> None:
    """A short simulation comes within five standard errors of what the page shows, rule by rule."""
    table = simulate(60)
    page = text_of("rule-errors")
    shown = re.findall(r"(?<=\| )(–|>?\d+%)(?= \|)", page)
    assert len(table) == len(shown)
    for row, cell in zip(table, shown, strict=True):
        if cell == "–":
            assert row["share"] is None, row
            continue
        percent = int(cell.strip(">%")) / 100
        error = max(0.03, (percent * (1 - percent) / 60) ** 0.5)
        assert abs(float(str(row["share"])) - percent) < 5 * error, row
    rules = re.findall(r"^\| `([^`]+)` ", markdown(table), re.MULTILINE)
    assert rules == re.findall(r"^\| `([^`]+)` ", page, re.MULTILINE)


def test_coverage_of_the_forecast_is_near_the_table() -> None:
    """The same for the share of later scores inside the interval."""
    rows = cells_of("forecast", "autocorrelation of the errors")
    assert [f"{rho:g}" for rho in RHOS] == [row[0] for row in rows]
    for rho, (_, *cells) in zip(RHOS, rows, strict=True):
        for found, cell in zip(coverage(rho, 200), cells, strict=True):
            percent = int(cell.strip("%")) / 100
            assert abs(found - percent) < 5 * (percent * (1 - percent) / 200) ** 0.5, (rho, cell)


def test_the_file_of_series_gives_what_the_page_shows(tmp_path: Path) -> None:
    """`iep analyze` on the file of the page prints the lines of the page."""
    text = text_of("many-series")
    source, _, printed = re.findall(
        r"^```(?:text|sh)\n(.*?)^```", text[text.index("## Example") :], re.M | re.S
    )
    file = tmp_path / "scores.csv"
    file.write_text(source, encoding="utf-8")
    found = CliRunner().invoke(analyze, [str(file)])
    assert (0, "Computed 2 series.\n") == (found.exit_code, found.stderr)
    assert _rounded(printed) == _rounded(found.stdout)


def _rounded(text: str) -> list[str]:
    """The cells, decimals cut to six digits: with numpy and without, the last ones may differ."""
    return [re.sub(r"(\.\d{6})\d+", r"\1", cell) for cell in text.replace("\n", ",").split(",")]
