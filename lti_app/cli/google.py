"""``iep google``: a school's Google client, what it may be used for, and its service account."""

from __future__ import annotations

from pathlib import Path

import click

from connectors.google_classroom import ServiceAccount
from connectors.google_classroom.reasons import REASONS
from connectors.http import Origin
from iepcore.errors import ConnectorError, InvalidValue
from lti_app.cli.google_manifest import manifest
from lti_app.cli.place import site_here, wired_here
from lti_app.delivery.google_connections import BACK_PATH, SCOPES
from lti_app.delivery.google_rosters import LONGEST_KEY, delegation, domain_scopes
from lti_app.doors.google.clients import GoogleClient, add_google_client, google_client_of_site
from lti_app.doors.google.sign_in import BACK_PATH as SIGN_IN_BACK
from lti_app.doors.google_access import GoogleAccess, GoogleUse
from lti_app.doors.records import Site
from lti_app.wiring import Wired

_SITE = click.option("--site", "site_name", default=None, help="Name or id. Default: the only one.")


@click.group()
def google() -> None:
    """Google Classroom, Gmail and Calendar of a school. See docs/how-to/connect-google.md."""


google.add_command(manifest)


@google.command()
@_SITE
@click.option("--client-id", required=True, help="Of an OAuth client of the kind “Web application”.")
@click.option("--client-secret", required=True, help="Its secret. Stored encrypted.")
@click.option("--domain", "domains", multiple=True, required=True, help="A Workspace domain; may repeat.")
def add(site_name: str | None, client_id: str, client_secret: str, domains: tuple[str, ...]) -> None:
    """Give a school its Google client. The same client id again replaces its secret and adds domains."""
    wired = wired_here()
    site = site_here(wired, site_name)
    add_google_client(
        wired.doors,
        wired.installs,
        site,
        client_id=client_id,
        client_secret=client_secret,
        domains=domains,
        clock=wired.clock,
    )
    click.echo(f"Stored for “{site.name}”. The client's redirect addresses must be:")
    for path in (SIGN_IN_BACK, BACK_PATH):
        click.echo(f"  {wired.settings.url(path)}")
    click.echo("For the frames in Classroom: iep google manifest")


@google.command()
@_SITE
@click.option("--mail/--no-mail", default=None, help="Notices by mail go out of the senders' own Gmail.")
@click.option("--rosters/--no-rosters", default=None, help="Teachers may lend the rosters of their courses.")
@click.option("--calendar/--no-calendar", default=None, help="Meetings may go into organisers' calendars.")
@click.option(
    "--guardians/--no-guardians", default=None, help="The service account reads guardians of the domain, too."
)
def use(
    site_name: str | None,
    mail: bool | None,
    rosters: bool | None,
    calendar: bool | None,
    guardians: bool | None,
) -> None:
    """Choose what adults are asked to lend, and whether the service account reads guardians.

    Who connected before is asked again for what is new.
    """
    wired = wired_here()
    site, client, access = _here(wired, site_name)
    wished = {
        GoogleUse.MAIL: mail,
        GoogleUse.ROSTERS: rosters,
        GoogleUse.CALENDAR: calendar,
        GoogleUse.GUARDIANS: guardians,
    }
    uses = tuple(use for use, on in wished.items() if on or (on is None and use in access.uses))
    wired.google_kept.save_google_access(
        GoogleAccess(
            registration_id=client.id,
            uses=uses,
            service_key=access.service_key,
            subjects=access.subjects,
        )
    )
    click.echo(f"“{site.name}” uses: {', '.join(uses) or 'the sign-in only'}.")
    for scope in dict.fromkeys(scope for use in uses for scope in SCOPES.get(use, ())):
        click.echo(f"  {scope}  ({REASONS[scope]})")


