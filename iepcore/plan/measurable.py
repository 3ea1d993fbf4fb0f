"""Is a goal measurable? Hints for whoever writes it, from its words and its numbers; nothing is forbidden.

A measurable annual goal says under which condition, what can be seen or heard, how much, how often that must
happen, and by when (34 CFR 300.320(a)(2)(i)). The words lists are ours and English; a sentence in another
language gets the hints that come from its numbers alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from iepcore.progress import Criterion


class GoalHint(StrEnum):
    """What a goal does not say yet. The order is that in which a writer goes on."""

    NO_WORDS = "no_words"
    VAGUE_VERB = "vague_verb"
    """ "will improve", "will understand": nobody can see or hear that."""
    NO_CONDITION = "no_condition"
    """Nothing says when or with what: "given a grade 4 passage", "during recess"."""
    NO_BASELINE = "no_baseline"
    NO_TARGET = "no_target"
    NO_CHANGE = "no_change"
    """Baseline and target are the same number."""
    NO_CRITERION = "no_criterion"
    NO_DATE = "no_date"
    MORE_THAN_ONE = "more_than_one"
    """Two skills in one goal: each needs its own line."""
    TOO_LONG = "too_long"


_VAGUE = re.compile(
    r"\bwill\s+(?:be able to\s+)?(?:improve|increase|decrease|understand|know|learn|develop|appreciate|enjoy"
    r"|become|be aware|demonstrate (?:an )?(?:understanding|improvement|growth)|work on|try|have better"
    r"|show growth)\b",
    re.IGNORECASE,
)
_SAID_AFTER = re.compile(
    r"\b(?:as measured by|by (?:reading|writing|saying|naming|solving|using|asking))\b", re.IGNORECASE
)
_CONDITION = re.compile(
    r"\b(?:given|when|while|during|with|using|after|before|without|in (?:a|an|the)\b(?! row)"
    r"|at (?:recess|lunch|home|school))",
    re.IGNORECASE,
)
_TWO = re.compile(r"\bwill\b[^.;]*?\band (?:will\b|also\b)", re.IGNORECASE)
MOST_WORDS = 60


def goal_hints(
    words: str,
    *,
    lang: str = "en",
    baseline: float | None,
    target: float | None,
    criterion: Criterion | None,
    by: date | None,
) -> tuple[GoalHint, ...]:
    """Return what a goal does not say yet; nothing for one that says it all. Never a verdict on a plan."""
    found = set(_of_numbers(baseline, target, criterion, by))
    if not words.strip():
        found.add(GoalHint.NO_WORDS)
    elif lang.split("-", maxsplit=1)[0] == "en":
        found |= set(_of_words(words))
    return tuple(hint for hint in GoalHint if hint in found)


def _of_numbers(
    baseline: float | None, target: float | None, criterion: Criterion | None, by: date | None
) -> Iterator[GoalHint]:
    if baseline is None:
        yield GoalHint.NO_BASELINE
    if target is None:
        yield GoalHint.NO_TARGET
    elif baseline == target:
        yield GoalHint.NO_CHANGE
    if criterion is None:
        yield GoalHint.NO_CRITERION
    if by is None:
        yield GoalHint.NO_DATE


def _of_words(words: str) -> Iterator[GoalHint]:
    if _VAGUE.search(words) and not _SAID_AFTER.search(words):
        yield GoalHint.VAGUE_VERB
    if not _CONDITION.search(words):
        yield GoalHint.NO_CONDITION
    if _TWO.search(words):
        yield GoalHint.MORE_THAN_ONE
    if len(words.split()) > MOST_WORDS:
        yield GoalHint.TOO_LONG
