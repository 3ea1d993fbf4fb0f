"""``iep privacy``: one page of what is stored, where, who gets it and how long, for agreements and forms."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from lti_app.cli.place import wired_here
from lti_app.doors.records import GOOGLE
from lti_app.privacy.answers import Installed
from lti_app.privacy.report import as_csv, markdown
from lti_app.storage.condition import database_file
from lti_app.wiring import Wired


@click.group()
def privacy() -> None:
    """What is stored about whom, for data-privacy agreements and vendor questionnaires."""


@privacy.command()
@click.option(
    "--format", "form", type=click.Choice(["markdown", "csv"]), default="markdown", show_default=True
)
@click.option("--generic", is_flag=True, help="For every installation: names no server, needs no settings.")
def report(form: str, generic: bool) -> None:
    """Write the page to standard output: data elements, place, who else gets data, how long it stays.

    Shaped for the schedule of data of an NDPA and the sections of a HECVAT. It is made from the tables' own
    declarations, and holds no data of anybody and no secret.
    """
    installed = None if generic else installed_here(wired_here())
    click.echo(as_csv(installed) if form == "csv" else markdown(installed), nl=False)


def installed_here(wired: Wired) -> Installed:
    """Return what this installation adds to the page."""
    settings, registrations = wired.settings, [one for one in wired.doors.registrations() if one.enabled]
    keys = [key for one in registrations if (key := wired.doors.api_client(one.id)) is not None]
    google = [key for key in keys if key.kind == GOOGLE]
    lti = [one for one in registrations if one.id not in {key.registration_id for key in google}]
    is_file = database_file(settings.database_url) is not None
    host = urlsplit(settings.database_url).hostname
    return Installed(
        database="an SQLite file on the tool's own server"
        if is_file
        else f"PostgreSQL at {host or 'localhost'}",
        address=settings.public_url,
        platforms=tuple(sorted({urlsplit(one.issuer).hostname or one.issuer for one in lti})),
        inboxes=tuple(sorted({urlsplit(one.base_url).hostname or "" for one in keys if one not in google})),
        mail_server=settings.smtp.host if settings.smtp else None,
        google=tuple(sorted({urlsplit(one.base_url).hostname or "" for one in google})),
    )
