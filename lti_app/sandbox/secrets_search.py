"""Looks for the children, their families and words about a plan in bytes that left the building.

The search reads the bytes as they are and every reading a curious person would try: form encoding undone,
each mail part and header decoded. Names match at letter borders in any case. Nothing is excused except random
link codes, in which a word of three letters may stand by chance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from urllib.parse import unquote_plus

from lti_app.sandbox.people import People

# Words that would tell a stranger what a message is about, in the languages of the practice families.
PLAN_WORDS = (
    "IEP",
    "504 plan",
    "section 504",
    "special education",
    "special needs",
    "disability",
    "disabled",
    "accommodation",
    "accommodations",
    "goal",
    "goals",
    "plan",
    "plans",
    "therapy",
    "diagnosis",
    "progress report",
    "PEI",
    "plan 504",
    "educación especial",
    "necesidades especiales",
    "discapacidad",
    "terapia",
    "objetivo",
    "objetivos",
    "adaptaciones",
    "تعلیمات خاص",
    "آموزش خاص",
    "آموزش ویژه",
    "معلولیت",
    "پلان",
    "برنامه آموزشی",
    "هدف",
)
_LINK_CODE = re.compile(r"(/n/)[A-Za-z0-9_-]{16,}")
_SHORT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One word that should not have been there, and whether it is a ``name`` or a ``plan`` word."""

    word: str
    kind: str


class SecretsSearch:
    """The search, prepared once for all names of one school."""

    def __init__(self, people: People, others: Iterable[str] = ()) -> None:
        """``others`` are more full names to look for, each with its parts."""
        parts = {part for name in others for part in (name, *re.split(r"[ -]", name))}
        plain = {_plain_letters(part) for part in parts}
        names = sorted({*_family_names(people), *parts, *plain}, key=len, reverse=True)
        self._names = [(name, _pattern(name)) for name in names]
        self._words = [(word, _pattern(word)) for word in PLAN_WORDS]

    def find(self, raw: bytes) -> list[Finding]:
        """Every name and plan word in these bytes, each once."""
        plain = "\n".join(_readings(raw))
        text = f"{plain}\n{_folded(plain)}"
        without_codes = _LINK_CODE.sub(r"\1", text)
        return [
            Finding(word=word, kind=kind)
            for kind, prepared in (("name", self._names), ("plan", self._words))
            for word, pattern in prepared
            if pattern.search(without_codes if len(word) <= _SHORT else text)
        ]


def _family_names(people: People) -> Iterable[str]:
    """Full and single names of every pupil and every observer who is not staff."""
    for user in people.users:
        roles = {place.role for place in user.enrollments}
        if not roles & {"student", "observer"} or roles & {"teacher", "ta"}:
            continue
        for name in (user.name, user.given_name, *re.split(r"[ -]", user.family_name)):
            yield name
            yield _plain_letters(name)


def _plain_letters(name: str) -> str:
    """The name as somebody without the right keyboard would type it."""
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])", re.IGNORECASE)


def _readings(raw: bytes) -> Iterable[str]:
    plain = raw.decode("utf-8", "replace")
    yield plain
    yield unquote_plus(plain)
    mail = message_from_bytes(raw)
    for value in mail.values():
        yield str(make_header(decode_header(str(value))))
    for part in mail.walk():
        yield _decoded(part)


def _folded(text: str) -> str:
    """The text without invisible characters and with look-alike forms undone: no spelling trick hides a
    word.
    """
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", visible)


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return payload.decode(charset, "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")
