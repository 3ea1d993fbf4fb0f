"""``iep db``: make or update the tables, and look at them."""

from __future__ import annotations

import click

from iepcore.ids import SiteId, new_uuid7
from lti_app.cli.place import check_zone, wired_here
from lti_app.doors.records import Site
from lti_app.storage.migrate import check, current, newest, upgrade

DEFAULT_SITE = "My school"


@click.group()
def db() -> None:
    """The database: tables and their version."""


@db.command()
@click.option("--school", default=DEFAULT_SITE, show_default=True, help="Name of the default site.")
@click.option("--zone", default="America/Chicago", show_default=True, help="The school's time zone (IANA).")
def init(school: str, zone: str) -> None:
    """Make or update the tables, and a default site when there is none. Running it twice is harmless."""
    check_zone(zone)
    wired = wired_here(needs_tables=False)
    upgrade(wired.engines)
    if not wired.doors.sites():
        wired.doors.add_site(Site(id=SiteId(new_uuid7()), name=school, zone=zone))
        click.echo(f"Made the site “{school}”.")
    click.echo(f"The tables are at version {current(wired.engines)}.")


@db.command()
def status() -> None:
    """Say which version the tables have, and whether they are as declared."""
    wired = wired_here(needs_tables=False)
    have, want = current(wired.engines), newest()
    click.echo(f"Tables: {have or 'none'}; this program wants {want}.")
    differences = check(wired.engines) if have == want else ()
    for line in differences:
        click.echo(f"Different: {line}")
    if have != want:
        raise click.ClickException("Run: iep db init")
    if differences:
        raise click.ClickException("The tables are not as declared.")
