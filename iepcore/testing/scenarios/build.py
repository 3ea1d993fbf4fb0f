"""From one scenario of a document to a site, room by room, and then day by day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iepcore.calendars import CalendarDay, DayKind, OfficialPlan, SchoolYear, TermKind
from iepcore.errors import InvalidValue
from iepcore.ids import SchoolYearId
from iepcore.testing.builders import StoppedClock
from iepcore.testing.scenarios.events import build_events
from iepcore.testing.scenarios.form import Document, Facts, Reading
from iepcore.testing.scenarios.frame import frame_of
from iepcore.testing.scenarios.goals import build_goals
from iepcore.testing.scenarios.meetings import build_meetings
from iepcore.testing.scenarios.minutes import build_services, build_sessions
from iepcore.testing.scenarios.papers import build_papers, first_consent
from iepcore.testing.scenarios.people import build_people
from iepcore.testing.scenarios.plans import NEVER_BEGAN, build_plans, read_plans
from iepcore.testing.scenarios.site import ZONE, Site, new_id
from iepcore.testing.scenarios.words import build_words

ELSEWHERE = "District plans"
_NAMES = ("id", "title", "fictional", "edge_cases", "notice", "expected", "arithmetic")


def build(document: Document, raw: Mapping[str, Any]) -> Site:
    """Build the site of one scenario, through the use cases a school's own day goes through.

    Raises:
        FormError: where the scenario is not of the form, with the place.
        IepError: where the library refuses what a scenario says happened, with its code.
    """
    reading = Reading()
    facts = Facts(raw, str(raw["id"]), reading)
    facts.label(*_NAMES)
    frame = frame_of(document, facts, reading)
    site = Site(
        key=str(raw["id"]),
        as_of=facts.needed_day("as_of"),
        facts=facts,
        reading=reading,
        frame=frame,
        clock=StoppedClock(zone=ZONE),
    )
    build_people(site)
    _calendar(site)
    build_services(site)
    build_sessions(site)
    told = read_plans(site)
    build_goals(site, told)
    build_events(site)
    build_papers(site)
    build_plans(site, told)
    if not site.kept_elsewhere:
        first_consent(site, [one.begins_on for one in told if one.state not in NEVER_BEGAN])
    _choices(site)
    build_words(site)
    build_meetings(site)
    site.live()
    return site


def _calendar(site: Site) -> None:
    """Keep the school years, as a file of them would be taken in."""
    with site.store.write() as uow:
        for kind, calendar in ((TermKind.YEAR, site.frame.rules.school), (TermKind.ESY, site.frame.summer)):
            for term in calendar.terms if calendar is not None else ():
                cards = [
                    CalendarDay(day=day, kind=DayKind.REPORT_CARD)
                    for day in (calendar.report_cards if calendar is not None else ())
                    if term.holds(day)
                ]
                off = [CalendarDay(day=day, kind=DayKind.NO_SCHOOL) for day in sorted(term.no_school)]
                extra = [CalendarDay(day=day, kind=DayKind.EXTRA) for day in sorted(term.also_school)]
                uow.calendars.add_year(
                    SchoolYear(
                        id=SchoolYearId(new_id()),
                        kind=kind,
                        name=f"{term.name} {term.first_day.year}",
                        first_day=term.first_day,
                        last_day=term.last_day,
                        weekdays=term.weekdays,
                        days=(*cards, *off, *extra),
                        changed_at=site.clock.now(),
                    )
                )


def _choices(site: Site) -> None:
    """Make the site's choices, as a records officer does; a number a site may not choose is said."""
    choices = site.caseload(site.adults["records office"]).choices
    choices.save(
        version=0,
        state=site.frame.state,
        official_plan=OfficialPlan(name=ELSEWHERE) if site.kept_elsewhere else None,
        student_voice=False,
        staff_names_shown=False,
        minutes_days=5,
        reply_days=2,
        quiet_days=30,
    )
    for rule in site.frame.own_rules:
        try:
            choices.set_rule(rule)
        except InvalidValue as refusal:
            path = f"{site.facts.path}.policy.{rule.key.value}"
            site.reading.leave(path, f"a site may not choose it here: {refusal.code}")
