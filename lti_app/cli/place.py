"""What every command starts with: the settings of the environment and everything put together."""

from __future__ import annotations

import os
from zoneinfo import ZoneInfo

import click

from lti_app.doors.records import Site
from lti_app.settings import Settings
from lti_app.storage.migrate import current, newest
from lti_app.wiring import Wired, wire


def settings_here() -> Settings:
    """Return the settings; warnings go to standard error.

    Raises:
        SettingsError: with every problem at once.
    """
    found = Settings.from_env(os.environ)
    for line in () if found.demo else found.warnings:
        click.echo(f"Warning: {line}", err=True)
    return found


def wired_here(*, needs_tables: bool = True) -> Wired:
    """Return everything put together; the database is closed when the command ends.

    Raises:
        ClickException: when the tables are missing or old, with the command that makes them.
    """
    wired = wire(settings_here())
    click.get_current_context().call_on_close(wired.engines.close)
    if needs_tables and current(wired.engines) != newest():
        raise click.ClickException("The database has no tables of this version yet. Run: iep db init")
    return wired


def check_zone(zone: str) -> None:
    """Refuse a time zone this machine does not know: a site with one could not show a single page.

    Raises:
        ClickException: with an example.
    """
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise click.ClickException("--zone must be an IANA time zone, such as America/Chicago.") from None


def site_here(wired: Wired, name: str | None) -> Site:
    """Return the site named (by id or name), or the only one.

    Raises:
        ClickException: when there is none, or several and none is named.
    """
    sites = list(wired.doors.sites())
    if name is None:
        if len(sites) == 1:
            return sites[0]
        listed = "".join(f"\n  {site.id}  {site.name}" for site in sites)
        raise click.ClickException(f"Say which site with --site.{listed}")
    for site in sites:
        if site.name == name or str(site.id) == name:
            return site
    raise click.ClickException("There is no such site. List them with: iep site list")
