"""The menu of a site's administrator who came from the platform's own administration."""

from __future__ import annotations

from collections.abc import Callable


def administrator_nav(words: Callable[[str], str]) -> tuple[tuple[str, str, str], ...]:
    """Return the pages: key, words, path."""
    return (
        ("platforms", words("Platforms"), "/app/platforms"),
        ("outbox", words("What leaves"), "/app/outbox"),
        ("rosters", words("Rosters"), "/app/rosters"),
        ("staff", words("Staff"), "/app/staff"),
        ("trail", words("The trail"), "/app/trail"),
        ("openings", words("Open a record"), "/app/openings"),
        ("calendar", words("School calendar"), "/app/site/calendar"),
    )
