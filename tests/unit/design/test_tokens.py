"""Every declared colour pair is readable, in every set, by the formula of WCAG 2.2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[3] / "lti_app/static/css/tokens.css").read_text(encoding="utf-8")
SETS = {
    "light": r':root,\s*\[data-theme="light"\] \{([^}]*)\}',
    "dark by system": r"@media \(prefers-color-scheme: dark\) \{\s*:root:not\(\[data-theme\]\) \{([^}]*)\}",
    "dark by choice": r'^\[data-theme="dark"\] \{([^}]*)\}',
    "light, more contrast": r"@media \(prefers-contrast: more\) \{\s*:root,[^{]*\{([^}]*)\}",
    "dark by choice, more contrast": r'^  \[data-theme="dark"\] \{([^}]*)\}',
    "dark by system, more contrast": r"more\) and [^{]*\{\s*:root:not\(\[data-theme\]\) \{([^}]*)\}",
}


def colours(name: str) -> dict[str, str]:
    """Return the six-digit colours that one set declares, by token name."""
    found = re.search(SETS[name], TOKENS, re.MULTILINE)
    assert found is not None, name
    return dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", found.group(1)))


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(front: str, back: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(front), luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def declared(kind: str) -> list[tuple[str, str]]:
    """Return the pairs the comment of tokens.css declares: kind "pair" (text) or "edge" (shapes)."""
    return re.findall(rf"\b{kind}: ([a-z-]+) ([a-z-]+)", TOKENS)


def weaker(name: str, kind: str, need: float) -> list[tuple[str, str, float]]:
    """Return the declared pairs of one kind that stay under `need` in one set, each with its ratio."""
    values = colours(name)
    ratios = [(front, back, contrast(values[front], values[back])) for front, back in declared(kind)]
    return [(front, back, round(ratio, 2)) for front, back, ratio in ratios if ratio < need]


def test_the_formula_knows_black_on_white() -> None:
    """Black on white is 21, and mid grey #767676 on white is the well-known 4.54."""
    assert round(contrast("000000", "ffffff"), 2) == 21
    assert round(contrast("767676", "ffffff"), 2) == 4.54


@pytest.mark.parametrize("name", SETS)
def test_text_is_readable(name: str) -> None:
    """Text pairs reach 4.5, and 7 where the person asked for more contrast."""
    need = 7.0 if "more contrast" in name else 4.5
    assert [] == weaker(name, "pair", need)


@pytest.mark.parametrize("name", SETS)
def test_shapes_and_borders_that_mean_something_are_visible(name: str) -> None:
    """Edge pairs reach 3 in every set."""
    assert [] == weaker(name, "edge", 3.0)


def test_both_ways_to_dark_are_the_same_dark() -> None:
    """What the system chooses and what data-theme chooses is one set, also with more contrast."""
    assert colours("dark by system") == colours("dark by choice")
    assert colours("dark by system, more contrast") == colours("dark by choice, more contrast")


@pytest.mark.parametrize("name", SETS)
def test_every_set_declares_every_colour(name: str) -> None:
    """No set falls back to a colour of another by accident."""
    assert set(colours("light")) == set(colours(name))


def test_every_colour_is_part_of_a_declared_pair() -> None:
    """A colour without a pair is a colour nobody checked; the hairline is the one that carries no meaning."""
    used = {token for kind in ("pair", "edge") for pair in declared(kind) for token in pair}
    assert {"line"} == set(colours("light")) - used


ASKED = {
    "light, more contrast": r'^:root\[data-contrast="more"\] \{([^}]*)\}',
    "dark by system, more contrast": r':root\[data-contrast="more"\]:not\(\[data-theme\]\) \{([^}]*)\}',
    "dark by choice, more contrast": r'^:root\[data-contrast="more"\]\[data-theme="dark"\] \{([^}]*)\}',
}


@pytest.mark.parametrize("name", ASKED)
def test_contrast_asked_for_in_the_lms_is_the_same(name: str) -> None:
    """More contrast by the launch has the same values as more contrast by the system."""
    found = re.search(ASKED[name], TOKENS, re.MULTILINE)

    assert found is not None
    assert colours(name) == dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", found.group(1)))
