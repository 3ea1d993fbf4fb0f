"""Sentences of a scenario's ``rules``: which rule of the library each one names, and whether it holds there.

Every rule has a *bend*: one fact of the scenario changed, so that the sentence no longer holds. A test builds
both sites; a rule that holds in both tests nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from iepcore.testing.scenarios import rules_of_meetings, rules_of_plans
from iepcore.testing.scenarios.entries import Entry, missing, tried
from iepcore.testing.scenarios.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. ``words`` find it in a sentence; ``bend`` changes the fact that ``bent`` names."""

    key: str
    words: str
    holds: Callable[[Site, str], bool]
    bend: Callable[[dict[str, Any]], None]
    bent: str


RULES: tuple[Rule, ...] = tuple(
    Rule(key=key, words=words, holds=holds, bend=bend, bent=bent)
    for key, words, holds, bend, bent in (*rules_of_meetings.ALL, *rules_of_plans.ALL)
)


def rule_of(sentence: str) -> Rule | None:
    """Return the rule a sentence names, or None."""
    return next((one for one in RULES if re.search(one.words, sentence, re.I)), None)


def rule_entries(site: Site, sentences: list[str]) -> Iterator[Entry]:
    """Yield an entry for each sentence: it holds, by the rule that it names."""
    for place, sentence in enumerate(sentences):
        key = f"{site.key}/rules/{place}"
        rule = rule_of(sentence)
        if rule is None:
            yield missing(key, sentence, "no rule here has these words")
        else:
            yield tried(key, True, f"{rule.key}: {sentence}", partial(rule.holds, site, sentence))
