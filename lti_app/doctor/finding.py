"""A finding: one thing that was looked at, how it is, and what to do. No names of people, no secrets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """``OK``; ``LOOK``: somebody should do something; ``UNKNOWN``: it cannot be told from here."""

    OK = "ok"
    LOOK = "look"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line. ``about`` says which one, where there are several (a platform's host, a deployment)."""

    check: str
    state: State
    words: str
    todo: str = ""
    about: str = ""


def ok(check: str, words: str, *, about: str = "") -> Finding:
    """Return a finding that needs nobody."""
    return Finding(check=check, state=State.OK, words=words, about=about)


def look(check: str, words: str, todo: str, *, about: str = "") -> Finding:
    """Return a finding that somebody should act on."""
    return Finding(check=check, state=State.LOOK, words=words, todo=todo, about=about)


def cannot_tell(check: str, words: str, todo: str = "", *, about: str = "") -> Finding:
    """Return a finding about something that could not be looked at."""
    return Finding(check=check, state=State.UNKNOWN, words=words, todo=todo, about=about)
