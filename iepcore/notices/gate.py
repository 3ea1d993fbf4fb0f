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
    "therapies",
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
"""Refused as whole words, also with a plural ending, in the languages a notice can be written in so far."""

_UNSEEN = frozenset({"Cf", "Mn", "Me"})
_SHAPELESS = frozenset("\u115f\u1160\u3164\uffa0")  # letters that no font draws
# Yeh and kaf as either keyboard types them.
_ONE_LETTER = str.maketrans("\u064a\u0649\u0643", "\u06cc\u06cc\u06a9")

# Three single letters or more with a little between them.
_SPELLED = re.compile(r"(?<![^\W_])(?:[^\W\d_][\W_]{1,3}){2,}[^\W\d_](?![^\W_])")


def check_content_free(text: str, *, names: Iterable[str] = (), usual: str = "") -> None:
    """Let ``text`` pass, or refuse it.

    ``names`` are the child's names: each word of three letters or more is looked for, and a name of several
    short words as a whole. ``usual`` is what such a text says whoever the child is: a teacher who shares the
    child's surname, or the word "will", names nobody.

    Raises:
        InvalidValue: ``notice_names_plan`` or ``notice_names_child``. The error never repeats the word found.
    """
    folded = _fold(text)
    folded += _spelled_out(folded)
    if any(_has_word(folded, _fold(word)) for word in PLAN_WORDS):
        raise InvalidValue("notice_names_plan", field="text")
    known = _fold(usual)
    if any(_has_word(folded, word) and not _has_word(known, word) for word in _name_words(names)):
        raise InvalidValue("notice_names_child", field="text")


def _name_words(names: Iterable[str]) -> set[str]:
    """Return what a child is called, as words to look for."""
    words: set[str] = set()
    for name in map(_fold, names):
        parts = name.split() + re.split(r"[\W_]+", name)
        words |= {part for part in parts if len(part) >= 3}
        if len(name.split()) > 1:
            words.add(name)
    return words


def _fold(text: str) -> str:
    """Fold case, compatibility forms, accents, white space and invisible characters: no spelling trick slips
    through."""
    loose = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    visible = "".join(
        ch
        for ch in loose
        if unicodedata.category(ch) not in _UNSEEN
        and ch not in _SHAPELESS
        and (ch.isspace() or unicodedata.category(ch) != "Cc")
    )
    return " ".join(visible.translate(_ONE_LETTER).split())


def _spelled_out(folded: str) -> str:
    """Return the words that stand there letter by letter ("i.e.p.", "m a y a"), written together."""
    return "".join(" " + re.sub(r"[\W_]", "", run) for run in _SPELLED.findall(folded))


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<![^\W_]){re.escape(word)}(?:['’]?s|es)?(?![^\W_])", text) is not None
