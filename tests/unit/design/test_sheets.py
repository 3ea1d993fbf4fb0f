"""Guards over the stylesheets and templates: logical properties, no inline anything, tokens that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.design.test_tokens import contrast

PACKAGE = Path(__file__).parents[3] / "lti_app"
SHEETS = sorted((PACKAGE / "static/css").glob("*.css"))
MACROS = sorted((PACKAGE / "templates/components").glob("*.html"))
TEMPLATES = [PACKAGE / "templates/layout.html", PACKAGE / "templates/_components.html", *MACROS]

PHYSICAL = re.compile(
    r"(?<![-\w])(?:left|right|top|bottom|width|height|(?:min|max)-(?:width|height)"
    r"|(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)(?:-\w+)?"
    r"|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)"
)
FOUR_SIDES = re.compile(
    r"(?<![-\w])(?:margin|padding|inset|border-(?:width|radius))\s*:\s*([^;{}()]+?)\s*[;}]"
)


def rules(sheet: Path) -> str:
    """Return a sheet without comments and without the conditions of its media and container queries."""
    bare = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"@(?:media|container)[^{]*\{", "{", bare)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_only_logical_properties(sheet: Path) -> None:
    """Right-to-left needs no second sheet because no rule says left, right, top or bottom."""
    assert [] == PHYSICAL.findall(rules(sheet))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_shorthands_do_not_hide_a_left_and_a_right(sheet: Path) -> None:
    """A four-value shorthand whose second and fourth values differ would be physical."""
    sides = [value.split() for value in FOUR_SIDES.findall(rules(sheet))]
    assert [] == [each for each in sides if len(each) == 4 and each[1] != each[3]]


def test_every_used_token_is_declared() -> None:
    """A misspelt variable would silently fall back; uses with a fallback are settings of one component."""
    text = "\n".join(rules(sheet) for sheet in SHEETS)
    declared = set(re.findall(r"(--[a-z0-9-]+)\s*:", text))
    assert set() == set(re.findall(r"var\((--[a-z0-9-]+)\)", text)) - declared


def test_colours_are_written_in_tokens_only() -> None:
    """Only the tokens and the print sheet (paper is white) hold colour values."""
    holders = {sheet.name for sheet in SHEETS if re.search(r"#[0-9a-f]{3,8}\b|rgba?\(", rules(sheet))}
    assert {"tokens.css", "print.css"} == holders


def test_the_entry_imports_every_sheet_but_the_reference_page_s() -> None:
    """A page links one file."""
    entry = (PACKAGE / "static/css/rapport.css").read_text(encoding="utf-8")
    imported = set(re.findall(r'@import url\("([\w.]+)"\)', entry))
    assert {sheet.name for sheet in SHEETS} - {"rapport.css", "reference.css"} == imported


def test_nothing_is_fetched_from_elsewhere() -> None:
    """No font, image or sheet from another host, and no file but our own sheets."""
    text = "\n".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
    urls = re.findall(r"url\(([^)]*)\)", text)
    assert [] == [url for url in urls if not re.fullmatch(r'"[\w.]+\.css"', url)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_no_inline_style_script_or_handler(template: Path) -> None:
    """The policy of the pages forbids them, so they would silently not work."""
    text = template.read_text(encoding="utf-8")
    assert [] == re.findall(r"\sstyle=|\son\w+=|<style|<script(?! type=\"module\" src=)|javascript:", text)


@pytest.mark.parametrize("template", MACROS, ids=lambda template: template.name)
def test_macros_bring_no_words_of_their_own(template: Path) -> None:
    """All words are arguments, already translated: between the tags of a macro stand no letters."""
    text = template.read_text(encoding="utf-8")
    markup = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|&\w+;", "", text, flags=re.DOTALL)
    assert [] == [words for words in re.findall(r">([^<>]*)<", markup) if re.search(r"[A-Za-z]{2,}", words)]


def test_print_colours_are_readable_on_white() -> None:
    """The print sheet declares its own colours; every ink reaches 4.5 on white paper."""
    text = (PACKAGE / "static/css/print.css").read_text(encoding="utf-8")
    inks = dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", text))
    front = ("ink", "soft", "brand", "good", "close", "notyet", "unknown", "met", "home", "edge")
    assert {} == {name: inks[name] for name in front if contrast(inks[name], "ffffff") < 4.5}
