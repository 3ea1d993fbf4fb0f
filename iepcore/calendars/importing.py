"""What a file of calendar lines would change at a site: every problem by its line, and nothing half taken in.

A ``year`` or ``esy`` line says a term anew: its days are those of the file, except that closings nobody
planned (snow) stay. Lines about days without such a line are laid over the terms that are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from iepcore.calendars.choices import SiteChoices
from iepcore.calendars.policy import PolicyRule
from iepcore.calendars.school import WEEKDAYS
from iepcore.calendars.years import CalendarDay, DayKind, SchoolYear, TermKind, school_calendar
from iepcore.errors import InvalidRows, InvalidValue
from iepcore.ids import AdultId, SchoolYearId, new_uuid7

_ONE = timedelta(days=1)
_NO_ID, _NO_TIME = SchoolYearId(UUID(int=0)), datetime.min.replace(tzinfo=UTC)
LONGEST_SPAN = 400
MOST_LINES = 5_000


class LineKind(StrEnum):
    """What a line is about."""

    YEAR = "year"
    ESY = "esy"
    NO_SCHOOL = "no_school"
    CLOSED = "closed"
    EXTRA = "extra"
    REPORT_CARD = "report_card"
    STATE_HOLIDAY = "state_holiday"
    STATE = "state"
    POLICY = "policy"


_TERMS = {LineKind.YEAR: TermKind.YEAR, LineKind.ESY: TermKind.ESY}
_DAYS = {
    LineKind.NO_SCHOOL: DayKind.NO_SCHOOL,
    LineKind.CLOSED: DayKind.CLOSED,
    LineKind.EXTRA: DayKind.EXTRA,
    LineKind.REPORT_CARD: DayKind.REPORT_CARD,
}
_DATED = (*_TERMS, *_DAYS, LineKind.STATE_HOLIDAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarLine:
    """One line. ``place`` names it in the file ("line 4"); ``last`` is None for a single day; ``rule`` is
    there for a policy, ``name`` holds the postal code for a state.

    Raises:
        InvalidValue: ``calendar_line_dates`` when its kind needs a day and has none, or a term no last day;
            ``dates_reversed``, ``span_range`` (more than 400 days), ``calendar_one_day`` for a report card
            on several days, ``calendar_line_rule``, ``calendar_name``.
    """

    place: str
    kind: LineKind
    name: str = ""
    first: date | None = None
    last: date | None = None
    weekdays: frozenset[int] = WEEKDAYS
    rule: PolicyRule | None = None

    def __post_init__(self) -> None:
        if self.kind in _DATED and self.first is None:
            raise InvalidValue("calendar_line_dates", field="first")
        if self.kind in _TERMS and self.last is None:
            raise InvalidValue("calendar_line_dates", field="last")
        if (self.kind is LineKind.POLICY) != (self.rule is not None):
            raise InvalidValue("calendar_line_rule", field="key")
        if self.first is not None and self.last is not None:
            if self.last < self.first:
                raise InvalidValue("dates_reversed", field="last")
            if (self.last - self.first).days > LONGEST_SPAN:
                raise InvalidValue("span_range", field="last")
            if self.kind is LineKind.REPORT_CARD and self.last != self.first:
                raise InvalidValue("calendar_one_day", field="last")

    def days(self) -> Iterator[date]:
        """Yield every day it is about, both ends included."""
        if self.first is not None:
            last = self.first if self.last is None else self.last
            for number in range((last - self.first).days + 1):
                yield self.first + number * _ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class YearChange:
    """What becomes of one term; ``before`` is None for a new one."""

    before: SchoolYear | None
    after: SchoolYear

    @property
    def came(self) -> tuple[CalendarDay, ...]:
        """Days that were not there, or were something else."""
        old = () if self.before is None else self.before.days
        return tuple(one for one in self.after.days if one not in old)

    @property
    def left(self) -> tuple[CalendarDay, ...]:
        """Days that will no longer be what they were."""
        return (
            ()
            if self.before is None
            else tuple(one for one in self.before.days if one not in self.after.days)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What would change. ``choices`` is the next version of the site's choices, None when they stay."""

    years: tuple[YearChange, ...] = ()
    choices: SiteChoices | None = None
    rules: tuple[PolicyRule, ...] = ()
    holidays: tuple[date, ...] = ()
    lines: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether everything stands already as the file says."""
        return not self.years and self.choices is None

    @property
    def fingerprint(self) -> str:
        """Tells two previews apart: the same lines over the same state give the same one."""
        said = [(one.before, _without_id(one.after)) for one in self.years]
        kept = None if self.choices is None else replace(self.choices, changed_at=None, changed_by=None)
        return sha256(repr((said, kept)).encode()).hexdigest()[:16]


@dataclass(slots=True)
class _Draft:
    """A term as the lines leave it so far."""

    kind: TermKind
    name: str
    place: str
    first: date
    last: date
    weekdays: frozenset[int]
    before: SchoolYear | None
    days: dict[tuple[date, bool], CalendarDay] = field(default_factory=dict)
    said: dict[tuple[date, bool], DayKind] = field(default_factory=dict)


def plan_import(
    lines: Sequence[CalendarLine],
    *,
    years: Iterable[SchoolYear],
    choices: SiteChoices,
    at: datetime,
    by: AdultId | None,
) -> ImportPlan:
    """Return what lines would change.

    Raises:
        InvalidRows: with one problem per line, all of them at once.
    """
    problems: list[tuple[str, InvalidValue]] = []
    if len(lines) > MOST_LINES:
        raise InvalidRows([("file", InvalidValue("calendar_file_big", params={"limit": MOST_LINES}))])
    drafts = _terms(lines, years, problems)
    _lay_days(lines, drafts, problems)
    changed = _built(drafts, problems, at, by)
    chosen = _chosen(lines, choices, problems, at, by)
    if problems:
        raise InvalidRows(problems)
    return ImportPlan(
        years=tuple(changed),
        choices=None if chosen == choices else chosen,
        rules=tuple(one for one in chosen.rules if one not in choices.rules),
        holidays=tuple(sorted(chosen.state_holidays - choices.state_holidays)),
        lines=len(lines),
    )


def _terms(
    lines: Sequence[CalendarLine], years: Iterable[SchoolYear], problems: list[tuple[str, InvalidValue]]
) -> list[_Draft]:
    drafts = {
        (one.kind, one.name): _Draft(
            kind=one.kind,
            name=one.name,
            place="file",
            first=one.first_day,
            last=one.last_day,
            weekdays=one.weekdays,
            before=one,
            days={_slot(day.day, day.kind): day for day in one.days},
        )
        for one in years
    }
    said: set[tuple[TermKind, str]] = set()
    for line in lines:
        if line.kind not in _TERMS or line.first is None or line.last is None:
            continue
        key = (_TERMS[line.kind], " ".join(line.name.split()))
        if key in said:
            problems.append((line.place, InvalidValue("calendar_year_twice", field="name")))
            continue
        said.add(key)
        before = drafts[key].before if key in drafts else None
        stays = () if before is None else before.days
        drafts[key] = _Draft(
            kind=key[0],
            name=key[1],
            place=line.place,
            first=line.first,
            last=line.last,
            weekdays=line.weekdays,
            before=before,
            days={
                _slot(day.day, day.kind): day
                for day in stays
                if day.kind is DayKind.CLOSED and line.first <= day.day <= line.last
            },
        )
    return list(drafts.values())


def _lay_days(
    lines: Sequence[CalendarLine], drafts: Sequence[_Draft], problems: list[tuple[str, InvalidValue]]
) -> None:
    for line in lines:
        if line.kind not in _DAYS:
            continue
        kind = _DAYS[line.kind]
        try:
            for day in line.days():
                _lay(CalendarDay(day=day, kind=kind, name=line.name), line, drafts)
        except InvalidValue as refused:
            problems.append((line.place, refused))


def _lay(day: CalendarDay, line: CalendarLine, drafts: Sequence[_Draft]) -> None:
    held = [one for one in drafts if one.first <= day.day <= one.last]
    if not held:
        raise InvalidValue("calendar_no_year", field="first", params={"day": day.day.isoformat()})
    slot = _slot(day.day, day.kind)
    for draft in held:
        if line.last is not None and line.last != line.first and day.day.weekday() not in draft.weekdays:
            continue  # a weekend inside a break is no school anyway
        if draft.said.get(slot, day.kind) is not day.kind:
            raise InvalidValue("calendar_day_twice", field="first", params={"day": day.day.isoformat()})
        draft.said[slot] = day.kind
        draft.days[slot] = day
        if draft.place == "file":
            draft.place = line.place


def _built(
    drafts: Sequence[_Draft], problems: list[tuple[str, InvalidValue]], at: datetime, by: AdultId | None
) -> list[YearChange]:
    changes: list[YearChange] = []
    standing: list[SchoolYear] = []
    for draft in sorted(drafts, key=lambda one: one.first):
        before = draft.before
        try:
            after = SchoolYear(
                id=SchoolYearId(new_uuid7()) if before is None else before.id,
                kind=draft.kind,
                name=draft.name,
                first_day=draft.first,
                last_day=draft.last,
                weekdays=draft.weekdays,
                days=tuple(draft.days.values()),
                changed_at=at,
                changed_by=by,
                version=1 if before is None else before.version + 1,
            )
            school_calendar([*standing, after], draft.kind)
        except InvalidValue as refused:
            problems.append((draft.place, refused))
            continue
        standing.append(after)
        if before is None or not _same(before, after):
            changes.append(YearChange(before=before, after=after))
    return changes


def _chosen(
    lines: Sequence[CalendarLine],
    choices: SiteChoices,
    problems: list[tuple[str, InvalidValue]],
    at: datetime,
    by: AdultId | None,
) -> SiteChoices:
    """Return the choices with a state, numbers and holidays laid over them, one line after the other."""
    made = choices
    order = (LineKind.STATE, LineKind.POLICY, LineKind.STATE_HOLIDAY)
    for line in sorted((one for one in lines if one.kind in order), key=lambda one: order.index(one.kind)):
        try:
            if line.kind is LineKind.STATE:
                made = replace(made, state=line.name)
            elif line.rule is not None:
                made = replace(made, rules=with_rule(made.rules, line.rule))
            else:
                made = replace(made, state_holidays=made.state_holidays | frozenset(line.days()))
        except InvalidValue as refused:
            problems.append((line.place, refused))
    if made == choices:
        return choices
    return replace(made, changed_at=at, changed_by=by, version=choices.version + 1)


def with_rule(rules: tuple[PolicyRule, ...], rule: PolicyRule) -> tuple[PolicyRule, ...]:
    """Return rules with one more, in place of the one of its key, level and first day."""
    same = (rule.key, rule.level, rule.effective_from)
    return (*(one for one in rules if (one.key, one.level, one.effective_from) != same), rule)


def _slot(day: date, kind: DayKind) -> tuple[date, bool]:
    return day, kind is DayKind.REPORT_CARD


def _without_id(year: SchoolYear) -> SchoolYear:
    return replace(year, id=_NO_ID, changed_at=_NO_TIME, changed_by=None)


def _same(before: SchoolYear, after: SchoolYear) -> bool:
    kept = replace(after, changed_at=before.changed_at, changed_by=before.changed_by, version=before.version)
    return before == kept
