"""``iep data``: take everything out, put it in again, and erase one child's record."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO
from uuid import UUID

import click

from iepcore.access import Action, AuditEvent, Resource, ResourceKind
from iepcore.caseload import Desk
from iepcore.caseload.whole_record import whole_record
from iepcore.errors import InvalidRows, InvalidValue
from iepcore.ids import StudentId
from iepcore.ports import UnitOfWork
from iepcore.schemas import export_lines, import_lines
from lti_app.cli.holds import line_of
from lti_app.cli.place import site_here, wired_here
from lti_app.doors.records import Site
from lti_app.wiring import Wired

PROGRESS_EVERY = 500


@click.group()
def data() -> None:
    """Records: export, import, erase. Exports hold children's data: keep them as safely as the database."""


@data.command(name="export")
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
@click.option("--student", type=click.UUID, default=None, help="Only this child's record.")
@click.option("--to", "target", type=click.Path(dir_okay=False), required=True, help="A new file, or - .")
def export_records(site_name: str | None, student: UUID | None, target: str) -> None:
    """Write every value as JSON lines; everything can be read back without loss."""
    wired = wired_here()
    site = site_here(wired, site_name)
    chosen = StudentId(student) if student is not None else None
    if chosen is not None:
        with wired.store(site.id).read() as uow:
            must_be_here(uow, chosen)
    file = sys.stdout if target == "-" else _new_file(target)
    try:
        desk = _note(wired, site, "export", student)
        with desk.store.read() as uow:
            values = uow.archive.values() if chosen is None else whole_record(uow, chosen)
            count = _write(export_lines(values, made_at=desk.clock.now()), file)
    except BaseException:
        if file is not sys.stdout:
            file.close()
            Path(target).unlink()  # half an export is none
        raise
    if file is not sys.stdout:
        file.close()
    click.echo(f"Wrote {count - 1} values.", err=True)


@data.command(name="import")
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_records(site_name: str | None, source: Path) -> None:
    """Read an export into an empty site. Every bad line is reported at once and nothing is written then."""
    wired = wired_here()
    site = site_here(wired, site_name)
    try:
        with source.open(encoding="utf-8") as file:
            values = import_lines(file)
    except InvalidRows as refused:
        for place, problem in refused.problems[:50]:
            click.echo(f"{place}: {problem.code}", err=True)
        more = len(refused.problems) - 50
        if more > 0:
            click.echo(f"… and {more} more.", err=True)
        raise click.ClickException("Nothing was written.") from None
    except InvalidValue as refused:
        raise click.ClickException(
            f"This is not an export of ours ({refused.code}). Nothing was written."
        ) from None
    except (UnicodeDecodeError, OSError):  # their words may quote the file
        raise click.ClickException("This file cannot be read as text. Nothing was written.") from None
    with wired.store(site.id).read() as uow:
        if any(not isinstance(value, AuditEvent) for value in uow.archive.values()):
            raise click.ClickException(
                f"“{site.name}” is not empty. Make a new one with: iep site create. Nothing was written."
            )
    desk = _note(wired, site, "import", None)
    with desk.store.write() as uow:
        count = uow.archive.restore(values)
    click.echo(f"Read {count} values into “{site.name}”.", err=True)


@data.command()
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
@click.option("--student", type=click.UUID, required=True, help="The child's id.")
@click.option("--yes", is_flag=True, help="Really erase. Without it the command only says what would go.")
def erase(site_name: str | None, student: UUID, yes: bool) -> None:
    """Erase one child's record for good. A legal hold refuses it; check that no record request is open."""
    wired = wired_here()
    site = site_here(wired, site_name)
    student_id = StudentId(student)
    store = wired.store(site.id)
    with store.read() as uow:
        must_be_here(uow, student_id)
        found = sum(1 for _ in uow.archive.values(student_id=student_id))
        holds = uow.keeping.holds_on(student_id)
    if holds:
        listed = "".join(f"\n  {line_of(one)}" for one in holds)
        raise click.ClickException(
            f"A legal hold keeps this record. Nothing was erased. Lift it first: iep hold lift{listed}"
        )
    if not yes:
        click.echo(
            f"{found} values would be erased. Export them first if they may be needed; then add --yes."
        )
        return
    desk = _note(wired, site, "erase", student)
    with desk.store.write() as uow:
        gone = uow.archive.erase_student(student_id)
    for kind, count in sorted(gone.items()):
        click.echo(f"{count:6d}  {kind}")


def must_be_here(uow: UnitOfWork, student_id: StudentId) -> None:
    """Refuse a command about a child who is not of this site.

    Raises:
        ClickException: with that and nothing else.
    """
    if uow.people.student(student_id) is None:
        raise click.ClickException("There is no such record here.")


def _new_file(target: str) -> TextIO:
    """Make a file that was not there, readable by its owner only from its first byte."""
    try:
        return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
    except FileExistsError:
        raise click.ClickException(f"{target} exists. Choose a new name.") from None
    except OSError as wrong:
        raise click.ClickException(f"{target} cannot be made: {wrong.strerror}.") from None


def _write(lines: Iterator[str], file: TextIO) -> int:
    """Write the lines and show how far it is on a terminal."""
    count = 0
    for line in lines:
        file.write(line)
        count += 1
        if count % PROGRESS_EVERY == 0 and sys.stderr.isatty():
            click.echo(f"\r{count} …", nl=False, err=True)
    return count


def _note(wired: Wired, site: Site, job: str, student: UUID | None) -> Desk:
    """Write the command into the trail before it runs, and return its desk."""
    desk = wired.job(site, job).desk
    with desk.changing() as change:
        resource = Resource(
            kind=ResourceKind.STUDENT, student_id=StudentId(student) if student is not None else None
        )
        change.permit(Action.WRITE, resource, what=f"data_{job}")
    return desk
