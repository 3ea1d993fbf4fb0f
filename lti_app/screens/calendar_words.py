"""The school's calendar as a person reads it: months as tables, days in words, what a file would change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale
from babel.dates import format_skeleton, get_day_names
from markupsafe import Markup

from iepcore.calendars import (
    CalendarDay,
    DayKind,
    ImportPlan,
    SchoolYear,
    TermKind,
    YearChange,
)
from iepcore.errors import InvalidRows, InvalidValue
from iepcore.language import format_day
from lti_app.screens.due_words import rule_words
from lti_app.screens.page import Frame, advice
from lti_app.screens.policy_words import key_words

_ONE = timedelta(days=1)
_LETTERS = {DayKind.NO_SCHOOL: "–", DayKind.CLOSED: "×", DayKind.EXTRA: "+", DayKind.REPORT_CARD: "R"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One day of a month. ``mark`` is a letter for the eye, ``words`` the same for the ear; ``kind`` colours
    it."""

    number: str
    mark: str = ""
    words: str = ""
    kind: str = ""
    is_today: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month as a table of weeks; a week has seven cells, None outside the month."""

    title: str
    is_now: bool
    school_days: str
    weeks: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """One day that is not like the others, in the list."""

    day: str
    iso: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearView:
    """One term: its span in words, its months, and its days that are not like the others."""

    id: str
    title: str
    span: str
    count: str
    is_now: bool
    months: tuple[Month, ...]
    days: tuple[DayLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """What a file would do to one thing: a heading and lines in words."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """One problem of a file: where, and what to do."""

    place: str
    words: Markup


def day_kind_words(frame: Frame, kind: DayKind) -> str:
    """Return what a day is."""
    return {
        DayKind.NO_SCHOOL: frame.words("No school"),
        DayKind.CLOSED: frame.words("School closed, not planned"),
        DayKind.EXTRA: frame.words("School on a day that would have none"),
        DayKind.REPORT_CARD: frame.words("Report cards go out"),
    }[kind]


def day_words(frame: Frame, day: CalendarDay) -> str:
    """Return what is said about a day, with its name."""
    words = day_kind_words(frame, day.kind)
    return frame.words("%(kind)s: %(name)s", kind=words, name=day.name) if day.name else words


def term_title(frame: Frame, year: SchoolYear) -> str:
    """Return what a term is called."""
    if year.kind is TermKind.ESY:
        return frame.words("Extended school year: %(name)s", name=year.name)
    return frame.words("School year %(name)s", name=year.name)


def year_view(frame: Frame, year: SchoolYear, today: date) -> YearView:
    """Return one term for the page."""
    term = year.term()
    count = sum(1 for _ in term.school_days())
    return YearView(
        id=str(year.id),
        title=term_title(frame, year),
        span=_span(frame, year),
        count=frame.count_words("%(number)s school day", "%(number)s school days", count),
        is_now=year.first_day <= today <= year.last_day,
        months=tuple(_months(frame, year, today)),
        days=tuple(
            DayLine(
                day=format_day(one.day, frame.lang),
                iso=one.day.isoformat(),
                kind=one.kind.value,
                words=day_words(frame, one),
            )
            for one in year.days
        ),
    )


def _span(frame: Frame, year: SchoolYear) -> str:
    names = get_day_names("abbreviated", locale=_locale(frame))
    days = ", ".join(str(names[number]) for number in sorted(year.weekdays))
    return frame.words(
        "%(first)s to %(last)s, %(days)s",
        first=format_day(year.first_day, frame.lang),
        last=format_day(year.last_day, frame.lang),
        days=days,
    )


def weekday_heads(frame: Frame) -> tuple[tuple[str, str], ...]:
    """Return the heads of a month's columns, Monday first: (short, whole)."""
    locale = _locale(frame)
    short, whole = get_day_names("abbreviated", locale=locale), get_day_names("wide", locale=locale)
    return tuple((str(short[number]), str(whole[number])) for number in range(7))


def _months(frame: Frame, year: SchoolYear, today: date) -> Iterable[Month]:
    first = year.first_day.replace(day=1)
    while first <= year.last_day:
        following = (first + 31 * _ONE).replace(day=1)
        days = [first + number * _ONE for number in range((following - first).days)]
        cells: list[Cell | None] = [None] * first.weekday()
        cells += [_cell(frame, year, day, today) for day in days]
        cells += [None] * (-len(cells) % 7)
        term = year.term()
        count = sum(term.is_school_day(day) for day in days)
        yield Month(
            title=format_skeleton("yMMMM", first, locale=_locale(frame)),
            is_now=(first.year, first.month) == (today.year, today.month),
            school_days=frame.count_words("%(number)s school day", "%(number)s school days", count),
            weeks=tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7)),
        )
        first = following


