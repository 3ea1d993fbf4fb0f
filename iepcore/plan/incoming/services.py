"""A service out of pasted words: "Speech therapy, 2 x 30 min weekly, group, 9/23/2026 - 9/21/2027".

Frequencies that the plan does not know (a quarter, a year, 150 minutes a week without a number of times) are
said as a doubt and left for a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from iepcore.plan.incoming.blocks import PastedLine
from iepcore.plan.incoming.dates import FoundDay, days_in
from iepcore.plan.services import MOST_MINUTES, MOST_TIMES, Delivery, Interval

_TIMES_WORDS = {"once": 1, "twice": 2, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_MINUTES = r"(?P<minutes>\d{1,3})\s*-?\s*(?P<minutes_unit>min(?:ute)?s?\b\.?|hours?\b|hrs?\b)"
_PER = (
    r"(?:/|per|a|each|every)\s*(?P<per>week|wk|month|mo|day|year|yr|quarter|semester)\b"
    r"|(?P<per_ly>weekly|monthly|daily|yearly|quarterly)\b"
)
_TIMES = re.compile(
    r"(?P<times>\d{1,2}|once|twice|one|two|three|four|five)\s*"
    r"(?:x\b|\u00d7|times?\b|sessions?\b|(?=\s*(?:a|per)\s+(?:week|month|day)))|(?P<only>once|twice)",
    re.IGNORECASE,
)
_LENGTH = re.compile(_MINUTES, re.IGNORECASE)
_EVERY = re.compile(_PER, re.IGNORECASE)
_CONSULT = re.compile(r"\bconsult(?:ation|s|ative)?\b|\bindirect\b|\bwith staff\b", re.IGNORECASE)
_GROUP = re.compile(r"\b(?:small[- ])?group\b", re.IGNORECASE)
_ESY = re.compile(r"\besy\b|\bextended school year\b|\bsummer\b", re.IGNORECASE)
_APART = re.compile(
    r"\b(?:special education (?:class(?:room)?|setting)|resource room|pull[- ]?out|separate)\b", re.IGNORECASE
)
_INSIDE = re.compile(
    r"\b(?:general education|regular class(?:room)?|gen\.? ?ed\.?|push[- ]?in|inclusion)\b", re.IGNORECASE
)
_SHORT = {"wk": "week", "mo": "month", "yr": "year", "weekly": "week", "monthly": "month", "daily": "day",
          "yearly": "year", "quarterly": "quarter"}  # fmt: skip


class ServiceDoubt(StrEnum):
    """What a person should look at before saying yes to a service."""

    NO_NAME = "no_name"
    NO_TIMES = "no_times"
    NO_MINUTES = "no_minutes"
    NO_INTERVAL = "no_interval"
    INTERVAL_UNKNOWN = "interval_unknown"
    DAILY_AS_FIVE = "daily_as_five"
    TOTAL_ONLY = "total_only"
    NO_DATES = "no_dates"
    DATE_MONTH_FIRST = "date_month_first"
    DATES_TURNED = "dates_turned"
    OUT_OF_RANGE = "out_of_range"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedService:
    """One service as its words seem to mean it; None where they do not say."""

    lines: tuple[PastedLine, ...] = field(repr=False)
    words: str = field(repr=False)
    service: str = field(repr=False)
    delivery: Delivery = Delivery.DIRECT
    frequency: int | None = None
    interval: Interval | None = None
    minutes: int | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    setting: str = ""
    in_group: bool = False
    is_extended_year: bool = False
    doubts: tuple[ServiceDoubt, ...] = ()

    @property
    def is_one(self) -> bool:
        """Whether enough was read to call the words a service: how long, or how often."""
        return self.minutes is not None or (self.frequency is not None and self.interval is not None)


def service_of(words: str, *, lines: tuple[PastedLine, ...] = ()) -> PastedService:
    """Return what the words of a service seem to say."""
    days = list(days_in(words))
    bare = words
    for day in days:
        bare = bare[: day.start] + " " * (day.end - day.start) + bare[day.end :]
    doubts: set[ServiceDoubt] = set()
    frequency, interval, minutes = _how_often(bare, doubts)
    begins_on, ends_on = _window(days, doubts)
    name = _name(bare)
    if not name:
        doubts.add(ServiceDoubt.NO_NAME)
    return PastedService(
        lines=lines,
        words=words,
        service=name,
        delivery=Delivery.CONSULT if _CONSULT.search(bare) else Delivery.DIRECT,
        frequency=frequency,
        interval=interval,
        minutes=minutes,
        begins_on=begins_on,
        ends_on=ends_on,
        setting=_setting(bare),
        in_group=_GROUP.search(bare) is not None,
        is_extended_year=_ESY.search(bare) is not None,
        doubts=tuple(doubt for doubt in ServiceDoubt if doubt in doubts),
    )


def _how_often(words: str, doubts: set[ServiceDoubt]) -> tuple[int | None, Interval | None, int | None]:
    length, times, every = _LENGTH.search(words), _TIMES.search(words), _EVERY.search(words)
    minutes = None
    if length is not None:
        minutes = int(length["minutes"]) * (60 if length["minutes_unit"].lower().startswith("h") else 1)
    told = (times["times"] or times["only"]).lower() if times is not None else ""
    frequency = _TIMES_WORDS.get(told) or (int(told) if told.isdigit() else None)
    each = (every["per"] or every["per_ly"]).lower() if every is not None else ""
    each = _SHORT.get(each, each)
    interval = {"week": Interval.WEEK, "day": Interval.WEEK, "month": Interval.MONTH}.get(each)
    if each == "day":
        # A school week has five days unless the calendar says otherwise: said, so that a person looks.
        frequency = 5 * (frequency or 1)
        doubts.add(ServiceDoubt.DAILY_AS_FIVE)
    elif each and interval is None:
        doubts.add(ServiceDoubt.INTERVAL_UNKNOWN)
    elif not each:
        doubts.add(ServiceDoubt.NO_INTERVAL)
    if minutes is None:
        doubts.add(ServiceDoubt.NO_MINUTES)
    if frequency is None:
        doubts.add(ServiceDoubt.TOTAL_ONLY if minutes and interval else ServiceDoubt.NO_TIMES)
    if (frequency or 1) > MOST_TIMES or not 1 <= (minutes or 1) <= MOST_MINUTES or frequency == 0:
        doubts.add(ServiceDoubt.OUT_OF_RANGE)
        frequency = frequency if frequency and frequency <= MOST_TIMES else None
        minutes = minutes if minutes and minutes <= MOST_MINUTES else None
    return frequency, interval, minutes


def _window(days: list[FoundDay], doubts: set[ServiceDoubt]) -> tuple[date | None, date | None]:
    if any(one.month_first for one in days):
        doubts.add(ServiceDoubt.DATE_MONTH_FIRST)
    if len(days) < 2:
        doubts.add(ServiceDoubt.NO_DATES)
        return (days[0].day if days else None), None
    first, second = days[0].day, days[1].day
    if second < first:
        doubts.add(ServiceDoubt.DATES_TURNED)
        first, second = second, first
    return first, second


def _name(words: str) -> str:
    """Return what stands before the first amount, without the signs and small words that lead to it."""
    cuts = [match.start() for form in (_LENGTH, _TIMES, _EVERY) if (match := form.search(words)) is not None]
    name = re.sub(r"\(.*?\)|[|:;,]+", " ", words[: min(cuts)] if cuts else words)
    name = " ".join(name.split()).strip(" -\u2013\u2014.")
    return re.sub(r"\s+(?:for|at|will be provided|provided|is)$", "", name, flags=re.IGNORECASE)[:200]


def _setting(words: str) -> str:
    if _APART.search(words):
        return "special_education"
    return "general_education" if _INSIDE.search(words) else ""
