"""``iep``: the command line for whoever installs and looks after the tool. One verb per command."""

from __future__ import annotations

import sys

import click

from iepcore.errors import IepError
from lti_app.cli.analyze import analyze
from lti_app.cli.audit import audit
from lti_app.cli.backup import backup, restore
from lti_app.cli.calendar import calendar
from lti_app.cli.db import db
from lti_app.cli.demo import demo
from lti_app.cli.doctor import doctor
from lti_app.cli.google import google
from lti_app.cli.holds import hold
from lti_app.cli.lms import lms
from lti_app.cli.people import person
from lti_app.cli.plan import plan
from lti_app.cli.privacy import privacy
from lti_app.cli.records import data
from lti_app.cli.roster import roster
from lti_app.cli.serving import serve, worker
from lti_app.cli.settings import settings
from lti_app.cli.site import site
from lti_app.cli.transfer import transfer
from lti_app.settings import SettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Rapport: goals, honest progress and notes to families, inside the LMS a school already has."""


for command in (
    demo,
    serve,
    worker,
    doctor,
    db,
    backup,
    restore,
    lms,
    google,
    site,
    person,
    hold,
    audit,
    data,
    transfer,
    plan,
    roster,
    calendar,
    privacy,
    analyze,
    settings,
):
    cli.add_command(command)


def main() -> None:
    """Run ``iep``. Problems are told in plain lines, without a trace of our code."""
    try:
        code = cli(standalone_mode=False)
    except SettingsError as wrong:
        for line in wrong.problems:
            click.echo(f"Setting: {line}", err=True)
        sys.exit(2)
    except IepError as wrong:
        click.echo(f"Refused: {wrong.code}. Nothing was changed.", err=True)
        sys.exit(1)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    sys.exit(code)  # click returns the code of its own ``Exit`` here and does not end the program with it
