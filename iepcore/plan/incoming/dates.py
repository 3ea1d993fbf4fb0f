"""Days as the print-outs of American school systems write them: 10/13/2027, October 13, 2027, 2027-10-13."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(
    r"(?<![\d/-])(?:(?P<iso>\d{4}-\d{2}-\d{2})|(?P<m>\d{1,2})[/-](?P<d>\d{1,2})[/-](?P<y>\d{4}|\d{2})"
    r"|(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?\s+(?P<nd>\d{1,2})(?:st|nd|rd|th)?,?"
    r"\s+(?P<ny>\d{4}))(?![\d/-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDay:
    """A day in a text and where it stands. ``month_first``: 03/04 was read as March 4."""

    day: date
    start: int
    end: int
    month_first: bool = False


def days_in(words: str) -> Iterator[FoundDay]:
    """Yield the days of a text in its order; what looks like one and is none (13/45/2027) is left out."""
    for match in _DAY.finditer(words):
        try:
            if match["iso"]:
                day = date.fromisoformat(match["iso"])
            elif match["m"]:
                year = int(match["y"])
                day = date(year + 2000 if year < 100 else year, int(match["m"]), int(match["d"]))
            else:
                day = date(int(match["ny"]), _MONTHS.index(match["name"][:3].lower()) + 1, int(match["nd"]))
        except ValueError:
            continue
        is_unclear = bool(match["m"]) and int(match["d"]) <= 12 and match["m"] != match["d"]
        yield FoundDay(day=day, start=match.start(), end=match.end(), month_first=is_unclear)
