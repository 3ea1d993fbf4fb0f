"""``iep settings``: every setting, what it means, and which problems the present environment has."""

from __future__ import annotations

import os

import click

from lti_app.settings import Settings, SettingsError, describe


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Only say what is wrong; exit 2 when something is.")
def settings(only_check: bool) -> None:
    """List the settings (environment variables) and check those given. Secrets are never shown."""
    if not only_check:
        for note in describe():
            needed = "needed" if note.default is None else f"default: {note.default or 'none'}"
            given = "given" if os.environ.get(note.name) else "not given"
            click.echo(f"{note.name}  ({needed}; {given})\n    {note.meaning}\n    Example: {note.example}")
    try:
        found = Settings.from_env(os.environ)
    except SettingsError as wrong:
        for line in wrong.problems:
            click.echo(f"Problem: {line}", err=True)
        raise click.exceptions.Exit(2) from None
    for line in found.warnings:
        click.echo(f"Warning: {line}", err=True)
    click.echo("The settings are complete.")
