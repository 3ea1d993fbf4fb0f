"""Notes beside expected numbers: what they say that can be computed, is."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from iepcore.progress import PeriodStatus
from iepcore.testing.scenarios.entries import Entry, missing, tried
from iepcore.testing.scenarios.form import Facts, FormError, day_of
from iepcore.testing.scenarios.numbers import card_of, ledger_of, status_of
from iepcore.testing.scenarios.site import Site

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
Window = tuple[date, date]


def note_entries(site: Site, expected: Facts) -> Iterator[Entry]:
    """Yield an entry for each thing a note says; a note nothing understands is not computed."""
    for block, key, claims in (("goal_status", "period", _GOAL), ("minutes", "window", _MINUTES)):
        for name, told in (expected.raw.get(block) or {}).items():
            note = told.get("note") if isinstance(told, dict) else None
            if note is None:
                continue
            prefix = f"{site.key}/{block}/{name}/note"
            window = (day_of(told[key][0], prefix), day_of(told[key][1], prefix))
            found = [(label, make(site, name, window, match)) for label, match, make in _read(note, claims)]
            if not found:
                yield missing(prefix, note, "words for people: nothing in them is computed")
            for label, (value, compute) in found:
                yield tried(f"{prefix}/{label}", value, note, compute)


Claim = tuple[Any, Callable[[], Any]]
Make = Callable[[Site, str, Window, re.Match[str]], Claim]


def _read(note: str, claims: tuple[tuple[str, str, Make], ...]) -> Iterator[tuple[str, re.Match[str], Make]]:
    for label, words, make in claims:
        match = re.search(words, note, re.I)
        if match is not None:
            yield label, match, make


def _aim_line(site: Site, name: str, window: Window, match: re.Match[str]) -> Claim:
    del window
    on = day_of(match[1], "note")

    def compute() -> float:
        value = card_of(site, name).goal.aimline.value_at(on)
        return round(value, 1) if value is not None else float("nan")

    return float(match[2]), compute


def _median(site: Site, name: str, window: Window, match: re.Match[str]) -> Claim:
    return float(match[1]), lambda: status_of(site, name, *window).median_of_last_three


def _growing(site: Site, name: str, window: Window, match: re.Match[str]) -> Claim:
    """Both are said: the data go the right way, and they lie behind the line."""
    del match

    def compute() -> bool:
        card = card_of(site, name)
        scores = [one.score for one in card.points if one.score is not None]
        grows = bool(scores) and card.goal.direction.sign * (scores[-1] - scores[0]) > 0
        return grows and status_of(site, name, *window).status is PeriodStatus.INSUFFICIENT

    return True, compute


def _summer_weeks(site: Site, name: str, window: Window, match: re.Match[str]) -> Claim:
    """The weeks of the summer's own calendar, on which the service is laid."""
    told = match[1].lower()

    def compute() -> int | str:
        service = site.services.get(name)
        if site.frame.summer is None or service is None or not service.is_extended_year:
            return "not laid on a summer's calendar"
        return len(site.frame.summer.weeks(*window))

    return _NUMBERS.get(told) or int(told), compute


def _month_open(site: Site, name: str, window: Window, match: re.Match[str]) -> Claim:
    """Planned in that month, and nothing given yet."""
    month = [one.lower() for one in month_name].index(match[1].lower())

    def compute() -> bool:
        first = date(window[0].year, month, 1)
        if first < window[0]:
            first = first.replace(year=first.year + 1)
        if first > window[1]:
            raise FormError("note", "the month is not in the window")
        last = min(window[1], first.replace(day=monthrange(first.year, month)[1]))
        held = ledger_of(site, name, first, last)
        return held.planned > 0 and held.delivered == 0

    return True, compute


_MONTHS = "|".join(month_name[1:])
_GOAL: tuple[tuple[str, str, Make], ...] = (
    ("aim_line", r"aim line on (\d{4}-\d\d-\d\d) is (\d+(?:\.\d+)?)", _aim_line),
    ("median", r"median of the last three points is (\d+(?:\.\d+)?)", _median),
    ("growing", r"still growing", _growing),
)
_MINUTES: tuple[tuple[str, str, Make], ...] = (
    ("summer_weeks", rf"({'|'.join(_NUMBERS)}|\d+) ESY weeks", _summer_weeks),
    ("month_open", rf"({_MONTHS}) not yet delivered", _month_open),
)
