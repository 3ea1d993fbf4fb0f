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

COUNTED_IN: dict[str, str] = {
    "word_meaning": "words",
    "sight_words": "words",
    "letter_names": "letters",
    "math_facts": "problems",
    "math_problems": "problems",
    "writing_sentences": "sentences",
    "handwriting": "sentences",
    "daily_living_steps": "steps",
    "turning_in_work": "assignments",
}
"""What a plain count of a skill counts, where "times" would be wrong: catalogue keys ``value.<unit>``,
``unit.<unit>``."""
