"""``iep lms``: connect a learning platform by hand, give it a Canvas API key, list what is connected."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

import click

from connectors.http import Origin
from iepcore.errors import InvalidValue
from iepcore.ids import new_uuid7
from lti_app.cli.place import site_here, wired_here
from lti_app.doors.records import ApiClient, Deployment, DeploymentState, Registration
from lti_app.settings import is_loopback


@click.group()
def lms() -> None:
    """Learning platforms (Canvas and others) connected by LTI 1.3."""


@lms.command()
@click.option("--issuer", required=True, help="The platform's issuer, exactly as it sends it.")
@click.option("--client-id", required=True, help="The client id the platform gave this tool.")
@click.option("--deployment-id", required=True, help="The deployment id the platform shows.")
@click.option("--auth-url", required=True, help="OIDC authorization endpoint.")
@click.option("--token-url", required=True, help="OAuth2 token endpoint.")
@click.option("--jwks-url", required=True, help="The platform's public key set.")
@click.option("--site", "site_name", default=None, help="Name or id of the site (default: the only one).")
def add(
    issuer: str,
    client_id: str,
    deployment_id: str,
    auth_url: str,
    token_url: str,
    jwks_url: str,
    site_name: str | None,
) -> None:
    """Connect a platform. The same issuer and client id again updates its addresses."""
    _check_urls({"--auth-url": auth_url, "--token-url": token_url, "--jwks-url": jwks_url})
    for name, text in (("--issuer", issuer), ("--client-id", client_id), ("--deployment-id", deployment_id)):
        if not 0 < len(text) <= 255:
            raise click.ClickException(f"{name} must have 1 to 255 characters.")
    wired = wired_here()
    site = site_here(wired, site_name)
    known = wired.doors.registrations_of(issuer, client_id)
    registration = Registration(
        id=known[0].id if known else new_uuid7(),
        issuer=issuer,
        client_id=client_id,
        auth_url=auth_url,
        token_url=token_url,
        jwks_url=jwks_url,
    )
    held = wired.doors.deployment(registration.id, deployment_id)
    if held is not None and held.site_id not in (None, site.id):
        raise click.ClickException("This deployment belongs to another site already. Nothing was changed.")
    wired.doors.save_registration(registration)
    wired.doors.save_deployment(
        Deployment(
            registration_id=registration.id,
            deployment_id=deployment_id,
            state=DeploymentState.ACTIVE,
            site_id=site.id,
        )
    )
    settings = wired.settings
    click.echo(f"{'Updated' if known else 'Connected'} {issuer} for “{site.name}”.")
    click.echo("Give the platform these addresses:")
    click.echo(f"  login    {settings.url('/lti/login')}")
    click.echo(f"  launch   {settings.url('/lti/launch')}")
    click.echo(f"  key set  {settings.url('/lti/jwks')}")


@lms.command()
@click.option(
    "--registration", "registration_id", type=click.UUID, default=None, help="Default: the only one."
)
@click.option("--base-url", required=True, help="The school's Canvas, such as https://school.instructure.com")
@click.option("--client-id", required=True, help="Id of the API developer key (not the LTI key).")
@click.option("--client-secret", required=True, help="Its secret. Stored encrypted.")
def canvas(registration_id: UUID | None, base_url: str, client_id: str, client_secret: str) -> None:
    """Give a site its Canvas API key, so that teachers can lend their own inbox for notices."""
    try:
        origin = str(Origin.parse(base_url))
    except InvalidValue as wrong:
        raise click.ClickException(
            f"--base-url: {wrong.code}. Write https://host and nothing after it."
        ) from None
    wired = wired_here()
    registrations = list(wired.doors.registrations())
    chosen = [one for one in registrations if registration_id is None or one.id == registration_id]
    if len(chosen) != 1:
        raise click.ClickException("Say which platform with --registration. List them with: iep lms list")
    wired.doors.save_api_client(
        ApiClient(
            registration_id=chosen[0].id, base_url=origin, client_id=client_id, client_secret=client_secret
        )
    )
    click.echo("Stored. The key's redirect address must be:")
    click.echo(f"  {wired.settings.url('/canvas/back')}")


@lms.command(name="list")
def list_platforms() -> None:
    """List connected platforms and their deployments."""
    wired = wired_here()
    sites = {site.id: site.name for site in wired.doors.sites()}
    deployments = wired.doors.deployments()
    for one in wired.doors.registrations():
        click.echo(f"{one.id}  {one.issuer}  client {one.client_id}  {'on' if one.enabled else 'off'}")
        for held in deployments:
            if held.registration_id == one.id:
                where = sites.get(held.site_id, "no site yet") if held.site_id else "no site yet"
                click.echo(f"    deployment {held.deployment_id}  {held.state.value}  {where}")


def _check_urls(urls: dict[str, str]) -> None:
    """Refuse what is no web address, all problems together; plain http goes for this machine only."""
    problems = []
    for name, url in urls.items():
        try:
            parts = urlsplit(url)
        except ValueError:  # such as a bracket that is never closed
            problems.append(f"{name} must be an https address.")
            continue
        if parts.scheme == "http" and is_loopback(parts.hostname or ""):
            click.echo(f"Warning: {name} is plain http: good for trying out on this machine only.", err=True)
        elif parts.scheme != "https" or not parts.hostname:
            problems.append(f"{name} must be an https address.")
    if problems:
        raise click.ClickException(" ".join(problems) + " Nothing was changed.")
