"""The gate every outgoing word passes: nothing that leaves may hint at a plan or name a child."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from iepcore.errors import InvalidValue

PLAN_WORDS: tuple[str, ...] = (
    "iep",
    "individualized education",
    "special education",
    "special ed",
    "sped",
    "504 plan",
    "section 504",
    "plan 504",
    "disability",
    "disabilities",
    "disabled",
    "goal",
    "accommodation",
    "evaluation",
    "eligibility",
    "therapy",
    "progress report",
    "educación especial",
    "discapacidad",
    "meta anual",
    "metas del plan",
    "terapia",
    "تعلیمات خاص",
    "آموزش ویژه",
    "معلولیت",
    "معیوبیت",
)
"""Words and stems refused as whole words, in the languages a notice can be written in so far."""


def check_content_free(text: str, *, names: Iterable[str] = ()) -> None:
    """Let ``text`` pass, or refuse it.

    ``names`` are the child's names (each word of three letters or more is looked for as a whole word).

    Raises:
        InvalidValue: ``notice_names_plan`` or ``notice_names_child``. The error never repeats the word found.
    """
    folded = _fold(text)
    if any(_has_word(folded, _fold(word)) for word in PLAN_WORDS):
        raise InvalidValue("notice_names_plan", field="text")
    words = {part for name in names for part in _fold(name).split() if len(part) >= 3}
    if any(_has_word(folded, word) for word in words):
        raise InvalidValue("notice_names_child", field="text")


def _fold(text: str) -> str:
    """Fold case, compatibility forms and invisible characters, so that no spelling trick slips through."""
    visible = "".join(ch for ch in unicodedata.normalize("NFKC", text) if unicodedata.category(ch) != "Cf")
    return visible.casefold()


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