def _cell(frame: Frame, year: SchoolYear, day: date, today: date) -> Cell:
    number, is_today = str(day.day), day == today
    said = [one for one in year.days if one.day == day]
    if said:
        return Cell(
            number=number,
            mark="".join(_LETTERS[one.kind] for one in said),
            words="; ".join(day_words(frame, one) for one in said),
            kind=said[0].kind.value.replace("_", "-"),
            is_today=is_today,
        )
    if not year.term().is_school_day(day):
        return Cell(number=number, words=frame.words("no school day"), kind="none", is_today=is_today)
    return Cell(number=number, is_today=is_today)


def change_views(frame: Frame, plan: ImportPlan) -> list[ChangeView]:
    """Return what a file would change, in words."""
    views = [_year_change(frame, one) for one in plan.years]
    lines = [
        frame.words("%(name)s: %(number)s", name=key_words(frame, rule.key), number=rule_words(frame, rule))
        for rule in plan.rules
    ]
    if plan.choices is not None:
        if plan.holidays:
            lines.append(
                frame.count_words(
                    "%(number)s more state holiday", "%(number)s more state holidays", len(plan.holidays)
                )
            )
        if plan.choices.state:
            lines.append(frame.words("State: %(state)s", state=plan.choices.state))
        views.append(ChangeView(title=frame.words("Numbers of this school"), lines=tuple(lines)))
    return views


def _year_change(frame: Frame, change: YearChange) -> ChangeView:
    after, before = change.after, change.before
    lines = [_span(frame, after)]
    if before is not None and (before.first_day, before.last_day, before.weekdays) != (
        after.first_day,
        after.last_day,
        after.weekdays,
    ):
        lines.append(frame.words("So far: %(span)s", span=_span(frame, before)))
    lines += _day_lines(frame, change.came, came=True)
    lines += _day_lines(frame, change.left, came=False)
    title = term_title(frame, after)
    if before is None:
        title = frame.words("New: %(term)s", term=title)
    return ChangeView(title=title, lines=tuple(lines))


def _day_lines(frame: Frame, days: Sequence[CalendarDay], *, came: bool) -> list[str]:
    """Return days in words; days in a row that say the same are one line."""
    lines: list[str] = []
    run: list[CalendarDay] = []
    for day in sorted(days, key=lambda one: (one.kind.value, one.name, one.day)):
        if run and (day.kind, day.name) == (run[-1].kind, run[-1].name) and (day.day - run[-1].day).days <= 3:
            run.append(day)
            continue
        if run:
            lines.append(_run_words(frame, run, came=came))
        run = [day]
    if run:
        lines.append(_run_words(frame, run, came=came))
    return lines


def _run_words(frame: Frame, run: Sequence[CalendarDay], *, came: bool) -> str:
    first, last = format_day(run[0].day, frame.lang), format_day(run[-1].day, frame.lang)
    days = first if len(run) == 1 else frame.words("%(first)s to %(last)s", first=first, last=last)
    words = day_words(frame, run[0])
    if came:
        return frame.words("+ %(days)s: %(words)s", days=days, words=words)
    return frame.words("No longer: %(days)s: %(words)s", days=days, words=words)


def problem_lines(frame: Frame, refused: InvalidRows) -> list[ProblemLine]:
    """Return every problem of a file with its place."""
    return [
        ProblemLine(place=place_words(frame, place), words=advice(error, frame))
        for place, error in refused.problems
    ]


def place_words(frame: Frame, place: str) -> str:
    """Return where a problem stands: "line 4: first" or "event 3"."""
    head, _, column = place.partition(": ")
    word, _, number = head.partition(" ")
    words = {
        "line": frame.words("Line %(number)s", number=number),
        "event": frame.words("Event %(number)s", number=number),
    }.get(word, frame.words("The file"))
    return frame.words("%(place)s, column %(column)s", place=words, column=column) if column else words


def refused_rows(error: InvalidValue) -> InvalidRows:
    """Return a refusal as rows, so that one list shows every kind of it."""
    return error if isinstance(error, InvalidRows) else InvalidRows([("file", error)])


def _locale(frame: Frame) -> Locale:
    return Locale.parse(frame.lang.replace("-", "_"))
