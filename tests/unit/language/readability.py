"""A simple Flesch-Kincaid grade (Kincaid et al. 1975).

0.39 words per sentence + 11.8 syllables per word - 15.59.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z’']+")


def syllables(word: str) -> int:
    """Count vowel groups, less a silent e; at least one."""
    lower = re.sub(r"[’'].*$", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", lower))
    silent = re.search(r"[^aeioulr]e$|[^aeioutd]ed$|[^aeiouscgxz]es$", lower)
    return max(1, groups - (1 if silent and groups > 1 else 0))


def grade(text: str) -> float:
    """Return the US school grade a text reads at. A number counts as a word of one syllable."""
    sentences = [part for part in re.split(r"[.!?:;]+(?:\s|$)", text) if part.strip()]
    counts = [syllables(word) for word in _WORD.findall(text)] + [1] * len(re.findall(r"\d+(?:\.\d+)?", text))
    return 0.39 * len(counts) / len(sentences) + 11.8 * sum(counts) / len(counts) - 15.59
