"""``iep calendar``: look at a school's calendar, and take one in from a CSV or ICS file, whole or not."""

from __future__ import annotations

from pathlib import Path

import click

from iepcore.access import System
from iepcore.calendars import ImportPlan, SchoolYear, YearChange
from iepcore.caseload import CALENDAR_IMPORT, CalendarsDesk, Desk
from iepcore.errors import InvalidRows
from iepcore.language import advice_phrase, render
from lti_app.calendar_files import LONGEST_FILE, read_calendar
from lti_app.cli.place import site_here, wired_here

JOB = System(job=CALENDAR_IMPORT)
_SITE = click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")


@click.group()
def calendar() -> None:
    """The school's calendar: years, days off, extended school year, report cards, and its numbers."""


@calendar.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_SITE
@click.option(
    "--confirm", is_flag=True, help="Take it in. Without it the command only says what would change."
)
def import_file(file: Path, site_name: str | None, confirm: bool) -> None:
    """Take in a CSV or ICS file. Every problem is told at once with its line, and then nothing is written.

    The columns of a CSV file stand in docs/how-to/school-calendar.md.
    """
    wired = wired_here()
    site = site_here(wired, site_name)
    clock = wired.site_clock(site)
    desk = CalendarsDesk(Desk(store=wired.store(site.id), actor=JOB, clock=clock))
    try:
        with file.open("rb") as opened:
            read = read_calendar(opened.read(LONGEST_FILE + 1), zone=clock.zone)
        plan = desk.take_in(read.lines) if confirm else desk.preview(read.lines)
    except InvalidRows as refused:
        for place, problem in refused.problems:
            click.echo(f"{file.name}, {place}: {render(advice_phrase(problem), 'en').text}", err=True)
        count = len(refused.problems)
        raise click.ClickException(
            f"{count} problem{'s' if count != 1 else ''}. Nothing was changed."
        ) from None
    for line in plan_lines(plan):
        click.echo(line)
    if read.left_out:
        click.echo(f"Left out: {read.left_out} events whose title says nothing about school days.")
    if plan.is_empty:
        click.echo("Everything stands there already as the file says.")
    else:
        click.echo("Taken in." if confirm else "Nothing was changed. Take it in with --confirm.")


@calendar.command()
@_SITE
def show(site_name: str | None) -> None:
    """Say what calendar a school has."""
    wired = wired_here()
    site = site_here(wired, site_name)
    desk = CalendarsDesk(Desk(store=wired.store(site.id), actor=JOB, clock=wired.site_clock(site)))
    years = desk.page().years
    for year in years:
        click.echo(year_line(year))
    if not years:
        click.echo("No calendar yet. Take one in with: iep calendar import FILE --confirm")


def year_line(year: SchoolYear) -> str:
    """Return a term in one line."""
    count = sum(1 for _ in year.term().school_days())
    cards = f", {len(year.report_cards)} report-card days" if year.report_cards else ""
    return (
        f"{year.kind.value}  {year.name}  {year.first_day} to {year.last_day}  {count} school days, "
        f"{len(year.days)} days of their own{cards}"
    )


def plan_lines(plan: ImportPlan) -> list[str]:
    """Return what a file would change, in lines."""
    lines = [line for change in plan.years for line in _change_lines(change)]
    if plan.choices is not None:
        for rule in plan.rules:
            unit = rule.unit.value if rule.unit else ""
            lines.append(f"number  {rule.key.value} = {rule.value} {unit}  ({rule.citation})")
        lines += [f"state holiday  {day}" for day in plan.holidays]
        lines.append(f"state  {plan.choices.state or '(not said)'}")
    return lines


def _change_lines(change: YearChange) -> list[str]:
    head = "new" if change.before is None else "changed"
    lines = [f"{head}  {year_line(change.after)}"]
    lines += [f"  + {one.day}  {one.kind.value}  {one.name}".rstrip() for one in change.came]
    lines += [f"  - {one.day}  {one.kind.value}  {one.name}".rstrip() for one in change.left]
    return lines
