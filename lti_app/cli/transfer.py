"""``iep transfer``: one child's record out to another school, and a record that came from one in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from iepcore.access import Action, Disclosure, DisclosureBasis, Resource, ResourceKind
from iepcore.caseload import Desk, TransferPreview
from iepcore.caseload.whole_record import whole_record
from iepcore.errors import IepError, IllegalMove, InvalidRows, InvalidValue, NotFound
from iepcore.ids import AdultId, DisclosureId, StudentId, new_uuid7
from iepcore.language import LANGUAGES
from iepcore.people import ArrivingRecord
from iepcore.schemas import arriving_record, export_lines
from lti_app.cli.place import site_here, wired_here
from lti_app.cli.records import must_be_here
from lti_app.transfer import TransferBroken, read_transfer, record_page, write_transfer

_TOLD = {
    "not_a_transfer": "This is not a transfer file of ours.",
    "transfer_version": "This file was made by another version of the tool. Update, then try again.",
    "transfer_broken": "The file is not as the other school made it: a part does not match its list.",
    "transfer_too_big": "A part of this file is larger than any record.",
    "not_an_export": "The record in this file cannot be read.",
    "export_version": "The record was written by another version of the tool. Update, then try again.",
    "transfer_one_child": "The file does not hold the record of exactly one child.",
    "transfer_from_here": "This record lives at this school already.",
    "plan_not_yet": "--on is a day to come. Services are in force from a day that has come.",
}


@click.group()
def transfer() -> None:
    """One child's record from school to school, as one file. Carry it as you carry a pupil's file."""


@transfer.command(name="export")
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
@click.option("--student", type=click.UUID, required=True, help="The child's id.")
@click.option(
    "--to", "target", type=click.Path(dir_okay=False, path_type=Path), required=True, help="A new file."
)
@click.option(
    "--party", required=True, help="Who gets it: the receiving school. Kept in the record of access."
)
@click.option("--lang", default="en", help="Language of the page to read (default: en).")
def export_record(site_name: str | None, student: UUID, target: Path, party: str, lang: str) -> None:
    """Write one child's whole record, for machines and for people, and note who got it (34 CFR 99.32)."""
    wired = wired_here()
    site = site_here(wired, site_name)
    student_id = StudentId(student)
    if lang not in {one.tag for one in LANGUAGES}:
        raise click.ClickException("--lang must be a language the tool knows, such as en or es.")
    if target.exists():
        raise click.ClickException(f"{target} exists. Choose a new name.")
    desk = wired.job(site, "export").desk
    with desk.store.read() as uow:
        must_be_here(uow, student_id)
    _note(desk, student_id, party)
    with desk.store.read() as uow:
        values = list(whole_record(uow, student_id))
    now = desk.clock.now()
    page = record_page(values, lang=lang, zone=ZoneInfo(site.zone), made_at=now, school=site.name)
    lines = export_lines(values, made_at=now)
    count = write_transfer(target, lines, {"record.html": page}, made_at=now.isoformat())
    click.echo(
        f"Wrote {count - 1} values and a page to read. The record of access names who got it.", err=True
    )


@transfer.command(name="import")
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
@click.option(
    "--case-manager", "manager", type=click.UUID, required=True, help="Id of the adult (iep person list)."
)
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), default=None, help="First day here (default: today)."
)
@click.option(
    "--confirm", is_flag=True, help="Keep it. Without this the command only says what would be kept."
)
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_record(site_name: str | None, manager: UUID, day: object, confirm: bool, source: Path) -> None:
    """Look at a record that came from another school; with --confirm, keep it.

    The plan that came is in force as comparable services from the first day (34 CFR 300.323(e), (f)). No
    right travels: confirm people on the page of the child. The same file again changes nothing.
    """
    wired = wired_here()
    site = site_here(wired, site_name)
    caseload = wired.job(site, "import")
    on = day.date() if hasattr(day, "date") else caseload.desk.clock.today()
    assert isinstance(on, date)
    try:
        record = arriving_record(read_transfer(source), site_id=site.id)
        preview = caseload.transfers.look(record)
        _show(preview)
        if not confirm:
            click.echo("Nothing was written. Add --confirm to keep it.")
            return
        caseload.transfers.receive(record, on=on, case_manager_id=AdultId(manager))
    except InvalidRows as refused:
        for place, problem in refused.problems[:50]:
            click.echo(f"{place}: {problem.code}", err=True)
        more = len(refused.problems) - 50
        if more > 0:
            click.echo(f"… and {more} more.", err=True)
        raise click.ClickException("Nothing was written.") from None
    except NotFound:
        raise click.ClickException("There is no adult with that id here. Nothing was written.") from None
    except (TransferBroken, InvalidValue, IllegalMove) as refused:
        code = refused.code if isinstance(refused, IepError) else str(refused.args[0])
        raise click.ClickException(f"{_TOLD.get(code, code)} Nothing was written.") from None
    click.echo(f"Kept: {record.student.id}")


def _note(desk: Desk, student_id: StudentId, party: str) -> None:
    """Write down who gets the record, before anything is read of it."""
    with desk.changing() as change:
        resource = Resource(kind=ResourceKind.STUDENT, student_id=student_id)
        change.permit(Action.WRITE, resource, what="data_transfer")
        try:
            line = Disclosure(
                id=DisclosureId(new_uuid7()),
                student_id=student_id,
                on=desk.clock.today(),
                party=party.strip(),
                what="The whole record, as a transfer file",
                why="The child enrols there",
                basis=DisclosureBasis.TRANSFER,
                noted_at=desk.clock.now(),
            )
        except InvalidValue:
            raise click.ClickException("--party must be one line of at most 200 characters.") from None
        change.uow.disclosures.add(line)


def _show(preview: TransferPreview) -> None:
    """Say what the file holds; names of the family stay in the file."""
    record: ArrivingRecord = preview.record
    click.echo(f"{len(record.values)} values, {preview.new} of them new here.")
    for kind, count in sorted(preview.counts.items()):
        click.echo(f"{count:6d}  {kind}")
    if record.stays:
        stays = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in sorted(record.stays.items()))
        click.echo(f"Stays at the other school: {stays}.")
    click.echo(f"{len(record.told)} adults to look into: no right travels with a record.")
    if preview.plan is None:
        click.echo("No plan is in force in it.")
