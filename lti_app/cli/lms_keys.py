"""``iep lms keys``: the tool's own signing keys, and making a new one."""

from __future__ import annotations

import click

from lti_app.cli.place import wired_here
from lti_app.doors.lti.keys import OwnKeys


@click.group()
def keys() -> None:
    """Our own signing keys. A new one is made by itself each year; platforms read them at /lti/jwks."""


@keys.command(name="list")
def list_keys() -> None:
    """List the published keys: the first one signs, the others are still good for what they signed."""
    wired = wired_here()
    for place, key in enumerate(OwnKeys(wired.doors, clock=wired.clock).published()):
        ends = f"{key.expires_at:%Y-%m-%d}" if key.expires_at else "never"
        does = "signs" if place == 0 else "published"
        click.echo(f"{key.kid}  {does}  made {key.created_at:%Y-%m-%d}  published until {ends}")


@keys.command()
@click.option("--lost", is_flag=True, help="A key may be in wrong hands: publish none of the old ones.")
def rotate(lost: bool) -> None:
    """Make a new signing key now. Nothing has to be done in the platforms."""
    wired = wired_here()
    made = OwnKeys(wired.doors, clock=wired.clock).rotate(lost=lost)
    click.echo(f"{made.kid}  signs from now on.")
    if lost:
        click.echo(
            "The old keys are no longer published. What they sign is refused once platforms look again."
        )
    else:
        click.echo("The old keys stay published for two weeks at most.")
