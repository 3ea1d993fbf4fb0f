"""``iep person``: who is disabled, disable somebody everywhere at once, and let them in again."""

from __future__ import annotations

from uuid import UUID

import click

from iepcore.access import System
from iepcore.caseload import Caseload
from iepcore.errors import InvalidValue, NotFound
from iepcore.ids import AdultId
from iepcore.people import Adult
from lti_app.cli.place import site_here, wired_here
from lti_app.disabling import disable_person
from lti_app.doors.records import Site
from lti_app.wiring import Wired

JOB = System(job="standing")


@click.group()
def person() -> None:
    """People of a school: disable somebody everywhere at once, and let them in again."""


@person.command(name="list")
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
def list_people(site_name: str | None) -> None:
    """List ids: staff with their names, families without, and who is disabled since when."""
    wired = wired_here()
    site = site_here(wired, site_name)
    store = wired.store(site.id)
    disabled = {adult.id: held for adult, held in _caseload(wired, site).keeping.disabled()}
    with store.read() as uow:
        appointed = {one.adult_id for one in uow.people.appointments()}
        adults = uow.people.all_adults()
    for adult in adults:
        is_staff = adult.came_as_staff or adult.id in appointed
        held = disabled.get(adult.id)
        since = f"  disabled since {held.starts_at:%Y-%m-%d %H:%M} UTC" if held else ""
        click.echo(f"{adult.id}  {'staff   ' + adult.name if is_staff else 'not staff'}{since}")


@person.command()
@click.argument("ref")
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
@click.option("--reason", default="", help="One line, kept with it.")
def disable(ref: str, site_name: str | None, reason: str) -> None:
    """Disable the person REF: an id of ours, a mail address, or the platform's id of the person.

    Sessions end at once, and so does every session of the school under another's face (masquerade), for the
    person may sit behind one. Launches meet the neutral page, a lent Canvas inbox is given back, and notices
    to the person or in the person's name that have not left are stopped. Nothing of any record is deleted.
    """
    wired = wired_here()
    site = site_here(wired, site_name)
    adult = _adult(wired, site, ref)
    try:
        done = disable_person(wired, site, JOB, adult.id, reason=reason)
    except InvalidValue:
        raise click.ClickException("--reason must be one line of at most 200 characters.") from None
    click.echo(f"{adult.id} is disabled since {done.disabled.suspension.starts_at:%Y-%m-%d %H:%M} UTC.")
    click.echo(f"Sessions ended: {done.sessions}. Notices stopped: {len(done.disabled.stopped)}.")
    if done.gave_back_inbox:
        click.echo("The Canvas inbox that the person lent was given back.")
    if done.disabled.stopped:
        click.echo("The stopped notices stand on Today of whoever wrote them, or of that person's team.")
    click.echo("Let the person in again with: iep person enable")


@person.command()
@click.argument("ref")
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
def enable(ref: str, site_name: str | None) -> None:
    """Let the person REF in again, with the rights that stand in the record. A Canvas inbox is lent anew."""
    wired = wired_here()
    site = site_here(wired, site_name)
    adult = _adult(wired, site, ref)
    try:
        _caseload(wired, site).keeping.enable(adult.id)
    except NotFound:
        raise click.ClickException("This person is not disabled. Nothing was changed.") from None
    click.echo(f"{adult.id} may come in again.")


def _caseload(wired: Wired, site: Site) -> Caseload:
    return Caseload(wired.store(site.id), JOB, wired.site_clock(site))


def _adult(wired: Wired, site: Site, ref: str) -> Adult:
    """Return the one adult that ``ref`` names.

    Raises:
        ClickException: nobody, or several.
    """
    with wired.store(site.id).read() as uow:
        found = {
            adult.id: adult
            for adult in uow.people.all_adults()
            if _is_id(ref, adult.id)
            or any(ref.casefold() == address.value.casefold() for address in adult.addresses)
            or any(ref == known.subject for known in uow.people.identities_of(adult.id))
        }
    if not found:
        raise click.ClickException("Nobody here is known by that. Find the id with: iep person list")
    if len(found) > 1:  # the same person by two platforms, or two who share an address
        ids = "".join(f"\n  {adult_id}" for adult_id in found)
        raise click.ClickException(
            f"{len(found)} are known here by that. Nothing was changed; take each by its id:{ids}"
        )
    return next(iter(found.values()))


def _is_id(ref: str, adult_id: AdultId) -> bool:
    try:
        return UUID(ref) == adult_id
    except ValueError:
        return False
