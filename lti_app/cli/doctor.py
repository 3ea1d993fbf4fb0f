"""``iep doctor``: what is wrong with this installation, in one line each."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

import click

from lti_app.doctor.examine import examine
from lti_app.doctor.finding import Finding, State


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of lines.")
@click.option("--offline", is_flag=True, help="Ask nobody over the network.")
def doctor(as_json: bool, offline: bool) -> None:
    """Look at settings, database, worker, mail, address and platforms; change nothing.

    Each line says ok, look or cannot tell; what is wrong, and after an arrow what to do. Exit 1 when there is
    something to look at. No names of people and no secrets are shown.
    """
    found: list[Finding] = []
    for finding in examine(os.environ, network=not offline):
        found.append(finding)
        if not as_json:
            click.echo(line_of(finding))
    look = sum(one.state is State.LOOK for one in found)
    if as_json:
        click.echo(json.dumps({"look": look, "findings": [asdict(one) for one in found]}, indent=2))
    else:
        click.echo(f"{look} to look at." if look else "Nothing to look at.")
    if look:
        raise click.exceptions.Exit(1)


def line_of(finding: Finding) -> str:
    """Return a finding as a line."""
    about = f" ({finding.about})" if finding.about else ""
    todo = f" → {finding.todo}" if finding.todo else ""
    return f"{finding.state.value:<12}{finding.check}{about}: {finding.words}{todo}"
