"""What the set-up forms offer to choose from, and how they say a refusal, in the reader's words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from markupsafe import Markup

from iepcore.errors import IepError
from iepcore.language import LANGUAGES, Phrase, own_name, render
from iepcore.people import RosterMember
from lti_app.doors.google.arriving import DOOR as GOOGLE_DOOR
from lti_app.screens.page import Frame

Options = list[tuple[str, str]]

GRADES: tuple[str, ...] = ("PK", "K", *(str(number) for number in range(1, 13)), "18+")


def plain(frame: Frame, key: str, **params: object) -> str:
    """Return a sentence of the domain catalogues as plain text."""
    return render(Phrase(key=key, params=params), frame.lang, isolate=False).text


def refusal(frame: Frame, error: IepError) -> Markup:
    """Return what to do about a step that was refused, in the reader's language."""
    params = {key: value for key, value in error.params.items() if key != "field"}
    return frame.say(Phrase(key=error.advice_key, params=params))


def languages(frame: Frame, *, ask: bool = False, held: str = "") -> Options:
    """Return the languages by their own name and the reader's; ``ask`` puts "Choose" first. A language that
    is ``held`` already and not in our list stays a choice."""
    rows = [
        (one.tag, one.own_name)
        if one.own_name == frame.words(one.english_name)
        else (one.tag, f"{one.own_name} ({frame.words(one.english_name)})")
        for one in LANGUAGES
    ]
    if held and held not in {tag for tag, _ in rows}:
        rows.insert(0, (held, f"{own_name(held)} ({held})"))
    return [("", frame.words("Choose")), *rows] if ask else rows


def grades(frame: Frame) -> Options:
    """Return the grades, with the words of those that are not numbers."""
    words = {
        "PK": frame.words("Preschool"),
        "K": frame.words("Kindergarten"),
        "18+": frame.words("After grade 12 (18 to 21)"),
    }
    rows = [(grade, words.get(grade) or frame.words("Grade %(grade)s", grade=grade)) for grade in GRADES]
    return [("", frame.words("Choose")), *rows]


def of_catalogue(frame: Frame, room: str, values: Iterable[str]) -> Options:
    """Return domain values with their words: ``role.case_manager``, ``relation.mother``."""
    return [(value, plain(frame, f"{room}.{value}")) for value in values]


def member_name(frame: Frame, member: RosterMember) -> str:
    """Return the name of a line of the address book; one the LMS does not tell gets a neutral label."""
    return member.name or frame.words("Name not told (account %(account)s)", account=member.subject[:8])


def lms_name(frame: Frame) -> str:
    """Return what people here call their LMS: the one they came by, where a school has two."""
    if frame.viewer.source == GOOGLE_DOOR:
        return "Google Classroom"
    return frame.viewer.site.lms_name or frame.words("Your LMS")


def name_has(member: RosterMember, letters: str) -> bool:
    """Tell whether a name holds some letters, whatever their case and accents ("lucia" finds "Lucía")."""
    return _folded(letters) in _folded(member.name or "")


def name_is(member: RosterMember, words: str) -> bool:
    """Tell whether somebody typed the whole name, whatever its case, accents and spaces."""
    return bool(words.strip()) and _folded(words).split() == _folded(member.name or "").split()


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
