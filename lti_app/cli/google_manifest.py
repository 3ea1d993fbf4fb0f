"""``iep google manifest``: the fields of Google's Marketplace page, to be copied."""

from __future__ import annotations

import json

import click

from lti_app.cli.place import site_here, wired_here
from lti_app.doors.google.clients import google_client_of_site
from lti_app.doors.google.manifest import manifest as manifest_of


@click.command()
@click.option("--site", "site_name", default=None, help="Name or id. Default: the only one.")
def manifest(site_name: str | None) -> None:
    """Print what to enter in Google's Marketplace SDK, as JSON. See
    docs/how-to/install-in-google-classroom.md."""
    wired = wired_here()
    client = google_client_of_site(wired.doors, site_here(wired, site_name).id)
    if client is None:
        raise click.ClickException("This school has no Google client yet. See: iep google add --help")
    click.echo(json.dumps(manifest_of(client, wired.settings.public_url), indent=2))
