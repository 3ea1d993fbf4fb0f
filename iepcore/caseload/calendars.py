"""The school's calendar: what stands in it, a snow day added and taken back, and a file of it taken in.

Staff may look; a records officer or the site's administrator changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from iepcore.access import Action, Person, Resource, ResourceKind
from iepcore.calendars import (
    CalendarDay,
    CalendarLine,
    DayKind,
    ImportPlan,
    SchoolYear,
    SiteChoices,
    plan_import,
)
from iepcore.caseload.desk import Change, Desk
from iepcore.errors import Conflict, InvalidValue, NotFound
from iepcore.ids import AdultId, SchoolYearId

CALENDAR_IMPORT = "calendar_import"
"""The command line's job."""

_CALENDAR = Resource(kind=ResourceKind.CALENDAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    """The terms of a site by first day, its state holidays, and whether the actor may change them."""

    years: tuple[SchoolYear, ...]
    state_holidays: tuple[date, ...]
    today: date
    may_change: bool

    def year_on(self, day: date) -> SchoolYear | None:
        """Return a term that holds a day: the school year before an ESY term."""
        return next((one for one in self.years if one.first_day <= day <= one.last_day), None)


class CalendarsDesk:
    """Use cases of the calendar. Each raises ``NotPermitted`` with its reason without a standing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def may_change(self) -> bool:
        """Tell whether the actor may change the calendar (for what a menu offers)."""
        with self._desk.store.read() as uow:
            return self._desk.may(uow, Action.WRITE, _CALENDAR)

    def page(self) -> CalendarPage:
        """Return the calendar as it stands."""
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.READ, _CALENDAR, what="school_calendar")
            choices = change.uow.calendars.choices()
            return CalendarPage(
                years=tuple(change.uow.calendars.years()),
                state_holidays=tuple(sorted(choices.state_holidays)),
                today=desk.clock.today(),
                may_change=desk.may(change.uow, Action.WRITE, _CALENDAR),
            )

    def set_day(self, day: date, kind: DayKind, *, name: str = "") -> tuple[SchoolYear, ...]:
        """Say what a day is, in every term that holds it; saying it twice changes nothing.

        Raises:
            InvalidValue: ``calendar_no_year`` outside every term, ``calendar_name``.
        """
        desk = self._desk
        said = CalendarDay(day=day, kind=kind, name=name)
        with desk.changing() as change:
            change.permit(Action.WRITE, _CALENDAR, what="calendar_day")
            held = [one for one in change.uow.calendars.years() if one.first_day <= day <= one.last_day]
            if not held:
                raise InvalidValue("calendar_no_year", field="day", params={"day": day.isoformat()})
            return tuple(
                year if said in year.days else self._save(change, year.with_day(said)) for year in held
            )

    def take_back(self, day: date, kind: DayKind) -> None:
        """Take back what was said about a day, in every term that holds it.

        Raises:
            InvalidValue: ``calendar_day_unknown`` when nothing of the kind is said of it.
        """
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _CALENDAR, what="calendar_day_back")
            held = [
                one
                for one in change.uow.calendars.years()
                if any((said.day, said.kind) == (day, kind) for said in one.days)
            ]
            if not held:
                raise InvalidValue("calendar_day_unknown", field="day", params={"day": day.isoformat()})
            for year in held:
                self._save(change, year.without_day(day, kind))

    def drop(self, year_id: SchoolYearId) -> None:
        """Forget a term that was entered by mistake.

        Raises:
            NotFound: there is no such term (any more).
        """
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _CALENDAR, what="calendar_year_dropped")
            if change.uow.calendars.year(year_id) is None:
                raise NotFound("school_year")
            change.uow.calendars.drop_year(year_id)

    def preview(self, lines: Sequence[CalendarLine]) -> ImportPlan:
        """Return what a file would change. Nothing is written but the look at it.

        Raises:
            InvalidRows: with every problem of the file at once.
        """
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _CALENDAR, what="calendar_preview")
            return self._plan(change, lines)

    def take_in(self, lines: Sequence[CalendarLine], *, seen: str | None = None) -> ImportPlan:
        """Take a file in, whole or not at all. ``seen`` is the fingerprint of the preview that was said yes
        to.

        Raises:
            InvalidRows: with every problem of the file at once.
            Conflict: what would change now is not what was seen.
        """
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _CALENDAR, what="calendar_import")
            plan = self._plan(change, lines)
            if seen is not None and seen != plan.fingerprint:
                raise Conflict("school_year", current=plan, yours=seen)
            for one in plan.years:
                if one.before is None:
                    change.uow.calendars.add_year(one.after)
                else:
                    change.uow.calendars.save_year(one.after)
            if plan.choices is not None:
                self._permit_choices(change)
                change.uow.calendars.add_choices(plan.choices)
            return plan

    def _permit_choices(self, change: Change) -> None:
        """A file may hold numbers and a state: those are choices, and asked for as such."""
        change.permit(Action.WRITE, Resource(kind=ResourceKind.SITE_CHOICES), what="calendar_numbers")

    def _plan(self, change: Change, lines: Sequence[CalendarLine]) -> ImportPlan:
        calendars = change.uow.calendars
        choices: SiteChoices = calendars.choices()
        return plan_import(
            lines, years=calendars.years(), choices=choices, at=self._desk.clock.now(), by=_who(self._desk)
        )

    def _save(self, change: Change, year: SchoolYear) -> SchoolYear:
        signed = replace(year, changed_at=self._desk.clock.now(), changed_by=_who(self._desk))
        change.uow.calendars.save_year(signed)
        return signed


def _who(desk: Desk) -> AdultId | None:
    return desk.actor.adult_id if isinstance(desk.actor, Person) else None
