"""``iep plan``: tables that a plan's goals, services and supports can be filled into."""

from __future__ import annotations

import click

from iepcore.schemas import TEMPLATES, plan_template


@click.group()
def plan() -> None:
    """Plans: the tables that the page "Paste a plan" takes."""


@plan.command()
@click.argument("kind", type=click.Choice(sorted(TEMPLATES)))
def template(kind: str) -> None:
    """Write an empty table of KIND with one example row, as CSV."""
    click.echo(plan_template(kind), nl=False)
