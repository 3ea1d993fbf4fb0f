"""Skills with a name in every catalogue, so that an update can name them in the family's language."""

from __future__ import annotations

SKILL_KEYS: tuple[str, ...] = (
    "reading_aloud",
    "sight_words",
    "word_meaning",
    "letter_names",
    "understanding_text",
    "writing_sentences",
    "handwriting",
    "math_facts",
    "math_problems",
    "asking_for_help",
    "asking_for_break",
    "talking_with_peers",
    "clear_speech",
    "using_device_to_talk",
    "calling_out",
    "turning_in_work",
    "using_planner",
    "daily_living_steps",
    "matching_and_sorting",
    "moving_safely",
)
"""Catalogue keys ``skill.<key>``. A goal may use its own words instead; those stay in their language."""