@google.command(name="service-account")
@_SITE
@click.option("--key-file", type=click.Path(path_type=Path), default=None, help="The JSON file Google made.")
@click.option("--subject", "subjects", multiple=True, help="An address it may act for; may repeat.")
@click.option("--remove", is_flag=True, help="Forget key and addresses.")
def service_account(
    site_name: str | None, key_file: Path | None, subjects: tuple[str, ...], remove: bool
) -> None:
    """Keep a service account's key, encrypted, and the only addresses it may act for."""
    wired = wired_here()
    _, client, access = _here(wired, site_name)
    key, listed = access.service_key, tuple(one.strip() for one in subjects) or access.subjects
    if remove:
        key, listed = "", ()
    elif key_file is not None:
        key = _key(key_file, client)
    if not remove and (not key or not listed):
        raise click.ClickException("Give --key-file and at least one --subject.")
    if any(one.count("@") != 1 or " " in one for one in listed):
        raise click.ClickException("--subject takes the address of one account.")
    kept = GoogleAccess(registration_id=client.id, uses=access.uses, service_key=key, subjects=listed)
    wired.google_kept.save_google_access(kept)
    if remove:
        click.echo("Forgotten here. Delete the key at Google, too.")
        return
    account = ServiceAccount.parse(key, minting=_minting(client))
    click.echo(f"Stored; it may act for {len(listed)} account(s). Delete the file now.")
    click.echo("In the admin console, under domain-wide delegation, allow the client")
    click.echo(f"  {account.client_id}")
    click.echo("these scopes, and no other:")
    for scope in domain_scopes(kept):
        click.echo(f"  {scope}")


@google.command()
@_SITE
def show(site_name: str | None) -> None:
    """Say what a school's Google may be used for. No secret is shown."""
    wired = wired_here()
    site, client, access = _here(wired, site_name)
    click.echo(f"{site.name}: client {client.client_id}")
    click.echo(f"  domains          {', '.join(client.domains)}")
    click.echo(f"  uses             {', '.join(access.uses) or 'the sign-in only'}")
    click.echo(f"  service account  {'yes' if access.service_key else 'none'}")
    for subject in access.subjects:
        click.echo(f"    acts for {subject}")


@google.command()
@_SITE
def check(site_name: str | None) -> None:
    """Ask Google for a token for each listed account, and say what came of it."""
    wired = wired_here()
    _, client, access = _here(wired, site_name)
    made = delegation(client, access)
    if made is None:
        raise click.ClickException("This school has no service account. See: iep google service-account")
    failed = False
    for subject in access.subjects:
        try:
            made.tokens(subject, domain_scopes(access)).token()
        except (ConnectorError, InvalidValue) as error:
            failed = True
            click.echo(f"{subject}: {error.code}")
        else:
            click.echo(f"{subject}: works")
    if failed:
        raise click.ClickException(
            "scope_missing: allow the scopes in the admin console (up to a day until they hold). "
            "consent_lost: the account or the key is gone."
        )


@google.command()
def scopes() -> None:
    """List every scope that may be asked for, with its reason."""
    for scope, reason in REASONS.items():
        click.echo(f"{scope}  {reason}")


def _here(wired: Wired, site_name: str | None) -> tuple[Site, GoogleClient, GoogleAccess]:
    site = site_here(wired, site_name)
    client = google_client_of_site(wired.doors, site.id)
    if client is None:
        raise click.ClickException("This school has no Google client yet. See: iep google add --help")
    return site, client, wired.google_kept.google_access(client.id)


def _key(path: Path, client: GoogleClient) -> str:
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST_KEY + 1)
    except OSError:
        raise click.ClickException("--key-file cannot be read.") from None
    if len(text) > LONGEST_KEY:
        raise click.ClickException("--key-file is no key of a service account.")
    try:
        told = text.decode()
        ServiceAccount.parse(told, minting=_minting(client))
    except UnicodeDecodeError:
        raise click.ClickException("--key-file is no key of a service account.") from None
    except InvalidValue as wrong:
        words = {
            "service_key_form": "--key-file is no key of a service account.",
            "service_key_elsewhere": "--key-file sends its signed word elsewhere than to Google. Refused.",
        }
        raise click.ClickException(words[wrong.code]) from None
    return told


def _minting(client: GoogleClient) -> Origin:
    return Origin.parse(client.endpoints.token_url.removesuffix("/token"))
