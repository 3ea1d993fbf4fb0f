"""``iep lms invite``, ``approve`` and ``off``: connecting by one link, and what waits for somebody's yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import click

from lti_app.cli.place import site_here, wired_here
from lti_app.doors.lti.registering import CLAIM_FOR, REGISTER_PATH, new_invite
from lti_app.doors.records import Deployment, DeploymentState
from lti_app.wiring import Wired


@click.command()
@click.option("--site", "site_name", default=None, help="Name or id of the site (default: the only one).")
@click.option(
    "--hours", type=click.IntRange(1, 720), default=48, show_default=True, help="How long it is good."
)
def invite(site_name: str | None, hours: int) -> None:
    """Make a link that connects one platform, once. Its administrator pastes it there.

    Whoever first opens the tool from that platform as its administrator looks after the connection, unless
    the site has an administrator already.
    """
    wired = wired_here()
    site = site_here(wired, site_name)
    code, made = new_invite(site.id, made_by=None, at=wired.clock(), lasts=timedelta(hours=hours))
    wired.installs.add_invite(made)
    click.echo(wired.settings.url(f"{REGISTER_PATH}/{code}"))
    click.echo(
        f"Good once, for {hours} hours, for “{site.name}”. Give it to the platform's administrator only.",
        err=True,
    )


@click.command()
@click.argument("registration_id", type=click.UUID)
@click.argument("deployment_id")
@click.option("--site", "site_name", default=None, help="Name or id of the site (default: the only one).")
def approve(registration_id: UUID, deployment_id: str, site_name: str | None) -> None:
    """Let a deployment launch, into one site. List what waits with: iep lms list

    For a week, the platform's first administrator who comes by it becomes the site's, when it has none.
    """
    wired = wired_here()
    held = _held(wired, registration_id, deployment_id)
    site = site_here(wired, site_name)
    if held.site_id not in (None, site.id):
        raise click.ClickException("This deployment belongs to another site already. Nothing was changed.")
    wired.doors.save_deployment(replace(held, state=DeploymentState.ACTIVE, site_id=site.id))
    made = wired.installs.installation(registration_id)
    if made is not None and made.site_id == site.id:
        wired.installs.save_installation(replace(made, claim_until=wired.clock() + CLAIM_FOR))
    click.echo(f"Deployment {deployment_id} opens “{site.name}”.")


@click.command()
@click.argument("registration_id", type=click.UUID)
@click.argument("deployment_id")
def off(registration_id: UUID, deployment_id: str) -> None:
    """Turn a deployment off: no launches, and its sessions end at once."""
    wired = wired_here()
    held = _held(wired, registration_id, deployment_id)
    wired.doors.save_deployment(replace(held, state=DeploymentState.DISABLED))
    click.echo(f"Deployment {deployment_id} is off.")


@click.command()
@click.argument("registration_id", type=click.UUID)
def remove(registration_id: UUID) -> None:
    """Remove a connection that never opened a site, such as one that went wrong. Others are turned off."""
    wired = wired_here()
    if not wired.installs.remove_unused(registration_id):
        raise click.ClickException(
            "There is no such connection, or it opened a site: turn it off with: iep lms off"
        )
    click.echo("Removed.")


def _held(wired: Wired, registration_id: UUID, deployment_id: str) -> Deployment:
    found = wired.doors.deployment(registration_id, deployment_id)
    if found is None:
        raise click.ClickException("There is no such deployment. List them with: iep lms list")
    return found
