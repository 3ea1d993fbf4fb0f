"""``iep hold``: keep a child's record, or every record of a school, from being destroyed."""

from __future__ import annotations

from uuid import UUID

import click

from iepcore.access import System
from iepcore.caseload import Desk, KeepingDesk
from iepcore.errors import InvalidValue, NotFound
from iepcore.ids import HoldId, StudentId
from iepcore.people import LegalHold
from lti_app.cli.place import site_here, wired_here

JOB = System(job="legal_hold")


@click.group()
def hold() -> None:
    """Legal holds. While one is in force, nothing it covers is erased: not by a command, not by age."""


@hold.command()
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
@click.option("--student", type=click.UUID, default=None, help="The child's id (default: the whole school).")
@click.option("--reason", required=True, help="One line: what asks for it. Shown to whoever tries to erase.")
def place(site_name: str | None, student: UUID | None, reason: str) -> None:
    """Place a hold on one child's record, or on every record of the school."""
    try:
        placed = _desk(site_name).hold(None if student is None else StudentId(student), reason=reason)
    except NotFound:
        raise click.ClickException("There is no such record here.") from None
    except InvalidValue:
        raise click.ClickException("--reason must be one line of 1 to 200 characters.") from None
    click.echo(f"{placed.id} is in force.")


@hold.command()
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
@click.argument("hold_id", type=click.UUID)
def lift(site_name: str | None, hold_id: UUID) -> None:
    """End a hold. What it covered can be erased from now on."""
    try:
        lifted = _desk(site_name).lift(HoldId(hold_id))
    except NotFound:
        raise click.ClickException("There is no such hold. List them with: iep hold list") from None
    click.echo(f"{lifted.id} was lifted.")


@hold.command(name="list")
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
def list_holds(site_name: str | None) -> None:
    """List every hold there ever was: what it covers, since when, by whom, why, and when it was lifted."""
    for one in _desk(site_name).holds():
        click.echo(line_of(one))


def line_of(one: LegalHold) -> str:
    """Return a hold in one line."""
    covers = "the whole school" if one.student_id is None else f"student {one.student_id}"
    by = one.placed_by or "the command line"
    lifted = f"  lifted {one.lifted_at:%Y-%m-%d}" if one.lifted_at else "  in force"
    return f"{one.id}  {covers}  since {one.placed_at:%Y-%m-%d} by {by}{lifted}  {one.reason}"


def _desk(site_name: str | None) -> KeepingDesk:
    wired = wired_here()
    site = site_here(wired, site_name)
    return KeepingDesk(Desk(store=wired.store(site.id), actor=JOB, clock=wired.site_clock(site)))
