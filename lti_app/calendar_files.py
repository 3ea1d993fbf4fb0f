"""A school's calendar from a file: CSV with our columns, or an ICS calendar whose events are named plainly.

An ICS event counts by words in its title or categories: first and last day of school, ESY, no school,
holiday, break, closed, report cards. Everything else (a game, a half day) is left out and counted, for a half
day is a school day (34 CFR 300.11(c)).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from iepcore.calendars import CalendarLine, LineKind
from iepcore.errors import InvalidRows, InvalidValue
from iepcore.schemas import calendar_lines_from_csv

LONGEST_FILE = 1_000_000
_ONE = timedelta(days=1)

_WORDS: tuple[tuple[LineKind, re.Pattern[str]], ...] = (
    (
        LineKind.REPORT_CARD,
        re.compile(r"report cards?|progress reports?|end of (quarter|trimester|marking)", re.I),
    ),
    (LineKind.EXTRA, re.compile(r"snow make-?up|make-?up day|saturday school", re.I)),
    (
        LineKind.CLOSED,
        re.compile(r"snow day|school closed|closed for (snow|weather)|emergency clos|weather day", re.I),
    ),
    (
        LineKind.NO_SCHOOL,
        re.compile(
            r"no school|no classes|no students|non-?student|student holiday|holiday|break\b|recess|vacation"
            r"|teacher (work ?day|in-?service)|professional development day|schools? closed|offices closed",
            re.I,
        ),
    ),
)
_FIRST = re.compile(
    r"first day (of|for) (school|classes|students|instruction|ESY|extended)|first (student|school) day"
    r"|(school|classes|ESY|extended school year) (begins?|starts?)",
    re.I,
)
_LAST = re.compile(
    r"last day (of|for) (school|classes|students|instruction|ESY|extended)|last (student|school) day"
    r"|(school|classes|ESY|extended school year) ends?\b",
    re.I,
)
_ESY = re.compile(r"\bESY\b|extended school year", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCalendar:
    """The lines of a file, and how many events were left out because nothing says what they mean here."""

    lines: tuple[CalendarLine, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    place: str
    title: str
    words: str
    first: date
    last: date


def read_calendar(content: bytes | str, *, zone: ZoneInfo) -> ReadCalendar:
    """Return what a file says. ``zone`` is the site's: a timed event lies on its day there.

    Raises:
        InvalidRows: with every problem at once; nothing is returned then.
    """
    text = _text(content)
    if text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        return _from_ics(text, zone)
    return ReadCalendar(lines=calendar_lines_from_csv(text))


def _text(content: bytes | str) -> str:
    if len(content) > LONGEST_FILE:
        raise InvalidRows([("file", InvalidValue("calendar_file_big", params={"limit": LONGEST_FILE}))])
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InvalidRows([("file", InvalidValue("not_utf8", field="file"))]) from None
    if not content.strip():
        raise InvalidRows([("file", InvalidValue("calendar_empty", field="file"))])
    return content.lstrip("\ufeff")


def _from_ics(text: str, zone: ZoneInfo) -> ReadCalendar:
    try:
        calendar = Calendar.from_ical(text)
    except Exception:  # the parser raises what its parts raise: ValueError, IndexError, KeyError and others
        raise InvalidRows([("file", InvalidValue("not_ics", field="file"))]) from None
    problems: list[tuple[str, InvalidValue]] = []
    events: list[_Event] = []
    for number, component in enumerate(calendar.walk("VEVENT"), start=1):
        place = f"event {number}"
        try:
            events.append(_event(component, place, zone))
        except InvalidValue as refused:
            if _means_something(_words(component)):
                problems.append((place, refused))
    lines = _terms(events, problems)
    for event in events:
        line = _day_line(event, problems)
        if line is not None:
            lines.append(line)
    if problems:
        raise InvalidRows(problems)
    if not lines:
        raise InvalidRows([("file", InvalidValue("ics_nothing", field="file"))])
    left_out = sum(not _means_something(one.words) for one in events)
    return ReadCalendar(lines=tuple(lines), left_out=left_out)


def _words(component: Any) -> str:
    """Return the title and the categories of an event."""
    found = [str(component.get("SUMMARY", ""))]
    categories = component.get("CATEGORIES")
    for one in categories if isinstance(categories, list) else [categories]:
        found += [str(name) for name in getattr(one, "cats", ())]
    return " ".join(" ".join(found).split())


def _means_something(words: str) -> bool:
    return any(pattern.search(words) for pattern in (_FIRST, _LAST, *(pattern for _, pattern in _WORDS)))


def _event(component: Any, place: str, zone: ZoneInfo) -> _Event:
    """Return an event by its days in the site's zone. ``DTEND`` is the first day after an all-day event.

    Raises:
        InvalidValue: ``ics_event_day`` without a day that can be read, ``ics_repeats`` when it repeats.
    """
    if component.get("RRULE") is not None or component.get("RDATE") is not None:
        raise InvalidValue("ics_repeats", field="RRULE")
    try:
        start, end = component.decoded("DTSTART"), component.decoded("DTEND", None)
        if end is None and component.get("DURATION") is not None:
            end = start + component.decoded("DURATION")
        if not isinstance(start, date) or not isinstance(end, date | None):
            raise TypeError  # the parser keeps text that it cannot read
        first = _local(start, zone)
        last = first if end is None else _last_day(start, end, zone)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        raise InvalidValue("ics_event_day", field="DTSTART") from None
    title = " ".join(str(component.get("SUMMARY", "")).split())[:80]
    return _Event(
        place=place,
        title="".join(one for one in title if one.isprintable()),
        words=_words(component),
        first=first,
        last=max(first, last),
    )


def _local(at: date | datetime, zone: ZoneInfo) -> date:
    if not isinstance(at, datetime):
        return at
    return (at if at.tzinfo is None else at.astimezone(zone)).date()


def _last_day(start: date | datetime, end: date | datetime, zone: ZoneInfo) -> date:
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise ValueError
    # Whatever ends at midnight does not touch the day that begins there.
    if isinstance(end, datetime):
        local = end if end.tzinfo is None else end.astimezone(zone)
        return (local - timedelta(microseconds=1)).date()
    return end - _ONE


def _terms(events: list[_Event], problems: list[tuple[str, InvalidValue]]) -> list[CalendarLine]:
    """Return a year for each pair of a first and a last day of school, and an ESY term likewise."""
    lines: list[CalendarLine] = []
    for kind in (LineKind.YEAR, LineKind.ESY):
        own = [one for one in events if bool(_ESY.search(one.words)) is (kind is LineKind.ESY)]
        firsts = sorted((one for one in own if _FIRST.search(one.words)), key=lambda one: one.first)
        lasts = sorted((one for one in own if _LAST.search(one.words)), key=lambda one: one.first)
        if len(firsts) != len(lasts):
            lonely = (firsts if len(firsts) > len(lasts) else lasts)[-1]
            problems.append((lonely.place, InvalidValue("ics_term_half", field="SUMMARY")))
            continue
        for begin, end in zip(firsts, lasts, strict=True):
            try:
                lines.append(
                    CalendarLine(
                        place=begin.place,
                        kind=kind,
                        name=_name(kind, begin.first, end.first),
                        first=begin.first,
                        last=end.first,
                    )
                )
            except InvalidValue as refused:
                problems.append((begin.place, refused))
    return lines


def _name(kind: LineKind, first: date, last: date) -> str:
    if kind is LineKind.ESY:
        return f"ESY {first.year}"
    return f"{first.year}-{last.year % 100:02d}" if last.year != first.year else str(first.year)


def _day_line(event: _Event, problems: list[tuple[str, InvalidValue]]) -> CalendarLine | None:
    if _FIRST.search(event.words) or _LAST.search(event.words):
        return None
    kind = next((kind for kind, pattern in _WORDS if pattern.search(event.words)), None)
    if kind is None:
        return None
    try:
        line = CalendarLine(
            place=event.place, kind=kind, name=event.title, first=event.first, last=event.last
        )
    except InvalidValue as refused:
        problems.append((event.place, refused))
        return None
    return replace(line, last=None) if line.first == line.last else line
