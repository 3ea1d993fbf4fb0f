"""``iep site``: schools, the codes of their report cards, and the records officer a school begins with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import click

from iepcore.caseload import SENDING
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, SiteId, new_uuid7
from iepcore.notices import SendingMode
from iepcore.people import Adult, Appointment, Identity, PersonKind, RosterStanding, SiteRole
from iepcore.plan.report_codes import MAX_CODE
from iepcore.progress import FindingWord
from lti_app.cli.place import check_zone, site_here, wired_here
from lti_app.delivery.addresses import address_of
from lti_app.delivery.sms import inbound_settings
from lti_app.doors.records import Site
from lti_app.settings import Sending


@click.group()
def site() -> None:
    """Schools (sites). Each has its own people and records; nothing crosses between them."""


@site.command()
@click.argument("name")
@click.option("--zone", default="America/Chicago", show_default=True, help="Time zone (IANA).")
@click.option("--phone", default="", help="The school's number that families know; it stands in notices.")
@click.option("--lms-name", default="", help="What families call the platform, such as Canvas.")
@click.option("--lms-url", default="", help="Where families sign in.")
def create(name: str, zone: str, phone: str, lms_name: str, lms_url: str) -> None:
    """Make a school."""
    check_zone(zone)
    if not name.strip():
        raise click.ClickException("A school needs a name.")
    wired = wired_here()
    if any(one.name == name for one in wired.doors.sites()):
        raise click.ClickException("There is a site of this name already.")
    made = Site(id=SiteId(new_uuid7()), name=name, zone=zone, phone=phone, lms_name=lms_name, lms_url=lms_url)
    wired.doors.add_site(made)
    click.echo(f"{made.id}  {name}")
    click.echo("Sending is off for it. See: iep site sending --help", err=True)


@site.command(name="list")
def list_sites() -> None:
    """List the schools."""
    for one in wired_here().doors.sites():
        click.echo(f"{one.id}  {one.name}  {one.zone}")


def _option_of(word: str) -> str:
    return f"--{word.replace('_', '-')}"


def _said(word: str) -> str:
    return word.replace("_", " ")


def _codes(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option per fixed word of a finding, in the order in which the words are told."""
    for word in reversed(FindingWord):
        meaning = f"Code for “{_said(word)}”; an empty one takes it away."
        command = click.option(_option_of(word), default=None, help=meaning)(command)
    return command


@site.command()
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
@_codes
def codes(site_name: str | None, **given: str | None) -> None:
    """Show or set the codes that the school's report cards print for the words of a finding.

    Without a code nothing is changed. The words themselves stay as they are; a code stands beside its word.
    """
    wired = wired_here()
    here = site_here(wired, site_name)
    new = {word: code for word, code in given.items() if code is not None}
    try:
        here = replace(here, report_codes=replace(here.report_codes, **new))
    except InvalidValue as wrong:
        option = _option_of(wrong.field or "")
        raise click.ClickException(
            f"{option}: a code has {MAX_CODE} characters at most. Nothing was changed."
        ) from None
    if new:
        wired.doors.add_site(here)
    for word in FindingWord:
        click.echo(f"{_said(word) + ':':<17}{here.report_codes.code(word) or '(no code)'}")


@site.command()
@click.argument("state", type=click.Choice(["on", "off"]))
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
def gradebook(state: str, site_name: str | None) -> None:
    """Let teachers send a neutral word to the LMS's gradebook, one at a time, or not (as at first)."""
    wired = wired_here()
    here = site_here(wired, site_name)
    wired.doors.add_site(replace(here, gradebook_words=state == "on"))
    click.echo(f"Words in the gradebook are {state} for “{here.name}”.")
    if state == "on":
        click.echo("Co-teachers, administrators, the pupil and observers read them there.")


@site.command()
@click.argument("place")
@click.argument(
    "mode", required=False, type=click.Choice([*(one.value for one in SendingMode), "stop", "go-on"])
)
@click.option("--address", "addresses", multiple=True, help="A test address: mail, +number, Canvas user id.")
def sending(place: str, mode: str | None, addresses: tuple[str, ...]) -> None:
    """Show or set what may leave a school: off (new schools), listed test addresses only, or live.

    PLACE is the school's name or id. Every --address given replaces the list. "stop" stops everything at once
    and keeps the mode; "go-on" takes that back. IEP_SENDING=off stops the whole machine whatever stands here.
    """
    wired = wired_here()
    here = site_here(wired, place)
    desk = wired.job(here, SENDING.job).sending
    if addresses and mode != SendingMode.LISTED:
        raise click.ClickException("--address goes with “listed”. Nothing was changed.")
    if mode == "stop":
        desk.stop_all()
    elif mode == "go-on":
        desk.go_on()
    elif mode is not None:
        try:
            listed = [address_of(one) for one in addresses] if addresses else None
            desk.set_mode(SendingMode(mode), listed=listed)
        except InvalidValue:
            raise click.ClickException(
                "An address must be a mail address, a number such as +15045550100, or a Canvas user id, and"
                " there may be 50 at most. Nothing was changed."
            ) from None
    policy = desk.policy()
    stopped = ", stopped" if policy.stopped else ""
    click.echo(f"Sending is {policy.mode.value}{stopped} for “{here.name}”.")
    for one in policy.listed:
        click.echo(f"  {one.kind.value}  {one.value}")
    back = inbound_settings(wired.settings)
    if back is not None:
        address = wired.settings.url(f"/in/sms/{back.path_token}")
        click.echo(f"Text messages that come in are called to {address}")
    if wired.settings.sending is Sending.OFF:
        click.echo("IEP_SENDING is off on this machine: nothing leaves, whatever a school has chosen.")


@site.command()
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
@click.option("--issuer", required=True, help="The platform that vouches for this person.")
@click.option("--client-id", required=True, help="Its client id.")
@click.option("--subject", required=True, help="The person's opaque id there (the id_token's sub).")
@click.option("--name", required=True, help="How colleagues call this person.")
def officer(site_name: str | None, issuer: str, client_id: str, subject: str, name: str) -> None:
    """Name a records officer: the one who appoints case managers. Opens no child's record by itself."""
    wired = wired_here()
    here = site_here(wired, site_name)
    known = wired.doors.registrations_of(issuer, client_id)
    if not known:
        raise click.ClickException("That platform is not connected. Connect it with: iep lms add")
    source = f"lti:{known[0].id}"
    clock = wired.site_clock(here)
    with wired.store(here.id).write() as uow:
        identity = uow.people.identity(source, subject)
        listed = {one.standing for one in uow.people.roster(source) if one.subject == subject}
        only_pupil = RosterStanding.PUPIL in listed and RosterStanding.TEACHER not in listed
        if only_pupil if identity is None else identity.kind is PersonKind.STUDENT:
            raise click.ClickException("That id belongs to a pupil. Nothing was changed.")
        if identity is None:
            adult = Adult(
                id=AdultId(new_uuid7()), name=name, reads="en", came_as_staff=True, created_at=clock.now()
            )
            uow.people.add_adult(adult)
            identity = Identity(source=source, subject=subject, kind=PersonKind.ADULT, person_id=adult.id)
            uow.people.add_identity(identity)
        uow.people.add_appointment(
            Appointment(
                adult_id=AdultId(identity.person_id),
                role=SiteRole.RECORDS_OFFICER,
                starts_on=clock.today(),
                appointed_by=None,
                appointed_at=clock.now(),
            )
        )
    click.echo(f"{name} is a records officer of “{here.name}” from today.")
