"""``iep lms``: connect a learning platform by hand, give it a Canvas API key, list what is connected."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import click

from iepcore.ids import new_uuid7
from lti_app.cli.lms_canvas import canvas
from lti_app.cli.lms_connect import approve, invite, off, remove
from lti_app.cli.lms_keys import keys
from lti_app.cli.place import site_here, wired_here
from lti_app.doors.installs import Installation
from lti_app.doors.lti.install_refusals import InstallRefused
from lti_app.doors.lti.presets import PRESETS, Addresses, name_of_issuer, preset
from lti_app.doors.lti.registering import CLAIM_FOR
from lti_app.doors.records import Deployment, DeploymentState, Registration
from lti_app.settings import is_loopback
from lti_app.wiring import Wired


@click.group()
def lms() -> None:
    """Learning platforms (Canvas and others) connected by LTI 1.3."""


for command in (invite, approve, off, remove, keys, canvas):
    lms.add_command(command)


@lms.command()
@click.option(
    "--preset",
    "preset_key",
    type=click.Choice([one.key for one in PRESETS]),
    default=None,
    help="A platform whose addresses are known; each address given here counts instead.",
)
@click.option("--base-url", default="", help="The school's own address there, where the preset needs it.")
@click.option("--issuer", default=None, help="The platform's issuer, exactly as it sends it.")
@click.option("--client-id", required=True, help="The client id the platform gave this tool.")
@click.option(
    "--deployment-id",
    default=None,
    help="The deployment id the platform shows. Without it, deployments wait for approval.",
)
@click.option("--auth-url", default=None, help="OIDC authorization endpoint.")
@click.option("--token-url", default=None, help="OAuth2 token endpoint.")
@click.option("--jwks-url", default=None, help="The platform's public key set.")
@click.option(
    "--audience", default=None, help="Audience of our token requests, when it is not the token URL."
)
@click.option("--frame", "frames", multiple=True, help="Another origin whose pages may frame the tool.")
@click.option("--site", "site_name", default=None, help="Name or id of the site (default: the only one).")
def add(
    preset_key: str | None,
    base_url: str,
    issuer: str | None,
    client_id: str,
    deployment_id: str | None,
    auth_url: str | None,
    token_url: str | None,
    jwks_url: str | None,
    audience: str | None,
    frames: tuple[str, ...],
    site_name: str | None,
) -> None:
    """Connect a platform. The same issuer and client id again updates its addresses."""
    given = {"issuer": issuer, "auth_url": auth_url, "token_url": token_url, "jwks_url": jwks_url}
    found = _addresses(preset_key, base_url, client_id, {**given, "auth_audience": audience})
    found = replace(found, frames=tuple(dict.fromkeys((*found.frames, *map(_frame, frames)))))
    _check_urls({"--auth-url": found.auth_url, "--token-url": found.token_url, "--jwks-url": found.jwks_url})
    for name, text in (
        ("--issuer", found.issuer),
        ("--client-id", client_id),
        ("--deployment-id", deployment_id),
    ):
        if text is not None and not 0 < len(text) <= 255:
            raise click.ClickException(f"{name} must have 1 to 255 characters.")
    wired = wired_here()
    site = site_here(wired, site_name)
    known = wired.doors.registrations_of(found.issuer, client_id)
    registration = Registration(
        id=known[0].id if known else new_uuid7(),
        issuer=found.issuer,
        client_id=client_id,
        auth_url=found.auth_url,
        token_url=found.token_url,
        jwks_url=found.jwks_url,
        auth_audience=found.auth_audience,
    )
    if deployment_id is not None:
        held = wired.doors.deployment(registration.id, deployment_id)
        if held is not None and held.site_id not in (None, site.id):
            raise click.ClickException(
                "This deployment belongs to another site already. Nothing was changed."
            )
    wired.doors.save_registration(registration)
    before = wired.installs.installation(registration.id)
    wired.installs.save_installation(
        Installation(
            registration_id=registration.id,
            site_id=before.site_id if before else site.id,
            product=(preset_key or "").partition("-")[0],
            name=name_of_issuer(found.issuer),
            frames=found.frames or (before.frames if before else ()),
            created_at=before.created_at if before else wired.clock(),
            claim_until=before.claim_until if before else _claim(wired, deployment_id),
            inside=True,
        )
    )
    if deployment_id is not None:
        wired.doors.save_deployment(
            Deployment(
                registration_id=registration.id,
                deployment_id=deployment_id,
                state=DeploymentState.ACTIVE,
                site_id=site.id,
            )
        )
    settings = wired.settings
    click.echo(f"{'Updated' if known else 'Connected'} {found.issuer} for “{site.name}”.")
    click.echo("Give the platform these addresses:")
    click.echo(f"  login    {settings.url('/lti/login')}")
    click.echo(f"  launch   {settings.url('/lti/launch')}")
    click.echo(f"  key set  {settings.url('/lti/jwks')}")


@lms.command()
def presets() -> None:
    """List the platforms whose addresses are known, what each needs, and where it is set up."""
    for one in PRESETS:
        needs = "needs --base-url" if one.needs_base else "needs nothing else"
        click.echo(f"{one.key}  {one.name}  ({needs})")
        click.echo(f"    {one.where}")
        click.echo(f"    {one.source}")


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


def _claim(wired: Wired, deployment_id: str | None) -> datetime | None:
    """Return until when the platform's administrator may claim the connection.

    Not without a deployment: some vendors give one client id to every school, so the first administrator to
    come might be another school's.
    """
    return None if deployment_id is None else wired.clock() + CLAIM_FOR


def _addresses(
    preset_key: str | None, base_url: str, client_id: str, given: dict[str, str | None]
) -> Addresses:
    """Return the addresses of the preset, each one replaced by what was given by hand."""
    named = {name: text for name, text in given.items() if text is not None}
    if preset_key is None:
        missing = [name for name in ("issuer", "auth_url", "token_url", "jwks_url") if name not in named]
        if missing:
            options = ", ".join("--" + name.replace("_", "-") for name in missing)
            raise click.UsageError(f"Give {options}, or a --preset (list them with: iep lms presets).")
        return Addresses(**named)  # type: ignore[arg-type]  # "frames" is not among them
    try:
        known = preset(preset_key).addresses(base=base_url, client_id=client_id)
    except InstallRefused:
        raise click.ClickException(
            "--base-url must be the school's address there, such as https://moodle.example.org."
        ) from None
    return replace(known, **named)  # type: ignore[arg-type]


def _frame(text: str) -> str:
    """Return an origin that may frame us; a host may begin with ``*.``."""
    try:
        parts = urlsplit(text)
        fits = parts.scheme == "https" and parts.hostname and parts.path in ("", "/") and not parts.query
    except ValueError:
        fits = False
    if not fits:
        raise click.ClickException("--frame must look like https://school.example.org. Nothing was changed.")
    return text.rstrip("/")


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
